"""The evaluation tab: choose versions and texts, measure, read what it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QWidget

from app.context import AppContext
from app.formatting import is_japanese
from app.messages import explain, translate
from app.screen import GuideCard, Screen
from app.screens.evaluation.gap_chart import GapChart
from app.screens.evaluation.openings_card import OpeningsCard
from app.screens.evaluation.results import Line, corpus_name, heldout_paths, lines_of, text_name
from app.screens.evaluation.score_table import ScoreTable
from app.theme.palette import hex_of
from app.widgets.ask import ask_files
from app.widgets.controls import Banner, Button, Card, ElidedLabel, Label
from app.widgets.flow import FlowLayout
from app.widgets.layout import STRETCH, column, holder, row, scroll
from core.errors import PathMissing, TerakoyaError
from core.jobs.kinds import EvaluateJob
from core.versions.library import VersionEntry

MOST = 4


class EvaluationScreen(Screen):
    """Compares up to four versions; the shelf's selection is one of them."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._chosen: list[str] = []
        self._files: list[str] = []
        self._seed = 1
        self._run = ""
        self._result: dict[str, Any] | None = None
        self._lines: list[Line] = []
        self.setAcceptDrops(True)
        self._build()
        bridge = context.bridge
        bridge.versions_changed.connect(self._reload)
        bridge.run_changed.connect(self._on_run_changed)
        bridge.run_ended.connect(self._on_run_ended)
        context.selection.version_changed.connect(self._on_selected)
        self._on_selected(context.selection.version)

    def _build(self) -> None:
        self._title, self._subtitle = ElidedLabel("display"), Label("body2")
        self._subtitle.setContentsMargins(0, 6, 0, 0)
        self._add_text, self._measure = (
            Button("secondary", "ph.file-plus"),
            Button("primary", "ph.clipboard-text"),
        )
        self._notice = Banner("ph.warning", "warn")
        self._notice.setVisible(False)
        self._table_card = Card(margins=(16, 10, 12, 8), spacing=6)
        self._legend = Label("small")
        self._add_version = Button("small", "ph.plus")
        self._table_card.add_right(self._legend, 8, self._add_version)
        self.table = ScoreTable()
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, spacing=6)
        self._table_card.add(self.table, self._chips)
        self._gap_card = Card(margins=(16, 10, 12, 6), spacing=4)
        self._gap_legend = Label("small")
        for legend in (self._legend, self._gap_legend):
            legend.setTextFormat(Qt.TextFormat.RichText)
        self._gap_card.add_right(self._gap_legend)
        self.gap = GapChart()
        self._gap_card.add((self.gap, 1))
        self._means = Card(margins=(16, 10, 12, 10), spacing=6)
        self._verdict = Label(wrap=True)
        self._means.add(self._verdict, STRETCH)
        self.openings = OpeningsCard()
        self._middle: QBoxLayout = row((self._gap_card, 3), (self._means, 2), spacing=12)
        for card in (self._gap_card, self._means, self.openings, self._table_card):
            card.setMinimumWidth(240)
        content = holder(
            column(
                row((self._title, 1), self._subtitle, 12, self._add_text, self._measure),
                self._notice, self._table_card, (self._middle, 2), (self.openings, 3),
                margins=16, spacing=12,
            )
        )  # fmt: skip
        self.setLayout(column(scroll(content)))
        self._add_text.clicked.connect(self._choose_files)
        self._measure.clicked.connect(self.measure)
        self._add_version.clicked.connect(self._open_versions)
        self.openings.write_wanted.connect(self.measure)
        self.openings.reseed_wanted.connect(self._reseed)

    # ---- what the window asks ----------------------------------------------------------------

    def open(self, payload: dict[str, object]) -> None:
        if version := payload.get("version"):
            self._choose([str(version)])
        if payload.get("texts"):
            self.add_files([str(path) for path in payload["texts"]])  # type: ignore[attr-defined]

    def retranslate(self) -> None:
        self._add_text.set_text(self.tr("Add a text…"))
        self._add_text.setToolTip(self.tr("Any text file; you can also drop it here"))
        self._measure.set_text(self.tr("Measure"))
        self._table_card.title.setText(self.tr("Marks"))
        best, unclear = self.tr("best beyond doubt"), self.tr("no clear difference")
        self._legend.setText(
            f'<span style="color:{hex_of("best")}">◯</span> {best}&nbsp;&nbsp; <u>1.0</u> {unclear}'
        )
        self._add_version.set_text(self.tr("Versions"))
        self._gap_card.title.setText(self.tr("Learned? Or memorised?"))
        seen, unseen = self.tr("seen text"), self.tr("unseen text")
        self._gap_legend.setText(f"● {seen}&nbsp; ◇ {unseen}")
        self._means.title.setText(self.tr("What it means"))
        self.table.setAccessibleName(self.tr("Marks"))
        self.gap.setAccessibleName(self.tr("Learned? Or memorised?"))
        self.openings.retranslate()
        if not self.openings.opening.text():
            self.openings.opening.setText("むかし、" if is_japanese() else "One day, ")
        self._show()

    def restyle(self) -> None:
        self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < 640
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(direction)
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.add_files(paths)

    # ---- choosing ----------------------------------------------------------------------------

    def add_files(self, paths: list[str]) -> None:
        """Texts to measure on, beside the corpora's own unseen text."""
        gone = [path for path in paths if not Path(path).exists()]
        self._files += [path for path in paths if path not in gone and path not in self._files]
        self._files = self._files[-3:]
        if gone:
            self._say(explain(PathMissing(path=gone[0])))
        self._show()

    def _choose_files(self) -> None:
        ask_files(self, self.tr("Texts to test on"), self.add_files)

    def _choose(self, ids: list[str]) -> None:
        known = {entry.id for entry in self._usable()}
        self._chosen = [i for i in dict.fromkeys(ids) if i in known][:MOST]
        self._result = None
        self._show()

    def _on_selected(self, version_id: str) -> None:
        """The selected version and the one that it comes from."""
        if version_id and version_id not in self._chosen:
            entry = next((e for e in self._usable() if e.id == version_id), None)
            parents = [p.id for p in entry.manifest.parents] if entry else []
            self._choose([*reversed(parents), version_id])

    def _open_versions(self) -> None:
        menu = QMenu(self)
        for entry in self._usable():
            action = menu.addAction(f"v{entry.manifest.edition}  {entry.manifest.title}")
            action.setCheckable(True)
            action.setChecked(entry.id in self._chosen)
            action.setEnabled(entry.id in self._chosen or len(self._chosen) < MOST)
            action.triggered.connect(lambda on, i=entry.id: self._toggle(i, on))
        menu.popup(self._add_version.mapToGlobal(self._add_version.rect().bottomLeft()))

    def _toggle(self, version_id: str, on: bool) -> None:
        ids = [i for i in self._chosen if i != version_id]
        self._choose([*ids, version_id] if on else ids)

    def _usable(self) -> list[VersionEntry]:
        return [e for e in self.context.versions.list() if e.problem is None]

    def _reload(self) -> None:
        result = self._result
        self._choose(self._chosen or [self.context.selection.version])
        self._result = result
        self._show()

    # ---- measuring ---------------------------------------------------------------------------

    def measure(self) -> None:
        entries = [e for e in self._usable() if e.id in self._chosen]
        if not entries or self._busy():
            return
        config = EvaluateJob(
            versions=[e.name for e in entries], texts=self._files,
            opening=self.openings.opening.text().strip(), seed=self._seed,
        )  # fmt: skip
        try:
            title = ", ".join(e.manifest.title for e in entries)
            self._run = self.context.bridge.submit("evaluate", config, title)
        except TerakoyaError as error:
            self._say(explain(error))
            return
        self._notice.setVisible(False)
        self._show()

    def _reseed(self) -> None:
        self._seed += 1
        self.measure()

    def _busy(self) -> bool:
        record = self.context.bridge.record(self._run)
        return record is not None and record.active

    def _on_run_changed(self, run_id: str) -> None:
        if run_id == self._run:
            self._measure.setEnabled(bool(self._chosen) and not self._busy())

    def _on_run_ended(self, run_id: str) -> None:
        record = self.context.bridge.record(run_id)
        if record is None or run_id != self._run:
            return
        if record.error is not None:
            self._say(translate(record.error))
        elif record.result is not None:
            self._result = record.result
        self._show()

    def _say(self, text: str) -> None:
        self._notice.text.setText(text)
        self._notice.setVisible(True)

    # ---- showing -----------------------------------------------------------------------------

    def _show(self) -> None:
        entries = [e for e in self._usable() if e.id in self._chosen]
        entries.sort(key=lambda e: self._chosen.index(e.id))
        kept = {
            e.id: found[0] for e in entries if (found := self.context.versions.evaluations(e.id))
        }
        self._lines = lines_of(entries, self._result, kept)
        self.table.show_lines(self._lines)
        self.gap.show_lines(self._lines)
        self.openings.show_lines(self._lines)
        self._chips.setVisible(bool(self._files))
        self._chip_flow.clear()
        for path in self._files:
            chip = Button("small", "ph.x", trailing=True)
            chip.set_text(text_name(path))
            chip.setToolTip(self.tr("Do not test on {path}").format(path=path))
            chip.clicked.connect(lambda _=False, path=path: self._drop_file(path))
            self._chip_flow.addWidget(chip)
        busy = self._busy()
        self._measure.setEnabled(bool(entries) and not busy)
        self.openings.set_busy(busy or not entries)
        count = len(entries)
        if count == 1:
            self._title.set_full_text(
                self.tr("Testing {name}").format(name=entries[0].manifest.title)
            )
        elif count:
            self._title.set_full_text(self.tr("{count} versions compared").format(count=count))
        else:
            self._title.set_full_text(self.tr("No version to test yet"))
        self._subtitle.setText(self.tr("same text, same conditions") if count > 1 else "")
        self._verdict.setText("<br><br>".join(self._sentences()))
        self.guide_changed.emit()

    def _drop_file(self, path: str) -> None:
        self._files.remove(path)
        self._show()

    def _sentences(self) -> list[str]:
        """The results in plain words."""
        measured = [line for line in self._lines if line.of_kind("heldout")]
        if not measured:
            return [self.tr("Press “Measure”. The versions read text that they never saw; fewer bits per byte mean fewer surprises.")]  # fmt: skip
        found: list[str] = []
        fills = [line for line in measured if line.of_kind("heldout").pseudo]  # type: ignore[union-attr]
        mixed = bool(fills) and len(fills) < len(measured)
        if mixed:
            measured = [line for line in measured if line not in fills]
        paths = heldout_paths(measured)
        for path in paths:
            found.append(self._best_on(path, measured, len(paths) > 1))
        for line in sorted(measured, key=lambda line: -(line.gap or 0.0))[:1]:  # The widest gap.
            words, tone = self.gap.verdict(line)
            if words and tone in ("warn", "shu"):
                found.append(self.tr("<b>{name}</b> {verdict}: seen text costs it {gap} bits less than unseen. More text or fewer passes narrow this.").format(
                    name=line.entry.manifest.title, verdict=words, gap=f"{line.gap:.2f}"))  # fmt: skip
        if mixed:
            found.append(self.tr("Versions that fill in blanks are measured in another way: their figures cannot be compared with the others."))  # fmt: skip
        if len(paths) == 1:
            found.append(
                self.tr("Tested on the unseen part of “{corpus}”.").format(
                    corpus=corpus_name(paths[0])
                )
            )
        return found

    def _best_on(self, path: str, lines: list[Line], named: bool) -> str:
        """Who is best on an unseen text, which is `named` where there are several."""
        measured = [line for line in lines if path in line.scores]
        best = min(measured, key=lambda line: line.scores[path].bits)
        score, name = best.scores[path], best.entry.manifest.title
        if len(lines) == 1 and score.pseudo:
            told = self.tr("<b>{name}</b> guesses {share} % of the words that are hidden in unseen text ({bits} pseudo bits for each byte, ±{margin}).").format(
                name=name, share=f"{100 * (score.accuracy or 0.0):.0f}", bits=f"{score.bits:.2f}", margin=f"{score.margin:.2f}")  # fmt: skip
        elif len(lines) == 1:
            told = self.tr("<b>{name}</b> needs {bits} bits for each byte of unseen text (±{margin}).").format(
                name=name, bits=f"{score.bits:.2f}", margin=f"{score.margin:.2f}")  # fmt: skip
        elif score.best:
            told = self.tr("<b>{name}</b> is best on unseen text, by more than chance.").format(
                name=name
            )
        else:
            told = self.tr("<b>{name}</b> has the lowest figure, but the difference may be chance.").format(name=name)  # fmt: skip
        if not named:
            return told
        return self.tr("On “{corpus}”: {sentence}").format(corpus=corpus_name(path), sentence=told)

    # ---- guide -------------------------------------------------------------------------------

    def guide_cards(self) -> list[GuideCard]:
        return [
            GuideCard("ph.eye", self.tr("What was found"), " ".join(self._sentences()[:2])),
            GuideCard("ph.scales", self.tr("Learned or memorised?"), self.tr(
                "Who has <b>learned</b> does nearly as well on new text as on the text of the lesson. "
                "Who has <b>memorised</b> shines only on the old.")),
            GuideCard("ph.plus-minus", self.tr("“No difference” counts too"), self.tr(
                "Every figure has a margin (±). A red circle is given only where a version is better "
                "<b>beyond that margin</b>.")),
            GuideCard("ph.flag", self.tr("What comes next"), self.tr(
                "Chat with the best version, go on training it, or add text for the next edition.")),
        ]  # fmt: skip

    def guide_words(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Bits/byte"), self.tr("Bits needed for each byte of text: fewer mean fewer surprises.")),
            (self.tr("Interval"), self.tr("The true value lies between low and high with 95 % certainty.")),
            (self.tr("Pseudo bits/byte"), self.tr("For a version that fills in blanks: each token is hidden in turn and guessed from both sides.")),
            (self.tr("Memorised"), self.tr("Knows the lesson's text by heart, but not the language.")),
        ]  # fmt: skip
