"""The tokenizer laboratory's quick part, for the library worker: what was made, and how it cuts the
user's sentences. What takes long is core.corpus.serving.laboratory_worker's."""

from __future__ import annotations

from typing import Any

from core.corpus.laboratory import Laboratory
from core.corpus.library import CorpusLibrary
from core.resident import Operation, Request


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    service = LaboratoryService(library)
    return {
        "laboratory_candidates": service.candidates,
        "laboratory_compare": service.compare,
    }


class LaboratoryService:
    """Measures nothing: figures that nobody measured yet are missing."""

    def __init__(self, library: CorpusLibrary) -> None:
        self._library = library

    def candidates(self, request: Request) -> dict[str, Any]:
        """{corpus} → {candidates: [Candidate]}: the corpus's own, those tried, those of versions."""
        found = self._of(request).candidates()
        return {"candidates": [candidate.model_dump(mode="json") for candidate in found]}

    def compare(self, request: Request) -> dict[str, Any]:
        """{corpus, tokenizers: [id], text} → {tokenizers: [Candidate with chosen, ja, en (bytes per
        token of the corpus's text, or None), cells: [{text, token, count}], tokens, and of each line
        of the text with letters `lines`: [{tokens, bytes, bytes_per_token, language, cells}]]}."""
        params = request.params
        text = str(params["text"])
        ids = [str(one) for one in params["tokenizers"]]
        lines = [line for line in text.splitlines() if line.strip()]
        found = self._of(request).compare(ids, [text, *lines])
        for one in found:
            whole, *parts = one.pop("here")["texts"]
            one |= {"cells": whole["cells"], "tokens": whole["tokens"], "lines": parts}
        return {"tokenizers": found}

    def _of(self, request: Request) -> Laboratory:
        return Laboratory(self._library, str(request.params["corpus"]), measures=False)
