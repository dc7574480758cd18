"""--encoding FILE=NAME: in which encoding a file of a corpus is to be read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from core.cli.corpus_files import file_of
from core.corpus.encoding import CHOICES
from core.errors import UsageError
from core.sentences import N_, Sentence

_SIGNS = re.compile(r"[^a-z0-9]")
_ALSO = {"utf8sig": "utf-8", "ascii": "utf-8", "windows31j": "cp932", "auto": ""}
"""Other names; "auto" takes a choice back."""


def encodings_of(words: Sequence[str], sources: Sequence[str]) -> dict[str, str]:
    """Python's name of each file's encoding ("": as the program finds it), by absolute path; of two
    words about one file the last counts. `sources`: of the corpus, see `file_of`.

    Raises:
        UsageError: A word is none, or about no file of the corpus, or there is no such encoding.
        PathMissing
    """
    found: dict[str, str] = {}
    for word in words:
        file, sign, name = word.rpartition("=")
        if not (file and sign and name):
            text = N_("Errors", "“{word}” chooses no encoding; expected FILE=NAME")
            raise UsageError("encoding", detail=Sentence("Errors", text, {"word": word}))
        encoding = named(name)
        if encoding is None:
            text = N_("Errors", "There is no encoding “{name}”. There are: auto, {names}.")
            values = {"name": name, "names": ", ".join(CHOICES.values())}
            raise UsageError("encoding", detail=Sentence("Errors", text, values))
        found[file_of(file, sources, "encoding")] = encoding
    return found


def named(name: str) -> str | None:
    """Which of CHOICES people mean, by their name of it, Python's or another usual one."""
    known = {_plain(word): key for key, public in CHOICES.items() for word in (public, key)} | _ALSO
    try:
        pythons = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return known.get(_plain(name))
    same = {codecs.lookup(key).name: key for key in CHOICES}
    return known.get(_plain(name)) or same.get(pythons) or known.get(_plain(pythons))


def _plain(name: str) -> str:
    return _SIGNS.sub("", name.casefold())
