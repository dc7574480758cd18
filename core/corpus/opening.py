"""A file by the path that a verdict has, also where that leads into an archive."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path

from core.corpus import archives
from core.corpus.readers.base import InputFile


@contextlib.contextmanager
def opened(
    path: Path, chosen: str | None = None, mapping: dict[str, str] | None = None
) -> Generator[InputFile]:
    """The file at `path`, or the member of the archive that one of its parents is, which lies in a
    scratch folder until the block ends.

    Raises:
        OSError: There is no such file.
        NotReadable: The archive does not give it.
    """
    if path.exists():
        yield InputFile(path, path.name, chosen, mapping)
        return
    with tempfile.TemporaryDirectory() as scratch:
        found = _member(path, Path(scratch))
        yield InputFile(found, path.name, chosen, mapping)


def _member(path: Path, scratch: Path) -> Path:
    """Raises FileNotFoundError where no parent is a file."""
    outer = next((parent for parent in path.parents if parent.is_file()), None)
    if outer is None:
        raise FileNotFoundError(2, "No such file", str(path))
    names = path.relative_to(outer).parts
    place, called = outer, ""
    while names:
        folder = scratch / str(len(names))
        folder.mkdir()
        for count in range(
            len(names), 0, -1
        ):  # An archive in it may be named by a part of the rest.
            with contextlib.suppress(archives.NotReadable):
                place = archives.member_named(place, "/".join(names[:count]), folder, called)
                called = names[count - 1]
                names = names[count:]
                break
        else:
            archives.member_named(
                place, "/".join(names), folder, called
            )  # Says what is wrong with it.
            raise FileNotFoundError(2, "No such file", str(path))
    return place
