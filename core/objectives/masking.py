"""Rows with hidden tokens: what an encoder reads and is to guess.

Devlin et al. 2018, section 3.1: of the tokens that are to be guessed 80 % are hidden, 10 % replaced
by any token, 10 % kept; and of two segments the second follows the first in half of the cases. Liu
et al. 2019: hidden anew in each pass, no pairs, full sentences: a row is one text of whole sentences
that goes on in the next document, with a separator between (section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpus.tokens import TokenSplit
from core.objectives.batch import Batch
from core.objectives.packing import RowOrder
from core.tokenizer.frame import Frame

HIDDEN, REPLACED = 0.8, 0.1
FOLLOWS, STRANGE, NOTHING = 0, 1, -1
"""What `follows` says at a classifier token: the second segment follows the first, or comes from
elsewhere (as BertForPreTraining counts); and everywhere else."""
_TRIES = 12


@dataclass
class Row:
    """One row [T]: `tokens` as they are, `piece` which document's each is, `segment` 0 or 1,
    `follows` as above."""

    tokens: NDArray[np.int64]
    piece: NDArray[np.int64]
    segment: NDArray[np.int64]
    follows: NDArray[np.int64]


class MaskedSource:
    """Batches of masked rows: a pure function of seed and step.

    Batch: `inputs` with hidden tokens, `targets` the true ones, `weights` where they are to be
    guessed, `documents`; with pairs `extra` has `segments` and `follows` (int64 [B, T]) and
    `pair_share` (fp32 [B], the same in each row): tokens to guess for each pair in the batch.
    """

    def __init__(
        self, split: TokenSplit, frame: Frame, context: int, batch: int, seed: int,
        share: float, static: bool, breaks: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        """`share`: of the tokens, to be guessed. `static`: rows and what is hidden in them are the
        same in each pass. `breaks`: full sentences, which begin there; else every document has a
        frame of its own, beyond which nothing is seen."""
        self._split, self._frame = split, frame
        self._context, self._batch, self._seed = context, batch, seed
        self._share = share
        self._full = breaks is not None
        if breaks is None:
            self._order = RowOrder(split, context, 3 if frame.pairs else 2, seed, static)
        else:
            self._order = RowOrder(split, context - 1, 1, seed, static, breaks)
        self._is_ordinary = np.zeros(int(frame.ordinary.max()) + 1, bool)
        self._is_ordinary[frame.ordinary] = True

    def make(self, step: int) -> Batch:
        """The batch of `step`."""
        made: list[Row] = []
        inputs: list[NDArray[np.int64]] = []
        weights: list[NDArray[np.bool_]] = []
        for place in range(self._batch):
            number, pieces = self._order.row(step * self._batch + place)
            self._split = self._order.split
            draw = np.random.default_rng((self._seed, 1, number))
            row = self._sentences(pieces) if self._full else self._row(pieces, draw)
            hidden, chosen = self._hide(row, draw)
            made.append(row)
            inputs.append(hidden)
            weights.append(chosen)
        pieces = np.stack([row.piece for row in made])
        documents = torch.from_numpy(pieces) if pieces.any() else None
        guessed = np.stack(weights)
        extra: dict[str, torch.Tensor] = {}
        if self._frame.pairs:
            follows = np.stack([row.follows for row in made])
            pairs = max(1, int((follows != NOTHING).sum()))
            extra = {
                "segments": torch.from_numpy(np.stack([row.segment for row in made])),
                "follows": torch.from_numpy(follows),
                "pair_share": torch.full((self._batch,), float(guessed.sum()) / pairs),
            }
        return Batch(
            torch.from_numpy(np.stack(inputs)),
            torch.from_numpy(np.stack([row.tokens for row in made])), documents,
            torch.from_numpy(guessed), extra,
        )  # fmt: skip

    def _row(self, pieces: list[tuple[int, int]], draw: np.random.Generator) -> Row:
        t = self._context
        row = Row(
            np.full(t, self._frame.pad, np.int64), np.full(t, len(pieces), np.int64),
            np.zeros(t, np.int64), np.full(t, NOTHING, np.int64),
        )  # fmt: skip
        at = 0
        for number, (begin, end) in enumerate(pieces):
            tokens = self._split.tokens[begin:end].astype(np.int64)
            second = len(tokens)  # Where the second segment begins.
            if self._frame.pairs and len(tokens) > 1:
                second = _cut(len(tokens), draw)
                other = self._strange(begin, end, second, draw) if draw.random() < 0.5 else None
                row.follows[at] = FOLLOWS if other is None else STRANGE
                if other is not None:
                    tokens = np.concatenate([tokens[:second], other])
            framed = [self._frame.classifier, *tokens[:second], self._frame.separator]
            if second < len(tokens):
                row.segment[at + len(framed) : at + len(tokens) + 3] = 1
                framed += [*tokens[second:], self._frame.separator]
            row.tokens[at : at + len(framed)] = framed
            row.piece[at : at + len(framed)] = number
            at += len(framed)
        return row

    def _sentences(self, pieces: list[tuple[int, int]]) -> Row:
        """One text of all pieces, a separator after each."""
        t = self._context
        row = Row(
            np.full(t, self._frame.pad, np.int64), np.ones(t, np.int64), np.zeros(t, np.int64),
            np.full(t, NOTHING, np.int64),
        )  # fmt: skip
        parts: list[NDArray[np.int64]] = [np.array([self._frame.classifier])]
        for begin, end in pieces:
            parts += [
                self._split.tokens[begin:end].astype(np.int64),
                np.array([self._frame.separator]),
            ]
        tokens = np.concatenate(parts)
        row.tokens[: len(tokens)] = tokens
        row.piece[: len(tokens)] = 0
        return row

    def _strange(
        self, begin: int, end: int, second: int, draw: np.random.Generator
    ) -> NDArray[np.int64] | None:
        """As many tokens from elsewhere as follow the first `second` of [begin, end), or as another
        document has; None where there is nothing else."""
        offsets, tokens = self._split.offsets, self._split.tokens
        wanted = end - begin - second
        own = int(np.searchsorted(offsets, begin, side="right")) - 1
        for attempt in range(_TRIES):
            place = int(draw.integers(0, len(tokens)))
            there = int(np.searchsorted(offsets, place, side="right")) - 1
            first, last = int(offsets[there]), int(offsets[there + 1]) - 1
            place = max(first, min(place, last - wanted))
            stop = min(last, place + wanted)
            # Another document; of a corpus that has one, another place of it.
            apart = there != own if attempt < _TRIES // 2 else stop <= begin or place >= end
            if apart and stop > place:
                return tokens[place:stop].astype(np.int64)
        return None

    def _hide(
        self, row: Row, draw: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """(what is read, the places that are to be guessed)."""
        known = np.minimum(row.tokens, len(self._is_ordinary) - 1)
        open_to = np.flatnonzero(self._is_ordinary[known] & (known == row.tokens))
        count = min(len(open_to), max(1, round(self._share * len(open_to))))
        chosen = draw.permutation(open_to)[:count]
        fate = draw.random(count)
        read = row.tokens.copy()
        read[chosen[fate < HIDDEN]] = self._frame.mask
        replaced = chosen[(fate >= HIDDEN) & (fate < HIDDEN + REPLACED)]
        read[replaced] = draw.choice(self._frame.ordinary, len(replaced))
        guessed = np.zeros(len(read), bool)
        guessed[chosen] = True
        return read, guessed


def _cut(length: int, draw: np.random.Generator) -> int:
    """Where a piece is cut in two segments: somewhere in its middle half."""
    low = max(1, length // 4)
    return int(draw.integers(low, max(low + 1, length - length // 4)))
