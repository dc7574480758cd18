"""Files of a corpus, as users name them on the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.cli.paths import absolute
from core.corpus.members import file_at
from core.corpus.readers.base import NotReadable
from core.errors import PathMissing, UsageError
from core.sentences import N_, Sentence

_MOST_SOURCES = 5


def file_of(word: str, sources: Sequence[str], field: str) -> str:
    """The absolute path of a file, or of a member behind its archive's: by its path, or as `corpus
    show` names it, from its source on.

    Args:
        sources: Absolute paths of the files and folders of the corpus.

    Raises:
        UsageError: It is a folder, or in no source. `field`: which word is to blame.
        PathMissing
    """
    beside = [os.path.join(folder, word) for s in sources for folder in (s, os.path.dirname(s))]  # noqa: PTH118, PTH120
    there = [path for path in dict.fromkeys([absolute(word), *beside]) if _is_file(path)]
    own = [p for p in there if any(Path(p).is_relative_to(source) for source in sources)]
    if own:
        return own[0]
    values = {"path": word, "sources": ", ".join(sources[:_MOST_SOURCES])}
    if there:
        text = N_("Errors", "{path} is no file of the corpus, whose sources are: {sources}")
        raise UsageError(field, detail=Sentence("Errors", text, values))
    if any(Path(path).is_dir() for path in (absolute(word), *beside)):
        text = N_("Errors", "{path} is a folder: name its files one by one.")
        raise UsageError(field, detail=Sentence("Errors", text, values))
    raise PathMissing(field, path=absolute(word))


def _is_file(path: str) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            return file_at(Path(path), Path(scratch)).is_file()
        except (OSError, NotReadable):
            return False
