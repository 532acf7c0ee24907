"""Write a trained network as the file that the product reads: weights in 8 bits, words beside them.

Usage: python -m bench.judge.export NET.pt WORDS.model OUT_FOLDER. Needs torch and onnx, which the product does not.
Each row of a weight matrix has its own scale; the runtime opens them to 32 bits when it loads the file.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from bench.judge.network import Network

LEAST = 4096
"""Values from which a matrix is kept in 8 bits."""


class _Answers(nn.Module):
    """Chances in place of logits, the mean of both orders of the two texts: which one is sealed does not matter."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, sealed: Tensor, heard: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        lengths = torch.full((1,), sealed.shape[1]), torch.full((1,), heard.shape[1])
        one, other = self.net.encode(sealed, lengths[0]), self.net.encode(heard, lengths[1])
        pair, ours, theirs = self.net.judge(one, other)
        again, back, forth = self.net.judge(other, one)
        return tuple(torch.sigmoid((a + b) / 2) for a, b in ((pair, again), (ours, forth), (theirs, back)))


def write(net: Network, path: Path) -> None:
    """Export with free text lengths, one pair at a time."""
    wrapped = _Answers(net).eval()
    sample = torch.randint(4, 100, (1, 9)), torch.randint(4, 100, (1, 7))
    torch.onnx.export(
        wrapped,
        sample,
        str(path),
        input_names=["sealed", "heard"],
        output_names=["altered", "sealed_wrong", "heard_wrong"],
        dynamic_axes={"sealed": {1: "ours"}, "heard": {1: "theirs"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    _shrink(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _shrink(model: ModelProto) -> None:
    """Every large matrix as 8-bit numbers with a scale a column, or a row where rows are looked up."""
    graph = model.graph
    looked_up = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    kept, nodes = [], []
    for one in graph.initializer:
        values = numpy_helper.to_array(one)
        if values.ndim != 2 or values.size < LEAST or values.dtype != np.float32:
            kept.append(one)
            continue
        axis = 0 if one.name in looked_up else 1
        scale = np.abs(values).max(axis=1 - axis, keepdims=True) / 127 + 1e-12
        small = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
        name = one.name
        kept.append(numpy_helper.from_array(small, f"{name}.int8"))
        kept.append(numpy_helper.from_array(scale.reshape(-1).astype(np.float32), f"{name}.scale"))
        nodes.append(helper.make_node("DequantizeLinear", [f"{name}.int8", f"{name}.scale"], [name], axis=axis))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    rest = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    assert not any(one.data_type == TensorProto.DOUBLE for one in graph.initializer)


def main(arguments: Sequence[str]) -> None:
    trained, words, out = map(Path, arguments)
    state = torch.load(trained)
    net = Network(state["word.weight"].shape[0])
    net.load_state_dict(state)
    out.mkdir(parents=True, exist_ok=True)
    write(net.eval(), out / "judge.onnx")
    shutil.copy(words, out / "words.model")


if __name__ == "__main__":
    main(sys.argv[1:])
