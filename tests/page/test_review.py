"""The record's screen over a real record: calls on one time, words that can be heard, four columns, search."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.desk.review_rig import Written, heard, moment, one_of_each, written
from tests.page.conftest import Opening, Seen, axe
from tests.page.fake import Fake
from tests.page.review_station import serving_record
from tests.page.scenes import OPERATOR, RATE_HZ, SIDE
from tests.rig import own_number

CLIPPED = (Path(__file__).parent / "clipped.js").read_text(encoding="utf-8")
LANGUAGES = ("en", "ar", "fa")
CALLS, MESSAGES, SEARCH = (f".review-modes button:nth-child({number})" for number in (1, 2, 3))
LEAD = RATE_HZ // 2


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Written]]:
    """A record in each language; what is done with it is only read."""
    made = {language: written(tmp_path_factory.mktemp(language)) for language in LANGUAGES}
    for language, record in made.items():
        one_of_each(record, language)
    yield made
    for record in made.values():
        record.close()


@pytest.fixture
def language() -> str:
    """Of a test that is of none in particular."""
    return "en"


@pytest.fixture
def record(records: dict[str, Written], language: str) -> Written:
    found = records[language]
    found.noted.clear()
    return found


@pytest.fixture
def fake(record: Written) -> Iterator[Fake]:
    host = f"127.{own_number()}.{random.randint(0, 255)}.{random.randint(1, 250)}"
    with serving_record(host, record) as one:
        yield one


@pytest.fixture
def seen(opened: Opening, language: str) -> Seen:
    """The record's screen with its list of calls."""
    one = opened(language)
    one.page.click(".screens button:nth-child(3)")
    one.page.wait_for_selector(".review-row")
    return one


def rows(page: Page) -> list[str]:
    return page.locator(".review-row").all_inner_texts()


def open_call(seen: Seen) -> Page:
    seen.page.click("li:nth-child(3) .review-row")
    seen.until("() => document.querySelectorAll('.track[data-drawn]').length === 2")
    return seen.page


def open_message(seen: Seen, number: int) -> Page:
    seen.page.click(MESSAGES)
    seen.page.wait_for_selector(".review-row .row-gist")
    seen.page.click(f"li:nth-child({number}) .review-row")
    seen.page.wait_for_selector(".four-columns section")
    return seen.page


def look(page: Page, where: str) -> None:
    assert page.evaluate(CLIPPED) == [], where
    assert axe(page) == [], where


def listened(seen: Seen, record: Written) -> Any:
    """What was entered of the first hearing since the test began."""
    for _ in range(500):
        if record.noted:
            return record.noted[0][1]
        seen.page.wait_for_timeout(20)
    pytest.fail("nothing was heard")


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "light"), ("fa", "light"), ("en", "dark")])
def test_fits_and_is_readable(seen: Seen, language: str, theme: str) -> None:
    """Lists, a call, both halves of a message and places of words: nothing is clipped, the rules hold."""
    seen.speak(language, theme)
    look(seen.page, "calls")
    look(open_call(seen), "call")
    look(open_message(seen, 1), "giving")
    look(open_message(seen, 2), "taking")
    seen.page.click(SEARCH)
    seen.page.fill("#review-query", "19")
    seen.page.wait_for_selector(".review-row mark")
    look(seen.page, "search")


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_runs_from_left_to_right(seen: Seen, language: str) -> None:
    """In every language: the marks of the ruler, the cursor, and the arrows that move it."""
    page = open_call(seen)
    places = page.evaluate("[...document.querySelectorAll('.ruler-mark')].map(one => one.getBoundingClientRect().left)")
    assert places == sorted(places) and len(places) == 7
    times = page.locator(".ruler-mark").all_inner_texts()
    assert times == sorted(times) and times[0] == "10:05:12Z"
    page.focus(".axis-field")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".axis-time") == "10:05:23Z"
    cursor, field = (page.locator(one).bounding_box() for one in (".axis-cursor", ".axis-field"))
    assert cursor and field and cursor["x"] - field["x"] == pytest.approx(11 / 274 * field["width"], abs=8)
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute(".axis-field", "aria-valuetext") == "10:05:22Z"


def test_a_call_says_what_its_tracks_suffered(seen: Seen) -> None:
    """Gaps with their moments for whoever cannot see them, events in order, local times beside UTC."""
    page = open_call(seen)
    label = page.get_attribute(f'[data-leg="{SIDE}"] .track', "aria-label")
    assert label and "before sound 10:05:12Z" in label and "hold 10:08:1" in label
    times = page.locator(".review-events li > .value:first-child").all_inner_texts()
    assert times == sorted(times) and len(times) > 30
    assert page.locator(".review-events", has_text="hold began").count() == 1
    facts = page.inner_text(".review-call .review-facts")
    assert "2026-11-23 10:05:12Z" in facts and "14:05 +04:00 MCT" in facts and "13:35 +03:30 THR" in facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_engine_beside_the_human_text(seen: Seen, language: str) -> None:
    """The live engine, the checker with the word it heard otherwise, and what was sealed; the words as they came."""
    page = open_call(seen)
    columns = page.locator(".review-columns .review-column")
    assert columns.count() == 3
    first = columns.nth(0).locator(".said-words").first.inner_text()
    assert first.replace("\u00a0", " ").split() == heard(language)[0].split()
    assert columns.nth(1).locator(".word[data-sign='?']").count() == 1
    assert columns.nth(2).locator(".human").count() == 2
    page.focus(".axis-field")
    page.keyboard.press("ArrowDown")
    seen.until("() => document.querySelector('.axis-row[data-chosen=true]').dataset.leg.includes('operator')")
    assert columns.count() == 3  # its own words, what could not be heard, and the text


def test_a_word_is_heard_from_half_a_second_before(seen: Seen, record: Written) -> None:
    """By a click; and it is entered, with exactly what was played."""
    page = open_call(seen)
    page.locator(".review-columns .said-words").first.locator(".word").nth(2).click()
    entry = listened(seen, record)
    assert (entry["leg"], entry["person"]) == (SIDE, "op-a")
    step = 4 * RATE_HZ // len(heard("en")[0].split())
    start = 5 * RATE_HZ + 2 * step
    assert (entry["from_sample"], entry["to_sample"]) == (start - LEAD, start + step)


@pytest.mark.parametrize(("language", "forth"), [("en", "ArrowRight"), ("fa", "ArrowLeft")])
def test_words_by_keyboard(seen: Seen, record: Written, language: str, forth: str) -> None:
    """Word by word as they are seen, utterance by utterance, Enter plays."""
    page = open_call(seen)
    page.locator(".review-columns .said-rows").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(forth)
    assert page.inner_text(".said-rows [data-cursor]") == heard(language)[1].split()[0]
    page.keyboard.press("Enter")
    entry = listened(seen, record)
    assert (entry["leg"], entry["from_sample"]) == (SIDE, 10 * RATE_HZ - LEAD)


def test_the_axis_plays_the_chosen_track(seen: Seen, record: Written) -> None:
    """From the cursor on; the cursor goes with the sound, Space stops it."""
    page = open_call(seen)
    page.focus(".axis-field")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    entry = listened(seen, record)
    # The operator's track began half a second after the side's.
    assert (entry["leg"], entry["from_sample"]) == (OPERATOR, round(19.5 * RATE_HZ) - LEAD)
    seen.until("() => document.querySelector('.axis-field').ariaValueText > '10:05:32Z'")
    page.keyboard.press("Space")
    seen.until("() => import('/static/base/player.js').then(one => !one.isPlaying())")


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_columns(seen: Seen, record: Written, language: str) -> None:
    """What was given: the other station's column says so; the changed number is marked as a whole word, with a sign."""
    page = open_message(seen, 1)
    states = page.eval_on_selector_all(".four-columns section", "all => all.map(one => one.dataset.state)")
    assert states == ["other-station", "there", "there", "there"]
    marked = page.locator("[data-column=relayed] .word[data-sign]")
    wrong = next(word for word in heard(language)[0].split() if word not in heard(language, "9")[0].split())
    assert marked.all_inner_texts() == [wrong] and marked.get_attribute("data-sign") == "≠"
    assert page.locator("[data-column=read-back] .word[data-sign]").count() == 0
    line = page.locator(".finding")
    assert line.count() == 1 and "9" in line.inner_text() and "19" in line.inner_text()
    line.locator("[data-sounds]").click()
    assert listened(seen, record)["leg"] == OPERATOR
    history = page.locator(".review-message .review-events li").all_inner_texts()
    assert len(history) > 15 and all(one[:8].count(":") == 2 for one in history)


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_values_stay_whole(seen: Seen, language: str) -> None:
    """A position in one piece and in its own order, in Latin digits and in the recogniser's own."""
    page = open_message(seen, 1)
    for column in ("sealed", "relayed"):
        inside = ".sealed-text" if column == "sealed" else ".said-words"
        text = page.locator(f"[data-column={column}] {inside} bdi[dir=ltr]", has_text="N ").first
        lines = text.evaluate("one => new Set([...one.getClientRects()].map(box => box.top)).size")
        order = text.evaluate(
            """one => {
              const found = [], walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
              for (let node = walk.nextNode(); node; node = walk.nextNode())
                for (let at = 0; at < node.length; at += 1) {
                  const range = document.createRange();
                  range.setStart(node, at);
                  range.setEnd(node, at + 1);
                  found.push(range.getBoundingClientRect().left);
                }
              return found;
            }"""
        )
        assert lines == 1 and order == sorted(order), column


def test_a_difference_that_stands_is_marked_in_both_texts(tmp_path: Path, opened: Opening, fake: Fake) -> None:
    """In the sealed text and in what was heard: solid, with its sign; words say it, too."""
    record = written(tmp_path)
    one_of_each(record, "en", "altered")
    own = fake.address
    with serving_record(f"127.{own_number()}.8.8", record) as other:
        fake.address = other.address
        other.me, other.sections = fake.me, fake.sections
        seen = opened("en")
        seen.page.click(".screens button:nth-child(3)")
        page = open_message(seen, 1)
        for column, word in (("sealed", "9"), ("relayed", "19")):
            marked = page.locator(f"[data-column={column}] .word[data-sign='≠'][data-certain=true]")
            assert marked.all_inner_texts() == [word]
        assert "differs" in page.inner_text(".finding")
        assert page.inner_text("[data-column=read-back] .none") == "Not yet."
        page.close()
    fake.address = own
    record.close()


@pytest.mark.parametrize(
    ("language", "query"),
    [("fa", "نمي شوند"), ("fa", "١٩٠"), ("ar", "الموقع"), ("ar", "۱۹۰"), ("en", '"190 at"')],
)
def test_what_was_said_is_found(seen: Seen, record: Written, language: str, query: str) -> None:
    """In other letters and digits than it was written in; Enter opens the call at that moment."""
    page = seen.page
    page.click(SEARCH)
    assert page.evaluate("document.activeElement.id") == "review-query"
    page.keyboard.insert_text(query)
    page.wait_for_selector(".review-row mark")
    page.select_option("#review-search-kind", "transcript")
    seen.until("() => document.querySelectorAll('.review-row').length === 3")
    place = record.reader().get("/api/review/search", params={"q": query, "kind": "transcript"}).json()["hits"][-1]
    page.focus("li:nth-child(1) .review-row")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".review-call:not([hidden]) .axis-row")
    assert page.inner_text(".axis-time") == f"{place['utc'][11:19]}Z"
    assert page.locator(".axis-row[data-chosen=true]").get_attribute("data-leg") == place["place"]["leg"]


def test_filters_and_what_is_no_time(seen: Seen) -> None:
    """Each narrows the list at once; a time that is none is said to be none."""
    page = seen.page
    page.select_option("#review-calls-outcome", "busy")
    seen.until("() => document.querySelectorAll('.review-row').length === 1")
    page.select_option("#review-calls-outcome", "")
    page.fill("#review-calls-from", "2026-11-23 10:06")
    page.press("#review-calls-from", "Enter")
    seen.until("() => document.querySelectorAll('.review-row').length === 2")
    page.fill("#review-calls-to", "tomorrow")
    page.press("#review-calls-to", "Enter")
    seen.until("() => document.querySelector('.review-status').innerText.includes('time')")
    assert rows(page) == []
    assert page.inner_text(".review-status") == "The time is not in the expected form."


def test_a_long_list_comes_in_pages(tmp_path: Path, records: dict[str, Written], seen: Seen, record: Written) -> None:
    """Fifty, and more when they are wanted, without losing the first."""
    for number in range(60):
        record.line(
            "Invited", call=f"us-9-{number:02}", leg=f"us-9-{number:02}/side-1", role="side", precedence="ROUTINE"
        )
    record.flush()
    page = seen.page
    page.click(MESSAGES)
    page.click(CALLS)
    seen.until("() => document.querySelectorAll('.review-row').length === 50")
    page.click(".review-rows > button")
    seen.until("() => document.querySelectorAll('.review-row').length === 63")
    assert not page.is_visible(".review-rows > button")
    assert moment(0)[:16].replace("T", " ") in rows(page)[-1]


def test_a_record_that_cannot_be_read(seen: Seen) -> None:
    """It is said, and what is shown stays what it was."""
    page = seen.page
    page.route("**/api/review/**", lambda route: route.abort())
    page.click(MESSAGES)
    seen.until("() => document.querySelector('.review-status').innerText.startsWith('The record cannot')")
    page.unroute("**/api/review/**")
    page.click(MESSAGES)
    page.wait_for_selector(".review-row")
    assert len(rows(page)) == 2
