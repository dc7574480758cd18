"""Keeping several corpora of one training apart: what one of them keeps unseen is trained on in none,
neither word for word nor nearly.

Documents are compared by their stored sketches, as within one corpus. Where a corpus is split into
blocks, a block may lie in a whole book of another one: then texts are compared by a sample of their
shingles, all whose hash is small (Irber et al. 2022, "FracMinHash"), which tells how much of one text
is in another, however long that is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, near
from core.corpus.conversations import messages_of, own_words, pair_of
from core.corpus.sketches import SketchFile
from core.corpus.store import Snapshot

Mask = NDArray[np.bool_]
SAMPLED = 32
"""One of so many shingles is in a sample."""
SHARED = 0.2
"""Of the sample of the shorter text, from which two texts count as sharing a piece."""
_LEAST_SHARED = 4
_LEAST_ALIKE = 0.25
"""So alike are a text and one four times as long that has all of it."""
_MOST_OWNERS = 16
"""A shingle that more unseen texts have is a turn of speech, or a pattern."""
_MOST_LOST = 3
_OF_ONE_PATTERN = 4
_AT_ONCE = 1 << 10
_LEAST_ASKED = 60
"""Bytes of a question of its own."""


def left_out(states: Sequence[Snapshot]) -> list[Mask]:
    """Of each state of a corpus which documents are not trained on: bool [documents].

    Those that have a place in the training part, and whose text another one keeps unseen. Where all
    texts are of one pattern "nearly" tells nothing: then only the same text counts. In memory: a few
    bytes for each document, some 0.4 for each byte of unseen text of corpora that are split into
    blocks.

    Raises:
        Damaged
    """
    trains = [_trained(state) for state in states]
    gone = the_same(states)
    if len(states) < 2:
        return gone
    blocks = [_is_cut(state) for state in states]
    for one, two in permutations(range(len(states)), 2):
        unseen, trained = np.flatnonzero(~trains[one]), np.flatnonzero(trains[two])
        if not len(unseen) or not len(trained):
            continue
        gone[two] |= _asked_alike(states[one], unseen, states[two], trained)
        compare = _sharing if blocks[one] or blocks[two] else _near
        pairs = compare(states[one], unseen, states[two], trained)
        if not _one_pattern(states[two], trained, pairs):
            gone[two][trained[pairs[:, 1]]] = True
    return gone


def _trained(state: Snapshot) -> Mask:
    return np.array([row["split"] == "train" for row in state.rows(["split"])], bool)


def the_same(states: Sequence[Snapshot]) -> list[Mask]:
    """As `left_out`, of texts that are word for word the same, by their hashes. Raises Damaged."""
    trains = [_trained(state) for state in states]
    if len(states) < 2:
        return [np.zeros(len(mask), bool) for mask in trains]
    unseen = {
        row["hash"]
        for state, mask in zip(states, trains, strict=True)
        for row in state.rows(["hash"], np.flatnonzero(~mask))
    }
    return [
        mask & np.array([row["hash"] in unseen for row in state.rows(["hash"])], bool)
        for state, mask in zip(states, trains, strict=True)
    ]


def _asked_alike(
    one: Snapshot, unseen: NDArray[np.int64], two: Snapshot, trained: NDArray[np.int64]
) -> Mask:
    """Which conversations of `two` that are trained on begin with the question of one that is unseen,
    however long the orders before it are in either: bool [documents]."""
    columns = ["text", "messages"]
    asked = {_question(row) for row in one.rows(columns, unseen)} - {None}
    gone = np.zeros(two.documents, bool)
    if asked:
        gone[trained] = [_question(row) in asked for row in two.rows(columns, trained)]
    return gone


def _question(row: dict[str, Any]) -> bytes | None:
    """A hash of what is asked first, whether somebody answers or not; None for nothing, and for a few
    words that many begin with."""
    data = row["messages"]
    pair = pair_of(data)
    messages = pair[0] if pair else messages_of(data) or []
    words = next((m["content"] for m in messages if m["role"] == "user"), "")
    if data is None and row["text"].startswith(("system: ", "user: ")):
        words = own_words(row["text"]).removeprefix("user: ").partition("\nassistant: ")[0]
    normal = duplicates.normal_bytes(words)
    return duplicates.text_hash(normal) if len(normal) >= _LEAST_ASKED else None


def _is_cut(state: Snapshot) -> bool:
    """Whether some text is several documents."""
    if not state.indexed:
        return any(row["part"] != row["document"] for row in state.rows(["part", "document"]))
    places = state.index["file"].astype(np.int64) << 32 | state.index["row"]
    return len(np.unique(places)) < len(places)


def _one_pattern(state: Snapshot, trained: NDArray[np.int64], pairs: NDArray[np.int64]) -> bool:
    """Whether each unseen text is near so many others that most of the training would go."""
    unseen, lost = (np.unique(pairs[:, side]) for side in (0, 1))
    if len(lost) <= _OF_ONE_PATTERN * len(unseen):
        return False
    sizes = np.array([row["bytes"] for row in state.rows(["bytes"], trained)], np.int64)
    return bool(sizes[lost].sum() * _MOST_LOST > sizes.sum())


# ---- whole documents -----------------------------------------------------------------------------


def _near(
    one: Snapshot, unseen: NDArray[np.int64], two: Snapshot, trained: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Pairs (place in `unseen`, place in `trained`) of near texts: int64 [pairs, 2]."""
    # Beside the tokens: what a kill leaves there is swept.
    with tempfile.TemporaryDirectory(prefix=".near-", dir=_scratch(two)) as folder:
        sketches = SketchFile(Path(folder) / "sketches")
        for state, numbers in ((one, unseen), (two, trained)):
            for part in _sketches(state, numbers):
                sketches.add(part)
        first = np.arange(len(unseen) + len(trained)) < len(unseen)
        pairs = near.across(sketches, first, ~first, _LEAST_ALIKE)
        pairs = pairs[_contained(sketches, pairs) >= duplicates.NEAR]
    return pairs - [0, len(unseen)]


def _contained(sketches: SketchFile, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much of the shorter text of each pair is in the longer one, by their shingles."""
    found = [np.empty(0)]
    for start in range(0, len(pairs), _AT_ONCE):
        one, two = (sketches.take(rows) for rows in pairs[start : start + _AT_ONCE].T)
        alike = near.similarities(one, two)
        shared = alike / (1 + alike) * (_sizes(one) + _sizes(two))
        found.append(shared / np.maximum(np.minimum(_sizes(one), _sizes(two)), 1))
    return np.concatenate(found)


def _sizes(sketches: NDArray[np.uint64]) -> NDArray[np.float64]:
    """About how many shingles texts have: those of a full sketch lie the denser the more there are."""
    count = (sketches != duplicates.NOTHING).sum(axis=1)
    last = sketches.max(axis=1, initial=0).astype(np.float64) / 2.0**64
    return np.where(count < duplicates.SKETCH, count, (count - 1) / np.maximum(last, 2.0**-64))


def _scratch(state: Snapshot) -> Path:
    folder = state.folder / "tokens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sketches(state: Snapshot, numbers: NDArray[np.int64]) -> Iterator[bytes]:
    """Those that reading stored; the first edition stored none."""
    if state.indexed:
        yield from (row["sketch"] for row in state.rows(["sketch"], numbers))
        return
    texts = _texts(state, numbers)
    while some := list(islice(texts, _AT_ONCE)):
        yield duplicates.summaries(some)[1].tobytes()


def _texts(state: Snapshot, numbers: NDArray[np.int64]) -> Iterator[str]:
    for row in state.rows(["text", "messages"], numbers):
        yield own_words(row["text"]) if row["messages"] else row["text"]


# ---- pieces of texts -----------------------------------------------------------------------------


def _sharing(
    one: Snapshot, unseen: NDArray[np.int64], two: Snapshot, trained: NDArray[np.int64]
) -> NDArray[np.int64]:
    """As `_near`, of texts that share a piece."""
    values, owners, sizes = _samples(one, unseen)
    found = [np.empty((0, 2), np.int64)]
    for place, text in enumerate(_texts(two, trained)):
        own = sample(text)
        low = np.searchsorted(values, own, "left")
        count = np.searchsorted(values, own, "right") - low
        own_hits = np.repeat(low, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)  # fmt: skip
        who, shared = np.unique(owners[own_hits], return_counts=True)
        shorter = np.minimum(sizes[who], len(own))
        alike = who[(shared >= _LEAST_SHARED) & (shared >= SHARED * shorter)]
        found.append(np.stack([alike, np.full(len(alike), place)], axis=1))
    return np.concatenate(found)


def _samples(state: Snapshot, numbers: NDArray[np.int64]) -> tuple[Any, Any, Any]:
    """(hashes, ascending; the text of each; how many each text has), without those of very many."""
    parts = [sample(text) for text in _texts(state, numbers)]
    sizes = np.array([len(part) for part in parts], np.int64)
    values = np.concatenate([np.empty(0, np.uint64), *parts])
    owners = np.repeat(np.arange(len(parts)), sizes)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    times = np.searchsorted(values, values, "right") - np.searchsorted(values, values, "left")
    usual = times <= _MOST_OWNERS
    return values[usual], owners[usual], sizes


def sample(text: str) -> NDArray[np.uint64]:
    """uint64 [n]: the hashes of a text's shingles that are small, ascending, each once."""
    limit = np.uint64(2**64 // SAMPLED)
    parts = [part[part < limit] for part in duplicates.shingles(duplicates.normal_bytes(text))]
    return np.unique(np.concatenate([np.empty(0, np.uint64), *parts]))
