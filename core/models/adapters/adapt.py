"""Putting adapters on a model, and into its weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn

from core.models.adapters.frozen import BasePrecision
from core.models.adapters.linear import AdaptedLinear
from core.models.adapters.places import place_of
from core.models.adapters.tokens import TrainedRows, token_tables, train_rows, trained_rows
from core.models.base import LanguageModel

Targets = Literal["all", "attention"]
_ATTENTION = "att"
"""What transformers' names of attention's parts have in common in all families."""
_ROUTERS = ("gate", "router")
"""A sparse block's choice of experts: no linear layer that an adapter is put on."""


@dataclass(frozen=True)
class LayerAdapter:
    """What is added to one layer, in fp32: a [R, K], b [N, R]; `magnitude` [N]: DoRA's m."""

    a: Tensor
    b: Tensor
    scale: float
    magnitude: Tensor | None = None

    @property
    def rank(self) -> int:
        return len(self.a)

    def merged(self, weight_NK: Tensor) -> Tensor:
        """The weight with the adapter in it, in the weight's type."""
        wide = torch.promote_types(weight_NK.dtype, torch.float32)
        whole = weight_NK.to(wide).addmm(
            self.b.to(weight_NK.device, wide), self.a.to(weight_NK.device, wide), alpha=self.scale
        )
        if self.magnitude is not None:
            lengths = whole.norm(dim=1).clamp_min_(1e-30)
            whole.mul_((self.magnitude.to(lengths) / lengths)[:, None])
        return whole.to(weight_NK.dtype)


@dataclass(frozen=True)
class Adapter:
    """Layers by own names (`model.layers.0.self_attn.q_proj`), and rows of tables by theirs."""

    layers: dict[str, LayerAdapter] = field(default_factory=dict[str, LayerAdapter])
    tables: dict[str, TrainedRows] = field(default_factory=dict[str, TrainedRows])

    @property
    def parameters(self) -> int:
        beside = sum(
            one.a.numel() + one.b.numel() + (0 if one.magnitude is None else one.magnitude.numel())
            for one in self.layers.values()
        )
        return beside + sum(rows.values.numel() for rows in self.tables.values())

    @property
    def tokens(self) -> int:
        """How many tokens have rows of their own."""
        return len({token for rows in self.tables.values() for token in rows.ids})

    @property
    def dora(self) -> bool:
        return any(one.magnitude is not None for one in self.layers.values())


def linear_layers(model: LanguageModel, targets: Targets = "all") -> dict[str, nn.Linear]:
    """The layers of all blocks that an adapter can sit on, by own names."""
    names = {id(module): name for name, module in model.named_modules()}
    found: dict[str, nn.Linear] = {}
    for block in model.blocks:
        for inner, module in block.named_modules():
            if not isinstance(module, nn.Linear) or inner.rpartition(".")[2] in _ROUTERS:
                continue
            name = names[id(module)]
            if targets == "all" or _ATTENTION in place_of(model, name).inner:
                found[name] = module
    return found


def adapt(
    model: LanguageModel, rank: int, alpha: float, *, dora: bool = False, targets: Targets = "all",
    precision: BasePrecision = "working", seed: int = 0, tokens: Sequence[int] = (),
) -> None:  # fmt: skip
    """Put fresh adapters on `model`, in place: from here on only they are trained.

    Args:
        alpha: The change is scaled by alpha / rank.
        precision: How the matrices under the adapters are kept; the rest stays as it is.
        seed: Of the drawn A.
        tokens: Whose rows in the tables of tokens are trained too (decoders only).
    """
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for name, linear in linear_layers(model, targets).items():
        layer = AdaptedLinear(linear, rank, alpha, dora, precision)
        layer.draw(generator)
        model.set_submodule(name, layer)
    if tokens:
        train_rows(model, tokens)


def is_adapted(model: nn.Module) -> bool:
    return any(isinstance(module, AdaptedLinear) for module in model.modules())


def adapter_of(model: LanguageModel, masters: dict[str, Tensor]) -> Adapter:
    """The adapters of `model` with the values of `masters` (fp32, by own names), on the CPU."""
    layers: dict[str, LayerAdapter] = {}
    for name, module in model.named_modules():
        if not isinstance(module, AdaptedLinear):
            continue
        a, b = (masters[f"{name}.{part}"].detach().cpu().float() for part in ("lora_a", "lora_b"))
        magnitude = None
        if module.change is not None:
            change = masters[f"{name}.change"].detach().cpu().float()
            magnitude = (change + 1.0) * module.squares.float().cpu().sqrt()
        layers[name] = LayerAdapter(a, b, module.scale, magnitude)
    return Adapter(layers, trained_rows(model, masters))


@torch.no_grad()
def merge(model: LanguageModel, adapter: Adapter) -> None:
    """Put `adapter` into the weights of a plain model, in place.

    Raises:
        ValueError: A layer or a table is missing in the model, or has other sizes.
    """
    for name, layer in adapter.layers.items():
        try:
            linear = model.get_submodule(name)
        except AttributeError as error:
            raise ValueError(name) from error
        if not isinstance(linear, nn.Linear) or linear.weight.shape != (
            len(layer.b), layer.a.shape[1],
        ):  # fmt: skip
            raise ValueError(name)
        # A new tensor: the old one may lie in a file that is mapped.
        linear.weight = nn.Parameter(layer.merged(linear.weight), linear.weight.requires_grad)
    tables = token_tables(model)
    for name, rows in adapter.tables.items():
        table = tables.get(name)
        if table is None or not rows.fit(table.weight):
            raise ValueError(name)
        table.weight = nn.Parameter(rows.merged(table.weight), table.weight.requires_grad)
    model.tie()
