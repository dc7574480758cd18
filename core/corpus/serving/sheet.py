"""The data sheet of a corpus, for the window."""

from __future__ import annotations

from typing import Any

from core.corpus.datasheet import data_sheet
from core.corpus.library import CorpusLibrary
from core.resident import Operation, Request


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def answer(request: Request) -> dict[str, Any]:
        """{corpus} → {text}: Markdown. Raises NotFound, Damaged or NewerDocument."""
        return {"text": data_sheet(library, str(request.params["corpus"]))}

    return {"data_sheet": answer}
