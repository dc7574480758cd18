"""Writing text token by token, as cells that a screen can show."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from core.generation.sampling import Choice, Logits, choose, describe
from core.models.base import LanguageModel
from core.models.decoder import Decoder, exact_decoder
from core.sampling import SamplingSettings
from core.tokenizer.cells import CellGrouper, group

_PENALISED = 64
_LOGITS_AT_ONCE = 4 << 20


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
    all_tokens: list[int] = field(default_factory=list[int])
    """The prompt and what was written."""


def write(
    model: Decoder | LanguageModel,
    pieces: Sequence[bytes],
    prompt: Sequence[int],
    settings: SamplingSettings,
    end_tokens: set[int],
    outcome: Outcome,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[WrittenCell]:
    """Continue `prompt`; yields cells until an end token, the length, or `stopped`.

    A context that runs full is refilled with its newer half, so writing can go on. A model writes
    with its own weights; a decoder as it keeps them.
    """
    begun = time.monotonic()
    outcome.prompt_tokens = len(prompt)
    draw = np.random.default_rng(settings.seed)
    tokens = outcome.all_tokens = list(prompt)
    grouper = CellGrouper(pieces)
    choices: list[Choice] = []
    runner = Runner(exact_decoder(model) if isinstance(model, LanguageModel) else model)
    logits = runner.begin(tokens)
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
        if outcome.tokens < settings.max_tokens:
            logits = runner.after(tokens)
    outcome.seconds = time.monotonic() - begun
    if (rest := grouper.flush()) is not None:
        yield _cell(rest.text, choices[rest.start : rest.end], pieces)


class Runner:
    """Keeps a decoder inside its context."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def begin(self, tokens: Sequence[int]) -> Logits:
        """Logits [V] after `tokens`; of more than the context, after the last half of it."""
        tokens = list(tokens)
        if len(tokens) > self._decoder.context:
            tokens = tokens[-newer_half(self._decoder.context) :]
        return self._decoder.prompt(tokens)

    def after(self, tokens: Sequence[int]) -> Logits:
        """Logits [V] after `tokens`, the last of which is new."""
        if self._decoder.length >= self._decoder.context:
            return self._decoder.prompt(list(tokens)[-newer_half(self._decoder.context) :])
        return self._decoder.step(tokens[-1])


def newer_half(context: int) -> int:
    """Tokens that a full context is refilled with."""
    return max(1, context // 2)


def windows(prompt: int, total: int, context: int) -> Iterator[tuple[int, int, int]]:
    """What `Runner` looks at while it writes tokens prompt..total: (begin, first, end) for each
    filling of the context, which begins at token `begin` and gives the tokens [first, end)."""
    first, begin = prompt, 0 if prompt <= context else prompt - newer_half(context)
    while first < total:
        end = min(total, begin + context + 1)
        yield begin, first, end
        first, begin = end, end - newer_half(context)


@torch.inference_mode()
def exact_cells(
    model: LanguageModel, pieces: Sequence[bytes], tokens: Sequence[int], first: int
) -> list[WrittenCell]:
    """Cells of tokens[first:] as `write` would have given them with the weights of `model`: the
    same windows of the context, each in one block. Needs first ≥ 1."""
    device = model.embedding.weight.device
    choices: list[Choice] = []
    for begin, start, end in windows(first, len(tokens), model.config.context):
        hidden = model.hidden(torch.tensor([list(tokens[begin : end - 1])], device=device))
        choices += _described(model, hidden[0, start - begin - 1 :], tokens[start:end])
    return cells_of(choices, tokens[first:], pieces)


@torch.inference_mode()
def score_cells(
    model: LanguageModel, pieces: Sequence[bytes], tokens: Sequence[int], first: int
) -> list[WrittenCell]:
    """Cells of tokens[first:] with the probability that `model` gave them; needs first ≥ 1 and no
    more tokens than the context."""
    device = model.embedding.weight.device
    window = list(tokens)[: model.config.context + 1]
    hidden = model.hidden(torch.tensor([window[:-1]], device=device))
    return cells_of(
        _described(model, hidden[0, first - 1 :], window[first:]), window[first:], pieces
    )


def _described(
    model: LanguageModel, hidden_TD: torch.Tensor, tokens: Sequence[int]
) -> list[Choice]:
    """A choice for each of `tokens` [T] from the hidden states before them; logits in portions."""
    rows = max(1, _LOGITS_AT_ONCE // model.config.vocabulary)
    choices: list[Choice] = []
    for begin in range(0, len(tokens), rows):
        logits = model.logits(hidden_TD[begin : begin + rows]).float().cpu().numpy()
        pairs = zip(logits, tokens[begin : begin + rows], strict=True)
        choices += [describe(row, token) for row, token in pairs]
    return choices


def cells_of(
    choices: list[Choice], tokens: Sequence[int], pieces: Sequence[bytes]
) -> list[WrittenCell]:
    return [
        _cell(cell.text, choices[cell.start : cell.end], pieces) for cell in group(tokens, pieces)
    ]


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
