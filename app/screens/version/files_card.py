"""The files of a version, with their sizes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from app.formatting import bytes_text
from app.widgets.controls import Button, Card, ElidedLabel, IconLabel, Label
from app.widgets.layout import STRETCH, row
from core.versions.manifest import SHEET

_ICONS = {
    "model.safetensors": "ph.cube", "tokenizer.json": "ph.text-aa",
    "tokenizer_config.json": "ph.text-aa", "metrics.jsonl": "ph.chart-line",
    "README.md": "ph.file-text", "version.json": "ph.identification-card",
    SHEET: "ph.article",
}  # fmt: skip


class FilesCard(Card):
    """Title and the texts of `folder` and `sheet` (the data sheet) come from the screen."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 12, 12), spacing=4)
        self.folder = Button("small", "ph.folder-open")
        self.sheet = Button("small", "ph.article")
        self._files = QGridLayout()
        self._files.setColumnStretch(1, 1)
        self._files.setVerticalSpacing(2)
        self.add(self._files, STRETCH, row(self.folder, self.sheet, STRETCH, spacing=6))

    def show_files(self, folder: Path) -> None:
        """Every file of the folder, hidden ones aside; their sum beside the title."""
        clear(self._files)
        names = [p for p in sorted(folder.iterdir()) if p.is_file() and p.name[0] != "."]
        whole = 0
        for index, path in enumerate(names):
            size = path.stat().st_size
            whole += size
            name = ElidedLabel()
            name.set_full_text(path.name)
            self._files.addWidget(IconLabel(_ICONS.get(path.name, "ph.gear"), 15), index, 0)
            self._files.addWidget(name, index, 1)
            shown = Label("small", text=bytes_text(size))
            self._files.addWidget(shown, index, 2, Qt.AlignmentFlag.AlignRight)
        self.subtitle.setText(bytes_text(whole))
        self.sheet.setVisible(any(path.name == SHEET for path in names))


def clear(grid: QGridLayout) -> None:
    """Take every widget out and let it go."""
    while (item := grid.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
