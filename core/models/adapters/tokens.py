"""Rows of a token table that are trained beside adapters, where the rest of it is only read.

A base has never met the tokens between turns, and adapters alone do not teach it to write them. As
in peft's trainable tokens, the rows of those tokens stand for the table's own, in the embedding and
in the output layer; where both are one table, one set of rows serves both.

The table that is looked up and multiplied with holds a copy of the rows (`refresh`), so a pass costs
what it did; gradients go to the rows alone.

Shapes: n trained tokens, V vocabulary, D width, N places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from core.models.base import LanguageModel

HEAD = "lm_head"
VALUES = "rows.values"
"""A trained parameter's name behind that of its table."""


@dataclass(frozen=True)
class TrainedRows:
    """What stands in a table instead of its own rows: `values` [n, D], fp32, of the tokens `ids`."""

    ids: tuple[int, ...]
    values: Tensor

    def fit(self, table_VD: Tensor) -> bool:
        """Whether the table has such rows."""
        size, width = table_VD.shape
        known = all(0 <= token < size for token in self.ids)
        return (
            known and len(set(self.ids)) == len(self.ids) > 0
            and self.values.shape == (len(self.ids), width)
        )  # fmt: skip

    def merged(self, table_VD: Tensor) -> Tensor:
        """A new table with these rows, in its type."""
        place = torch.tensor(self.ids, device=table_VD.device)
        return table_VD.index_copy(0, place, self.values.to(table_VD))


class Rows(nn.Module):
    """The trained rows of a table. `values`: fp32 [n, D]; `ids`: int64 [n]."""

    ids: Tensor

    def __init__(self, table_VD: Tensor, ids: Sequence[int]) -> None:
        super().__init__()
        place = torch.tensor(ids, device=table_VD.device)
        wide = torch.promote_types(table_VD.dtype, torch.float32)
        self.values = nn.Parameter(table_VD.detach()[place].to(wide))
        self.register_buffer("ids", place, persistent=False)

    @torch.no_grad()
    def write(self, table_VD: Tensor) -> None:
        """Copy them into the table, in place."""
        table_VD.index_copy_(0, self.ids, self.values.to(table_VD.dtype))


class TrainedEmbedding(nn.Embedding):
    """A table of tokens of which only some rows are trained."""

    def __init__(self, table: nn.Embedding, ids: Sequence[int]) -> None:
        # A new tensor: the old one may lie in a file that is mapped.
        size, width = table.weight.shape
        super().__init__(size, width, _weight=table.weight.detach().clone(), _freeze=True)
        self.rows = Rows(self.weight, ids)

    def forward(self, input: Tensor) -> Tensor:
        found = LookupFunction.apply(input, self.weight, self.rows.values, self.rows.ids)
        return cast(Tensor, found)

    def refresh(self) -> None:
        """After the rows were changed."""
        self.rows.write(self.weight)


class TrainedHead(nn.Linear):
    """An output layer of which only some rows are trained; `shared`: with an embedding, which has
    the table and its rows."""

    def __init__(
        self, head: nn.Linear, ids: Sequence[int], shared: TrainedEmbedding | None
    ) -> None:
        size, width = head.weight.shape
        super().__init__(width, size, bias=False, device="meta")
        if shared is None:
            self.weight = nn.Parameter(head.weight.detach().clone(), False)
        else:
            self.weight = shared.weight
        self.rows = Rows(self.weight, ids) if shared is None else shared.rows

    def forward(self, input: Tensor) -> Tensor:
        found = OutputFunction.apply(input, self.weight, self.rows.values, self.rows.ids)
        return cast(Tensor, found)

    def refresh(self) -> None:
        """After the rows were changed."""
        self.rows.write(self.weight)


class LookupFunction(torch.autograd.Function):
    """Rows of `table` [V, D], which holds `values` [n, D] at `ids`, for tokens [...] → [..., D]."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, table: Tensor, values: Tensor, ids: Tensor) -> Tensor:
        ctx.save_for_backward(tokens, ids)
        ctx.dtype = values.dtype
        return functional.embedding(tokens, table)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        tokens, ids = ctx.saved_tensors
        slope = grad_outputs[0].flatten(0, -2)
        # A product with few rows: as fast as a sum by index, and the same each time on a GPU.
        here = (tokens.flatten() == ids[:, None]).to(slope.dtype)
        return None, None, (here @ slope).to(ctx.dtype), None


class OutputFunction(torch.autograd.Function):
    """hidden [..., D] times `table` [V, D], which holds `values` [n, D] at `ids` → [..., V]."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, values: Tensor, ids: Tensor) -> Tensor:
        ctx.save_for_backward(hidden, table, ids)
        ctx.dtype = values.dtype
        return functional.linear(hidden, table)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> tuple[Tensor | None, ...]:
        hidden, table, ids = ctx.saved_tensors
        slope = grad_outputs[0]
        grad_hidden = slope @ table if ctx.needs_input_grad[0] else None
        few = slope[..., ids].flatten(0, -2)
        return grad_hidden, None, (few.T @ hidden.flatten(0, -2)).to(ctx.dtype), None


# ---- on a model ----------------------------------------------------------------------------------


def token_tables(model: LanguageModel) -> dict[str, nn.Embedding | nn.Linear]:
    """The tables whose rows can be trained, by own names: a decoder's embedding, and its output
    layer where that has a table of its own. None of an encoder's."""
    head = model.output_layer
    if head is None:
        return {}
    names = {id(module): name for name, module in model.named_modules()}
    found: dict[str, nn.Embedding | nn.Linear] = {names[id(model.embedding)]: model.embedding}
    if not model.tied:
        found[names[id(head)]] = head
    return found


def train_rows(model: LanguageModel, ids: Sequence[int]) -> None:
    """From here on the rows of `ids` are trained, in the embedding and in the output layer.

    Raises:
        ValueError: It is an encoder.
    """
    head, name = model.output_layer, next(iter(token_tables(model)), None)
    if head is None or name is None:
        raise ValueError(type(model).__name__)
    embedding = TrainedEmbedding(model.embedding, ids)
    model.set_submodule(name, embedding)
    model.set_submodule(HEAD, TrainedHead(head, ids, embedding if model.tied else None))


def trained_rows(model: LanguageModel, masters: dict[str, Tensor]) -> dict[str, TrainedRows]:
    """By table, with the values of `masters` (fp32, by own names), on the CPU."""
    found: dict[str, TrainedRows] = {}
    for name, table in token_tables(model).items():
        if isinstance(table, (TrainedEmbedding, TrainedHead)):
            values = masters[f"{name}.{VALUES}"].detach().cpu().float()
            found[name] = TrainedRows(tuple(table.rows.ids.tolist()), values)
    return found
