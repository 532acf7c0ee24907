"""What is heard otherwise than it was said, and what only looks like a fact, across languages."""

from __future__ import annotations

import pytest

from bridge.relay.across import found_across, readings
from bridge.relay.across_heard import as_meant
from bridge.relay.across_read import read_across
from bridge.relay.facts import Finding

pytestmark = pytest.mark.pure


def _found(sealed: str, heard: str, languages: tuple[str, str]) -> list[Finding]:
    return found_across(sealed, heard, languages)[1]


def _readings(heard: str, language: str) -> list[str]:
    return [" ".join(token.text for token in line) for line in readings(heard, language)[1]]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("they carry know ammunition", "they carry no ammunition"),
        ("know weapons will be fired", "no weapons will be fired"),
        ("know more than 5", "no more than 5"),
    ],
)
def test_no_that_was_written_as_know(heard: str, meant: str) -> None:
    assert list(as_meant(heard, "en", read_across("سلاحی ندارند", "fa"))) == [heard, meant]


@pytest.mark.parametrize("heard", ["we know that you know", "our officers know the area", "do you know"])
def test_the_verb_stays(heard: str) -> None:
    assert list(as_meant(heard, "en", read_across("سلاحی ندارند", "fa"))) == [heard]


@pytest.mark.parametrize(
    ("sealed", "language"), [("خلبانان هر مسیری را می‌دانند", "fa"), ("الطيارون يعرفون كل طريق", "ar")]
)
def test_where_something_is_known_no_denial_is_read_into_it(sealed: str, language: str) -> None:
    heard = "the pilots know every route"
    assert list(as_meant(heard, "en", read_across(sealed, language))) == [heard]


def test_a_denial_is_heard_through_it_and_its_loss_is_not() -> None:
    sealed = "مهماتی همراه ندارند."
    assert not [one for one in _found(sealed, "they carry know ammunition", ("fa", "en")) if one.kind == "negation"]
    assert [one for one in _found(sealed, "they carry ammunition", ("fa", "en")) if one.kind == "negation"]


def test_a_name_that_begins_like_a_hesitation() -> None:
    assert any("umm qasr" in one for one in _readings("the entrance to umm qasr is blocked", "en"))
    assert all("umm" not in one for one in _readings("the entrance umm is blocked", "en"))


@pytest.mark.parametrize(
    ("heard", "language", "left"),
    [
        ("در ارتفاع پنجاه و هفت هزار نه اشتباه گفتم 52000 پا", "fa", "در ارتفاع 52000 پا"),
        ("على بعد ١٦ ميلا ميلا بحريا غرب مصيرة", "ar", "علی بعد 16 میلا بحریا غرب مصیره"),
    ],
)
def test_what_was_taken_back_or_begun_twice_is_gone(heard: str, language: str, left: str) -> None:
    assert _readings(heard, language)[0] == left


@pytest.mark.parametrize(
    ("heard", "language", "left"),
    [
        ("the flight will not carry cameras please", "en", "the flight will not carry cameras"),
        ("we hold 33 hostages please read it back", "en", "we hold 33 hostages"),
        ("در کانال ده پاسخ دهید لطفا", "fa", "در کانال ده پاسخ دهید"),
    ],
)
def test_a_closing_please_may_be_the_operator_s(heard: str, language: str, left: str) -> None:
    assert left in _readings(heard, language)


def test_an_opening_please_is_the_message_s() -> None:
    assert _readings("please answer on channel ten", "en") == ["please answer on channel ten"]


def test_else_after_nobody_is_no_condition() -> None:
    assert not [token for token in read_across("we have told no one else", "en").tokens if token.tag == "cond"]
    assert [token for token in read_across("stop else we fire", "en").tokens if token.tag == "cond"]


def test_the_thirtieth_as_it_is_said() -> None:
    assert _found("Return it before 30 June.", "پیش از سیم ژوئن برگردانید", ("en", "fa")) == []
    assert _found("Return it before 30 June.", "پیش از بیستم ژوئن برگردانید", ("en", "fa")) != []


def test_a_verb_written_apart_is_one_word_of_both() -> None:
    tokens = read_across("آنان می توانند بیایند", "fa").tokens
    assert [(token.start, token.end) for token in tokens] == [(0, 1), (1, 3), (3, 4)]


def test_a_call_sign_beside_a_number() -> None:
    sealed = "Your frigate tracked our aircraft Albatross Six for 40 seconds."
    heard = "ناوچه شما ۴۰ ثانیه هواپیمای ما آلباتروس شش را دنبال کرد"
    assert [one for one in _found(sealed, heard, ("en", "fa")) if one.kind == "number"] == []
    wrong = heard.replace("۴۰", "۱۴")
    assert [one for one in _found(sealed, wrong, ("en", "fa")) if one.kind == "number"]


def test_a_name_in_one_word_or_three() -> None:
    heard = "جنوب رأس‌الکوه دیده شد"
    assert [one for one in _found("It was seen south of Ras al Kuh.", heard, ("en", "fa")) if one.kind == "name"] == []
