"""Where sentences end in a stream of tokens, told by what the tokens spell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ENDS = tuple(".!?。．！？…\n")
_CLOSERS = frozenset("\"'”’)]）］」』】〉》 \t\r　")
_AT_ONCE = 1 << 22


def sentence_breaks(
    tokens: NDArray[np.uint16 | np.uint32], pieces: Sequence[bytes]
) -> NDArray[np.int64]:
    """int64, ascending: numbers of the tokens before which a sentence begins. A quotation's end or a
    bracket belongs to the sentence before it.

    Args:
        pieces: Bytes of each token (core.tokenizer.cells).
    """
    texts = [piece.decode("utf-8", "ignore") for piece in pieces]
    closes = np.array([bool(text) and _CLOSERS.issuperset(text) for text in texts])
    ends = np.array([text.rstrip("".join(_CLOSERS)).endswith(_ENDS) for text in texts])
    found: list[NDArray[np.int64]] = []
    for start in range(0, len(tokens), _AT_ONCE):
        part = tokens[start : start + _AT_ONCE + 1]
        end, close = ends[part], closes[part]
        # Closers after an end carry it on: where the last token that closes nothing is one.
        last = np.maximum.accumulate(np.where(close, -1, np.arange(len(part))))
        ended = (last >= 0) & end[np.maximum(last, 0)]
        found.append(start + 1 + np.flatnonzero(ended[:-1] & ~close[1:]))
    return np.concatenate(found) if found else np.empty(0, np.int64)
