"""Finding the files below what the user dropped: every one of them gets a line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.corpus.readers.registry import BY_EXTENSION, KNOWN_UNREAD
from core.sentences import N_, Sentence

MAX_FILE_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Found:
    """A file below `source`; `problem` when it cannot be read for a reason seen from outside."""

    path: Path
    source: str
    bytes: int
    problem: Sentence | None = None
    kind: str = ""


def scan(sources: list[str]) -> Iterator[Found]:
    """Every file of every source in a stable order; a file that two sources share comes once."""
    seen: set[str] = set()
    for source in sources:
        for path in _walk(Path(source)):
            key = os.path.realpath(path)
            if key not in seen:
                seen.add(key)
                yield _look(path, source)


def _walk(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, names, files in os.walk(path, followlinks=False):
        names[:] = sorted(n for n in names if not n.startswith(".") and n != "__MACOSX")
        for name in sorted(files):
            yield Path(folder) / name


def _look(path: Path, source: str) -> Found:
    extension = path.suffix.casefold()
    kind = KNOWN_UNREAD.get(extension, "")
    try:
        size = path.stat().st_size
    except OSError as error:
        return Found(path, source, 0, _os_problem(error), kind)
    problem: Sentence | None = None
    if not path.is_file():
        problem = Sentence("Verdicts", N_("Verdicts", "not a file"))
    elif path.name.startswith(".") or path.name in ("Thumbs.db", "desktop.ini"):
        problem = Sentence("Verdicts", N_("Verdicts", "a hidden file of the system"))
    elif kind and extension not in BY_EXTENSION:
        problem = Sentence(
            "Verdicts", N_("Verdicts", "{kind} files are not read yet"), {"kind": kind}
        )
    elif size == 0:
        problem = Sentence("Verdicts", N_("Verdicts", "the file is empty"))
    elif size > MAX_FILE_BYTES:
        problem = Sentence("Verdicts", N_("Verdicts", "larger than 2 GB: split it"))
    return Found(path, source, size, problem, kind)


def _os_problem(error: OSError) -> Sentence:
    if isinstance(error, PermissionError):
        return Sentence("Verdicts", N_("Verdicts", "no permission to read it"))
    if isinstance(error, FileNotFoundError):
        return Sentence("Verdicts", N_("Verdicts", "not found (moved or deleted)"))
    return Sentence(
        "Verdicts", N_("Verdicts", "cannot be read: {reason}"), {"reason": error.strerror or ""}
    )


def os_problem(error: OSError) -> Sentence:
    """The verdict for a file that refused to be opened."""
    return _os_problem(error)
