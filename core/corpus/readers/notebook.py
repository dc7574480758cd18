"""Jupyter notebooks: prose and code in their order; what the code printed is left out (nbformat 3, 4)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from core.corpus.readers import json_values
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.input import WHOLE_BYTES
from core.sentences import N_, Sentence

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_TEXT_CELLS = ("markdown", "code", "raw", "heading")


def looks(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and (
        b'"cells"' in head and b'"cell_type"' in head and b'"source"' in head
    )


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for what is no notebook, or one without text."""
    if file.size > WHOLE_BYTES:
        text = N_(
            "Verdicts", "larger than {megabytes} MB: clear what its cells printed, and save it"
        )
        raise NotReadable(Sentence("Verdicts", text, {"megabytes": WHOLE_BYTES >> 20}))
    source = file.text("Notebook")
    try:
        notebook, _ = json_values.decode(source, len(source) - len(source.lstrip()))
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotReadable(_broken()) from error
    cells = list(_cells(notebook))
    text = "\n\n".join(text for _, text in cells)
    if not text:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no text in the notebook")))
    prose = "\n".join(text for kind, text in cells if kind == "markdown")
    heading = _HEADING.search(prose)
    yield Document(text + "\n", heading[1] if heading else file.name)


def _cells(notebook: Any) -> Iterator[tuple[str, str]]:
    """(kind, text) of every cell with text."""
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    holders = [notebook, *(sheets if isinstance(sheets, list) else [])]
    for holder in holders:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        for cell in cells if isinstance(cells, list) else []:
            if not isinstance(cell, dict) or cell.get("cell_type") not in _TEXT_CELLS:
                continue
            source = cell.get("source", cell.get("input"))
            lines = source if isinstance(source, list) else [source]
            text = "".join(line for line in lines if isinstance(line, str)).strip("\n")
            if text.strip():
                yield cell["cell_type"], text


def _broken() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "the notebook is broken: it is no JSON"))
