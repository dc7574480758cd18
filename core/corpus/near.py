"""Which texts of a corpus are near duplicates, found in memory that does not grow with it.

Two near texts share some of their smallest hashes (the keys). All keys go into partitions on disk by
their value; each is sorted on its own, and only neighbours that share a key are compared. This is
linear in the number of texts. Keys that very many texts share (a licence under each) lead to a few
comparisons each, with those whose next key is the same first.
"""

from __future__ import annotations

import contextlib
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus.duplicates import NOTHING, SKETCH
from core.corpus.sketches import SketchFile
from core.files import friendly_os_errors

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
BUDGET = 64 << 20
"""Bytes that a partition may take while it is worked on."""
_KEYS = 16
_DOUBT = 0.35
"""Nearly three standard errors of an estimate by so many keys."""
_ENTRY_BYTES = 96
"""Of the budget, by key and text: the entry itself, its order, sorted copies, pairs."""
_CHUNK = 1 << 13
_PAIRS_AT_ONCE = 1024
_SMALL_GROUP = 8
_POPULAR_NEIGHBOURS = 2
_OWNERS = 16
_MOST_ROUNDS = 256
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def similarities(one: NDArray[np.uint64], two: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Estimated Jaccard similarity of each pair of rows of two [n, k] tables of sketches (or of the
    beginnings of sketches): standard error ≤ 1 / (2 √k)."""
    both = np.sort(np.concatenate([one, two], axis=1), axis=1)
    real = both != NOTHING
    again = np.zeros(both.shape, dtype=bool)
    again[:, 1:] = both[:, 1:] == both[:, :-1]
    rank = np.cumsum(~again & real, axis=1, dtype=np.int16)
    within = real & (rank <= one.shape[1])
    union = (within & ~again).sum(axis=1)
    return (within & again).sum(axis=1) / np.maximum(union, 1)


def clusters(
    sketches: SketchFile,
    take: Mask,
    order: NDArray[np.uint64],
    threshold: float,
    fixed: Mask | None = None,
    budget: int = BUDGET,
) -> NDArray[np.int32]:
    """For every text the one that stands for it: int32 [texts], itself where it stays.

    Of texts that are near each other the first by `order` stays, and whatever is near to it goes. So
    each text that goes is near to one that stays (not merely linked to it by others between), and
    the result does not depend on where texts stand.

    Args:
        take: bool [texts]: which take part.
        order: uint64 [texts, 2], such as hashes of the texts.
        threshold: Similarity from which two texts are near.
        fixed: bool [texts]: these come first and stay, however near they are to each other.
    """
    result = np.arange(len(sketches), dtype=np.int32)
    fixed = np.zeros(len(sketches), bool) if fixed is None else fixed
    linked = _linked(sketches, take, threshold, budget)
    left = _linked_rows(linked)
    left = left[np.lexsort((order[left, 1], order[left, 0], ~fixed[left], linked[left]))]
    for _ in range(_MOST_ROUNDS):  # Each round takes the next that stays, of all groups at once.
        group = linked[left]
        first = np.ones(len(left), bool)
        first[1:] = group[1:] != group[:-1]
        others, heads = left[~first], left[first][np.cumsum(first) - 1][~first]
        if not len(others):
            break
        goes = _near(sketches, others, heads, threshold) & ~fixed[others]
        result[others[goes]] = heads[goes]
        left = others[~goes]
    return result


def pairs(sketches: SketchFile, stands_for: NDArray[np.int32]) -> Iterator[tuple[int, int, float]]:
    """(text that went, text that stayed, their estimated similarity), of what `clusters` found."""
    gone = np.flatnonzero(stands_for != np.arange(len(stands_for), dtype=np.int32))
    for start in range(0, len(gone), _PAIRS_AT_ONCE):
        part = gone[start : start + _PAIRS_AT_ONCE]
        kept = stands_for[part].astype(np.int64)
        alike = similarities(sketches.take(part), sketches.take(kept))
        yield from zip(part.tolist(), kept.tolist(), alike.tolist(), strict=True)


def across(
    sketches: SketchFile, unseen: Mask, trained: Mask, threshold: float, budget: int = BUDGET
) -> Rows:
    """Pairs (row kept unseen, row trained on) that are near duplicates: int64 [pairs, 2]."""
    found = [np.empty((0, 2), np.int64)]
    if not unseen.any() or not trained.any():
        return found[0]
    for keys, owners in _sorted_keys(sketches, unseen | trained, budget):
        inside = unseen[owners]
        own, ones, wanted, twos = keys[inside], owners[inside], keys[~inside], owners[~inside]
        low = np.searchsorted(own, wanted, "left")
        count = np.minimum(np.searchsorted(own, wanted, "right") - low, _OWNERS)
        for start in range(0, len(wanted), _CHUNK):
            some = slice(start, start + _CHUNK)
            index = np.repeat(low[some], count[some]) + _counted(count[some])
            candidates = np.stack([ones[index], np.repeat(twos[some], count[some])], axis=1)
            candidates = _each_once(candidates)
            alike = _near(sketches, candidates[:, 0], candidates[:, 1], threshold)
            found.append(candidates[alike])
    return _each_once(np.concatenate(found))


def _linked(sketches: SketchFile, take: Mask, threshold: float, budget: int) -> NDArray[np.int32]:
    """For every text the number of its group; texts that a chain of near ones links are a group."""
    numbers = np.arange(len(sketches), dtype=np.int32)
    parents = array("i")
    parents.frombytes(numbers.data.cast("B"))
    del numbers
    view = np.frombuffer(parents, np.int32)
    for keys, owners in _sorted_keys(sketches, take, budget):
        for candidates in _neighbours(keys, owners):
            apart = _roots(view, candidates[:, 0]) != _roots(view, candidates[:, 1])
            some = candidates[apart]
            some = some[_near(sketches, some[:, 0], some[:, 1], threshold)]
            for one, two in some.tolist():
                _join(parents, one, two)
    for start in range(0, len(view), _CHUNK):
        some = view[start : start + _CHUNK]
        some[:] = _roots(view, some)
    return view


def _linked_rows(linked: NDArray[np.int32]) -> Rows:
    """The texts that are not alone in their group."""
    others = np.flatnonzero(linked != np.arange(len(linked), dtype=np.int32))
    groups = np.zeros(len(linked), bool)
    groups[linked[others]] = True
    groups[others] = True
    return np.flatnonzero(groups)


def _join(parents: array[int], one: int, two: int) -> None:
    """Union by the smaller number, with path halving (Tarjan and van Leeuwen 1984)."""
    while parents[one] != one:
        parents[one] = one = parents[parents[one]]
    while parents[two] != two:
        parents[two] = two = parents[parents[two]]
    parents[max(one, two)] = min(one, two)


def _roots(parents: NDArray[np.int32], rows: Rows | NDArray[np.int32]) -> NDArray[np.int32]:
    found = parents[rows]
    while True:
        further = parents[found]
        if np.array_equal(further, found):
            return found
        found = further


def _near(sketches: SketchFile, ones: Rows, twos: Rows, threshold: float) -> NDArray[np.bool_]:
    """Which pairs are near. Most are not, and that the beginnings of their sketches tell already."""
    near = np.ones(len(ones), bool)
    for width, least in ((_KEYS, threshold - _DOUBT), (SKETCH, threshold)):
        left = np.flatnonzero(near) if least > 0 else np.empty(0, np.int64)
        for start in range(0, len(left), _CHUNK):
            some = left[start : start + _CHUNK]
            one, two = sketches.take(ones[some], width), sketches.take(twos[some], width)
            for begin in range(0, len(some), _PAIRS_AT_ONCE):  # They stay in the cache.
                part = slice(begin, begin + _PAIRS_AT_ONCE)
                near[some[part]] = similarities(one[part], two[part]) >= least
    return near


def _neighbours(keys: NDArray[np.uint64], owners: Rows) -> Iterator[Rows]:
    """Pairs of owners of the same key: all of a small group, of a larger one those side by side."""
    for start in range(0, len(keys), _CHUNK):
        end = min(start + _CHUNK, len(keys))
        before = max(0, start - _SMALL_GROUP)
        around = keys[before : end + _SMALL_GROUP]
        run = np.concatenate([[0], np.cumsum(around[1:] != around[:-1])])
        size = np.bincount(run)[run][start - before :]
        found: list[Rows] = []
        for step in range(1, _SMALL_GROUP):
            ones = np.arange(start, min(end, len(keys) - step))
            same = keys[ones] == keys[ones + step]
            if step > _POPULAR_NEIGHBOURS:
                same &= size[: len(ones)] <= _SMALL_GROUP
            ones = ones[same]
            pair = np.stack([owners[ones], owners[ones + step]], axis=1)
            found.append(np.sort(pair, axis=1))
        yield _each_once(np.concatenate(found))


def _each_once(table: Rows) -> Rows:
    """Rows of two columns below 2^31, sorted, each once."""
    codes = np.sort(table[:, 0] << 32 | table[:, 1])
    codes = codes[np.concatenate([[True], codes[1:] != codes[:-1]])[: len(codes)]]
    return np.stack([codes >> 32, codes & 0xFFFFFFFF], axis=1)


def _counted(counts: Rows) -> Rows:
    """0, 1, … for each of `counts`, one after the other."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


# ---- keys --------------------------------------------------------------------------------------


def _sorted_keys(
    sketches: SketchFile, take: Mask, budget: int
) -> Iterator[tuple[NDArray[np.uint64], Rows]]:
    """Keys and their owners, a part at a time; equal keys are in one part, side by side, ordered by
    the owner's next key. (Of a key that fills more than a part, neighbours may be in two.)"""
    most = max(1, budget // _ENTRY_BYTES)
    parts = -(-int(take.sum()) * _KEYS // most)
    with contextlib.ExitStack() as stack:
        if parts > 1:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(dir=sketches.path.parent))
            )
            loads = _spilled(sketches, take, parts, folder, most)
        else:
            loads = iter([np.concatenate([np.empty((0, 2), np.uint64), *_all(sketches, take)])])
        for load in loads:
            keys, rest = load[:, 0], load[:, 1]
            order = np.lexsort((rest, keys))
            yield keys[order], (rest[order] & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _spilled(
    sketches: SketchFile, take: Mask, parts: int, folder: Path, most: int
) -> Iterator[NDArray[np.uint64]]:
    """The entries by partition, at most about `most` at once, by way of files in `folder`."""
    paths = [folder / str(number) for number in range(parts)]
    with friendly_os_errors(folder):
        for entries in _all(sketches, take):
            part = (entries[:, 0] * _SPREAD >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32)
            part = part.astype(np.uint16)
            entries = entries[np.argsort(part, kind="stable")]
            ends = np.cumsum(np.bincount(part, minlength=parts)).tolist()
            for path, start, end in zip(paths, [0, *ends], ends, strict=False):
                with path.open("ab") as file:
                    file.write(entries[start:end].tobytes())
        for path in paths:
            count = path.stat().st_size // 16
            for start in range(0, count, 2 * most):
                data = np.fromfile(path, np.uint64, 4 * most, offset=16 * start)
                yield data.reshape(-1, 2)
            path.unlink()


def _all(sketches: SketchFile, take: Mask) -> Iterator[NDArray[np.uint64]]:
    for start in range(0, len(sketches), _CHUNK):
        rows = start + np.flatnonzero(take[start : start + _CHUNK])
        yield _entries(sketches.take(rows), rows)


def _entries(sketches: NDArray[np.uint64], rows: Rows) -> NDArray[np.uint64]:
    """uint64 [entries, 2]: a key; the low half of its owner's next key, above the owner's row."""
    keys = sketches[:, :_KEYS]
    following = np.roll(keys, -1, axis=1)
    rest = following << np.uint64(32) | rows.astype(np.uint64)[:, None]
    table = np.stack([keys.ravel(), rest.ravel()], axis=1)
    return table[keys.ravel() != NOTHING]
