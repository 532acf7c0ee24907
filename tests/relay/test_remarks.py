"""What is shown beside a message: positions measured, jumps, parity, coded texts, fixed words."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bridge.base.dialplan_messages import Locked, Names
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.agreed import NOTHING, Agreed, Reference
from bridge.relay.message import Kind, Message, utc_s
from bridge.relay.positions import parse_position
from bridge.relay.ranks import TABLES
from bridge.relay.records import Record
from bridge.relay.remarks import remarks, with_warnings
from bridge.relay.replay import Relay, giving_subject
from bridge.relay.returns import Outcome
from bridge.relay.serials import Serial
from tests.relay.giving_samples import FAR, LADDER
from tests.relay.relay_samples import MINUTE, NOON, message, opened
from tests.relay.test_coded import LIST, STOP

pytestmark = pytest.mark.pure

POINT = Reference(Names(en="Point A", ar="النقطة أ", fa="نقطه الف"), parse_position("25-34.5N 056-12.3E"))
BLUE = Locked(id="blue", kind="object", en=["Ocean Blue"], ar=["أوشن بلو"], fa=["اوشن بلو"])
GULF = Locked(id="gulf", kind="code", en=["GULF"], ar=["غلف"], fa=["گلف"])
AGREED = Agreed(LIST, TABLES, (BLUE, GULF), POINT)
HERE = "The tanker Ocean Blue is at 25-34.5N 056-12.3E."
FAR_OFF = "The tanker Ocean Blue is at 25-40.5N 056-12.3E, that is 25.6750N 056.2050E."


def numbered(number: int, text: str, dtg: str = "231200Z NOV 26", **changes: Any) -> Message:
    return dataclasses.replace(message(text=text), serial=Serial("us", number), dtg=dtg, **changes)


def station(*messages: Message) -> Relay:
    relay = Relay("ir")
    for one in messages:
        relay.handle(Record(giving_subject(one.serial), NOON, gv.SlipAccepted(one, LADDER, "op-b")))
    return relay


def shown(relay: Relay, agreed: Agreed = AGREED, language: str = "en") -> dict[str, list[dict[str, Any]]]:
    return remarks(relay, agreed, language)


def test_a_position_is_measured_from_the_agreed_point() -> None:
    """Distance, its error and bearing; one form only is asked about; two forms say whether they agree."""
    warned = shown(station(numbered(1, HERE), numbered(2, "At 25-40.5N 056-12.3E, that is 25.6750N 056.2050E.")))
    (one,), (two,) = warned["giving/US-0001"], warned["giving/US-0002"]
    assert (one["kind"], one["name"], one["forms"], one["distance_m"]) == (
        "position",
        "Ocean Blue",
        ["25-34.5N 056-12.3E"],
        0,
    )
    assert one["agrees"] is None and "another form" in one["reason"]
    assert one["reference"] == {"en": "Point A", "ar": "النقطة أ", "fa": "نقطه الف"}
    assert (two["agrees"], two["bearing_deg"], two["name"]) == (True, 0, "")
    assert abs(two["distance_m"] - 11_119) <= 2 and two["error_m"] == 67


def test_without_an_agreed_point_nothing_is_measured() -> None:
    """The position is still shown, and what cannot be read says why."""
    warned = shown(station(numbered(1, HERE), numbered(2, "At 25-64.5N 056-12.3E.")), NOTHING)
    assert "distance_m" not in warned["giving/US-0001"][0]
    assert "out of range" in warned["giving/US-0002"][0]["problem"]


def test_an_object_that_jumps() -> None:
    """Eleven kilometres in an hour from its last report: asked about, with the speed that would explain it."""
    relay = station(numbered(2, FAR_OFF, "231300Z NOV 26"), numbered(1, HERE))
    warned = shown(relay)
    assert [one["kind"] for one in warned["giving/US-0001"]] == ["position"]
    jump = warned["giving/US-0002"][-1]
    assert (jump["kind"], jump["name"], jump["since_s"], jump["knots"]) == ("jump", "Ocean Blue", 3600, 6)
    assert abs(jump["apart_m"] - 11_119) <= 2
    wide = dataclasses.replace(AGREED, jump_m=12_000)
    assert [one["kind"] for one in shown(relay, wide)["giving/US-0002"]] == ["position"]


def test_a_corrected_report_counts_no_longer() -> None:
    """What a correction takes back is no last report."""
    first = numbered(1, HERE)
    second = numbered(2, FAR_OFF, "231300Z NOV 26", kind=Kind.CORRECTION, cites=first.serial)
    assert all(one["kind"] == "position" for rows in shown(station(first, second)).values() for one in rows)


def test_a_draft_is_looked_at_before_it_is_sealed() -> None:
    """Distance and jump are shown while it is written, and not of drafts that were replaced."""
    relay = station(dataclasses.replace(numbered(1, HERE), to_side="ir"))
    relay.side = "us"
    relay.handle(Record("taking/1", NOON, opened()))
    relay.handle(Record("taking/1", NOON, ev.Edited(HERE, "op-a")))
    assert [one["kind"] for one in shown(relay)["taking/1"]] == ["position"]
    relay.handle(Record("taking/1", NOON + 60 * MINUTE, ev.Edited(FAR_OFF, "op-a")))
    assert [one["kind"] for one in shown(relay)["taking/1"]] == ["position", "jump"]
    relay.handle(Record("taking/1", NOON + 60 * MINUTE, ev.Edited("No position.", "op-a")))
    assert "taking/1" not in shown(relay)


def test_parity_is_shown_while_somebody_is_on_the_line() -> None:
    """Another tier warns and offers the ladder; the same standing says nothing; FLASH is said all the same."""
    relay = station(numbered(1, "No position."))
    subject = "giving/US-0001"
    for event in (gv.CallStarted(1), gv.CallAnswered("director", FAR), gv.PrincipalAsked("op-b")):
        relay.handle(Record(subject, NOON, event))
    (warned,) = shown(relay)[subject]
    assert warned == {"kind": "parity", "judgement": "warn", "reason": "tier 1 and tier 2", "offers_ladder": True}
    relay.handle(Record(subject, NOON, ev.ReleaseGiven("op-a")))
    relay.handle(Record(subject, NOON, gv.RelayStarted("op-b")))
    other = station(numbered(1, "No position."))
    for event in (gv.CallStarted(1), gv.CallAnswered("watch", FAR)):
        other.handle(Record(subject, NOON, event))
    assert shown(other) == {}


def test_a_coded_text_in_the_lines_language() -> None:
    """What is said and read back; a text that is not the agreed one says so, and is carried all the same."""
    text = STOP.wording("en").text
    (warned,) = shown(station(numbered(1, text, coded="GULF 12")), language="fa")["giving/US-0001"]
    assert warned["say"].startswith("GULF 1 2, توقف و گزارش. ") and warned["read_back"] == "GULF 1 2, توقف و گزارش"
    (other,) = shown(station(numbered(1, "Stop.", coded="GULF 12")), language="fa")["giving/US-0001"]
    assert "does not say what was agreed" in other["problem"]


def test_fixed_words_are_said_as_agreed() -> None:
    """Across languages only, and not once all is over; names of lists are no words to be said."""
    relay = station(numbered(1, "The tanker Ocean Blue left the Gulf."))
    assert shown(relay) == {}
    assert shown(relay, language="fa")["giving/US-0001"] == [
        {"kind": "say-as", "sealed": "Ocean Blue", "say": "اوشن بلو"}
    ]
    relay.handle(Record("giving/US-0001", NOON, ev.Ended(Outcome.EXPIRED, "", "op-b")))
    assert shown(relay, language="fa") == {}


def test_warnings_stand_beside_the_state() -> None:
    """Every message has a list, most often an empty one; what is kept of the message is not touched."""
    relay = station(numbered(1, HERE), numbered(2, "No position."))
    machines: dict[str, Any] = with_warnings(relay, AGREED, "en")["machines"]  # type: ignore[assignment]
    assert [len(machines[f"giving/US-000{number}"]["warnings"]) for number in (1, 2)] == [1, 0]
    kept: dict[str, Any] = relay.snapshot()["machines"]  # type: ignore[assignment]
    assert all("warnings" not in one for one in kept.values())


@pytest.mark.parametrize(
    ("dtg", "seconds"),
    [("010000Z JAN 00", 946_684_800), ("231200Z NOV 26", 1_795_435_200), ("310000Z FEB 26", 1_772_496_000)],
)
def test_times_of_date_time_groups(dtg: str, seconds: int) -> None:
    """A day that no month has, which the form allows, is no error."""
    assert utc_s(dtg) == seconds
