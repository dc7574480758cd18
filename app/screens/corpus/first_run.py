"""What a newcomer sees: drop text, try the sample, learn how it works."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.formatting import bytes_text
from app.screens.corpus.drop_zone import BookDrawing, DropZone
from app.widgets.controls import Badge, Button, Card, IconLabel, Label
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll

FORMATS = (
    ".txt", ".md", ".html", ".pdf", ".epub", ".docx", ".odt", ".rtf", ".csv", ".jsonl", ".parquet",
    ".eml", ".zip",
)  # fmt: skip
"""The usual ones of those that are read."""


class FirstRunPage(QWidget):
    """Emits what the user chose; does nothing itself."""

    folder_wanted = Signal()
    files_wanted = Signal()
    paste_wanted = Signal()
    sample_wanted = Signal()
    tour_wanted = Signal()
    corpora_wanted = Signal()
    paths_dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label("display")
        self._subtitle = Label("body2", wrap=True)
        for label in (self._title, self._subtitle):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._drop = self._build_drop_zone()
        self._sample = StartCard("ph.book-open", "accent")
        self._tour = StartCard("ph.student", "secondary")
        self._old = StartCard("ph.stack", "secondary")
        self._sample.button.clicked.connect(self.sample_wanted)
        self._tour.button.clicked.connect(self.tour_wanted)
        self._old.button.clicked.connect(self.corpora_wanted)
        self._hardware = HardwareCard()
        content = column(
            column(self._title, self._subtitle, spacing=4),
            (self._drop, 1),
            row((self._sample, 1), (self._tour, 1), (self._old, 1), spacing=12),
            self._hardware,
            margins=(24, 20, 24, 20),
            spacing=14,
        )
        self.setLayout(column(scroll(holder(content))))
        self.set_corpora(0)

    def _build_drop_zone(self) -> DropZone:
        self._invitation = Label("book", wrap=True)
        self._encodings = Label("faint", wrap=True)
        for label in (self._invitation, self._encodings):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._folder = Button("primary", "ph.folder-open")
        self._files = Button("secondary", "ph.file-text")
        self._paste = Button("secondary", "ph.clipboard-text")
        self._folder.clicked.connect(self.folder_wanted)
        self._files.clicked.connect(self.files_wanted)
        self._paste.clicked.connect(self.paste_wanted)
        badges = [Badge("line", text) for text in FORMATS]
        zone = DropZone(
            column(
                STRETCH,
                row(STRETCH, BookDrawing(), STRETCH),
                4,
                self._invitation,
                4,
                row(STRETCH, self._folder, self._files, self._paste, STRETCH),
                10,
                row(STRETCH, *badges, STRETCH, spacing=6),
                self._encodings,
                STRETCH,
                margins=16,
            )
        )
        zone.setMinimumHeight(290)
        zone.paths_dropped.connect(self.paths_dropped)
        return zone

    def set_corpora(self, count: int) -> None:
        """Show the way back to corpora that exist."""
        self._old.setVisible(count > 0)
        self._count = count

    def set_hardware(self, rows: list[HardwareRow], verdict: str) -> None:
        self._hardware.show_rows(rows, verdict)

    def add_hardware_button(self, button: Button) -> None:
        """A button in the head of the hardware card."""
        self._hardware.add_right(button)

    def retranslate(self, sample_bytes: int) -> None:
        self._title.setText(self.tr("Teach this computer to read and write."))
        self._subtitle.setText(self.tr("Drop in some text and raise a language model of your own."))
        self._invitation.setText(self.tr("Drop folders or files of text here"))
        self._encodings.setText(
            self.tr("Text encoding is detected for you (UTF-8, Shift_JIS, EUC-JP and more)")
        )
        self._folder.set_text(self.tr("Choose a folder…"))
        self._files.set_text(self.tr("Choose files…"))
        self._paste.set_text(self.tr("Paste"))
        self._sample.set_texts(
            self.tr("Try the sample"),
            self.tr(
                "Little stories in simple Japanese and English. Your first edition in minutes."
            ),
            self.tr("{size} · included").format(size=bytes_text(sample_bytes)),
            self.tr("Start"),
        )
        self._tour.set_texts(
            self.tr("How it works, in 7 steps"),
            self.tr("See how a model learns to read and write, from collecting to graduating."),
            self.tr("about 3 minutes"),
            self.tr("Open"),
        )
        self._old.set_texts(
            self.tr("Your corpora"),
            self.tr("Go on with text that you collected before."),
            self.tr("{count} on this computer").format(count=self._count),
            self.tr("Show"),
        )
        self._hardware.title.setText(self.tr("What this computer has"))


class StartCard(Card):
    """A way to begin, with one button."""

    def __init__(self, icon_name: str, kind: str) -> None:
        super().__init__(titled=False, margins=(16, 14, 14, 12))
        self._title = Label("head")
        self._text = Label("body2", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._meta = Label("faint")
        self.button = Button(kind)
        self.add(
            row(IconLabel(icon_name, 20, "aiText"), self._title, STRETCH),
            (self._text, 1),
            row(self._meta, STRETCH, self.button),
        )
        self.setMinimumHeight(136)

    def set_texts(self, title: str, text: str, meta: str, action: str) -> None:
        self._title.setText(title)
        self._text.setText(text)
        self._meta.setText(meta)
        self.button.set_text(action)
        self.button.setAccessibleName(f"{title}: {action}")


HardwareRow = tuple[str, str, str, str]
"""Icon, what it is, its name or size, a remark."""


class HardwareCard(Card):
    """The devices found, and what they can raise."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 14), spacing=10)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(32)
        self._grid.setVerticalSpacing(10)
        self._verdict = Label(wrap=True)
        self._tint = frame(
            row(
                IconLabel("ph.leaf", 18, "aiText"),
                (self._verdict, 1),
                margins=(12, 8, 12, 8),
                spacing=10,
            ),
            surface="tint",
        )
        self.add(self._grid, self._tint)

    def show_rows(self, rows: list[HardwareRow], verdict: str) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for index, (icon_name, kind, name, remark) in enumerate(rows):
            self._grid.addWidget(
                _hardware_cell(icon_name, kind, name, remark), index // 2, index % 2
            )
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._verdict.setText(verdict)
        self._tint.setVisible(bool(verdict))


def _hardware_cell(icon_name: str, kind: str, name: str, remark: str) -> QWidget:
    labels = Label("faint", text=kind), Label("head", text=name), Label("small", text=remark)
    layout = row(
        IconLabel(icon_name, 18),
        column(labels[0], labels[1], spacing=0),
        STRETCH,
        labels[2],
        spacing=10,
    )
    return holder(layout)
