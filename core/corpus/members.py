"""Files by their path, also members of archives, whose path goes on behind the archive's."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from core.corpus import archives
from core.corpus.readers.faults import NotReadable

_HEAD_BYTES = 64 << 10


def file_at(path: Path, scratch: Path) -> Path:
    """The file itself, or a member that was written to `scratch` (an empty folder); an archive may lie
    in another one.

    Raises:
        NotReadable: There is no such member, or it cannot be read.
        OSError: No file or archive is there.
    """
    outer = next((parent for parent in path.parents if parent.is_file()), None)
    if outer is None:
        path.stat()
        return path
    if not _is_archive(outer, outer):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(outer))
    return _member(outer, path.relative_to(outer).as_posix(), scratch)


def _is_archive(path: Path, name: Path) -> bool:
    with path.open("rb") as file:
        return archives.is_archive(name, file.read(_HEAD_BYTES))


def _member(archive: Path, name: str, scratch: Path, called: str = "") -> Path:
    try:
        return archives.member_named(archive, name, scratch, called)
    except NotReadable:
        for inner, rest in _partings(name):
            place = scratch / "in"
            place.mkdir(parents=True, exist_ok=True)
            try:
                found = archives.member_named(archive, inner, place, called)
            except NotReadable:
                continue
            if _is_archive(found, Path(inner)):
                return _member(found, rest, place, Path(inner).name)
        raise


def _partings(name: str) -> Iterator[tuple[str, str]]:
    """(archive, member in it) for every place at which a path may go on behind an archive."""
    parts = name.split("/")
    for number in range(1, len(parts)):
        yield "/".join(parts[:number]), "/".join(parts[number:])
