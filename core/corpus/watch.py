"""What became of a corpus's files since they were read: by name, size and time, never by content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.corpus.chosen import CHOSEN
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import FileVerdict
from core.corpus.scan import Found, scan


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths of files that reading the corpus again would take in, read anew, and leave out."""

    new: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    gone: list[str] = field(default_factory=list[str])

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


class Interrupted(Exception):
    """The look was broken off because something else is more urgent."""


def changes(library: CorpusLibrary, name: str, stop: Callable[[], bool] = lambda: False) -> Changes:
    """Compare the folders of a corpus with what was read of them.

    A file counts as changed when its size or its time (ns) is another one; a member of an archive
    stands and falls with the archive. New files that would be skipped on sight (hidden, empty, of a
    kind that is not read) are no news. A source that is not there at all (a disk that is not plugged
    in) has not lost its files: reading keeps its text.

    Raises:
        NotFound, Damaged, NewerDocument: As CorpusLibrary.get and .files.
        Interrupted: `stop` said so.
    """
    manifest = library.get(name)
    sources = [source.path for source in manifest.sources]
    there = [path for path in sources if os.path.lexists(path)]
    absent = set(sources) - set(there)
    known = {file.path: file for file in library.files(name) if file.source not in absent}
    read_at = int(manifest.changed * 1e9)
    result = Changes()
    unseen = set(known)
    strangers: dict[str, Found] = {}
    for found in scan(there):
        if stop():
            raise Interrupted
        path = str(found.path)
        unseen.discard(path)
        if path not in known:
            strangers[path] = found
        elif _differs(found, known[path], read_at):
            result.changed.append(path)
    members = _by_archive(unseen, strangers)
    for path, found in strangers.items():
        if path not in members:
            if found.problem is None:
                result.new.append(path)
        elif _written_since(found.path, known[members[path][0]].modified, read_at):
            result.changed.append(path)
    inside = {member for own in members.values() for member in own}
    archived = _by_archive(unseen, known)  # Of an archive that has a line of its own.
    inside |= {member for own in archived.values() for member in own}
    result.gone.extend(sorted(unseen - inside))
    return result


def worth_reading_again(library: CorpusLibrary, name: str) -> bool:
    """Whether some file, though unchanged, may give more than it did: an earlier edition of the
    program looked at it, its reader broke down on it, or what was chosen for it since was not read so
    far (that reading was broken off).

    Raises:
        NotFound, Damaged, NewerDocument: As CorpusLibrary.get and .files.
    """
    read_at = library.get(name).changed
    if any(_written_after(library.folder(name) / chosen, read_at) for chosen in CHOSEN):
        return True
    doubtful = (file.path for file in library.files(name) if not file.settings)
    files = (path for path in doubtful if Path(path).is_file())
    return any(found.problem is None for path in files for found in scan([path]))


def _written_after(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime > moment
    except OSError:
        return False


def _differs(found: Found, file: FileVerdict, read_at: int) -> bool:
    if found.problem is not None:
        return file.verdict == "read" and found.bytes != file.bytes
    return found.bytes != file.bytes or _written_since(found.path, file.modified, read_at)


def _written_since(path: Path, modified: int, read_at: int) -> bool:
    """Whether a file has another time than when it was read; where that was not noted, whether it
    was written after the whole corpus was."""
    try:
        time = path.stat().st_mtime_ns
    except OSError:  # It went away this moment: the next look tells.
        return False
    return time != modified if modified else time > read_at


def _by_archive(paths: Iterable[str], archives: Iterable[str]) -> dict[str, list[str]]:
    """For each of `archives` that has some, the `paths` that go on behind its own."""
    possible = set(archives)
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        archive = next((str(p) for p in Path(path).parents if str(p) in possible), None)
        if archive is not None:
            found.setdefault(archive, []).append(path)
    return found
