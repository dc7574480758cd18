"""What is known of a model family: its sizes, its config.json, its paper."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from core.families.shape import Shape
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles

Kind = Literal["decoder", "encoder"]
"""A decoder continues text; an encoder fills in blanks."""

LIMITS = {
    "vocabulary": 1 << 21, "layers": 512, "width": 1 << 16, "heads": 1024, "kv_heads": 1024,
    "head_size": 1024, "feed_forward": 1 << 18, "context": 1 << 20,
}  # fmt: skip
"""Sizes beyond these are no model but an attack on memory."""


class FamilyConfig(ABC):
    """Sizes and variants of one model: a frozen dataclass of the family.

    `width` D, `heads` H, `vocabulary` V, `context`: the most tokens that are seen at once, `tied`:
    input and output share one table.
    """

    model_type: ClassVar[str]
    gated: ClassVar[bool] = True
    """Whether a feed-forward layer has three matrices (one is a gate) instead of two."""
    learned_positions: ClassVar[bool] = False
    """Whether positions are rows of a table: a token beyond `context` cannot be seen."""
    vocabulary: int
    layers: int
    width: int
    heads: int
    context: int
    tied: bool

    @property
    @abstractmethod
    def parameters(self) -> int:
        """Exact number of weights, a tied table counted once."""

    @property
    @abstractmethod
    def shape(self) -> Shape:
        """The sizes that planning counts with."""

    @classmethod
    @abstractmethod
    def from_shape(cls, shape: Shape, vocabulary: int, context: int) -> Self:
        """The usual member of the family with these sizes."""

    @classmethod
    @abstractmethod
    def from_transformers(cls, data: dict[str, Any]) -> Self:
        """From config.json. Raises KeyError for a missing size, and Unsuitable (a ValueError) for
        one that makes no sense or for a variant that is not built."""

    @abstractmethod
    def to_transformers(self, roles: TokenRoles) -> dict[str, Any]:
        """config.json, from which transformers and we build the same model."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family. `module` is a folder of core.models with `Model` (a LanguageModel) and
    `initialise(model, seed)`; it is imported in the worker only.

    `model_types`: those of config.json that it reads. `usual`: settings of the recipe with which
    its paper trained. `note`: what the user should know of it.
    """

    key: str
    title: str
    year: int
    kind: Kind
    config: type[FamilyConfig]
    module: str
    model_types: tuple[str, ...]
    paper: str
    usual: dict[str, Any] = field(default_factory=dict[str, Any])
    note: Sentence | None = None


def unbuilt(variant: str) -> Unsuitable:
    """A variant of config.json that is not built here."""
    text = N_("Errors", "“{name}” is not supported")
    return Unsuitable(Sentence("Errors", text, {"name": variant[:60]}))


def refuse_unsafe(data: dict[str, Any]) -> None:
    """Raises Unsuitable for a config.json that asks for program code of its own, or whose weights
    are quantised in a way that only other programs read."""
    if data.get("auto_map"):
        text = N_(
            "Errors", "it asks to run program code of its own (“auto_map”), which is never done"
        )
        raise Unsuitable(Sentence("Errors", text))
    quantised = data.get("quantization_config")
    if quantised:
        kind = quantised.get("quant_method") if isinstance(quantised, dict) else quantised
        text = N_(
            "Errors", "its weights are quantised (“{kind}”): take the version of it that is not"
        )
        raise Unsuitable(Sentence("Errors", text, {"kind": str(kind)[:40]}))


def beyond(name: str, value: int, most: int) -> Unsuitable:
    text = N_("Errors", "“{name}” is {value}, not between 1 and {most}")
    return Unsuitable(Sentence("Errors", text, {"name": name, "value": value, "most": most}))


def check_sizes(config: Any) -> None:
    """Raises Unsuitable for sizes that no model can have, before anything is allocated."""
    for name, most in LIMITS.items():
        value = getattr(config, name, 1)
        if not 1 <= value <= most:
            raise beyond(name, value, most)
