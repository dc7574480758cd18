"""A document as the model will read it: coloured tokens, and struck through what cleaning removes."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from app.formatting import grouped
from app.theme.palette import hex_of
from app.widgets.controls import Banner, Button, Card, ElidedLabel, Label, Switch
from app.widgets.layout import STRETCH, row
from app.widgets.shading import TokenShading

_LEAST_TEXT, _LEAST_TRIED = 120, 46
"""Pixels of text that are seen, at least; while an encoding is tried, its banner takes some."""


class PreviewCard(Card):
    """Emits the step (-1, +1) to another document, the wish for one by chance, that the token
    colours were switched, and what shall become of an encoding that is tried: kept (the file is
    read again so) or given up."""

    step_wanted = Signal(int)
    chance_wanted = Signal()
    tokens_toggled = Signal()
    trial_kept = Signal()
    trial_dropped = Signal()
    encoding_wanted = Signal()
    """The encoding is a guess, and the user wants to choose."""
    text_shown = Signal()
    """Another text, or the same with other cleaning: `cells` and `name` have it."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 8, 12, 10), spacing=6)
        self._show_tokens = Switch()
        self._show_tokens.setChecked(True)
        self._tokens_label = Label("small")
        self._previous = Button("icon-s", "ph.caret-left")
        self._next = Button("icon-s", "ph.caret-right")
        self._chance = Button("icon-s", "ph.shuffle")
        self._place = Label("faint")
        self._text = TokenShading("stripes")
        self._sums = Label("small")
        self._ratio = Label("faint")
        self._legend = Label("small")
        self._reply: dict[str, Any] = {}
        self._encoding = ""
        self.subtitle.setVisible(False)
        self._name = ElidedLabel("faint", Qt.TextElideMode.ElideMiddle)
        self._head.insertWidget(1, self._name, 100)  # All the room: names can be long.
        self.add_right(
            self._tokens_label,
            self._show_tokens,
            4,
            self._chance,
            self._previous,
            self._place,
            self._next,
        )
        self._trial = Banner("ph.text-aa", small=True)
        self._keep, self._drop = Button("small", "ph.arrows-clockwise"), Button("small")
        self._trial.add_button(self._drop)
        self._trial.add_button(self._keep)
        self._trial.setVisible(False)
        self._keep.clicked.connect(self.trial_kept)
        self._drop.clicked.connect(self.trial_dropped)
        self._doubt, self._choose = Banner("ph.question", "warn", small=True), Button("small")
        self._doubt.add_button(self._choose)
        self._doubt.setVisible(False)
        self._choose.clicked.connect(self.encoding_wanted)
        self._doubted, self._many = "", False
        for banner in (self._trial, self._doubt):
            banner.set_low()
            banner.text.setWordWrap(False)  # The page keeps its height.
        self.add(self._trial, self._doubt)
        self._why = Label("body2", wrap=True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._why.setContentsMargins(2, 4, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._text)
        self._stack.addWidget(self._why)
        self._stack.setMinimumHeight(_LEAST_TEXT)
        self.add((self._stack, 1), row(self._sums, self._ratio, STRETCH, self._legend, spacing=10))
        self._chance.clicked.connect(self.chance_wanted)
        self._previous.clicked.connect(lambda: self.step_wanted.emit(-1))
        self._next.clicked.connect(lambda: self.step_wanted.emit(1))
        self._show_tokens.toggled.connect(self.tokens_toggled)

    @property
    def show_tokens(self) -> bool:
        return self._show_tokens.isChecked()

    def show_reply(self, reply: dict[str, Any]) -> None:
        """Show what the library worker answered: cells, or spans where tokens are off."""
        self._reply = reply
        self._show_text(True)
        self._text.set_cells(with_additions(reply.get("cells") or reply.get("spans") or []))
        self._name.set_full_text(reply.get("title", ""))
        self._retranslate_reply()
        self.text_shown.emit()

    def name(self) -> str:
        """What the text that is shown is called."""
        return self._name.full_text()

    def cells(self) -> list[dict[str, Any]]:
        """The text that is shown, as the painted field has it."""
        return self._text.cells()

    def _show_text(self, on: bool) -> None:
        """The text with its switch, or the sentence why there is none."""
        self._stack.setCurrentWidget(self._text if on else self._why)
        for part in (self._tokens_label, self._show_tokens):
            part.setVisible(on)

    def message(self) -> str:
        """The sentence that stands instead of a text; "" where there is a text."""
        return self._why.text() if self._stack.currentWidget() is self._why else ""

    def show_match(self) -> None:
        """Scroll to the first word that was searched."""
        cells = self._text.cells()
        self._text.choose(next((i for i, c in enumerate(cells) if c.get("match")), -1))

    def show_doubtful(self) -> None:
        """Scroll to the first letters that another encoding would show as others."""
        cells = self._text.cells()
        found = (i for i, c in enumerate(cells) if not str(c.get("text", "")).isascii())
        place = next(found, None)
        if place is not None:
            self._text.reveal(place)

    def show_place(self, index: int, total: int) -> None:
        """`index` from 0; the arrows are hidden when there is nothing to step through."""
        several = total > 1
        for button in (self._previous, self._next):
            button.setVisible(several)
        self._chance.setVisible(total > 2)
        self._previous.setEnabled(index > 0)
        self._next.setEnabled(index + 1 < total)
        self._place.setText(f"{index + 1:,} / {total:,}" if several else "")

    def show_trial(self, encoding: str, can_keep: bool = True) -> None:
        """Say that the text is shown in another encoding than it was read in; "" for none."""
        self._trial.setVisible(bool(encoding))
        self._encoding = encoding
        self._share_room()
        self._keep.setEnabled(can_keep)
        self._retranslate_trial()

    def show_doubt(self, encoding: str, many: bool = False) -> None:
        """Say that the encoding of the text is a guess ("" where it is none); `many`: that of some files
        of a folder is."""
        self._doubted, self._many = encoding, many
        self._doubt.setVisible(bool(encoding))
        self._share_room()
        self._retranslate_doubt()

    def _share_room(self) -> None:
        least = _LEAST_TRIED if self._encoding or self._doubted else _LEAST_TEXT
        self._stack.setMinimumHeight(least)

    def _retranslate_doubt(self) -> None:
        if self._many:
            self._doubt.text.setText(self.tr("The encoding of some files in here is a guess."))
            self._choose.set_text(self.tr("Look at them"))
        else:
            text = self.tr("{encoding} is a guess. Does the text read well?")
            self._doubt.text.setText(text.format(encoding=self._doubted))
            self._choose.set_text(self.tr("Choose another…"))

    def _retranslate_trial(self) -> None:
        text = self.tr("Shown as {encoding}").format(encoding=self._encoding)
        self._trial.text.setText(text)

    def show_message(self, text: str) -> None:
        """Instead of a text: why there is none."""
        self._reply = {}
        self.show_doubt("")
        self._why.setText(text[:1].upper() + text[1:])
        self._show_text(False)
        self._name.set_full_text("")
        self._sums.setText("")
        self._ratio.setText("")
        self._legend.setVisible(False)
        self.show_place(0, 0)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Preview"))
        self._tokens_label.setText(self.tr("Show tokens"))
        self._show_tokens.setAccessibleName(self.tr("Show tokens"))
        self._show_tokens.setToolTip(
            self.tr("Colour the pieces that the model reads; one colour is one token")
        )
        self._chance.set_hint(self.tr("A document by chance"))
        self._previous.set_hint(self.tr("Previous document"))
        self._next.set_hint(self.tr("Next document"))
        self._text.setAccessibleName(self.tr("Preview of the text"))
        self._keep.set_text(self.tr("Read again like this"))
        self._drop.set_text(self.tr("Back"))
        self._retranslate_trial()
        self._retranslate_doubt()
        self._retranslate_reply()

    def _retranslate_reply(self) -> None:
        reply = self._reply
        if not reply:
            return
        characters = int(reply.get("kept_characters", reply.get("characters", 0)))
        tokens = reply.get("tokens")
        if tokens:
            sums = self.tr("{characters} characters → {tokens} tokens")
            self._sums.setText(
                sums.format(characters=grouped(characters), tokens=grouped(int(tokens)))
            )
            self._ratio.setText(
                self.tr("{ratio} characters per token").format(ratio=f"{characters / tokens:.1f}")
            )
        else:
            self._sums.setText(self.tr("{count} characters").format(count=grouped(characters)))
            self._ratio.setText("")
        removed = int(reply.get("characters", 0)) - characters
        self._legend.setVisible(removed > 0)
        if removed > 0:
            line = self.tr("red line")
            struck = f'<span style="color:{hex_of("shu")}"><s>{line}</s></span>'
            words = self.tr("removed by cleaning: {count}").format(count=grouped(removed))
            self._legend.setText(f"{struck} {words}")


def with_additions(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What cleaning puts in the place of a text stands behind it, as a cell of its own."""
    result: list[dict[str, Any]] = []
    for cell in cells:
        added = cell.get("added")
        if isinstance(added, str):
            result.append({**cell, "added": False})
            if added:
                result.append({"text": added, "added": True})
        else:
            result.append(cell)
    return result
