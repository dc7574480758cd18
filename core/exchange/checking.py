"""Testing an export on the spot: opened as a stranger's file, it must be the version that it came from."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from core.exchange.fitting import config_of, expected_shapes, fit, hollow, loaded
from core.models.base import LanguageModel
from core.tokenizer.roles import TokenRoles, names_of
from core.tokenizer.sandbox import TemplateFault
from core.tokenizer.template import ChatTemplate, template_text
from core.versions.importing.source import Source, open_path
from core.versions.importing.tensorfile import ELEMENT_BYTES

Logits = NDArray[np.float32]
MOST_TOKENS = 128
SAMPLES = (
    "The sun was warm, and nobody in the village had ever seen 1,024 cats.\n",
    "むかしむかし、ある所に、おじいさんとおばあさんが住んでいました。",
    "def f(x):\n    return x ** 2  # ½ of it — “quoted”\t🙂\n\n",
    "  two  spaces, CamelCase, don't, naïve café, 東京2026年、ｶﾅ",
)
CONVERSATION = (
    {"role": "user", "content": "What is 2 + 2?"}, {"role": "assistant", "content": "4 です。"},
    {"role": "user", "content": "Why?\n- because"},
)  # fmt: skip
_MOST_DIFFERENCE = {
    "exact": 1e-4, "f32": 1e-4, "f16": 0.02, "bf16": 0.1, "q8_0": 0.1, "q5_0": 0.35, "q4_0": 0.6,
}  # fmt: skip
"""Root mean square of the difference, by that of the logits, that a format may cause."""
_SAME_DIFFERENCE, _SAME_BEST, _ALIKE_BEST = 0.05, 0.95, 0.7
"""What may be called the same: so large a difference at most, and so many best tokens that agree; with
fewer it is only alike, and below the last it fails."""
_TYPES = {
    "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` holds figures only, which every language reads alike. `rounded`: it holds but for what
    rounding to few bits changes."""

    name: str
    ok: bool
    detail: str = ""
    rounded: bool = False

    def to_json(self) -> dict[str, Any]:
        found = {"name": self.name, "ok": self.ok, "detail": self.detail}
        return {**found, "rounded": True} if self.rounded else found


@dataclass(frozen=True, slots=True)
class Difference:
    """Between logits [T, V]: the largest, its size beside theirs, and how many best tokens agree."""

    largest: float
    relative: float
    same_best: int
    tokens: int

    def check(self, form: str) -> Check:
        best = self.same_best / max(1, self.tokens)
        ok = self.relative <= _MOST_DIFFERENCE[form] and best >= _ALIKE_BEST
        same = self.relative <= _SAME_DIFFERENCE and best >= _SAME_BEST
        detail = (
            f"max {self.largest:.2g}, rms {100 * self.relative:.2g} %, "
            f"{self.same_best}/{self.tokens}"
        )
        return Check("logits", ok, detail, rounded=ok and not same)


def sample_tokens(tokenizer: Tokenizer, roles: TokenRoles, context: int) -> list[int]:
    """The fixed text for comparing logits."""
    text = "".join(SAMPLES)
    ids = [roles.begin, *tokenizer.encode(text, add_special_tokens=False).ids]
    return ids[: max(2, min(context, MOST_TOKENS))]


@torch.inference_mode()
def logits_of(model: LanguageModel, tokens: Sequence[int]) -> Logits:
    """[T, V] in fp32, on the processor."""
    return model(torch.tensor([list(tokens)]))[0].float().numpy()


def difference(ours: Logits, theirs: Logits) -> Difference:
    centred = ours - ours.mean(axis=-1, keepdims=True)
    gap = theirs - ours
    rms = float(np.sqrt(np.mean(np.square(gap, dtype=np.float64))))
    size = float(np.sqrt(np.mean(np.square(centred, dtype=np.float64))))
    same = int((ours.argmax(-1) == theirs.argmax(-1)).sum())
    return Difference(float(np.abs(gap).max()), rms / max(size, 1e-9), same, len(ours))


def reloaded(path: Path) -> tuple[LanguageModel, Source]:
    """The model in `path`, by the way that imports take. Raises CannotImport."""
    source = open_path(path)
    config = config_of(source.config, source.config_file)
    model = hollow(config)
    source.prepare(expected_shapes(model))
    names = fit(model, source.tensors, source.place).names
    return loaded(config, _weights(source, names)), source


def _weights(source: Source, names: dict[str, str]) -> dict[str, Tensor]:
    buffers: dict[str, bytearray] = {}
    for name in names:
        facts = source.tensors[name]
        count = int(np.prod(facts.shape)) * ELEMENT_BYTES[facts.dtype]
        buffers[name] = bytearray(count)
    for name, place, piece in source.pieces():
        if name in buffers:
            buffers[name][place : place + len(piece)] = piece
    return {
        stored: torch.frombuffer(
            buffers.pop(name), dtype=_TYPES[source.tensors[name].dtype]
        ).reshape(source.tensors[name].shape)
        for name, stored in names.items()
    }


def check_tokenizer(ours: Tokenizer, text: str) -> Check:
    """`text`: the tokenizer.json that came back."""
    theirs = Tokenizer.from_str(text)
    theirs.encode_special_tokens = ours.encode_special_tokens
    theirs.no_truncation()
    theirs.no_padding()
    same = sum(
        ours.encode(sample, add_special_tokens=False).ids
        == theirs.encode(sample, add_special_tokens=False).ids
        for sample in SAMPLES
    )
    return Check("tokenizer", same == len(SAMPLES), f"{same}/{len(SAMPLES)}")


def check_template(
    entry: Path, tokenizer: Tokenizer, roles: TokenRoles, source: Source, room: Path
) -> Check | None:
    """Whether a conversation looks the same; None where the version has no template.

    Args:
        room: A folder for files of the moment.
    """
    own = template_text(entry)
    if own is None:
        return None
    room.mkdir(parents=True, exist_ok=True)
    try:
        vocabulary = source.vocabulary()
        vocabulary.write(room)
        theirs = vocabulary.roles(room)
        if theirs is None or vocabulary.template is None:
            return Check("template", False)
        texts = [
            ChatTemplate(text, "own", one, its, names_of(folder)).text_of(CONVERSATION, prompt=True)
            for text, one, its, folder in (
                (own, tokenizer, roles, entry),
                (vocabulary.template, vocabulary.tokenizer, theirs, room),
            )
        ]
        return Check("template", texts[0] == texts[1], f"{len(texts[0])}")
    except TemplateFault:
        return Check("template", False)
    finally:
        shutil.rmtree(room, ignore_errors=True)
