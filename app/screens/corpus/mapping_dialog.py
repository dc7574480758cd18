"""How a data file is read: what was recognised, which column is what, and one example of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from app.formatting import grouped
from app.messages import translate
from app.screens.corpus.mapping_form import MappingForm
from app.widgets.controls import Button, Label, Segmented
from app.widgets.dialog import Asks, LargeDialog, Reply
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll
from app.widgets.shading import TokenShading
from core.sentences import Sentence

_DELAY_MS = 60
_MOST_FAULTS = 20
_LONGEST = 1200


class MappingDialog(LargeDialog):
    """`wanted(path, mapping)` when the file shall be read again so. Asks "recognise"
    (core.corpus.serving.mapping)."""

    wanted = Signal(str, dict)

    def __init__(self, parent: QWidget, path: str, corpus: str, asks: Asks) -> None:
        """`corpus`: knows the encoding and the columns that were chosen for the file before."""
        super().__init__(parent, 960, 680)
        self._path, self._corpus, self._asks = path, corpus, asks
        self._read_with: dict[str, str] = {}
        self.form = MappingForm()
        self.form.changed.connect(self._on_changed)
        self._example = column(spacing=8)
        self._which, self._pages = Segmented(2, dense=True), QStackedWidget()
        self._which.chosen.connect(lambda _: self._show_page())
        self._tokens = TokenShading("stripes")
        self._faults, self._fault_head = Label("small", wrap=True), Label("small", "shu")
        self._faults.setTextFormat(Qt.TextFormat.PlainText)
        self._example_head, self._key = Label("small"), Label("small", wrap=True)
        self.good = Button("primary", "ph.arrows-clockwise")
        self.good.clicked.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(lambda: self._recognise(self.form.mapping()))
        self._retranslate()
        self._lay_out()
        self.good.setEnabled(False)
        self._recognise(None)

    def _lay_out(self) -> None:
        shown = scroll(holder(column(self._example, STRETCH, margins=(0, 0, 8, 0))))
        shown.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        shown.setAccessibleName(self._example_head.text())
        self._pages.addWidget(self._tokens)
        self._pages.addWidget(shown)
        self._which.setVisible(False)
        right = column(
            row(self._example_head, STRETCH, self._which), self._key, (self._pages, 1),
            margins=(14, 10, 6, 10), spacing=6,
        )  # fmt: skip
        faults = scroll(holder(column(self._faults, STRETCH)))
        faults.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        faults.setAccessibleName(self._fault_head.text())
        self._trouble = holder(column(self._fault_head, faults, spacing=2))
        self._trouble.setVisible(False)
        self._trouble.setMaximumHeight(110)
        form = scroll(self.form)
        form.setMinimumWidth(280)
        self.build(
            (row((form, 2), (frame(right, surface="sunk"), 3), spacing=16), 1), self._trouble,
            buttons=(self.good,),
        )  # fmt: skip

    def _retranslate(self) -> None:
        self.set_title(self.tr("How “{name}” is read").format(name=PurePath(self._path).name))
        example = self.tr("One example, as the model will see it")
        self._example_head.setText(f"<b>{example}</b>")
        self._which.set_texts((self.tr("Tokens"), self.tr("Turns")))
        self._tokens.setAccessibleName(example)
        self._key.setText(self.tr("In colour: what is learnt. Grey: what is only read."))
        self._fault_head.setText(self.tr("What cannot be read so"))
        self.good.set_text(self.tr("Read it like this"))
        self.close_button.set_text(self.tr("Cancel"))

    # ---- asking ------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self.good.setEnabled(False)
        if self.form.complete():
            self._timer.start()
        else:
            self._timer.stop()
            self._clear(self.tr("Choose a column for each of them, and an example appears here."))

    def _recognise(self, mapping: dict[str, str] | None) -> None:
        params: dict[str, Any] = {"path": self._path, "corpus": self._corpus}
        if mapping is not None:
            params["mapping"] = mapping

        def done(reply: Reply) -> None:
            if mapping is None:
                self._read_with = dict(reply["mapping"])
                self.form.show_columns(reply["columns"], self._read_with)
            if mapping is None or mapping == self.form.mapping():
                self._show(reply)

        self.ask(self._asks, "recognise", params, done)

    def _show(self, reply: Reply) -> None:
        self.tell(None)
        rows = self.tr("more than {count} rows") if reply.get("more") else self.tr("{count} rows")
        rows = rows.format(count=grouped(reply["rows"]))
        shape = _shape_name(str(reply["shape"]))
        recognised = self.tr("Recognised: {shape}").format(shape=shape) if shape else self.tr("No known form of conversations: text")  # fmt: skip
        self.intro.setText(f"{recognised} · {rows}")
        self._show_example(reply["example"], reply.get("cells") or [])
        faults = [translate(Sentence.from_json(one)) for one in reply["faults"]]
        self._trouble.setVisible(bool(faults))
        self._faults.setText("\n".join(faults[:_MOST_FAULTS]))
        changed = self.form.mapping() != self._read_with
        self.good.setEnabled(changed and bool(reply["example"]) and self.form.complete())

    def _show_example(self, turns: list[dict[str, Any]], cells: list[dict[str, Any]]) -> None:
        self._clear("" if turns else self.tr("There is no row to show."))
        for turn in turns:
            self._example.addWidget(_Turn(self._role_word(str(turn["role"])), turn))
        self._which.setVisible(bool(cells))
        self._tokens.set_cells(list(_coloured(cells)))
        self._show_page()

    def _show_page(self) -> None:
        """Turns, or the tokens of the whole with what the template puts around."""
        tokens = self._which.isVisibleTo(self) and self._which.index() == 0
        self._pages.setCurrentIndex(0 if tokens else 1)

    def _clear(self, words: str) -> None:
        """No example but a word why."""
        while (item := self._example.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        if words:
            self._which.setVisible(False)
            self._example.addWidget(Label("faint", wrap=True, text=words))
            self._show_page()

    def _role_word(self, role: str) -> str:
        words = {
            "user": self.tr("user"), "assistant": self.tr("assistant"), "system": self.tr("system"),
            "chosen": self.tr("better answer"), "rejected": self.tr("worse answer"),
            "text": "", "tool": self.tr("tool"),
        }  # fmt: skip
        return words.get(role, role)

    def _take(self) -> None:
        self.wanted.emit(self._path, self.form.mapping())
        self.accept()


class _Turn(QFrame):
    """Who speaks, and the words: tinted where they are learnt, grey where not."""

    def __init__(self, who: str, turn: dict[str, Any]) -> None:
        super().__init__()
        learnt = bool(turn["trained"])
        self.setProperty("surface", "banner" if learnt else "")
        head = Label("faint", text=who)
        head.setVisible(bool(who))
        text = str(turn["text"])
        text = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
        words = Label("book", "" if learnt else "faint", wrap=True)
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setText(escape(text).replace("\n", "<br>"))
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        state = self.tr("learnt") if learnt else self.tr("only read")
        words.setAccessibleName(f"{who} ({state}): {text[:300]}")
        self.setLayout(column(head, words, margins=(10, 6, 10, 6), spacing=2))


def _coloured(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Cells of core.tokenizer.example for the shading: only what is learnt has colours."""
    for number, cell in enumerate(cells):
        text = str(cell["text"])
        yield {"text": text, "token": number} if cell["trained"] else {"text": text, "masked": True}


def _shape_name(shape: str) -> str:
    """What data sets call it; in plain words where it has no name."""
    names = {
        "messages": "messages (OpenAI, ChatML)", "sharegpt": "ShareGPT", "alpaca": "Alpaca",
        "dolly": "Dolly", "oasst": "OpenAssistant",
        "pairs": "chosen / rejected (DPO)", "self-instruct": "Self-Instruct",
        "prompt-completion": QCoreApplication.translate("MappingDialog", "prompt and completion"),
        "question-answer": QCoreApplication.translate("MappingDialog", "question and answer"),
        "multiple-choice": QCoreApplication.translate("MappingDialog", "question with choices"),
        "dialogue": QCoreApplication.translate("MappingDialog", "dialogue, turn by turn"),
    }  # fmt: skip
    return names.get(shape, shape)
