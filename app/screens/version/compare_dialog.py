"""Two versions side by side: what was done differently, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from app.messages import translate
from app.screens.version.files_card import clear
from app.screens.version.words import origins, shown
from app.widgets.combo import ComboBox
from app.widgets.controls import Button, ElidedLabel, IconLabel, Label, Spine, Switch
from app.widgets.layout import STRETCH, column, frame, hairline, holder, row, scroll
from core.versions.compare import SECTIONS, Comparison, Row, compare
from core.versions.library import VersionEntry


class CompareDialog(QDialog):
    """`entry` against any other version of the shelf."""

    def __init__(self, parent: QWidget, entry: VersionEntry, others: list[VersionEntry]) -> None:
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entry, self._others = entry, others
        self._title = Label("head")
        self._other, self._only_label, self._only = ComboBox(), Label("small"), Switch()
        self._only.setChecked(True)
        self._verdict = Label(wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        for index, stretch in enumerate((0, 2, 3, 3)):
            self._grid.setColumnStretch(index, stretch)
        self._close = Button("secondary")
        self._close.clicked.connect(self.accept)
        body = scroll(holder(column(self._grid, STRETCH, margins=(12, 8, 12, 8))))
        self.setLayout(
            column(
                row(self._title, STRETCH, self._only_label, self._only),
                self._other, frame(row((self._verdict, 1), margins=(12, 8, 12, 8)), surface="tint"),
                hairline(), (body, 1), row(STRETCH, self._close), margins=(20, 16, 20, 16),
                spacing=10,
            )
        )  # fmt: skip
        room = parent.window().size()
        self.resize(min(720, room.width() - 80), min(620, room.height() - 60))
        for one in others:
            self._other.addItem(f"v{one.manifest.edition}  {one.manifest.title}", one.id)
        self._other.setCurrentIndex(_likely(entry, others))
        self._other.activated.connect(lambda _: self._show())
        self._only.toggled.connect(lambda _: self._show())
        self._retranslate()
        self._show()

    def _retranslate(self) -> None:
        title = self.tr("Compare “{name}” with…").format(name=self._entry.manifest.title)
        self.setWindowTitle(title)
        self._title.setText(title)
        self._other.setAccessibleName(title)
        self._only_label.setText(self.tr("only what differs"))
        self._only.setAccessibleName(self._only_label.text())
        self._close.set_text(self.tr("Close"))

    def _show(self) -> None:
        """The rows for the version that is chosen."""
        wanted = self._other.currentData()
        other = next((one for one in self._others if one.id == wanted), None)
        clear(self._grid)
        if other is None:
            return
        found = compare(self._entry, other)
        self._verdict.setText(self._words_of(found))
        self._grid.addWidget(_name(found.one), 0, 2)
        self._grid.addWidget(_name(found.two), 0, 3)
        line = 1
        for section, title in SECTIONS.items():
            rows = [r for r in found.rows if r.section == section and self._wanted(r)]
            if not rows:
                continue
            self._grid.addWidget(Label("faint", text=translate(title)), line, 0, 1, 4)
            line += 1
            for one in rows:
                self._add(found, one, line)
                line += 1
        if line == 1:
            words = self.tr("Nothing differs in what is known of both.")
            self._grid.addWidget(Label(text=words), 1, 0, 1, 4)

    def _wanted(self, one: Row) -> bool:
        if one.one is None and one.two is None:
            return False
        return one.differs or not self._only.isChecked()

    def _add(self, found: Comparison, fact: Row, line: int) -> None:
        mark = IconLabel("ph.circle-fill" if fact.differs else "ph.minus", 8, "aiText")
        mark.setVisible(fact.differs)
        self._grid.addWidget(mark, line, 0)
        self._grid.addWidget(Label("small", text=translate(fact.label)), line, 1)
        for place, entry in ((2, found.one), (3, found.two)):
            text = ElidedLabel("head" if fact.differs else "small")
            told = origins(entry) if fact.name == "parents" else shown(fact, place == 2)
            text.set_full_text(told)
            self._grid.addWidget(text, line, place)

    def _words_of(self, found: Comparison) -> str:
        """The verdict, never beyond the interval."""
        if found.difference is None:
            return self.tr("Their final figures were not measured on the same text: measure both under Evaluation.")  # fmt: skip
        difference, low, high = found.difference
        if low <= 0 <= high:
            return self.tr("On the same unseen text there is no clear difference between them.")
        better = found.two if difference > 0 else found.one
        return self.tr("On the same unseen text <b>{name}</b> needs {bits} bits per byte less.").format(
            name=better.manifest.title, bits=f"{abs(difference):.3f}")  # fmt: skip


def _name(entry: VersionEntry) -> QWidget:
    title = ElidedLabel("head")
    title.set_full_text(f"v{entry.manifest.edition} {entry.manifest.title}")
    return holder(row(Spine(entry.manifest.colour, 5, 18), (title, 1), spacing=6))


def _likely(entry: VersionEntry, others: list[VersionEntry]) -> int:
    """The parent, else the newest."""
    parents = {p.id for p in entry.manifest.parents}
    ids = [one.id for one in others]
    return next((i for i, one in enumerate(ids) if one in parents), len(ids) - 1)
