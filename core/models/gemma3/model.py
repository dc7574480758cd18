"""Gemma 3: norms on both sides of each part, a scaled embedding, two rotations.

Its files hold norm weights less one, so that a zero is none; here they are whole, as in all others.
"""

from __future__ import annotations

from torch import Tensor

from core.models.rotary_decoder.model import RotaryDecoder

_PREFIXES = (
    "language_model.model.", "model.language_model.model.", "model.language_model.",
)  # fmt: skip
"""Of the text part in files of models that see images, oldest first."""
_IMAGES = ("vision_tower.", "multi_modal_projector.", "model.vision_tower.",
           "model.multi_modal_projector.")  # fmt: skip


class Gemma3(RotaryDecoder):
    """See `core.families.gemma3`."""

    def from_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        text = {
            _plain(name): weight for name, weight in weights.items() if not name.startswith(_IMAGES)
        }
        # Published ones are bf16, in which 1 + w would be rounded coarsely.
        return super().from_file(
            {name: w.float() + 1.0 if _is_norm(name) else w for name, w in text.items()}
        )

    def to_file(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name: w - 1.0 if _is_norm(name) else w for name, w in weights.items()}


def _plain(name: str) -> str:
    if name.endswith("lm_head.weight"):
        return "lm_head.weight"
    prefix = next((p for p in _PREFIXES if name.startswith(p)), None)
    return name if prefix is None else "model." + name.removeprefix(prefix)


def _is_norm(name: str) -> bool:
    return name.endswith("norm.weight")
