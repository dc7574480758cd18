"""What transformers' files call the parts of an encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor

Value = TypeVar("Value")


@dataclass(frozen=True)
class Names:
    """Own part → the file's part (both without .weight and .bias).

    `outside`: parts that stand once. `layers`: where the blocks stand, with `{}` for the number;
    `inside`: parts of a block. `bias`: the file's name of the output layer's bias.
    """

    outside: Mapping[str, str]
    layers: str
    inside: Mapping[str, str]
    bias: str

    def to_foreign(self, name: str) -> str:
        """Raises KeyError for what is no part of an encoder."""
        if name == "decoder.bias":
            return self.bias
        part, _, last = name.rpartition(".")
        if part.startswith("encoder.layer."):
            _, _, number, inner = part.split(".", 3)
            return f"{self.layers.format(number)}.{self.inside[inner]}.{last}"
        return f"{self.outside[part]}.{last}"

    def to_own(self, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Tensors of a file by own names; what is no part of an encoder is left out."""
        back = {foreign: own for own, foreign in self.outside.items()}
        inside = {foreign: own for own, foreign in self.inside.items()}
        before, _, _ = self.layers.partition("{}")
        found: dict[str, Tensor] = {}
        for name, tensor in weights.items():
            part, _, last = name.rpartition(".")
            last = {"gamma": "weight", "beta": "bias"}.get(last, last)
            if name == self.bias:
                found["decoder.bias"] = tensor
            elif part.startswith(before):
                number, _, inner = part.removeprefix(before).partition(".")
                if inner in inside:
                    found[f"encoder.layer.{number}.{inside[inner]}.{last}"] = tensor
            elif part in back:
                found.setdefault(f"{back[part]}.{last}", tensor)
        return found


def renamed(weights: Mapping[str, Value], rename: Callable[[str], str]) -> dict[str, Value]:
    return {rename(name): value for name, value in weights.items()}
