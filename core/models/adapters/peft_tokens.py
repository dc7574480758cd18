"""Trained rows of token tables in peft's layout: `trainable_token_indices` in adapter_config.json, and
the rows in adapter_model.safetensors. They are no differences: they stand for the table's own."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from core.models.adapters.places import table_place
from core.models.adapters.tokens import HEAD, TrainedRows, token_tables
from core.models.base import LanguageModel
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

PREFIX = "base_model.model."
INDICES = "trainable_token_indices"
_ROWS = ".token_adapter.trainable_tokens_delta"


def rows_to_peft(
    model: LanguageModel, tables: dict[str, TrainedRows]
) -> tuple[dict[str, Tensor], dict[str, list[int]] | None]:
    """(tensors by peft's names, what the config says). Of a tied table peft keeps the embedding's."""
    tensors: dict[str, Tensor] = {}
    indices: dict[str, list[int]] = {}
    for name, rows in tables.items():
        place = table_place(model, name)
        tensors[f"{PREFIX}{place}{_ROWS}"] = rows.values.contiguous()
        indices[place.rpartition(".")[2]] = list(rows.ids)
    return tensors, indices or None


def rows_from_peft(
    config: dict[str, Any], tensors: dict[str, Tensor], model: LanguageModel
) -> dict[str, TrainedRows]:
    """By own names of tables; what is read is taken out of `tensors`.

    Raises:
        Unsuitable: The rows are not of this model's tables, or of a tied table's two sides apart.
    """
    indices = config.get(INDICES)
    if not indices:
        return {}
    known = token_tables(model)
    if not known or (model.tied and f"{PREFIX}{HEAD}{_ROWS}" in tensors):
        raise variant(INDICES)
    found: dict[str, TrainedRows] = {}
    for name, table in known.items():
        place = table_place(model, name)
        ids = _ids_of(indices, place, name != HEAD)
        values = tensors.pop(f"{PREFIX}{place}{_ROWS}", None)
        if ids is None and values is None:
            continue
        if ids is None or values is None:
            raise unfit(place)
        rows = TrainedRows(ids, values)
        if not rows.fit(table.weight):
            raise unfit(place)
        found[name] = rows
    if not found:
        raise unfit(INDICES)
    return found


def _ids_of(indices: Any, place: str, embedding: bool) -> tuple[int, ...] | None:
    """The tokens whose rows of the table `place` are meant; a plain list means the embedding's."""
    if isinstance(indices, dict):
        chosen = next((ids for name, ids in indices.items() if place.endswith(name)), None)
    else:
        chosen = indices if embedding else None
    return None if chosen is None else tuple(int(token) for token in chosen)


def variant(name: str) -> Unsuitable:
    """Of a kind of LoRA that is not built here."""
    text = N_("Errors", "it is a variant of LoRA that is not read (“{name}” is set)")
    return Unsuitable(Sentence("Errors", text, {"name": name}))


def unfit(name: str) -> Unsuitable:
    """Of a part that this model lacks, or has in other sizes."""
    text = N_("Errors", "its part “{name}” does not fit this base")
    return Unsuitable(Sentence("Errors", text, {"name": name.removeprefix(PREFIX)[:80]}))
