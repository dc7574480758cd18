"""Tokens of documents that were encoded for an earlier state of the corpus."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus.split import Side
from core.tokenizer.encoder import Tokens

_SIDES: tuple[Side, ...] = ("train", "check", "test")


@dataclass(frozen=True)
class _Side:
    """One memory-mapped side of a token store. `keys`: uint64 [documents, 2], the hashes of its
    texts. `order`: int64 [documents], sorts the first half of the hashes, which is `sorted`."""

    tokens: Tokens
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]
    keys: NDArray[np.uint64]
    order: NDArray[np.int64]
    sorted: NDArray[np.uint64]


class EncodedBefore:
    """Finds documents by the hash of their text. Takes 48 bytes of memory for each."""

    def __init__(self, folder: Path | None) -> None:
        """`folder`: a token store of the same tokenizer, or None. A broken one helps nobody."""
        self._sides: list[_Side] = []
        if folder is None:
            return
        try:
            self._sides = [_open(folder, side) for side in _SIDES]
        except (OSError, ValueError, EOFError):
            self._sides = []

    def find(self, key: bytes, size: int) -> Tokens | None:
        """The tokens of the text with this hash (16 bytes) and this many UTF-8 bytes, without the
        one that ends it."""
        if not self._sides:
            return None
        first, second = np.frombuffer(key, "<u8")
        for side in self._sides:
            at = int(np.searchsorted(side.sorted, first))
            if at == len(side.sorted) or side.sorted[at] != first:
                continue
            row = int(side.order[at])
            begin, end = int(side.offsets[row]), int(side.offsets[row + 1])
            if side.keys[row, 1] == second and side.sizes[row] == size and end > begin:
                return side.tokens[begin : end - 1]
        return None


def newest(tokens_folder: Path, tokenizer: str) -> Path | None:
    """The token store of this tokenizer (a hash) that was made last, of whatever snapshot."""
    stores = [path for path in tokens_folder.glob(f"{tokenizer}-*") if path.is_dir()]
    return max(stores, key=lambda path: path.stat().st_mtime_ns, default=None)


def _open(folder: Path, side: Side) -> _Side:
    """Raises OSError, ValueError or EOFError where a file is missing or broken."""
    tokens = np.load(folder / f"{side}.npy", mmap_mode="r", allow_pickle=False)
    offsets = np.load(folder / f"{side}-offsets.npy", allow_pickle=False)
    sizes = np.load(folder / f"{side}-bytes.npy", allow_pickle=False)
    keys = np.load(folder / f"{side}-hashes.npy", allow_pickle=False)
    fits = keys.shape == (len(sizes), 2) and len(offsets) == len(sizes) + 1
    if not fits or int(offsets[-1]) != len(tokens):
        raise ValueError(side)
    order = np.argsort(keys[:, 0], kind="stable")
    return _Side(tokens, offsets, sizes, keys, order, keys[order, 0])
