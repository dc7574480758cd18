"""GPT-3 (Brown et al. 2020): a GPT-2 in which every second layer sees a window only. Its files have
the layout of GPT-Neo, the open model of the same design."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core.families.base import LIMITS, Family, beyond, unbuilt
from core.families.learned import LearnedConfig, activation_of
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles

WINDOW = 256
"""Tokens that a local layer sees, itself among them. The paper names none; this is GPT-Neo's."""


@dataclass(frozen=True)
class Gpt3Config(LearnedConfig):
    """Sizes of a GPT-3. `local`: for each layer whether it sees `window` tokens only; empty: every
    second one does."""

    model_type: ClassVar[str] = "gpt_neo"
    query_biases: ClassVar[bool] = False

    window: int = WINDOW
    local: tuple[bool, ...] = ()

    @property
    def shape(self) -> Shape:
        return self._shape("gpt3")

    @property
    def locals(self) -> tuple[bool, ...]:
        """One for each layer."""
        return self.local or _every_second(self.layers)

    def scales(self) -> list[float]:
        """GPT-Neo's files hold queries that are scaled already: transformers does not divide."""
        return [self.head_size**0.5] * self.layers

    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json of GPTNeoForCausalLM."""
        kinds = ["local" if local else "global" for local in self.locals]
        pairs, odd = divmod(self.layers, 2)
        if kinds == ["global", "local"] * pairs + ["global"] * odd:
            types: list[Any] = [[["global", "local"], pairs]] if pairs else []
            types += [[["global"], 1]] if odd else []
        else:
            types = [[kinds, 1]]
        return {
            "architectures": ["GPTNeoForCausalLM"],
            "model_type": "gpt_neo",
            "vocab_size": self.vocabulary,
            "max_position_embeddings": self.context,
            "hidden_size": self.width,
            "num_layers": self.layers,
            "num_heads": self.heads,
            "intermediate_size": self.feed_forward,
            "attention_types": types,
            "window_size": self.window,
            "activation_function": self.activation,
            "resid_dropout": self.dropout,
            "embed_dropout": self.dropout,
            "attention_dropout": self.dropout,
            "layer_norm_epsilon": self.norm_epsilon,
            "tie_word_embeddings": self.tied,
            "bos_token_id": roles.begin,
            "eos_token_id": roles.end,
            "torch_dtype": "float32",
        }

    @classmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError for a missing size, and Unsuitable (a ValueError) for one that makes no
        sense or for a variant that is not built."""
        width, layers = int(data["hidden_size"]), int(data["num_layers"])
        config = cls(
            vocabulary=int(data["vocab_size"]),
            layers=layers,
            width=width,
            heads=int(data["num_heads"]),
            feed_forward=int(data.get("intermediate_size") or 4 * width),
            context=int(data["max_position_embeddings"]),
            tied=bool(data.get("tie_word_embeddings", True)),
            activation=activation_of(data, "activation_function"),
            norm_epsilon=float(data.get("layer_norm_epsilon", 1e-5)),
            window=int(data.get("window_size", WINDOW)),
            local=_local(_types(data), layers),
        )
        config.check()
        return config

    def check(self) -> None:
        super().check()
        if not 1 <= self.window <= LIMITS["context"]:
            raise beyond("window_size", self.window, LIMITS["context"])


def _types(data: dict[str, Any]) -> Any:
    """Files may name each layer too, which counts for transformers where both are given."""
    each = data.get("attention_layers")
    return data.get("attention_types") if each is None else [[each, 1]]


def _local(types: Any, layers: int) -> tuple[bool, ...]:
    """From `[[["global", "local"], 12]]`: each list of kinds and how often it is repeated."""
    if types is None:
        return ()
    kinds: list[str] = []
    for names, times in types if isinstance(types, Iterable) else ():
        if not 0 <= int(times) <= LIMITS["layers"] or len(names) > LIMITS["layers"]:
            raise beyond("attention_types", int(times), LIMITS["layers"])
        kinds += [str(name) for name in names] * int(times)
    unknown = next((kind for kind in kinds if kind not in ("global", "local")), None)
    if unknown is not None:
        raise unbuilt(unknown)
    if len(kinds) != layers:
        text = N_("Errors", "“attention_types” describes {count} layers, but there are {layers}")
        raise Unsuitable(Sentence("Errors", text, {"count": len(kinds), "layers": layers}))
    local = tuple(kind == "local" for kind in kinds)
    return () if local == _every_second(layers) else local


def _every_second(layers: int) -> tuple[bool, ...]:
    return tuple(layer % 2 == 1 for layer in range(layers))


FAMILY = Family(
    key="gpt3", title="GPT-3", year=2020, kind="decoder", config=Gpt3Config,
    module="core.models.gpt3", model_types=("gpt_neo",),
    paper="Brown et al. 2020, Language Models are Few-Shot Learners",
    usual={"optimiser": "adamw", "weight_decay": 0.1},
)  # fmt: skip
