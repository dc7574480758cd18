"""A version for use elsewhere: a line for each form, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame

from app.exchange import ExportState
from app.widgets.combo import ComboBox
from app.widgets.controls import Button, Card, ElidedLabel, IconLabel, Label
from app.widgets.layout import STRETCH, column, row
from core.versions.library import VersionEntry

QUANTISATIONS = ("q8_0", "q5_0", "q4_0", "f16", "bf16", "f32")
_CHECKS = {
    "reloaded": QT_TRANSLATE_NOOP("UseCard", "it loads again"),
    "logits": QT_TRANSLATE_NOOP("UseCard", "it predicts the same"),
    "logits-rounded": QT_TRANSLATE_NOOP(
        "UseCard", "it predicts much the same, but rounding changes some of it"
    ),
    "tokenizer": QT_TRANSLATE_NOOP("UseCard", "it cuts text alike"),
    "template": QT_TRANSLATE_NOOP("UseCard", "conversations look the same"),
    "hashes": QT_TRANSLATE_NOOP("UseCard", "every file is whole"),
}


@dataclass(frozen=True)
class Form:
    """`name`: of the export's format; "python" is copied, not written."""

    name: str
    icon: str


FORMS = (
    Form("hf", "ph.folder"), Form("adapter", "ph.stack"), Form("gguf", "ph.package"), Form("ollama", "ph.terminal-window"),
    Form("python", "ph.code"),
)  # fmt: skip


_GGUF = frozenset(
    ("qwen3", "qwen2", "llama", "mistral", "gemma3", "gpt2", "smollm3", "mixtral", "qwen3_moe")
)
"""Families that llama.cpp knows."""


def possible_forms(entry: VersionEntry) -> set[str]:
    """The forms in which this version can leave."""
    known = entry.manifest.family in _GGUF and entry.manifest.kind != "fill"
    alone = {"adapter"} if entry.manifest.adapter is not None else set[str]()
    return {"hf", "python"} | alone | ({"gguf", "ollama"} if known else set())


class UseLine(QFrame):
    """Icon, title, a line of text, what it was tested for, and the button."""

    wanted = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.setProperty("surface", "choice")
        self.title, self.text = Label("head"), ElidedLabel("small")
        self.mark = IconLabel("ph.check-circle", 18, "ok")
        self.button = Button("small")
        self.kinds = ComboBox()
        self.kinds.setMinimumContentsLength(3)
        self.kinds.setVisible(form.name == "gguf")
        self._state = ExportState()
        self._idle = ("", "", "")
        self.button.clicked.connect(self._on_clicked)
        self.setLayout(
            row(IconLabel(form.icon, 18, "aiText"), (column(self.title, self.text, spacing=0), 1),
                self.mark, self.kinds, self.button, margins=(12, 8, 10, 8), spacing=8)
        )  # fmt: skip
        self.mark.setVisible(False)

    def set_texts(self, title: str, text: str, button: str) -> None:
        self._idle = (title, text, button)
        self._show()

    def show_state(self, state: ExportState) -> None:
        self._state = state
        self._show()

    def _show(self) -> None:
        title, text, button = self._idle
        state = self._state
        self.title.setText(title)
        if state.running:
            share = "" if state.share is None else f" {100 * state.share:.0f} %"
            text = self.tr("writing and testing…") + share
        elif state.fault:
            text = state.fault
        elif state.path:
            # The mark beside it says that it was tested, its tooltip for what.
            facts: list[str] = []
            if state.merged:
                facts.append(self.tr("with “{base}” merged in").format(base=state.merged))
            if state.needs:
                facts.append(self.tr("needs its base “{base}”").format(base=state.needs))
            if not facts or self._failed() or any(c.get("rounded") for c in state.checks):
                facts.append(self.tr("tested: {what}").format(what=self._checked()))
            text = " · ".join(facts)
            button = self.tr("Open")
        self.text.set_full_text(text)
        self.text.set_tone("shu" if state.fault or self._failed() else "")
        self.button.set_text(button)
        self.button.setAccessibleName(f"{title}: {button}")
        self.button.setEnabled(not state.running)
        self.kinds.setVisible(self.form.name == "gguf" and not state.running and not state.path)
        self.mark.setVisible(bool(state.path) and not state.running)
        self.mark.set_icon(*(("ph.check-circle", "ok") if state.good else ("ph.warning", "shu")))
        self.mark.setToolTip(self._details())

    def _failed(self) -> bool:
        return any(not check.get("ok", True) for check in self._state.checks)

    def _checked(self) -> str:
        failed = [c for c in self._state.checks if not c.get("ok", True)]
        if failed:
            return self.tr("{what}: no").format(what=self._word(failed[0]))
        return ", ".join(self._word(c) for c in self._state.checks)

    def _details(self) -> str:
        return "\n".join(
            f"{'✓' if c.get('ok', True) else '✗'} {self._word(c)}: {c.get('detail', '')}"
            for c in self._state.checks
        )

    def _word(self, check: dict[str, Any]) -> str:
        name = str(check.get("name")) + "-rounded" * bool(check.get("rounded"))
        return QCoreApplication.translate("UseCard", str(_CHECKS.get(name, name)))  # pyright: ignore

    def _on_clicked(self) -> None:
        if self._state.path and not self._state.running:
            place = Path(self._state.path)
            folder = place if place.is_dir() else place.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        else:
            self.wanted.emit()


class UseCard(Card):
    """`wanted(format)`; which quantisation, says `quantisation`."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 12, 12), spacing=8)
        self.lines = {form.name: UseLine(form) for form in FORMS}
        for name, line in self.lines.items():
            line.wanted.connect(lambda name=name: self.wanted.emit(name))
            self.add(line)
        self.add(STRETCH)

    @property
    def quantisation(self) -> str:
        return str(self.lines["gguf"].kinds.currentData() or QUANTISATIONS[0])

    def show_forms(self, possible: set[str], states: dict[str, ExportState]) -> None:
        """Only the forms that this version can have."""
        for name, line in self.lines.items():
            line.setVisible(name in possible)
            line.show_state(states.get(name, ExportState()))

    def retranslate(self) -> None:
        self.title.setText(self.tr("Use it elsewhere"))
        kinds = self.lines["gguf"].kinds
        chosen = kinds.currentIndex()
        kinds.clear()
        for kind in QUANTISATIONS:
            kinds.addItem(kind.upper(), kind)
        kinds.setCurrentIndex(max(0, chosen))
        kinds.setAccessibleName(self.tr("Number format of the GGUF file"))
        kinds.setToolTip(
            self.tr("Q8_0 is a quarter of the size and hardly differs; Q4_0 is smaller and a little worse; F32 is exact.")
        )  # fmt: skip
        texts = {
            "hf": (self.tr("Hugging Face folder"), "safetensors · config · tokenizer", self.tr("Export…")),
            "adapter": (self.tr("Adapter alone"), self.tr("for peft; needs its base"), self.tr("Export…")),
            "gguf": ("GGUF", self.tr("for LM Studio"), self.tr("Export…")),
            "ollama": ("Ollama", self.tr("GGUF and Modelfile: ollama create"), self.tr("Export…")),
            "python": ("Python", self.tr("four lines to load it in transformers"), self.tr("Copy")),
        }  # fmt: skip
        for name, words in texts.items():
            self.lines[name].set_texts(*words)
