"""What an act leaves to the parties' lists, and what holds a coded message to its list."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from bridge.desk.acts import Act, ActError, parse
from bridge.desk.items import coded_items, items
from bridge.desk.lists import check_coded, filled
from bridge.relay import events as ev
from bridge.relay.agreed import NOTHING, Agreed
from bridge.relay.events import Event, HeaderField
from bridge.relay.ranks import TABLES
from bridge.relay.records import Record
from tests.relay.giving_samples import giving
from tests.relay.relay_samples import NOON, opened
from tests.relay.taking_samples import taking
from tests.relay.test_coded import LIST, STOP, coded

pytestmark = pytest.mark.pure

AGREED = Agreed(LIST, TABLES)


def act(name: str, **fields: Any) -> Act:
    who = {"id": "A-1", "person": "op-a", "role": "operator", "console": "A"}
    return parse(json.dumps({**who, "act": name, "subject": "taking/1", "fields": fields}).encode())


@pytest.mark.parametrize(
    ("title", "code"), [("Colonel", "OF-5"), ("سرهنگ", "OF-5"), ("OF-7", "OF-7"), ("NOT STATED", "NOT STATED")]
)
def test_a_title_becomes_its_code(title: str, code: str) -> None:
    """By the tables that both signed; a code stays, and so does what nobody stated."""
    found = filled(act("HeaderStated", field="rank", value=title), AGREED, None)
    assert found.fields == {"field": "rank", "value": code}


@pytest.mark.parametrize(
    ("title", "text"),
    [("Sultan", "stands in no table of ranks"), ("سرتیپ", "is OF-7 by ir-by-ordinal, OF-6 by ir-by-title")],
)
def test_a_title_that_means_no_code_or_two(title: str, text: str) -> None:
    """Nothing is chosen for the originator: he states the code."""
    with pytest.raises(ActError, match=text) as caught:
        filled(act("HeaderStated", field="rank", value=title), AGREED, None)
    assert caught.value.code == "rank"


def test_one_table_in_force_is_one_code() -> None:
    """Where the dialplan signs one table, its title means one code."""
    one = Agreed(LIST, {"ir": TABLES["ir-by-title"]})
    assert filled(act("HeaderStated", field="rank", value="سرتیپ"), one, None).fields["value"] == "OF-6"


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_a_coded_draft_is_the_agreed_text(language: str) -> None:
    """In the language in which the statement was opened."""
    made = taking(dataclasses.replace(opened(), language=language))
    found = filled(act("Edited", coded="GULF 12"), AGREED, made)
    assert found.fields == {"text": STOP.wording(language).text}


@pytest.mark.parametrize(
    ("name", "fields"), [("Edited", {"coded": "GULF 99"}), ("HeaderStated", {"field": "coded", "value": "GULF 99"})]
)
def test_a_number_that_was_not_agreed(name: str, fields: dict[str, str]) -> None:
    """Refused at once, not when it is sealed."""
    with pytest.raises(ActError) as caught:
        filled(act(name, **fields), AGREED, None)
    assert caught.value.code == "coded"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Edited", {"text": "a"}),
        ("Edited", {"coded": "GULF 12", "text": "a"}),
        ("HeaderStated", {"field": "name", "value": "Colonel"}),
        ("HeaderStated", {"field": "coded", "value": "NONE"}),
        ("HeaderStated", {"field": "rank", "value": 5}),
    ],
)
def test_other_acts_stay(name: str, fields: dict[str, Any]) -> None:
    """Whatever is not meant here is left for those who judge its form."""
    one = act(name, **fields)
    assert filled(one, AGREED, None) is one


@pytest.mark.parametrize("event", [ev.ReadBackStarted("op-a"), ev.SealOrdered("op-a")])
def test_a_coded_message_says_what_was_agreed(event: Event) -> None:
    """Neither read back nor sealed under a number whose text it does not have; one letter counts."""
    agreed_text = STOP.wording("en").text
    for text, name, right in (
        (agreed_text, "GULF 12", True),
        (agreed_text + "!", "GULF 12", False),
        (agreed_text, "GULF 3", False),
        (agreed_text, "GULF 99", False),
        ("Anything.", "NONE", True),
    ):
        made = taking(opened(), ev.HeaderStated(HeaderField.CODED, name, "op-a"), ev.Edited(text, "op-a"))
        if right:
            check_coded(Record("taking/1", NOON, event), made, AGREED)
        else:
            with pytest.raises(ActError) as caught:
                check_coded(Record("taking/1", NOON, event), made, AGREED)
            assert caught.value.code == "coded"


def test_an_exercise_is_marked_and_still_as_agreed() -> None:
    """The marks of an exercise belong to every text of it."""
    made = taking(
        opened(exercise=True),
        ev.HeaderStated(HeaderField.CODED, "GULF 12", "op-a"),
        ev.Edited(STOP.wording("en").text, "op-a"),
    )
    check_coded(Record("taking/1", NOON, ev.SealOrdered("op-a")), made, AGREED)


def test_other_events_and_messages_are_not_held() -> None:
    """A message being written may say anything; one that arrived is what it is."""
    made = taking(opened(), ev.HeaderStated(HeaderField.CODED, "GULF 12", "op-a"), ev.Edited("x", "op-a"))
    check_coded(Record("taking/1", NOON, ev.Edited("y", "op-a")), made, AGREED)
    check_coded(Record("taking/2", NOON, ev.SealOrdered("op-a")), None, AGREED)
    check_coded(Record("giving/US-0007", NOON, ev.SealOrdered("op-a")), giving(), AGREED)


def test_what_is_ticked_of_a_coded_message() -> None:
    """Number and title, because they are what comes back; the items of the text where it is not the agreed one."""
    ticked = coded_items(coded(), AGREED)
    assert [(one.kind, one.text) for one in ticked] == [("number", "GULF 12"), ("name", "Stop and report")]
    assert coded_items(coded(coded="NONE"), AGREED) == coded_items(coded(), NOTHING) == ()
    assert items(coded().text, "en") != ticked
