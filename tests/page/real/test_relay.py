"""A whole relay at two real pages, by keyboard: real calls, real recognisers, real sign-in, three languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from bridge.relay.slip_check import read
from tests.page.real.house import House, housed
from tests.page.real.relay import SENTENCES, Relay
from tests.page.real.seat import Seat, sit_down
from tests.station.relay_desk import kinds

pytestmark = [pytest.mark.call, pytest.mark.timeout(600)]
"""A hang limit: the people in it speak for more than a minute."""
LANGUAGES = ("en", "ar", "fa")


def test_a_relay_from_call_to_file_by_keyboard(tmp_path: Path, browser: Browser) -> None:
    """Each step in the next language of the page; both ledgers hold the same text, acknowledged."""
    with housed(tmp_path) as house:
        us = sit_down(browser, house.page("us"), house.accounts["op-a"], "en")
        ir = sit_down(browser, house.page("ir"), house.accounts["op-b"], "fa")
        lead = sit_down(browser, house.page("ir"), house.accounts["lead"], "ar")
        relay = Relay(house, us, ir, lead)
        names = []
        for number, (name, seat) in enumerate(relay.steps()):
            names.append(name)
            assert_whole(seat, name)
            seat.speak(LANGUAGES[number % 3])
        assert names[-1] == "filed"
        assert_recorded(house, relay)
        for one in (us, ir, lead):
            assert one.problems == [] and one.evaluate("window.reports") == []


def assert_whole(seat: Seat, step: str) -> None:
    """No scroll bar, and no key of a sentence where the sentence should stand."""
    size = seat.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [1366, 768], step


def assert_recorded(house: House, relay: Relay) -> None:
    taken = dict(_events(house, "us"))
    given = dict(_events(house, "ir"))
    assert {"MessageSealOrdered", "MessageNightModeDeclared", "MessageReturnTaken", "MessageFiled"} <= taken.keys()
    assert {"MessageReleaseGiven", "MessageReceiptGiven", "MessageAcknowledged", "MessageFiled"} <= given.keys()
    assert given["MessageAcknowledged"]["event"]["is_authorised"] is True
    sheet = read(relay.slip).sheet
    written = " ".join(house.voice[f"originator-{key}"].written for key in SENTENCES)
    assert sheet is not None and written in sheet.text
    slips = [one["event"]["slip"] for name, one in _events(house, "us") if name == "MessageReturnTaken"]
    assert slips[-1]["outcome"] == "ACKNOWLEDGED"


def _events(house: House, side: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, data) for name, data in kinds(house.data(side)) if name.startswith("Message")]
