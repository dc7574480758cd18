"""In which form, and of which side, the clean texts of a corpus are written out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.formatting import amount_text, grouped
from app.widgets.ask import ask_folder
from app.widgets.choice import ChoiceCard
from app.widgets.controls import Button, Label, Segmented
from app.widgets.layout import STRETCH, column, row
from core.corpus.manifest import CorpusManifest
from core.jobs.kinds import CorpusExportJob

_FORMS = {
    "jsonl": ("ph.brackets-curly", "jsonl", False), "parquet": ("ph.table", "parquet", False),
    "texts": ("ph.files", "text", False), "text": ("ph.file-text", "text", True),
}  # fmt: skip
_SIDES = ("all", "train", "heldout")


class ExportDialog(QDialog):
    """`wanted(job)`: a core.jobs.kinds.CorpusExportJob whose place is free."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget, manifest: CorpusManifest) -> None:
        super().__init__(parent.window())
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._manifest, self._form = manifest, "jsonl"
        self._title, self._intro = Label("head"), Label("small", wrap=True)
        self.choices = {name: ChoiceCard(icon) for name, (icon, _, _) in _FORMS.items()}
        self.sides, self._side_label, self._amount = Segmented(3), Label("small"), Label("small")
        self.good, self.cancel = Button("primary", "ph.folder-open"), Button("secondary")
        self.setLayout(
            column(
                self._title, self._intro, *self.choices.values(), 2,
                row(self._side_label, self.sides, STRETCH),
                row(self._amount, STRETCH, self.cancel, self.good), margins=(20, 16, 20, 16), spacing=8,
            )
        )  # fmt: skip
        self.setMinimumWidth(480)
        for name, card in self.choices.items():
            card.pressed.connect(lambda name=name: self._choose(name))
        self.sides.chosen.connect(lambda _: self._tell())
        self.good.clicked.connect(self._ask_place)
        self.cancel.clicked.connect(self.reject)
        self._retranslate()
        self.sides.set_index(0)
        for number in (1, 2):
            self.sides.button(number).setEnabled(manifest.totals.heldout_documents > 0)
        self._choose("jsonl")

    def _retranslate(self) -> None:
        title = self.tr("Export the texts of “{name}”").format(name=self._manifest.name)
        self.setWindowTitle(title)
        self._title.setText(title)
        self._intro.setText(self.tr("As they are after cleaning, masking and merging of copies. Your own files stay as they are."))  # fmt: skip
        texts = {
            "jsonl": ("JSON Lines", self.tr("one line for each document, with source, language and side")),
            "parquet": ("Parquet", self.tr("the same as a compact table, for pandas, DuckDB or datasets")),
            "texts": (self.tr("Text files"), self.tr("a folder with one file for each document")),
            "text": (self.tr("One text file"), self.tr("all documents, an empty line between them")),
        }  # fmt: skip
        for name, card in self.choices.items():
            card.set_texts(*texts[name])
        self._side_label.setText(self.tr("Which"))
        hints = ("", self.tr("What models are trained on"), self.tr("What is kept unseen"))
        self.sides.set_texts(
            (self.tr("All"), self.tr("To train on"), self.tr("Kept unseen")), hints
        )
        self.good.set_text(self.tr("Choose a folder…"))
        self.cancel.set_text(self.tr("Cancel"))

    def _choose(self, name: str) -> None:
        self._form = name
        for one, card in self.choices.items():
            card.set_on(one == name)
        self._tell()

    def _tell(self) -> None:
        totals = self._manifest.totals
        counts = (totals.documents, totals.train_documents, totals.heldout_documents)
        documents = counts[self.sides.index()]
        words = self.tr("{count} documents").format(count=grouped(documents))
        if self.sides.index() == 0:
            characters = self.tr("{count} characters").format(count=amount_text(totals.characters))
            words = f"{words} · {characters}"
        self._amount.setText(words)

    def _ask_place(self) -> None:
        ask_folder(self, self.tr("Folder in which the export is put"), self.take)

    def take(self, folder: str) -> None:
        """Export into `folder`, under a name that is free there."""
        _, form, one_file = _FORMS[self._form]
        place = free_place(Path(folder), self._manifest.name, form, one_file)
        job = CorpusExportJob.model_validate(
            {
                "corpus": self._manifest.name, "to": str(place), "format": form,
                "side": _SIDES[self.sides.index()], "one_file": one_file,
            }
        )  # fmt: skip
        self.wanted.emit(job)
        self.accept()


def free_place(folder: Path, name: str, form: str, one_file: bool) -> Path:
    """`name` in `folder`, with a number where something of that name is there."""
    ending = ".txt" if one_file else {"jsonl": ".jsonl", "parquet": ".parquet"}.get(form, "")
    target, number = folder / f"{name}{ending}", 2
    while target.exists():
        target, number = folder / f"{name} {number}{ending}", number + 1
    return target
