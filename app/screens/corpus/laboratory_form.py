"""Which tokenizer to try: its kind and how many tokens, or one from a file."""

from __future__ import annotations

from bisect import bisect

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.formatting import grouped
from app.widgets.choice import ChoiceCard
from app.widgets.combo import ComboBox
from app.widgets.controls import Button, Label
from app.widgets.layout import column, expanding, row

KINDS = ("bpe", "unigram", "characters", "bytes")
SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
_ICONS = ("ph.stack", "ph.scales", "ph.text-aa", "ph.brackets-curly")


class LaboratoryForm(QWidget):
    """`try_wanted(kind, vocabulary)`: vocabulary 0 where the kind has its own. `kind_chosen(kind)`."""

    try_wanted = Signal(str, int)
    import_wanted = Signal()
    known_wanted = Signal()
    """A tokenizer that is there already: one tried before, or a version's."""
    kind_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards = {
            kind: ChoiceCard(icon, dense=True) for kind, icon in zip(KINDS, _ICONS, strict=True)
        }
        self._kind = KINDS[0]
        self.sizes, self._size_label = ComboBox(), Label("small")
        self.go, self.file = Button("accent", "ph.play"), Button("secondary", "ph.file-plus")
        self.known = Button("secondary", "ph.books")
        for kind, card in self.cards.items():
            card.pressed.connect(lambda kind=kind: self._choose(kind))
        self.go.clicked.connect(lambda: self.try_wanted.emit(self._kind, self.vocabulary()))
        self.file.clicked.connect(self.import_wanted)
        self.known.clicked.connect(self.known_wanted)
        for size in SIZES:
            self.sizes.addItem(grouped(size), size)
        buttons = [expanding(button) for button in (self.go, self.known, self.file)]
        sizes = row(self._size_label, (self.sizes, 1))
        self.setLayout(column(*self.cards.values(), 4, sizes, 4, *buttons, spacing=6))
        self._retranslate()
        self._show_kind()
        self.set_vocabulary(8192)

    def _retranslate(self) -> None:
        texts = {
            "bpe": (self.tr("BPE"), self.tr("joins frequent neighbours")),
            "unigram": (self.tr("Unigram"), self.tr("the likeliest pieces")),
            "characters": (self.tr("Characters"), self.tr("one token for each character")),
            "bytes": (self.tr("Bytes"), self.tr("256 tokens, nothing unknown")),
        }  # fmt: skip
        for kind, card in self.cards.items():
            card.set_texts(*texts[kind])
        self._size_label.setText(self.tr("Vocabulary"))
        self.sizes.setAccessibleName(self._size_label.text())
        self.go.set_text(self.tr("Try it"))
        self.known.set_text(self.tr("One that is there…"))
        self.file.set_text(self.tr("Import tokenizer.json…"))

    def kind(self) -> str:
        return self._kind

    def vocabulary(self) -> int:
        """Tokens that are wanted; 0 for a kind that has as many as it has."""
        return int(self.sizes.currentData()) if self._kind in ("bpe", "unigram") else 0

    def set_vocabulary(self, size: int) -> None:
        """Choose a size; one that is not among the usual gets its place between them."""
        sizes = [int(self.sizes.itemData(index)) for index in range(self.sizes.count())]
        if size not in sizes:
            self.sizes.insertItem(bisect(sizes, size), grouped(size), size)
        self.sizes.setCurrentIndex(self.sizes.findData(size))

    def set_busy(self, busy: bool) -> None:
        """While one is made there is no other to make."""
        self.go.setEnabled(not busy)
        self.file.setEnabled(not busy)

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._show_kind()
        self.kind_chosen.emit(kind)

    def _show_kind(self) -> None:
        for kind, card in self.cards.items():
            card.set_on(kind == self._kind)
        self.sizes.setEnabled(self.vocabulary() > 0)
