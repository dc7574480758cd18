"""Texts of files that belong to no corpus: read and cleaned as a corpus does it, archives too."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from core.corpus.gathering import GivenFile, Stopped
from core.corpus.manifest import FileVerdict
from core.corpus.pool import Pool, Task, new_texts
from core.corpus.scan import scan
from core.corpus.store import TextFile
from core.corpus.verdicts import refused
from core.home import Home
from core.jobs.kinds import CleaningOptions


def texts_of(
    home: Home, path: str, options: CleaningOptions, stop: Callable[[], bool] = lambda: False
) -> tuple[list[str], list[FileVerdict]]:
    """The texts of the file or folder `path` in its order, and all verdicts. They are read in a
    process of their own, with its limits of time and memory.

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
        read = [verdict for task in tasks for verdict in task.verdicts]
        verdicts = [*read, *(refused(f) for f in found if f.problem is not None)]
        place = {str(f.path): number for number, f in enumerate(found)}
        verdicts.sort(key=lambda verdict: place[verdict.within or verdict.path])
        return list(_texts(verdicts, Path(folder))), verdicts


def _texts(verdicts: list[FileVerdict], folder: Path) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.rows:
            rows = np.arange(verdict.first, verdict.first + verdict.rows)
            with TextFile(folder / verdict.store) as file:
                yield from (row["text"] for row in file.take(rows, ["text"]))
