"""The whole way of a message by keyboard alone, under three layouts: keys count by their place, not by their letter."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bridge.relay import giving_events as gv
from bridge.relay.events import Answer, Confirmed
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Match, Part
from tests.page import scenes
from tests.page.acting import Station, slip
from tests.page.conftest import LIMIT_S, Opening, Seen

LAYOUTS = {
    "us": {"KeyM": "m", "Period": ".", "Comma": ",", "Slash": "/", "KeyS": "s"},
    "ara": {"KeyM": "ة", "Period": "ز", "Comma": "و", "Slash": "ظ", "KeyS": "س"},
    "pes": {"KeyM": "ئ", "Period": ".", "Comma": "و", "Slash": "/", "KeyS": "س"},
}
LANGUAGES = {"us": "en", "ara": "ar", "pes": "fa"}
CONTROL = 2


class Keys:
    """A keyboard of one layout, as the browser is told of it by its system."""

    def __init__(self, seen: Seen, layout: str) -> None:
        self.seen, self.layout = seen, LAYOUTS[layout]
        self.session = seen.page.context.new_cdp_session(seen.page)

    def press(self, code: str, *, control: bool = False) -> None:
        key = self.layout.get(code, code)
        modifiers = CONTROL if control else 0
        virtual = {"Enter": 13, "Tab": 9, "Escape": 27}.get(code, 0)
        for kind in ("rawKeyDown", "keyUp"):
            told = {"type": kind, "code": code, "key": key, "modifiers": modifiers, "windowsVirtualKeyCode": virtual}
            self.session.send("Input.dispatchKeyEvent", told)

    def write(self, text: str) -> None:
        self.session.send("Input.insertText", {"text": text})

    def tab_to(self, selector: str) -> None:
        for _ in range(120):
            if self.seen.page.evaluate("one => document.activeElement?.matches(one)", selector):
                return
            self.seen.page.keyboard.press("Tab")
        pytest.fail(f"no way to {selector} by Tab")

    def step(self, act: str, until: Callable[[], bool], *, twice: bool = False) -> None:
        """The main action of the step, once the page offers it."""
        self.await_main(act)
        self.press("F9")
        if twice:
            self.seen.until("() => document.querySelector('.key.main').classList.contains('armed')")
            self.seen.page.wait_for_timeout(120)
            self.press("Enter")
        self.wait(until)

    def await_main(self, act: str = "") -> None:
        """An operator waits for the screen to follow the last act before pressing the next key."""
        arrived = "n => import('/static/base/store.js').then((one) => one.link.n >= n)"
        self.wait(lambda: bool(self.seen.page.evaluate(arrived, self.seen.fake.n)))
        named = f"[data-act='{act}']" if act else ""
        shown = "one => document.querySelector(one) !== null"
        self.wait(lambda: bool(self.seen.page.evaluate(shown, f".key.main:not([aria-disabled]){named}")))

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + LIMIT_S
        while not condition():
            assert time.monotonic() < deadline, self.seen.told()
            self.seen.page.wait_for_timeout(20)


def is_checked(station: Station) -> Callable[[], bool]:
    machine = station.desk.relay.machines[station.taking]
    return lambda: not [one for one in machine.missing() if one[0].value in ("slot-open", "not-heard", "no-span")]  # type: ignore[union-attr]


@pytest.mark.parametrize("layout", ["us", "ara", "pes"])
def test_a_statement_is_taken_and_sealed_by_keyboard(opened: Opening, layout: str) -> None:
    """From the first word to the slip in the hand: lift, draft, check, read back, seal, carry."""
    language = LANGUAGES[layout]
    seen = opened(language, "hearing")
    station = Station(seen.fake, language)
    station.begin()
    keys = Keys(seen, layout)
    keys.step("Opened", lambda: station.state() == "hearing")

    keys.tab_to("#draft-text")
    keys.write(scenes.TEXTS[language])
    keys.wait(lambda: station.state() == "drafting")

    checked = is_checked(station)
    for _ in range(80):  # marking, each item played and found as written, what is left played
        if checked():
            break
        keys.await_main()
        before = len(seen.fake.posts), seen.main()
        keys.press("F9")
        keys.wait(lambda before=before: (len(seen.fake.posts), seen.main()) != before or checked())  # type: ignore[misc]
    assert checked()
    keys.step("ReadBackStarted", lambda: station.state() == "reading", twice=True)
    keys.step("ReadBackSaid", lambda: station.state() == "awaiting")
    station.enter(station.taking, Confirmed(Answer.DIGIT, scenes.SIDE, "1"))
    keys.step("SealOrdered", lambda: station.state() == "sealed", twice=True)
    keys.step("SlipCarried", lambda: station.state() == "carried", twice=True)
    assert len(seen.fake.acts("SealOrdered")) == 1
    assert [one for one in station.refused if one[0] != "Played"] == []


@pytest.mark.parametrize("layout", ["us", "ara", "pes"])
def test_a_slip_is_given_and_acknowledged_by_keyboard(opened: Opening, layout: str) -> None:
    """From the slip in the hand to the acknowledgement: take in, ask, say, correct, hear back, receipt, WILCO."""
    language = LANGUAGES[layout]
    seen = opened(language, "hearing")
    station = Station(seen.fake, language)
    station.begin()
    keys = Keys(seen, layout)
    keys.tab_to("#slip-typed")
    keys.write(slip(language))
    subject = "giving/IR-0004"
    keys.step("SlipTyped", lambda: station.state(subject) == "ready", twice=True)
    giving = station.desk.relay.machines[subject]
    assert isinstance(giving, Giving)
    station.enter(subject, gv.CallStarted(1))
    station.enter(subject, gv.CallAnswered("watch", scenes.SIDE))

    keys.step("PrincipalAsked", lambda: bool(seen.fake.acts("PrincipalAsked")))
    keys.step("RelayStarted", lambda: station.state(subject) == "relaying", twice=True)
    station.compared(subject, Part.RELAY, Match.ALTERED, complete=False)
    keys.step("CorrectedAloud", lambda: giving.said.comparison(Part.RELAY) is None, twice=True)
    station.compared(subject, Part.RELAY, Match.VERBATIM)
    keys.step("RelayFinished", lambda: station.state(subject) == "said")
    keys.step("ReadBackBegun", lambda: station.state(subject) == "reading-back")
    station.compared(subject, Part.READ_BACK, Match.EQUIVALENT)
    while len(giving.said.ticked) < len(giving.slots or ()):
        keys.await_main()
        before = len(seen.fake.posts), seen.main()
        keys.press("F9")
        keys.wait(lambda before=before: (len(seen.fake.posts), seen.main()) != before)  # type: ignore[misc]
    keys.tab_to("#officer-name")
    keys.write(scenes.PEOPLE[language].name)
    keys.step("ReceiptGiven", lambda: station.state(subject) == "receipted", twice=True)
    keys.tab_to("#officer-authority")
    keys.write("J3")
    keys.tab_to("#officer-listed")
    seen.page.keyboard.press("Space")
    keys.step("Acknowledged", lambda: station.state(subject) == "acknowledged", twice=True)
    assert station.refused == []


@pytest.mark.parametrize("layout", ["us", "ara", "pes"])
def test_keys_count_by_their_place(opened: Opening, layout: str) -> None:
    """Say again, slower, marker, language and help, whatever letter the layout puts there."""
    seen = opened(LANGUAGES[layout], "relaying")
    keys = Keys(seen, layout)
    for code in ("Period", "Comma", "KeyM"):
        keys.press(code, control=True)
    keys.wait(lambda: len([one for one in seen.fake.posts if one["path"] == "/api/duty"]) == 3)
    entries = [one["entry"] for one in seen.fake.posts if one["path"] == "/api/duty"]
    assert sorted(entries) == ["MarkerSet", "SaidAgainAsked", "SlowerAsked"]
    before = seen.page.evaluate("document.documentElement.lang")
    keys.press("Slash", control=True)
    seen.until("before => document.documentElement.lang !== before", before)
    keys.press("F1")
    assert seen.page.is_visible(".help")
    keys.press("Escape")
    assert not seen.page.is_visible(".help")
    keys.wait(lambda: [one["command"] for one in seen.fake.posts if one["path"] == "/api/line"] == ["mute"])


def test_ending_is_never_the_next_key(opened: Opening) -> None:
    """Where nothing but the end is offered for a moment, F9 does nothing; the end has its button."""
    seen = opened("en", "hearing")
    station = Station(seen.fake, "en")
    station.begin()
    keys = Keys(seen, "us")
    keys.step("Opened", lambda: station.state() == "hearing")
    section = station.desk.section(station.taking)
    assert isinstance(section, dict) and isinstance(section["may"], list)
    ending = [one for one in section["may"] if isinstance(one, dict) and one["act"] == "Ended"]
    assert ending
    seen.fake.put(f"message/{station.taking}", {**section, "state": "confirmed", "may": ending})  # type: ignore[dict-item]
    seen.until("() => !document.querySelector('.key.main').dataset.act")
    keys.press("F9")
    assert seen.page.is_visible("#work [data-act='Ended']")
    assert seen.page.get_attribute(".key.main", "class") == "key main"
    assert not seen.fake.acts("Ended")
