"""How it works, in seven steps: one page, no decoration that is not explained."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.widgets.controls import Badge, Button, Card, IconLabel, Label
from app.widgets.layout import STRETCH, column, holder, row, scroll
from core.sentences import N_

STEPS = (
    (
        "ph.stack",
        N_("Tour", "Collect"),
        N_(
            "Tour",
            "Drop books, articles, notes. The app reads, cleans and counts them, and sets a part aside that the model will never see.",
        ),
    ),
    (
        "ph.eye",
        N_("Tour", "Read"),
        N_(
            "Tour",
            "The model reads tokens, not letters: pieces of words. At every token it guesses which comes next, and says how sure it is.",
        ),
    ),
    (
        "ph.check-circle",
        N_("Tour", "Check"),
        N_(
            "Tour",
            "Then it sees the true token. The surprise is measured: that number is the loss. A sure and right guess costs nothing; a sure and wrong one much.",
        ),
    ),
    (
        "ph.arrows-clockwise",
        N_("Tour", "Repeat"),
        N_(
            "Tour",
            "After each batch every weight is nudged to be less surprised next time. Thousands of nudges make the curve fall and the samples readable.",
        ),
    ),
    (
        "ph.clipboard-text",
        N_("Tour", "Test"),
        N_(
            "Tour",
            "On the text set aside: has it learned the language, or only memorised pages? The gap between seen and unseen text tells.",
        ),
    ),
    (
        "ph.git-branch",
        N_("Tour", "Specialise"),
        N_(
            "Tour",
            "Go on from a version with a small special corpus: what it knows is carried over, so it learns faster than from nothing.",
        ),
    ),
    (
        "ph.graduation-cap",
        N_("Tour", "Graduate"),
        N_(
            "Tour",
            "A version is a folder of standard files on your shelf: chat with it, export it, use it in other programs, raise the next edition from it.",
        ),
    ),
)


class TourPage(QWidget):
    """The seven steps on cards."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Label("display")
        self._back = Button("secondary", "ph.arrow-left")
        self._back.clicked.connect(self.closed)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        self._cards: list[tuple[Label, Label]] = []
        for index, (icon_name, _, _) in enumerate(STEPS):
            name, text = Label("head"), Label("body2", wrap=True)
            head = row(
                Badge("ai", str(index + 1)), IconLabel(icon_name, 20, "aiText"), name, STRETCH
            )
            grid.addWidget(Card(head, (text, 1), titled=False), index // 2, index % 2)
            self._cards.append((name, text))
        grid.setRowStretch(4, 1)
        content = column(
            row(self._title, STRETCH, self._back),
            grid,
            STRETCH,
            margins=(24, 20, 24, 20),
            spacing=16,
        )
        self.setLayout(column(scroll(holder(content))))

    def retranslate(self) -> None:
        self._title.setText(self.tr("How it works, in 7 steps"))
        self._back.set_text(self.tr("Back"))
        for (name, text), (_, title, sentence) in zip(self._cards, STEPS, strict=True):
            name.setText(QCoreApplication.translate("Tour", title))
            text.setText(QCoreApplication.translate("Tour", sentence))
