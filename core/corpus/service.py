"""Operations of the library worker: pages of a corpus, previews, tokens. No torch."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus import encoding
from core.corpus.chosen import ENCODINGS, chosen
from core.corpus.library import CorpusLibrary
from core.corpus.serving import (
    contamination,
    duplicates,
    files,
    laboratory,
    mapping,
    search,
    sheet,
)
from core.corpus.serving.places import Places, places_of
from core.corpus.serving.preview import SHOWN, Span, preview
from core.corpus.store import Snapshot
from core.corpus.taught import read_lessons
from core.errors import EmptyCorpus, TerakoyaError, UsageError
from core.home import Home
from core.jobs.kinds import CleaningOptions
from core.resident import Operation, Request
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import group, token_bytes
from core.tokenizer.example import example_of

_NOTHING_KEPT = Sentence("Errors", N_("Errors", "Nothing of it is in the corpus: its texts are copies of others, or cleaning leaves them out."))  # fmt: skip


def operations(home: Home) -> dict[str, Operation]:
    service = LibraryService(home)
    return {
        **files.operations(CorpusLibrary(home)),
        **mapping.operations(CorpusLibrary(home)),
        **search.operations(CorpusLibrary(home)),
        **duplicates.operations(CorpusLibrary(home)),
        **laboratory.operations(CorpusLibrary(home)),
        **sheet.operations(CorpusLibrary(home)),
        **contamination.operations(CorpusLibrary(home)),
        "documents": service.documents,
        "preview_document": service.preview_document,
        "preview_file": service.preview_file,
        "conversation": service.conversation,
        "lessons": service.lessons,
    }


class LibraryService:
    """Keeps the tokenizer used last and where the documents of a snapshot lie."""

    def __init__(self, home: Home) -> None:
        self._library = CorpusLibrary(home)
        self._tokenizers: dict[str, tuple[Any, list[bytes]]] = {}
        self._places: tuple[str, Places] | None = None

    def documents(self, request: Request) -> dict[str, Any]:
        """A page of documents: {corpus, offset, count, source?} → {total, documents}."""
        params = request.params
        snapshot, places = self._open(str(params["corpus"]))
        numbers = _numbers(places, params.get("source"))
        offset, count = int(params.get("offset", 0)), int(params.get("count", 50))
        rows = snapshot.rows(["source", "title"], numbers[offset : offset + count])
        page = [{"index": index, **row} for index, row in enumerate(rows, offset)]
        return {"total": len(numbers), "documents": page}

    def preview_document(self, request: Request) -> dict[str, Any]:
        """The `index`-th document (of a source): as its file has it, with what cleaning removes
        marked, where a file is one document; else the cleaned text. Token cells in either case."""
        params = request.params
        name, source = str(params["corpus"]), params.get("source")
        snapshot, places = self._open(name)
        index = int(params.get("index", 0))
        numbers = _numbers(places, source)
        total = len(numbers)
        if not total and source is not None:
            raise UsageError("source", detail=_NOTHING_KEPT)
        if not 0 <= index < total:
            raise EmptyCorpus("index", path=str(source or name), files=total)
        number = int(numbers[index])
        found = snapshot.row(number, ["source", "title", "text", "characters"])
        place = {"index": index, "total": total, "source": found["source"]}
        if places.alone(number):  # The file is this one text, neither many nor a part of it.
            try:
                params.update(path=found["source"], corpus=name)
                return {**self.preview_file(request), **place, "title": found["title"]}
            except TerakoyaError:
                pass  # The file is gone or changed: what was read of it is still here.
        text = found["text"][:SHOWN]
        cells = self._cells(name, [Span(text)])
        return {
            "title": found["title"], **place, "characters": len(text), "cells": cells,
            "tokens": sum(c.pop("count") for c in cells), "truncated": found["characters"] > SHOWN,
        }  # fmt: skip

    def preview_file(self, request: Request) -> dict[str, Any]:
        """A file as it is, with what cleaning would do marked: nothing is changed. `sure` is False where
        the encoding is a guess: `alternatives` are pairs of Python's name and people's."""
        params = request.params
        path = Path(str(params["path"]))
        options = CleaningOptions.model_validate(params.get("cleaning") or {})
        name = str(params.get("corpus") or "")
        folder = self._library.folder(name) if name and self._library.exists(name) else None
        wanted = params.get("encoding") or chosen(folder, ENCODINGS, str(path))
        found = preview(path, str(wanted) if wanted else None, options)
        spans = found.spans()
        file = found.file
        likely = [(name, encoding.public_name(name)) for name in file.alternatives]
        reply: dict[str, Any] = {
            "title": path.name, "encoding": file.encoding, "sure": file.sure,
            "alternatives": likely, "truncated": found.truncated,
            "characters": min(len(found.text), SHOWN),
            "kept_characters": sum(len(span.added if span.removed else span.text) for span in spans),
        }  # fmt: skip
        if params.get("show_tokens", True) and folder is not None:
            cells = self._cells(name, spans)
            reply["tokens"] = sum(cell.pop("count") for cell in cells)
            reply["cells"] = cells
        else:
            reply["spans"] = [asdict(span) for span in spans]
        return reply

    def conversation(self, request: Request) -> dict[str, Any]:
        """How a version writes a conversation: {folder, template, messages} → {kind, cells}."""
        params = request.params
        return example_of(Path(params["folder"]), str(params["template"]), params["messages"])

    def lessons(self, request: Request) -> dict[str, Any]:
        """Read a version's lessons as a corpus: {version, title, name} → {corpus}."""
        params = request.params
        version, title, name = (str(params[key]) for key in ("version", "title", "name"))
        return {"corpus": read_lessons(self._library.home, version, title, name).name}

    def _open(self, corpus: str) -> tuple[Snapshot, Places]:
        """The present snapshot, and where its documents are from, which is remembered."""
        manifest = self._library.get(corpus)
        folder = self._library.folder(corpus)
        snapshot = Snapshot(folder, manifest.snapshot)
        key = f"{folder}@{manifest.snapshot}@{manifest.changed}"
        if self._places is None or self._places[0] != key:
            self._places = key, places_of(folder, snapshot)
        return snapshot, self._places[1]

    def _cells(self, corpus: str, spans: list[Span]) -> list[dict[str, Any]]:
        """Token cells of kept text; text that goes stays in one piece, with what comes instead."""
        tokenizer, pieces = self._tokenizer(corpus)
        cells: list[dict[str, Any]] = []
        number = 0
        for span in spans:
            if span.removed:
                count = len(tokenizer.encode(span.added).ids) if span.added else 0
                cells.append({**asdict(span), "count": count})
                continue
            tokens = tokenizer.encode(span.text).ids
            for cell in group(tokens, pieces):
                cells.append({"text": cell.text, "token": number, "count": cell.end - cell.start})
                number += 1
        return cells

    def _tokenizer(self, corpus: str) -> tuple[Any, list[bytes]]:
        file = self._library.tokenizer_file(corpus)
        key = str(file)
        if key not in self._tokenizers:
            tokenizer = tokenizer_files.load(file)
            self._tokenizers = {key: (tokenizer, token_bytes(tokenizer))}
        return self._tokenizers[key]


def _numbers(places: Places, source: Any) -> NDArray[np.int64]:
    """Which rows of the snapshot belong to `source` (None: all)."""
    return np.arange(len(places.owner)) if source is None else places.inside(str(source))
