"""CSV and TSV: rows with a column of text or of conversations; else the table as it stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice

from core.corpus.mapping import content_column
from core.corpus.readers import dialect
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.lines import lines
from core.corpus.readers.rows import Row, Table, columns_of, documents, is_known, no_column
from core.sentences import N_, Sentence

_FIRST_LINES = 400
_FIRST_CHARACTERS = 4 << 20
_MOST_CELL = 16 << 20
"""Characters of a cell: a quote that nothing closes would take the rest of the file."""
_BLOCK = 1 << 20
_TOLD = re.compile(r"\ufeff?sep=([,;|\t])\s*", re.IGNORECASE)
"""The line that Excel takes the delimiter from."""
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST_LETTERS = 0.4


def read(file: InputFile) -> Iterator[Document]:
    """A document for each row, or where no column has sentences for every 1 M characters of rows.
    Raises NotReadable for a table of numbers."""
    cells = _Cells(file)
    table = cells.table()
    sample = table.sample()
    values = [row.value for row in sample if isinstance(row.value, dict)]
    broken = any(row.fault for row in sample)
    if file.mapping or broken or any(map(is_known, values)) or content_column(values):
        yield from documents(file, table)
    elif not values:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "all rows of the table are empty")))
    elif _letters(values) < _FEWEST_LETTERS:
        raise NotReadable(no_column(columns_of(table, sample)))
    else:
        text = N_("Verdicts", "no column has sentences: the rows are read as they stand")
        file.warn(Sentence("Verdicts", text))
        yield from _blocks(file, table, cells.header)
    cells.warn()


def table(file: InputFile) -> Table:
    """Rows by the names of their columns; without a header these are 1, 2, 3 …"""
    return _Cells(file).table()


class _Cells:
    """Rows of a file. `header`: as the first row has it."""

    def __init__(self, file: InputFile) -> None:
        self._file = file
        self._columns: list[str] = []
        self._ragged, self._first_ragged = 0, (0, 0)
        self.header: list[str] = []

    def table(self) -> Table:
        csv.field_size_limit(_MOST_CELL)
        source = lines(self._file.pieces("CSV"))
        first = _first_of(source)
        told = _TOLD.fullmatch(first[0][1] or "") if first else None
        if told:
            first[0] = (first[0][0], "")
        known = [line for _, line in first if line is not None]
        if len(first) == _FIRST_LINES:
            known = known[:-1]
        usual = "\t" if self._file.name.casefold().endswith((".tsv", ".tab")) else ","
        self._delimiter = told[1] if told else dialect.delimiter_of(known, usual)
        sample = [row for row in dialect.parsed(known, self._delimiter) if any(row)]
        if not sample:
            sample = [[""]]
        if dialect.has_header(sample):
            self.header = sample[0]
            self._columns = _names(sample[0])
        elif dialect.is_choices(sample):
            choices = [f"choice{n}" for n in range(dialect.CHOICES[len(sample[0])])]
            self._columns = ["question", *choices, "answer"]
        else:
            self._columns = [str(n) for n in range(1, max(map(len, sample)) + 1)]
        return Table(self._rows(chain(first, source)), "line", self._columns)

    def warn(self) -> None:
        """Say how many rows have another number of cells."""
        if self._ragged:
            text = N_("Verdicts", "rows with another number of cells: {count}; the first, line {line}: found {found}, expected {expected}")  # fmt: skip
            line, found = self._first_ragged
            self._file.warn(
                Sentence(
                    "Verdicts", text,
                    {"count": self._ragged, "line": line, "found": found,
                     "expected": len(self._columns)},
                )
            )  # fmt: skip

    def _rows(self, numbered: Iterator[tuple[int, str | None]]) -> Iterator[Row]:
        too_long: list[int] = []

        def fed() -> Iterator[str]:
            for number, line in numbered:
                if line is None:
                    too_long.append(number)
                    yield "\n"
                else:
                    yield line + "\n"

        reader = csv.reader(fed(), delimiter=self._delimiter)
        names_gone, line = not self.header, 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(line, None, _too_large())
                line = reader.line_num + 1
                continue
            while too_long:
                yield Row(too_long.pop(0), None, _too_large())
            if any(cells):
                if names_gone:
                    yield self._row(line, cells)
                names_gone = True
            line = reader.line_num + 1

    def _row(self, line: int, cells: list[str]) -> Row:
        """Cells beyond the last column are taken for a text that has the delimiter in it."""
        width = len(self._columns)
        if len(cells) != width:
            if not self._ragged:
                self._first_ragged = (line, len(cells))
            self._ragged += 1
        if len(cells) > width:
            cells = [*cells[: width - 1], self._delimiter.join(cells[width - 1 :])]
        value = dict(zip(self._columns, cells, strict=False))
        return Row(line, value, size=sum(map(len, cells)))


def _first_of(numbered: Iterator[tuple[int, str | None]]) -> list[tuple[int, str | None]]:
    """Lines enough to see how the table is written; few of them where they are very long."""
    taken, size = list[tuple[int, str | None]](), 0
    for number, line in islice(numbered, _FIRST_LINES):
        taken.append((number, line))
        size += len(line or "")
        if size > _FIRST_CHARACTERS:
            break
    return taken


def _names(cells: list[str]) -> list[str]:
    """Every column gets a name, and its own."""
    names = dict[str, None]()
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or str(number)
        while name in names:
            name = f"{name} {number}"
        names[name] = None
    return list(names)


def _blocks(file: InputFile, table: Table, header: list[str]) -> Iterator[Document]:
    """Rows as lines, cells with tabs between them."""
    held, size, part = ["\t".join(header)] if header else list[str](), 0, 0
    for row in table.rows:
        if row.value is None:
            continue
        held.append("\t".join(row.value.values()).rstrip("\t"))
        size += row.size
        if size > _BLOCK:
            part += 1
            yield Document(
                "\n".join(held) + "\n", file.name if part == 1 else f"{file.name} ({part})"
            )
            held, size = [], 0
    if held:
        yield Document("\n".join(held) + "\n", f"{file.name} ({part + 1})" if part else file.name)


def _letters(rows: list[dict[str, str]]) -> float:
    """Share of letters among what is written."""
    text = "".join(cell for row in rows for cell in row.values())[:200_000]
    written = "".join(text.split())
    return len(_LETTER.findall(written)) / len(written) if written else 0.0


def _too_large() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "a cell is too large to be read"))
