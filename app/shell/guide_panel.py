"""The guide: what happens now, in plain words with the live numbers of the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from app.screen import GuideCard
from app.theme.palette import SIZE, hex_of
from app.widgets.controls import Button, IconLabel, Label
from app.widgets.flow import FlowLayout
from app.widgets.layout import STRETCH, column, hairline, holder, row, scroll


class GuidePanel(QFrame):
    """`show_cards` reuses its labels, so that live numbers cost nothing."""

    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("guide")
        self.setFixedWidth(SIZE["guide"])
        self._title = Label("head")
        self._close = Button("icon-s", "ph.x")
        self._close.clicked.connect(self.close_wanted)
        self._cards: list[_Block] = []
        self._body = column(margins=(16, 0, 16, 12), spacing=0)
        self._body.addStretch(1)
        self._words_title = Label("faint")
        self._words = QWidget()
        self._flow = FlowLayout(self._words, spacing=6)
        self._foot = holder(
            column(hairline(), 8, self._words_title, 6, self._words, margins=(16, 0, 16, 12), spacing=0)
        )
        head = holder(
            row(IconLabel("ph.chalkboard-teacher", 18, "aiText"), self._title, STRETCH, self._close,
                margins=(16, 0, 16, 0))
        )  # fmt: skip
        head.setFixedHeight(44)
        self.setLayout(column(head, (scroll(holder(self._body)), 1), self._foot, spacing=0))
        self._shown_words: list[tuple[str, str]] = []

    def show_cards(self, cards: list[GuideCard], words: list[tuple[str, str]]) -> None:
        for index, card in enumerate(cards):
            if index == len(self._cards):
                block = _Block(first=index == 0)
                self._cards.append(block)
                self._body.insertWidget(index, block)
            self._cards[index].show_card(card)
        for index, block in enumerate(self._cards):
            block.setVisible(index < len(cards))
        if words != self._shown_words:
            self._show_words(words)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Guide"))
        self._close.set_hint(self.tr("Close the guide"))
        self._words_title.setText(self.tr("Words used here"))

    def restyle(self) -> None:
        """Rich text holds its colours: write it anew."""
        for block in self._cards:
            block.restyle()

    def _show_words(self, words: list[tuple[str, str]]) -> None:
        self._shown_words = list(words)
        self._flow.clear()
        for word, meaning in words:
            button = Button("small")
            button.set_text(word)
            button.setToolTip(f"<p>{meaning}</p>")
            button.setAccessibleDescription(meaning)
            button.clicked.connect(
                lambda _=False, button=button, meaning=meaning: QToolTip.showText(
                    button.mapToGlobal(button.rect().topLeft()), f"<p>{meaning}</p>", button
                )
            )
            self._flow.addWidget(button)
        self._foot.setVisible(bool(words))


class _Block(QWidget):
    """An icon, a title, a paragraph."""

    def __init__(self, first: bool) -> None:
        super().__init__()
        self._icon = IconLabel("ph.info", 16, "aiText")
        self._title = Label("head", wrap=True)
        self._text = Label("small", wrap=True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._card: GuideCard | None = None
        lead = None if first else holder(column(12, hairline(), 12, spacing=0))
        self.setLayout(
            column(lead, row(self._icon, (self._title, 1), spacing=8), 6, self._text, spacing=0)
        )

    def show_card(self, card: GuideCard) -> None:
        if card == self._card:
            return
        self._card = card
        self._icon.set_icon(card.icon)
        self._title.setText(card.title)
        self.restyle()

    def restyle(self) -> None:
        if self._card is None:
            return
        text = self._card.text.replace("<b>", f'<b style="color:{hex_of("aiText")}">')
        self._text.setText(f'<div style="line-height:20px">{text}</div>')
