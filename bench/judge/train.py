"""Teach the judge's network from marked messages.

Usage: python -m bench.judge.train BASE WORDS.model OUT.pt MINUTES SEED FILE...
BASE: the encoder (`.npz`) or a network to go on with (`.pt`). FILE: marked messages; a folder stands for its files.
Needs torch, which the product does not. Every text of a group is encoded once and judged beside several others.
"""

from __future__ import annotations

import multiprocessing as mp
import random
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.queues import Queue
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor
from torch.nn import functional

from bench.judge import held
from bench.judge.material import LANGUAGES, Group, Maker, load
from bench.judge.network import PLACES, Network, begin

GROUPS, PAIRS, POOL = 4, 12, 40
"""Groups a step; pairs of each, half of them of one state; steps whose groups are sorted by length together."""
RATE, HEAD_RATE, WARM = 1.2e-4, 7.0e-4, 50
"""Peak learning rates of the encoder and of what is above it; steps until they are reached."""
WRONG_WEIGHT, SMOOTH, FALL = 2.0, 0.03, 0.7
"""Weight of a wrong place against a right one; what a label lacks to certainty; share of the time while rates fall."""
ENCODER = ("word.", "pos.", "eln.", "layers.")
FIXED = ("word.", "pos.", "eln.", "layers.0.", "layers.1.", "layers.2.", "layers.3.")
"""Left as they are: they know words that no message here holds."""
Texts = tuple[Tensor, Tensor]


def files(names: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        path = Path(name)
        found += sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return found


def groups(names: Sequence[str], seed: int) -> Iterator[Group]:
    """Groups without end; the files are read anew each round."""
    rng, maker = random.Random(seed), Maker(seed)
    while True:
        messages = [one for one in load(files(names)) if not held.is_held(one.name)]
        rng.shuffle(messages)
        for one in messages:
            made = maker.make(one)
            if made is not None:
                yield made


def _produce(names: Sequence[str], seed: int, out: Queue[list[Group]]) -> None:
    torch.set_num_threads(1)
    pool: list[Group] = []
    for one in groups(names, seed):
        pool.append(one)
        if len(pool) == GROUPS * POOL:
            pool.sort(key=lambda group: max(len(text.words) for text in group.texts.values()))
            batches = [pool[at : at + GROUPS] for at in range(0, len(pool), GROUPS)]
            random.Random(seed).shuffle(batches)
            for batch in batches:
                out.put(batch)
            pool = []


class Coder:
    """Texts as tensors."""

    def __init__(self, model: Path) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self.count = self._pieces.vocab_size()

    def sequence(self, words: Sequence[str]) -> tuple[list[int], list[int]]:
        """Pieces of a text, and for each the number of its word, -1 for signs."""
        pieces, numbers = [0], [-1]
        for number, word in enumerate(words):
            coded = self._pieces.encode(word)
            pieces += coded
            numbers += [number] * len(coded)
        return [*pieces[: PLACES - 1], 2], [*numbers[: PLACES - 1], -1]

    def texts(self, texts: Sequence[Sequence[str]]) -> tuple[Texts, list[list[int]]]:
        """Pieces (padded) and lengths, and the words' numbers of each."""
        rows = [self.sequence(text) for text in texts]
        pieces = torch.ones((len(rows), max(len(row[0]) for row in rows)), dtype=torch.long)
        for at, (coded, _) in enumerate(rows):
            pieces[at, : len(coded)] = torch.tensor(coded)
        return (pieces, torch.tensor([len(row[0]) for row in rows])), [row[1] for row in rows]


def pairs(group: Group, rng: random.Random) -> list[tuple[int, int, bool]]:
    """Pairs of a group's texts by number, and whether they differ; half of them do."""
    keys = [(code, state) for code in LANGUAGES for state in (0, 1)]
    every = [(a, b, keys[a][1] != keys[b][1]) for a in range(6) for b in range(6) if keys[a][0] != keys[b][0]]
    same, other = [one for one in every if not one[2]], [one for one in every if one[2]]
    return rng.sample(same, PAIRS // 2) + rng.sample(other, PAIRS // 2)


def loss(net: Network, coder: Coder, batch: Sequence[Group], rng: random.Random) -> tuple[Tensor, Tensor]:
    """Of pairs, and of places."""
    texts = [group.texts[code, state] for group in batch for code in LANGUAGES for state in (0, 1)]
    (pieces, lengths), numbers = coder.texts([text.words for text in texts])
    differs = torch.full(pieces.shape, -1.0)
    for at, (text, row) in enumerate(zip(texts, numbers, strict=True)):
        differs[at, : len(row)] = torch.tensor([float(text.differs[n]) if n >= 0 else -1.0 for n in row])
    chosen = [(6 * at + a, 6 * at + b, c) for at, group in enumerate(batch) for a, b, c in pairs(group, rng)]
    ours, theirs = torch.tensor([one[0] for one in chosen]), torch.tensor([one[1] for one in chosen])
    altered = torch.tensor([float(one[2]) for one in chosen])
    with torch.autocast("cpu", torch.bfloat16):
        alike, all_, mask = net.encode(pieces, lengths)
        pair, own, said = net.judge((alike[ours], all_[ours], mask[ours]), (alike[theirs], all_[theirs], mask[theirs]))
    each = torch.cat((own, said), 1).float()
    marks = torch.cat((differs[ours], differs[theirs]), 1)
    known = marks >= 0
    by_place = functional.binary_cross_entropy_with_logits(
        each, marks.clamp(min=0) * altered[:, None], reduction="none", pos_weight=torch.tensor(WRONG_WEIGHT)
    )
    wanted = altered * (1 - 2 * SMOOTH) + SMOOTH
    return functional.binary_cross_entropy_with_logits(pair.float(), wanted), (by_place * known).sum() / known.sum()


def main(arguments: Sequence[str]) -> None:
    base, words, out, minutes, seed, *names = arguments
    torch.manual_seed(int(seed))
    rng = random.Random(seed)
    coder = Coder(Path(words))
    net = centred(begin(Path(base)), coder, groups(names, 0)) if base.endswith(".npz") else again(Path(base))
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(not name.startswith(FIXED))
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    body, upper = ([p for name, p in named if name.startswith(ENCODER) is below] for below in (True, False))
    optimizer = torch.optim.AdamW([{"params": body}, {"params": upper}], lr=0.0, weight_decay=0.01, fused=True)
    queue: Queue[list[Group]] = mp.get_context("fork").Queue(64)
    worker = mp.get_context("fork").Process(target=_produce, args=(names, int(seed), queue), daemon=True)
    worker.start()
    began, limit, step = time.monotonic(), float(minutes) * 60, 0
    sums = [0.0, 0.0]
    net.train()
    while (spent := (time.monotonic() - began) / limit) < 1:
        scale = min(1.0, step / WARM) * min(1.0, (1 - spent) / FALL)
        for group, rate in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * scale
        pair, places = loss(net, coder, queue.get(), rng)
        optimizer.zero_grad()
        (pair + places).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        sums = [sums[0] + float(pair.detach()), sums[1] + float(places.detach())]
        if step % 200 == 0:
            print(f"{spent * limit:6.0f} s step {step} pair {sums[0] / 200:.3f} places {sums[1] / 200:.3f}", flush=True)
            sums = [0.0, 0.0]
        if step % 1000 == 0:
            torch.save(net.state_dict(), out)
            held.report(net, coder)
    torch.save(net.state_dict(), out)
    held.report(net, coder)
    worker.kill()


def centred(net: Network, coder: Coder, made: Iterator[Group]) -> Network:
    """The network with the middle of its vectors measured: all lie in one narrow cone around it."""
    texts = [text.words for _ in range(40) for text in next(made).texts.values()]
    with torch.no_grad():
        alike, all_, mask = net.encode(*coder.texts(texts)[0])
        net.middle.copy_(alike[mask == 0].mean(0))
        net.mean.copy_(all_[mask == 0].mean(0))
    return net


def again(path: Path) -> Network:
    """A network as it was saved."""
    state = torch.load(path)
    net = Network(state["word.weight"].shape[0])
    net.load_state_dict(state)
    return net


if __name__ == "__main__":
    main(sys.argv[1:])
