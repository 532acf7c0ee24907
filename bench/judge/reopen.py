"""Read a network back from the file that the product reads, to go on teaching it.

Usage: python -m bench.judge.reopen bridge/desk/model/judge.onnx NET.pt, with torch and onnx, which the product lacks.
What 8 bits have rounded stays rounded: the answers are those of the product.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper

from bench.judge.network import NARROW, TOLD, WIDTH, Network

Arrays = dict[str, NDArray[np.float32]]
_WITHOUT_BIAS = {(WIDTH, WIDTH): "likeness", (TOLD, 2 * WIDTH): "tell", (NARROW, 2 * TOLD + 4): "told"}
"""Parts of the network without a bias, by the shape of their weights."""


def arrays(model: ModelProto) -> Arrays:
    """Weights by the names of the file, 8-bit ones opened."""
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    found = {name: value for name, value in stored.items() if not name.endswith((".int8", ".scale"))}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and f"{node.output[0]}.int8" in stored:
            axis = next(one.i for one in node.attribute if one.name == "axis")
            scale = stored[node.input[1]]
            small = stored[node.input[0]].astype(np.float32)
            found[node.output[0]] = small * (scale[:, None] if axis == 0 else scale[None, :])
    return found


def named(model: ModelProto) -> Arrays:
    """Weights by the names of the network: a matrix is called like the bias that is added to its product."""
    found = arrays(model)
    state = {name.removeprefix("net."): value for name, value in found.items() if name.startswith("net.")}
    sides: list[str] = []
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in found:
            weight = found[node.input[1]].T
            state[f"{_target(model, node.output[0], found) or _WITHOUT_BIAS[weight.shape]}.weight"] = weight
        elif node.op_type == "Add":
            sides += [one for one in node.input if one.startswith("onnx::Add_") and one not in sides]
    state["side.weight"] = np.stack([found[one] for one in sides])
    return state


def _target(model: ModelProto, product: str, found: Arrays) -> str:
    """The part of the network whose product this is; empty where no bias is added."""
    for node in model.graph.node:
        if node.op_type == "Add" and product in node.input:
            bias = next((one for one in node.input if one in found and one.endswith(".bias")), "")
            if bias:
                return bias.removeprefix("net.").removesuffix(".bias")
    return ""


def main(arguments: Sequence[str]) -> None:
    file, out = map(Path, arguments)
    state = {name: torch.from_numpy(np.array(value)) for name, value in named(onnx.load(str(file))).items()}
    net = Network(state["word.weight"].shape[0])
    net.load_state_dict(state)
    torch.save(net.state_dict(), out)


if __name__ == "__main__":
    main(sys.argv[1:])
