"""The job "corpus-export": the clean texts of a corpus in a form that other programs read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Protocol, cast

import pyarrow as pa

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.corpus.naming import names_of, short_name
from core.corpus.store import DocumentWriter, Snapshot
from core.errors import NameTaken, UsageError
from core.files import friendly_os_errors, fsync_folder, publish_folder
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import CorpusExportJob
from core.sentences import N_, Sentence

Row = dict[str, Any]
ENDINGS = {"text": "", "jsonl": ".jsonl", "parquet": ".parquet"}
_COLUMNS = ["source", "document", "part", "title", "text", "language", "split", "messages"]
_PER_FOLDER = 1000
"""Files in one folder: more make file managers slow."""
_BETWEEN = "\n\n"
_EVERY = 64
_TURN = pa.struct([("role", pa.string()), ("content", pa.string())])
_SCHEMA: list[tuple[str, pa.DataType]] = [
    ("source", pa.string()), ("title", pa.string()), ("language", pa.string()),
    ("split", pa.string()), ("document", pa.int32()), ("part", pa.int32()),
]  # fmt: skip
_TALK: list[tuple[str, pa.DataType]] = [
    ("messages", pa.list_(_TURN)), ("prompt", pa.list_(_TURN)), ("chosen", pa.string()),
    ("rejected", pa.string()),
]  # fmt: skip


class _Writer(Protocol):
    def add(self, row: Row) -> int:
        """Write a row of the snapshot; returns its size in bytes."""
        ...

    def close(self) -> None: ...


def ending(form: str, one_file: bool = False) -> str:
    """What the name of an export in `form` ends in; "" for a folder."""
    return ".txt" if form == "text" and one_file else ENDINGS[form]


def run(context: WorkerContext) -> WorkOutcome:
    """Write the texts of a CorpusExportJob; they get their name when all are there.

    A document that was cut for the split comes in its pieces. JSON Lines and Parquet have, of every
    piece: text, or of conversations `messages`, or `prompt`, `chosen` and `rejected`; source (its
    name below what was added), title, language, split (train, check, test), document and part (numbers
    within the source). Text: a file for each piece, or all in one with an empty line between.

    Phase: exporting. Emits as `result`: corpus, snapshot, path, format, side, documents, characters,
    bytes, seconds.

    Raises:
        NotFound, Damaged: There is no such corpus, or it is broken.
        NameTaken: Something is there already.
        UsageError: Nothing is on that side, or the place lies inside Terakoya's own folder.
        NoSpace, NoPermission: Nothing is left behind.
    """
    job = cast(CorpusExportJob, context.config)
    begun = time.monotonic()
    context.started()
    context.phase("exporting")
    library = CorpusLibrary(context.home)
    manifest = library.get(job.corpus)
    target = _free(context, Path(job.to))
    snapshot = Snapshot(library.folder(manifest.name), manifest.snapshot)
    counts = {"documents": 0, "characters": 0, "bytes": 0}
    temporary = target.parent / f".{target.name[:40]}.{uuid.uuid4().hex[:8]}.tmp"
    try:
        with friendly_os_errors(target.parent), _writer(job, manifest, temporary) as writer:
            for number, row in enumerate(snapshot.rows(_COLUMNS)):
                if number % _EVERY == 0:
                    context.progress(number, snapshot.documents, "documents")
                    if context.stopping():
                        return "cancelled" if context.asked() == "cancel" else "paused"
                if _wanted(row, job.side):
                    counts["bytes"] += writer.add(row)
                    counts["documents"] += 1
                    counts["characters"] += len(row["text"])
        if not counts["documents"]:
            raise UsageError("side", detail=_nothing(manifest.name))
        with friendly_os_errors(target.parent):
            _give_name(temporary, target)
    finally:
        _clear(temporary)
    context.progress(snapshot.documents, snapshot.documents, "documents")
    context.result(
        {
            "corpus": manifest.name, "snapshot": manifest.snapshot, "path": str(target),
            "format": job.format, "side": job.side, **counts, "seconds": time.monotonic() - begun,
        }
    )  # fmt: skip
    return "done"


def _wanted(row: Row, side: str) -> bool:
    return side == "all" or (row["split"] == "train") == (side == "train")


def _nothing(name: str) -> Sentence:
    text = N_("Errors", "“{name}” has no text on that side. Export all of it.")
    return Sentence("Errors", text, {"name": name})


# ---- forms ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def _writer(
    job: CorpusExportJob, manifest: CorpusManifest, place: Path
) -> Generator[_Writer]:  # fmt: skip
    place.parent.mkdir(parents=True, exist_ok=True)
    named = names_of(manifest)
    writer: _Writer
    if job.format == "text":
        writer = _OneText(place) if job.one_file else _Texts(place, manifest)
    elif job.format == "jsonl":
        writer = _JsonLines(place, named)
    else:
        writer = _Parquet(
            place, named, bool(manifest.totals.conversations or manifest.totals.pairs)
        )
    try:
        yield writer
    finally:
        writer.close()


class _Texts:
    """A folder with a file for each text: "000001 title.txt", a thousand in a folder."""

    def __init__(self, folder: Path, manifest: CorpusManifest) -> None:
        self._folder, self._number = folder, 0
        self._many = manifest.totals.documents > _PER_FOLDER
        folder.mkdir()

    def add(self, row: Row) -> int:
        self._number += 1
        place = self._folder
        if self._many:
            place = place / f"{(self._number - 1) // _PER_FOLDER:04}"
            place.mkdir(exist_ok=True)
        data = row["text"].encode("utf-8")
        path = place / f"{self._number:06} {short_name(row['title'])}.txt"
        path.write_bytes(data)
        return len(data)

    def close(self) -> None:
        pass


class _OneText:
    """All texts in one file, an empty line between them."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._begun = False

    def add(self, row: Row) -> int:
        data = (_BETWEEN * self._begun + row["text"]).encode("utf-8")
        self._begun = True
        self._file.write(data)
        return len(data)

    def close(self) -> None:
        _finish(self._file)


class _JsonLines:
    def __init__(self, path: Path, named: Callable[[str], str]) -> None:
        self._file, self._named = path.open("wb"), named

    def add(self, row: Row) -> int:
        record = {**_content(row), **_place(row, self._named)}
        data = (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8")
        self._file.write(data)
        return len(data)

    def close(self) -> None:
        _finish(self._file)


class _Parquet:
    """Columns for conversations only where the corpus has some."""

    def __init__(self, path: Path, named: Callable[[str], str], talk: bool) -> None:
        self._named = named
        fields = [("text", pa.large_string()), *(_TALK if talk else []), *_SCHEMA]
        self._names = [name for name, _ in fields]
        self._writer = DocumentWriter(path, pa.schema(fields))

    def add(self, row: Row) -> int:
        record = {**_content(row), **_place(row, self._named)}
        size = len(row["text"].encode("utf-8"))
        self._writer.add({name: record.get(name) for name in self._names}, size)
        return size

    def close(self) -> None:
        self._writer.close()


def _content(row: Row) -> Row:
    """What is read back as the same document."""
    return json.loads(row["messages"]) if row["messages"] else {"text": row["text"]}


def _place(row: Row, named: Callable[[str], str]) -> Row:
    return {**{name: row[name] for name, _ in _SCHEMA}, "source": named(row["source"])}


def _finish(file: Any) -> None:
    with contextlib.suppress(ValueError):  # It is closed already.
        file.flush()
        os.fsync(file.fileno())
    file.close()


# ---- the name --------------------------------------------------------------------------------------


def _free(context: WorkerContext, target: Path) -> Path:
    """Raises NameTaken or UsageError."""
    if target.exists():
        raise NameTaken("to", name=str(target))
    if below := next((one for one in target.parents if one.is_file()), None):
        text = N_("Errors", "{path} is a file, not a folder. Choose another place.")
        raise UsageError("to", detail=Sentence("Errors", text, {"path": str(below)}))
    if target.resolve().is_relative_to(context.home.path.resolve()):
        text = N_("Errors", "{path} is inside Terakoya's own folder. Choose one outside it.")
        raise UsageError("to", detail=Sentence("Errors", text, {"path": str(target)}))
    return target


def _give_name(temporary: Path, target: Path) -> None:
    """Never over something that has come meanwhile. Raises NameTaken."""
    try:
        if temporary.is_dir():
            _missing(target)
            publish_folder(temporary, target)
            return
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:  # A file system without links.
            _missing(target)
            temporary.rename(target)
        fsync_folder(target.parent)
    except FileExistsError as error:
        raise NameTaken("to", name=str(target)) from error


def _missing(target: Path) -> None:
    if target.exists():
        raise FileExistsError(target)


def _clear(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        temporary.unlink(missing_ok=True)
