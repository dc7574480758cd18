"""Which reader reads which file. A new format is one module and one line here."""

from __future__ import annotations

from dataclasses import dataclass

from core.corpus.readers import html, json_lines, plain
from core.corpus.readers.base import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """`kind` is what people see; `extensions` in lower case with the dot."""

    kind: str
    extensions: tuple[str, ...]
    read: Reader


FORMATS = (
    Format("TXT", (".txt", ".text", ".log", ".rst", ".tex", ".org"), plain.read),
    Format("MD", (".md", ".markdown", ".mdx"), plain.read),
    Format("HTML", (".html", ".htm", ".xhtml"), html.read),
    Format("JSONL", (".jsonl", ".ndjson", ".json"), json_lines.read),
)
BY_EXTENSION = {extension: form for form in FORMATS for extension in form.extensions}
PLAIN = FORMATS[0]

KNOWN_UNREAD = {
    ".pdf": "PDF", ".epub": "EPUB", ".docx": "DOCX", ".doc": "DOC", ".csv": "CSV", ".tsv": "TSV",
    ".parquet": "Parquet", ".zip": "ZIP", ".gz": "GZIP", ".xlsx": "XLSX", ".pptx": "PPTX",
    ".odt": "ODT", ".rtf": "RTF", ".xml": "XML", ".opf": "OPF", ".ncx": "NCX",
}  # fmt: skip
"""Kinds that are recognised but that no reader reads yet."""
