"""The judge of meaning that comes with the product, on words as the comparison shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bridge.desk.judge import FOLDER, JudgeMissing, MeaningJudge

SEALED = "please do not send any boat before our doctor has left the island".split()
FAITHFUL = {
    "fa": "لطفا پیش از آنکه پزشک ما جزیره را ترک کند هیچ قایقی نفرستید".split(),
    "ar": "نرجو ألا ترسلوا أي زورق قبل أن يغادر طبيبنا الجزيرة".split(),
}
SENT = {
    "fa": "لطفا پیش از آنکه پزشک ما جزیره را ترک کند یک قایق بفرستید".split(),
    "ar": "نرجو أن ترسلوا زورقا قبل أن يغادر طبيبنا الجزيرة".split(),
}
ADDED = {
    "fa": [*FAITHFUL["fa"], *"سربازان ما در ساحل منتظر شما هستند".split()],
    "ar": [*FAITHFUL["ar"], *"جنودنا في انتظاركم على الشاطئ".split()],
}


@pytest.fixture(scope="module")
def judge() -> MeaningJudge:
    return MeaningJudge()


@pytest.mark.parametrize("language", ["fa", "ar"])
@pytest.mark.parametrize("other", [SENT, ADDED], ids=["negation dropped", "sentence added"])
def test_an_alteration_is_likelier_than_a_faithful_text(
    judge: MeaningJudge, language: str, other: dict[str, list[str]]
) -> None:
    """It understands both languages well enough to tell them apart."""
    faithful, altered = judge.judge(SEALED, FAITHFUL[language]), judge.judge(SEALED, other[language])
    assert altered.altered > faithful.altered


@pytest.mark.parametrize("language", ["fa", "ar"])
def test_an_added_sentence_is_found_where_it_stands(judge: MeaningJudge, language: str) -> None:
    """The likeliest wrong word is one of the added ones."""
    wrong = judge.judge(SEALED, ADDED[language]).heard
    assert wrong.index(max(wrong)) >= len(FAITHFUL[language])


def test_every_word_has_an_answer(judge: MeaningJudge) -> None:
    """One chance a word, between 0 and 1, for texts of any length."""
    for sealed, heard in ((SEALED, ["x"]), (["#"], SEALED), (SEALED * 60, SEALED * 60)):
        opinion = judge.judge(sealed, heard)
        assert (len(opinion.sealed), len(opinion.heard)) == (len(sealed), len(heard))
        assert all(0 <= one <= 1 for one in (opinion.altered, *opinion.sealed, *opinion.heard))


def test_the_same_words_give_the_same_answer(judge: MeaningJudge) -> None:
    """A verdict can be made again."""
    assert judge.judge(SEALED, FAITHFUL["ar"]) == judge.judge(SEALED, FAITHFUL["ar"])
    assert MeaningJudge().judge(SEALED, SENT["fa"]) == judge.judge(SEALED, SENT["fa"])


@pytest.mark.parametrize("word", ["\u202eevil", "<b>", "\x00", "\ud7ff", "𝔘𝔫𝔦", "a" * 5000, "▁", ""])
def test_no_word_breaks_it(judge: MeaningJudge, word: str) -> None:
    """What was heard comes from outside."""
    opinion = judge.judge([word], [*SEALED, word])
    assert len(opinion.heard) == len(SEALED) + 1


@pytest.mark.parametrize("name", ["judge.onnx", "words.model"])
def test_a_missing_or_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    """The station goes on with its tables alone."""
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / name).unlink()
    with pytest.raises(JudgeMissing) as missing:
        MeaningJudge(folder)
    assert missing.value.code == "judge-missing"
    (folder / name).write_bytes(b"not a model")
    with pytest.raises(JudgeMissing):
        MeaningJudge(folder)
