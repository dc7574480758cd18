"""A pupil that begins with its teacher's own weights: every second layer, and all that is not a layer
(Sanh et al. 2019)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, cast

import torch
from torch import Tensor

from core.families.base import FamilyConfig
from core.models.base import LanguageModel


def pupil_config(teacher: FamilyConfig, like: FamilyConfig, layers: list[int]) -> FamilyConfig:
    """The teacher's variant of its family with the sizes of `like`, which has fewer `layers`."""
    if type(teacher) is not type(like):  # A family made for pupils: in the details that it shares.
        shared = {f.name for f in fields(cast(Any, like))} & {"activation", "padding"}
        return replace(cast(Any, like), **{name: getattr(teacher, name) for name in shared})
    changes: dict[str, Any] = {
        "layers": like.layers,
        "context": like.context,
        "vocabulary": like.vocabulary,
    }
    for field in fields(
        cast(Any, teacher)
    ):  # What differs from layer to layer goes with the layer.
        value = getattr(teacher, field.name)
        if isinstance(value, tuple) and len(value) == teacher.layers:
            changes[field.name] = tuple(value[i] for i in layers)
    return replace(cast(Any, teacher), **changes)


@torch.no_grad()
def begin_with(pupil: LanguageModel, teacher: LanguageModel, layers: list[int]) -> None:
    """Copy block `layers[i]` of `teacher` into block i, and of all other weights as many rows as the
    pupil has (its table of tokens or positions may be shorter)."""
    for own, number in zip(pupil.blocks, layers, strict=True):
        own.load_state_dict(teacher.blocks[number].state_dict())
    inside = {id(w) for block in pupil.blocks for w in block.parameters()}
    known: dict[str, Tensor] = dict(teacher.named_parameters())
    for name, weight in pupil.named_parameters():
        source = known.get(name)
        if id(weight) in inside or source is None or source.shape[1:] != weight.shape[1:]:
            continue
        if len(source) >= len(weight):
            weight.copy_(source[: len(weight)])
