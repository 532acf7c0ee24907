"""The judge of meaning that comes with the product: a small language model for English, Arabic and Persian.

It opens its two files and runs; it decides nothing about a relay. Nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import sentencepiece

from bridge.base.errors import World
from bridge.relay.meaning import Opinion

FOLDER = Path(__file__).parent / "model"
LONGEST = 512
"""Word pieces of a text that the model reads; a message of 200 words has about 300. It has no opinion on a longer one:
what it has not read it cannot take back."""
_BEGIN, _END = 0, 2
_THREADS = 2


class JudgeMissingError(World):
    """The model's files are not there or cannot be read: facts alone are compared."""

    code = "judge-missing"


class MeaningJudge:
    """One model in memory (about 150 MB). `judge` takes some 0.1 s for two texts of 50 words and may be called from
    any thread, one at a time."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load the model: about half a second.

        Raises:
            JudgeMissingError: a file is not there or is none of the kind.
        """
        try:
            self._words = sentencepiece.SentencePieceProcessor(model_file=str(folder / "words.model"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = _THREADS
            # Threads that wait for work by spinning would take a core from the line for a moment after each answer.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._model = onnxruntime.InferenceSession(
                str(folder / "judge.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise classes of their own for a damaged file
            raise JudgeMissingError(f"judge of meaning in {folder.name}: {error}") from error

    def judge(self, sealed: Sequence[str], heard: Sequence[str]) -> Opinion | None:
        """See `bridge.relay.meaning.Judge`; no opinion on a text longer than `LONGEST`.

        Raises:
            JudgeMissingError: the runtime failed, as when memory is short.
        """
        ours, own = self._coded(sealed)
        theirs, said = self._coded(heard)
        if max(len(own), len(said)) > LONGEST:
            return None
        try:
            altered, lost, made = self._model.run(None, {"sealed": ours, "heard": theirs})
        except Exception as error:  # the runtime's own classes
            raise JudgeMissingError(f"judge of meaning: {error}") from error
        return Opinion(float(altered[0]), _by_word(lost[0], own, len(sealed)), _by_word(made[0], said, len(heard)))

    def _coded(self, words: Sequence[str]) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], list[int]]:
        """Pieces of a text, shape (1, n), and the number of the word that each belongs to, -1 for signs."""
        pieces, numbers = [_BEGIN], [-1]
        for number, word in enumerate(words):
            coded = self._words.encode(word)
            pieces += coded
            numbers += [number] * len(coded)
        return np.array([[*pieces, _END]], dtype=np.int64), [*numbers, -1]


def _by_word(
    chances: np.ndarray[tuple[int], np.dtype[np.float32]], numbers: Sequence[int], count: int
) -> tuple[float, ...]:
    """The likeliest piece of each word."""
    found = [0.0] * count
    for chance, number in zip(chances.tolist(), numbers, strict=True):
        if number >= 0:
            found[number] = max(found[number], chance)
    return tuple(found)
