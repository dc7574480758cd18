"""Which reader reads which file. A new format is one module and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from core.corpus.readers import html, json_lines, plain
from core.corpus.readers.base import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """`kind` is what people see; `extensions` in lower case with the dot.

    `lines`: a large file may be handed to the reader in pieces that end with a line.
    """

    kind: str
    extensions: tuple[str, ...]
    read: Reader
    lines: bool = False


FORMATS = (
    Format("TXT", (".txt", ".text", ".log", ".rst", ".tex", ".org"), plain.read, lines=True),
    Format("MD", (".md", ".markdown", ".mdx"), plain.read, lines=True),
    Format("HTML", (".html", ".htm", ".xhtml"), html.read),
    Format("JSONL", (".jsonl", ".ndjson"), json_lines.read, lines=True),
    Format("JSON", (".json",), json_lines.read),
)
BY_EXTENSION = {extension: form for form in FORMATS for extension in form.extensions}
PLAIN = FORMATS[0]


def format_of(path: PurePath) -> Format:
    """By the extension; what has none that is known is tried as plain text."""
    return BY_EXTENSION.get(path.suffix.casefold(), PLAIN)


KNOWN_UNREAD = {
    ".pdf": "PDF", ".epub": "EPUB", ".docx": "DOCX", ".doc": "DOC", ".csv": "CSV", ".tsv": "TSV",
    ".parquet": "Parquet", ".zip": "ZIP", ".gz": "GZIP", ".xlsx": "XLSX", ".pptx": "PPTX",
    ".odt": "ODT", ".rtf": "RTF", ".xml": "XML", ".opf": "OPF", ".ncx": "NCX",
}  # fmt: skip
"""Kinds that are recognised but that no reader reads yet."""
