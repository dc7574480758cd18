"""Specialising: what is learnt, with which weights, and what is to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.formatting import grouped
from app.widgets.controls import Label, Segmented, Switch
from app.widgets.layout import column, holder, row

LEARNT = ("text", "chat", "preference")
METHODS = ("full", "lora")
USUAL_REPLAY = 0.1


@dataclass(frozen=True)
class Offer:
    """What there is to learn from: conversations and pairs of the corpus, lessons of the version.

    `fills`: the version fills in blanks and holds no conversation. `large`: so large that LoRA is
    proposed.
    """

    conversations: int = 0
    pairs: int = 0
    lessons: int = 0
    lesson_pairs: int = 0
    fills: bool = False
    large: bool = False

    def holds(self, learnt: str) -> bool:
        """Whether there is anything of that kind."""
        if learnt == "text":
            return True
        if self.fills:
            return False
        if learnt == "chat":
            return self.conversations + self.lessons > 0
        return self.pairs + self.lesson_pairs > 0


class LearnChoice(QWidget):
    """`changed` at every choice of the user. What the corpus does not hold cannot be chosen; it is
    chosen again as soon as it can be."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offer = Offer()
        self._wish, self._method_chosen, self._locked = "text", False, False
        self._learnt_label, self.learnt = Label("small"), Segmented(3, dense=True, expand=True)
        self._about = Label("faint", wrap=True)
        self._method_label, self.method = Label("small"), Segmented(2, dense=True, expand=True)
        self._about_method = Label("faint", wrap=True)
        self._replay_label, self.replay = Label("small", wrap=True), Switch()
        self._lessons_label, self.lessons = Label("small", wrap=True), Switch()
        self._replay_row = holder(row((self._replay_label, 1), self.replay))
        self._lessons_row = holder(row((self._lessons_label, 1), self.lessons))
        self._template = Label("faint", wrap=True)
        self._error = Label("small", "shu", wrap=True)
        self._whole = (
            self._learnt_label, self.learnt, self._about, self._method_label, self.method,
            self._about_method,
        )  # fmt: skip
        self._is_whole = True
        self.lessons.setChecked(True)
        self.setLayout(
            column(
                self._learnt_label, self.learnt, self._about, self._template, 2, self._method_label,
                self.method, self._about_method, 2, self._replay_row, self._lessons_row,
                self._error, spacing=5,
            )
        )  # fmt: skip
        self._template.setTextFormat(Qt.TextFormat.RichText)
        self._template.setVisible(False)
        self.show_error("")
        self.learnt.chosen.connect(self._on_learnt)
        self.method.chosen.connect(self._on_method)
        for switch in (self.replay, self.lessons):
            switch.clicked.connect(lambda _: self.changed.emit())

    def show_whole(self, whole: bool) -> None:
        """All choices, or only what is to be kept of the old text."""
        self._is_whole = whole
        for part in self._whole:
            part.setVisible(whole)
        self._tell()

    def objective(self) -> str:
        """Of the recipe."""
        learnt = LEARNT[self.learnt.index()]
        return self.text_objective() if learnt == "text" else learnt

    def text_objective(self) -> str:
        """The objective that learns plain text."""
        return "masked" if self._offer.fills else "causal"

    def wish(self, learnt: str) -> None:
        """As if the user had chosen it; it is chosen as soon as it can be."""
        self._wish = learnt
        self.lessons.setChecked(True)
        self.show_offer(self._offer)

    def choose_method(self, method: str) -> None:
        """As if the user had."""
        self.method.set_index(METHODS.index(method))
        self._on_method(0)

    def problem(self) -> str:
        """What keeps this from being learnt, or ""."""
        offer, learnt = self._offer, LEARNT[self.learnt.index()]
        here = {"chat": offer.conversations, "preference": offer.pairs}.get(learnt, 1)
        if here or self.wants_lessons():
            return ""
        return self.tr("Without the lessons there is nothing to learn from: this corpus holds nothing of the kind.")  # fmt: skip

    def wants_lessons(self) -> bool:
        return self._lessons_row.isVisibleTo(self) and self.lessons.isChecked()

    def recipe_method(self) -> str:
        return METHODS[self.method.index()]

    def show_offer(self, offer: Offer) -> None:
        """Another corpus or another version."""
        self._offer = offer
        self._choose(self._wish if offer.holds(self._wish) else "text")
        if not self._method_chosen:
            self.method.set_index(METHODS.index("lora" if offer.large else "full"))
        self._tell()

    def show_run(self, objective: str, method: str, replay: float, lessons: bool) -> None:
        """What a run learns, whatever the corpus holds now."""
        self._wish = objective if objective in LEARNT else "text"
        self._choose(self._wish)
        self.method.set_index(METHODS.index(method))
        self._method_chosen = True
        self.replay.setChecked(replay > 0)
        self.lessons.setChecked(lessons)
        self._tell()

    def show_template(self, kind: str, cells: list[dict[str, Any]]) -> None:
        """How a conversation will be written, what is learnt of it in bold; without cells nothing."""
        names = {
            "own": self.tr("its own"), "chatml": self.tr("ChatML"), "plain": self.tr("plain"),
        }  # fmt: skip
        text = "".join(_marked(cell) for cell in cells).replace("<br></b>", "</b><br>")
        head = self.tr("Template ({kind}), what is learnt in bold:").format(
            kind=names.get(kind, kind)
        )
        self._template.setText(f"{head}<br>{text.removesuffix('<br>')}" if cells else "")
        self._template.setVisible(self._is_whole and bool(cells))

    def set_locked(self, locked: bool) -> None:
        self._locked = locked
        for part in (self.learnt, self.method, self.replay, self.lessons):
            part.setEnabled(not locked)

    def show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def retranslate(self) -> None:
        self._learnt_label.setText(self.tr("What is it to learn?"))
        self._method_label.setText(self.tr("With which weights?"))
        self.method.set_texts((self.tr("all of them"), self.tr("LoRA")))
        self._replay_label.setText(self.tr("Do not forget: 10 % of its old text"))
        self.replay.setAccessibleName(self._replay_label.text())
        self.replay.setToolTip(self.tr("Mixes text that it was raised with into the new one, so that less is lost. The share can be set in the Expert settings."))  # fmt: skip
        self._tell()

    # ---- inside ------------------------------------------------------------------------------

    def _choose(self, learnt: str) -> None:
        self.learnt.set_index(LEARNT.index(learnt))

    def _on_learnt(self, index: int) -> None:
        self._wish = LEARNT[index]
        self._tell()
        self.changed.emit()

    def _on_method(self, _index: int) -> None:
        self._method_chosen = True
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        offer, learnt = self._offer, LEARNT[self.learnt.index()]
        texts = (self.tr("Own text"), self.tr("Chats"), self.tr("Preferences"))
        self.learnt.set_texts(texts, [self._about_of(name) for name in LEARNT])
        for index, name in enumerate(LEARNT):
            self.learnt.button(index).setEnabled(offer.holds(name))
        self._about.setText(self._about_of(learnt) + self._missing())
        lora = self.recipe_method() == "lora"
        self._about_method.setText(self._about_lora() if lora else self._about_full())
        self._replay_row.setVisible(learnt != "preference" or not self._is_whole)
        self._template.setVisible(self._is_whole and bool(self._template.text()))
        count = offer.lesson_pairs if learnt == "preference" else offer.lessons
        self._lessons_row.setVisible(self._is_whole and learnt != "text" and count > 0)
        words = self.tr("1 lesson from the chat") if count == 1 else self.tr("{count} lessons from the chat").format(count=grouped(count))  # fmt: skip
        self._lessons_label.setText(words)
        self.lessons.setAccessibleName(words)
        self.lessons.setToolTip(self.tr("What you corrected and praised in the chat with this version"))  # fmt: skip

    def _about_of(self, learnt: str) -> str:
        """What is learnt there, with how much of it there is; or why it cannot be."""
        offer = self._offer
        if learnt == "text":
            if offer.fills:
                return self.tr("It practises filling in blanks in the text of the corpus.")
            return self.tr("It takes on the style of the corpus.")
        if offer.fills:
            return self.tr("This version fills in blanks; it cannot hold a conversation.")
        if learnt == "chat":
            if not offer.holds("chat"):
                return self.tr("This corpus holds no conversations.")
            return self.tr("It learns to answer from {count} conversations; only the answers count.").format(count=grouped(offer.conversations + offer.lessons))  # fmt: skip
        if not offer.holds("preference"):
            return self.tr("This corpus holds no pairs of a better and a worse answer.")
        return self.tr("It learns from {count} pairs which answer is better.").format(count=grouped(offer.pairs + offer.lesson_pairs))  # fmt: skip

    def _missing(self) -> str:
        """Said once below: what else could be learnt if it were there."""
        offer = self._offer
        if offer.fills or self._locked:
            return ""
        both = not offer.holds("chat") and not offer.holds("preference")
        if both:
            return " " + self.tr("The corpus holds no conversations and no pairs of answers.")
        return ""

    def _about_lora(self) -> str:
        return self.tr("Small matrices learn beside the weights, which stay as they are: needs little memory.")  # fmt: skip

    def _about_full(self) -> str:
        return self.tr("Every weight may change: learns most, forgets more.")


def _marked(cell: dict[str, Any]) -> str:
    """A piece of the example: ends of lines visible, and a place to break beside each mark."""
    text = escape(str(cell["text"])).replace("\n", "⏎<br>")
    text = f"\u200b{text}\u200b" if cell.get("special") else text
    return f"<b>{text}</b>" if cell.get("trained") else text
