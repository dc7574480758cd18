"""Experts in files: published ones hold each expert's matrices by themselves, newer releases of
transformers can write them as stacks. Here a stack of each kind is one tensor."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

import torch
from torch import Tensor

_KINDS = ("gate_proj", "up_proj", "down_proj")
_STACKED = re.compile(r"(.*\.mlp\.experts\.)(gate_up_proj|down_proj)")
_OWN = re.compile(r"(.*)\.mlp\.experts\.(gate_proj|up_proj|down_proj)")


class Names(NamedTuple):
    """What a family's files call a sparse part, and the three matrices of an expert."""

    part: str
    gate_proj: str
    up_proj: str
    down_proj: str


def read_experts(weights: dict[str, Tensor], names: Names) -> dict[str, Tensor]:
    """Weights of a file by own names. Raises KeyError where experts are missing."""
    published = re.compile(
        rf"(.*)\.{names.part}\.experts\.(\d+)\.({'|'.join(map(re.escape, names[1:]))})\.weight"
    )
    kinds = dict(zip(names[1:], _KINDS, strict=True))
    found: dict[str, Tensor] = {}
    single: dict[str, dict[int, Tensor]] = defaultdict(dict)
    for name, weight in weights.items():
        if one := published.fullmatch(name):
            block, number, kind = one.groups()
            single[f"{block}.mlp.experts.{kinds[kind]}"][int(number)] = weight
        elif stack := _STACKED.fullmatch(name):
            found |= _unfolded(stack[1], stack[2], weight)
        else:
            found[name.replace(f".{names.part}.gate.", ".mlp.gate.")] = weight
    for name, experts in single.items():
        found[name] = torch.stack([experts[number] for number in range(len(experts))])
    return found


def _unfolded(prefix: str, kind: str, weight: Tensor) -> dict[str, Tensor]:
    if kind == "down_proj":
        return {f"{prefix}down_proj": weight}
    gate, up = weight.chunk(2, dim=1)
    return {f"{prefix}gate_proj": gate.contiguous(), f"{prefix}up_proj": up.contiguous()}


def write_experts(weights: dict[str, Tensor], names: Names) -> dict[str, Tensor]:
    """The way back, as published files have it: each expert's matrices by themselves."""
    kinds: dict[str, str] = dict(zip(_KINDS, names[1:], strict=True))
    written: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if stack := _OWN.fullmatch(name):
            for number, expert in enumerate(weight):
                key = f"{stack[1]}.{names.part}.experts.{number}.{kinds[stack[2]]}.weight"
                written[key] = expert
        else:
            written[name.replace(".mlp.gate.weight", f".{names.part}.gate.weight")] = weight
    return written
