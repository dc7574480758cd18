"""Further corpora that are read beside the first, each with how often it counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.combo import ComboBox
from app.widgets.controls import Button
from app.widgets.layout import column, row

FACTORS = (0.5, 1.0, 2.0)
_WRITTEN = {0.5: "½×"}
_MOST = 4


class MixtureChoice(QWidget):
    """Rows of a corpus and a factor, and a button for one more; `changed` by the user alone."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._locked = False
        self._rows: list[_Row] = []
        self._box = column(spacing=5)
        self.more = Button("link", "ph.plus")
        self.more.clicked.connect(self._add_row)
        self.setLayout(column(self._box, self.more, spacing=2))
        self._refresh()

    def chosen(self) -> list[tuple[str, float]]:
        """(name of a corpus, how often it counts beside the first one)."""
        return [(row_.name(), row_.factor()) for row_ in self._rows]

    def offer(self, names: Sequence[str]) -> None:
        """What there is beside the first corpus; what is there no more goes."""
        kept = [(name, factor) for name, factor in self.chosen() if name in names]
        self._names = list(names)
        self.show_chosen(kept)

    def show_chosen(self, chosen: Sequence[tuple[str, float]]) -> None:
        """Show these corpora as far as they are there; tells nothing."""
        wanted = [(name, factor) for name, factor in chosen if name in self._names]
        while len(self._rows) > len(wanted):
            self._drop(self._rows[-1])
        while len(self._rows) < len(wanted):
            self._append()
        for row_, (name, factor) in zip(self._rows, wanted, strict=True):
            row_.show_choice(self._names, name, factor)
        self._refresh()

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        self._refresh()

    def retranslate(self) -> None:
        self.more.set_text(self.tr("Read another corpus too"))
        self.more.setToolTip(self.tr("Several corpora are read as one text. The tokenizer is the first one's."))  # fmt: skip
        for number, row_ in enumerate(self._rows, 2):
            row_.corpus.setAccessibleName(self.tr("Corpus {number}").format(number=number))
            hint = self.tr("How often it counts: 2× is read twice as often as the first corpus, ½× half as often")  # fmt: skip
            row_.count.setAccessibleName(hint)
            row_.count.setToolTip(hint)
            row_.remove.set_hint(self.tr("Do not read it"))

    # ---- inside ------------------------------------------------------------------------------

    def _left(self) -> list[str]:
        taken = {name for name, _ in self.chosen()}
        return [name for name in self._names if name not in taken]

    def _add_row(self) -> None:
        self.show_chosen([*self.chosen(), (self._left()[0], 1.0)])
        self._rows[-1].corpus.setFocus()
        self.changed.emit()

    def _append(self) -> None:
        row_ = _Row()
        row_.corpus.activated.connect(lambda _: self._on_corpus(row_))
        row_.count.activated.connect(lambda _: self.changed.emit())
        row_.remove.clicked.connect(lambda: self._on_remove(row_))
        self._rows.append(row_)
        self._box.addWidget(row_)

    def _on_corpus(self, changed: _Row) -> None:
        """A corpus is read once: one that another row has goes there."""
        others = [row_ for row_ in self._rows if row_ is not changed]
        for row_ in others:
            if row_.name() == changed.name():
                row_.show_choice(self._names, self._left()[0], row_.factor())
        self.changed.emit()

    def _on_remove(self, row_: _Row) -> None:
        self._drop(row_)
        self._refresh()
        self.more.setFocus()
        self.changed.emit()

    def _drop(self, row_: _Row) -> None:
        self._rows.remove(row_)
        self._box.removeWidget(row_)
        row_.hide()
        row_.deleteLater()

    def _refresh(self) -> None:
        for row_ in self._rows:
            row_.setEnabled(not self._locked)
        room = bool(self._left()) and len(self._rows) < _MOST
        self.more.setVisible(room and not self._locked)
        self.setVisible(bool(self._rows) or self.more.isVisibleTo(self))
        self.retranslate()


class _Row(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.corpus, self.count = ComboBox(), ComboBox()
        self.corpus.setMinimumWidth(80)  # The form is narrow: a long name ends in an ellipsis.
        self.count.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count.setMinimumContentsLength(2)
        self.count.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.remove = Button("icon-s", "ph.x")
        self.setLayout(row((self.corpus, 1), self.count, self.remove, spacing=5))

    def name(self) -> str:
        return str(self.corpus.currentData() or "")

    def factor(self) -> float:
        return float(self.count.currentData() or 1.0)

    def show_choice(self, names: Sequence[str], name: str, factor: float) -> None:
        self.corpus.clear()
        for one in names:
            self.corpus.addItem(one, one)
        self.corpus.setCurrentIndex(self.corpus.findData(name))
        self.count.clear()
        for one in sorted({*FACTORS, factor}):
            self.count.addItem(_WRITTEN.get(one, f"{one:g}×"), one)
        self.count.setCurrentIndex(self.count.findData(factor))
