"""The sketches of many texts, in a file: they can be larger than memory."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.corpus.duplicates import SKETCH
from core.files import friendly_os_errors

_ROW = 8 * SKETCH
_REGION = 1 << 15
"""Rows that are mapped at once, 16 MB: what is mapped counts as the process's memory."""


class SketchFile:
    """Written row by row, then read in any order; at most one region is in memory at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = 0
        with friendly_os_errors(path):
            self._file: IO[bytes] | None = path.open("wb")

    @classmethod
    def of(cls, path: Path, sketches: NDArray[np.uint64]) -> SketchFile:
        """A file that holds these."""
        file = cls(path)
        file.add(sketches.tobytes())
        file.close()
        return file

    def __len__(self) -> int:
        return self._count

    def add(self, sketches: bytes) -> None:
        """The bytes of one sketch, or of several."""
        assert self._file is not None
        with friendly_os_errors(self.path):
            self._file.write(sketches)
        self._count += len(sketches) // _ROW

    def close(self) -> None:
        """Nothing can be added any more."""
        if self._file is not None:
            file, self._file = self._file, None
            with friendly_os_errors(self.path):
                file.close()

    def take(self, rows: NDArray[np.int64], width: int = SKETCH) -> NDArray[np.uint64]:
        """uint64 [rows, width]: the first hashes of these sketches."""
        self.close()
        result = np.empty((len(rows), width), np.uint64)
        order = np.argsort(rows, kind="stable")
        ordered = rows[order]
        bounds = np.searchsorted(ordered, np.arange(0, self._count + _REGION, _REGION)).tolist()
        with friendly_os_errors(self.path), self.path.open("rb") as file:
            for number, (low, high) in enumerate(itertools.pairwise(bounds)):
                if low < high:
                    first = number * _REGION
                    shape = (min(_REGION, self._count - first), SKETCH)
                    mapped = np.memmap(file, np.uint64, "r", first * _ROW, shape)
                    result[order[low:high]] = mapped[ordered[low:high] - first, :width]
        return result
