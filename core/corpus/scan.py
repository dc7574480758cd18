"""Finding the files below what the user dropped: every one of them gets a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.corpus.readers import unread
from core.corpus.readers.registry import BY_EXTENSION
from core.reasons import reason_of
from core.sentences import N_, Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A file below `source`; `problem` when it cannot be read for a reason seen from outside.

    A folder that is not entered is a line too: nothing is passed over in silence.
    """

    path: Path
    source: str
    bytes: int
    problem: Sentence | None = None
    kind: str = ""
    modified: int = 0
    """Its time in ns."""

    @property
    def stamp(self) -> str:
        """By which a change of the file is seen without reading it."""
        return f"{self.bytes}-{self.modified}"


def scan(sources: list[str]) -> Iterator[Found]:
    """Every file of every source in a stable order; a file that two sources share comes once."""
    seen: dict[str, Path] = {}
    for source in sources:
        for found in _walk(Path(source), source):
            real = os.path.realpath(found.path)
            first = seen.setdefault(real, found.path)
            if first is found.path:
                yield found
            elif first != found.path:  # Another name of it: a link.
                same = Sentence(
                    "Verdicts",
                    N_("Verdicts", "the same file as {name}"),
                    {"name": first.name},
                )
                yield Found(found.path, source, 0, same, found.kind)


def _walk(path: Path, source: str) -> Iterator[Found]:
    if not path.is_dir():
        yield _look(path, source)
        return
    waiting = [path]
    while waiting:  # os.walk calls itself for every folder within a folder.
        folder = waiting.pop()
        try:
            names, files = _listed(folder)
        except OSError as error:
            yield _refused(error, source)
            continue
        enter: list[Path] = []
        for name in names:
            closed = _closed(folder / name)
            if closed is None:
                enter.append(folder / name)
            else:
                yield Found(folder / name, source, 0, closed)
        waiting.extend(reversed(enter))
        for name in files:
            yield _look(folder / name, source)


def _listed(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the folders and of the files in it. Raises OSError."""
    names: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            (names if is_folder else files).append(entry.name)
    return sorted(names), sorted(files)


def _closed(folder: Path) -> Sentence | None:
    """Why a folder is not entered, if it is not."""
    if folder.is_symlink():
        return Sentence(
            "Verdicts", N_("Verdicts", "a link to a folder: add that folder itself to read it")
        )
    if folder.name.startswith(".") or folder.name == "__MACOSX":
        return Sentence("Verdicts", N_("Verdicts", "a hidden folder of the system"))
    return None


def _refused(error: OSError, source: str) -> Found:
    """A folder that may not be listed."""
    return Found(Path(os.fsdecode(error.filename)), source, 0, os_problem(error))


def _look(path: Path, source: str) -> Found:
    extension = path.suffix.casefold()
    kind = unread.KINDS.get(extension, "")
    if (shown := _shown(path)) != path:
        problem = Sentence("Verdicts", N_("Verdicts", "its name cannot be read as text: rename it"))
        return Found(shown, _shown(Path(source)).as_posix(), 0, problem, kind)
    try:
        status = path.stat()
    except OSError as error:
        return Found(path, source, 0, os_problem(error), kind)
    problem: Sentence | None = None
    size = status.st_size
    if not path.is_file():
        problem = Sentence("Verdicts", N_("Verdicts", "not a file"))
    elif path.name.startswith(".") or path.name in ("Thumbs.db", "desktop.ini"):
        problem = Sentence("Verdicts", N_("Verdicts", "a hidden file of the system"))
    elif kind and extension not in BY_EXTENSION:
        problem = unread.why(extension)
    elif size == 0:
        problem = Sentence("Verdicts", N_("Verdicts", "the file is empty"))
    return Found(path, source, size, problem, kind, status.st_mtime_ns)


def _shown(path: Path) -> Path:
    """The path itself, or one that can be shown and stored where its bytes are no text."""
    return Path(os.fsencode(path).decode("utf-8", "replace"))


def os_problem(error: OSError) -> Sentence:
    """The verdict for a file or folder that refused to be opened."""
    if isinstance(error, PermissionError):
        return Sentence("Verdicts", N_("Verdicts", "no permission to read it"))
    if isinstance(error, FileNotFoundError):
        return Sentence("Verdicts", N_("Verdicts", "not found (moved or deleted)"))
    text = N_("Verdicts", "cannot be read: {reason}")
    return Sentence("Verdicts", text, {"reason": reason_of(error)})
