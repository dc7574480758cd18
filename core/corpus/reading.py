"""The job that reads text into a corpus; it can be paused at any file."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from core.corpus import duplicates
from core.corpus.build import Collection, build
from core.corpus.collect import CleanDocument, FileReading
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.corpus.scan import Found, scan
from core.corpus.store import DocumentWriter, Snapshot
from core.errors import PathMissing
from core.files import FileLock, delete_folder, read_json, write_json
from core.home import Home, clean_name, free_folder
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
        ("characters", pa.int64()),
        ("hash", pa.binary(16)),
        ("sketch", pa.binary(8 * duplicates.SKETCH)),
        ("messages", pa.large_string()),
    ]
)
ENCODINGS = "encodings.json"
_PART_BYTES = 64 << 20
_PART_SECONDS = 5.0
_STATE = "state.json"
LOCKS = ".locks"
_WAIT_SECONDS = 0.1


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

    parts = context.folder.path / "parts"
    manifest = Reading(context.home, job, parts, say).run(lambda: context.asked() is not None)
    if manifest is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    delete_folder(parts)  # All of it is in the corpus now.
    context.result({"corpus": manifest.name, "totals": manifest.totals.model_dump(mode="json")})
    return "done"


def read_corpus_now(home: Home, job: ReadJob, scratch: Path) -> CorpusManifest:
    """Read in this process, without a worker; `scratch` is an empty folder for parts."""
    manifest = Reading(home, job, scratch, lambda *_: None).run(lambda: False)
    assert manifest is not None
    return manifest


def _short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=8).hexdigest()


class Reading:
    """First pass: files to parts (resumable); second pass: `build`.

    Raises (from `run`):
        PathMissing: A new source is not there.
        EmptyCorpus: No file has text.
        BadName, NameTaken: The corpus cannot be called so.
    """

    def __init__(
        self, home: Home, job: ReadJob, parts_folder: Path, say: Callable[..., None]
    ) -> None:
        self._library = CorpusLibrary(home)
        self._job = job
        self._parts_folder = parts_folder
        self._say = say
        self._old: CorpusManifest | None = None
        self._verdicts: list[FileVerdict] = []
        self._removed: Counter[str] = Counter()
        self._raw = 0
        self._parts_files: list[Path] = []
        self._writer: DocumentWriter | None = None
        self._flushed_at = time.monotonic()

    def run(self, stop: Callable[[], bool]) -> CorpusManifest | None:
        """The corpus, or None when `stop` said so. Readings of one corpus go one after another, so
        that none forgets the sources that another has just added."""
        name = clean_name(self._job.corpus)
        turn = FileLock(self._library.home.corpora / LOCKS / f"{_short_hash(name.casefold())}.lock")
        while not turn.acquire():
            self._say("scanning", 0, None, "files")
            if stop():
                return None
            time.sleep(_WAIT_SECONDS)
        try:
            return self._run(stop)
        finally:
            turn.release()

    def _run(self, stop: Callable[[], bool]) -> CorpusManifest | None:
        if self._library.exists(self._job.corpus):
            self._old = self._library.get(self._job.corpus)
        sources = self._sources()
        folder = self._folder()
        self._say("scanning", 0, None, "files")
        found = list(scan(sources))
        self._restore()
        try:
            if not self._collect_all(found, stop):
                return None
        finally:
            if self._writer is not None:  # A fault: the unfinished part is read again.
                self._writer.discard()
                self._writer = None
        collection = Collection(
            self._parts_files, self._parts_folder, self._verdicts, dict(self._removed), self._raw,
            sources,
        )  # fmt: skip
        fresh = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        manifest: CorpusManifest | None = None
        try:
            manifest = build(
                folder, self._job, collection, self._old,
                lambda phase, done, total: self._say(phase, done, total, "documents"), stop,
            )  # fmt: skip
        finally:
            if fresh and manifest is None:
                delete_folder(folder)  # Only what this reading put there.
        if manifest is not None and self._job.encodings:
            write_json(folder / ENCODINGS, {**self._old_choices(), **self._job.encodings})
        return manifest

    def _sources(self) -> list[str]:
        """Old sources first, without those that lie in another one of them."""
        for path in self._job.paths:
            if not Path(path).exists():
                raise PathMissing("paths", path=path)
        known = [source.path for source in self._old.sources] if self._old else []
        wanted = dict.fromkeys([*known, *self._job.paths])
        kept = [path for path in wanted if path not in self._job.dropped]
        folders = {path for path in kept if Path(path).is_dir()}
        return [path for path in kept if folders.isdisjoint(map(str, Path(path).parents))]

    def _folder(self) -> Path:
        """Where the corpus lies or will lie."""
        folder = self._library.folder(self._job.corpus)
        return folder if folder.is_dir() else free_folder(folder.parent, folder.name)

    # ---- first pass --------------------------------------------------------------------------

    def _collect_all(self, found: list[Found], stop: Callable[[], bool]) -> bool:
        total = sum(item.bytes for item in found) or 1
        done_paths = {verdict.path for verdict in self._verdicts}
        done = sum(item.bytes for item in found if str(item.path) in done_paths)
        choices = {**self._old_choices(), **self._job.encodings}
        for index, item in enumerate(found):
            if str(item.path) in done_paths:
                continue
            detail = f"{index + 1}/{len(found)} {item.path.name}"
            self._say("reading", done, total, "bytes", detail)
            if stop() or not self._take(item, choices.get(str(item.path)), stop):
                self._save()
                return False
            done += item.bytes
        self._say("reading", total, total, "bytes")
        self._save()
        return True

    def _take(self, item: Found, encoding: str | None, stop: Callable[[], bool]) -> bool:
        """Read one file; False when stopped in the middle of a large one, which is then read anew
        after the pause. What came before it is saved first."""
        if self._old is not None and not item.path.exists() and self._keep_old(item):
            return True
        reading = FileReading(item, self._job.cleaning, encoding)
        alone = reading.in_pieces
        if alone:
            self._save()
        stopped = False
        for document in reading:
            self._add(document)
            if alone and stop():
                stopped = True
                break
        if alone and (stopped or reading.verdict.verdict == "skipped") and self._writer:
            self._writer.discard()
            self._writer = None
        if stopped:
            return False
        self._verdicts.append(reading.verdict)
        self._raw += reading.raw_characters
        self._removed.update(reading.removed)
        slow = time.monotonic() - self._flushed_at > _PART_SECONDS
        if alone or slow or (self._writer and self._writer.written > _PART_BYTES):
            self._save()
        return True

    def _add(self, document: CleanDocument) -> None:
        normal = duplicates.normalised(document.text)
        row = {
            "source": document.source, "part": document.part, "title": document.title,
            "text": document.text, "language": document.language,
            "characters": len(document.text), "hash": duplicates.text_hash(normal),
            "sketch": duplicates.sketch(normal).tobytes(), "messages": document.messages,
        }  # fmt: skip
        self._current_writer().add(row, len(document.text))

    def _old_choices(self) -> dict[str, str]:
        """Encodings that the user chose for files in earlier readings."""
        file = self._library.folder(self._job.corpus) / ENCODINGS
        try:
            chosen: dict[str, str] = dict(read_json(file))
        except (OSError, ValueError, TypeError):  # None were chosen, or the file is damaged.
            return {}
        return chosen

    # ---- sources that are gone ---------------------------------------------------------------

    def _keep_old(self, item: Found) -> bool:
        """A source that is gone now keeps the text that was read from it before."""
        assert self._old is not None
        files = self._library.files(self._old.name)
        gone = {f.path: f for f in files if f.source == item.source and f.verdict == "read"}
        if not gone:
            return False
        for document in self._old_texts(set(gone)):
            self._add(document)
            self._raw += len(document.text)
        warning = Sentence(
            "Verdicts", N_("Verdicts", "moved or deleted; its text as read before is kept")
        )
        self._verdicts += [
            f.model_copy(update={"warning": warning.to_json()}) for f in gone.values()
        ]
        self._save()
        return True

    def _old_texts(self, paths: set[str]) -> Iterator[CleanDocument]:
        """Documents of the last snapshot; one that was split into blocks is whole again."""
        assert self._old is not None
        snapshot = Snapshot(self._library.folder(self._old.name), self._old.snapshot)
        last: CleanDocument | None = None
        for row in snapshot.rows(["source", "document", "title", "text", "language", "messages"]):
            if row["source"] not in paths:
                continue
            text = row["text"]
            if last and (last.source, last.part) == (row["source"], row["document"]):
                text = last.text + text
            elif last:
                yield last
            last = CleanDocument(
                row["source"], row["document"], row["title"], text, row["language"],
                row["messages"],
            )  # fmt: skip
        if last:
            yield last

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
        state: dict[str, Any] = {
            "files": [path.name for path in self._parts_files],
            "verdicts": [json.loads(v.model_dump_json()) for v in self._verdicts],
            "removed": dict(self._removed),
            "raw": self._raw,
        }
        write_json(self._parts_folder / _STATE, state)

    def _restore(self) -> None:
        try:
            state = read_json(self._parts_folder / _STATE)
        except (OSError, ValueError):
            return
        self._parts_files = [self._parts_folder / name for name in state["files"]]
        self._verdicts = [FileVerdict.model_validate(v) for v in state["verdicts"]]
        self._removed, self._raw = Counter(state["removed"]), int(state["raw"])
