"""What reading removes, and the share that is kept unseen."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox

from app.formatting import amount_text
from app.screens.corpus.cleaning_sheet import CleaningSheet
from app.screens.corpus.cleaning_words import PERSONAL, count_of, count_text, documents_text, words
from app.widgets.controls import Button, Card, Label, Segmented
from app.widgets.layout import STRETCH, hairline, holder, row
from core.corpus.manifest import CorpusManifest
from core.jobs.kinds import CleaningOptions

MAIN = ("duplicates", "aozora_ruby", "aozora_notes", "gutenberg", "pdf_furniture", "personal")
EXPERT = ("near_duplicates", "paragraphs")
SHARES = (0.02, 0.05, 0.1)


class CleaningCard(Card):
    """`changed`: the preview should show these options. `applied`: read again with them.
    `duplicates_wanted`: show which documents were found twice."""

    changed = Signal()
    applied = Signal()
    duplicates_wanted = Signal()
    sheet_opened = Signal(object)
    """The sheet of all options: something should give it a text to show."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 10, 14, 10), spacing=3)
        self._options, self._manifest = CleaningOptions(), CorpusManifest(id="", name="", created=0, changed=0)  # fmt: skip
        self._reading, self._detailed = True, False
        self._languages: dict[str, str] = {}
        self._arrow = Label("small", "ai")
        self.add_right(self._arrow)
        self._boxes = {name: QCheckBox() for name in (*MAIN, *EXPERT)}
        self._counts = {name: Label("faint") for name in self._boxes}
        self._doubles = Button("link")
        self._doubles.clicked.connect(self.duplicates_wanted)
        self._expert = []
        for name, box in self._boxes.items():
            ends = (self._counts[name], self._doubles) if name == "duplicates" else (self._counts[name],)  # fmt: skip
            line = holder(row(box, STRETCH, *ends, spacing=4))
            box.toggled.connect(lambda on, name=name: self._on_box(name, on))
            self.add(line)
            if name in EXPERT:
                self._expert.append(line)
        self._boxes["personal"].clicked.connect(self._on_personal)
        self._more = Button("link")
        self._more.clicked.connect(self.open_sheet)
        self._share_label, self._shares = Label("small"), Segmented(len(SHARES), dense=True)
        self._shares.chosen.connect(self._on_changed)
        self._unread, self._later = Label("small", "warn"), Label("faint", wrap=True)
        self._undo, self._apply = Button("small", "ph.arrow-counter-clockwise"), Button("small", "ph.arrows-clockwise")  # fmt: skip
        self._undo.clicked.connect(self.undo)
        self._apply.clicked.connect(self.applied)
        self.add(
            self._later, row(self._more, STRETCH, self._unread), STRETCH, hairline(),
            row(self._share_label, STRETCH, self._shares, spacing=6),
            row(self._undo, STRETCH, self._apply, spacing=6),
        )  # fmt: skip
        self.set_detail("plain")
        self._tell_changes()

    # ---- values ------------------------------------------------------------------------------

    def options(self) -> CleaningOptions:
        return self._options

    def share(self) -> float:
        return SHARES[self._shares.index()]

    def is_changed(self) -> bool:
        """Whether the corpus would be read otherwise than it was."""
        read = self._manifest
        if not read.snapshot:
            return False
        return self._options != read.cleaning or self.share() != _nearest(read.heldout_share)

    def show_manifest(self, manifest: CorpusManifest, languages: dict[str, str]) -> None:
        """`languages`: names of the corpus's languages by code. News of the same reading leave what
        was chosen since as it is."""
        same = manifest.snapshot and manifest.changed == self._manifest.changed
        self._manifest, self._languages = manifest, languages
        if not same:
            self._options = manifest.cleaning
            self._shares.set_index(SHARES.index(_nearest(manifest.heldout_share)))
        self._show_options()
        self._retranslate_counts()

    def set_reading(self, reading: bool) -> None:
        self._reading = reading
        for widget in (*self._boxes.values(), self._shares, self._undo, self._apply):
            widget.setEnabled(not reading)
        self._more.setVisible(not reading)
        self._later.setVisible(reading)
        self._tell_changes()

    def set_detail(self, choice: str) -> None:
        self._detailed = choice == "expert"
        for line in self._expert:
            line.setVisible(self._detailed)
        self._retranslate_counts()  # Without their own line, near copies are counted with the equal.

    def undo(self) -> None:
        """Back to how the corpus was read."""
        self._options = self._manifest.cleaning
        self._shares.set_index(SHARES.index(_nearest(self._manifest.heldout_share)))
        self._show_options()
        self.changed.emit()

    def open_sheet(self) -> CleaningSheet:
        sheet = CleaningSheet(self.window(), self._manifest, self._options, self._languages)
        sheet.changed.connect(self._take)
        self.sheet_opened.emit(sheet)
        sheet.open()
        return sheet

    # ---- inside ------------------------------------------------------------------------------

    def _show_options(self) -> None:
        for name, box in self._boxes.items():
            with QSignalBlocker(box):
                if name == "personal":
                    box.setCheckState(self._personal_state())
                else:
                    box.setChecked(bool(getattr(self._options, name)))
        self._tell_changes()

    def _personal_state(self) -> Qt.CheckState:
        chosen = len(self._options.personal)
        if 0 < chosen < len(PERSONAL):
            return Qt.CheckState.PartiallyChecked
        return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked

    def _on_box(self, name: str, on: bool) -> None:
        if name != "personal":
            with_near = name == "duplicates" and not self._detailed
            names = (name, "near_duplicates") if with_near else (name,)
            self._take(self._options.model_copy(update=dict.fromkeys(names, on)))

    def _on_personal(self) -> None:
        """All kinds or none; some of them are chosen in the sheet."""
        kinds = [] if self._options.personal else list(PERSONAL)
        self._take(self._options.model_copy(update={"personal": kinds}))

    def _take(self, options: CleaningOptions) -> None:
        if options != self._options:
            self._options = options
            self._show_options()
            self.changed.emit()

    def _on_changed(self) -> None:
        self._tell_changes()
        self.changed.emit()

    def _tell_changes(self) -> None:
        changed = self.is_changed() and not self._reading
        for widget in (self._unread, self._undo, self._apply):
            widget.setVisible(changed)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Cleaning"))
        for name, box in self._boxes.items():
            text, hint = words(name)
            box.setText(text)
            box.setToolTip(hint)
        self._more.set_text(self.tr("More…"))
        self._more.setToolTip(self.tr("All that cleaning can do"))
        self._share_label.setText(self.tr("Kept for the test"))
        self._shares.set_texts(
            [f"{value * 100:.0f} %" for value in SHARES],
            [self.tr("Share of the text that the model never sees")] * len(SHARES),
        )
        self._later.setText(self.tr("This can be changed when all is read."))
        self._unread.setText(self.tr("changed, not read yet"))
        self._undo.set_text(self.tr("Undo"))
        self._undo.setToolTip(self.tr("Back to how it was read"))
        self._apply.set_text(self.tr("Read again like this"))
        self._retranslate_counts()

    def _retranslate_counts(self) -> None:
        manifest = self._manifest
        for name, label in self._counts.items():
            label.setText(count_text(manifest, name) if manifest.snapshot else "")
        found = count_of(manifest, "duplicates") + count_of(manifest, "near_duplicates")
        self._doubles.setVisible(found > 0)
        self._counts["duplicates"].setVisible(not found)
        equal = count_text(manifest, "duplicates")
        self._doubles.set_text(equal if self._detailed else documents_text(found))
        self._doubles.setToolTip(self.tr("Show what was found twice"))
        before, after = manifest.totals.raw_characters, manifest.totals.characters
        self._arrow.setText(f"{amount_text(before)} → {amount_text(after)}" if before else "")


def _nearest(share: float) -> float:
    return min(SHARES, key=lambda value: abs(value - share))
