"""Texts of sources that are gone: what was read of them before stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from core.corpus.collect import CleanDocument
from core.corpus.manifest import FileVerdict
from core.corpus.store import Snapshot
from core.corpus.text_writer import TextWriter
from core.sentences import N_, Sentence


def kept(verdict: FileVerdict) -> FileVerdict:
    """The verdict of a file that is gone and whose texts are still in the store."""
    text = N_("Verdicts", "moved or deleted; its text as read before is kept")
    return verdict.model_copy(update={"warning": Sentence("Verdicts", text).to_json()})


def keep_first_edition(
    folder: Path, snapshot: str, verdicts: list[FileVerdict], out: Path
) -> list[FileVerdict]:
    """Copy the texts of these files from a snapshot of the first edition, which had them in files of
    its own, to `out`. Raises Damaged."""
    paths = {verdict.path for verdict in verdicts}
    rows = Counter[str]()
    first: dict[str, int] = {}
    writer = TextWriter(out)
    try:
        for document in _texts(Snapshot(folder, snapshot), paths):
            first.setdefault(document.source, writer.count)
            writer.add(document, document.messages is not None)
            rows[document.source] += 1
        writer.close()
    finally:
        if not writer.closed:
            writer.discard()
    return [
        kept(v).model_copy(update={"store": out.name, "first": first[v.path], "rows": rows[v.path]})
        for v in verdicts
        if v.path in first
    ]


def _texts(snapshot: Snapshot, paths: set[str]) -> Iterator[CleanDocument]:
    """Documents of these files; one that was split into blocks is whole again."""
    last: CleanDocument | None = None
    for row in snapshot.rows(["source", "document", "title", "text", "language", "messages"]):
        if row["source"] not in paths:
            continue
        text = row["text"]
        if last and (last.source, last.part) == (row["source"], row["document"]):
            text = last.text + text
        elif last:
            yield last
        last = CleanDocument(
            row["source"], row["document"], row["title"], text, row["language"], row["messages"]
        )
    if last:
        yield last
