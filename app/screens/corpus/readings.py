"""The readings of a home, and what is known of a corpus before it has been read."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from app.bridge import Bridge
from app.screens.corpus.sources_row import Row
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, Source
from core.engine.record import JobRecord
from core.jobs.kinds import CleaningOptions


def corpus_of(record: JobRecord) -> str:
    """Name of the corpus that a run reads."""
    return str(record.job.config.get("corpus", ""))


def last_reading(bridge: Bridge, corpus: str) -> JobRecord | None:
    """The newest reading of a corpus."""
    return next((r for r in bridge.runs("read") if corpus_of(r) == corpus), None)


def begun_readings(bridge: Bridge, corpora: CorpusLibrary) -> list[JobRecord]:
    """Stopped readings of corpora that are not there yet: nothing of them may be lost."""
    runs = bridge.runs("read")
    return [r for r in runs if r.resumable and not corpora.exists(corpus_of(r))]


def provisional_of(record: JobRecord) -> CorpusManifest:
    return provisional(corpus_of(record), [str(p) for p in record.job.config.get("paths", [])])


def provisional(name: str, paths: list[str]) -> CorpusManifest:
    """What is known of a corpus before it has been read."""
    now = time.time()
    return CorpusManifest(
        id="", name=name, created=now, changed=now, cleaning=CleaningOptions(),
        sources=[Source(path=path, is_folder=os.path.isdir(path)) for path in paths],  # noqa: PTH112  (paths may be many)
    )  # fmt: skip


def share_done(record: JobRecord) -> float | None:
    """Of the present phase; None where it is not known how much there is to do."""
    progress = record.progress
    return min(1.0, progress.done / progress.total) if progress and progress.total else None


def with_reading(rows: list[Row], record: JobRecord) -> list[Row]:
    """`rows`, with a meter on the sources that are being read: those that were added (at the end, in
    their order), or all of them where the whole corpus is read again."""
    added = dict.fromkeys(str(path) for path in record.job.config.get("paths", []))
    if not added:
        return [replace(row, tone="read") for row in rows]
    if all(row.tone == "read" for row in rows):
        return rows
    known = {row.path: row for row in rows}
    kept = [row for row in rows if row.path not in added or row.documents]
    new = [path for path in added if path not in known or not known[path].documents]
    return kept + [replace(known.get(path) or _unread(path), tone="read") for path in new]


def _unread(path: str) -> Row:
    return Row(path, Path(path).is_dir(), "", "", "", 0, 0, "read", None, is_source=True)
