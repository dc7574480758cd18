"""Which reader reads which file. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from core.corpus.readers import (
    code,
    docx,
    epub,
    html,
    json_lines,
    mail,
    notebook,
    odt,
    parquet,
    pdf,
    plain,
    rtf,
    subtitles,
    table,
    xml_text,
)
from core.corpus.readers.base import InputFile, Reader
from core.corpus.readers.rows import Table


@dataclass(frozen=True, slots=True)
class Format:
    """`kind` is what people see; `extensions` in lower case with the dot.

    `looks`: whether the first bytes of a file are this format's; they count more than its name.
    `table`: the rows of a format that has them.
    """

    kind: str
    extensions: tuple[str, ...]
    read: Reader
    looks: Callable[[bytes], bool] | None = None
    table: Callable[[InputFile], Table] | None = None


FORMATS = (
    Format("TXT", (".txt", ".text", ".log", ".rst", ".tex", ".org"), plain.read),
    Format("MD", (".md", ".markdown", ".mdx"), plain.read),
    Format("HTML", (".html", ".htm", ".xhtml"), html.read, html.looks),
    Format("JSONL", (".jsonl", ".ndjson"), json_lines.read, table=json_lines.table),
    Format("JSON", (".json",), json_lines.read, table=json_lines.table),
    Format("CSV", (".csv",), table.read, table=table.table),
    Format("TSV", (".tsv", ".tab"), table.read, table=table.table),
    Format("PDF", (".pdf",), pdf.read, pdf.looks),
    Format("EPUB", (".epub",), epub.read, epub.looks),
    Format("DOCX", (".docx", ".docm", ".dotx"), docx.read, docx.looks),
    Format("ODT", (".odt", ".ott"), odt.read, odt.looks),
    Format("RTF", (".rtf",), rtf.read, rtf.looks),
    Format("Notebook", (".ipynb",), notebook.read, notebook.looks),
    Format("Subtitles", (".srt", ".vtt"), subtitles.read, subtitles.looks),
    Format("Mail", (".eml", ".mbox", ".mbx"), mail.read, mail.looks),
    Format("XML", (".xml", ".opf", ".ncx", ".tei", ".rss", ".atom"), xml_text.read, xml_text.looks),
    Format("CODE", code.EXTENSIONS, code.read),
    Format("Parquet", (".parquet", ".pq"), parquet.read, parquet.looks, parquet.table),
)
BY_EXTENSION = {extension: form for form in FORMATS for extension in form.extensions}
PLAIN = FORMATS[0]
_LONGEST_ENDING = 8


def format_of(path: PurePath, head: bytes = b"") -> Format:
    """By the first bytes where they tell; else by the extension; what has none that is known is
    tried as plain text."""
    named = BY_EXTENSION.get(path.suffix.casefold())
    if named is not None and (named.looks is None or not head or named.looks(head)):
        return named
    found = next((form for form in FORMATS if form.looks and head and form.looks(head)), None)
    return found or named or PLAIN


def kind_by_name(path: PurePath) -> str:
    """What people call a file that is not read: its format where the ending tells, else the ending; ""
    where it has none."""
    named = BY_EXTENSION.get(path.suffix.casefold())
    ending = path.suffix[1:]
    if named is not None:
        return named.kind
    return ending.upper() if ending.isalnum() and len(ending) <= _LONGEST_ENDING else ""


PLAIN_KINDS = frozenset(("TXT", "MD", "HTML", "JSON", "JSONL"))
"""Formats that our own code reads, in memory bounded by the file's size."""
