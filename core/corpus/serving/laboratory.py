"""The tokenizer laboratory, for the window. Making one takes seconds; nothing else is answered
meanwhile, so it is made from a sample, and sizes of BPE are parts of one training."""

from __future__ import annotations

from typing import Any

from core.corpus.frequent import frequent_tokens
from core.corpus.laboratory import Laboratory
from core.corpus.library import CorpusLibrary
from core.jobs.kinds import TokenizerChoice
from core.resident import Operation, Request


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    service = LaboratoryService(library)
    return {
        "laboratory_train": service.train,
        "laboratory_import": service.bring,
        "laboratory_candidates": service.candidates,
        "laboratory_compare": service.compare,
        "laboratory_curve": service.curve,
        "laboratory_choose": service.choose,
        "frequent_tokens": service.frequent,
    }


class LaboratoryService:
    """Keeps the laboratory of the corpus that was asked for last."""

    def __init__(self, library: CorpusLibrary) -> None:
        self._library = library
        self._kept: Laboratory | None = None

    def train(self, request: Request) -> dict[str, Any]:
        """{corpus, kind, vocabulary?} → {candidate}: {id, name, kind, vocabulary, bytes_per_token,
        languages: {code: bytes per token}, limits: [Sentence], added, trained_bytes}. It stands one
        level down since an answer has an `id` of its own."""
        params = request.params
        choice = TokenizerChoice(kind=params["kind"], vocabulary=params.get("vocabulary") or None)
        return {"candidate": self._of(request).make(choice).model_dump(mode="json")}

    def bring(self, request: Request) -> dict[str, Any]:
        """{corpus, path} → the same of a tokenizer.json. Raises CannotImport or PathMissing."""
        choice = TokenizerChoice(kind="imported", file=str(request.params["path"]))
        return {"candidate": self._of(request).make(choice).model_dump(mode="json")}

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
        laboratory = self._of(request)
        whole = laboratory.compare(ids, [text])
        parts = laboratory.compare(ids, lines)
        found: list[dict[str, Any]] = []
        for one, by_line in zip(whole, parts, strict=True):
            here = one.pop("here")["texts"][0]
            lines_of = by_line["here"]["texts"]
            found.append(
                one | {"cells": here["cells"], "tokens": here["tokens"], "lines": lines_of}
            )
        return {"tokenizers": found}

    def curve(self, request: Request) -> dict[str, Any]:
        """{corpus, kind: bpe | unigram} → {points: [{vocabulary, bytes_per_token, ja, en}]}."""
        return {"points": self._of(request).curve(str(request.params.get("kind") or "bpe"))}

    def choose(self, request: Request) -> dict[str, Any]:
        """{corpus, tokenizer: id} → {tokenizer: TokenizerFacts, totals: Totals}."""
        manifest = self._of(request).choose(str(request.params["tokenizer"]), request.cancelled)
        assert manifest.tokenizer is not None
        return {
            "tokenizer": manifest.tokenizer.model_dump(mode="json"),
            "totals": manifest.totals.model_dump(mode="json"),
        }

    def frequent(self, request: Request) -> dict[str, Any]:
        """{corpus, count} → {tokens: [{text, id, count, share}], total}, the most frequent first."""
        name, count = str(request.params["corpus"]), int(request.params.get("count", 100))
        return frequent_tokens(self._library, name, count, request.cancelled)

    def _of(self, request: Request) -> Laboratory:
        name = str(request.params["corpus"])
        if self._kept is None or self._kept.name != name:
            self._kept = Laboratory(self._library, name)
        return self._kept
