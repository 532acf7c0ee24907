"""Teach the judge's network from marked messages.

Usage: python -m bench.judge.train BASE WORDS.model OUT.pt MINUTES SEED [OPTIONS] FILE...
OPTIONS: --rates SHARE, --whole SHARE, --lexicon TSV.
BASE: the encoder (`.npz`) or a network to go on with (`.pt`). FILE: marked messages; a folder stands for its files.
Needs torch, which the product does not. Every text of a group is encoded once and judged beside several others.
"""

from __future__ import annotations

import argparse
import copy
import multiprocessing as mp
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import permutations
from multiprocessing.queues import Queue
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor
from torch.nn import functional

from bench.judge import held
from bench.judge.entries import Entries, Entry
from bench.judge.material import LANGUAGES, WHOLE, Group, Maker, files, load, names
from bench.judge.network import LOW, PLACES, Network, begin

GROUPS, PAIRS, POOL = 4, 12, 40
"""Groups a step; pairs of each, half of them of one state; steps whose groups are sorted by length together."""
RATE, HEAD_RATE, WARM = 1.2e-4, 7.0e-4, 50
"""Peak learning rates of the encoder and of what is above it; steps until they are reached."""
WRONG_WEIGHT, SMOOTH, FALL = 2.0, 0.03, 0.7
"""Weight of a wrong place against a right one; what a label lacks to certainty; share of the time while rates fall."""
LOOK = 200
"""Steps between two printed lines."""
EVERY, KEPT = 10, 0.97
"""Steps between two looks at the weights, and what their mean keeps at each: that of some 300 steps is saved."""
ENCODER = ("word.", "pos.", "eln.", "layers.")
FIXED = ("word.", "pos.", "eln.", "layers.0.", "layers.1.", "layers.2.", "layers.3.")
"""Left as they are: they know words that no message here holds."""
LATER = "second."
"""What a network of earlier days lacks begins with this: it begins without effect."""
SHARP, SPANS, LEXICON, ROWS, TRUST = 15.0, 0.5, 1.0, 64, 0.9
"""Factor of likenesses; weights of the losses of places that differ and of the lexicon; its rows in a step; how sure
they are."""
ENTRIES = 4
"""One step in so many is the lexicon's."""
Texts = tuple[Tensor, Tensor]


def groups(paths: Sequence[str], seed: int, whole: float = WHOLE) -> Iterator[Group]:
    """Groups without end; the files are read anew each round."""
    rng, maker = random.Random(seed), Maker(seed, whole=whole)
    while True:
        messages = [one for one in load(files(paths)) if not held.is_held(one.name)]
        rng.shuffle(messages)
        maker.names = names(messages)
        for one in messages:
            made = maker.make(one)
            if made is not None:
                yield made


def _produce(paths: Sequence[str], seed: int, whole: float, out: Queue[list[Group]]) -> None:
    torch.set_num_threads(1)
    pool: list[Group] = []
    for one in groups(paths, seed, whole):
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


def loss(net: Network, coder: Coder, batch: Sequence[Group], rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Of pairs, of places, and of what the places that differ mean."""
    texts = [group.texts[code, state] for group in batch for code in LANGUAGES for state in (0, 1)]
    (pieces, lengths), numbers = coder.texts([text.words for text in texts])
    differs = torch.full(pieces.shape, -1.0)
    for at, (text, row) in enumerate(zip(texts, numbers, strict=True)):
        differs[at, : len(row)] = torch.tensor([float(text.differs[n]) if n >= 0 else -1.0 for n in row])
    chosen = [(6 * at + a, 6 * at + b, c) for at, group in enumerate(batch) for a, b, c in pairs(group, rng)]
    ours, theirs = torch.tensor([one[0] for one in chosen]), torch.tensor([one[1] for one in chosen])
    altered = torch.tensor([float(one[2]) for one in chosen])
    with torch.autocast("cpu", torch.bfloat16):
        encoded = net.encode(pieces, lengths)
        pair, own, said = net.judge(*(tuple(one[at] for one in encoded) for at in (ours, theirs)))
        alike, all_, *_ = encoded
        means = net.means(alike, all_).float()
    each = torch.cat((own, said), 1).float()
    marks = torch.cat((differs[ours], differs[theirs]), 1)
    known = marks >= 0
    by_place = functional.binary_cross_entropy_with_logits(
        each, marks.clamp(min=0) * altered[:, None], reduction="none", pos_weight=torch.tensor(WRONG_WEIGHT)
    )
    wanted = altered * (1 - 2 * SMOOTH) + SMOOTH
    return (
        functional.binary_cross_entropy_with_logits(pair.float(), wanted),
        (by_place * known).sum() / known.sum(),
        _apart(means, differs > 0),
    )


def _apart(means: Tensor, differs: Tensor) -> Tensor:
    """Places that differ between two states must be likest to those of their own state in the other languages."""
    counts = differs.sum(1)
    spans = functional.normalize((means * differs[..., None]).sum(1), dim=-1).view(
        -1, len(LANGUAGES), 2, means.shape[2]
    )
    spans = spans[(counts.view(-1, 2 * len(LANGUAGES)) > 0).all(1)]
    if not len(spans):
        return means.sum() * 0
    near = torch.einsum("gasd,gbtd->gabst", spans, spans)
    apart = ~torch.eye(len(LANGUAGES), dtype=torch.bool)
    right = torch.stack((near[:, apart, 0, 0], near[:, apart, 1, 1]), -1)
    wrong = torch.stack((near[:, apart, 0, 1], near[:, apart, 1, 0]), -1)
    return functional.softplus(SHARP * (wrong - right)).mean()


def told_apart(net: Network, coder: Coder, rows: Sequence[Entry]) -> Tensor:
    """Each entry must be likest to its own translations among those of all rows."""
    texts = [(at, code, said) for at, row in enumerate(rows) for code, said in enumerate(row) if said]
    (pieces, lengths), numbers = coder.texts([said.split() for _, _, said in texts])
    within = torch.zeros(pieces.shape)
    for at, row in enumerate(numbers):
        within[at, : len(row)] = torch.tensor([float(n >= 0) for n in row])
    with torch.autocast("cpu", torch.bfloat16):
        alike, all_, *_ = net.encode(pieces, lengths)
        means = net.means(alike, all_).float()
    vectors = functional.normalize((means * within[..., None]).sum(1), dim=-1)
    place = {(at, code): number for number, (at, code, _) in enumerate(texts)}
    losses = [means.sum() * 0]
    for one, other in permutations(range(len(LANGUAGES)), 2):
        both = [at for at in range(len(rows)) if (at, one) in place and (at, other) in place]
        if len(both) > 1:
            near = vectors[[place[at, one] for at in both]] @ vectors[[place[at, other] for at in both]].T
            losses.append(functional.cross_entropy(SHARP * near, torch.arange(len(both)), label_smoothing=1 - TRUST))
    return torch.stack(losses).sum() / max(1, len(losses) - 1)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    for name in ("base", "words", "out", "minutes", "seed"):
        parser.add_argument(name)
    parser.add_argument("--rates", type=float, default=1.0, help="share of the peak rates")
    parser.add_argument("--whole", type=float, default=WHOLE, help="share of whole messages")
    parser.add_argument("--lexicon", type=Path, help="rows of bench.judge.lexicon")
    parser.add_argument("paths", nargs="+")
    asked = parser.parse_args(arguments)
    base, words, out, minutes, seed, paths = (
        asked.base, asked.words, asked.out, asked.minutes, asked.seed, asked.paths
    )  # fmt: skip
    torch.manual_seed(int(seed))
    rng = random.Random(seed)
    coder = Coder(Path(words))
    net = centred(begin(Path(base)) if base.endswith(".npz") else again(Path(base)), coder, groups(paths, 0))
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(not name.startswith(FIXED))
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    body, upper = ([p for name, p in named if name.startswith(ENCODER) is below] for below in (True, False))
    optimizer = torch.optim.AdamW([{"params": body}, {"params": upper}], lr=0.0, weight_decay=0.01, fused=True)
    queue: Queue[list[Group]] = mp.get_context("fork").Queue(64)
    worker = mp.get_context("fork").Process(target=_produce, args=(paths, int(seed), asked.whole, queue), daemon=True)
    worker.start()
    mean = copy.deepcopy(net).requires_grad_(False)
    began, limit, step = time.monotonic(), float(minutes) * 60, 0
    entries = Entries(asked.lexicon, load(files(paths)), int(seed)) if asked.lexicon else None
    sums = [0.0] * 4
    net.train()
    while (spent := (time.monotonic() - began) / limit) < 1:
        scale = min(1.0, step / WARM) * min(1.0, (1 - spent) / FALL)
        for group, rate in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * asked.rates * scale
        if entries and step % ENTRIES == 1:
            losses = [*torch.zeros(3), told_apart(net, coder, entries.handful(ROWS))]
        else:
            losses = [*loss(net, coder, queue.get(), rng), torch.zeros(())]
        optimizer.zero_grad()
        torch.stack([part * one for part, one in zip((1.0, 1.0, SPANS, LEXICON), losses, strict=True)]).sum().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % EVERY == 0:
            _lean(mean, net, min(KEPT, step / (step + 100)))
        sums = [so_far + float(one.detach()) for so_far, one in zip(sums, losses, strict=True)]
        if step % LOOK == 0:
            of_lexicon = LOOK / ENTRIES if entries else 0
            looks = (*[LOOK - of_lexicon] * 3, max(1, of_lexicon))
            shown = zip(("pair", "places", "meant", "lexicon"), sums, looks, strict=True)
            told = (f"{name} {total / count:.3f}" for name, total, count in shown)
            print(f"{spent * limit:6.0f} s step {step}", *told, flush=True)
            sums = [0.0] * 4
        if step % 1000 == 0:
            torch.save(mean.state_dict(), out)
            held.report(mean, coder)
    torch.save(mean.state_dict(), out)
    held.report(mean, coder)
    worker.kill()


def _lean(mean: Network, net: Network, kept: float) -> None:
    """Move the mean of the weights toward the weights."""
    with torch.no_grad():
        for one, other in zip(mean.parameters(), net.parameters(), strict=True):
            if other.requires_grad:
                one.lerp_(other, 1 - kept)


def centred(net: Network, coder: Coder, made: Iterator[Group]) -> Network:
    """The network with the middles of its vectors measured where they are unknown: all lie in one narrow cone around
    them."""
    texts = [text.words for _ in range(40) for text in next(made).texts.values()]
    low: list[Tensor] = []
    hook = net.layers[LOW - 1].register_forward_hook(lambda *seen: low.append(seen[2]))
    with torch.no_grad():
        alike, all_, mask, _ = net.encode(*coder.texts(texts)[0])
        hook.remove()
        for middle, vectors in ((net.middle, alike), (net.mean, all_), (net.second.lowest, low[0])):
            if not middle.any():
                middle.copy_(vectors[mask == 0].mean(0))
    return net


def again(path: Path) -> Network:
    """A network as it was saved."""
    state = torch.load(path)
    net = Network(state["word.weight"].shape[0])
    missing, unknown = net.load_state_dict(state, strict=False)
    if unknown or not all(name.startswith(LATER) for name in missing):
        raise ValueError(f"{path} is of another network: {missing} {unknown}")
    return net


if __name__ == "__main__":
    main(sys.argv[1:])
