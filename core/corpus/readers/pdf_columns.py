"""The order in which the pieces of a page are read.

Most programs write a page in reading order, which PDFium keeps; it is changed only where it plainly is
not that: pieces that hop between columns line by line, that jump about, or vertical writing.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from statistics import median

from core.corpus.readers.pdf_lines import Line

_BINS = 200
_MOST_DEPTH = 4
_FEWEST = 3
_SHORT = 3
_MOST_PIECES = 3000
_WORDS, _CELLS = 0.2, 2.0


def ordered(pieces: list[Line], vertical: bool) -> list[Line]:
    """Whole lines in reading order; `vertical`: of vertical writing, whose columns are tiers."""
    if len(pieces) > _MOST_PIECES:  # No page for people: ordering it would take too long.
        return _whole(pieces)
    if vertical:
        return _whole(_by_columns(pieces, 0, _is_tier) or _by_rows(pieces))
    long = [piece for piece in pieces if len(piece.text) > _SHORT]
    if len(long) > 2 * _FEWEST and _is_out_of_order(long):
        columns = _by_columns(pieces, 0, _is_text)
        if columns is not None:
            return _whole(columns)
        if _jumps(long) > 0.4 * len(long):
            return _whole(_by_rows(pieces))
    return _whole(pieces)


def _is_out_of_order(pieces: list[Line]) -> bool:
    hops = sum(
        later.overlaps(former) and later.u0 - former.u1 > 0.8 * former.size
        for former, later in pairwise(pieces)
    )
    return hops > 0.25 * len(pieces) or _jumps(pieces) > 0.25 * len(pieces)


def _jumps(pieces: list[Line]) -> int:
    """How often the next piece lies before the last one in the same column."""
    return sum(
        former.v - later.v > 0.7 * former.size
        and min(former.u1, later.u1) > max(former.u0, later.u0)
        for former, later in pairwise(pieces)
    )


def _by_rows(pieces: list[Line]) -> list[Line]:
    """Row after row; pieces on one line by their place in it."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.v):
        if rows and rows[-1][0].overlaps(piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.u0)]


def _by_columns(
    pieces: list[Line], depth: int, is_column: Callable[[list[Line]], bool]
) -> list[Line] | None:
    """Column after column between lines that span both; None where there are no columns of text."""
    middle = _gutter(pieces) if depth < _MOST_DEPTH else None
    if middle is None:
        return None
    left = [piece for piece in pieces if piece.u1 <= middle]
    right = [piece for piece in pieces if piece.u0 >= middle]
    if not (is_column(left) and is_column(right)):
        return None
    spanning = sorted((p for p in pieces if p.u0 < middle < p.u1), key=lambda piece: piece.v)
    result: list[Line] = []
    begin = float("-inf")
    for end in [*(piece.v for piece in spanning), float("inf")]:
        for side in (left, right):
            part = [piece for piece in side if begin <= piece.v < end]
            result += _by_columns(part, depth + 1, is_column) or _by_rows(part)
        begin = end
        if end != float("inf"):
            result.append(spanning.pop(0))
    return result


def _gutter(pieces: list[Line]) -> float | None:
    """The middle of the widest strip that hardly any piece crosses, in the inner part of the page."""
    if len(pieces) < 2 * _FEWEST:
        return None
    begin, end = min(p.u0 for p in pieces), max(p.u1 for p in pieces)
    width = (end - begin) / _BINS
    if width <= 0:
        return None
    covered = [0] * (_BINS + 1)
    for piece in pieces:
        covered[max(0, int((piece.u0 - begin) / width))] += 1
        covered[min(_BINS, int((piece.u1 - begin) / width) + 1)] -= 1
    allowed = max(1, len(pieces) // 10)
    count, run, best = 0, 0, (0, 0)
    for place in range(_BINS):
        count += covered[place]
        inner = 0.15 * _BINS < place < 0.85 * _BINS
        run = run + 1 if count <= allowed and inner else 0
        best = max(best, (run, place))
    length, place = best
    if length * width < 0.8 * median(piece.size for piece in pieces):
        return None
    return begin + (place - (length - 1) / 2 + 0.5) * width


def _is_text(side: list[Line]) -> bool:
    """Whether a side is a column of running text, whose lines fill it; the columns of a table do not."""
    if len(side) < _FEWEST:
        return False
    width = max(p.u1 for p in side) - min(p.u0 for p in side)
    return median(p.u1 - p.u0 for p in side) > 0.6 * width and median(
        len(p.text) for p in side
    ) >= min(12, 6 + 6 * side[0].text.isascii())


def _is_tier(side: list[Line]) -> bool:
    return len(side) >= _FEWEST


def _whole(pieces: list[Line]) -> list[Line]:
    """Pieces that lie on one line and follow each other are one."""
    found: list[Line] = []
    for piece in pieces:
        piece.text = piece.text.rstrip(" ")
        last = found[-1] if found else None
        if last is None or last.hyphen or not _goes_on(last, piece):
            found.append(piece)
            continue
        gap = (piece.u0 - last.u1) / max(last.size, piece.size, 1.0)
        last.row = last.row or gap > _CELLS
        last.text += ("\t" if gap > _CELLS else " " if gap > _WORDS else "") + piece.text
        if piece.size >= last.size:
            last.v0, last.v1, last.size = piece.v0, piece.v1, piece.size
        last.u1, last.hyphen = max(last.u1, piece.u1), piece.hyphen
    return found


def _goes_on(last: Line, piece: Line) -> bool:
    return last.overlaps(piece) and piece.u0 > last.u1 - 0.5 * last.size
