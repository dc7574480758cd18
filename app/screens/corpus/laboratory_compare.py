"""The same sentences cut by several tokenizers, each with its figures."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.formatting import grouped
from app.messages import translate
from app.widgets.controls import Badge, Button, ElidedLabel, Label
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll
from app.widgets.shading import TokenShading
from core.sentences import Sentence

MOST = 4
_DELAY_MS = 250
_SENTENCES = """A small model learns to read and write at a village school.
寺子屋で、小さなモデルが読み書きを習います。"""
Shown = dict[str, Any]
"""{id, name, kind, vocabulary, chosen, snapshot, cells, tokens, ja, en, limits}; ja and en (bytes per token of
the corpus's own text) may be None. See core.corpus.serving.laboratory."""


class ComparePanels(QWidget):
    """`sentences_changed` a moment after the user has typed; `use_wanted`, `remove_wanted` carry a
    tokenizer's id."""

    sentences_changed = Signal()
    use_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sentences = QPlainTextEdit()
        self.sentences.setTabChangesFocus(True)
        self.sentences.setProperty("book", "true")
        self.sentences.setFixedHeight(68)
        self._panels = [_Panel() for _ in range(MOST)]
        for panel in self._panels:
            panel.use.clicked.connect(lambda _=False, p=panel: self.use_wanted.emit(p.id))
            panel.remove.clicked.connect(lambda _=False, p=panel: self.remove_wanted.emit(p.id))
            panel.setVisible(False)
        self._waiting = Label("faint")
        below = scroll(
            holder(column(self._waiting, *self._panels, STRETCH, margins=(0, 0, 8, 0), spacing=8))
        )
        self.setLayout(column(self.sentences, (below, 1), spacing=8))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.sentences_changed)
        self._retranslate()
        self.sentences.textChanged.connect(self._timer.start)

    def _retranslate(self) -> None:
        self.sentences.setAccessibleName(self.tr("Sentences that are cut into tokens"))
        self.sentences.setPlainText(_SENTENCES)
        self._waiting.setText(self.tr("Being measured…"))

    def set_busy(self, busy: bool) -> None:
        """Whether none can be chosen at the moment."""
        for panel in self._panels:
            panel.use.setEnabled(not busy)

    def text(self) -> str:
        return self.sentences.toPlainText()

    def show_tokenizers(self, shown: list[Shown]) -> None:
        """At most four; the first is the corpus's own."""
        self._waiting.setVisible(False)
        for number, panel in enumerate(self._panels):
            panel.setVisible(number < len(shown))
            if number < len(shown):
                panel.show_tokenizer(shown[number])


class _Panel(QWidget):
    """One tokenizer: name, figures, and the sentences in tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.id = ""
        self._name, self._mark = ElidedLabel("head"), Badge("ai")
        self._figures, self._ja, self._en = Label("small"), Label("small"), Label("small")
        self.use, self.remove = Button("small", "ph.check"), Button("icon-s", "ph.x")
        self._cells = TokenShading("stripes", whole=True)
        head = row((self._name, 1), self._mark, self.use, self.remove, spacing=6)
        figures = row(self._figures, self._ja, self._en, STRETCH, spacing=14)
        self._limits = Label("small", "warn", wrap=True)
        inside = column(head, figures, self._cells, self._limits, margins=(12, 8, 8, 10), spacing=4)
        self.setLayout(column(frame(inside, surface="sunk")))
        self._mark.setText(self.tr("in use"))
        self.use.set_text(self.tr("Use this one"))

    def show_tokenizer(self, shown: Shown) -> None:
        self.id = str(shown["id"])
        name = title_of(shown)
        self._name.set_full_text(name)
        self._mark.setVisible(bool(shown["chosen"]))
        self.use.setVisible(not shown["chosen"])
        self.remove.setVisible(not shown["chosen"])
        self.use.setAccessibleName(self.tr("Use “{name}”").format(name=name))
        self.remove.set_hint(self.tr("Take “{name}” away").format(name=name))
        words = self.tr("{tokens} tokens here · vocabulary {vocabulary}")
        self._figures.setText(
            words.format(tokens=grouped(shown["tokens"]), vocabulary=grouped(shown["vocabulary"]))
        )
        hint = self.tr("Bytes per token in this corpus: more is shorter")
        languages = ((self._ja, self.tr("Japanese"), shown["ja"]), (self._en, self.tr("English"), shown["en"]))  # fmt: skip
        for label, language, value in languages:
            label.setVisible(value is not None)
            if value is not None:
                words = self.tr("{language} <b>{value}</b> bytes/token")
                label.setText(words.format(language=language, value=f"{value:.2f}"))
                label.setToolTip(hint)
        if not shown.get("snapshot"):
            self._ja.setText(self.tr("not measured yet"))
            self._ja.setVisible(True)
        limits = [translate(Sentence.from_json(one)) for one in shown.get("limits") or []]
        self._limits.setText(" ".join(limits))
        self._limits.setVisible(bool(limits))
        self._cells.setAccessibleName(name)
        self._cells.set_cells(shown["cells"])


def title_of(shown: Shown) -> str:
    """The kind of what was made here; the name of a version or a file."""
    if str(shown["id"]).startswith("version:"):
        return str(shown["name"])
    words = {
        "bpe": QCoreApplication.translate("LaboratoryForm", "BPE"),
        "unigram": QCoreApplication.translate("LaboratoryForm", "Unigram"),
        "characters": QCoreApplication.translate("LaboratoryForm", "Characters"),
        "bytes": QCoreApplication.translate("LaboratoryForm", "Bytes"),
    }  # fmt: skip
    return words.get(str(shown["kind"]), str(shown["name"]))
