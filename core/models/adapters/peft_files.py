"""Adapters in the layout of peft: adapter_config.json and adapter_model.safetensors.

Layers that peft sees as one and we as several (GPT-2's c_attn): written, A lie below each other and B
along the diagonal, with a rank and alpha so many times as large; read, all get the same A and their
rows of B. Both are exact.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from core.files import read_json, write_json
from core.models.adapters.adapt import Adapter, LayerAdapter, linear_layers
from core.models.adapters.peft_tokens import (
    INDICES,
    PREFIX,
    rows_from_peft,
    rows_to_peft,
    unfit,
    variant,
)
from core.models.adapters.places import Place, place_of, short_names, together
from core.models.base import LanguageModel
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.versions.adapters import ADAPTER_CONFIG, ADAPTER_WEIGHTS

_A, _B, _MAGNITUDE = ".lora_A.weight", ".lora_B.weight", ".lora_magnitude_vector"
_VARIANTS = (
    "modules_to_save", "layer_replication", "lora_bias", "target_parameters",
    "alora_invocation_tokens", "use_qalora", "arrow_config",
)  # fmt: skip
"""Fields of adapter_config.json that change what is computed, where they are set."""
_KNOWN_BEGINNINGS = ("true", "false", "gaussian", "eva", "orthogonal", "none")
"""Of init_lora_weights: the others change the base's weights too."""


# ---- writing -------------------------------------------------------------------------------------


def write_peft(folder: Path, model: LanguageModel, adapter: Adapter, base: str) -> list[str]:
    """Write both files; returns the names of the layers as peft calls them.

    Args:
        model: With or without the adapter on it; its names and layout count.
        base: What peft loads the adapter onto: the folder of the base.
    """
    every = {name: place_of(model, name) for name in _all_layers(model, adapter)}
    groups = together({name: every[name] for name in adapter.layers})
    tensors, indices = rows_to_peft(model, adapter.tables)
    ranks: dict[str, tuple[int, float]] = {}
    for module, names in groups.items():
        layer = _as_one([(adapter.layers[name], every[name]) for name in names], names)
        tensors[f"{PREFIX}{module}{_A}"] = layer.a.contiguous()
        tensors[f"{PREFIX}{module}{_B}"] = layer.b.contiguous()
        if layer.magnitude is not None:
            tensors[f"{PREFIX}{module}{_MAGNITUDE}"] = layer.magnitude.contiguous()
        ranks[module] = (layer.rank, layer.scale * layer.rank)
    wanted = [every[names[0]] for names in groups.values()]
    targets = short_names(wanted, every.values())
    save_file(tensors, folder / ADAPTER_WEIGHTS, metadata={"format": "pt"})
    turned = any(place.turned for place in wanted)
    config = _config(ranks, targets, adapter.dora, turned, base, model.bidirectional)
    write_json(folder / ADAPTER_CONFIG, config | {INDICES: indices})
    return targets


def _all_layers(model: LanguageModel, adapter: Adapter) -> list[str]:
    return [*{**linear_layers(model), **dict.fromkeys(adapter.layers)}]


def _as_one(parts: list[tuple[LayerAdapter, Place]], names: list[str]) -> LayerAdapter:
    """Several layers as the one that peft sees."""
    layers = [layer for layer, _ in parts]
    if len(parts) != parts[0][1].parts:
        raise ValueError(names)  # One of q, k and v alone: never made here.
    magnitudes = [
        layer.magnitude * place.scale for layer, place in parts if layer.magnitude is not None
    ]
    return LayerAdapter(
        torch.cat([layer.a for layer in layers]),
        torch.block_diag(*(layer.b * place.scale for layer, place in parts)),
        layers[0].scale,
        torch.cat(magnitudes) if magnitudes else None,
    )


def _config(
    ranks: dict[str, tuple[int, float]], targets: list[str], dora: bool, turned: bool, base: str,
    bidirectional: bool,
) -> dict[str, Any]:  # fmt: skip
    (rank, alpha), _ = Counter(ranks.values()).most_common(1)[0]
    other = {module: pair for module, pair in ranks.items() if pair != (rank, alpha)}
    return {
        "peft_type": "LORA",
        "task_type": None if bidirectional else "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": rank, "lora_alpha": _plain(alpha), "lora_dropout": 0.0, "bias": "none",
        "target_modules": targets, "fan_in_fan_out": turned, "use_dora": dora,
        "use_rslora": False, "rank_pattern": {module: pair[0] for module, pair in other.items()},
        "alpha_pattern": {module: _plain(pair[1]) for module, pair in other.items()},
        "init_lora_weights": True, "inference_mode": True, "modules_to_save": None,
    }  # fmt: skip


def _plain(alpha: float) -> float:
    rounded = round(alpha, 6)
    return int(rounded) if rounded == int(rounded) else rounded


# ---- reading -------------------------------------------------------------------------------------


def read_peft(folder: Path, model: LanguageModel) -> Adapter:
    """The adapter in `folder`, for `model`, which is its base (also on the meta device).

    Raises:
        Unsuitable: It is no LoRA, a variant that is not built here, or not made for this model.
        OSError, ValueError, KeyError, SafetensorError: A file is missing or broken.
    """
    config = read_json(folder / ADAPTER_CONFIG)
    _check(config)
    tensors = {
        name.removesuffix(".weight") if _MAGNITUDE in name else name: tensor.float()
        for name, tensor in load_file(folder / ADAPTER_WEIGHTS).items()
    }
    sizes = {name: linear.weight.shape for name, linear in linear_layers(model).items()}
    places = {name: place_of(model, name) for name in sizes}
    tables = rows_from_peft(config, tensors, model)
    layers: dict[str, LayerAdapter] = {}
    for module, names in together(places).items():
        key = f"{PREFIX}{module}"
        if key + _A not in tensors or key + _B not in tensors:
            continue
        a, b = tensors.pop(key + _A), tensors.pop(key + _B)
        magnitude = tensors.pop(key + _MAGNITUDE, None)
        rows = [sizes[name][0] for name in names]
        if a.shape != (b.shape[-1], sizes[names[0]][1]) or b.shape[0] != sum(rows):
            raise unfit(module)
        if magnitude is not None and magnitude.shape != (sum(rows),):
            raise unfit(module)
        scale = _scale_of(config, module, len(a))
        pieces = [None] * len(rows) if magnitude is None else magnitude.split(rows)
        for name, own, piece in zip(names, b.split(rows), pieces, strict=True):
            factor = places[name].scale
            length = None if piece is None else piece / factor
            layers[name] = LayerAdapter(a, own / factor, scale, length)
    if tensors or not layers:
        raise unfit(next(iter(tensors), folder.name))
    return Adapter(layers, tables)


def _scale_of(config: dict[str, Any], module: str, rank: int) -> float:
    alpha = float(_by_pattern(config.get("alpha_pattern"), module, config.get("lora_alpha", 8)))
    return alpha / rank**0.5 if config.get("use_rslora") else alpha / rank


def _by_pattern(patterns: Any, module: str, usual: Any) -> Any:
    """What peft finds for a module: the first pattern that its name ends with."""
    import re

    for pattern, value in (patterns or {}).items():
        if re.match(rf"(.*\.)?({pattern})$", module):
            return value
    return usual


def _check(config: dict[str, Any]) -> None:
    """Raises Unsuitable for what is not built here."""
    kind = str(config.get("peft_type", "")).upper()
    if kind != "LORA":
        text = N_("Errors", "it is an adapter of the kind “{kind}”; LoRA and DoRA are read")
        raise Unsuitable(Sentence("Errors", text, {"kind": kind[:40] or "?"}))
    found = [name for name in _VARIANTS if config.get(name)]
    if config.get("bias", "none") != "none":
        found.append("bias")
    if str(config.get("init_lora_weights", True)).casefold() not in _KNOWN_BEGINNINGS:
        found.append("init_lora_weights")
    if found:
        raise variant(found[0])


BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError, RuntimeError)
"""What reading a broken adapter raises."""
