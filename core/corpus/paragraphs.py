"""Paragraphs that many documents repeat: the footers of a site, signatures, licences.

Lee et al. 2022 ("Deduplicating training data makes language models better") found that models learn
such text by heart. What several documents have, word for word, is kept in the first of them. Two
passes: `ParagraphCounter` sees every document, then `Repeats` says what to take out of each.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus.readers.base import Edit
from core.files import friendly_os_errors

REASON = "paragraphs"
LEAST_CHARACTERS = 40
"""Shorter paragraphs stay: "Yes." and "* * *" are nobody's boilerplate."""
LEAST_DOCUMENTS = 5
BUDGET = 48 << 20
"""Bytes of hashes in memory; the rest waits, sorted, in files."""
_RANGE_BYTES = 24
_NEWLINE, _SPACE = 10, 32
_BLANKS = "\t\r\f\v\x1c\x1d\x1e\x1f "
_PLAIN = bytes(
    _SPACE if chr(i) in _BLANKS else ord(chr(i).lower()) if i < 128 else i for i in range(256)
)
_BETWEEN = re.compile(f"\n[{_BLANKS}]*\n[{_BLANKS}\n]*")
_LINE_END = re.compile(f"\n[{_BLANKS}]*")


def hashes(text: str) -> NDArray[np.uint64]:
    """Of every paragraph that is long enough, in order; none of a text that is one paragraph.

    Paragraphs are what stands between blank lines, or lines where there are none. Letter case (of
    ASCII) and how much space there is do not matter.
    """
    pieces = _normal_pieces(text)
    if len(pieces) < 2:
        return np.empty(0, np.uint64)
    return np.frombuffer(b"".join(filter(None, map(_name, pieces))), np.uint64)


def _normal_pieces(text: str) -> list[bytes]:
    """Normalised in one go, then cut: ten times as fast as the other way round."""
    data = text.replace("\u3000", " ").encode("utf-8", "surrogatepass").translate(_PLAIN)
    codes = np.frombuffer(data, np.uint8)
    gaps = (codes == _SPACE) | (codes == _NEWLINE)
    wanted = codes != _SPACE
    if len(codes):
        wanted[1:] |= ~gaps[:-1]  # A space stays where none stands before it.
    data = codes[wanted].tobytes().replace(b" \n", b"\n").strip(b" \n")
    if b"\n\n" not in data:
        return data.split(b"\n")
    # There is no CR among what is plain: it can stand for a blank line.
    data = data.replace(b"\n\n", b"\r").replace(b"\n", b" ")
    return [piece.strip(b" ") for piece in data.split(b"\r") if piece]


def _name(piece: bytes) -> bytes | None:
    """8 bytes that name a normalised paragraph, with spaces for its line ends; nothing for a short one."""
    if len(piece) < LEAST_CHARACTERS:
        return None
    if (
        len(piece) < LEAST_CHARACTERS * 4
        and not piece.isascii()
        and len(piece.decode("utf-8", "replace")) < LEAST_CHARACTERS
    ):
        return None
    return hashlib.blake2b(piece, digest_size=8).digest()


class ParagraphCounter:
    """Counts in how many documents each paragraph is. Memory stays at BUDGET, files in `scratch`
    take 8 bytes for each paragraph."""

    def __init__(self, scratch: Path, budget: int = BUDGET) -> None:
        self._scratch = scratch
        self._most = max(1, budget // 8 // 2)  # Sorting takes a copy.
        self._held: list[NDArray[np.uint64]] = []
        self._count = 0
        self._runs: list[Path] = []
        self._total = 0

    def add(self, text: str) -> None:
        """A document."""
        self.add_hashes(hashes(text))

    def add_hashes(self, found: NDArray[np.uint64]) -> None:
        """A document, of which `hashes` was asked already."""
        if not len(found):
            return
        each = np.unique(found) if len(found) > 1 else found
        self._held.append(each)
        self._count += len(each)
        if self._count >= self._most:
            self._spill()

    def repeated(self, documents: int = LEAST_DOCUMENTS) -> NDArray[np.uint64]:
        """Hashes of the paragraphs that at least so many documents have, ascending."""
        found = [_often(values, documents) for values in self._ranges()]
        self.close()
        return np.concatenate(found) if found else np.empty(0, np.uint64)

    def close(self) -> None:
        """Forget everything."""
        for run in self._runs:
            run.unlink(missing_ok=True)
        self._runs, self._held, self._count, self._total = [], [], 0, 0

    def _spill(self) -> None:
        with friendly_os_errors(self._scratch):
            with tempfile.NamedTemporaryFile(dir=self._scratch, delete=False) as file:
                file.write(np.sort(np.concatenate(self._held)).tobytes())
            self._runs.append(Path(file.name))
        self._total += self._count
        self._held, self._count = [], 0

    def _ranges(self) -> Iterator[NDArray[np.uint64]]:
        """All hashes, a range of values at a time, ascending."""
        if not self._runs:
            yield np.concatenate(self._held) if self._held else np.empty(0, np.uint64)
            return
        if self._held:
            self._spill()
        parts = 1 + self._total * _RANGE_BYTES // (self._most * 16)
        bounds = [part * 2**64 // parts for part in range(1, parts)]
        with friendly_os_errors(self._scratch):
            starts = [[0] * len(self._runs)]
            for bound in bounds:
                starts.append([int(np.searchsorted(_run(r), np.uint64(bound))) for r in self._runs])
            starts.append([r.stat().st_size // 8 for r in self._runs])
            for lows, highs in itertools.pairwise(starts):
                each = zip(self._runs, lows, highs, strict=True)
                yield np.concatenate([np.array(_run(run)[low:high]) for run, low, high in each])


def _run(path: Path) -> NDArray[np.uint64]:
    return np.memmap(path, np.uint64, "r")


def _often(values: NDArray[np.uint64], times: int) -> NDArray[np.uint64]:
    """Values that come at least so often, ascending, each once."""
    values = np.sort(values)
    if len(values) < times:
        return values[:0]
    often = values[: len(values) - times + 1][
        values[times - 1 :] == values[: len(values) - times + 1]
    ]
    return often[np.concatenate([[True], often[1:] != often[:-1]])[: len(often)]]


class Repeats:
    """Takes repeated paragraphs out of all documents but the first that has them.

    Args:
        repeated: As ParagraphCounter.repeated gives them.
    """

    def __init__(self, repeated: NDArray[np.uint64]) -> None:
        self._repeated = repeated
        self._seen = np.zeros(len(repeated), bool)

    def edits(self, text: str, found: NDArray[np.uint64] | None = None) -> list[Edit]:
        """What to take out of the next document. `found`: its `hashes`, where they are known."""
        found = hashes(text) if found is None else found
        if not len(found) or not len(self._repeated):
            return []
        places = np.minimum(np.searchsorted(self._repeated, found), len(self._repeated) - 1)
        common = self._repeated[places] == found
        if not common.any():
            return []
        gone = set(found[common & self._seen[places]].tolist())
        self._seen[places[common]] = True
        return [Edit(start, end, REASON) for start, end in _spans(text, gone)] if gone else []


def _spans(text: str, gone: set[int]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs with these hashes are, each with what parts it from the next one."""
    plain = text.replace("\u3000", " ")
    whole = plain.strip(_BLANKS + "\n")
    offset = len(plain) - len(plain.lstrip(_BLANKS + "\n"))
    between = _BETWEEN if _BETWEEN.search(whole) else _LINE_END
    ends = [*(match.span() for match in between.finditer(whole)), (len(whole),) * 2]
    starts = [0, *(following for _, following in ends[:-1])]
    for piece, start, (_, following) in zip(_normal_pieces(text), starts, ends, strict=True):
        name = _name(piece)
        if name is not None and int.from_bytes(name, "little") in gone:
            yield offset + start, offset + following
