"""--map FILE:role=column[,role=column]: which column of a file of a corpus is what."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.cli.corpus_files import file_of
from core.corpus import mapping as mappings
from core.corpus.members import file_at
from core.corpus.readers.base import InputFile, NotReadable
from core.corpus.readers.registry import format_of
from core.corpus.readers.rows import columns_of
from core.errors import PathMissing, UsageError
from core.sentences import N_, Sentence


def mappings_of(
    words: Sequence[str], sources: Sequence[str], encodings: Mapping[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """Mappings by absolute path; several words about one file add up.

    Args:
        sources: Of the corpus, see `file_of`.
        encodings: Of files, by path, where the user chose one.

    Raises:
        UsageError: A word is no mapping, or about no file of the corpus, or the file has no such
            column.
        PathMissing
    """
    found: dict[str, dict[str, str]] = {}
    for word in words:
        file, roles = _parsed(word)
        found.setdefault(file_of(file, sources, "map"), {}).update(roles)
    for path, mapping in found.items():
        encoding = (encodings or {}).get(path)
        if wrong := mappings.fault(mapping) or _missing(path, encoding, mapping):
            raise UsageError("map", detail=wrong)
    return found


def _parsed(word: str) -> tuple[str, dict[str, str]]:
    """A path may have colons, a column equals signs: the last colon before the first “=” parts them."""
    head, sign, _ = word.partition("=")
    file, colon, _ = head.rpartition(":")
    pairs = [pair.partition("=") for pair in word[len(file) + 1 :].split(",")]
    if not (sign and colon and file and all(role and column for role, _, column in pairs)):
        text = N_("Errors", "“{word}” maps no columns; expected FILE:role=column[,role=column]")
        raise UsageError("map", detail=Sentence("Errors", text, {"word": word}))
    return file, {role.strip(): column.strip() for role, _, column in pairs}


def _missing(path: str, encoding: str | None, mapping: dict[str, str]) -> Sentence | None:
    """Why the file cannot be read so; what else is wrong with it its verdict will say."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            file = InputFile(file_at(Path(path), Path(scratch)), Path(path).name, encoding, mapping)
            form = format_of(Path(path), file.head)
            if form.table is None:
                text = N_("Verdicts", "{kind} files have no columns")
                return Sentence("Verdicts", text, {"kind": form.kind})
            table = form.table(file)
            return mappings.missing(mapping, columns_of(table, table.sample()))
        except NotReadable:
            return None
        except OSError as error:
            raise PathMissing("map", path=path) from error
