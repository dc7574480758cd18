"""The job that reads text into a corpus; it can be paused at any file."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from core.corpus import duplicates
from core.corpus.build import Part, build
from core.corpus.collect import Collected, collect
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.corpus.scan import Found, scan
from core.corpus.store import DocumentWriter, Snapshot, read_rows
from core.errors import PathMissing
from core.files import read_json, write_json
from core.home import Home
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import ReadJob
from core.sentences import N_, Sentence

PARTS_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("part", pa.int32()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("language", pa.string()),
        ("hash", pa.binary(16)),
        ("sketch", pa.binary()),
    ]
)
_PART_BYTES = 64 << 20
_PART_SECONDS = 5.0


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "read"."""
    job = cast(ReadJob, context.config)
    context.started()
    last = ""

    def say(phase: str, done: float, total: float | None, unit: str, detail: str = "") -> None:
        nonlocal last
        if phase != last:
            context.phase(phase)
            last = phase
        context.progress(done, total, unit, detail=detail)

    reading = Reading(context.home, job, context.folder.path / "parts", say)
    manifest = reading.run(lambda: context.asked() is not None)
    if manifest is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    context.result({"corpus": manifest.name, "totals": manifest.totals.model_dump(mode="json")})
    return "done"


def read_corpus_now(home: Home, job: ReadJob, scratch: Path) -> CorpusManifest:
    """Read in this process, without a worker; `scratch` is an empty folder for parts."""
    manifest = Reading(home, job, scratch, lambda *_: None).run(lambda: False)
    assert manifest is not None
    return manifest


class Reading:
    """First pass: files to parts (resumable); second pass: `build`."""

    def __init__(
        self, home: Home, job: ReadJob, parts_folder: Path, say: Callable[..., None]
    ) -> None:
        self._library = CorpusLibrary(home)
        self._job = job
        self._parts_folder = parts_folder
        self._say = say
        self._old = self._library.get(job.corpus) if self._library.exists(job.corpus) else None
        self._verdicts: list[FileVerdict] = []
        self._removed: dict[str, int] = {}
        self._raw = 0
        self._parts_files: list[Path] = []
        self._writer: DocumentWriter | None = None
        self._flushed_at = time.monotonic()

    def run(self, stop: Callable[[], bool]) -> CorpusManifest | None:
        sources = self._sources()
        self._say("scanning", 0, None, "files")
        found = list(scan(sources))
        self._restore()
        if not self._collect_all(found, stop):
            return None
        parts = self._load_parts()
        folder = self._library.folder(self._job.corpus)
        folder.mkdir(parents=True, exist_ok=True)
        return build(
            folder, self._job, self._parts_files, parts, self._verdicts, self._removed, self._raw,
            sources, self._old.id if self._old else str(uuid.uuid4()),
            self._old.created if self._old else time.time(),
            lambda phase, done, total: self._say(phase, done, total, "documents"), stop,
        )  # fmt: skip

    def _sources(self) -> list[str]:
        """Old sources first; raises PathMissing for a new one that is not there."""
        for path in self._job.paths:
            if not Path(path).exists():
                raise PathMissing("paths", path=path)
        known = [source.path for source in self._old.sources] if self._old else []
        wanted = dict.fromkeys([*known, *self._job.paths])
        return [path for path in wanted if path not in self._job.dropped]

    # ---- first pass --------------------------------------------------------------------------

    def _collect_all(self, found: list[Found], stop: Callable[[], bool]) -> bool:
        total = sum(item.bytes for item in found) or 1
        done_paths = {verdict.path for verdict in self._verdicts}
        done = sum(item.bytes for item in found if str(item.path) in done_paths)
        for index, item in enumerate(found):
            if str(item.path) in done_paths:
                continue
            if stop():
                self._save()
                return False
            detail = f"{index + 1}/{len(found)} {item.path.name}"
            self._say("reading", done, total, "bytes", detail)
            self._take(item)
            done += item.bytes
        self._say("reading", total, total, "bytes")
        self._save()
        return True

    def _take(self, item: Found) -> None:
        chosen = self._job.encodings.get(str(item.path)) or self._old_choice(str(item.path))
        collected = collect(item, self._job.cleaning, chosen)
        if collected.verdict.verdict == "skipped" and not item.path.exists():
            collected = self._keep_old(item) or collected
        self._verdicts.append(collected.verdict)
        self._raw += collected.raw_characters
        for reason, count in collected.removed.items():
            self._removed[reason] = self._removed.get(reason, 0) + count
        for document in collected.documents:
            normal = duplicates.normalised(document.text)
            row = {
                "source": document.source, "part": document.part, "title": document.title,
                "text": document.text, "language": document.language,
                "hash": duplicates.text_hash(normal),
                "sketch": duplicates.sketch(normal).tobytes(),
            }  # fmt: skip
            self._current_writer().add(row, len(document.text))
        writer = self._writer
        slow = time.monotonic() - self._flushed_at > _PART_SECONDS
        if writer and (writer.written > _PART_BYTES or slow):
            self._save()

    def _old_choice(self, path: str) -> str | None:
        """An encoding that the user chose for this file in an earlier reading."""
        if self._old is None:
            return None
        file = self._library.folder(self._job.corpus) / "encodings.json"
        choices = read_json(file) if file.is_file() else {}
        return choices.get(path)

    def _keep_old(self, item: Found) -> Collected | None:
        """A source that is gone now keeps the text that was read from it before."""
        if self._old is None:
            return None
        old = {file.path: file for file in self._library.files(self._old.name)}
        path = str(item.path)
        gone = [f for f in old.values() if f.source == item.source and f.verdict == "read"]
        if not gone:
            return None
        warning = Sentence(
            "Verdicts", N_("Verdicts", "moved or deleted; its text as read before is kept")
        )
        verdict = gone[0].model_copy(update={"path": path, "warning": warning.to_json()})
        from core.corpus.collect import CleanDocument

        names = {file.path for file in gone}
        snapshot = Snapshot(self._library.folder(self._old.name), self._old.snapshot)
        documents = [
            CleanDocument(row["source"], row["part"], row["title"], row["text"], row["language"])
            for row in snapshot.rows(["source", "part", "title", "text", "language"])
            if row["source"] in names
        ]
        kept = Collected(verdict, documents)
        kept.raw_characters = sum(len(d.text) for d in documents)
        return kept

    # ---- parts, saved so that a pause or a kill costs little ---------------------------------

    def _current_writer(self) -> DocumentWriter:
        if self._writer is None:
            path = self._parts_folder / f"part-{len(self._parts_files):05d}.parquet"
            self._writer = DocumentWriter(path, PARTS_SCHEMA)
        return self._writer

    def _save(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._parts_files.append(self._writer.path)
            self._writer = None
        self._flushed_at = time.monotonic()
        write_json(
            self._parts_folder / "state.json",
            {
                "files": [path.name for path in self._parts_files],
                "verdicts": [json.loads(v.model_dump_json()) for v in self._verdicts],
                "removed": self._removed,
                "raw": self._raw,
            },
        )
        if self._job.encodings:
            folder = self._library.folder(self._job.corpus)
            file = folder / "encodings.json"
            known: dict[str, Any] = read_json(file) if file.is_file() else {}
            write_json(file, {**known, **self._job.encodings})

    def _restore(self) -> None:
        try:
            state = read_json(self._parts_folder / "state.json")
        except (OSError, ValueError):
            return
        self._parts_files = [self._parts_folder / name for name in state["files"]]
        self._verdicts = [FileVerdict.model_validate(v) for v in state["verdicts"]]
        self._removed, self._raw = dict(state["removed"]), int(state["raw"])

    def _load_parts(self) -> list[Part]:
        rows = read_rows(self._parts_files, ["hash", "sketch"])
        return [Part(row["hash"], np.frombuffer(row["sketch"], np.uint64), 0) for row in rows]
