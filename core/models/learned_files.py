"""What transformers' files call the weights of GPT-1, GPT-2 and GPT-3, and how they lay them out.

GPT-1 and GPT-2 store matrices as [in, out] (Conv1D) and queries, keys and values as one; here they
are [out, in] as everywhere and three, because an optimiser of matrices treats each for itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from core.families.learned import LearnedConfig

PREFIX = "transformer."
_THREE = ("q_proj", "k_proj", "v_proj")
_LEFT_OUT = re.compile(
    r"h\.\d+\.attn\.(attention\.)?(bias|masked_bias)|multiple_choice_head\..*|score\..*"
)
"""Buffers of masks, and heads for other tasks."""
_QUERY = re.compile(r"transformer\.h\.(\d+)\.attn\.q_proj\.(weight|bias)")


def plain_names(config: LearnedConfig, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """With the prefix that published files often lack, without what the model needs not."""
    found: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        inner = name.removeprefix(PREFIX)
        if _LEFT_OUT.fullmatch(inner) or (inner == "lm_head.weight" and config.tied):
            continue
        found[inner if inner == "lm_head.weight" else PREFIX + inner] = tensor
    return found


def renamed(weights: Mapping[str, Tensor], pairs: Mapping[str, str]) -> dict[str, Tensor]:
    """With parts of the names exchanged: part → other part, both between dots."""

    def other(name: str) -> str:
        for old, new in pairs.items():
            if f".{old}." in name:
                return name.replace(f".{old}.", f".{new}.")
        return name

    return {other(name): tensor for name, tensor in weights.items()}


def rescaled(
    config: LearnedConfig, weights: dict[str, Tensor], to_file: bool = False
) -> dict[str, Tensor]:
    """Queries times (or, on the way to a file, divided by) what attention in the file's program
    does otherwise than here."""
    scales = config.scales()
    for name, tensor in weights.items():
        found = _QUERY.fullmatch(name)
        if found is None or int(found[1]) >= len(scales):
            continue
        scale = scales[int(found[1])]
        if scale != 1.0:
            weights[name] = tensor / scale if to_file else tensor * scale
    return weights


def from_conv(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """GPT-1's and GPT-2's layout to ours."""
    found: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if ".attn.c_attn." in name:
            for own, piece in zip(_THREE, tensor.chunk(3, -1), strict=True):
                turned = piece.t() if piece.ndim == 2 else piece
                found[name.replace("c_attn", own)] = turned.contiguous()
        elif _is_conv(name):
            found[name.replace(".attn.c_proj.", ".attn.out_proj.")] = tensor.t().contiguous()
        else:
            found[name.replace(".attn.c_proj.", ".attn.out_proj.")] = tensor
    return found


def to_conv(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The way back."""
    found: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if ".attn.q_proj." in name:
            three = [weights[name.replace("q_proj", own)] for own in _THREE]
            turned = [piece.t() if piece.ndim == 2 else piece for piece in three]
            found[name.replace("q_proj", "c_attn")] = torch.cat(turned, -1).contiguous()
        elif ".attn.k_proj." in name or ".attn.v_proj." in name:
            continue
        else:
            other = name.replace(".attn.out_proj.", ".attn.c_proj.")
            found[other] = tensor.t().contiguous() if _is_conv(other) else tensor
    return found


def _is_conv(name: str) -> bool:
    return name.endswith((".c_fc.weight", ".c_proj.weight"))
