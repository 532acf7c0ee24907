"""Every sentence is there in English, Arabic and Persian, and every code of the station has one."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.base.terms import Health, Precedence, Role
from bridge.base.terms import Outcome as CallOutcome
from bridge.desk import duty, ports
from bridge.desk.alarms import ACTIONS, UNKNOWN
from bridge.relay import giving_states, taking_states
from bridge.relay.commands import Blocker
from bridge.relay.events import HeaderField
from bridge.relay.facts import FACTS
from bridge.relay.giving_events import Match
from bridge.relay.message import Identity, Kind
from bridge.relay.precedence import Hop
from bridge.relay.ranks import Judgement
from bridge.relay.returns import Outcome, ReplyState
from bridge.relay.taking import Notice

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "bridge" / "desk" / "static"
LANGUAGES = ("en", "ar", "fa")
ROW = re.compile(r'^  "([^"]+)": "(.*)",$', re.M)
SENT = re.compile(r'(?<![A-Za-z0-9_])(?:"([a-z][a-z-]*\.[A-Za-z0-9 .-]+)"|`([a-z][a-z.-]*\.)\$\{)')


def sentences(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in ("", "-work", "-acts", "-review", "-passkeys"):
        rows = ROW.findall((STATIC / "locale" / f"{language}{part}.js").read_text(encoding="utf-8"))
        assert not found.keys() & {key for key, _ in rows}
        found |= dict(rows)
    return found


TABLES = {language: sentences(language) for language in LANGUAGES}


def values(kind: type[enum.Enum]) -> list[str]:
    return [str(one.value) for one in kind]


def words_of_the_station() -> Iterator[tuple[str, str]]:
    """Prefix and code of everything that the station can send and the page says in words."""
    named: dict[str, type[enum.Enum]] = {
        "blocker": Blocker,
        "precedence": Precedence,
        "kind": Kind,
        "identity": Identity,
        "outcome": CallOutcome,
        "end": Outcome,
        "reply": ReplyState,
        "match": Match,
        "hop": Hop,
        "parity": Judgement,
        "header": HeaderField,
        "role": Role,
        "health": Health,
        "warning": Notice,
        "state.taking": taking_states.State,
        "state.giving": giving_states.State,
    }
    for prefix, words in named.items():
        yield from ((prefix, code) for code in values(words))
    yield from (("finding", one) for one in {*FACTS.values(), "omission", "addition", "substitution", "clause"})
    yield from (("alarm", name) for name in ACTIONS)
    yield from (("do", action) for action in {*ACTIONS.values(), UNKNOWN})
    yield from (("code", code) for code in ports.STATUS)
    yield from (("test", test) for test in duty.TESTS)
    yield from (("test-result", result) for result in duty.RESULTS)
    for item in (
        "number time date dtg duration position bearing distance speed call-sign name negation modality"
        " condition hedge order direction"
    ).split():
        yield "slot", item


def refusals() -> set[str]:
    """Codes of refusals, as the rooms below the page write them."""
    found = set()
    for file in ("desk/acts.py", "desk/duty.py", "desk/line_acts.py", "lines/board.py"):
        text = (ROOT / "bridge" / file).read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:ActError|DutyError|CommandRefusedError)\(\s*"([a-z-]+)"', text))
    return found


@pytest.mark.pure
@pytest.mark.parametrize("language", ["ar", "fa"])
def test_every_sentence_has_its_translation(language: str) -> None:
    """The same keys with the same places for values, none of them empty."""
    for key, text in TABLES["en"].items():
        other = TABLES[language].get(key, "")
        assert other, key
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", other)), key
    assert TABLES[language].keys() == TABLES["en"].keys()


@pytest.mark.pure
@pytest.mark.parametrize("language", ["ar", "fa"])
def test_translations_use_their_own_letters_and_latin_digits(language: str) -> None:
    """No local digits, no direction marks, and of the look-alike letters the language's own."""
    foreign = {"ar": "[یکۀپچژگ]", "fa": "[يىكة]"}[language]
    for key, text in TABLES[language].items():
        assert not re.search(r"[٠-٩۰-۹\u200e\u200f\u202a-\u202e\u2066-\u2069]", text), key
        assert not re.search(foreign, text), key


@pytest.mark.pure
def test_every_word_of_the_station_has_a_sentence() -> None:
    missing = [f"{prefix}.{code}" for prefix, code in words_of_the_station() if f"{prefix}.{code}" not in TABLES["en"]]
    missing += [f"code.{code}" for code in sorted(refusals()) if f"code.{code}" not in TABLES["en"]]
    assert missing == []


@pytest.mark.pure
def test_every_key_in_the_scripts_has_a_sentence_and_every_sentence_a_use() -> None:
    used, prefixes = set(), set()
    for file in STATIC.rglob("*.js"):
        if file.parent.name not in ("locale", "door", "sound"):
            for key, prefix in SENT.findall(file.read_text(encoding="utf-8")):
                used.add(key)
                prefixes.add(prefix)
    known = {key.split(".")[0] for key in TABLES["en"]}
    asked = {key for key in used if key and key.split(".")[0] in known and not key.endswith((".js", ".css"))}
    assert sorted(asked - TABLES["en"].keys()) == []
    made = {one for one in prefixes if one} | {f"{prefix}." for prefix, _ in words_of_the_station()}
    idle = [key for key in TABLES["en"] if key not in used and not key.startswith(tuple(made)) and "act." not in key]
    assert idle == []


@pytest.mark.pure
def test_door_speaks_three_languages() -> None:
    """The sign-in page's own sentences, which need no session."""
    text = (STATIC / "door" / "words.js").read_text(encoding="utf-8")
    tables = re.findall(r"^  (en|ar|fa): \{\n(.*?)^  \},", text, re.M | re.S)
    keys = [set(re.findall(r'^    "?([a-z-]+)"?: ".+",$', body, re.M)) for _, body in tables]
    assert len(keys) == 3 and keys[0] == keys[1] == keys[2] and len(keys[0]) > 8


@pytest.mark.pure
def test_modules_are_short_and_write_text_only() -> None:
    """No markup from strings, no foreign host, no build: what stands here is what runs."""
    for file in STATIC.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, file
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            file
        )
        assert not re.search(r"https?://[a-z]", text.replace("http://www.w3.org", "")), file
        assert "event.key" not in text, f"{file}: keys count by their place"
