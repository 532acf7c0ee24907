"""Nothing that an operator did is lost or done twice, whatever breaks between the page and its desk."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from tests.page import scenes
from tests.page.acting import Station
from tests.page.conftest import LIMIT_S, Opening, Seen, await_ready

WITHOUT_MICROPHONE = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
SEALING = (
    "F9",
    "Enter",
    "F8",
    "Shift+F8",
    "F4",
    "Escape",
    "F2",
    "Tab",
    "Space",
    "Shift+F9",
    "Control+Enter",
    "End",
    "a",
)


def await_posts(seen: Seen, count: int) -> None:
    deadline = time.monotonic() + LIMIT_S
    while len(seen.fake.posts) < count:
        assert time.monotonic() < deadline, seen.fake.posts
        seen.page.wait_for_timeout(20)


def test_a_double_click_and_a_held_key_act_once(opened: Opening) -> None:
    """What seals takes two deliberate steps: neither a double click nor a key that is held is two."""
    seen = opened("en", "confirmed")
    seen.page.dblclick(".action.main")
    seen.page.wait_for_timeout(300)
    assert seen.fake.acts() == []
    for _ in range(5):
        seen.page.keyboard.down("F9")
    seen.page.keyboard.up("F9")
    seen.page.wait_for_timeout(150)
    for _ in range(5):
        seen.page.keyboard.down("Enter")
    seen.page.keyboard.up("Enter")
    await_posts(seen, 1)
    seen.page.wait_for_timeout(200)
    assert [one["act"] for one in seen.fake.posts] == ["SealOrdered"]


def test_escape_backs_out(opened: Opening) -> None:
    seen = opened("en", "confirmed")
    seen.page.keyboard.press("F9")
    assert seen.page.is_visible(".key.main.armed")
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_timeout(150)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_timeout(200)
    assert seen.fake.acts() == []


def test_a_blocked_step_shows_why_and_does_nothing(opened: Opening) -> None:
    seen = opened("en", "drafting")
    (message,) = (one for name, one in seen.fake.sections.items() if name.startswith("message/"))
    blocked = [{"blocker": "not-heard", "detail": "500 of 1000"}]
    assert isinstance(message, dict)
    may = [{"act": "SealOrdered", "blocked": blocked}]
    seen.fake.put("message/taking/1", {**message, "state": "confirmed", "may": may})  # type: ignore[dict-item]
    seen.until("() => document.querySelector('.why').innerText.includes('50.0 %')")
    seen.page.keyboard.press("F9")
    seen.page.wait_for_timeout(150)
    seen.page.keyboard.press("Enter")
    assert seen.fake.acts("SealOrdered") == []


def test_an_act_is_repeated_under_its_key_until_it_is_answered(opened: Opening) -> None:
    """Nobody knows what became of it: the same key finds out, and the page says that it waits."""
    seen = opened("en", "said")
    seen.fake.drops = 3
    seen.page.keyboard.press("F9")
    seen.page.wait_for_selector(".waiting", state="visible")
    await_posts(seen, 4)
    assert {one["act"] for one in seen.fake.posts} == {"ReadBackBegun"}
    assert len({one["key"] for one in seen.fake.posts}) == 1
    seen.page.wait_for_selector(".waiting", state="hidden")


def test_a_lost_socket_is_opened_again_and_acts_go_on(opened: Opening) -> None:
    seen = opened("en", "hearing")
    seen.fake.cut()
    seen.page.fill("#draft-text", "Two vessels.")
    await_posts(seen, 1)
    seen.fake.put("station", {**scenes.station(), "disk_days": 3})
    seen.until("() => document.querySelector('#bar').innerText.includes('disk 3 d')")


def test_stale_is_said_with_its_age(opened: Opening) -> None:
    seen = opened("en", "hearing")
    seen.fake.beats = False
    seen.page.wait_for_selector(".stale", state="visible")
    assert "STALE" in seen.page.inner_text(".stale")
    seen.until("() => document.querySelector('#alarms').dataset.priority === 'HIGH'")
    seen.fake.beats = True
    seen.page.wait_for_selector(".stale", state="hidden")


def test_an_ended_session_asks_again_over_the_page_and_keeps_the_text(opened: Opening) -> None:
    """The sheet lies over the page; the text, the caret and the act that met it are still there afterwards."""
    seen = opened("fa", "hearing")
    seen.fake.signed_in = False
    seen.page.focus("#draft-text")
    seen.page.keyboard.insert_text("دو شناور")
    seen.page.wait_for_selector(".sheet form")
    seen.page.fill("#door-name", "op-a")
    seen.page.fill("#door-password", "x")
    seen.page.fill("#door-code", "000000")
    seen.page.keyboard.press("Enter")
    seen.until("() => document.querySelector('.sheet .problem').innerText !== ''")
    seen.page.fill("#door-code", "123456")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".sheet", state="detached")
    await_posts(seen, 1)
    assert seen.fake.posts[0]["fields"] == {"text": "دو شناور"}
    assert seen.page.input_value("#draft-text") == "دو شناور"
    assert seen.page.evaluate("document.activeElement.id") == "draft-text"


def test_sign_in_page_lets_in(opened: Opening) -> None:
    seen = opened("ar", "hearing", ready=False)
    await_ready(seen.page)
    seen.fake.signed_in = False
    seen.page.reload()
    seen.page.fill("#door-name", "op-a")
    seen.page.fill("#door-password", "x")
    seen.page.fill("#door-code", "123456")
    seen.page.keyboard.press("Enter")
    await_ready(seen.page)


def test_focus_caret_and_selection_live_through_changes(opened: Opening) -> None:
    """Nothing is drawn anew under the operator's hands, and the language changes without a reload."""
    seen = opened("en", "drafting")
    seen.page.focus("#header-authority")
    seen.page.keyboard.insert_text("CENTCOM J3")
    seen.page.evaluate("() => document.activeElement.setSelectionRange(2, 5)")
    for _ in range(3):
        sections = scenes.at_step("en", "drafting", time.time_ns())
        seen.fake.set(**sections)
    seen.page.keyboard.press("Control+Slash")
    seen.until("() => document.documentElement.dir === 'rtl'")
    caret = "[document.activeElement.id, document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    assert seen.page.evaluate(caret) == ["header-authority", 2, 5]
    assert seen.page.input_value("#header-authority") == "CENTCOM J3"


def test_the_last_of_quick_changes_counts(opened: Opening) -> None:
    """One act after the other for each field, whatever the station takes for each; what was passed over is not sent."""
    seen = opened("en", "drafting")
    under_way, most = [0], [0]

    def answer(_: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        time.sleep(0.3)
        under_way[0] -= 1
        return 200, {"result": "done", "seq": 1}

    seen.fake.answer = answer
    seen.page.evaluate(
        """() => {
          const field = document.getElementById('header-rank');
          for (const worth of ['OF-1', 'OF-2', 'OF-3']) {
            field.value = worth;
            field.dispatchEvent(new Event('change'));
          }
        }"""
    )
    await_posts(seen, 2)
    seen.until("() => import('/static/base/net.js').then(one => !one.isInTurn('taking/1 rank'))")
    assert [one["fields"]["value"] for one in seen.fake.acts("HeaderStated")] == ["OF-1", "OF-3"]
    assert most == [1]


def test_a_browser_without_microphone_says_so(opened: Opening) -> None:
    seen = opened("en", "hearing", ready=False)
    seen.page.add_init_script(WITHOUT_MICROPHONE)
    seen.page.reload()
    await_ready(seen.page)
    assert "no microphone" in seen.page.inner_text(".handset")
    assert not seen.page.is_visible(".handset button")


def test_a_draft_of_ten_thousand_words(opened: Opening) -> None:
    seen = opened("fa", "hearing")
    text = " ".join(f"واژه {number}" for number in range(5000))
    seen.page.fill("#draft-text", text)
    await_posts(seen, 1)
    assert seen.fake.posts[0]["fields"] == {"text": text}
    seen.page.keyboard.press("F9")
    assert seen.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("run", range(2))
def test_no_sequence_of_keys_seals_what_was_not_heard(opened: Opening, run: int) -> None:
    """Random keys on a message with open items and no yes of the originator: not sealed, nothing blocked is asked."""
    # Another walk each time; the name of the test stays the same in all workers.
    seed = 2 * random.randrange(10**6) + run
    chance = random.Random(seed)
    seen = opened("en", "hearing")
    station = Station(seen.fake)
    station.begin()
    seen.until("() => document.querySelector('.key.main').dataset.act === 'Opened'")
    seen.page.keyboard.press("F9")
    await_posts(seen, 1)
    seen.page.fill("#draft-text", scenes.TEXTS["en"])
    for _ in range(150):
        seen.page.keyboard.press(chance.choice(SEALING))
    seen.page.wait_for_timeout(300)
    assert station.state() not in ("sealed", "carried"), seed
    for act in seen.fake.acts("SealOrdered"):
        pytest.fail(f"seed {seed}: {act}")
    assert [one for one in station.refused if one[1] == "not-ready"] == [], seed
