"""Where transformers' model of a family has our linear layers: what peft's names go by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.families.learned import LearnedConfig
from core.models.base import LanguageModel
from core.models.encoder.names import Names

_LEARNED = re.compile(r"(transformer\.h\.(\d+)\.)(.+)")
_PARTS = ("attn.q_proj", "attn.k_proj", "attn.v_proj")
_NUMBERED = re.compile(r".*?\.\d+\.")


@dataclass(frozen=True)
class Place:
    """`module`: its name there. It is number `part` of `parts` layers that stand there as one, in
    rows; `scale`: its weight there is ours times this; `turned`: it is kept as [K, N] (Conv1D)."""

    module: str
    part: int = 0
    parts: int = 1
    scale: float = 1.0
    turned: bool = False

    @property
    def inner(self) -> str:
        """Its name inside a block."""
        return _NUMBERED.sub("", self.module, count=1)


def place_of(model: LanguageModel, layer: str) -> Place:
    """The place of the linear layer `layer` (own name) of a block."""
    names = getattr(model, "names", None)
    if isinstance(names, Names):
        return Place(names.to_foreign(f"{layer}.weight").removesuffix(".weight"))
    if isinstance(model.config, LearnedConfig):
        return _learned(model.config, layer)
    return Place(layer)


def _learned(config: LearnedConfig, layer: str) -> Place:
    """GPT-1's and GPT-2's queries, keys and values stand as one; GPT-3's, in GPT-Neo's layout, apart.
    Queries hold what attention there does otherwise (core.models.learned_files)."""
    found = _LEARNED.fullmatch(layer)
    assert found is not None
    before, number, inner = found.groups()
    scale = 1.0 / config.scales()[int(number)] if inner == _PARTS[0] else 1.0
    if config.model_type == "gpt_neo":
        return Place(before + inner.replace("attn.", "attn.attention."), scale=scale)
    if inner in _PARTS:
        return Place(f"{before}attn.c_attn", _PARTS.index(inner), 3, scale, turned=True)
    return Place(before + inner.replace("attn.out_proj", "attn.c_proj"), turned=True)


def table_place(model: LanguageModel, table: str) -> str:
    """The name there of a table of tokens (own name)."""
    if isinstance(model.config, LearnedConfig) and model.config.model_type == "openai-gpt":
        return table.replace("transformer.wte", "transformer.tokens_embed")
    return table


def together(places: dict[str, Place]) -> dict[str, list[str]]:
    """Modules there → our layers in them, in the order of their parts."""
    found: dict[str, list[str]] = {}
    for layer in sorted(places, key=lambda name: places[name].part):
        found.setdefault(places[layer].module, []).append(layer)
    return found


def short_names(wanted: Iterable[Place], known: Iterable[Place]) -> list[str]:
    """Names inside a block, where these mean exactly the `wanted` of the `known`; else whole names."""
    modules = {place.module for place in wanted}
    inner = sorted({place.inner for place in wanted})
    meant = {
        place.module for place in known if place.module.endswith(tuple(f".{n}" for n in inner))
    }
    return inner if meant == modules else sorted(modules)
