"""A message's life read from its entries: steps, who had it when, verdicts, and every entry in words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import utc_text
from bridge.base.terms import Outcome as CallOutcome
from bridge.base.wire import Entry, Value
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.chronicle import Chronicle, chronicles
from bridge.relay.commands import Command
from bridge.relay.events import Event
from bridge.relay.giving_events import Match, Part
from bridge.relay.records import KINDS, Record, kind_of, plain, to_fields
from bridge.relay.returns import Outcome
from bridge.relay.taking_states import State as TakingState
from bridge.relay.telling import COMMANDS, SENTENCES, clean, shown, tell
from tests.relay import giving_samples, taking_samples
from tests.relay.relay_samples import MINUTE, NOON
from tests.relay.test_replay import ALL_EVENTS

pytestmark = pytest.mark.pure

GIVEN = "giving/US-0007"
TAKEN = "taking/1"
ACT: Value = {"id": "A-1", "person": "op-b", "role": "operator", "console": "B"}


def record(subject: str, events: Sequence[Event]) -> list[Entry]:
    """One event a minute, each act signed."""
    made = []
    for number, event in enumerate(events, 1):
        at = NOON + number * MINUTE
        one = Record(subject, at, event)
        data = to_fields(one) | ({"act": ACT} if isinstance(event, ev.Act) else {})
        made.append(Entry(number, utc_text(at), number, "synchronised", kind_of(one), data))
    return made


def minute(number: int) -> str:
    return utc_text(NOON + number * MINUTE)


def only(entries: list[Entry]) -> Chronicle:
    (found,) = chronicles(entries)
    return found


def test_a_whole_giving() -> None:
    """Each state with its time; giving, acknowledging, replying in turn; what was found, by whose ear."""
    one = only(record(GIVEN, giving_samples.WAY))
    assert (one.serial, one.half, one.precedence, one.state, one.outcome) == (
        "US-0007",
        "giving",
        "FLASH",
        "closed",
        "ACKNOWLEDGED",
    )
    assert (one.heard_by, one.acknowledged_by, one.answered_under, one.reply) == (
        "A. Rad",
        "B. Karimi",
        "General Staff",
        "GIVEN",
    )
    assert [step.state for step in one.steps] == [
        *("ready", "calling", "answered", "relaying", "said", "reading-back", "receipted", "acknowledged", "closed")
    ]
    assert (one.steps[0].utc, one.steps[-1].utc) == (minute(1), minute(len(giving_samples.WAY)))
    assert [(held.hop, held.since_utc, held.until_utc) for held in one.tracer] == [
        ("giving", minute(1), minute(15)),
        ("acknowledging", minute(15), minute(17)),
        ("replying", minute(17), minute(19)),
    ]
    assert [(v.part, v.match, v.judged_by) for v in one.verdicts] == [
        ("relay", "check", "op-b"),
        ("read-back", "equivalent", ""),
    ]


def test_a_whole_taking() -> None:
    """Taking, carrying, returning, telling; before the seal it has no serial."""
    events = [*taking_samples.ROADS[TakingState.RETURNED], ev.Filed("op-a")]
    one = only(record(TAKEN, events))
    assert (one.serial, one.kind, one.from_side, one.to_side, one.outcome) == (
        "US-0001",
        "STATEMENT",
        "us",
        "ir",
        "REFUSED",
    )
    assert [held.hop for held in one.tracer] == ["taking", "carrying", "returning", "telling"]
    assert all(held.until_utc for held in one.tracer)
    draft = only(record(TAKEN, events[:3]))
    assert (draft.serial, draft.state, draft.precedence, draft.outcome) == ("", "hearing", "PRIORITY", "OPEN")
    assert draft.tracer[-1].until_utc == ""


def test_told_of_a_receipt_it_waits_again() -> None:
    """A return slip that closes nothing: told, then back to waiting for the next."""
    events = [*taking_samples.ROADS[TakingState.CARRIED], ev.ReturnTaken(taking_samples.RECEIPT, "op-a")]
    assert only(record(TAKEN, events)).tracer[-1].hop == "telling"
    assert only(record(TAKEN, [*events, ev.OriginatorTold("op-a")])).tracer[-1].hop == "returning"


def test_deadlines_that_passed_are_counted() -> None:
    """By the hop in which they passed."""
    late = record(GIVEN, giving_samples.WAY[:1])
    for number in (2, 3):
        passed = Record(GIVEN, NOON + number * 20 * MINUTE, ev.DeadlinePassed())
        late.append(Entry(number, utc_text(passed.at), number, "unknown", kind_of(passed), to_fields(passed)))
    (held,) = only(late).tracer
    assert (held.hop, held.passed, held.until_utc) == ("giving", 2, "")


def test_a_talk_that_ends_takes_no_verdict_back_after_the_receipt() -> None:
    """Before the receipt all of it is said again; after it the comparison stays on the record."""
    hung_up = gv.CallEnded(CallOutcome.ANSWERED)
    way = giving_samples.WAY
    assert len(only(record(GIVEN, [*way[:15], hung_up])).verdicts) == 2
    assert only(record(GIVEN, [*way[:10], hung_up])).verdicts == []
    refused = [*way[:10], ev.Ended(Outcome.REFUSED, "", "op-b")]
    assert [one.match for one in only(record(GIVEN, refused)).verdicts] == ["check"]


def test_other_entries_are_passed_over() -> None:
    """A record without messages has none; those of other kinds change nothing."""
    other = Entry(1, minute(0), 1, "unknown", "CommandIssued", {"subject": GIVEN})
    assert chronicles([other]) == []
    assert only([other, *record(GIVEN, giving_samples.WAY[:1])]).state == "ready"


def test_every_event_and_command_has_its_words() -> None:
    """And every field that its sentence names is one of its own."""
    assert set(SENTENCES) == set(KINDS)
    assert set(COMMANDS) == {kind.__name__ for kind in Command.__subclasses__()}
    for name, kind in KINDS.items():
        assert set(re.findall(r"{(\w+)}", SENTENCES[name])) <= {field.name for field in dataclasses.fields(kind)}
    for command in Command.__subclasses__():
        named = set(re.findall(r"{(\w+)}", COMMANDS[command.__name__]))
        assert named <= {field.name for field in dataclasses.fields(command)}


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: type(event).__name__)
def test_each_event_in_words(event: Event) -> None:
    """One line, without the program's own names for things."""
    (told,) = tell(record(TAKEN, [event]), TAKEN)
    assert told.utc == minute(1)
    assert told.who == ("op-b (B)" if isinstance(event, ev.Act) else getattr(event, "by", "") or "machine")
    assert told.what and "\n" not in told.what and not re.search(r"\w+\(\w+=|<\w|\{|\[\]", told.what)


def test_a_message_in_words() -> None:
    """Every entry of it, commands and differences among them, and none of another's."""
    issued: dict[str, Value] = {"command": "CallTier", "fields": {"tier": 1, "contacts": ["watch", "deputy"]}}
    found: dict[str, Value] = {"part": "relay", "findings": [{"kind": "number", "sealed": "9", "heard": "nineteen"}]}
    entries = [
        *record(GIVEN, giving_samples.WAY[:1]),
        Entry(2, minute(2), 2, "unknown", "CommandIssued", {"subject": GIVEN, **issued}),
        Entry(3, minute(3), 3, "unknown", "DifferencesFound", {"subject": GIVEN, **found}),
        Entry(4, minute(4), 4, "unknown", "CommandIssued", {"subject": "giving/US-0008", **issued}),
        Entry(5, minute(5), 5, "unknown", "CommandIssued", {"subject": GIVEN, "command": "Unheard", "fields": None}),
        Entry(6, minute(6), 6, "unknown", "Played", {"subject": GIVEN, "leg": "ir-1/side-1"}),
    ]
    assert [(one.who, one.what) for one in tell(entries, GIVEN)] == [
        ("op-b (B)", "takes the slip of US-0007; ladder watch (tier 1), deputy (tier 1), director (tier 2)"),
        ("machine", "line asked to call tier 1: watch; deputy"),
        ("machine", "differences in the relay: kind number, sealed 9, heard nineteen"),
        ("machine", "Unheard"),
        ("machine", "Played: leg ir-1/side-1"),
    ]


def test_values_in_words() -> None:
    """What nobody said is a dash, a list of nothing is none, a yes is a yes."""
    assert [shown(one) for one in (None, "", True, False, (), 7, Match.CHECK)] == [
        *("-", "-", "yes", "no", "none", "7", "check")
    ]
    assert shown((Part.RELAY, Part.READ_BACK)) == "relay, read-back"
    assert plain(Match.CHECK) == "check"


@given(st.text())
def test_nothing_that_a_terminal_obeys(text: str) -> None:
    """Controls, escapes and direction marks are shown as such; letters of every language stay."""
    assert all(sign.isprintable() or sign == "\u200c" for sign in clean(text))
    assert clean("از می\u200cخواهیم قف 9") == "از می\u200cخواهیم قف 9"
    assert clean("\x1b[2J\u202e") == "<U+001B>[2J<U+202E>"
