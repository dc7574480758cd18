"""The guide: what happens now, in plain words with the live numbers of the screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QToolTip, QWidget

from app.screen import GuideCard
from app.theme.palette import SIZE, hex_of
from app.widgets.controls import Button, IconLabel, Label, Segmented
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
        self._tabs = Segmented(2, expand=True)
        self._tabs.setVisible(False)
        self._tabs.chosen.connect(self._on_tab)
        self._dock: QWidget | None = None
        self._close = Button("icon-s", "ph.x")
        self._close.clicked.connect(self.close_wanted)
        self._cards: list[_Block] = []
        self._body = column(margins=(16, 0, 16, 12), spacing=0)
        self._body.addStretch(1)
        self._words_title = Label("faint")
        self._words = QWidget()
        self._flow = FlowLayout(self._words, spacing=6)
        self._foot = holder(
            column(
                hairline(), 8, self._words_title, 6, self._words, margins=(16, 0, 16, 12), spacing=0
            )
        )
        self._mark = IconLabel("ph.chalkboard-teacher", 18, "aiText")
        head = holder(
            row(self._mark, self._title, (self._tabs, 9), STRETCH, self._close,
                margins=(16, 0, 16, 0))
        )  # fmt: skip
        head.setFixedHeight(44)
        guide = holder(column((scroll(holder(self._body)), 1), self._foot, spacing=0))
        self._pages = QStackedWidget()
        self._pages.addWidget(guide)
        self.setLayout(column(head, (self._pages, 1), spacing=0))
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

    def show_dock(self, dock: tuple[str, QWidget] | None) -> None:
        """A screen's own panel beside the guide, or only the guide."""
        widget = dock[1] if dock else None
        shown = widget is not None
        for part, there in ((self._tabs, shown), (self._mark, not shown), (self._title, not shown)):
            part.setVisible(there)
        if dock is not None and widget is not None:
            self._tabs.set_texts((dock[0], self._title.text()))
            if self._pages.indexOf(widget) < 0:
                self._pages.addWidget(widget)
        if widget is not self._dock:
            self._dock = widget
            self._tabs.set_index(0)
            self._on_tab(0)

    def _on_tab(self, index: int) -> None:
        guide = self._dock is None or index == 1
        if guide:
            self._pages.setCurrentIndex(0)
        elif self._dock is not None:
            self._pages.setCurrentWidget(self._dock)

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
