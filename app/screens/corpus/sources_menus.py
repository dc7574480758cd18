"""Menus of the sources table: what is shown in which order, what a file is written in, what can be
done with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from app.screens.corpus.sources_model import COLUMNS, SourcesModel, factor_text, kind_name
from app.screens.corpus.sources_row import Filter, Row, Which

WEIGHTS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0)


def _add_choice(menu: QMenu, text: str, on: bool, chosen: Callable[[], None]) -> None:
    action = menu.addAction(text.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(on)
    action.triggered.connect(lambda _=False: chosen())


class FilterMenu(QMenu):
    """Which rows are shown, by verdict, kind and language, and their order."""

    def __init__(
        self, parent: QWidget, model: SourcesModel, chosen: Callable[[Filter], None]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._chosen, self._now = chosen, model.filter
        names: dict[Which, str] = {
            "all": self.tr("All"), "read": self.tr("Read"), "warned": self.tr("With a warning"),
            "skipped": self.tr("Skipped"), "unsure": self.tr("Encoding unsure"),
        }  # fmt: skip
        for which, name in names.items():
            _add_choice(self, name, self._now.which == which, lambda w=which: self._take(which=w))
        self.addSeparator()
        kinds = [(kind, kind_name(kind)) for kind in model.kinds()]
        self._add_values(self.tr("Kind"), "kind", kinds)
        languages = [(code, model.language_name(code)) for code in model.languages()]
        self._add_values(self.tr("Language"), "language", languages)
        order = self.addMenu(self.tr("Sort by"))
        column, falling = model.order()
        for each in COLUMNS:
            mark = "" if each != column else "  ↓" if falling else "  ↑"
            name = model.column_name(each) + mark
            _add_choice(order, name, each == column, lambda c=each: model.sort_by(c))
        if self._now.narrows:
            self.addSeparator()
            self.addAction(self.tr("Show all again"), lambda: chosen(Filter()))

    def _add_values(self, title: str, field: str, values: list[tuple[str, str]]) -> None:
        menu = self.addMenu(title)
        menu.setEnabled(len(values) > 1 or bool(getattr(self._now, field)))
        now = getattr(self._now, field)
        for value, name in [("", self.tr("All")), *values]:
            _add_choice(menu, name, value == now, lambda v=value: self._take(**{field: v}))

    def _take(self, **changes: Any) -> None:
        self._chosen(replace(self._now, **changes))


class EncodingMenu(QMenu):
    """What a file is written in: the likely encodings first, then all."""

    def __init__(
        self, parent: QWidget, now: str, likely: Iterable[Any], every: Iterable[Any],
        chosen: Callable[[str, str], None],
    ) -> None:  # fmt: skip
        """`likely`, `every`: pairs of Python's name and people's; `chosen` gets such a pair."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        first = [(str(name), str(shown)) for name, shown in likely]
        rest = [(str(name), str(shown)) for name, shown in every]
        rest = [pair for pair in rest if pair not in first]
        where: QMenu = self
        if first:
            self.addAction(self.tr("Likely")).setEnabled(False)
            for name, shown in first:
                _add_choice(self, shown, shown == now, lambda n=name, s=shown: chosen(n, s))
            self.addSeparator()
            where = self.addMenu(self.tr("Others"))
        for name, shown in rest:
            _add_choice(where, shown, shown == now, lambda n=name, s=shown: chosen(n, s))


class RowMenu(QMenu):
    """`asked(what, row)`: drop, licence; `weighed(row, weight)`."""

    def __init__(
        self, parent: QWidget, row: Row, asked: Callable[[str, Row], None],
        weighed: Callable[[Row, float], None], changeable: bool,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addAction(self.tr("Show in folder"), lambda: _open_folder(row.path))
        if not row.is_source or not changeable:
            return
        counts = self.addMenu(self.tr("Counts in training"))
        for weight in sorted({*WEIGHTS, row.weight}):
            text = self.tr("{factor} times").format(factor=factor_text(weight))
            text = self.tr("once") if weight == 1 else text
            _add_choice(counts, text, weight == row.weight, lambda w=weight: weighed(row, w))
        self.addAction(self.tr("Licence…"), lambda: asked("licence", row))
        self.addSeparator()
        self.addAction(self.tr("Take out of this corpus"), lambda: asked("drop", row))


def _open_folder(path: str) -> None:
    """The nearest folder that is there: an archive's member has none of its own."""
    folder = next((p for p in Path(path).parents if p.is_dir()), None)
    if folder is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
