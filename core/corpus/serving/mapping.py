"""What the window asks of a file of rows: how it is recognised, and one example of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.corpus import articles
from core.corpus import mapping as mappings
from core.corpus.chosen import ENCODINGS, MAPPINGS, chosen
from core.corpus.conversations import messages_of, pair_of
from core.corpus.library import CorpusLibrary
from core.corpus.members import file_at
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.registry import format_of
from core.corpus.readers.rows import Row, RowReading, Table, columns_of
from core.errors import PathMissing, TerakoyaError
from core.resident import Operation, Request
from core.sentences import N_, Sentence
from core.tokenizer.cells import token_bytes
from core.tokenizer.example import preview
from core.tokenizer.files import load
from core.tokenizer.roles import roles_of
from core.tokenizer.sandbox import TemplateFault
from core.tokenizer.template import choose

SECONDS = 0.25
"""Rows are counted for so long; no other request waits longer."""
_LONGEST = 2_000
_EXAMPLE_OF_COLUMN = 200
_UNMAPPED = ("multiple-choice", "self-instruct", "oasst", "ChatGPT", "Claude", "Gemini")
"""Shapes that no mapping of columns can say."""


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def answer(request: Request) -> dict[str, Any]:
        """{path, corpus?, mapping?, encoding?} → {shape, columns: [{name, example}], mapping, rows,
        more, example: [{role, text, trained}], cells, faults: [sentence]}.

        Without a mapping, the one that was chosen for this corpus, or what the program recognises by
        itself ({} where it takes more than columns). `more`: there are more than the counted `rows`.
        `cells`: the example in the corpus's tokenizer and the ChatML template, as
        core.tokenizer.example has them; [] without a tokenizer. Raises PathMissing."""
        params = request.params
        corpus = str(params.get("corpus") or "")
        folder = library.folder(corpus) if corpus and library.exists(corpus) else None
        path = str(params["path"])
        encoding = params.get("encoding") or chosen(folder, ENCODINGS, path)
        mapping = params.get("mapping")
        if mapping is None:
            mapping = chosen(folder, MAPPINGS, path) or {}
        with tempfile.TemporaryDirectory() as scratch:
            try:
                found = file_at(Path(path), Path(scratch))
                reply = recognise(InputFile(found, Path(path).name, encoding, dict(mapping)))
            except (OSError, NotReadable) as error:
                raise PathMissing("path", path=path) from error
        return {**reply, "cells": _cells(library, corpus, reply["example"])}

    return {"recognise": answer}


def recognise(file: InputFile) -> dict[str, Any]:
    """As the operation says, without cells. Raises OSError."""
    reply: dict[str, Any] = {
        "shape": "", "columns": [], "mapping": dict(file.mapping), "rows": 0, "more": False,
        "example": [], "faults": [],
    }  # fmt: skip
    try:
        form = format_of(Path(file.name), file.head)
        if form.table is None:
            text = N_("Verdicts", "{kind} files have no columns")
            raise NotReadable(Sentence("Verdicts", text, {"kind": form.kind}))
        table = form.table(file)
        sample = table.sample()
        reply["columns"] = _columns(columns_of(table, sample), sample)
        _read(file, table, reply)
    except NotReadable as error:
        reply["faults"].append(error.sentence.to_json())
        return reply
    if not file.mapping and reply["shape"] not in _UNMAPPED:
        rows = [row.value for row in sample if isinstance(row.value, dict)]
        reply["mapping"] = mappings.proposed([c["name"] for c in reply["columns"]], rows)
    return reply


def _read(file: InputFile, table: Table, reply: dict[str, Any]) -> None:
    """Read rows for a while. Raises NotReadable, with what is known in `reply`."""
    until = time.monotonic() + SECONDS
    cut = False

    def for_a_while(rows: Iterator[Row]) -> Iterator[Row]:
        nonlocal cut
        for row in rows:
            yield row
            if cut := time.monotonic() > until:
                return

    table.rows = for_a_while(table.rows)
    reading = RowReading(file, table)
    try:
        for document in reading.documents():
            reply["example"] = reply["example"] or _turns(document)
        reading.finish()
    finally:
        both = N_("Verdicts", "{place}: {reason}")
        reply["faults"] = [
            Sentence("Verdicts", both, {"place": place, "reason": reason}).to_json()
            for place, reason in reading.faults
        ]
        reply.update(shape=reading.shape, rows=reading.rows, more=cut)


def _columns(names: list[str], sample: list[Row]) -> list[dict[str, str]]:
    rows = [articles.with_columns(row.value) for row in sample if isinstance(row.value, dict)]
    return [
        {"name": name, "example": next((_shown(row[name]) for row in rows if row.get(name)), "")}
        for name in names
    ]


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text[:_EXAMPLE_OF_COLUMN]


def _turns(document: Document) -> list[dict[str, Any]]:
    """What is learnt of a document: of conversations the answers, of pairs the better one."""
    if pair := pair_of(document.messages):
        prompt, chosen, rejected = pair
        return [
            *(_turn(m["role"], m["content"], False) for m in prompt),
            _turn("chosen", chosen, True), _turn("rejected", rejected, False),
        ]  # fmt: skip
    messages = messages_of(document.messages)
    if messages is None:
        return [_turn("text", document.text, True)]
    return [_turn(m["role"], m["content"], m["role"] == "assistant") for m in messages]


def _turn(role: str, text: str, trained: bool) -> dict[str, Any]:
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
    return {"role": role, "text": shown.encode("utf-8", "replace").decode(), "trained": trained}


def _cells(
    library: CorpusLibrary, corpus: str, turns: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The example in tokens, where the corpus has a tokenizer and the turns are a conversation."""
    messages = [
        {"role": str(turn["role"]).replace("chosen", "assistant"), "content": str(turn["text"])}
        for turn in turns
        if turn["role"] not in ("rejected", "text")
    ]
    if not messages or not corpus:
        return []
    try:
        tokenizer = load(library.tokenizer_file(corpus))
        roles = roles_of(tokenizer)
        if roles is None:
            return []
        return preview(choose("auto", tokenizer, roles), messages, token_bytes(tokenizer))
    except (TerakoyaError, TemplateFault, OSError):  # Not read yet, or a role that ChatML lacks.
        return []
