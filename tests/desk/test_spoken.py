"""What is put to the comparison: coded texts in the line's language, fixed names by any of their spellings."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.base.dialplan_messages import Locked
from bridge.desk.scene import LegScene, Utterance
from bridge.desk.spoken import compare_spoken, to_say
from bridge.relay.agreed import NOTHING, Agreed
from bridge.relay.giving_events import Match, Part
from bridge.relay.ranks import TABLES
from tests.relay.relay_samples import message
from tests.relay.test_coded import LIST, coded

pytestmark = pytest.mark.pure

BLUE = Locked(id="blue", kind="object", en=["Ocean Blue", "the Blue"], ar=["أوشن بلو"], fa=["اوشن بلو"])
STAR = Locked(id="star", kind="object", en=["Green Star"], ar=["غرين ستار"], fa=["گرین استار"])
GULF = Locked(id="gulf", kind="code", en=["GULF"], ar=["غلف", "جلف"], fa=["گلف"])
AGREED = Agreed(LIST, TABLES, (BLUE, STAR, GULF))
PERSIAN = "گلف یک دو توقف و گزارش از شما می\u200cخواهیم هر حرکتی را متوقف و موقعیت خود را گزارش کنید"


def leg(*heard: str, language: str = "en", checked: str | None = None) -> LegScene:
    made = LegScene("ir-1/operator-1", "ir-1", "operator", language=language, t0_ns=1)
    for number, text in enumerate(heard, 1):
        made.finals[number] = Utterance(8000 * number, 8000 * number + 4000, text, "moonshine", checked)
    return made


def match(text: str, heard: LegScene, part: Part = Part.RELAY, agreed: Agreed = AGREED, complete: bool = True) -> Match:
    return compare_spoken(message(text=text), part, heard, 0, complete=complete, agreed=agreed).event.match


@pytest.mark.parametrize(
    ("part", "language", "heard", "found"),
    [
        (Part.RELAY, "fa", PERSIAN, Match.EQUIVALENT),
        (Part.RELAY, "fa", PERSIAN.replace("یک دو", "یک سه"), Match.ALTERED),
        (Part.RELAY, "fa", "گلف یک دو توقف و گزارش", Match.ALTERED),
        (Part.READ_BACK, "fa", "گلف یک دو توقف و گزارش", Match.EQUIVALENT),
        (Part.READ_BACK, "fa", "گلف یک سه توقف و گزارش", Match.ALTERED),
        (Part.READ_BACK, "ar", "جلف واحد اثنان قف وأبلغ", Match.EQUIVALENT),
        (Part.READ_BACK, "en", "gulf one two stop and report", Match.EQUIVALENT),
        (Part.READ_BACK, "en", "gulf twelve stop and report", Match.EQUIVALENT),
        (Part.READ_BACK, "en", "gulf one two line test", Match.ALTERED),
    ],
)
def test_coded(part: Part, language: str, heard: str, found: Match) -> None:
    """The relay says code, number, title and text in the line's language; number and title come back."""
    spoken = compare_spoken(coded(), part, leg(heard, language=language), 0, complete=True, agreed=AGREED)
    assert spoken.event.match is found
    assert spoken.event.sha256 == coded().digest().hex()


def test_what_is_not_as_agreed_is_compared_as_sealed() -> None:
    """Another text under the number, no list, or a line in a language without a wording."""
    altered = dataclasses.replace(coded(), text="We ask you to stop.")
    for one, agreed, language in ((altered, AGREED, "fa"), (coded(), NOTHING, "fa"), (coded(), AGREED, "de")):
        assert to_say(one, Part.RELAY, language, agreed) == (one.text, "en")


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        ("the tanker ocean blue has stopped", Match.VERBATIM),
        ("the tanker the blue has stopped", Match.EQUIVALENT),
        ("the tanker green star has stopped", Match.ALTERED),
    ],
)
@pytest.mark.parametrize("checked", [False, True])
def test_a_fixed_name_in_one_language(heard: str, found: Match, checked: bool) -> None:
    """Any agreed spelling is the name, by one recogniser or by two; another name is none."""
    said = leg(heard, checked=heard if checked else None)
    assert match("The tanker Ocean Blue has stopped.", said) is found


@pytest.mark.parametrize(
    ("heard", "complete", "found"),
    [
        ("نفتکش اوشن بلو توقف کرده است", True, Match.EQUIVALENT),
        ("نفتکش توقف کرده است", True, Match.CHECK),
        ("نفتکش توقف کرده است", False, Match.EQUIVALENT),
        ("نفتکش گرین استار توقف کرده است", True, Match.ALTERED),
    ],
)
def test_a_fixed_name_across_languages(heard: str, complete: bool, found: Match) -> None:
    """Not heard: a person listens; another fixed one in its place: altered; while it is said it may still come."""
    said = leg(heard, language="fa")
    assert match("The tanker Ocean Blue has stopped.", said, complete=complete) is found


def test_a_name_that_was_missed_is_shown() -> None:
    """The finding says which name, and where it stands in the sealed text."""
    said = leg("نفتکش توقف کرده است", language="fa")
    spoken = compare_spoken(
        message(text="The tanker Ocean Blue has stopped."), Part.RELAY, said, 0, complete=True, agreed=AGREED
    )
    (finding,) = spoken.findings
    assert (finding.kind, finding.sealed, finding.sealed_span, spoken.event.findings) == (
        "name",
        "Ocean Blue",
        (2, 4),
        1,
    )
