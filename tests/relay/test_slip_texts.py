"""What may be sealed and carried: characters, values, and what a message or return can be."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.message import Kind, Originator
from bridge.relay.returns import NOBODY, Outcome, Person, ReplyState, Return, Stage, Tracer
from bridge.relay.sealed_text import TEXT_LIMIT, ZWNJ, TextError, alphabet, compose, require
from bridge.relay.serials import Serial
from bridge.relay.slip import WIDTH, wrap
from tests.relay.relay_samples import TEXTS, message

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_samples_can_be_sealed(language: str) -> None:
    """Composed texts of the three languages pass, and composing them again changes nothing."""
    require(TEXTS[language], language)
    assert compose(TEXTS[language], language) == TEXTS[language]


@pytest.mark.parametrize(
    ("raw", "language", "composed"),
    [
        ("  Two\tboats \n at 12° ", "en", "Two boats at 12°"),
        ("“No”, he’s – gone", "en", '"No", he\'s - gone'),
        ("كتاب ۱۲ و ٣٤", "ar", "كتاب 12 و 34"),
        ("کتاب علی", "ar", "كتاب علي"),
        ("كتاب علي", "fa", "کتاب علی"),
        ("خانۀ ما", "fa", "خانهٔ ما"),
        ("می" + ZWNJ + "رود", "fa", "می" + ZWNJ + "رود"),
        ("كـتاب", "ar", "كتاب"),
    ],
)
def test_compose(raw: str, language: str, composed: str) -> None:
    """One digit set, the language's own letters, plain quotes, single spaces: shown and read back, nothing hidden."""
    assert compose(raw, language) == composed
    require(composed, language)


@pytest.mark.parametrize(
    ("text", "language", "at"),
    [
        ("a\u202eb", "en", 1),
        ("a\u200fb", "fa", 1),
        ("a\tb", "en", 1),
        ("a\u00a0b", "en", 1),
        ("a|b", "en", 1),
        ("tеn", "en", 1),
        ("كتاب", "fa", 0),
        ("ی", "ar", 0),
        ("۱۲", "fa", 0),
        ("\ufefb", "ar", 0),
        ("a  b", "en", 2),
        (" a", "en", 0),
        ("a ", "en", 1),
        ("\u064eكتاب", "ar", 0),
        ("a\u064e", "ar", 1),
        ("ك\u064e\u064e", "ar", 2),
        ("ب\u0654", "fa", 1),
        ("در" + ZWNJ + "خت", "fa", 2),
        ("می" + ZWNJ, "fa", 2),
        ("می" + ZWNJ + "a", "fa", 2),
        ("a " + "x" * 57, "en", 2),
        ("", "en", 0),
        ("x " * TEXT_LIMIT, "en", 0),
    ],
)
def test_what_cannot_be_sealed(text: str, language: str, at: int) -> None:
    """Invisible, misleading, doubled or of another alphabet: refused, with the place."""
    with pytest.raises(TextError) as caught:
        require(text, language)
    assert caught.value.at == at


def test_marks_in_their_order() -> None:
    """Vowel signs that look the same in either order have one order."""
    require("مد\u064e\u0651ة", "ar")
    with pytest.raises(TextError, match="NFC"):
        require("مد\u0651\u064eة", "ar")


def test_no_such_language() -> None:
    """A language without an alphabet seals nothing."""
    with pytest.raises(TextError):
        alphabet("de")
    with pytest.raises(TextError):
        require("a", "de")
    assert compose("a  b", "de") == "a b"


@given(st.text(max_size=60), st.sampled_from(["en", "ar", "fa"]))
def test_composing_twice_changes_nothing_more(raw: str, language: str) -> None:
    """What is read back is what is sealed."""
    once = compose(raw, language, exercise=True)
    assert compose(once, language, exercise=True) == once


@given(st.lists(st.text("abc", min_size=1, max_size=56), min_size=1, max_size=40))
def test_lines(words: list[str]) -> None:
    """Lines hold the words in order, never too wide, and no word would have fitted on the line before."""
    lines = wrap(" ".join(words))
    assert " ".join(lines).split(" ") == words
    assert all(len(line) <= WIDTH for line in lines)
    for line, after in itertools.pairwise(lines):
        assert len(line) + 1 + len(after.split(" ")[0]) > WIDTH


@pytest.mark.parametrize(
    "changes",
    [
        {"originator": Originator(rank="General")},
        {"originator": Originator(tier="10")},
        {"originator": Originator(name="")},
        {"dtg": "321435Z NOV 26"},
        {"dtg": "231435Z Nov 26"},
        {"dtg": "231435Z NOV 2026"},
        {"coded": "12"},
        {"to_side": "us"},
        {"to_side": "IR"},
        {"language": "de"},
        {"kind": Kind.REPLY},
        {"cites": Serial("ir", 1)},
        {"kind": Kind.REPLY, "cites": Serial("ir", 1, True)},
        {"kind": Kind.CORRECTION, "cites": Serial("us", 7)},
        {"kind": Kind.REPLY, "cites": Serial("om", 1)},
        {"serial": Serial("us", 7, True)},
    ],
    ids=str,
)
def test_messages_that_cannot_be(changes: dict[str, object]) -> None:
    """A message is valid once built."""
    with pytest.raises(TextError):
        dataclasses.replace(message(), **changes)  # type: ignore[arg-type]


def test_every_field_counts() -> None:
    """A message that differs in any field has another hash."""
    one = message()
    others = [
        dataclasses.replace(one, serial=Serial("us", 8)),
        dataclasses.replace(one, to_side="om"),
        dataclasses.replace(one, addressee="A. Rad"),
        dataclasses.replace(one, reply="By noon"),
        dataclasses.replace(one, text=one.text + "."),
        dataclasses.replace(one, originator=dataclasses.replace(one.originator, role="Watch")),
        dataclasses.replace(one, kind=Kind.REPLY, cites=Serial("ir", 1)),
        dataclasses.replace(one, kind=Kind.CORRECTION, cites=Serial("ir", 1)),
    ]
    assert len({other.digest() for other in [one, *others]}) == len(others) + 1


GOOD = Return(
    Serial("us", 7), 1, "231502Z NOV 26", Stage.RECEIPT, Outcome.OPEN, Person("A. Rad"), NOBODY, ReplyState.OWED, "en"
)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 0},
        {"number": 10000},
        {"dtg": "now"},
        {"heard_by": Person("Ж")},
        {"acknowledged_by": Person("A. Rad")},
        {"stage": Stage.ACKNOWLEDGEMENT},
        {"stage": Stage.CLOSED},
        {"outcome": Outcome.REFUSED},
        {"stage": Stage.CLOSED, "outcome": Outcome.ACKNOWLEDGED},
        {"text": ""},
    ],
    ids=str,
)
def test_returns_that_cannot_be(changes: dict[str, object]) -> None:
    """An acknowledgement names its officer and nothing else does; an outcome closes and nothing else does."""
    with pytest.raises(TextError):
        dataclasses.replace(GOOD, **changes)  # type: ignore[arg-type]


def test_returns_and_tracers_have_hashes_of_their_own() -> None:
    """The same fields on another form are another thing."""
    tracer = Tracer(GOOD.cites, 1, GOOD.dtg, "en")
    assert len({GOOD.digest(), tracer.digest(), dataclasses.replace(tracer, number=2).digest()}) == 3
    with pytest.raises(TextError):
        dataclasses.replace(tracer, number=0)
