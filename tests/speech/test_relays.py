"""The spoken bench: what it says and alters, what it counts, and two relays through its whole offline chain."""

from __future__ import annotations

import random
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.spoken.figures import Outcome, failed_limits, report
from bench.spoken.hear import Ears, Heard
from bench.spoken.judge import HEARINGS, Verdict, judge
from bench.spoken.messages import KINDS, alterations, load
from bench.spoken.relays import SPLITS, Relay, relays
from bench.spoken.wording import STYLES
from bridge.relay.giving_events import Match

VOICES = Path(__file__).parents[2] / "bridge" / "drill" / "voices"
CALLED = "Exercise, I have received your message. Our boats will stay 5 miles away."


@pytest.mark.pure
def test_there_is_enough_of_everything() -> None:
    """60 texts of 12 to 35 words, 300 relays, half of them altered, every kind in both parts; a third is kept."""
    texts = {split: [message.text for message in load(split)] for split in SPLITS}
    assert len({*texts["dev"], *texts["held"]}) >= 60
    assert 2 * len(texts["held"]) >= len(texts["dev"])
    assert all(12 <= len(text.split()) <= 35 for of_split in texts.values() for text in of_split)
    made = relays()
    assert len(made) >= 300 and len({relay.id for relay in made}) == len(made)
    for split in SPLITS:
        of_split = [relay for relay in made if relay.split == split]
        labels = Counter(relay.label for relay in of_split)
        assert labels["altered"] == labels["faithful"]
        assert {relay.kind for relay in of_split if relay.label == "altered"} == set(KINDS)
        assert {relay.kind for relay in of_split if relay.label == "faithful"} == set(STYLES)
    assert relays() == made


@pytest.mark.pure
def test_an_alteration_alters() -> None:
    """Every alteration makes another text; only clauses change its length by much."""
    for split in SPLITS:
        for message in load(split):
            for one in alterations(message, random.Random(1)):
                assert one.text != message.text, (message.id, one)
                assert one.text and "  " not in one.text, (message.id, one)


@pytest.mark.pure
def test_a_missed_limit_is_said() -> None:
    """One miss or two false alarms in twenty are too many; checks are not counted against a limit."""
    outcomes = [_outcome(number, "altered", Match.CHECK) for number in range(20)]
    outcomes += [_outcome(number, "faithful", Match.EQUIVALENT) for number in range(20)]
    assert failed_limits(outcomes) == []
    missed = [*outcomes[1:], _outcome(0, "altered", Match.VERBATIM)]
    assert failed_limits(missed) == ["1 of 20 alterations missed, limit 2 %"]
    raised = [*outcomes[:-2], *(_outcome(number, "faithful", Match.ALTERED) for number in range(2))]
    assert failed_limits(raised) == ["2 of 20 faithful called altered, limit 5 %"]
    slow = [*outcomes[1:], _outcome(0, "altered", Match.CHECK, seconds=1.0)]
    assert failed_limits(slow) == ["100 ms a word for one comparison, limit 50"]
    assert "sealed: one two three four five six seven eight nine ten" in "\n".join(report(missed))


def _outcome(number: int, label: str, match: Match, seconds: float = 0.0) -> Outcome:
    text = "one two three four five six seven eight nine ten"
    relay = Relay(f"x-{label}-{number}", "dev", text, text, text, "joe", label, "plain", "plain", "")
    heard = Heard((("Final", {"text": text}),))
    return Outcome(relay, heard, dict.fromkeys(HEARINGS, Verdict(match, (), seconds)))


@pytest.mark.skipif(find_spec("faster_whisper") is None, reason='the extra "check" is not installed')
def test_two_relays_offline(tmp_path: Path) -> None:
    """A faithful and an altered relay by voice: G.711, endpointer, both recognisers, the desk's comparison."""
    ears = Ears(tmp_path)
    heard = ears.hear(VOICES / "called-1.wav")
    assert {kind for kind, _ in heard.entries} == {"Final", "Checked"}
    faithful = judge(CALLED, heard)
    assert faithful.match in (Match.VERBATIM, Match.EQUIVALENT), (faithful.findings, heard)
    for sealed, kind in ((CALLED.replace("5", "9"), "number"), (CALLED.replace("miles", "kilometres"), "unit")):
        altered = judge(sealed, heard)
        assert altered.match in (Match.ALTERED, Match.CHECK)
        assert kind in {found.kind for found in altered.findings}
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 1
    assert Ears(tmp_path).hear(VOICES / "called-1.wav") == heard
    assert sorted(tmp_path.iterdir()) == kept
