"""What the Corpus tab asks of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.corpus import encoding
from core.corpus.library import CorpusLibrary
from core.corpus.readers.input import HEAD_BYTES
from core.corpus.watch import Interrupted, changes
from core.resident import Operation, Request

_SAMPLE = 16 * HEAD_BYTES
_NAMES = 20


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def news(request: Request) -> dict[str, Any]:
        """{corpus} → {new, changed, gone}: how many files, and up to 20 of their names in `names`.
        Without these keys where another request came meanwhile: look again later."""
        try:
            found = changes(library, str(request.params["corpus"]), request.others_wait)
        except Interrupted:
            return {"interrupted": True}
        paths = [*found.new, *found.changed, *found.gone]
        return {
            "new": len(found.new), "changed": len(found.changed), "gone": len(found.gone),
            "names": [Path(path).name for path in paths[:_NAMES]],
        }  # fmt: skip

    return {"encodings": encodings, "changes": news}


def encodings(request: Request) -> dict[str, Any]:
    """{path} → {sure, likely, all}: what a file may be written in, likeliest first, and all that can
    be chosen, as pairs of Python's name and people's. A file that cannot be opened by its path (a
    member of an archive) has nothing likely."""
    path = Path(str(request.params["path"]))
    every = list(encoding.CHOICES.items())
    try:
        with path.open("rb") as file:
            data = file.read(_SAMPLE)
            whole = not file.read(1)
    except OSError:
        return {"sure": True, "likely": [], "all": every}
    found = encoding.guess(data, whole)
    if found is None:
        return {"sure": False, "likely": [], "all": every}
    likely = [(name, encoding.public_name(name)) for name in (found.name, *found.alternatives)]
    return {"sure": found.sure, "likely": likely, "all": every}
