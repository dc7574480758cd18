"""Writing text token by token, as cells that a screen can show."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from core.generation.sampling import Choice, choose, describe
from core.models.qwen3.model import KeyValueCache, Qwen3
from core.sampling import SamplingSettings
from core.tokenizer.cells import CellGrouper, group

_PENALISED = 64


@dataclass(frozen=True)
class WrittenCell:
    """A cell as screens take it: the shortest valid run of tokens with its probability."""

    text: str
    probability: float
    rank: int
    alternatives: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "probability": self.probability,
            "rank": self.rank,
            "surprise": -math.log2(max(self.probability, 1e-12)),
            "alternatives": [[text, value] for text, value in self.alternatives],
        }


@dataclass
class Outcome:
    """Filled while writing; `reason`: end, length or stopped."""

    reason: str = "length"
    tokens: int = 0
    prompt_tokens: int = 0
    first_token_seconds: float = 0.0
    seconds: float = 0.0


def write(
    model: Qwen3,
    pieces: Sequence[bytes],
    prompt: Sequence[int],
    settings: SamplingSettings,
    end_tokens: set[int],
    outcome: Outcome,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[WrittenCell]:
    """Continue `prompt`; yields cells until an end token, the length, or `stopped`.

    A context that runs full is refilled with its newer half, so writing can go on.
    """
    begun = time.monotonic()
    outcome.prompt_tokens = len(prompt)
    draw = torch.Generator().manual_seed(settings.seed)
    tokens = list(prompt)
    grouper = CellGrouper(pieces)
    choices: list[Choice] = []
    runner = Runner(model)
    logits = runner.feed(tokens)
    for _ in range(settings.max_tokens):
        if stopped():
            outcome.reason = "stopped"
            break
        choice = choose(logits, settings, draw, tokens[-_PENALISED:])
        if not outcome.tokens:
            outcome.first_token_seconds = time.monotonic() - begun
        if choice.token in end_tokens:
            outcome.reason = "end"
            break
        outcome.tokens += 1
        outcome.seconds = time.monotonic() - begun
        tokens.append(choice.token)
        choices.append(choice)
        if (cell := grouper.feed(choice.token)) is not None:
            yield _cell(cell.text, choices[cell.start : cell.end], pieces)
        logits = runner.feed([choice.token], tokens)
    outcome.seconds = time.monotonic() - begun
    if (rest := grouper.flush()) is not None:
        yield _cell(rest.text, choices[rest.start : rest.end], pieces)


class Runner:
    """Feeds a model token by token through a key/value cache."""

    def __init__(self, model: Qwen3) -> None:
        self._model = model
        weight = model.model.embed_tokens.weight
        self._device, self._dtype = weight.device, weight.dtype
        self._cache = self._fresh()

    def _fresh(self) -> KeyValueCache:
        return KeyValueCache(self._model.config, 1, self._device, self._dtype)

    @torch.inference_mode()
    def feed(self, new: Sequence[int], history: Sequence[int] | None = None) -> torch.Tensor:
        """Logits [V] in fp32 after `new`. `history`: all tokens, for refilling a full context."""
        room = self._cache.context - self._cache.length
        if len(new) > room:
            self._cache = self._fresh()
            new = list(history or new)[-max(1, self._cache.context // 2) :]
        block = torch.tensor([list(new)], device=self._device)
        hidden = self._model.hidden(block, self._cache)
        return self._model.lm_head(hidden[0, -1]).float()


@torch.inference_mode()
def score_cells(
    model: Qwen3, pieces: Sequence[bytes], tokens: Sequence[int], first: int
) -> list[WrittenCell]:
    """Cells of tokens[first:] with the probability that `model` gave them; needs first ≥ 1 and no
    more tokens than the context."""
    device = model.model.embed_tokens.weight.device
    window = list(tokens)[: model.config.context + 1]
    block = torch.tensor([window[:-1]], device=device)
    probabilities = model(block)[0].float().softmax(-1)
    choices = [describe(probabilities[i - 1], window[i]) for i in range(first, len(window))]
    cells = group(window[first:], pieces)
    return [_cell(cell.text, choices[cell.start : cell.end], pieces) for cell in cells]


def _cell(text: str, choices: list[Choice], pieces: Sequence[bytes]) -> WrittenCell:
    probability = math.prod(choice.probability for choice in choices)
    rank = max(choice.rank for choice in choices)
    shown: dict[str, float] = {}
    for token, value in choices[0].alternatives:
        try:
            word = pieces[token].decode("utf-8")
        except UnicodeDecodeError:
            continue  # The beginning of some character: nothing that can be shown.
        if word:
            shown[word] = shown.get(word, 0.0) + value
    return WrittenCell(text, probability, rank, list(shown.items())[:5])
