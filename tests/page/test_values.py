"""Values stay whole and in their own order inside sentences from right to left; the browser keeps its rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page.conftest import Opening

SHAPES = (
    "9",
    "190",
    "1,200",
    "12.3",
    "-18",
    "+4",
    "50%",
    "25°",
    "3/4",
    "10:05",
    "10:05Z",
    "10:05:12Z",
    "1430Z",
    "231435Z NOV 26",
    "2026-11-23",
    "2026-11-23 10:05:12Z",
    "14:05 +04:00",
    "+968 2412 3456",
    "+98-21-1234-5678",
    "25-34.5N",
    "056-12.3E",
    "25-34.5N 056-12.3E",
    "25°34.5'N 056°12.3'E",
    "US-0007",
    "EXERCISE-US-0007",
    "OF-5",
    "QX-33",
    "CENTCOM J3",
    "ALPHA 12",
    "12 nm",
    "9 kn",
    "0.5 s",
    "-18 dB",
    "#9f3a",
    "9f3a 77c2",
    "us-20261123T100512Z-3f9a/side-1",
    "127.0.0.11:8080",
    "(9)",
    "A/B",
    "3-4 km",
)
GEOMETRY = """async ([language, width, shapes, around]) => {
  const { valued } = await import("/static/base/bidi.js");
  const bad = [];
  for (const shape of shapes) {
    const line = document.createElement("p");
    line.dir = "rtl";
    line.lang = language;
    line.style.width = `${width}px`;
    line.append(...valued(`${around[0]} ${shape} ${around[1]}`, language));
    document.body.append(line);
    const value = line.querySelector("bdi.value");
    const node = value?.firstChild;
    if (!value || value.textContent !== shape || value.getClientRects().length !== 1) bad.push(`${shape}: in pieces`);
    else {
      const place = [...shape].map((_, at) => {
        const one = document.createRange();
        one.setStart(node, at);
        one.setEnd(node, at + 1);
        return one.getBoundingClientRect().left;
      });
      if (place.some((left, at) => at > 0 && left < place[at - 1] - 0.01)) bad.push(`${shape}: turned round`);
    }
    line.remove();
  }
  return bad;
}"""
AROUND = {"ar": ("السفينة عند", "ثم تتجه شمالا"), "fa": ("شناور در", "است و می‌پیچد")}


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_values_keep_their_geometry(opened: Opening, language: str) -> None:
    """40 shapes, two languages, three widths: one box each, its characters from left to right."""
    seen = opened(language, "hearing")
    assert len(SHAPES) == len(set(SHAPES)) == 40
    for width in (320, 560, 900):
        assert seen.page.evaluate(GEOMETRY, [language, width, list(SHAPES), list(AROUND[language])]) == []


ORDER = (Path(__file__).parent / "order.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ar", "fa"])
@pytest.mark.parametrize("step", ["reading", "altered", "sealed"])
def test_a_position_is_a_pair_on_every_screen(opened: Opening, language: str, step: str) -> None:
    """In captions, in the text that is read aloud and on the slip: latitude left of longitude, on one line."""
    seen = opened(language, step)
    latitudes, longitudes = seen.page.evaluate(ORDER)
    assert len(latitudes) >= 2
    for latitude, longitude in zip(latitudes, longitudes, strict=False):
        assert latitude[0] <= longitude[0] and latitude[1] == longitude[1]


def test_draft_shows_values_whole_and_keeps_none_of_the_marks(opened: Opening) -> None:
    """The field of the draft takes no elements: invisible marks do it there, and what is kept has none."""
    seen = opened("fa", "drafting")
    seen.page.fill("#draft-text", "شناور در 25-34.5N 056-12.3E است")
    seen.until("() => document.querySelector('#draft-text').value.includes('\\u206625-34.5N 056-12.3E\\u2069')")
    seen.until("() => document.querySelector('.draft-state').textContent !== ''")
    for _ in range(200):
        if seen.fake.acts("Edited"):
            break
        seen.page.wait_for_timeout(20)
    assert seen.fake.acts("Edited")[-1]["fields"] == {"text": "شناور در 25-34.5N 056-12.3E است"}


def test_digits_and_dates_are_latin_and_utc(opened: Opening) -> None:
    """Whatever the language: no local digit on the screen, times with Z, local times with their offset."""
    for language in ("ar", "fa"):
        seen = opened(language, "returned")
        text = seen.page.inner_text("#page")
        assert not any(one in text for one in "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")
        assert seen.page.inner_text(".utc").endswith("Z")
        assert "+04:00" in text and "+03:30" in text


def test_policy_is_kept_and_a_breach_is_seen(opened: Opening) -> None:
    """The test's own eyes work: markup from a string is reported, and nothing else ever was."""
    seen = opened("en", "altered")
    assert seen.page.evaluate("window.reports") == []
    seen.page.evaluate("() => { try { document.createElement('p').innerHTML = 'x'; } catch {} }")
    seen.until("() => window.reports.length > 0")
    assert seen.problems
    seen.problems.clear()
