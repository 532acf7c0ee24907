"""The judge's network: a multilingual sentence encoder read as a judge of two texts, word piece by word piece.

A BERT encoder (12 layers of 384) begun from multilingual-e5-small; both texts in one sequence, told apart by type. Two
heads: the first place says whether the texts differ, every place whether that piece has no like in the other text.
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
ALIKE = 8
"""The encoder layer after which words of two languages that mean the same lie nearest to each other."""
EPS = 1e-12
Outputs: TypeAlias = tuple[Tensor, Tensor, Tensor]
Encoded: TypeAlias = tuple[Tensor, Tensor, Tensor]


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

    def encode(self, pieces: Tensor, lengths: Tensor) -> Encoded:
        """Pieces of texts (padded after `lengths`) as vectors, after `ALIKE` layers and after all; the places' mask."""
        places = torch.arange(pieces.shape[1])
        x = self.eln(self.word(pieces) + self.pos(places))
        mask = torch.where(places[None, :] < lengths[:, None], 0.0, -1e4).to(x.dtype)
        alike = x
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, mask[:, None, None, :])
            if number == ALIKE:
                alike = x
        return alike, x, mask

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
        for layer in self.upper:
            x = layer(x, mask[:, None, None, :])
        each = self.each(x).squeeze(-1)
        seen = (mask == 0).to(x.dtype)
        mean = (x * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
        most = (x + mask[..., None]).amax(1)
        return self.pair(torch.cat((mean, most), -1)).squeeze(-1), each[:, : ours.shape[1]], each[:, ours.shape[1] :]

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
