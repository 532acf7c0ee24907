"""A whole relay at two real pages, by keyboard: real calls, real recognisers, real sign-in, one in each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from bridge.relay.slip_check import read
from tests.page.real.house import House, housed
from tests.page.real.relay import Relay
from tests.page.real.seat import Seat, sit_down
from tests.station.relay_desk import kinds

pytestmark = [pytest.mark.call, pytest.mark.long, pytest.mark.timeout(600)]
"""A hang limit: the people in it speak for more than a minute."""
SAID = {"en": ("away", "patrol"), "ar": ("away",), "fa": ("engine",)}
"""What is relayed while the page speaks this language; the voices speak English."""


@pytest.mark.parametrize("language", SAID)
def test_a_relay_from_call_to_file_by_keyboard(tmp_path: Path, browser: Browser, language: str) -> None:
    """Both ledgers hold the same text, acknowledged. At each step the page changes its language and back."""
    other = {"en": "ar", "ar": "fa", "fa": "en"}[language]
    with housed(tmp_path) as house:
        us = sit_down(browser, house.page("us"), house.accounts["op-a"], language)
        ir = sit_down(browser, house.page("ir"), house.accounts["op-b"], language)
        lead = sit_down(browser, house.page("ir"), house.accounts["lead"], language)
        relay = Relay(house, us, ir, lead, SAID[language])
        names = []
        for name, seat in relay.steps():
            names.append(name)
            for spoken in (language, other, language):
                seat.speak(spoken)
                assert_whole(seat, f"{name} {spoken}")
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
    written = " ".join(house.voice[f"originator-{key}"].written for key in relay.sentences)
    assert sheet is not None and written in sheet.text
    slips = [one["event"]["slip"] for name, one in _events(house, "us") if name == "MessageReturnTaken"]
    assert slips[-1]["outcome"] == "ACKNOWLEDGED"


def _events(house: House, side: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, data) for name, data in kinds(house.data(side)) if name.startswith("Message")]
