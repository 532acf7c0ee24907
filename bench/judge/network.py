"""The judge's network: a multilingual sentence encoder read as a judge of two texts, word piece by word piece.

A BERT encoder (12 layers of 384) begun from multilingual-e5-small reads each text by itself; two comparisons lay every
place beside what the other text has for it. They say whether the texts differ, and of every place whether that piece
has no like in the other text.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS, WIDTH, HEADS, INNER, PLACES = 12, 384, 12, 1536, 512
UPPER, NARROW, UPPER_HEADS, TOLD = 2, 128, 4, 128
LOW, ALIKE = 4, 8
"""Encoder layers: after the first a place still says more of its word than of the sentence; after the second, words of
two languages that mean the same lie nearest to each other."""
SEEN, SEEN_HEADS, WIDE = 384, 6, 192
"""The second comparison: numbers of a place that are compared, its ways to align, and its width."""
EPS = 1e-12
Outputs: TypeAlias = tuple[Tensor, Tensor, Tensor]
Encoded: TypeAlias = tuple[Tensor, Tensor, Tensor, Tensor]


class Layer(nn.Module):
    """One encoder layer, normalised after each half (the original BERT order)."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(width, width) for _ in range(4))
        self.fi, self.fo = nn.Linear(width, inner), nn.Linear(inner, width)
        self.aln, self.oln = nn.LayerNorm(width, EPS), nn.LayerNorm(width, EPS)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x`: batch, place, width; `mask`: batch, 1, 1, place, zero or very low."""
        b, n, width = x.shape
        q, k, v = (part(x).view(b, n, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        scores = q @ k.transpose(2, 3) / math.sqrt(width // self.heads) + mask
        seen = torch.softmax(scores, -1) @ v
        x = self.aln(x + self.drop(self.ao(seen.transpose(1, 2).reshape(b, n, width))))
        return self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))  # type: ignore[no-any-return]


class Network(nn.Module):
    """Two texts in; a logit for the pair and one for every place of each text out.

    Each text is encoded by itself, so that the encoder's common space of languages serves as it is; every place is
    then laid beside what the other text has for it, and a few layers over both texts judge the comparison.
    """

    def __init__(self, pieces: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.word, self.pos = nn.Embedding(pieces, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.eln = nn.LayerNorm(WIDTH, EPS)
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, INNER, 0.0) for _ in range(LAYERS))
        self.drop = nn.Dropout(dropout)
        self.middle, self.mean = nn.Parameter(torch.zeros(WIDTH)), nn.Parameter(torch.zeros(WIDTH))
        self.likeness = nn.Linear(WIDTH, WIDTH, bias=False)
        nn.init.eye_(self.likeness.weight)
        self.sharpness = nn.Parameter(torch.tensor(2.7))
        self.beside = nn.Sequential(nn.Linear(4 * WIDTH + 4, NARROW), nn.GELU(), nn.LayerNorm(NARROW))
        self.tell, self.told = nn.Linear(2 * WIDTH, TOLD, bias=False), nn.Linear(2 * TOLD + 4, NARROW, bias=False)
        nn.init.orthogonal_(self.tell.weight)
        nn.init.zeros_(self.told.weight)
        self.side = nn.Embedding(2, NARROW)
        self.upper = nn.ModuleList(Layer(NARROW, UPPER_HEADS, 4 * NARROW, dropout) for _ in range(UPPER))
        self.pair, self.each = nn.Linear(2 * NARROW, 1), nn.Linear(NARROW, 1)
        self.second = Second(dropout)

    def encode(self, pieces: Tensor, lengths: Tensor) -> Encoded:
        """Pieces of texts (padded after `lengths`) as vectors, after `ALIKE` layers and after all; the places' mask;
        what the second comparison sees of them."""
        places = torch.arange(pieces.shape[1])
        x = self.eln(self.word(pieces) + self.pos(places))
        mask = torch.where(places[None, :] < lengths[:, None], 0.0, -1e4).to(x.dtype)
        low = alike = x
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, mask[:, None, None, :])
            if number == LOW:
                low = x
            if number == ALIKE:
                alike = x
        return alike, x, mask, self.second.see(low, alike - self.middle, x - self.mean)

    def forward(self, sealed: Tensor, sealed_lengths: Tensor, heard: Tensor, heard_lengths: Tensor) -> Outputs:
        """Logits: of the batch; of batch and place, for the sealed and for the heard texts."""
        return self.judge(self.encode(sealed, sealed_lengths), self.encode(heard, heard_lengths))

    def means(self, alike: Tensor, x: Tensor) -> Tensor:
        """What each place means, of length 1: words that mean the same lie near, contraries and other names do not."""
        return functional.normalize(self.tell(torch.cat((alike - self.middle, x - self.mean), -1)), dim=-1)

    def judge(self, sealed: Encoded, heard: Encoded) -> Outputs:
        """As `forward`, of encoded texts."""
        our_mask, their_mask = sealed[2], heard[2]
        one = functional.normalize(self.likeness(sealed[0] - self.middle), dim=-1)
        other = functional.normalize(self.likeness(heard[0] - self.middle), dim=-1)
        alike = one @ other.transpose(1, 2)
        our_means, their_means = self.means(*sealed[:2]), self.means(*heard[:2])
        ours, theirs = self.drop(sealed[1] - self.mean), self.drop(heard[1] - self.mean)
        x = torch.cat(
            (
                self._compare(ours, theirs, our_means, their_means, alike, their_mask, 0),
                self._compare(theirs, ours, their_means, our_means, alike.transpose(1, 2), our_mask, 1),
            ),
            1,
        )
        mask = torch.cat((our_mask, their_mask), 1)
        more, more_each = self.second(sealed[3], heard[3], our_mask, their_mask, x)
        for layer in self.upper:
            x = layer(x, mask[:, None, None, :])
        each = self.each(x).squeeze(-1) + more_each
        pair = self.pair(_pooled(x, mask)).squeeze(-1) + more
        return pair, each[:, : ours.shape[1]], each[:, ours.shape[1] :]

    def _compare(
        self, own: Tensor, other: Tensor, means: Tensor, meant: Tensor, alike: Tensor, mask: Tensor, side: int
    ) -> Tensor:
        """Each place of a text beside what the other has for it; both are moved to the middle of all."""
        chances = torch.softmax(alike * torch.exp(self.sharpness) + mask[:, None, :], -1)
        facing = chances @ other
        two = torch.topk(alike + mask[:, None, :], 2, -1).values
        back = (chances * torch.softmax(alike * torch.exp(self.sharpness), 1)).amax(-1, keepdim=True)
        beside = torch.cat(
            (own, facing, own - facing, own * facing, 4 * two, 4 * back, chances.amax(-1, keepdim=True)), -1
        )
        faced = functional.normalize(chances @ meant, dim=-1)
        near = means @ meant.transpose(1, 2)
        nearest = torch.topk(near + mask[:, None, :], 2, -1).values
        faces = (near * chances).sum(-1, keepdim=True)
        product = means * faced
        told = torch.cat(
            (
                TOLD * product,
                TOLD**0.5 * (means - faced).abs(),
                *(4 * one for one in (nearest, faces, product.sum(-1, keepdim=True))),
            ),
            -1,
        )
        first, *rest = self.beside
        x = first(beside) + self.told(told)
        for step in rest:
            x = step(x)
        return x + self.side.weight[side]  # type: ignore[no-any-return]


class Second(nn.Module):
    """A second comparison whose logits are added to the first's: it sees words as the low layers know them, too, and
    aligns them in several ways at once."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.lowest = nn.Parameter(torch.zeros(WIDTH))
        self.seen, self.even = nn.Linear(3 * WIDTH, SEEN), nn.LayerNorm(SEEN)
        self.sharp = nn.Parameter(torch.full((SEEN_HEADS,), 2.7))
        self.compared, self.before = nn.Linear(4 * SEEN, WIDE), nn.Linear(NARROW, WIDE)
        self.norm, self.drop = nn.LayerNorm(WIDE), nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(WIDE, SEEN_HEADS, 2 * WIDE, dropout) for _ in range(UPPER))
        self.pair, self.each = nn.Linear(2 * WIDE, 1), nn.Linear(WIDE, 1)
        nn.init.orthogonal_(self.seen.weight)
        for last in (self.pair, self.each):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def see(self, low: Tensor, alike: Tensor, x: Tensor) -> Tensor:
        """Of each place what is compared."""
        return self.even(self.seen(torch.cat((low - self.lowest, alike, x), -1)))  # type: ignore[no-any-return]

    def forward(
        self, ours: Tensor, theirs: Tensor, our_mask: Tensor, their_mask: Tensor, first: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of the batch, and of batch and place, the heard text's after the sealed; `first`: what the first
        comparison has before its layers."""
        one, other = self._parts(ours), self._parts(theirs)
        near = functional.normalize(one, dim=-1) @ functional.normalize(other, dim=-1).transpose(2, 3)
        near = near * torch.exp(self.sharp)[:, None, None]
        beside = torch.cat(
            (
                self._beside(one, other, near, their_mask),
                self._beside(other, one, near.transpose(2, 3), our_mask),
            ),
            1,
        )
        mask = torch.cat((our_mask, their_mask), 1)
        x = self.norm(functional.gelu(self.compared(self.drop(beside)) + self.before(first)))
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return self.pair(_pooled(x, mask)).squeeze(-1), self.each(x).squeeze(-1)

    @staticmethod
    def _parts(x: Tensor) -> Tensor:
        return x.view(x.shape[0], x.shape[1], SEEN_HEADS, -1).transpose(1, 2)

    @staticmethod
    def _beside(own: Tensor, other: Tensor, near: Tensor, mask: Tensor) -> Tensor:
        facing = torch.softmax(near + mask[:, None, None, :], -1) @ other
        every = torch.cat((own, facing, own - facing, own * facing), -1).transpose(1, 2)
        return every.reshape(every.shape[0], every.shape[1], -1)


def _pooled(x: Tensor, mask: Tensor) -> Tensor:
    """The mean and the most of all places."""
    seen = (mask == 0).to(x.dtype)
    mean = (x * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
    return torch.cat((mean, (x + mask[..., None]).amax(1)), -1)


def begin(path: Path) -> Network:
    """A network with the weights of the pre-trained encoder, its heads new."""
    base = np.load(path)
    net = Network(len(base["word"]))
    with torch.no_grad():
        net.word.weight.copy_(torch.from_numpy(base["word"]))
        net.pos.weight.copy_(torch.from_numpy(base["pos"][:PLACES] + base["type"].reshape(-1, WIDTH)[0]))
        net.eln.weight.copy_(torch.from_numpy(base["elnw"]))
        net.eln.bias.copy_(torch.from_numpy(base["elnb"]))
        for at, layer in enumerate(net.layers):
            for name, parameter in layer.named_parameters():
                short = name.replace(".weight", ".w").replace(".bias", ".b")
                parameter.copy_(torch.from_numpy(base[f"l{at}.{short}"]))
    return net
