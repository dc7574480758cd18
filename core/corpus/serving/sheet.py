"""The data sheet of a corpus, for the window."""

from __future__ import annotations

from typing import Any

from core.corpus.datasheet import sheet_of
from core.corpus.library import CorpusLibrary
from core.corpus.sheet_parts import to_json
from core.resident import Operation, Request


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def answer(request: Request) -> dict[str, Any]:
        """{corpus} → {blocks}: for core.corpus.sheet_parts.from_json. Raises NotFound, Damaged or
        NewerDocument."""
        return {"blocks": to_json(sheet_of(library, str(request.params["corpus"])))}

    return {"data_sheet": answer}
