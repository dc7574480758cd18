"""What sources and texts are called where the user's folders shall not be told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from core.corpus.manifest import CorpusManifest

_UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]+')
_LONGEST_BYTES = 120


def names_of(manifest: CorpusManifest) -> Callable[[str], str]:
    """A function from a file's path to its name below what the user added: "letters/1998/a.txt" of
    the added folder "/home/mika/letters". A path of no source keeps its last name only."""
    sources = sorted((Path(s.path) for s in manifest.sources), key=lambda p: -len(p.parts))

    def named(path: str) -> str:
        for source in sources:
            if Path(path).is_relative_to(source):
                return Path(source.name, Path(path).relative_to(source)).as_posix()
        return last_name(path)

    return named


def last_name(path: str) -> str:
    """The last part of a path of any system."""
    return PurePosixPath(PureWindowsPath(path).as_posix()).name or path


def short_name(title: str) -> str:
    """`title` as part of a file's name on any system: never empty, at most 120 bytes."""
    name = " ".join(_UNFIT.sub(" ", title).split()).strip(" .") or "text"
    return name.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore").strip(" .") or "text"
