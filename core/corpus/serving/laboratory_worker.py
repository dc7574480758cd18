"""The laboratory worker: what takes long with tokenizers, in a process of its own. So the library
worker answers meanwhile; and as learning cannot be broken off, whoever wants no answer any more ends
the process: nothing is half written at any moment."""

from __future__ import annotations

from typing import Any

from core.corpus.frequent import frequent_tokens
from core.corpus.laboratory import Laboratory
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.jobs.kinds import TokenizerChoice
from core.resident import Operation, Request

_STEPS = 100


def operations(home: Home) -> dict[str, Operation]:
    """Each has updates {phase, share}: "reading" the text, counting its "words", "learning",
    "measuring" or "counting" tokens; the share is None where nobody knows it."""
    service = LaboratoryWorker(CorpusLibrary(home))
    return {
        "laboratory_train": service.train,
        "laboratory_import": service.bring,
        "laboratory_measure": service.measure,
        "laboratory_curve": service.curve,
        "laboratory_choose": service.choose,
        "frequent_tokens": service.frequent,
    }


class LaboratoryWorker:
    """Keeps the laboratory of the corpus that was asked for last."""

    def __init__(self, library: CorpusLibrary) -> None:
        self._library = library
        self._kept: Laboratory | None = None
        self._request: Request | None = None
        self._told: tuple[str, int | None] = ("", None)

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

    def measure(self, request: Request) -> dict[str, Any]:
        """{corpus, tokenizers: [id]} → {candidates: [Candidate]} with their figures."""
        laboratory = self._of(request)
        found = [laboratory.candidate(str(one)) for one in request.params["tokenizers"]]
        return {"candidates": [candidate.model_dump(mode="json") for candidate in found]}

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
        name = self._of(request).name
        count = int(request.params.get("count", 100))
        self._say("counting", None)
        return frequent_tokens(self._library, name, count, request.cancelled)

    def _of(self, request: Request) -> Laboratory:
        """The laboratory, which tells of its work in this request's name."""
        self._request, self._told = request, ("", None)
        name = str(request.params["corpus"])
        if self._kept is None or self._kept.name != name:
            self._kept = Laboratory(self._library, name, say=self._say)
        return self._kept

    def _say(self, phase: str, share: float | None) -> None:
        """What is the same in percent was told already."""
        news = (phase, None if share is None else int(share * _STEPS))
        if news != self._told and self._request is not None:
            self._told = news
            self._request.update({"phase": phase, "share": share})
