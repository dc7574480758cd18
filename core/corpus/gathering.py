"""Files to rows: what a reader process does with the files that it is given."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from core.config import Config
from core.corpus import archives, bombs
from core.corpus.collect import CleanDocument, FileReading
from core.corpus.manifest import FileVerdict
from core.corpus.readers import unread
from core.corpus.readers.base import InputFile
from core.corpus.scan import Found, os_problem
from core.corpus.text_writer import TextWriter
from core.errors import NoPermission, NoSpace
from core.jobs.kinds import CleaningOptions
from core.reasons import reason_of
from core.sentences import N_, Sentence

log = logging.getLogger("terakoya")
_EDITION = 2
"""Counts changes of what readers make of the same file: what an earlier one read is read again."""
_DEEPEST = 3
_OF_THE_CORPUS = frozenset(
    ("duplicates", "near_duplicates", "paragraphs", "least_characters", "languages")
)
"""Options that leave texts as they are, and choose among them when all are known."""


class GivenFile(Config):
    """A file to read. `choices`: for it (its path) or its members, the encoding and the mapping of
    columns that the user chose."""

    path: str
    source: str
    bytes: int
    modified: int
    encodings: dict[str, str] = {}
    mappings: dict[str, dict[str, str]] = {}

    def found(self) -> Found:
        return Found(Path(self.path), self.source, self.bytes, modified=self.modified)


def settings_of(file: GivenFile, options: CleaningOptions) -> str:
    """A short name of all that decides what is read of a file, beside its bytes."""
    own = options.model_dump(mode="json", exclude=set(_OF_THE_CORPUS))
    parts = [_EDITION, own, file.encodings, file.mappings]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


class Stopped(Exception):
    """The user asked for a stop."""


Beat = Callable[[int, FileVerdict | None], None]
"""Called with the number of the file that is read, as long as it gets on, and with each verdict."""


def gather(
    files: Sequence[GivenFile], options: CleaningOptions, out: Path, scratch: Path, beat: Beat
) -> int:
    """Read `files` and write their documents to `out` (see TextWriter); `scratch`: an empty folder for
    members of archives. Returns how many rows there are; with none, `out` is not there."""
    writer = TextWriter(out)
    usual = settings_of(GivenFile(path="", source="", bytes=0, modified=0), options)
    try:
        for number, file in enumerate(files):
            beat(number, None)
            chosen = file.encodings or file.mappings
            settings = settings_of(file, options) if chosen else usual
            for reading in _readings(file, options, scratch):
                first, count = writer.count, 0
                for document in _safely(reading):
                    shaped = reading.shaped or document.messages is not None
                    writer.add(document, shaped)
                    count += 1
                    beat(number, None)
                verdict = reading.verdict
                if verdict.verdict == "read":
                    place = {"store": out.name, "first": first, "rows": count}
                    verdict = verdict.model_copy(update=place)
                beat(number, verdict.model_copy(update={"settings": settings}))
        rows = writer.count
        if rows:
            writer.close()
    finally:
        if not writer.closed:
            writer.discard()
    return rows


def _readings(file: GivenFile, options: CleaningOptions, scratch: Path) -> Iterator[FileReading]:
    """One reading of a file, one for each member of an archive."""
    found = file.found()
    given = _input(file, found.path, "", found.path.name)
    whole = FileReading(found, options, given)
    try:
        packed = archives.is_archive(found.path, given.head)
    except OSError as error:
        yield _Settled(whole, os_problem(error))
        return
    if not packed:
        yield whole
        return
    any_member = False
    allowance = bombs.Allowance(found.bytes)
    for reading in _members(file, found.path, "", options, scratch, allowance):
        any_member = True
        yield reading
    if not any_member:
        yield _Settled(whole, Sentence("Verdicts", N_("Verdicts", "the archive is empty")))


def _members(
    file: GivenFile, path: Path, prefix: str, options: CleaningOptions, scratch: Path,
    allowance: bombs.Allowance, depth: int = 1,
) -> Iterator[FileReading]:  # fmt: skip
    """`prefix`: of the names of an archive within an archive."""
    found = file.found()
    place = scratch / str(depth)
    place.mkdir(parents=True, exist_ok=True)
    try:
        for member in archives.members(path, place, PurePath(prefix).name, allowance):
            name = (prefix + member.name).rstrip("/")
            given = _input(file, member.file or path, name, PurePath(member.name or path).name)
            reading = FileReading(found, options, given, name)
            if member.problem is not None or member.file is None:
                yield _Settled(reading, member.problem or _broken())
                continue
            if given.size == 0:
                yield _Settled(reading, Sentence("Verdicts", N_("Verdicts", "the file is empty")))
                continue
            ending = PurePath(member.name).suffix.casefold()
            why = unread.why(ending)
            try:
                if not archives.is_archive(Path(member.name), given.head):
                    yield reading if why is None else _Settled(reading, why, unread.KINDS[ending])
                elif depth < _DEEPEST:
                    inner = name + "/"
                    yield from _members(
                        file, member.file, inner, options, scratch, allowance, depth + 1
                    )
                else:
                    yield _Settled(reading, _too_deep())
            finally:
                member.file.unlink(missing_ok=True)
    except OSError as error:
        given = _input(file, path, prefix, path.name)
        yield _Settled(FileReading(found, options, given, prefix.rstrip("/")), os_problem(error))
    finally:
        shutil.rmtree(place, ignore_errors=True)


class _Settled(FileReading):
    """A file whose verdict is known without reading it."""

    def __init__(self, reading: FileReading, reason: Sentence, kind: str = "") -> None:
        self._found_out = reading.skip(reason, kind)

    def __iter__(self) -> Iterator[CleanDocument]:
        return iter(())


def _broken() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "the archive is broken here"))


def _too_deep() -> Sentence:
    text = N_("Verdicts", "an archive in an archive in an archive: unpack it first")
    return Sentence("Verdicts", text)


def _input(file: GivenFile, path: Path, member: str, name: str) -> InputFile:
    key = f"{file.path}/{member}" if member else file.path
    return InputFile(path, name, file.encodings.get(key), file.mappings.get(key))


def _safely(reading: FileReading) -> Iterator[CleanDocument]:
    """Whatever a library does on a file that is broken or hostile is the end of that file alone."""
    try:
        yield from reading
    except MemoryError:
        reading.skip(Sentence("Verdicts", N_("Verdicts", "it needs too much memory: split it")))
    except (NoSpace, NoPermission, Stopped):
        raise
    except Exception as error:
        log.warning("reading failed", exc_info=True)
        text = N_("Verdicts", "cannot be read: {reason}")
        reading.skip(Sentence("Verdicts", text, {"reason": reason_of(error)}))
