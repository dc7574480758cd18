"""Which families llama.cpp computes, how it calls their sizes and tensors, and how it lays them out.

Source: llama.cpp's convert_hf_to_gguf.py and llama-model.cpp; names of tensors come from the gguf
package's own table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from gguf import MODEL_ARCH, get_tensor_name_map
from numpy.typing import NDArray

from core.families.base import FamilyConfig, unbuilt
from core.families.gemma3 import Gemma3Config
from core.families.gpt2 import Gpt2Config
from core.families.rotary import RotaryConfig
from core.families.smollm3 import SmolLM3Config
from core.families.sparse import SparseConfig
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.versions.llamacpp.rope import (
    ROPE_FACTORS,
    factors_of,
    read_factors,
    read_linear,
)

Array = NDArray[np.float32]
Values = dict[str, Any]
_EXPERT = re.compile(r"^(.*\.experts)\.(\d+)\.(\w+)\.weight$")
_GEMMA_PATTERN, _GEMMA_27B = 6, 62
_NO_ROPE_STEP = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A tensor of a GGUF file and what it is made of: names of transformers' file, more than one
    where experts are stacked. `shape` as PyTorch has it."""

    name: str
    parts: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Architecture:
    """`name` in GGUF; `kind` of the gguf package. `metadata`: a config's sizes under GGUF's names
    without the architecture's; `config`: the way back, as config.json has them. `refuse`: raises
    Unsuitable for a member that llama.cpp computes otherwise. `out`, `back`: how a tensor changes."""

    name: str
    kind: MODEL_ARCH
    metadata: Callable[[Any], Values]
    config: Callable[[Reading], Values]
    refuse: Callable[[Any], None] = lambda config: None
    out: Callable[[Any, str, Array], Array] = lambda config, name, x: x
    back: Callable[[Any, str, Array], Array] = lambda config, name, x: x
    extra: Callable[[Any], dict[str, Array]] = field(default=lambda config: {})

    def pieces(self, config: FamilyConfig, expected: Mapping[str, tuple[int, ...]]) -> list[Piece]:
        """The file's tensors for a model that has `expected` in transformers' file.

        Raises:
            Unsuitable: llama.cpp has no name for one of them.
        """
        names = get_tensor_name_map(self.kind, config.layers)
        stacks: dict[str, list[str]] = {}
        for name in expected:
            match = _EXPERT.match(name)
            plain = f"{match[1]}.{match[3]}" if match else _stem(name)[0]
            known = names.get_name(plain)
            if known is None:
                text = N_("Errors", "llama.cpp has no place for “{name}”")
                raise Unsuitable(Sentence("Errors", text, {"name": name[:80]}))
            stacks.setdefault(known + _stem(name)[1], []).append(name)
        found: list[Piece] = []
        for name, parts in stacks.items():
            parts.sort(key=_number)
            shape = expected[parts[0]]
            stacked = bool(_EXPERT.match(parts[0]))
            found.append(Piece(name, tuple(parts), (len(parts), *shape) if stacked else shape))
        return found

    def stored_shape(self, config: Any, piece: Piece) -> tuple[int, ...]:
        """How the file has it: some are transposed."""
        first, count = next(iter(piece.parts)), len(piece.parts)
        single = piece.shape[1:] if count > 1 else piece.shape
        changed = self.out(config, first, np.broadcast_to(np.float32(0), single)).shape
        return (count, *changed) if _EXPERT.match(first) else changed


def _stem(name: str) -> tuple[str, str]:
    for end in (".weight", ".bias"):
        if name.endswith(end):
            return name.removesuffix(end), end
    return name, ""


def _number(name: str) -> int:
    match = _EXPERT.match(name)
    return int(match[2]) if match else 0


@dataclass(frozen=True)
class Reading:
    """Values of a file under the names of its architecture, and what its tensors tell."""

    arch: str
    values: Values
    shapes: Mapping[str, tuple[int, ...]]
    rope_factors: Array | None = None

    def get(self, name: str, usual: Any = None) -> Any:
        return self.values.get(f"{self.arch}.{name}", usual)

    def __getitem__(self, name: str) -> Any:
        """Raises KeyError."""
        return self.values[f"{self.arch}.{name}"]

    @property
    def tied(self) -> bool:
        return "output.weight" not in self.shapes

    @property
    def vocabulary(self) -> int:
        return self.shapes["token_embd.weight"][0]


# ---- the modern decoders -------------------------------------------------------------------------


def _rotary_metadata(config: RotaryConfig) -> Values:
    found: Values = {
        "vocab_size": config.vocabulary, "context_length": seen_context(config),
        "embedding_length": config.width, "block_count": config.layers,
        "feed_forward_length": config.feed_forward, "attention.head_count": config.heads,
        "attention.head_count_kv": config.kv_heads, "attention.key_length": config.head_size,
        "attention.value_length": config.head_size,
        "attention.layer_norm_rms_epsilon": config.norm_epsilon,
        "rope.freq_base": config.rope_theta, "rope.dimension_count": config.head_size,
    }  # fmt: skip
    if config.scaling is not None and config.scaling.kind == "linear":
        found |= {"rope.scaling.type": "linear", "rope.scaling.factor": config.scaling.factor}
    return found


def seen_context(config: FamilyConfig) -> int:
    """The context in which llama.cpp, which knows no windows for this family, computes the same."""
    windows = cast(tuple[int | None, ...], getattr(config, "windows", ()))
    if isinstance(config, Gemma3Config):
        return config.context
    return min([config.context, *(window for window in windows if window is not None)])


def _rotary_config(reading: Reading) -> Values:
    heads, width = int(reading["attention.head_count"]), int(reading["embedding_length"])
    rope: Values = {"rope_type": "default", "rope_theta": float(reading.get("rope.freq_base", 1e4))}
    head = int(reading.get("attention.key_length") or width // max(1, heads))
    if int(reading.get("rope.dimension_count") or head) != head:
        raise unbuilt("rope.dimension_count")
    rope |= read_linear(reading.get("rope.scaling.type"), reading.get("rope.scaling.factor"))
    if reading.rope_factors is not None:
        rope |= read_factors(reading.rope_factors, rope["rope_theta"], head)
    return {
        "vocab_size": reading.vocabulary, "hidden_size": width,
        "num_hidden_layers": int(reading["block_count"]),
        "intermediate_size": int(reading.get("feed_forward_length") or 1),
        "num_attention_heads": heads,
        "num_key_value_heads": int(reading.get("attention.head_count_kv") or heads),
        "head_dim": head,
        "max_position_embeddings": int(reading["context_length"]),
        "rms_norm_eps": float(reading.get("attention.layer_norm_rms_epsilon", 1e-6)),
        "rope_parameters": rope, "rope_theta": rope["rope_theta"],
        "tie_word_embeddings": reading.tied,
    }  # fmt: skip


def _llama_config(reading: Reading) -> Values:
    found = _rotary_config(reading)
    biased = "blk.0.attn_q.bias" in reading.shapes
    if reading.get("expert_count"):
        return found | {
            "model_type": "mixtral", "num_local_experts": int(reading["expert_count"]),
            "num_experts_per_tok": int(reading["expert_used_count"]), "sliding_window": None,
        }  # fmt: skip
    return found | {"model_type": "llama", "attention_bias": biased, "hidden_act": "silu"}


def _refuse_rotary(config: RotaryConfig) -> None:
    if config.scaling is not None and config.scaling.kind != "linear":
        raise _other("rope_scaling llama3")
    if config.inner_bias:
        raise _other("mlp_bias")
    if config.output_bias:
        raise _other("attention_bias")


def _refuse_llama(config: RotaryConfig) -> None:
    if config.inner_bias:
        raise _other("mlp_bias")
    if isinstance(config, SparseConfig) and not config.shared_out:
        raise _other("norm_topk_prob")


def _refuse_qwen3(config: RotaryConfig) -> None:
    _refuse_rotary(config)
    if config.query_bias:
        raise _other("attention_bias")


def _refuse_smollm3(config: SmolLM3Config) -> None:
    _refuse_rotary(config)
    usual = [(layer + 1) % _NO_ROPE_STEP != 0 for layer in range(config.layers)]
    if [config.rope(layer) is not None for layer in range(config.layers)] != usual:
        raise _other("no_rope_layers")


def _refuse_gemma(config: Gemma3Config) -> None:
    _refuse_rotary(config)
    if config.windows:
        sliding = [config.window(layer) is not None for layer in range(config.layers)]
        if sliding != [bool((layer + 1) % _GEMMA_PATTERN) for layer in range(config.layers)]:
            raise _other("layer_types")
        if config.local_theta != 1e4:
            raise _other("rope_local_base_freq")
    if config.query_scalar != _gemma_scalar(config.layers, config.width, config.heads, config.head_size):  # fmt: skip
        raise _other("query_pre_attn_scalar")


def _gemma_scalar(layers: int, width: int, heads: int, head: int) -> int:
    """llama.cpp takes a model of so many layers for Gemma 3 27B."""
    return width // heads if layers == _GEMMA_27B else head


def _other(name: str) -> Unsuitable:
    text = N_("Errors", "llama.cpp computes this family otherwise than its “{name}” says")
    return Unsuitable(Sentence("Errors", text, {"name": name}))


def _gemma_metadata(config: Gemma3Config) -> Values:
    window = next((w for w in config.windows if w is not None), 0)
    return _rotary_metadata(config) | {"attention.sliding_window": window}


def _gemma_config(reading: Reading) -> Values:
    found = _rotary_config(reading)
    layers, heads = found["num_hidden_layers"], found["num_attention_heads"]
    if reading.get("final_logit_softcapping"):
        raise unbuilt("final_logit_softcapping")
    window = int(reading.get("attention.sliding_window") or 0)
    slides = _slides(reading.get("attention.sliding_window_pattern", _GEMMA_PATTERN), layers)
    kinds = ["sliding_attention" if window and one else "full_attention" for one in slides]
    local = float(reading.get("rope.freq_base_swa") or 1e4)
    scalar = _gemma_scalar(layers, found["hidden_size"], heads, found["head_dim"])
    rope = found.pop("rope_parameters")
    return found | {
        "model_type": "gemma3_text", "hidden_activation": "gelu_pytorch_tanh",
        "query_pre_attn_scalar": scalar, "sliding_window": window or 4096, "layer_types": kinds,
        "rope_parameters": {
            "full_attention": rope,
            "sliding_attention": {"rope_type": "default", "rope_theta": local},
        },
    }  # fmt: skip


def _slides(pattern: Any, layers: int) -> list[bool]:
    """For each layer whether it has a window: told one by one, or every how manieth has none."""
    if isinstance(pattern, list):
        if len(cast(list[Any], pattern)) != layers:
            raise unbuilt("attention.sliding_window_pattern")
        return [bool(one) for one in cast(list[Any], pattern)]
    return [bool(pattern and (layer + 1) % int(pattern)) for layer in range(layers)]


def _qwen3_moe_metadata(config: SparseConfig) -> Values:
    return _rotary_metadata(config) | {
        "feed_forward_length": config.dense_feed_forward or config.feed_forward,
        "expert_feed_forward_length": config.feed_forward, "expert_count": config.experts,
        "expert_used_count": config.chosen,
    }  # fmt: skip


def _qwen3_moe_config(reading: Reading) -> Values:
    return _rotary_config(reading) | {
        "model_type": "qwen3_moe", "norm_topk_prob": True, "decoder_sparse_step": 1,
        "mlp_only_layers": [], "num_experts": int(reading["expert_count"]),
        "num_experts_per_tok": int(reading["expert_used_count"]),
        "moe_intermediate_size": int(reading["expert_feed_forward_length"]),
    }  # fmt: skip


def _refuse_qwen3_moe(config: SparseConfig) -> None:
    _refuse_qwen3(config)
    if not config.shared_out:
        raise _other("norm_topk_prob")
    if config.dense_layers:
        raise _other("mlp_only_layers")


def _llama_metadata(config: RotaryConfig) -> Values:
    found = _rotary_metadata(config)
    if isinstance(config, SparseConfig):
        found |= {"expert_count": config.experts, "expert_used_count": config.chosen}
    return found


def _interleaved(config: RotaryConfig, name: str, x: Array) -> Array:
    """Rows of queries and keys for a rotation of neighbours instead of halves."""
    heads = _heads_of(config, name)
    if not heads:
        return x
    return x.reshape(heads, 2, -1, *x.shape[1:]).swapaxes(1, 2).reshape(x.shape)


def _halved(config: RotaryConfig, name: str, x: Array) -> Array:
    """The way back."""
    heads = _heads_of(config, name)
    if not heads:
        return x
    return x.reshape(heads, -1, 2, *x.shape[1:]).swapaxes(1, 2).reshape(x.shape)


def _heads_of(config: RotaryConfig, name: str) -> int:
    if ".q_proj." in name:
        return config.heads
    return config.kv_heads if ".k_proj." in name else 0


def _plus_one(config: Any, name: str, x: Array) -> Array:
    """Gemma's norms multiply with 1 + w; llama.cpp's with what stands there."""
    return x + np.float32(1) if name.endswith("norm.weight") else x


def _minus_one(config: Any, name: str, x: Array) -> Array:
    return x - np.float32(1) if name.endswith("norm.weight") else x


# ---- GPT-2 ---------------------------------------------------------------------------------------


def _gpt2_metadata(config: Gpt2Config) -> Values:
    return {
        "vocab_size": config.vocabulary, "context_length": config.context,
        "embedding_length": config.width, "block_count": config.layers,
        "feed_forward_length": config.feed_forward, "attention.head_count": config.heads,
        "attention.layer_norm_epsilon": config.norm_epsilon,
    }  # fmt: skip


def _gpt2_config(reading: Reading) -> Values:
    return {
        "model_type": "gpt2", "vocab_size": reading.vocabulary,
        "n_embd": int(reading["embedding_length"]), "n_layer": int(reading["block_count"]),
        "n_head": int(reading["attention.head_count"]),
        "n_inner": int(reading["feed_forward_length"]),
        "n_positions": int(reading["context_length"]), "activation_function": "gelu_new",
        "layer_norm_epsilon": float(reading.get("attention.layer_norm_epsilon", 1e-5)),
        "tie_word_embeddings": reading.tied,
    }  # fmt: skip


def _refuse_gpt2(config: Gpt2Config) -> None:
    if config.activation != "gelu_new":
        raise _other("activation_function")
    if not config.scaled or config.by_layer:
        raise _other("scale_attn_by_inverse_layer_idx" if config.by_layer else "scale_attn_weights")


def _transposed(config: Any, name: str, x: Array) -> Array:
    """transformers keeps GPT-2's matrices the other way round (Conv1D)."""
    conv1d = name.endswith(".weight") and any(
        part in name for part in (".c_attn.", ".c_proj.", ".c_fc.")
    )
    return x.T if conv1d else x


_LLAMA = Architecture(
    "llama", MODEL_ARCH.LLAMA, _llama_metadata, _llama_config, _refuse_llama, _interleaved, _halved,
    lambda config: factors_of(config),
)  # fmt: skip
ARCHITECTURES: dict[str, Architecture] = {
    "qwen3": Architecture(
        "qwen3", MODEL_ARCH.QWEN3, _rotary_metadata,
        lambda reading: {**_rotary_config(reading), "model_type": "qwen3"}, _refuse_qwen3,
    ),
    "qwen2": Architecture(
        "qwen2", MODEL_ARCH.QWEN2, _rotary_metadata,
        lambda reading: {**_rotary_config(reading), "model_type": "qwen2"}, _refuse_rotary,
    ),
    "llama": _LLAMA, "mistral": _LLAMA, "mixtral": _LLAMA,
    "smollm3": Architecture(
        "smollm3", MODEL_ARCH.SMOLLM3, _rotary_metadata,
        lambda reading: {**_rotary_config(reading), "model_type": "smollm3"}, _refuse_smollm3,
        _interleaved, _halved,
    ),
    "gemma3": Architecture(
        "gemma3", MODEL_ARCH.GEMMA3, _gemma_metadata, _gemma_config, _refuse_gemma, _plus_one,
        _minus_one,
    ),
    "qwen3_moe": Architecture(
        "qwen3moe", MODEL_ARCH.QWEN3MOE, _qwen3_moe_metadata, _qwen3_moe_config, _refuse_qwen3_moe,
    ),
    "gpt2": Architecture(
        "gpt2", MODEL_ARCH.GPT2, _gpt2_metadata, _gpt2_config, _refuse_gpt2, _transposed,
        _transposed,
    ),
}  # fmt: skip
"""By key of core.families.registry."""
BY_NAME = {architecture.name: architecture for architecture in ARCHITECTURES.values()}

__all__ = ["ARCHITECTURES", "BY_NAME", "ROPE_FACTORS", "Architecture", "Piece", "Reading"]
