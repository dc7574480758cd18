"""Filling in blanks with an encoder.

A blank is one word. It is tried as one token, as two, and so on: the tokens are filled in from left to
right, the best beginnings of them side by side (beam search), each seen by the next. What comes out
of different lengths competes by its probability, the product over its tokens; it must be whole
characters, and no word together with the marks beside it. While one blank is filled the others are
hidden, one token each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import UsageError
from core.generation.sampling import describe
from core.generation.stream import WrittenCell, cells_of
from core.models.encoder.model import Encoder
from core.sentences import N_, Sentence
from core.tokenizer.cells import is_incomplete
from core.tokenizer.frame import Frame

BLANK = "____"
_BLANKS = re.compile(r"_{2,}|＿+|□+|\[MASK\]|<mask>|<\|mask\|>")
MOST_BLANKS = 64
CANDIDATES, MOST_CANDIDATES = 8, 100
MOST_TOKENS = 4
"""Of one blank: a character has at most four bytes."""
_ENDS = re.compile(r"[、。，．！？!?：；:;「」『』（）()“”\"\n]|[.,]$")
"""Marks that end a word, or stand beside one."""
_BEAMS = 12
_TOKENS_AT_ONCE = 4_096


@dataclass(frozen=True)
class Candidate:
    text: str
    probability: float


@dataclass(frozen=True)
class Blank:
    """Characters [start, end) of the text, and what fits there, the likeliest first."""

    start: int
    end: int
    candidates: list[Candidate]

    def to_json(self) -> dict[str, Any]:
        found = [{"text": c.text, "probability": c.probability} for c in self.candidates]
        return {"start": self.start, "end": self.end, "candidates": found}


def blanks_in(text: str) -> list[tuple[int, int]]:
    """Where blanks stand: two underscores or more, ＿, □ or a mask."""
    return [found.span() for found in _BLANKS.finditer(text)]


def is_one(word: str) -> bool:
    """A word, or marks alone; no word together with the marks beside it."""
    return not (_ENDS.search(word) and any(character.isalnum() for character in word))


def filled(text: str, blanks: Sequence[Blank]) -> str:
    """The text with the likeliest candidate in each blank."""
    parts: list[str] = []
    at = 0
    for blank in blanks:
        parts.append(text[at : blank.start])
        best = blank.candidates[0].text if blank.candidates else text[blank.start : blank.end]
        parts.append(best)
        at = blank.end
    return "".join([*parts, text[at:]])


class Filler:
    """Fills in blanks with `model`. `pieces`: bytes of each token (core.tokenizer.cells)."""

    def __init__(
        self, model: Encoder, tokenizer: Any, pieces: Sequence[bytes], frame: Frame
    ) -> None:
        self._model, self._tokenizer, self._frame = model, tokenizer, frame
        self._pieces = pieces
        own = frame.ordinary[frame.ordinary < len(pieces)]
        size = model.config.vocabulary
        self._any = np.zeros(size, bool)
        self._any[own] = True
        self._opens = np.zeros(size, bool)  # Whether a token begins with a space.
        self._opens[own] = [pieces[i][:1] in (b" ", b"\n", b"\t") for i in own]
        self._goes_on = np.zeros(size, bool)  # Of WordPiece: whether it is the inside of a word.
        self._spells_spaces = b" " in pieces
        if not self._spells_spaces:
            self._goes_on[own] = [pieces[i][:1].isalnum() and pieces[i][:1] < b"\x80" for i in own]

    def fill(
        self, text: str, top: int = CANDIDATES, stopped: Callable[[], bool] = lambda: False
    ) -> list[Blank]:
        """The candidates of each blank of `text`. Raises UsageError for a text without one."""
        spans = blanks_in(text)
        if not spans:
            words = N_(
                "Errors", "There is no blank in the text: write ____ where a word is missing."
            )
            raise UsageError("text", detail=Sentence("Errors", words))
        if len(spans) > MOST_BLANKS:
            words = N_("Errors", "The text has {count} blanks: fill in at most {most} at a time.")
            values = {"count": len(spans), "most": MOST_BLANKS}
            raise UsageError("text", detail=Sentence("Errors", words, values))
        parts, spaces = self._parts(text, spans)
        found: list[Blank] = []
        for number, (start, end) in enumerate(spans):
            if stopped():
                break
            before = self._joined(parts[: number + 1])
            after = self._joined(parts[number + 1 :])
            first = self._first(spaces[number], bool(before))
            found.append(Blank(start, end, self._candidates(before, after, first)[:top]))
        return found

    def guesses(self, tokens: Sequence[int]) -> list[WrittenCell]:
        """Each word of a text while it alone is hidden; of its first tokens, as the context holds."""
        return guess_cells(self._model, self._pieces, self._frame, tokens)

    def _parts(self, text: str, spans: list[tuple[int, int]]) -> tuple[list[list[int]], list[bool]]:
        """(tokens between the blanks, whether a space stood before each, which the blank's own first
        token brings along)."""
        parts: list[list[int]] = []
        spaces: list[bool] = []
        at = 0
        for start, end in [*spans, (len(text), len(text))]:
            between = text[at:start]
            space = start < len(text) and between.endswith(" ")
            parts.append(self._tokenizer.encode(between[:-1] if space else between).ids)
            spaces.append(space)
            at = end
        return parts, spaces

    def _joined(self, parts: list[list[int]]) -> list[int]:
        """The parts with one mask between each."""
        tokens: list[int] = []
        for number, part in enumerate(parts):
            tokens += [*([self._frame.mask] if number else []), *part]
        return tokens

    def _first(self, space: bool, something: bool) -> NDArray[np.bool_]:
        """Tokens that a blank may begin with: after a space those that bring it along."""
        if not self._spells_spaces:
            return self._any & ~self._goes_on if space or not something else self._any
        if space:
            return self._any & self._opens
        return self._any & ~self._opens if something else self._any

    def _candidates(
        self, before: list[int], after: list[int], first: NDArray[np.bool_]
    ) -> list[Candidate]:
        best: dict[str, float] = {}
        for length in range(1, MOST_TOKENS + 1):
            for tokens, nats in self._beams(before, after, length, first):
                word = self._word(tokens)
                if word and is_one(word):
                    best[word] = max(best.get(word, 0.0), math.exp(-nats))
        order = sorted(best.items(), key=lambda item: (-item[1], item[0]))
        return [Candidate(text, probability) for text, probability in order]

    def _word(self, tokens: tuple[int, ...]) -> str:
        """What tokens spell, without the space before it; "" where it is no whole word."""
        data = b"".join(self._pieces[token] for token in tokens)
        try:
            return data.decode("utf-8").strip()
        except UnicodeDecodeError:
            return ""

    def _beams(
        self, before: list[int], after: list[int], length: int, first: NDArray[np.bool_]
    ) -> list[tuple[tuple[int, ...], float]]:
        """The likeliest fillings of `length` tokens with their nats."""
        before, after = self._window(before, after, length)
        beams: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
        for place in range(length):
            rows = [
                self._frame.around(
                    [*before, *tokens, *[self._frame.mask] * (length - place), *after]
                )
                for tokens, _ in beams
            ]
            nats = -self._log_chances(rows, 1 + len(before) + place)
            nats[:, ~(first if place == 0 else self._any & ~self._opens)] = np.inf
            grown: list[tuple[tuple[int, ...], float]] = []
            for (tokens, so_far), row in zip(beams, nats, strict=True):
                for token in np.argpartition(row, min(len(row) - 1, 4 * _BEAMS))[: 4 * _BEAMS]:
                    longer = (*tokens, int(token))
                    if np.isfinite(row[token]) and self._may_stand(longer, place + 1 == length):
                        grown.append((longer, so_far + float(row[token])))
            beams = sorted(grown, key=lambda beam: beam[1])[:_BEAMS]
            if not beams:
                return []
        return beams

    def _may_stand(self, tokens: tuple[int, ...], whole: bool) -> bool:
        """Whether tokens can be (the beginning of) text."""
        data = b"".join(self._pieces[token] for token in tokens)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return not whole and is_incomplete(data)
        return True

    def _window(
        self, before: list[int], after: list[int], length: int
    ) -> tuple[list[int], list[int]]:
        """What fits into the context on both sides, the blank in the middle."""
        room = max(0, self._model.config.context - 2 - length)
        left = min(len(before), max(room // 2, room - len(after)))
        return before[len(before) - left :], after[: room - left]

    @torch.inference_mode()
    def _log_chances(self, rows: list[list[int]], place: int) -> NDArray[np.float64]:
        """Log probabilities [rows, V] at `place` of equally long rows."""
        tokens = torch.tensor(rows, device=self._model.embedding.weight.device)
        hidden = self._model.transformed(self._model.encoded(tokens)[:, place])
        return self._model.logits(hidden).double().log_softmax(-1).cpu().numpy()


@torch.inference_mode()
def guess_cells(
    model: Encoder, pieces: Sequence[bytes], frame: Frame, tokens: Sequence[int]
) -> list[WrittenCell]:
    """Cells of `tokens` (without their frame; at most the context) with the probability that each
    has when it alone is hidden."""
    framed = torch.tensor(frame.around(list(tokens)[: model.config.context - 2]))
    framed = framed.to(model.embedding.weight.device)
    count = len(framed) - 2
    rows = max(1, _TOKENS_AT_ONCE // len(framed))
    choices: list[Any] = []
    for begin in range(0, count, rows):
        places = torch.arange(begin, min(count, begin + rows), device=framed.device) + 1
        read = framed.repeat(len(places), 1)
        lines = torch.arange(len(places), device=framed.device)
        read[lines, places] = frame.mask
        hidden = model.transformed(model.encoded(read)[lines, places])
        logits = model.logits(hidden).float().cpu().numpy()
        choices += [
            describe(row, tokens[int(p) - 1]) for row, p in zip(logits, places, strict=True)
        ]
    return cells_of(choices, tokens[:count], pieces)
