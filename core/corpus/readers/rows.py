"""Rows of a table or data set become documents: conversations by their shape, texts by their column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal, NamedTuple

from core.corpus import articles, trees
from core.corpus import mapping as mappings
from core.corpus.columns import LISTS, QUESTIONS, TEXTS, usual_names, with_usual_names
from core.corpus.conversations import Conversation, Malformed, of_tree, recognised
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence, Value

Unit = Literal["line", "entry", "row"]
SAMPLE = 200
"""So many rows are looked at before it is decided which column is the text."""
_SAMPLE_CHARACTERS = 4 << 20
_MOST_FAULTS = 20
_PLACES = {
    "line": N_("Verdicts", "line {number}"),
    "entry": N_("Verdicts", "entry {number}"),
    "row": N_("Verdicts", "row {number}"),
}


class Row(NamedTuple):
    """`fault`: why there is no value. `size`: about how many characters it has."""

    number: int
    value: Any
    fault: Sentence | None = None
    size: int = 0


@dataclass
class Table:
    """Rows of a file. `columns`: their names, where the format tells them; `unit`: what people call
    a row of it."""

    rows: Iterator[Row]
    unit: Unit
    columns: list[str] | None = None

    def sample(self) -> list[Row]:
        """The first rows; they stay where they are."""
        taken, size = list[Row](), 0
        for row in self.rows:
            taken.append(row)
            size += row.size
            if len(taken) == SAMPLE or size > _SAMPLE_CHARACTERS:
                break
        self.rows = chain(taken, self.rows)
        return taken


def columns_of(table: Table, sample: list[Row]) -> list[str]:
    """Names of columns, in the order in which they come."""
    if table.columns is not None:
        return table.columns
    rows = (articles.with_columns(row.value) for row in sample if isinstance(row.value, dict))
    return list(dict.fromkeys(str(name) for row in rows for name in row))


def documents(file: InputFile, table: Table) -> Iterator[Document]:
    """Says the shape of its conversations and how many rows have no text. Raises NotReadable for a
    file without any, and for a mapping that does not fit."""
    reading = RowReading(file, table)
    yield from reading.documents()
    reading.finish()


class RowReading:
    """`faults`: (place, reason) of the first rows without text. `rows`: how many came by."""

    def __init__(self, file: InputFile, table: Table) -> None:
        self.faults: list[tuple[Sentence, Sentence]] = []
        self.rows = 0
        self._file, self._table = file, table
        self._shapes: Counter[str] = Counter()
        self._without = 0
        self._any, self._known, self._broken = False, False, False
        self._column: str | None = None
        self._named: str | None = None
        self._beside: list[str] = []
        self._questions = 0
        self._forest = trees.Forest()

    def documents(self) -> Iterator[Document]:
        """Raises NotReadable for a mapping that does not fit."""
        sample = self._table.sample()
        self._choose(sample)
        for row in self._table.rows:
            self.rows += 1
            for value in articles.rows_of(row.value, self._file.mapping):
                try:
                    found = self._of_value(value)
                except Malformed as malformed:
                    self._fault(row.number, malformed.sentence)
                    continue
                if found:
                    self._any = True
                    yield from found
                elif found is not None:
                    self._broken = self._broken or row.fault is not None
                    if len(self.faults) < _MOST_FAULTS:
                        self._fault(row.number, row.fault or self._without_text(value))
                    else:
                        self._without += 1
        yield from self._grown(self._forest.rest())

    @property
    def shape(self) -> str:
        """Of most conversations so far."""
        return self._shapes.most_common(1)[0][0] if self._shapes else ""

    def finish(self) -> None:
        """Raises NotReadable."""
        if not self._any:
            named = self._known or self._broken or self._file.mapping or not self._table.columns
            first = self.faults[0] if self.faults else None
            raise NotReadable(_nothing(first) if named else no_column(self._table.columns))
        self._file.shape = self.shape
        if self.faults:
            self._file.warn(_left_out(self._without, self.faults[0]))
        if self._questions:
            text = N_("Verdicts", "read as text; its questions are left out: {count}. Choose the columns question and answer to read these")  # fmt: skip
            self._file.warn(Sentence("Verdicts", text, {"count": self._questions}))
        if self._column is not None:
            self._file.warn(_taken_from(self._column, self._beside))
        elif self._named is not None and self._beside and not self._shapes:
            self._file.warn(_taken_from(self._named, self._beside))

    def _choose(self, sample: list[Row]) -> None:
        """Which column is the text, where neither the user nor a name nor a shape tells."""
        if self._file.mapping:
            columns = columns_of(self._table, sample)
            wrong = mappings.fault(self._file.mapping)
            if wrong := wrong or mappings.missing(self._file.mapping, columns):
                raise NotReadable(wrong)
            return
        rows = [row.value for row in sample if isinstance(row.value, dict)]
        self._known = any(map(is_known, rows))
        columns = mappings.content_columns(rows)
        if not self._known:
            self._column, self._beside = (columns or [None])[0], columns[1:]
            return
        self._named = next(filter(None, map(_text_column, rows)), None)
        names = usual_names(tuple(columns_of(self._table, sample))) or {}
        asked = [names.get(field, field) for field in QUESTIONS]
        columns += [c for c in asked if any(isinstance(row.get(c), str) for row in rows)]
        others = (c for c in columns if c not in (self._named, names.get("title", "title")))
        self._beside = list(dict.fromkeys(others))

    # ---- one row -----------------------------------------------------------------------------

    def _of_value(self, value: Any) -> list[Document] | None:
        """None for a message of a tree that is not complete yet. Raises Malformed."""
        if self._file.mapping:
            return self._mapped(value)
        if isinstance(value, dict) and trees.is_message(value):
            return list(self._grown(self._forest.add(value))) or None
        if isinstance(value, dict | list) and (found := recognised(value)):
            return [self._talk(talk, _title(value, self._file.name)) for talk in found]
        text = text_of(value)
        self._questions += articles.questions(value)
        if text is None and self._column is not None and isinstance(value, dict):
            text = value.get(self._column)
        if isinstance(text, str) and text.strip():
            return [Document(text, _title(value, self._file.name))]
        return []

    def _mapped(self, value: Any) -> list[Document]:
        if not isinstance(value, dict):
            return []
        found = mappings.apply(value, self._file.mapping)
        title = mappings.title_of(value, self._file.mapping) or self._file.name
        return [Document(found, title) if isinstance(found, str) else self._talk(found, title)]

    def _talk(self, talk: Conversation, title: str) -> Document:
        self._shapes[talk.shape] += 1
        self._file.shape = self._file.shape or talk.shape  # Who reads along knows it at once.
        return Document(talk.text, title, talk.data)

    def _grown(self, prompts: Iterable[dict[str, Any]]) -> Iterator[Document]:
        for prompt in prompts:
            for talk in of_tree(prompt):
                self._any = True
                yield self._talk(talk, self._file.name)

    # ---- what is said of rows that have no text --------------------------------------------------

    def _fault(self, number: int, fault: Sentence) -> None:
        self._without += 1
        if len(self.faults) < _MOST_FAULTS:
            place = Sentence("Verdicts", _PLACES[self._table.unit], {"number": number})
            self.faults.append((place, fault))

    def _without_text(self, row: Any) -> Sentence:
        if not isinstance(row, dict):
            return Sentence("Verdicts", N_("Verdicts", "no JSON object with a text"))
        usual, names = with_usual_names(row)
        if self._column in row or any(isinstance(usual.get(field), str) for field in TEXTS):
            return Sentence("Verdicts", N_("Verdicts", "its text is empty"))
        empty = next((name for name in LISTS if usual.get(name) == []), None)
        if empty:
            field = names.get(empty, empty)
            return Sentence("Verdicts", N_("Verdicts", "“{field}” is empty"), {"field": field})
        fields = mappings.listed([str(field) for field in row]) or "{}"
        text = N_("Verdicts", "found {fields}; expected text, messages, instruction and output, prompt and completion, question and answer, or chosen and rejected")  # fmt: skip
        return Sentence("Verdicts", text, {"fields": fields})


def text_of(row: Any) -> str | None:
    """The text of a row that is one, or has one by its name; of SQuAD's articles the paragraphs."""
    if isinstance(row, str):
        return row
    if not isinstance(row, dict):
        return None
    column = _text_column(row)
    return row[column] if column is not None else articles.text_of(row)


def _text_column(row: dict[str, Any]) -> str | None:
    """The column whose name says that it is the text."""
    usual, names = with_usual_names(row)
    found = next((field for field in TEXTS if isinstance(usual.get(field), str)), None)
    return names.get(found, found) if found is not None else None


def _title(row: Any, name: str) -> str:
    title = with_usual_names(row)[0].get("title") if isinstance(row, dict) else None
    return str(title) if title else name


def is_known(row: dict[str, Any]) -> bool:
    """Whether its names tell what it is, even where it is broken."""
    if trees.is_message(row) or text_of(row) is not None:
        return True
    try:
        return bool(recognised(row))
    except Malformed:
        return True


def no_column(columns: Sequence[str] | None) -> Sentence:
    """What is said of a table whose columns have no text."""
    text = N_("Verdicts", "no column with text; found {columns}")
    return Sentence("Verdicts", text, {"columns": mappings.listed(columns or [])})


def _nothing(first: tuple[Sentence, Sentence] | None) -> Sentence:
    if first is None:
        return Sentence("Verdicts", N_("Verdicts", "no field with text (such as “text”) in its rows"))  # fmt: skip
    text = N_("Verdicts", "no field with text (such as “text”) in its rows; {place}: {reason}")
    return Sentence("Verdicts", text, {"place": first[0], "reason": first[1]})


def _taken_from(column: str, beside: Sequence[str]) -> Sentence:
    text = N_("Verdicts", "the text is taken from the column “{column}”")
    if beside:
        text = N_("Verdicts", "the text is taken from the column “{column}”; left out: {columns}")
    return Sentence("Verdicts", text, {"column": column, "columns": mappings.listed(beside)})


def _left_out(count: int, first: tuple[Sentence, Sentence]) -> Sentence:
    text = N_("Verdicts", "rows without text: {count}; the first, {place}: {reason}")
    values: dict[str, Value] = {"count": count, "place": first[0], "reason": first[1]}
    return Sentence("Verdicts", text, values)
