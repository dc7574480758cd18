"""All texts that a reading may choose from, as arrays: what is decided of them needs no text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.corpus.assign import TextTable
from core.corpus.conversations import beginning_of, is_pair
from core.corpus.duplicates import SKETCH, text_hash
from core.corpus.hashes import Hashes, as_table
from core.corpus.manifest import FileVerdict
from core.corpus.store import TextFile, damage

_FACTS = [
    "document",
    "characters",
    "bytes",
    "language",
    "digest",
    "hash",
    "sketch",
    "messages",
    "shaped",
]
COLUMNS = np.dtype(
    [
        ("file", "<i4"), ("row", "<i4"), ("document", "<i4"), ("characters", "<i8"),
        ("bytes", "<i8"), ("language", "<i2"), ("talk", "?"), ("pair", "?"), ("shaped", "?"), ("digest", "V16"),
        ("hash", "V16"), ("source", "<i4"),
    ]
)  # fmt: skip
"""Facts of a text, see `Catalogue`."""
_AT_ONCE = 1 << 14


@dataclass
class Catalogue:
    """`paths`: files of texts. `texts`: COLUMNS [texts], in the order of the corpus; `talk`, `pair`:
    it is a conversation, or a pair of answers; `shaped`: it is of a file of them; `source`: number of its file in `sources`. `languages`:
    the codes that `language` numbers. `table`: their hashes and sketches.
    """

    paths: list[Path]
    texts: NDArray[Any]
    sources: list[str]
    languages: list[str]
    table: TextTable
    beginnings: bytearray = field(default_factory=bytearray)
    """A hash (16 bytes) of what each conversation or pair begins with, in their order."""

    pairs: bytearray = field(default_factory=bytearray)
    """A hash of all words of each pair of answers, the worse one's too, which is no part of its text."""

    def names(self) -> Hashes:
        """What texts have in common that are copies of each other: uint64 [texts, 2]."""
        if not self.pairs:
            return self.table.hashes
        names = self.table.hashes.copy()
        names[self.texts["pair"]] = as_table(self.pairs)
        return names

    def side_keys(self) -> Hashes:
        """What decides a text's side: uint64 [texts, 2]. Conversations that begin alike have the same:
        what one of them is kept unseen with, another would be trained on."""
        if not self.beginnings:
            return self.table.hashes
        keys = self.table.hashes.copy()
        keys[self.texts["talk"]] = as_table(self.beginnings)
        return keys

    def read(
        self, numbers: NDArray[np.int64], columns: Sequence[str] = ("text",)
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number, row) of these texts, in their order; a row group in memory at a time."""
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            entries = self.texts[some]
            for part in np.split(np.arange(len(some)), _borders(entries["file"])):
                with TextFile(self.paths[int(entries["file"][part[0]])]) as file:
                    rows = file.take(entries["row"][part].astype(np.int64), columns)
                    yield from zip(some[part].tolist(), rows, strict=True)


def load(verdicts: Sequence[FileVerdict], places: Sequence[Path], table: TextTable) -> Catalogue:
    """The texts that `verdicts` name, whose files lie in one of `places`; they are put into `table`,
    which is empty. Raises Damaged."""
    own = [v for v in verdicts if v.rows]
    names = list(dict.fromkeys(v.store for v in own))
    number = {name: i for i, name in enumerate(names)}
    paths = [next((p / n for p in places if (p / n).exists()), places[0] / n) for n in names]
    counts = np.array([v.rows for v in own], np.int64)
    firsts = np.array([v.first for v in own], np.int64)
    texts = np.zeros(int(counts.sum()), COLUMNS)
    texts["source"] = np.repeat(np.arange(len(own)), counts)
    texts["file"] = np.repeat([number[v.store] for v in own], counts) if own else 0
    begins = np.cumsum(counts) - counts
    texts["row"] = np.arange(len(texts)) - np.repeat(begins - firsts, counts)
    languages: dict[str, int] = {}
    beginnings, pairs = bytearray(), bytearray()
    follows = (np.diff(texts["file"]) != 0) | (np.diff(texts["row"]) != 1)
    runs = np.split(np.arange(len(texts)), np.flatnonzero(follows) + 1) if len(texts) else []
    for run in runs:
        first, last = int(run[0]), int(run[-1]) + 1
        path = paths[int(texts["file"][first])]
        some = texts[first:last]
        _fill(path, int(some["row"][0]), some, table, languages, beginnings, pairs)
    return Catalogue(paths, texts, [v.path for v in own], list(languages), table, beginnings, pairs)


def _borders(values: NDArray[Any]) -> NDArray[np.int64]:
    return np.flatnonzero(np.diff(values)) + 1


def _fill(
    path: Path, first: int, texts: NDArray[Any], table: TextTable, languages: dict[str, int],
    beginnings: bytearray, pairs: bytearray,
) -> None:  # fmt: skip
    """Neighbouring rows of one file, from row `first` on."""
    with damage(path), _opened(path) as file:
        base, last = 0, first + len(texts)
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            low, high = max(first, base), min(last, base + size)
            if low < high:
                facts = file.read_row_group(group, _FACTS, use_threads=False)
                facts = facts.slice(low - base, high - low)
                part = texts[low - first : high - first]
                for name, values in _columns(facts, languages, beginnings, pairs).items():
                    part[name] = values
                hashes, sketches = _raw(facts["hash"], 16), _raw(facts["sketch"], 8 * SKETCH)
                table.extend(hashes, sketches, part["characters"])
            base += size


def _opened(path: Path) -> pq.ParquetFile:
    return pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True)


def _columns(
    facts: pa.Table, languages: dict[str, int], beginnings: bytearray, pairs: bytearray
) -> dict[str, NDArray[Any]]:
    codes = facts["language"].combine_chunks().dictionary_encode()
    names = [languages.setdefault(name, len(languages)) for name in codes.dictionary.to_pylist()]
    messages = facts["messages"].combine_chunks()
    talk = np.asarray(messages.is_valid().to_numpy(zero_copy_only=False))
    pair = np.zeros(len(talk), bool)
    for place in np.flatnonzero(talk):
        data = messages[int(place)].as_py()
        pair[place] = is_pair(data)
        beginnings += text_hash(beginning_of(data))
        if pair[place]:
            pairs += text_hash(data)
    return {
        "document": facts["document"].to_numpy(), "characters": facts["characters"].to_numpy(),
        "bytes": facts["bytes"].to_numpy(),
        "language": np.array(names or [0], np.int16)[codes.indices.to_numpy(zero_copy_only=False)],
        "talk": talk, "pair": pair,
        "shaped": facts["shaped"].to_numpy(),
        "digest": np.frombuffer(_raw(facts["digest"], 16), "V16"),
        "hash": np.frombuffer(_raw(facts["hash"], 16), "V16"),
    }  # fmt: skip


def _raw(column: pa.ChunkedArray, width: int) -> bytes:
    """The bytes of a column of binaries of one size."""
    array = column.combine_chunks()
    data = array.buffers()[1]
    return bytes(data)[array.offset * width : (array.offset + len(array)) * width]
