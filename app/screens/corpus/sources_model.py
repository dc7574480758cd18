"""Rows of the sources table: what was added, or every file with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.formatting import compact, grouped
from app.messages import translate
from app.theme.icons import icon
from app.theme.palette import color, font
from core.corpus.manifest import FileVerdict, Source
from core.sentences import Sentence

Index = QModelIndex | QPersistentModelIndex
NAME, KIND, ENCODING, LANGUAGE, CHARACTERS, DOCUMENTS, STATUS = range(7)
StatusRole = Qt.ItemDataRole.UserRole + 1
"""(tone, text): tone ok, warn, shu or read."""
_PLAIN_ENCODINGS = {"", "utf-8", "ascii"}
_NUMBERS = (CHARACTERS, DOCUMENTS)


@dataclass(frozen=True)
class Row:
    """One line of the table, from a source or a file."""

    path: str
    is_folder: bool
    kind: str
    encoding: str
    language: str
    characters: int
    documents: int
    tone: str
    status: Sentence | None
    progress: float | None = None

    @property
    def name(self) -> str:
        return Path(self.path).name or self.path


def row_of_source(source: Source) -> Row:
    tone, status = _judge(source.reason, source.warning, source.read > 0)
    return Row(
        source.path, source.is_folder, source.kind, source.encoding, source.language,
        source.characters, source.documents, tone, status,
    )  # fmt: skip


def row_of_file(file: FileVerdict) -> Row:
    tone, status = _judge(file.reason, file.warning, file.verdict == "read")
    return Row(
        file.path, False, file.kind, file.encoding, file.language, file.characters,
        file.documents, tone, status,
    )  # fmt: skip


def _judge(
    reason: dict[str, Any] | None, warning: dict[str, Any] | None, read: bool
) -> tuple[str, Sentence | None]:
    if not read:
        return "shu", Sentence.from_json(reason) if reason else None
    if warning or reason:
        return "warn", Sentence.from_json(warning or reason or {})
    return "ok", None


class SourcesModel(QAbstractTableModel):
    """Holds rows; a filter keeps those whose name has a text or that need a look."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Row] = []
        self._rows: list[Row] = []
        self._search = ""
        self._only_noticed = False

    def set_rows(self, rows: list[Row]) -> None:
        self._all = rows
        self._filter()

    def set_filter(self, search: str, only_noticed: bool) -> None:
        self._search, self._only_noticed = search.casefold(), only_noticed
        self._filter()

    def row_at(self, index: int) -> Row | None:
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def noticed(self) -> int:
        return sum(row.tone in ("warn", "shu") for row in self._all)

    def _filter(self) -> None:
        self.beginResetModel()
        self._rows = [
            row
            for row in self._all
            if self._search in row.path.casefold()
            and (not self._only_noticed or row.tone in ("warn", "shu"))
        ]
        self.endResetModel()

    # ---- Qt ----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 7

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Name"), self.tr("Kind"), self.tr("Encoding"), self.tr("Language"),
                self.tr("Chars"), self.tr("Docs"), self.tr("Status"),
            )[section]  # fmt: skip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._status_text(row) if column == STATUS else row.path
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.DecorationRole if column == NAME:
                return icon(_icon_of(row), "ink3")
            case Qt.ItemDataRole.ForegroundRole:
                return _foreground(row, column)
            case Qt.ItemDataRole.FontRole:
                return font("base" if column == NAME else "small")
            case _ if role == StatusRole:
                return row.tone, self._status_text(row), row.progress
            case _:
                return None

    def _text(self, row: Row, column: int) -> str:
        if row.tone == "shu" and column in (CHARACTERS, DOCUMENTS):
            return "0"
        match column:
            case 0:
                return row.name
            case 1:
                return row.kind.upper() or "—"
            case 2:
                return row.encoding or "—"
            case 3:
                return self.language_name(row.language) or "—"
            case 4:
                return compact(row.characters) if row.progress is None else "…"
            case 5:
                return grouped(row.documents) if row.progress is None else "…"
            case _:
                return self._status_text(row)

    def _status_text(self, row: Row) -> str:
        if row.tone == "ok":
            return self.tr("good")
        if row.tone == "read":
            return self.tr("reading")
        return translate(row.status) if row.status else self.tr("skipped")

    def language_name(self, code: str) -> str:
        names = {
            "ja": self.tr("Japanese"), "en": self.tr("English"), "zh": self.tr("Chinese"),
            "ko": self.tr("Korean"), "de": self.tr("German"), "fr": self.tr("French"),
            "es": self.tr("Spanish"), "it": self.tr("Italian"), "pt": self.tr("Portuguese"),
            "nl": self.tr("Dutch"), "la": self.tr("Latin"), "ru": self.tr("Russian"),
            "mixed": self.tr("mixed"), "other": self.tr("other"), "code": self.tr("code"),
        }  # fmt: skip
        return names.get(code, code)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _icon_of(row: Row) -> str:
    if row.is_folder:
        return "ph.folder"
    return "ph.file-x" if row.tone == "shu" else "ph.file-text"


def _foreground(row: Row, column: int) -> Any:
    if row.tone == "shu":
        return color("ink3")
    if column == ENCODING and row.encoding.casefold() not in _PLAIN_ENCODINGS:
        return color("aiText")
    return color("ink" if column in (NAME, CHARACTERS, DOCUMENTS) else "ink2")
