"""A folder that is larger than memory would allow: seconds and peak memory of reading it.

Its text is made: words of a made vocabulary in a random order, English or Japanese letters, in files
of a megabyte, none near another. 1 GB; with --long 20 GB, which need 35 GB of disk and half an hour.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.common import Row, long_run
from tests.benchmarks.reading import measured

FILE_BYTES = 1 << 20
GIGABYTES, LONG_GIGABYTES = 1, 20
_WORDS = 1 << 14
READ = """
import json, os, sys, time
from pathlib import Path
import core.corpus.build as build
from core.corpus.reading import read_corpus_now
from core.home import Home
from core.jobs.kinds import ReadJob

home, scratch = Home(Path(sys.argv[2])).prepare(), Path(sys.argv[3])
marks = []
real = build.tokenizer_for
def marked(*arguments, **named):
    marks.append(time.perf_counter())
    return real(*arguments, **named)
build.tokenizer_for = marked
began = time.perf_counter()
manifest = read_corpus_now(home, ReadJob(corpus="c", paths=[sys.argv[1]]), scratch)
figures = {"documents": marks[0] - began, "whole": time.perf_counter() - began,
           "bytes": manifest.totals.bytes, "count": manifest.totals.documents}
print(json.dumps(figures))
"""


def run() -> list[Row]:
    gigabytes = LONG_GIGABYTES if long_run() else GIGABYTES
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as place:
        folder = Path(place)
        size = make_folder(folder / "texts", gigabytes << 30)
        scratch = folder / "parts"
        scratch.mkdir()
        found = measured(
            [sys.executable, "-c", READ, str(folder / "texts"), str(folder / "home"), str(scratch)]
        )
    note = f"{found['count']:,} documents of {size / 1e9:.1f} GB"
    return [
        Row(
            name="folder to Parquet", value=size / 1e6 / found["documents"], unit="MB/s", note=note
        ),
        Row(name="folder to a corpus", value=size / 1e6 / found["whole"], unit="MB/s"),
        Row(name="peak memory", value=found["peak"], unit="MB", target="≤ 1,000"),
    ]


def make_folder(folder: Path, size: int) -> int:
    """Returns the bytes that were written."""
    folder.mkdir()
    rng = np.random.default_rng(5)
    tables = (_english(rng), _japanese(rng))
    total, number = 0, 0
    while total < size:
        table = tables[number % 2]
        data = table[rng.integers(0, _WORDS, FILE_BYTES // table.shape[1])].tobytes()
        place = folder / f"{number // 1000:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number:06}.txt").write_bytes(data)
        total, number = total + len(data), number + 1
    return total


def _english(rng: np.random.Generator) -> np.ndarray:
    """uint8 [words, 8]: seven letters and a space, or now and then a line's end."""
    words = rng.integers(ord("a"), ord("z") + 1, (_WORDS, 8), dtype=np.uint8)
    words[:, 7] = ord(" ")
    words[::12, 7] = ord("\n")
    return words


def _japanese(rng: np.random.Generator) -> np.ndarray:
    """uint8 [words, 9]: three characters in UTF-8, the last often one that ends a phrase."""
    kana, kanji = np.arange(0x3041, 0x3094), np.arange(0x4E00, 0x5800)
    codes = np.stack([rng.choice(part, _WORDS) for part in (kanji, kana, kana)], axis=1)
    codes[::6, 2] = ord("。")
    text = "".join(map(chr, codes.ravel().tolist())).encode("utf-8")
    return np.frombuffer(text, np.uint8).reshape(_WORDS, 9)
