"""Texts of files that belong to no corpus: read and cleaned as a corpus does it, archives too."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from core.corpus.gathering import GivenFile, Stopped
from core.corpus.pool import Pool, Task, new_texts
from core.corpus.scan import scan
from core.corpus.store import TextFile
from core.home import Home
from core.jobs.kinds import CleaningOptions


def texts_of(
    home: Home, path: str, options: CleaningOptions, stop: Callable[[], bool] = lambda: False
) -> tuple[list[str], int]:
    """The texts of the file or folder `path` in its order, and how many files were looked at. They
    are read in a process of their own, with its limits of time and memory.

    Raises:
        Stopped: `stop` said so.
        NoSpace: There is no room for the texts, which lie in a temporary folder while this runs.
    """
    found = list(scan([path]))
    files = [
        GivenFile(path=str(f.path), source=f.source, bytes=f.bytes, modified=f.modified)
        for f in found
        if f.problem is None
    ]
    with tempfile.TemporaryDirectory() as folder:
        with Pool(home.path, options, 1) as pool:
            task = Task(files, new_texts(Path(folder)))
            tasks = list(pool.read([task] if files else [], stop, lambda _: None))
        if stop():
            raise Stopped
        return _in_order(files, tasks, Path(folder)), len(found)


def _in_order(files: list[GivenFile], tasks: Iterable[Task], folder: Path) -> list[str]:
    place = {file.path: number for number, file in enumerate(files)}
    verdicts = [verdict for task in tasks for verdict in task.verdicts if verdict.rows]
    verdicts.sort(key=lambda verdict: place[verdict.within or verdict.path])
    texts: list[str] = []
    for verdict in verdicts:
        rows = np.arange(verdict.first, verdict.first + verdict.rows)
        with TextFile(folder / verdict.store) as file:
            texts += [row["text"] for row in file.take(rows, ["text"])]
    return texts
