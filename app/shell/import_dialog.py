"""Bringing a foreign model: from a folder, from a file, or, when the user says so, from the hub."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from app.widgets.ask import ask_files, ask_folder
from app.widgets.choice import ChoiceCard
from app.widgets.controls import Button, Label
from app.widgets.layout import STRETCH, column, holder, row, set_property

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.\-]*/[A-Za-z0-9][\w.\-]*")
Check = Callable[[str], str]


class ImportDialog(QDialog):
    """`wanted(name, path, hub)`: exactly one of path and hub is given."""

    wanted = Signal(str, str, str)

    def __init__(self, parent: QWidget, check_name: Check) -> None:
        """`check_name`: what is wrong with a name for the shelf, or ""."""
        super().__init__(parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._check_name = check_name
        self._path = ""
        self._named_by_hand = False
        self.choices = {
            "folder": ChoiceCard("ph.folder-open"), "file": ChoiceCard("ph.file"),
            "hub": ChoiceCard("ph.cloud-arrow-down"),
        }  # fmt: skip
        self._title, self._intro = Label("head"), Label("small", wrap=True)
        self._what = Label("small", wrap=True)
        self.hub, self._hub_label = QLineEdit(), Label("small")
        self.agree, self._hub_note = QCheckBox(), Label("small", wrap=True)
        self.name, self._name_label = QLineEdit(), Label("small")
        self._fault = Label("small", "shu", wrap=True)
        self.good, self.cancel = Button("primary", "ph.download-simple"), Button("secondary")
        self._hub_part = holder(
            column(self._hub_label, self.hub, self._hub_note, self.agree, spacing=6)
        )
        self.setLayout(
            column(
                self._title, self._intro, *self.choices.values(), self._what, self._hub_part,
                self._name_label, self.name, self._fault,
                row(STRETCH, self.cancel, self.good, spacing=8),
                margins=(20, 16, 20, 16), spacing=8,
            )
        )  # fmt: skip
        self.setMinimumWidth(480)
        self._kind = ""
        self._connect()
        self._retranslate()
        self._choose("")

    def _connect(self) -> None:
        self.choices["folder"].pressed.connect(self._ask_folder)
        self.choices["file"].pressed.connect(self._ask_file)
        self.choices["hub"].pressed.connect(lambda: self._choose("hub"))
        self.hub.textEdited.connect(self._on_hub)
        self.name.textEdited.connect(self._on_name)
        self.agree.toggled.connect(lambda _: self._show_fault(""))
        self.good.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Import a model"))
        self._title.setText(self.tr("Import a model"))
        self._intro.setText(
            self.tr("It gets a place on the shelf: evaluate it, chat with it, specialise it. Weights are only read; no program inside a model folder is ever run.")
        )  # fmt: skip
        self.choices["folder"].set_texts(
            self.tr("A folder from Hugging Face"), self.tr("config.json, safetensors, tokenizer.json")
        )  # fmt: skip
        self.choices["file"].set_texts(
            self.tr("A file"), self.tr("GGUF, or safetensors with its config.json beside it")
        )
        self.choices["hub"].set_texts(
            self.tr("From the Hugging Face hub"), self.tr("the only thing here that uses the network")
        )  # fmt: skip
        self._hub_label.setText(self.tr("Name on the hub, such as owner/model"))
        self.hub.setAccessibleName(self._hub_label.text())
        self._hub_note.setText(
            self.tr("Terakoya then asks huggingface.co for this model's files, and for nothing else. A broken download goes on where it stopped.")
        )  # fmt: skip
        self.agree.setText(self.tr("Yes, download it"))
        self._name_label.setText(self.tr("Name on the shelf"))
        self.name.setAccessibleName(self._name_label.text())
        self.good.set_text(self.tr("Import"))
        self.cancel.set_text(self.tr("Cancel"))

    # ---- choices -----------------------------------------------------------------------------

    def choose_path(self, path: str) -> None:
        """A folder or a file, however it was found."""
        self._path = path
        self._choose("folder" if Path(path).is_dir() else "file")
        self._what.setText(path)
        self._propose(Path(path).name if Path(path).is_dir() else Path(path).stem)

    def _ask_folder(self) -> None:
        ask_folder(self, self.tr("Folder of the model"), self.choose_path)

    def _ask_file(self) -> None:
        ask_files(self, self.tr("File of the model"), lambda paths: self.choose_path(paths[0]))

    def _choose(self, kind: str) -> None:
        self._kind = kind
        for name, card in self.choices.items():
            card.set_on(name == kind)
        self._what.setVisible(kind in ("folder", "file"))
        self._hub_part.setVisible(kind == "hub")
        self._show_fault("")
        if kind == "hub":
            self.hub.setFocus()
        self.adjustSize()

    def _on_hub(self, text: str) -> None:
        self._show_fault("")
        self._propose(text.rpartition("/")[2])

    def _propose(self, name: str) -> None:
        if not self._named_by_hand:
            self.name.setText(name)

    def _on_name(self, _: str) -> None:
        self._named_by_hand = True
        self._show_fault("")

    # ---- taking ------------------------------------------------------------------------------

    def _take(self) -> None:
        hub = self.hub.text().strip() if self._kind == "hub" else ""
        fault, field = "", None
        if not self._kind:
            fault = self.tr("Choose where the model comes from.")
        elif self._kind == "hub" and not _HUB_NAME.fullmatch(hub):
            fault, field = self.tr("Write the name as it stands on the hub: owner/model."), self.hub
        elif self._kind == "hub" and not self.agree.isChecked():
            fault = self.tr("Nothing is downloaded before you agree: tick the box.")
        else:
            fault = self._check_name(self.name.text())
            field = self.name if fault else None
        if fault:
            self._show_fault(fault, field)
            return
        self.wanted.emit(self.name.text().strip(), "" if hub else self._path, hub)
        self.accept()

    def _show_fault(self, sentence: str, field: QLineEdit | None = None) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        for one in (self.hub, self.name):
            set_property(one, "invalid", "true" if one is field else "false")
        if field is not None:
            field.setFocus()
