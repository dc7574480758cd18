"""What the modern decoders have in common: RMSNorm, rotary positions, grouped queries, gated
feed-forward networks (Touvron et al. 2023), and in what they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal, Self, cast

from core.families.base import LIMITS, FamilyConfig, beyond, check_sizes, unbuilt
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles

Activation = Literal["silu", "gelu"]
"""gelu: its approximation by tanh."""
_PLAIN = (None, "default")
_SILU = ("silu", "swish")


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a rotation made for a short context is stretched.

    linear: all frequencies divided by `factor` (Chen et al. 2023). llama3: only those whose wave is
    longer than `original` / `low`, with a transition up to `original` / `high` (Llama Team 2024).
    """

    kind: Literal["linear", "llama3"]
    factor: float
    low: float = 1.0
    high: float = 4.0
    original: int = 8192


@dataclass(frozen=True, slots=True)
class Rope:
    """Rotary positions (Su et al. 2021) of one kind of layer."""

    theta: float
    scaling: Scaling | None = None


@dataclass(frozen=True)
class RotaryConfig(FamilyConfig):
    """Sizes of a decoder. `width` D, `heads` H of `head_size` K, `kv_heads` G, `feed_forward` F.

    `windows`: how many tokens each layer sees, None for all; empty where all see all. `query_bias`:
    of queries, keys and values. `inner_bias`: of the feed-forward network. `dropout`: with which it
    was trained; it is written into config.json, and not read from there: the recipe decides anew.
    """

    architecture: ClassVar[str]
    """The class of transformers."""
    query_norm: ClassVar[bool] = False
    """Whether queries and keys are normed, head by head."""
    sandwich: ClassVar[bool] = False
    """Whether a norm stands behind attention and feed-forward as well."""
    activation: ClassVar[Activation] = "silu"
    usual_theta: ClassVar[float] = 10_000.0
    """Where config.json names none."""

    vocabulary: int
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    context: int
    tied: bool
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-6
    scaling: Scaling | None = None
    query_bias: bool = False
    output_bias: bool = False
    inner_bias: bool = False
    windows: tuple[int | None, ...] = ()
    dropout: float = 0.0

    def __post_init__(self) -> None:
        """A config that has passed through JSON is the same config."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, list):
                object.__setattr__(self, each.name, tuple(value))
            elif each.name == "scaling" and isinstance(value, dict):
                object.__setattr__(self, each.name, Scaling(**value))

    # ---- what a model of it computes ---------------------------------------------------------

    @property
    def attention_scale(self) -> float:
        """What products of queries and keys are multiplied by."""
        return self.head_size**-0.5

    @property
    def embedding_scale(self) -> float:
        return 1.0

    def window(self, layer: int) -> int | None:
        """How many tokens a layer sees, itself included; None: all."""
        return self.windows[layer] if self.windows else None

    def rope(self, layer: int) -> Rope | None:
        """None: the layer knows no positions."""
        return Rope(self.rope_theta, self.scaling)

    # ---- sizes -------------------------------------------------------------------------------

    @property
    def parameters(self) -> int:
        """Exact number of weights, a tied table counted once."""
        d = self.width
        tables = self.vocabulary * d * (1 if self.tied else 2)
        inner = sum(self.feed_forward_parameters(layer) for layer in range(self.layers))
        return self.layers * self._block_parameters + inner + tables + d

    @property
    def _block_parameters(self) -> int:
        """Those of attention and norms."""
        d, k = self.width, self.head_size
        projected = self.heads + 2 * self.kv_heads
        weights = d * k * (projected + self.heads) + (4 if self.sandwich else 2) * d
        biases = (projected * k if self.query_bias else 0) + (d if self.output_bias else 0)
        return weights + biases + (2 * k if self.query_norm else 0)

    def feed_forward_parameters(self, layer: int) -> int:
        d, f = self.width, self.feed_forward
        return 3 * d * f + (2 * f + d if self.inner_bias else 0)

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, self.model_type,
        )  # fmt: skip

    @classmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        config = cls(
            vocabulary, shape.layers, shape.width, shape.heads, shape.kv_heads, shape.head_size,
            shape.feed_forward, context, shape.tied,
        )  # fmt: skip
        return replace(config, **cls.usual_variant(shape, context))

    @classmethod
    def usual_variant(cls, shape: Shape, context: int) -> dict[str, Any]:
        """Fields by which the family's own members differ from a plain one."""
        return {}

    # ---- config.json -------------------------------------------------------------------------

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json; rope_theta stands in both places that readers look."""
        rope: dict[str, Any] = {"rope_type": "default", "rope_theta": self.rope_theta}
        if self.scaling:
            rope |= scaling_to_transformers(self.scaling)
        return {
            "architectures": [self.architecture],
            "model_type": self.model_type,
            "vocab_size": self.vocabulary,
            "hidden_size": self.width,
            "intermediate_size": self.feed_forward,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_size,
            "hidden_act": "silu",
            "max_position_embeddings": self.context,
            "rms_norm_eps": self.norm_epsilon,
            "rope_theta": self.rope_theta,
            "rope_parameters": rope,
            **({"rope_scaling": scaling_to_transformers(self.scaling)} if self.scaling else {}),
            "attention_dropout": self.dropout,
            "tie_word_embeddings": self.tied,
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "pad_token_id": roles.pad,
            "torch_dtype": "float32",
            "use_cache": True,
            "initializer_range": 0.02,
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        config = cls(**cls.read(data))
        config.check()
        return config

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        """The fields from config.json; a family reads its own variants after these."""
        if data.get("hidden_act", "silu") not in _SILU:
            raise unbuilt(f"hidden_act {data['hidden_act']}")
        theta, scaling = read_rope(data, cls.usual_theta)
        return cls.read_sizes(data) | {"rope_theta": theta, "scaling": scaling}

    @classmethod
    def read_sizes(cls, data: dict[str, Any]) -> dict[str, Any]:
        heads = int(data["num_attention_heads"])
        if heads < 1:
            raise beyond("num_attention_heads", heads, LIMITS["heads"])
        return {
            "vocabulary": int(data["vocab_size"]),
            "layers": int(data["num_hidden_layers"]),
            "width": int(data["hidden_size"]),
            "heads": heads,
            "kv_heads": int(data.get("num_key_value_heads") or heads),
            "head_size": int(data.get("head_dim") or int(data["hidden_size"]) // heads),
            "feed_forward": int(data["intermediate_size"]),
            "context": int(data["max_position_embeddings"]),
            "tied": bool(data.get("tie_word_embeddings", False)),
            "norm_epsilon": float(data.get("rms_norm_eps", 1e-6)),
        }

    def check(self) -> None:
        """Raises Unsuitable for sizes that no model can have, before anything is allocated."""
        check_sizes(self)
        if self.heads % self.kv_heads:
            text = N_("Errors", "{heads} heads cannot share {shared} keys and values")
            values = {"heads": self.heads, "shared": self.kv_heads}
            raise Unsuitable(Sentence("Errors", text, values))
        if self.head_size % 2:
            text = N_("Errors", "a head size of {size} cannot be rotated: it is odd")
            raise Unsuitable(Sentence("Errors", text, {"size": self.head_size}))
        above_zero("rope_theta", self.rope_theta)
        above_zero("rms_norm_eps", self.norm_epsilon)
        if self.windows and len(self.windows) != self.layers:
            raise unbuilt(f"layer_types: {len(self.windows)}")
        for window in {*self.windows} - {None}:
            if cast(int, window) < 1:
                raise beyond("sliding_window", cast(int, window), LIMITS["context"])


def above_zero(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        text = N_("Errors", "“{name}” is {value}, and must be above zero")
        raise Unsuitable(Sentence("Errors", text, {"name": name, "value": str(value)}))


def read_rope(data: dict[str, Any], usual: float) -> tuple[float, Scaling | None]:
    """(theta, scaling) of config.json in the old and the new spelling. Raises KeyError for a missing
    entry, Unsuitable for a kind that is not built."""
    rope = data.get("rope_scaling") or data.get("rope_parameters") or {}
    theta = float(rope.get("rope_theta") or data.get("rope_theta") or usual)
    return theta, read_scaling(rope, int(data["max_position_embeddings"]))


def read_scaling(rope: dict[str, Any], context: int) -> Scaling | None:
    kind = rope.get("rope_type") or rope.get("type")
    if float(rope.get("partial_rotary_factor") or 1.0) != 1.0:
        raise unbuilt("partial_rotary_factor")
    if kind in _PLAIN:
        return None
    if kind not in ("linear", "llama3"):
        raise unbuilt(f"rope_type {str(kind)[:40]}")
    factor = float(rope["factor"])
    above_zero("factor", factor)
    if kind == "linear":
        return Scaling("linear", factor)
    low, high = float(rope["low_freq_factor"]), float(rope["high_freq_factor"])
    original = int(rope.get("original_max_position_embeddings") or context)
    above_zero("low_freq_factor", low)
    above_zero("high_freq_factor", high - low)
    above_zero("original_max_position_embeddings", original)
    return Scaling("llama3", factor, low, high, original)


def scaling_to_transformers(scaling: Scaling) -> dict[str, Any]:
    rope: dict[str, Any] = {"rope_type": scaling.kind, "factor": scaling.factor}
    if scaling.kind == "llama3":
        rope |= {
            "low_freq_factor": scaling.low,
            "high_freq_factor": scaling.high,
            "original_max_position_embeddings": scaling.original,
        }
    return rope


def the_window(windows: tuple[int | None, ...]) -> int | None:
    """The one size that windows of several layers have."""
    return next((window for window in windows if window is not None), None)


def layer_types(config: RotaryConfig) -> list[str]:
    """transformers' names of what each layer sees."""
    kinds = [config.window(layer) for layer in range(config.layers)]
    return ["full_attention" if kind is None else "sliding_attention" for kind in kinds]


def windows_of(types: list[Any], window: int | None) -> tuple[int | None, ...]:
    """The way back; empty where no layer has a window. Raises Unsuitable for another name."""
    for kind in types:
        if kind not in ("full_attention", "sliding_attention"):
            raise unbuilt(f"layer_types {str(kind)[:40]}")
    if window is None or "sliding_attention" not in types:
        return ()
    return tuple(window if kind == "sliding_attention" else None for kind in types)
