"""The comparison across languages: facts, names and clauses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.relay.batch import compare_batch
from bridge.relay.fidelity import Comparison, Verdict, compare
from bridge.relay.translit import may_be_one

pytestmark = pytest.mark.pure

EN = (
    "Your drone RT-09 is 11 nautical miles north of Larak. We will not fire if it turns away before 0920Z. "
    "Please answer on channel 10."
)
FA = (
    "پهپاد شما RT-09 در 11 مایلی دریایی شمال لارک است. اگر پیش از ساعت 0920 زولو دور شود، شلیک نخواهیم کرد. "
    "لطفاً در کانال 10 پاسخ دهید."
)
AR = (
    "مسيرتكم RT-09 على بعد 11 ميلاً بحرياً شمال لارك. لن نطلق النار إذا ابتعدت قبل الساعة 0920 زولو. "
    "نرجو الرد على القناة 10."
)
HEARD_EN = (
    "your drone romeo tango zero nine is eleven nautical miles north of larak we will not fire if it turns away "
    "before oh nine twenty zulu please answer on channel ten"
)
CHANGES = [
    ("eleven", "seventeen", "number"),
    ("nautical miles", "kilometres", "unit"),
    ("north", "south", "direction"),
    ("will not", "will", "negation"),
    ("before", "after", "order"),
    ("please", "you must", "modality"),
    ("your drone", "our drone", "role"),
    ("larak", "lavan", "name"),
    (" please answer on channel ten", "", "omission"),
]


def judged(sealed: str, language: str, heard: str = HEARD_EN) -> Comparison:
    return compare(sealed, heard, language, "en")


@pytest.mark.parametrize(("sealed", "language"), [(FA, "fa"), (AR, "ar")])
def test_a_true_translation_is_quiet(sealed: str, language: str) -> None:
    """And says what it did not check."""
    result = judged(sealed, language)
    assert result.verdict is Verdict.EQUIVALENT, result.findings
    assert result.unchecked


@pytest.mark.parametrize(("old", "new", "kind"), CHANGES)
@pytest.mark.parametrize(("sealed", "language"), [(FA, "fa"), (AR, "ar")])
def test_a_changed_fact_is_found(sealed: str, language: str, old: str, new: str, kind: str) -> None:
    """Whatever the language of the sealed text."""
    result = judged(sealed, language, HEARD_EN.replace(old, new))
    assert kind in {finding.kind for finding in result.findings}


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        (
            "fa",
            "پهپاد شما رومئو تانگو صفر نه در یازده مایلی دریایی شمال لارک است اگر پیش از ساعت نه و بیست دقیقه زولو "
            "دور شود شلیک نخواهیم کرد لطفا در کانال یک صفر پاسخ دهید",
        ),
        (
            "ar",
            "مسيرتكم روميو تانغو صفر تسعة على بعد أحد عشر ميلا بحريا شمال لارك لن نطلق النار إذا ابتعدت قبل الساعة "
            "التاسعة وعشرين دقيقة زولو نرجو الرد على القناة عشرة",
        ),
    ],
)
def test_english_heard_in_other_languages_is_quiet(language: str, heard: str) -> None:
    """The other way round."""
    result = compare(EN, heard, "en", language)
    assert result.verdict is Verdict.EQUIVALENT, result.findings


def test_a_corrected_number_is_taken_as_corrected() -> None:
    """Every plausible reading of a correction is tried."""
    heard = HEARD_EN.replace("eleven", "twelve sorry correction eleven")
    assert judged(FA, "fa", heard).verdict is Verdict.EQUIVALENT


def test_a_stream_across_languages_omits_nothing() -> None:
    """What has not been said is no omission."""
    result = compare(FA, "your drone romeo tango zero nine is eleven nautical miles", "fa", "en", complete=False)
    assert result.verdict is Verdict.EQUIVALENT


@pytest.mark.parametrize(("one", "other", "same"), [("samson", "سامسون", True), ("nahid", "نوید", False)])
def test_names_are_compared_by_their_consonants(one: str, other: str, same: bool) -> None:
    """Across scripts, in either direction."""
    assert may_be_one(one, other) is same


def test_batch_gives_one_line_a_pair() -> None:
    """Blank lines are passed over."""
    pair = {"id": "1", "sealed": "Turn east.", "heard": "turn west", "sealed_language": "en", "heard_language": "en"}
    shown = [json.loads(line) for line in compare_batch([json.dumps(pair), "\n"])]
    assert [(row["id"], row["verdict"]) for row in shown] == [("1", "altered")]
    assert shown[0]["findings"] == [{"class": "direction", "sealed": "east.", "heard": "west", "span": [1, 2]}]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "1"}'])
def test_batch_names_the_bad_line(line: str) -> None:
    """The caller learns which one."""
    with pytest.raises(ValueError, match="line 1: "):
        list(compare_batch([line]))


def test_the_sample_of_the_form() -> None:
    """Faithful pairs are quiet and alterations flagged, but for the few that are known."""
    path = Path(__file__).resolve().parents[3] / "shared" / "fidelity" / "sample.jsonl"
    if not path.exists():
        pytest.skip("the sample pairs are not beside the repository")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    shown = [json.loads(line) for line in compare_batch(path.read_text("utf-8").splitlines())]
    flagged = [row["verdict"] in ("check", "altered") for row in shown]
    wrong = [row["id"] for row, flag in zip(rows, flagged, strict=True) if flag != (row["label"] == "altered")]
    assert len(wrong) <= 3, wrong
