"""Reading folders into corpora in this process, and looking at what came out."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.corpus.reading import Reading, read_corpus_now
from core.corpus.store import Snapshot
from core.home import Home
from core.jobs.kinds import ReadJob
from core.sentences import Sentence


@dataclass
class Corpus:
    """A corpus as it lies on the disk."""

    home: Home
    manifest: CorpusManifest

    @property
    def folder(self) -> Path:
        return self.home.corpora / self.manifest.name

    @property
    def files(self) -> dict[str, FileVerdict]:
        """Verdicts by file name."""
        verdicts = CorpusLibrary(self.home).files(self.manifest.name)
        return {Path(file.path).name: file for file in verdicts}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(Snapshot(self.folder, self.manifest.snapshot).rows())

    def texts(self, *sides: str) -> list[str]:
        return [row["text"] for row in self.rows if not sides or row["split"] in sides]

    def side_of(self) -> dict[str, str]:
        return {row["text"]: row["split"] for row in self.rows}

    def reason(self, name: str) -> str:
        """Why a file was skipped, in English."""
        found = self.files[name].reason
        return Sentence.from_json(found).english() if found else ""


Read = Callable[..., Corpus]
Write = Callable[..., Path]


@pytest.fixture
def read(empty_home: Home, tmp_path: Path) -> Iterator[Read]:
    """read(*paths, **ReadJob's fields) reads into the corpus "c" of an own home."""
    numbers = itertools.count()

    def go(*paths: Path, **changes: Any) -> Corpus:
        scratch = tmp_path / f"parts-{next(numbers)}"
        scratch.mkdir()
        job = ReadJob(**({"corpus": "c", "paths": [str(p) for p in paths]} | changes))
        return Corpus(empty_home, read_corpus_now(empty_home, job, scratch))

    yield go


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """write(name, content) makes a file in the folder "texts" and returns the folder."""

    def go(name: str, content: str | bytes) -> Path:
        path = tmp_path / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return tmp_path / "texts"

    return go


WORDS = [
    "old",
    "fox",
    "ran",
    "over",
    "red",
    "hill",
    "saw",
    "moon",
    "lake",
    "hut",
    "tea",
    "bird",
    "song",
    "rain",
    "snow",
    "wind",
    "door",
    "lamp",
]


def prose(seed: int, words: int = 150) -> str:
    rng = random.Random(seed)
    return "".join(
        w + (".\n" if i % 9 == 8 else " ") for i, w in enumerate(rng.choices(WORDS, k=words))
    )


def visible(home: Home) -> list[str]:
    return [path.name for path in home.corpora.iterdir() if path.name[0] != "."]


@pytest.fixture
def many(write: Write) -> Path:
    """Sixty different documents."""
    for i in range(60):
        folder = write(f"doc-{i:02}.txt", prose(i))
    return folder


def reader(home: Home, folder: Path, scratch: Path) -> Reading:
    job = ReadJob(corpus="c", paths=[str(folder)], heldout_share=0.2)
    return Reading(home, job, scratch, lambda *_: None)


def stop_after(calls: int) -> Callable[[], bool]:
    count = iter(range(10**9))
    return lambda: next(count) >= calls
