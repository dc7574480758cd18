"""The model of the sources table: what was added, or every file with its verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.formatting import compact, grouped
from app.messages import translate
from app.screens.corpus.sources_row import Filter, Row
from app.theme.icons import icon
from app.theme.palette import color, font
from core.corpus.language_names import language_name
from core.sentences import Sentence

Index = QModelIndex | QPersistentModelIndex
NAME, KIND, ENCODING, LANGUAGE, CHARACTERS, DOCUMENTS, STATUS = COLUMNS = range(7)
StatusRole = Qt.ItemDataRole.UserRole + 1
"""(tone, text, progress): tone ok, warn, shu, read or wait."""
_PLAIN_ENCODINGS = {"", "utf-8", "ascii"}
_KIND_NAMES = {"NOTEBOOK": "IPYNB", "SUBTITLES": "SRT", "MAIL": "EML"}
_LONG_KIND = 5
_NUMBERS = (CHARACTERS, DOCUMENTS)
_ADVICE = re.compile(r"(?:[:;.] |[。：；])(?!\d)")  # noqa: RUF001
_SEVERITY = {"shu": 0, "warn": 1, "read": 2, "wait": 3, "ok": 4}


class SourcesModel(QAbstractTableModel):
    """Holds rows; shows those that a filter keeps, in the order of reading or of a column."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Row] = []
        self._rows: list[Row] = []
        self._filter = Filter()
        self._sorted_by: int | None = None
        self._falling = False
        self._noticed = 0
        self._notices_within = self._has_unsure = self._shows_noticed = False
        self._kinds: list[str] = []
        self.progress: float | None = None
        """Share of the reading that goes on; rows that are being read show it."""
        self._doing = ""

    def set_rows(self, rows: list[Row]) -> None:
        """Rows that only changed in what they tell stay where they are."""
        same = [row.path for row in rows] == [row.path for row in self._all]
        if rows == self._all:
            return
        self._all = rows
        self._sum_up(rows)
        if same and not self._filter.narrows and self._sorted_by is None:
            self._rows = list(rows)
            self._look_at_shown()
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, STATUS))
        else:
            self._arrange()

    def _sum_up(self, rows: list[Row]) -> None:
        """What the table asks again and again, in one go: there may be 100,000 rows."""
        noticed = [row for row in rows if row.noticed]
        self._noticed = len(noticed)
        self._notices_within = any(row.is_folder or row.is_archive for row in noticed)
        self._has_unsure = any(not row.sure for row in rows)
        self._kinds = sorted({row.kind for row in rows} - {""})

    def _look_at_shown(self) -> None:
        self._shows_noticed = any(
            row.tone not in ("ok", "read") or row.noticed or row.empty for row in self._rows
        )

    def set_progress(self, share: float | None, doing: str = "") -> None:
        """`doing`: what rows that are being read show where no share is known."""
        if (share, doing) != (self.progress, self._doing):
            self.progress, self._doing = share, doing
            if self._rows:
                last = len(self._rows) - 1
                self.dataChanged.emit(self.index(0, STATUS), self.index(last, STATUS))

    def set_filter(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._arrange()

    @property
    def filter(self) -> Filter:
        return self._filter

    def row_at(self, index: int) -> Row | None:
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def place_of(self, path: str) -> int:
        """The line of a path that is shown, or -1."""
        return next((i for i, row in enumerate(self._rows) if row.path == path), -1)

    def count(self) -> int:
        """Rows without the filter."""
        return len(self._all)

    def noticed(self) -> int:
        return self._noticed

    def notices_within(self) -> bool:
        """Whether a folder or an archive has files that should be looked at."""
        return self._notices_within

    def shows_noticed(self) -> bool:
        """Whether a row that is shown has more to say than that it is well or being read."""
        return self._shows_noticed

    def has_unsure(self) -> bool:
        return self._has_unsure

    def has_long_kinds(self) -> bool:
        return any(len(kind_name(kind)) > _LONG_KIND for kind in self.kinds())

    def kinds(self) -> list[str]:
        return self._kinds

    def languages(self) -> list[str]:
        return sorted({row.language for row in self._all} - {""}, key=self.language_name)

    # ---- order -------------------------------------------------------------------------------

    def sort_by(self, column: int) -> None:
        """Numbers begin with the largest, all else with the first; asked again the other way
        round, and then as they were read."""
        first_falling = column in _NUMBERS
        if self._sorted_by != column:
            self._sorted_by, self._falling = column, first_falling
        elif self._falling == first_falling:
            self._falling = not self._falling
        else:
            self._sorted_by = None
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, STATUS)
        self._arrange()

    def order(self) -> tuple[int | None, bool]:
        """The column that rows are sorted by, and whether they fall."""
        return self._sorted_by, self._falling

    def _arrange(self) -> None:
        self.beginResetModel()
        narrows = self._filter.narrows
        self._rows = [r for r in self._all if self._filter.keeps(r)] if narrows else [*self._all]
        if self._sorted_by is not None:
            self._rows.sort(key=self._key(self._sorted_by), reverse=self._falling)
        self._look_at_shown()
        self.endResetModel()

    def _key(self, column: int) -> Callable[[Row], Any]:
        match column:
            case 0:
                return lambda row: row.name.casefold()
            case 1:
                return lambda row: row.kind.casefold()
            case 2:
                return lambda row: (row.sure, row.encoding.casefold())
            case 3:
                names = {
                    code: self.language_name(code) for code in {r.language for r in self._rows}
                }
                return lambda row: names[row.language]
            case 4:
                return lambda row: row.characters
            case 5:
                return lambda row: row.documents
            case _:
                return lambda row: (_SEVERITY[row.shown_tone], self._status_text(row))

    # ---- Qt ----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                mark = "" if section != self._sorted_by else " ↓" if self._falling else " ↑"
                return self.column_name(section) + mark
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
            case Qt.ItemDataRole.ToolTipRole:
                return self.tr("Sort by this column")
            case _:
                return None

    def column_name(self, section: int) -> str:
        return (
            self.tr("Name"), self.tr("Kind"), self.tr("Encoding"), self.tr("Language"),
            self.tr("Chars"), self.tr("Docs"), self.tr("Status"),
        )[section]  # fmt: skip

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._hint(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.DecorationRole if column == NAME:
                return icon(_icon_of(row), "ink3")
            case Qt.ItemDataRole.DecorationRole if column == ENCODING and not row.sure:
                return icon("ph.question", "warn")
            case Qt.ItemDataRole.ForegroundRole:
                return _foreground(row, column)
            case Qt.ItemDataRole.FontRole:
                return font("base" if column == NAME else "small")
            case _ if role == StatusRole:
                return row.shown_tone, self._shown_status(row), self.progress
            case _:
                return None

    def _text(self, row: Row, column: int) -> str:
        if row.tone == "shu" and column in _NUMBERS:
            return "0"
        waiting = row.tone in ("read", "wait")
        match column:
            case 0:
                return row.name if row.weight == 1 else f"{row.name}  ×{factor_text(row.weight)}"  # noqa: RUF001
            case 1:
                return self._kind_text(row)
            case 2:
                return row.encoding or "—"
            case 3:
                return self.language_name(row.language) or "—"
            case 4:
                return "…" if waiting else compact(row.characters)
            case 5:
                return "…" if waiting else grouped(row.documents)
            case _:
                return self._status_text(row)

    def _spoken(self, row: Row, column: int) -> str:
        """The text, with what only an icon and a colour show."""
        if column == ENCODING and not row.sure:
            return self.tr("{encoding}, unsure").format(encoding=row.encoding)
        return self._text(row, column)

    def _kind_text(self, row: Row) -> str:
        """An archive is called by its own kind, not by what most of its members are."""
        ending = row.path.rpartition(".")[2].upper() if row.is_archive else kind_name(row.kind)
        return ending or "—"

    def _hint(self, row: Row, column: int) -> str:
        if column == STATUS:
            return self._status_text(row)
        if column == ENCODING and row.encoding:
            if not row.sure:
                return self.tr("It may be another one: click to choose")
            return row.path if row.is_folder else self.tr("Click to choose another encoding")
        lines = [row.path]
        if row.weight != 1:
            lines.append(self.tr("Counts {factor} times").format(factor=factor_text(row.weight)))
        if row.licence:
            lines.append(self.tr("Licence: {text}").format(text=row.licence))
        return "\n".join(lines)

    def _status_text(self, row: Row) -> str:
        if row.empty:
            return self.tr("an empty folder")
        match row.tone:
            case "ok":
                return self.tr("good") if row.sure else self.tr("encoding unsure")
            case "read":
                return self.tr("reading")
            case "wait":
                return self.tr("not read yet")
            case _:
                return translate(row.status) if row.status else self.tr("skipped")

    def _shown_status(self, row: Row) -> str:
        return self._doing if row.tone == "read" else _first_part(self._status_text(row))

    def language_name(self, code: str) -> str:
        name = language_name(code)
        return translate(name) if isinstance(name, Sentence) else name


def kind_name(kind: str) -> str:
    """A kind of files as its usual ending, in capitals."""
    return _KIND_NAMES.get(kind.upper(), kind.upper())


def _first_part(sentence: str) -> str:
    """What comes before advice: the rest is in the hint and in the preview."""
    return _ADVICE.split(sentence, maxsplit=1)[0]


def factor_text(weight: float) -> str:
    """½, 1, 2, 3.5"""
    return {0.5: "½", 0.25: "¼"}.get(weight, f"{weight:g}")


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _icon_of(row: Row) -> str:
    if row.is_folder:
        return "ph.folder"
    if row.is_archive:
        return "ph.archive"
    return "ph.file-x" if row.tone == "shu" else "ph.file-text"


def _foreground(row: Row, column: int) -> Any:
    if row.tone == "shu":
        return color("ink3")
    if column == ENCODING and not row.sure:
        return color("warn")
    if column == ENCODING and row.encoding.casefold() not in _PLAIN_ENCODINGS:
        return color("aiText")
    return color("ink" if column in (NAME, CHARACTERS, DOCUMENTS) else "ink2")
