"""One corpus: its sources, figures, cleaning and a preview."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from app.formatting import amount, amount_text, compact, grouped, share
from app.screens.corpus.cleaning_card import CleaningCard
from app.screens.corpus.cleaning_sheet import CleaningSheet
from app.screens.corpus.drop_zone import DropZone
from app.screens.corpus.preview_card import PreviewCard
from app.screens.corpus.sources_card import SourcesCard
from app.screens.corpus.statistics_card import StatisticsCard
from app.theme.palette import active
from app.widgets.controls import Banner, Button, ElidedLabel, IconLabel, Label, StatCard
from app.widgets.layout import STRETCH, column, holder, row, scroll
from core.corpus.manifest import CorpusManifest
from core.planning.dial import suitable_parameters

_NARROW, _RIGHT, _RIGHT_NARROW = 760, 276, 248
"""Pixels: below how many of the page the cards at the right get fewer."""
_MARGIN = 16
_LEAST_PREVIEW = 206
"""Pixels: the preview, and the room above it."""


class CorpusPage(QWidget):
    """Shows a manifest; emits what the user wants."""

    folder_wanted = Signal()
    files_wanted = Signal()
    paste_wanted = Signal()
    paths_dropped = Signal(list)
    train_wanted = Signal()
    corpus_chosen = Signal(str)
    new_wanted = Signal()
    rename_wanted = Signal()
    remove_wanted = Signal()
    menu_opening = Signal(object)
    """The menu of tools, before it opens: what can be seen and done with the corpus is added."""
    export_wanted = Signal()
    refresh_wanted = Signal()
    """Read what is new or changed in the folders."""

    def __init__(self) -> None:
        super().__init__()
        self.sources = SourcesCard()
        self.preview = PreviewCard()
        self.statistics = StatisticsCard()
        self.cleaning = CleaningCard()
        self.notice = Banner("ph.warning", "warn")
        self.notice.setVisible(False)
        self._news = Banner("ph.arrows-clockwise")
        self._news.setVisible(False)
        self._refresh = Button("accent", "ph.arrows-clockwise")
        self._refresh.clicked.connect(self.refresh_wanted)
        self._news.add_button(self._refresh)
        for banner in (self.notice, self._news):
            banner.set_low()
        self._found: dict[str, Any] = {}
        self._trainable = False
        self._cards = [StatCard() for _ in range(4)]
        self._names: list[str] = []
        self._manifest: CorpusManifest | None = None
        self._right = holder(column(self.statistics, (self.cleaning, 1), spacing=12))
        left = holder(column(self.sources, (self.preview, 1), spacing=12))
        self._content = _Content()
        self._content.changed.connect(self._share_room)
        self._below = holder(row((left, 1), self._right, spacing=12))
        self._content.setLayout(
            column(
                self._build_head(),
                self.notice,
                self._news,
                self._build_strip(),
                row(*[(card, 1) for card in self._cards], spacing=12),
                (self._below, 1),
                margins=_MARGIN,
                spacing=12,
            )
        )
        self.setLayout(column(scroll(self._content)))
        self.cleaning.changed.connect(self._allow_training)
        self.cleaning.sheet_opened.connect(self._show_text_in)

    def _build_head(self) -> QWidget:
        self._title = ElidedLabel("display")
        self._subtitle = Label("body2")
        self._more = Button("icon", "ph.caret-down")
        self._export = Button("secondary", "ph.export")
        self._export.clicked.connect(self.export_wanted)
        self._tools = Button("secondary", "ph.wrench")
        self._tools.clicked.connect(self._open_tools)
        self._train = Button("primary", "ph.arrow-right", trailing=True)
        self._train.clicked.connect(self.train_wanted)
        self._more.clicked.connect(self._open_menu)
        self._subtitle.setContentsMargins(0, 6, 0, 0)
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        line = row(
            self._title,
            self._more,
            self._subtitle,
            STRETCH,
            12,
            self._tools,
            2,
            self._export,
            2,
            self._train,
            spacing=6,
        )
        return holder(line)

    def _build_strip(self) -> DropZone:
        self._invitation = Label()
        self._folder = Button("small", "ph.folder-open")
        self._files = Button("small", "ph.file-text")
        self._paste = Button("small", "ph.clipboard-text")
        self._folder.clicked.connect(self.folder_wanted)
        self._files.clicked.connect(self.files_wanted)
        self._paste.clicked.connect(self.paste_wanted)
        strip = DropZone(
            row(
                IconLabel("ph.download-simple", 18, "aiText"), (self._invitation, 1), self._folder,
                self._files, self._paste, margins=(16, 6, 10, 6),
            ),
            radius=10,
        )  # fmt: skip
        strip.setFixedHeight(44)
        strip.paths_dropped.connect(self.paths_dropped)
        return strip

    def show_manifest(self, manifest: CorpusManifest, names: list[str], trainable: bool) -> None:
        """`names`: all corpora, for the menu. `trainable`: it has been read."""
        self._manifest = manifest
        self._names = names
        self._trainable = trainable
        for button in (self._tools, self._export):
            button.setVisible(bool(manifest.snapshot))
        self.sources.set_allowed(searchable=bool(manifest.snapshot), changeable=trainable)
        codes = sorted(manifest.languages, key=lambda code: -manifest.languages[code])
        named = {code: self.sources.model.language_name(code) for code in codes}
        self.cleaning.show_manifest(manifest, named)
        self._allow_training()
        self._retranslate_manifest()

    def show_news(self, found: dict[str, Any]) -> None:
        """How many files are {new, changed, gone} since the corpus was read; {} hides it."""
        self._found = found
        self._news.setVisible(any(found.get(key) for key in ("new", "changed", "gone")))
        self._retranslate_news()

    def _show_text_in(self, sheet: CleaningSheet) -> None:
        """The text of the preview, which the sheet may cover."""

        def show() -> None:
            sheet.show_text(self.preview.name(), self.preview.cells())

        following = self.preview.text_shown.connect(show)
        sheet.finished.connect(lambda _: self.preview.text_shown.disconnect(following))
        show()

    def _allow_training(self) -> None:
        """What is shown as chosen must be what is trained on."""
        changed = self.cleaning.is_changed()
        self._train.setEnabled(self._trainable and not changed)
        self._train.setToolTip(
            self.tr("Read it again with the changed cleaning first, or undo the changes")
            if changed else ""
        )  # fmt: skip

    def _retranslate_news(self) -> None:
        found = self._found
        parts = [
            (found.get("new"), self.tr("1 new file"), self.tr("{count} new files")),
            (found.get("changed"), self.tr("1 changed file"), self.tr("{count} changed files")),
            (found.get("gone"), self.tr("1 file gone"), self.tr("{count} files gone")),
        ]
        told = [
            one if count == 1 else several.format(count=grouped(count))
            for count, one, several in parts if count
        ]  # fmt: skip
        text = self.tr("Since it was read: {changes}").format(changes=self.tr(", ").join(told))
        self._news.text.setText(text)
        self._news.setToolTip("\n".join(found.get("names", ())))

    def retranslate(self) -> None:
        self._invitation.setText(self.tr("Drop here to add more"))
        self._folder.set_text(self.tr("Folder…"))
        self._files.set_text(self.tr("Files…"))
        self._paste.set_text(self.tr("Paste"))
        self._export.set_text(self.tr("Export…"))
        self._tools.set_text(self.tr("Tools"))
        self._tools.setToolTip(
            self.tr("Tokenizer laboratory, copies that were found, evaluation sets, data sheet")
        )
        self._train.set_text(self.tr("Train on this"))
        self._more.set_hint(self.tr("Other corpora, rename, remove"))
        self._refresh.set_text(self.tr("Read them"))
        self._retranslate_news()
        labels = (
            (self.tr("Characters"), self.tr("After cleaning and merging duplicates")),
            (
                self.tr("Documents"),
                self.tr("Separate texts: files, or rows of tables and JSON Lines files"),
            ),
            (self.tr("Tokens"), self.tr("Pieces that the model reads one at a time")),
            (
                self.tr("Suits a model of"),
                self.tr("Sizes that this much text can fill in about four passes"),
            ),
        )
        for card, (label, hint) in zip(self._cards, labels, strict=True):
            card.label.setText(label)
            card.set_hint(hint)
        for part in (self.sources, self.preview, self.statistics, self.cleaning):
            part.retranslate()
        self._retranslate_manifest()

    def _retranslate_manifest(self) -> None:
        manifest = self._manifest
        if manifest is None:
            return
        totals = manifest.totals
        self._title.set_full_text(manifest.name)
        count = len(manifest.sources)
        words = self.tr("corpus · 1 source") if count == 1 else self.tr("corpus · {count} sources")
        self._subtitle.setText(words.format(count=count))
        characters, documents, tokens, suits = self._cards
        figure, word = amount(totals.characters) if manifest.snapshot else ("—", "")
        characters.value.setText(figure)
        characters.unit.setText(word)
        whole = grouped(manifest.totals.documents) if manifest.snapshot else "—"
        documents.value.setText(whole)
        documents.note.setText(self._unseen_words(manifest) if manifest.snapshot else "")
        figure, word = amount(totals.tokens)
        tokens.value.setText(figure if totals.tokens else "—")
        tokens.unit.setText(word)
        vocabulary = manifest.tokenizer.vocabulary if manifest.tokenizer else 0
        tokens.note.setText(
            self.tr("vocab {count}").format(count=grouped(vocabulary)) if vocabulary else ""
        )
        low, high = suitable_parameters(totals.train_tokens)
        suits.value.setText(f"{_short(low)}–{_short(high)}" if totals.train_tokens else "—")
        suits.unit.setText(self.tr("parameters") if totals.train_tokens else "")
        languages = [
            (self.sources.model.language_name(code), value)
            for code, value in sorted(manifest.languages.items(), key=lambda item: -item[1])
        ]
        self.statistics.show_statistics(languages, manifest.lengths, manifest.median_length)
        for card in self._cards:
            card.speak()

    def _unseen_words(self, manifest: CorpusManifest) -> str:
        totals = manifest.totals
        if manifest.heldout_by == "document":
            return self.tr("{count} kept unseen").format(count=grouped(totals.heldout_documents))
        kept = totals.heldout_bytes / max(1, totals.heldout_bytes + totals.train_bytes)
        return self.tr("{share} kept unseen").format(share=share(kept, 0))

    def manifest(self) -> CorpusManifest | None:
        """The corpus that is shown."""
        return self._manifest

    def summary(self) -> str:
        """For the guide: characters in words."""
        return amount_text(self._manifest.totals.characters) if self._manifest else "0"

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sources.show_width(self.width())
        self._share_room()
        self._share_width()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._share_width()

    def _share_width(self) -> None:
        """The cards at the right grow with their text."""
        wide = _RIGHT if self.width() >= _NARROW * active.scale else _RIGHT_NARROW
        self._right.setFixedWidth(round(wide * active.scale))

    def _share_room(self) -> None:
        """The table scrolls by itself before the page does."""
        layout = self._content.layout()
        if layout is not None:
            above = layout.minimumSize().height() - self._below.minimumSizeHint().height()
            self.sources.show_height(self.height() - above - _LEAST_PREVIEW)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for name in self._names:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(self._manifest is not None and name == self._manifest.name)
            action.triggered.connect(lambda _=False, name=name: self.corpus_chosen.emit(name))
        menu.addSeparator()
        menu.addAction(self.tr("New corpus…"), self.new_wanted.emit)
        menu.addAction(self.tr("Rename…"), self.rename_wanted.emit)
        menu.addAction(self.tr("Move to trash"), self.remove_wanted.emit)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _open_tools(self) -> None:
        menu = QMenu(self)
        self.menu_opening.emit(menu)
        menu.popup(self._tools.mapToGlobal(self._tools.rect().bottomLeft()))


class _Content(QWidget):
    """Scrolls where what it must have has no room. By itself Qt asks a page with sentences that wrap
    for what it would like to have. `changed`: something in it takes another room."""

    changed = Signal()

    def event(self, event: QEvent) -> bool:
        taken = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.changed.emit()
        return taken

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else -1


def _short(parameters: float) -> str:
    return compact(parameters).replace(".0", "")
