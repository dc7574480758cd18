"""What reading removes, and the share that is kept unseen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox

from app.formatting import amount_text, grouped
from app.widgets.controls import Button, Card, Label, Segmented
from app.widgets.layout import STRETCH, hairline, row
from core.corpus.manifest import CorpusManifest
from core.jobs.kinds import CleaningOptions

OPTIONS = ("duplicates", "gutenberg", "aozora_ruby", "aozora_notes")
SHARES = (0.02, 0.05, 0.1)


class CleaningCard(Card):
    """`changed`: the preview should show these options. `applied`: read again with them."""

    changed = Signal()
    applied = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 14, 10), spacing=7)
        self._arrow = Label("small", "ai")
        self.add_right(self._arrow)
        self._boxes: dict[str, QCheckBox] = {}
        self._counts: dict[str, Label] = {}
        for name in OPTIONS:
            box, count = QCheckBox(), Label("faint")
            self._boxes[name], self._counts[name] = box, count
            box.toggled.connect(self._on_changed)
            self.add(row(box, STRETCH, count, spacing=4))
        self._share_label = Label("small")
        self._shares = Segmented(len(SHARES), dense=True)
        self._shares.chosen.connect(self._on_changed)
        self._apply = Button("accent", "ph.arrows-clockwise")
        self._apply.clicked.connect(self.applied)
        self._apply.setVisible(False)
        self.add(
            STRETCH, hairline(), row(self._share_label, STRETCH, self._shares, spacing=6),
            row(STRETCH, self._apply),
        )  # fmt: skip
        self._manifest: CorpusManifest | None = None
        self._quiet = False

    def options(self) -> CleaningOptions:
        return CleaningOptions(**{name: box.isChecked() for name, box in self._boxes.items()})

    def share(self) -> float:
        return SHARES[self._shares.index()]

    def show_manifest(self, manifest: CorpusManifest) -> None:
        self._quiet = True
        self._manifest = manifest
        for name, box in self._boxes.items():
            box.setChecked(bool(getattr(manifest.cleaning, name)))
        nearest = min(range(len(SHARES)), key=lambda i: abs(SHARES[i] - manifest.heldout_share))
        self._shares.set_index(nearest)
        self._quiet = False
        self._apply.setVisible(False)
        self._retranslate_counts()

    def set_reading(self, reading: bool) -> None:
        for widget in (*self._boxes.values(), self._shares, self._apply):
            widget.setEnabled(not reading)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Cleaning"))
        texts = {
            "duplicates": (
                self.tr("Merge duplicates"),
                self.tr("Equal documents are read once: reading them often invites memorising."),
            ),
            "gutenberg": (
                self.tr("Strip Project Gutenberg licences"),
                self.tr("Removes the licence before and after books of Project Gutenberg."),
            ),
            "aozora_ruby": (
                self.tr("Strip ruby readings 《》"),
                self.tr(
                    "Removes reading aids of Aozora Bunko such as 《てらこや》 and the mark ｜."
                ),
            ),
            "aozora_notes": (
                self.tr("Strip notes ［＃…］"),
                self.tr("Removes typesetting notes, the legend and the colophon of Aozora Bunko."),
            ),
        }
        for name, (text, hint) in texts.items():
            self._boxes[name].setText(text)
            self._boxes[name].setToolTip(hint)
        self._share_label.setText(self.tr("Kept for the test"))
        self._shares.set_texts(
            [f"{value * 100:.0f} %" for value in SHARES],
            [self.tr("Share of the text that the model never sees")] * len(SHARES),
        )
        self._apply.set_text(self.tr("Read again like this"))
        self._retranslate_counts()

    def _on_changed(self) -> None:
        if self._quiet or self._manifest is None:
            return
        now = self._manifest
        share_differs = abs(self.share() - now.heldout_share) > 1e-6 and self.share() != min(
            SHARES, key=lambda value: abs(value - now.heldout_share)
        )
        self._apply.setVisible(self.options() != now.cleaning or share_differs)
        self.changed.emit()

    def _retranslate_counts(self) -> None:
        manifest = self._manifest
        if manifest is None:
            return
        for name, label in self._counts.items():
            count = manifest.removed.get(name, 0)
            if name == "duplicates":
                count = manifest.totals.duplicates + manifest.totals.near_duplicates
                text = self.tr("−{count} docs").format(count=grouped(count))
            else:
                text = self.tr("−{count} chars").format(count=amount_text(count))
            label.setText(text if count else "0")
        before, after = manifest.totals.raw_characters, manifest.totals.characters
        self._arrow.setText(f"{amount_text(before)} → {amount_text(after)}" if before else "")
