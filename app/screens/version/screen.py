"""The page of a version: everything that is known of it, and what can be done with it."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QPlainTextEdit, QSizePolicy, QWidget

from app.context import AppContext
from app.formatting import duration
from app.messages import explain
from app.screen import GuideCard, Screen
from app.screens.version.colophon_card import ColophonCard, copied
from app.screens.version.compare_dialog import CompareDialog
from app.screens.version.cover import Cover, Seal
from app.screens.version.family import EdgeLegend, family_nodes
from app.screens.version.files_card import FilesCard
from app.screens.version.use_card import UseCard, possible_forms
from app.widgets.controls import Badge, Banner, Button, Card, ElidedLabel, Label
from app.widgets.layout import STRETCH, column, frame, holder, row, scroll
from app.widgets.lineage_graph import LineageGraph
from app.widgets.sheet_dialog import SheetDialog
from core.errors import TerakoyaError
from core.versions.library import VersionEntry
from core.versions.manifest import SHEET

_SNIPPET = """from transformers import {kind}, AutoTokenizer

folder = {path!r}
tokenizer = AutoTokenizer.from_pretrained(folder)
model = {kind}.from_pretrained(folder)
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
        self._alone = Label("faint", wrap=True)
        self._lineage_card.add((self.graph, 1), self._alone)
        self.graph.chosen.connect(self.context.selection.select_version)
        self._legend = EdgeLegend()
        self._lineage_card.add_right(self._legend)
        self._colophon_card = ColophonCard()
        self._colophon_card.copy.clicked.connect(self._copy_colophon)
        self._files_card = FilesCard()
        self._files_card.folder.clicked.connect(lambda: self._do("folder"))
        self._files_card.sheet.clicked.connect(self._show_sheet)
        self.use = UseCard()
        self.use.wanted.connect(self._on_use)
        self.context.exchange.changed.connect(self._on_exchange)
        self._note_card = Card(margins=(16, 12, 12, 12), spacing=6)
        self._note = QPlainTextEdit()
        self._note.setProperty("bare", "true")
        self._note.setTabChangesFocus(True)
        self._note_card.add((self._note, 1))
        self._upper: QBoxLayout = row((self._lineage_card, 3), (self._colophon_card, 2), spacing=12)
        self._lower: QBoxLayout = row(
            (self._files_card, 4), (self.use, 5), (self._note_card, 3), spacing=12
        )
        for card in (self._lineage_card, self._colophon_card, self._files_card, self.use, self._note_card):  # fmt: skip
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
        self._special = Button("secondary", "ph.git-branch")
        self._distil = Button("secondary", "ph.drop")
        self._more = Button("icon", "ph.dots-three")
        for button, name in ((self._chat, "chat"), (self._evaluate, "evaluate"),
                             (self._special, "specialise"), (self._distil, "distil")):  # fmt: skip
            button.clicked.connect(lambda _=False, name=name: self._do(name))
        self._more.clicked.connect(self._open_menu)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        middle = column(
            row(self._title, self._tag, self._origin, STRETCH, spacing=8), self._facts, 6,
            row(self._chat, self._evaluate, self._special, self._distil, self._more, STRETCH),
            STRETCH, spacing=6,
        )  # fmt: skip
        self._seal_box = holder(column(self._seal, row(STRETCH, self._seal_date, STRETCH), STRETCH))
        return frame(
            row(self._cover, 8, (middle, 1), self._seal_box, margins=(20, 16, 24, 12), spacing=12),
            surface="card",
        )

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        if version := payload.get("version"):
            self.context.selection.select_version(str(version))
        self._show()

    def retranslate(self) -> None:
        self._evaluate.set_text(self.tr("Evaluate"))
        self._special.set_text(self.tr("Specialise"))
        self._distil.set_text(self.tr("Distil"))
        self._more.set_hint(self.tr("More"))
        self._lineage_card.title.setText(self.tr("Its family"))
        self.graph.setAccessibleName(self.tr("Its family"))
        self._legend.retranslate()
        self._alone.setText(self.tr("Editions that come from this one will stand beside it."))
        self._colophon_card.retranslate()
        self._files_card.title.setText(self.tr("Files"))
        self._files_card.folder.set_text(self.tr("Open the folder"))
        self._files_card.sheet.set_text(self.tr("Data sheet"))
        self.use.retranslate()
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
            self.tr("imported")
            if manifest.imported
            else self.tr("from {name}").format(name=parent)
            if parent
            else self.tr("from scratch")
        )
        facts = [time.strftime("%Y-%m-%d", time.localtime(manifest.created))]
        facts += [
            self.tr("“{corpus}” read {count} times").format(
                corpus=pin.name, count=f"{measures.epochs * pin.weight:.1f}"
            )
            for pin in manifest.corpora[: manifest.own_corpora]
        ]
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
        fills = manifest.kind == "fill"
        self._chat.set_text(self.tr("Fill in blanks") if fills else self.tr("Chat with it"))
        for button in (self._chat, self._evaluate, self._special, self._distil):
            button.setEnabled(entry.problem is None)
        self._show_family(entry)
        self._colophon_card.show_entry(entry)
        self._show_exports()
        self._files_card.show_files(entry.path)
        if not same or not self._note.hasFocus():
            self._note.blockSignals(True)
            if self._note.toPlainText() != manifest.note:
                self._note.setPlainText(manifest.note)
            self._note.blockSignals(False)
        self.guide_changed.emit()

    def _show_family(self, entry: VersionEntry) -> None:
        """The whole tree that the version belongs to."""
        nodes = family_nodes(self.context.versions.list(), entry.id)
        self.graph.show_nodes(nodes, entry.id)
        alone = len(nodes) == 1
        self._legend.setVisible(not alone)
        self._alone.setVisible(alone)

    def _show_exports(self) -> None:
        entry = self._entry
        if entry is None:
            return
        possible = possible_forms(entry)
        exchange = self.context.exchange
        self.use.show_forms(possible, {form: exchange.state(entry.id, form) for form in possible})

    def _on_exchange(self, version_id: str) -> None:
        if self._entry is not None and self._entry.id == version_id:
            self._show_exports()

    # ---- acting ------------------------------------------------------------------------------

    def _do(self, name: str) -> None:
        if name == "compare":
            self._compare()
        elif self._entry is not None:
            self.context.navigator.go("action", name=name, version=self._entry.id)

    def _show_sheet(self) -> None:
        """What is known of the text that it was trained on."""
        if self._entry is None:
            return
        try:
            text = (self._entry.path / SHEET).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            self.context.navigator.go("say", text=explain(error), tone="shu")
            return
        title = self.tr("Data sheet of “{name}”").format(name=self._entry.manifest.title)
        SheetDialog(self, title, text).open()

    def _on_use(self, form: str) -> None:
        if form == "python":
            self._copy_snippet()
        elif self._entry is not None:
            self.context.navigator.go(
                "action", name=f"export_{form}", version=self._entry.id, kind=self.use.quantisation
            )

    def _open_menu(self) -> None:
        entry = self._entry
        if entry is None:
            return
        menu = QMenu(self)
        lines = [
            (self.tr("Train it further"), "continue"), (self.tr("Compare with…"), "compare"),
            (self.tr("Reproduce it…"), "reproduce"), (self.tr("Rename…"), "rename"),
            (self.tr("Show in folder"), "folder"), (self.tr("Move to trash"), "remove"),
        ]  # fmt: skip
        if entry.manifest.adapter is not None:
            lines.insert(2, (self.tr("Merge into a whole version…"), "merge"))
        for text, name in lines:
            menu.addAction(text, lambda name=name: self._do(name))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _compare(self) -> None:
        entry = self._entry
        if entry is None:
            return
        others = [e for e in self.context.versions.list() if e.problem is None and e.id != entry.id]
        if not others:
            text = self.tr("There is no other version to compare it with yet.")
            self.context.navigator.go("say", text=text, tone="info")
            return
        CompareDialog(self.window(), entry, others).open()

    def _copy_colophon(self) -> None:
        if self._entry is not None:
            facts = self._colophon_card.facts(self._entry)
            QGuiApplication.clipboard().setText(copied(self._entry.manifest.title, facts))
            self.context.navigator.go("say", text=self.tr("The colophon is in the clipboard"))

    def _copy_snippet(self) -> None:
        if self._entry is not None:
            fills = self._entry.manifest.kind == "fill"
            kind = "AutoModelForMaskedLM" if fills else "AutoModelForCausalLM"
            text = _SNIPPET.format(path=str(self._entry.path), kind=kind)
            QGuiApplication.clipboard().setText(text)
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
                    ).format(
                        corpus=" · ".join(dict.fromkeys(pin.name for pin in manifest.corpora))
                    ),
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
