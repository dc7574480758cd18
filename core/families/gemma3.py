"""Gemma 3 (Gemma Team 2025), its text model: five layers with a window for each that sees all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from core.families.base import Family, unbuilt
from core.families.rotary import (
    Activation,
    Rope,
    RotaryConfig,
    above_zero,
    layer_types,
    read_scaling,
    scaling_to_transformers,
    the_window,
    windows_of,
)
from core.families.shape import Shape
from core.tokenizer.roles import TokenRoles

_PATTERN, _LOCAL_THETA, _GLOBAL_THETA = 6, 10_000.0, 1_000_000.0
_WINDOW = 4096
_MOST_WINDOW = 512
"""Of the smallest published sizes."""
_OMITTED = {
    "vocab_size": 262_208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
    "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
    "max_position_embeddings": 131_072,
}  # fmt: skip
"""What transformers takes where config.json names no size: published ones leave some out."""


@dataclass(frozen=True)
class Gemma3Config(RotaryConfig):
    """Norms before and behind each part, a scaled embedding, GELU.

    `local_theta`: rotation of the layers with a window. `query_scalar`: products of queries and keys
    are divided by its root.
    """

    model_type: ClassVar[str] = "gemma3_text"
    architecture: ClassVar[str] = "Gemma3ForCausalLM"
    query_norm: ClassVar[bool] = True
    sandwich: ClassVar[bool] = True
    activation: ClassVar[Activation] = "gelu"
    usual_theta: ClassVar[float] = _GLOBAL_THETA

    local_theta: float = _LOCAL_THETA
    query_scalar: float = 256.0

    @property
    def attention_scale(self) -> float:
        return self.query_scalar**-0.5

    @property
    def embedding_scale(self) -> float:
        return self.width**0.5

    def rope(self, layer: int) -> Rope | None:
        return super().rope(layer) if self.window(layer) is None else Rope(self.local_theta)

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, "gemma3",
        )  # fmt: skip

    @classmethod
    def usual_variant(cls, shape: Shape, context: int) -> dict[str, Any]:
        """The window shrinks with the context. A model of fewer layers than the pattern, of which
        none would see everything, has windows as wide as the context: other programs know the
        pattern by heart."""
        window = min(_MOST_WINDOW, max(1, context // 4)) if shape.layers >= _PATTERN else context
        return {
            "windows": tuple(
                None if (n + 1) % _PATTERN == 0 else window for n in range(shape.layers)
            ),
            "query_scalar": float(shape.head_size),
            "rope_theta": _GLOBAL_THETA,
        }

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """Both spellings of the two rotations, for newer and for older readers."""
        entries = super().to_transformers(roles)
        del entries["hidden_act"]
        scaled = scaling_to_transformers(self.scaling) if self.scaling else {}
        plain = {"rope_type": "default"}
        scalar = self.query_scalar
        return {
            **entries,
            "attention_bias": self.query_bias,
            "hidden_activation": "gelu_pytorch_tanh",
            "query_pre_attn_scalar": int(scalar) if scalar.is_integer() else scalar,
            "sliding_window": the_window(self.windows) or _WINDOW,
            "layer_types": layer_types(self),
            "rope_local_base_freq": self.local_theta,
            "rope_parameters": {
                "full_attention": {**plain, **scaled, "rope_theta": self.rope_theta},
                "sliding_attention": {**plain, "rope_theta": self.local_theta},
            },
            "attn_logit_softcapping": None,
            "final_logit_softcapping": None,
            "use_bidirectional_attention": False,
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> dict[str, Any]:
        if isinstance(data.get("text_config"), dict):  # The text part of a model that sees images.
            data = data["text_config"]
        data = _OMITTED | data
        for name in ("attn_logit_softcapping", "final_logit_softcapping"):
            if data.get(name) is not None:
                raise unbuilt(name)
        if data.get("use_bidirectional_attention"):
            raise unbuilt("use_bidirectional_attention")
        activation = data.get("hidden_activation") or "gelu_pytorch_tanh"
        if activation != "gelu_pytorch_tanh":
            raise unbuilt(f"hidden_activation {activation}")
        fields, biased = cls.read_sizes(data), bool(data.get("attention_bias"))
        return (
            fields
            | _read_ropes(data, fields["context"])
            | {
                "tied": bool(data.get("tie_word_embeddings", True)),
                "query_bias": biased,
                "output_bias": biased,
                "query_scalar": float(data.get("query_pre_attn_scalar", 256)),
                "windows": windows_of(
                    data.get("layer_types") or _types(data, fields["layers"]),
                    int(data.get("sliding_window") or _WINDOW),
                ),
            }
        )

    def check(self) -> None:
        super().check()
        above_zero("rope_local_base_freq", self.local_theta)
        above_zero("query_pre_attn_scalar", self.query_scalar)


def _types(data: dict[str, Any], layers: int) -> list[str]:
    given = data.get("sliding_window_pattern") or data.get("_sliding_window_pattern") or _PATTERN
    pattern = max(1, int(given))
    return [
        "sliding_attention" if (layer + 1) % pattern else "full_attention"
        for layer in range(layers)
    ]


def _read_ropes(data: dict[str, Any], context: int) -> dict[str, Any]:
    """Both rotations: nested by kind of layer in the new spelling, flat in the old one."""
    ropes = data.get("rope_parameters") or {}
    scaled = data.get("rope_scaling") or {}
    if "type" in scaled:  # As older releases spelt it.
        scaled = {"rope_type": scaled["type"], **scaled}
    full = {**(ropes.get("full_attention") or {}), **scaled}
    local = ropes.get("sliding_attention") or {}
    if read_scaling(local, context):
        raise unbuilt(f"rope_type {local['rope_type']}")
    return {
        "scaling": read_scaling(full, context),
        "rope_theta": float(full.get("rope_theta") or data.get("rope_theta") or _GLOBAL_THETA),
        "local_theta": float(
            local.get("rope_theta") or data.get("rope_local_base_freq") or _LOCAL_THETA
        ),
    }


FAMILY = Family(
    key="gemma3", title="Gemma 3", year=2025, kind="decoder", config=Gemma3Config,
    module="core.models.gemma3", model_types=("gemma3_text", "gemma3"),
    paper="Gemma Team 2025, Gemma 3 Technical Report",
    usual={"optimiser": "adamw"},
)  # fmt: skip
