"""Pre-agreed texts: the list, what is sent, read back and said."""

from __future__ import annotations

import dataclasses

import pytest

from bridge.relay.coded import CodedError, CodedList, CodedText, Wording
from bridge.relay.message import Message
from bridge.relay.sealed_text import EXERCISE_MARKS, compose
from bridge.relay.serials import Serial
from tests.relay.relay_samples import message

pytestmark = pytest.mark.pure

STOP = CodedText(
    "GULF",
    12,
    (
        Wording("en", "Stop and report", "We ask you to stop all movement and report your position."),
        Wording("ar", "قف وأبلغ", "نطلب منكم وقف كل حركة والإبلاغ عن موقعكم."),
        Wording("fa", "توقف و گزارش", "از شما می\u200cخواهیم هر حرکتی را متوقف و موقعیت خود را گزارش کنید."),
    ),
)
TEST = CodedText(
    "GULF",
    3,
    (
        Wording("en", "Line test", "This is a test of the line."),
        Wording("ar", "اختبار الخط", "هذا اختبار للخط."),
        Wording("fa", "آزمایش خط", "این آزمایش خط است."),
    ),
)
LIST = CodedList([STOP, TEST])


def coded(language: str = "en", exercise: bool = False, coded: str = "GULF 12") -> Message:
    text = compose(STOP.wording(language).text, language, exercise)
    made = message(language, text)
    return dataclasses.replace(made, coded=coded, serial=Serial("us", 7, exercise))


def test_what_is_sent_and_read_back() -> None:
    """Code and number are sent; the number digit by digit and the title come back."""
    assert STOP.name == "GULF 12"
    assert STOP.read_back("en") == "GULF 1 2, Stop and report"
    assert STOP.read_back("fa") == "GULF 1 2, توقف و گزارش"


@pytest.mark.parametrize(
    ("number", "title", "language", "right"),
    [
        (12, "stop and report", "en", True),
        (12, "توقف و گزارش", "fa", True),
        (12, "Line test", "en", False),
        (3, "Stop and report", "en", False),
        (12, "Stop and report", "ar", False),
    ],
)
def test_both_number_and_title_guard(number: int, title: str, language: str, right: bool) -> None:
    """A number with the title of another text is no read-back."""
    assert STOP.is_read_back(number, title, language) is right


@pytest.mark.parametrize("spoken", ["en", "ar", "fa"])
@pytest.mark.parametrize("exercise", [False, True])
def test_each_side_hears_its_own_language(spoken: str, exercise: bool) -> None:
    """The text said on the other line is the agreed one, marked in an exercise."""
    said = LIST.to_say(coded(exercise=exercise), spoken)
    assert said.endswith(STOP.wording(spoken).text)
    assert said.startswith(EXERCISE_MARKS[spoken]) is exercise


def test_what_is_said_and_what_comes_back() -> None:
    """Code, number and title in the line's language; the relay adds the text. An exercise is marked."""
    said, back = LIST.to_relay(coded(), "fa"), LIST.to_read_back(coded(), "fa")
    assert back == "GULF 1 2, توقف و گزارش"
    assert said == f"{back}. {STOP.wording('fa').text}"
    for text in (LIST.to_relay(coded(exercise=True), "ar"), LIST.to_read_back(coded(exercise=True), "ar")):
        assert text.startswith(EXERCISE_MARKS["ar"])
    for wrong in (LIST.to_relay, LIST.to_read_back):
        with pytest.raises(CodedError):
            wrong(dataclasses.replace(coded(), text="We ask you to stop."), "fa")


def test_a_coded_message_says_what_was_agreed() -> None:
    """Another text under the number, another number, or no coded message at all is refused."""
    altered = dataclasses.replace(coded(), text="We ask you to stop.")
    for wrong in (altered, coded(coded="GULF 13"), coded(coded="NONE")):
        with pytest.raises(CodedError):
            LIST.to_say(wrong, "fa")
    with pytest.raises(CodedError):
        LIST.to_say(coded(), "de")


def test_the_list_has_check_words() -> None:
    """Both stations compute the same words, in whatever order the list was given; one letter changes them."""
    assert CodedList([TEST, STOP]).check_words("en") == LIST.check_words("en")
    first = STOP.wordings[0]
    changed = dataclasses.replace(
        STOP, wordings=(dataclasses.replace(first, text=first.text + "!"), *STOP.wordings[1:])
    )
    assert CodedList([changed, TEST]).check_words("en") != LIST.check_words("en")
    assert [one.number for one in LIST.texts] == [3, 12]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "gulf"},
        {"code": "GULFGULFG"},
        {"number": 0},
        {"number": 10000},
        {"wordings": STOP.wordings[:2]},
        {"wordings": (*STOP.wordings, STOP.wordings[0])},
        {"wordings": (Wording("en", "a", "Ж"), *STOP.wordings[1:])},
        {"wordings": (Wording("en", "t" * 81, "a"), *STOP.wordings[1:])},
    ],
)
def test_texts_that_cannot_be(changes: dict[str, object]) -> None:
    """A text is whole in every language or is none."""
    with pytest.raises(CodedError):
        dataclasses.replace(STOP, **changes)  # type: ignore[arg-type]


def test_lists_that_cannot_be() -> None:
    """No number and no title stands for two texts."""
    same_title = dataclasses.replace(TEST, wordings=(STOP.wordings[0], *TEST.wordings[1:]))
    same_number = dataclasses.replace(TEST, number=12)
    for wrong in ([STOP, same_title], [STOP, same_number]):
        with pytest.raises(CodedError):
            CodedList(wrong)
