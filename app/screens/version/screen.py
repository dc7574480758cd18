"""The page of a version: everything that is known of it, and what can be done with it."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QMenu, QPlainTextEdit, QSizePolicy, QWidget

from app.context import AppContext
from app.formatting import amount_text, compact, duration, grouped
from app.messages import explain
from app.screen import GuideCard, Screen
from app.screens.version.cover import Cover, Seal
from app.screens.version.files_card import FilesCard, clear
from app.widgets.controls import Badge, Banner, Button, Card, ElidedLabel, IconLabel, Label
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll
from app.widgets.lineage_graph import LineageGraph, Node
from core.errors import TerakoyaError
from core.versions.library import VersionEntry
from core.versions.lineage import lineage

_SNIPPET = """from transformers import AutoModelForCausalLM, AutoTokenizer

folder = {path!r}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder)
"""


class VersionScreen(Screen):
    """Follows the shelf's selection while it is shown."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._entry: VersionEntry | None = None
        self._evaluated = False
        self._build()
        context.selection.version_changed.connect(lambda _: self._show())
        context.bridge.versions_changed.connect(self._show)
        self._note_timer = QTimer(self)
        self._note_timer.setSingleShot(True)
        self._note_timer.setInterval(700)
        self._note_timer.timeout.connect(self._save_note)
        self._note.textChanged.connect(self._on_note)

    # ---- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._notice = Banner("ph.warning", "shu")
        self._notice.setVisible(False)
        self._lineage_card, self.graph = Card(margins=(16, 12, 12, 10)), LineageGraph()
        self._lineage_card.add((self.graph, 1))
        self.graph.chosen.connect(self.context.selection.select_version)
        self._colophon_card = Card(margins=(16, 12, 12, 10), spacing=6)
        self._copy = Button("icon-s", "ph.copy")
        self._copy.clicked.connect(self._copy_colophon)
        self._colophon_card.add_right(self._copy)
        self._colophon = QGridLayout()
        self._colophon.setHorizontalSpacing(14)
        self._colophon.setVerticalSpacing(4)
        self._colophon.setColumnStretch(1, 1)
        self._colophon_card.add(self._colophon, STRETCH)
        self._files_card = FilesCard()
        self._files_card.folder.clicked.connect(lambda: self._do("folder"))
        self._use_card = self._build_use()
        self._note_card = Card(margins=(16, 12, 12, 12), spacing=6)
        self._note = QPlainTextEdit()
        self._note.setProperty("bare", "true")
        self._note.setTabChangesFocus(True)
        self._note_card.add((self._note, 1))
        self._upper: QBoxLayout = row((self._lineage_card, 3), (self._colophon_card, 2), spacing=12)
        self._lower: QBoxLayout = row(
            (self._files_card, 4), (self._use_card, 5), (self._note_card, 3), spacing=12
        )
        for card in (self._lineage_card, self._colophon_card, self._files_card, self._use_card,
                     self._note_card):  # fmt: skip
            card.setMinimumWidth(180)
        self._note_card.setMinimumHeight(120)
        content = holder(
            column(self._build_head(), self._notice, (self._upper, 2), (self._lower, 2), margins=16,
                   spacing=12)
        )  # fmt: skip
        self.setLayout(column(scroll(content)))

    def _build_head(self) -> QWidget:
        self._cover, self._seal = Cover(), Seal()
        self._seal_date = Label("small")
        self._title, self._tag, self._origin = ElidedLabel("display"), Badge("ai"), Badge("line")
        self._facts = Label("body2", wrap=True)
        self._chat = Button("primary", "ph.chats-circle")
        self._evaluate = Button("secondary", "ph.clipboard-text")
        self._continue = Button("secondary", "ph.git-branch")
        self._more = Button("icon", "ph.dots-three")
        for button, name in ((self._chat, "chat"), (self._evaluate, "evaluate"),
                             (self._continue, "continue")):  # fmt: skip
            button.clicked.connect(lambda _=False, name=name: self._do(name))
        self._more.clicked.connect(self._open_menu)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        middle = column(
            row(self._title, self._tag, self._origin, STRETCH, spacing=8), self._facts, 6,
            row(self._chat, self._evaluate, self._continue, self._more, STRETCH), STRETCH, spacing=6,
        )  # fmt: skip
        self._seal_box = holder(column(self._seal, row(STRETCH, self._seal_date, STRETCH), STRETCH))
        return frame(
            row(self._cover, 8, (middle, 1), self._seal_box, margins=(20, 16, 24, 12), spacing=12),
            surface="card",
        )

    def _build_use(self) -> Card:
        card = Card(margins=(16, 12, 12, 12), spacing=8)
        self._use_texts: list[tuple[Label, ElidedLabel, Button]] = []
        for icon_name, act in (("ph.folder", "export"), ("ph.code", "python")):
            title, text, button = Label("head"), ElidedLabel("small"), Button("small")
            button.clicked.connect(
                (lambda: self._do("export")) if act == "export" else self._copy_snippet
            )
            self._use_texts.append((title, text, button))
            card.add(
                frame(
                    row(IconLabel(icon_name, 18, "aiText"), (column(title, text, spacing=0), 1),
                        button, margins=(12, 8, 10, 8), spacing=10),
                    surface="choice",
                )
            )  # fmt: skip
        card.add(STRETCH)
        return card

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        if version := payload.get("version"):
            self.context.selection.select_version(str(version))
        self._show()

    def retranslate(self) -> None:
        self._chat.set_text(self.tr("Chat with it"))
        self._evaluate.set_text(self.tr("Evaluate"))
        self._continue.set_text(self.tr("Go on from it"))
        self._more.set_hint(self.tr("More"))
        self._lineage_card.title.setText(self.tr("Its family"))
        self.graph.setAccessibleName(self.tr("Its family"))
        self._colophon_card.title.setText(self.tr("Colophon"))
        self._copy.set_hint(self.tr("Copy the colophon"))
        self._files_card.title.setText(self.tr("Files"))
        self._files_card.folder.set_text(self.tr("Open the folder"))
        self._use_card.title.setText(self.tr("Use it elsewhere"))
        texts = (
            (
                self.tr("Hugging Face folder"),
                "safetensors · config · tokenizer",
                self.tr("Export…"),
            ),
            ("Python", self.tr("four lines to load it in transformers"), self.tr("Copy")),
        )
        for (title, text, button), words in zip(self._use_texts, texts, strict=True):
            title.setText(words[0])
            text.set_full_text(words[1])
            button.set_text(words[2])
        self._note_card.title.setText(self.tr("Note"))
        self._note.setAccessibleName(self.tr("Note"))
        self._note.setPlaceholderText(self.tr("What do you want to remember of this edition?"))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < 760
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._upper.setDirection(direction)
        self._lower.setDirection(direction)
        super().resizeEvent(event)

    # ---- showing -----------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:
        self._finish_note()  # The window may be about to close.
        super().hideEvent(event)

    def _show(self) -> None:
        self._finish_note()
        try:
            entry = self.context.versions.get(self.context.selection.version)
        except TerakoyaError:
            self._entry = None
            return
        same = self._entry is not None and self._entry.id == entry.id
        self._entry = entry
        self._evaluated = any((entry.path / "evaluations").glob("*.json"))
        manifest, measures = entry.manifest, entry.manifest.measures
        graduated = self._evaluated and manifest.chatted
        self._cover.show_book(manifest.title, manifest.colour, graduated)
        self._seal_box.setVisible(graduated)
        self._seal_date.setText(time.strftime("%Y-%m-%d", time.localtime(manifest.created)))
        self._title.set_full_text(manifest.title)
        self._tag.setText(f"v{manifest.edition}")
        parent = manifest.parents[0].name if manifest.parents else ""
        self._origin.setText(
            self.tr("from {name}").format(name=parent) if parent else self.tr("from scratch")
        )
        facts = [time.strftime("%Y-%m-%d", time.localtime(manifest.created))]
        if manifest.corpora:
            facts.append(
                self.tr("“{corpus}” read {count} times").format(
                    corpus=manifest.corpora[0].name, count=f"{measures.epochs:.1f}"
                )
            )
        if measures.seconds:
            facts.append(
                self.tr("{time} on {device}").format(
                    time=duration(measures.seconds), device=manifest.device or "CPU"
                )
            )
        self._facts.setText(" · ".join(facts))
        self._notice.setVisible(entry.problem is not None)
        if entry.problem is not None:
            self._notice.text.setText(explain(entry.problem))
        for button in (self._chat, self._evaluate, self._continue):
            button.setEnabled(entry.problem is None)
        self._show_family(entry)
        self._show_colophon(entry)
        self._files_card.show_files(entry.path)
        if not same or not self._note.hasFocus():
            self._note.blockSignals(True)
            if self._note.toPlainText() != manifest.note:
                self._note.setPlainText(manifest.note)
            self._note.blockSignals(False)
        self.guide_changed.emit()

    def _show_family(self, entry: VersionEntry) -> None:
        """The whole tree that the version belongs to."""
        nodes = lineage(self.context.versions.list())
        place = next((i for i, n in enumerate(nodes) if n.entry.id == entry.id), 0)
        start = place
        while start > 0 and nodes[start].depth > 0:
            start -= 1
        end = place + 1
        while end < len(nodes) and nodes[end].depth > 0:
            end += 1
        words = {
            "continued": self.tr("continued"), "fine-tuned": self.tr("fine-tuned"),
            "distilled": self.tr("distilled"), "adapter": self.tr("adapter"),
            "merged": self.tr("merged"), "imported": self.tr("imported"),
        }  # fmt: skip
        self.graph.show_nodes(
            [
                Node(
                    n.entry.id, f"v{n.entry.manifest.edition}", n.entry.manifest.title,
                    _bits(n.entry), n.entry.manifest.colour, n.parent_id,
                    words.get(n.relation or "", ""),
                )
                for n in nodes[start:end]
            ],
            entry.id,
        )  # fmt: skip

    def _facts_of(self, entry: VersionEntry) -> list[tuple[str, str, str]]:
        manifest, measures = entry.manifest, entry.manifest.measures
        plan = manifest.decisions.get("plan") or {}
        corpus = manifest.corpora[0] if manifest.corpora else None
        margin = ""
        if measures.heldout_low is not None and measures.heldout_high is not None:
            margin = f" ±{(measures.heldout_high - measures.heldout_low) / 2:.2f}"
        bits = measures.heldout_bits_per_byte
        return [
            (self.tr("Parameters"), compact(measures.parameters),
             self._shape_text(plan)),
            (self.tr("Context"), self.tr("{count} tokens").format(count=grouped(plan.get("context", 0))),
             self.tr("vocabulary {count}").format(count=grouped(plan.get("vocabulary", 0)))),
            (self.tr("Corpus"), corpus.name if corpus else "—",
             self.tr("{count} characters").format(count=amount_text(corpus.characters)) if corpus else ""),
            (self.tr("Has read"), self.tr("{count} tokens").format(count=amount_text(measures.tokens_seen)),
             self.tr("{count} steps").format(count=grouped(measures.steps))),
            (self.tr("Unseen text"), "—" if bits is None else f"{bits:.2f}",
             self.tr("bits/byte") + margin),
            (self.tr("Speed"), self.tr("{count} tokens/s").format(
                count=compact(measures.tokens_per_second or 0)), self.tr("while training")),
            (self.tr("Reproduce"), self.tr("seed {seed}").format(seed=manifest.recipe.get("seed", "—")),
             (corpus.snapshot[:9] if corpus else "")),
        ]  # fmt: skip

    def _shape_text(self, plan: dict[str, Any]) -> str:
        if not plan:
            return ""
        if plan.get("layers") == 1:
            text = self.tr("1 layer · width {width} · {heads} heads")
        else:
            text = self.tr("{layers} layers · width {width} · {heads} heads")
        return text.format(
            layers=plan.get("layers"), width=plan.get("width"), heads=plan.get("heads")
        )

    def _show_colophon(self, entry: VersionEntry) -> None:
        clear(self._colophon)
        for index, (name, value, note) in enumerate(self._facts_of(entry)):
            text = ElidedLabel("small")
            text.set_full_text(note)
            self._colophon.addWidget(Label("small", text=name), index, 0)
            bold = Label("head", text=value)
            self._colophon.addWidget(holder(row(bold, (text, 1), spacing=8)), index, 1)

    # ---- acting ------------------------------------------------------------------------------

    def _do(self, name: str) -> None:
        if self._entry is not None:
            self.context.navigator.go("action", name=name, version=self._entry.id)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for text, name in (
            (self.tr("Rename…"), "rename"), (self.tr("Show in folder"), "folder"),
            (self.tr("Export as a Hugging Face folder…"), "export"),
            (self.tr("Move to trash"), "remove"),
        ):  # fmt: skip
            menu.addAction(text, lambda name=name: self._do(name))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _copy_colophon(self) -> None:
        if self._entry is not None:
            lines = [f"{a}\t{b}\t{c}" for a, b, c in self._facts_of(self._entry)]
            QGuiApplication.clipboard().setText("\n".join([self._entry.manifest.title, *lines]))
            self.context.navigator.go("say", text=self.tr("The colophon is in the clipboard"))

    def _copy_snippet(self) -> None:
        if self._entry is not None:
            path = str(self._entry.path)
            QGuiApplication.clipboard().setText(_SNIPPET.format(path=path))
            self.context.navigator.go(
                "say", text=self.tr("Four lines of Python are in the clipboard")
            )

    def _on_note(self) -> None:
        self._note_timer.start()

    def _finish_note(self) -> None:
        """Words that are still waiting for the typing to pause belong to the version shown so far."""
        if self._note_timer.isActive():
            self._note_timer.stop()
            self._save_note()

    def _save_note(self) -> None:
        entry, text = self._entry, self._note.toPlainText()
        if entry is None or text == entry.manifest.note:
            return
        try:
            self._entry = self.context.versions.set_note(entry.id, text)
        except TerakoyaError as error:
            self.context.navigator.go("say", text=explain(error), tone="shu")

    # ---- guide -------------------------------------------------------------------------------

    def guide_cards(self) -> list[GuideCard]:
        entry = self._entry
        if entry is None:
            return []
        manifest = entry.manifest
        cards: list[GuideCard] = []
        if self._evaluated and manifest.chatted:
            cards.append(
                GuideCard(
                    "ph.graduation-cap",
                    self.tr("The seal"),
                    self.tr(
                        "It was tested on unseen text and has talked with you. It has <b>graduated</b>."
                    ),
                )
            )
        else:
            missing = (
                self.tr("test it on unseen text")
                if not self._evaluated
                else self.tr("chat with it")
            )
            cards.append(
                GuideCard(
                    "ph.graduation-cap",
                    self.tr("Not graduated yet"),
                    self.tr("To graduate: <b>{what}</b>.").format(what=missing),
                )
            )
        cards.append(
            GuideCard(
                "ph.tree-structure",
                self.tr("Reading the family"),
                self.tr("Left to right the editions grow younger. A box opens that edition."),
            )
        )
        cards.append(
            GuideCard(
                "ph.package",
                self.tr("Standard files"),
                self.tr(
                    "The folder is what transformers and other programs read as it is. Nothing is hidden, "
                    "nothing needs Terakoya."
                ),
            )
        )
        if manifest.corpora:
            cards.append(
                GuideCard(
                    "ph.scales",
                    self.tr("Before you pass it on"),
                    self.tr(
                        "It has read “<b>{corpus}</b>”. A model can repeat what it has read; make sure that "
                        "this text may be passed on."
                    ).format(corpus=manifest.corpora[0].name),
                )
            )
        return cards  # fmt: skip

    def guide_words(self) -> list[tuple[str, str]]:
        return [
            (
                self.tr("Colophon"),
                self.tr("The last page of a book: who made it, of what, and when."),
            ),
            (self.tr("Edition"), self.tr("A version of the same series.")),
        ]


def _bits(entry: VersionEntry) -> str:
    bits = entry.manifest.measures.heldout_bits_per_byte
    return "" if bits is None else f"{bits:.2f} bits/byte"
