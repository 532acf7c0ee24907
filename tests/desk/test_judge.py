"""The judge of meaning that comes with the product, on words as the comparison shows them."""

from __future__ import annotations

import shutil
from pathlib import Path

import onnxruntime
import pytest

from bridge.desk.judge import FOLDER, JudgeMissingError, MeaningJudge
from bridge.relay.meaning import Opinion

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


def said(judge: MeaningJudge, sealed: list[str], heard: list[str]) -> Opinion:
    opinion = judge.judge(sealed, heard)
    assert opinion is not None
    return opinion


@pytest.fixture(scope="module")
def judge() -> MeaningJudge:
    return MeaningJudge()


@pytest.mark.parametrize("language", ["fa", "ar"])
@pytest.mark.parametrize("other", [SENT, ADDED], ids=["negation dropped", "sentence added"])
def test_an_alteration_is_likelier_than_a_faithful_text(
    judge: MeaningJudge, language: str, other: dict[str, list[str]]
) -> None:
    """It understands both languages well enough to tell them apart."""
    faithful, altered = said(judge, SEALED, FAITHFUL[language]), said(judge, SEALED, other[language])
    assert altered.altered > faithful.altered


@pytest.mark.parametrize("language", ["fa", "ar"])
def test_an_added_sentence_is_found_where_it_stands(judge: MeaningJudge, language: str) -> None:
    """The likeliest wrong word is one of the added ones."""
    wrong = said(judge, SEALED, ADDED[language]).heard
    assert wrong.index(max(wrong)) >= len(FAITHFUL[language])


def test_every_word_has_an_answer(judge: MeaningJudge) -> None:
    """One chance a word, between 0 and 1, for texts up to well over 200 words."""
    for sealed, heard in ((SEALED, ["x"]), (["#"], SEALED), (SEALED * 20, SEALED * 20)):
        opinion = said(judge, sealed, heard)
        assert (len(opinion.sealed), len(opinion.heard)) == (len(sealed), len(heard))
        assert all(0 <= one <= 1 for one in (opinion.altered, *opinion.sealed, *opinion.heard))


def test_it_has_no_opinion_on_what_it_cannot_read_whole(judge: MeaningJudge) -> None:
    """Doubts about the end of a long text are not taken back by who has read the beginning."""
    assert judge.judge(SEALED * 60, SEALED) is None
    assert judge.judge(SEALED, SEALED * 60) is None


def test_the_same_words_give_the_same_answer(judge: MeaningJudge) -> None:
    """A verdict can be made again."""
    assert judge.judge(SEALED, FAITHFUL["ar"]) == judge.judge(SEALED, FAITHFUL["ar"])
    assert MeaningJudge().judge(SEALED, SENT["fa"]) == judge.judge(SEALED, SENT["fa"])


@pytest.mark.parametrize("word", ["\u202eevil", "<b>", "\x00", "\ud7ff", "𝔘𝔫𝔦", "a" * 500, "▁", ""])
def test_no_word_breaks_it(judge: MeaningJudge, word: str) -> None:
    """What was heard comes from outside."""
    opinion = said(judge, [word], [*SEALED, word])
    assert len(opinion.heard) == len(SEALED) + 1


@pytest.mark.parametrize("name", ["judge.onnx", "words.model"])
def test_a_missing_or_damaged_file_is_said(tmp_path: Path, name: str) -> None:
    """The station goes on with its tables alone."""
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / name).unlink()
    with pytest.raises(JudgeMissingError) as missing:
        MeaningJudge(folder)
    assert missing.value.code == "judge-missing"
    (folder / name).write_bytes(b"not a model")
    with pytest.raises(JudgeMissingError):
        MeaningJudge(folder)


def test_its_runtime_reports_to_nobody() -> None:
    """Later versions open a store of events and a network client of their own by being imported."""
    library = next((Path(onnxruntime.__file__).parent / "capi").glob("onnxruntime_pybind11_state*.so"))
    assert b"OneDsTelemetry" not in library.read_bytes()
