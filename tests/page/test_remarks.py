"""What the station measured stands beside the message, and its reasons, in the words of the page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.page.conftest import Opening, Seen
from tests.page.test_locale import TABLES

POSITION = {
    "kind": "position",
    "forms": ["25-34.5N 056-12.3E"],
    "name": "",
    "chars": [0, 18],
    "agrees": False,
    "apart_m": 18520,
    "reason": "apart",
    "reference": {"en": "Fixed Point", "ar": "النقطة الثابتة", "fa": "نقطهٔ ثابت"},
    "distance_m": 37040,
    "error_m": 100,
    "bearing_deg": 271.6,
}
JUMP = {"kind": "jump", "name": "ALPHA 12", "forms": [], "apart_m": 55560, "since_s": 600, "knots": 180}
REASON = "same tier 1; 2 codes apart (1 code apart by another table)"
DETAILS = (
    ("not-compared", "relay"),
    ("not-compared", "read-back in said"),
    ("not-compared", "relay: nothing is in doubt"),
    ("not-compared", "compared with another text"),
    ("outcome", "reply NOT STATED"),
    ("outcome", "REFUSED in answered"),
    ("outcome", "nobody was called"),
    ("stated", "nobody of the ladder has tier 3"),
    ("stated", "the ladder of the addressee's side is empty"),
    ("slots-unknown", "draft 3"),
    ("nobody-named", "the addressee was not asked for"),
)


def put(seen: Seen, **changed: Any) -> None:
    name, message = next((key, one) for key, one in seen.fake.sections.items() if key.startswith("message/"))
    assert isinstance(message, dict)
    seen.fake.put(name, {**message, **changed})


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_what_was_measured_is_told(opened: Opening, language: str) -> None:
    """Distance and bearing from the agreed point, two forms apart, a jump: the figures whole, the words translated."""
    seen = opened(language, "answered")
    put(seen, remarks=[POSITION, JUMP])
    seen.until("() => document.querySelectorAll('.remark').length === 2")
    position, jump = (one.inner_text() for one in seen.page.query_selector_all(".remark"))
    words = TABLES[language]
    assert all(one in position for one in ("25-34.5N 056-12.3E", "18.5 km", "37.0 km", "272°"))
    assert str(POSITION["reference"][language]) in position  # type: ignore[index]
    assert jump == words["remark.jump"].format(name="ALPHA 12", distance="55.6 km")
    assert words["remark.apart"].format(distance="18.5 km") in position
    put(seen, remarks=[])
    seen.until("() => !document.querySelector('.remark')")


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_standing_of_two_officers_is_told(opened: Opening, language: str) -> None:
    seen = opened(language, "answered")
    put(seen, parity={"judgement": "warn", "reason": REASON, "offers_ladder": True})
    seen.until("() => document.querySelector('[data-parity=warn]')")
    told, words = seen.page.inner_text("[data-parity=warn]"), TABLES[language]
    parts = (
        words["parity-why.same-tier"].format(tier="1"),
        words["parity-why.apart"].format(count="2"),
        words["parity-why.other-table"].format(found=words["parity-why.apart"].format(count="1")),
    )
    assert told == words["parity.warn"].format(reason=" · ".join(parts))


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_details_of_reasons_are_translated(opened: Opening, language: str) -> None:
    """No Latin word of the station is left; a word of the message stays as it was written."""
    seen = opened(language, "answered")
    told = seen.page.evaluate(
        """async (blocks) => {
          const { detailed } = await import('/static/live/details.js');
          return blocks.map(([blocker, detail]) => detailed({ blocker, detail }).textContent);
        }""",
        [*DETAILS, ("slot-open", "relay")],
    )
    assert told.pop() == "relay"
    assert not re.search("[A-Za-z]", json.dumps(told, ensure_ascii=False)), told
    assert all(told)


@pytest.mark.parametrize(
    ("was", "now", "struck"),
    [
        ("1430", "1430.", ""),
        ("1430 turn", "1430 turns", "turn"),
        ("at 1420 they", "at 1430 they", "1420"),
        ("nine", "five", "nine"),
    ],
)
def test_a_word_is_not_struck_beside_itself(opened: Opening, was: str, now: str, struck: str) -> None:
    """Only what stands there no more is struck, even if it was taken back and heard again."""
    seen = opened("en", "hearing")
    name, caption = next((key, one) for key, one in seen.fake.sections.items() if key.startswith("caption/"))
    assert isinstance(caption, dict)
    changed = [{"was": was, "now": now, "at_word": 0, "utc": "2026-11-23T10:00:00Z"}]
    words = {"text": f"{now} end", "words": [], "firm_words": 9, "revised": changed, "marks": []}
    seen.fake.put(name, {**caption, **words})  # type: ignore[dict-item]
    seen.until("(text) => document.querySelector('.said').textContent.includes(text)", now.split()[0])
    shown = [one.inner_text() for one in seen.page.query_selector_all(".said >> nth=0 >> del") if one.is_visible()]
    assert " ".join(shown) == struck


def test_local_digits_keep_their_order(opened: Opening) -> None:
    """A position in local digits, heard in a text from right to left: its parts from left to right."""
    seen = opened("fa", "hearing")
    name, caption = next((key, one) for key, one in seen.fake.sections.items() if key.startswith("caption/"))
    assert isinstance(caption, dict)
    text = "شناور در ٢٥-٣٤ است"
    seen.fake.put(name, {**caption, "text": text, "words": [], "revised": [], "marks": []})
    seen.until("() => document.querySelector('.said').textContent.includes('٢٥-٣٤')")
    places = seen.page.evaluate(
        """() => {
          const walk = document.createTreeWalker(document.querySelector('.said'), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) if (walk.currentNode.textContent.includes('٢٥')) {
            const at = (from) => {
              const one = document.createRange();
              one.setStart(walk.currentNode, from);
              one.setEnd(walk.currentNode, from + 1);
              return one.getBoundingClientRect().left;
            };
            return [...walk.currentNode.textContent].map((_, index) => at(index));
          }
        }"""
    )
    assert places == sorted(places) and len(places) == 5
