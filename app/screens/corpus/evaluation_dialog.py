"""What of the user's evaluation sets is in the text that is trained on, with both places."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.formatting import grouped, share
from app.screens.corpus.drop_zone import DropZone
from app.screens.corpus.record_table import Column, Record, RecordTable
from app.screens.corpus.text_place import TextPlace
from app.widgets.ask import ask_files, ask_folder
from app.widgets.controls import Button, IconLabel, Label, Meter
from app.widgets.dialog import LargeDialog
from app.widgets.layout import STRETCH, column, holder, row
from core.corpus.differences import Pieces
from core.corpus.manifest import CorpusManifest
from core.engine.record import JobRecord

_SHOWN_SETS = 4
"""Where the items that were found stand below; the rest scrolls."""
_AROUND_SETS = 220
"""Pixels of the dialog above and below the sets, where nothing was found."""
EXCERPT = 400
"""Characters of an item or a document in a report (core.corpus.contamination, which needs numpy)."""


class EvaluationDialog(LargeDialog):
    """`search_wanted(paths)` and `stop_wanted` are done elsewhere; `show_report` and `show_run` tell
    what became of them."""

    search_wanted = Signal(list)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget, manifest: CorpusManifest) -> None:
        super().__init__(parent, 1040, 720)
        self._manifest = manifest
        self.files, self.folder = (
            Button("secondary", "ph.files"),
            Button("secondary", "ph.folder-open"),
        )
        self.files.clicked.connect(
            lambda: ask_files(self, self.tr("Choose evaluation sets"), self.search_wanted.emit)
        )
        self.folder.clicked.connect(
            lambda: ask_folder(
                self,
                self.tr("Choose a folder of evaluation sets"),
                lambda path: self.search_wanted.emit([path]),
            )
        )
        self.sets = RecordTable(self._set_columns())
        self.matches = RecordTable(self._match_columns())
        self.left, self.right = TextPlace(), TextPlace()
        self._pair = holder(row((self.left, 1), (self.right, 1), spacing=12))
        self._told = Label("", wrap=True)
        self._nothing = holder(column(STRETCH))
        self._invitation, self._where = Label("head"), Label("body2", wrap=True)
        for label in (self._invitation, self._where):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        icon = row(STRETCH, IconLabel("ph.download-simple", 32, "aiText"), STRETCH)
        self._drop = DropZone(
            column(STRETCH, icon, self._invitation, self._where, STRETCH, spacing=8)
        )
        self._drop.paths_dropped.connect(self.search_wanted)
        self._build_progress()
        self.sets.record_chosen.connect(self._show_set)
        self.matches.record_chosen.connect(self._show_match)
        self.build(
            self._progress, self._told, self.sets, (self.matches, 3), (self._pair, 4), (self._nothing, 1),
            (self._drop, 1),
            buttons=(self.folder, self.files),
        )  # fmt: skip
        self._order_keys()
        self._retranslate()
        self.show_report(None)
        self.files.setFocus()

    def _order_keys(self) -> None:
        """Tab goes from above to below, as the eye does."""
        stops = (
            self.stop, self.sets, self.matches, self.left.text, self.right.text, self.close_button,
            self.folder, self.files,
        )  # fmt: skip
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)

    def _build_progress(self) -> None:
        self._meter, self._share = Meter(), Label("small")
        self.stop = Button("small", "ph.stop-fill")
        self.stop.clicked.connect(self.stop_wanted)
        self._progress = holder(row((self._meter, 1), self._share, self.stop, spacing=10))
        self._progress.setVisible(False)

    def _set_columns(self) -> list[Column]:
        return [
            Column(lambda r: str(r["name"]), hint=lambda r: str(r["path"])),
            Column(lambda r: grouped(r["items"]), 110, right=True),
            Column(lambda r: grouped(r["found"]), 110, right=True),
            Column(lambda r: grouped(r["short"]), 130, right=True),
        ]

    def _match_columns(self) -> list[Column]:
        return [
            Column(lambda r: grouped(r["item"]), 76, right=True),
            Column(lambda r: " ".join(str(r["text"]).split())),
            Column(_place, 300),
            Column(lambda r: share(float(r["share"]), 0), 96, right=True),
        ]

    def _retranslate(self) -> None:
        name = self._manifest.name
        self.set_title(self.tr("Evaluation sets in “{name}”").format(name=name))
        self.intro.setText(self.tr("A model that has read the questions is not tested by them. Choose the files that models shall be measured with: tables, JSON, or text with one item on each line. What both have is marked; what was reworded or translated is not found."))  # fmt: skip
        self.sets.setAccessibleName(self.tr("Evaluation sets"))
        self.sets.set_heads([
            self.tr("Evaluation set"), self.tr("Items"), self.tr("Found"), self.tr("Too short"),
        ])  # fmt: skip
        self.matches.setAccessibleName(self.tr("Items that were found"))
        self.matches.set_heads([
            self.tr("Item"), self.tr("Text"), self.tr("Where it is"), self.tr("Overlap"),
        ])  # fmt: skip
        self._retranslate_invitation(searching=False)
        self.files.set_text(self.tr("Files…"))
        self.folder.set_text(self.tr("Folder…"))
        self.stop.set_text(self.tr("Stop"))

    def _retranslate_invitation(self, searching: bool) -> None:
        if searching:
            self._invitation.setText(self.tr("The sets are compared with the corpus…"))
            self._where.setText("")
        else:
            self._invitation.setText(self.tr("Drop evaluation sets here"))
            self._where.setText(self.tr("or choose them with the buttons below. They are only compared, not added to the corpus."))  # fmt: skip

    # ---- a search ----------------------------------------------------------------------------

    def show_run(self, record: JobRecord | None) -> None:
        """The search that goes on; None or one that has ended: there is none."""
        active = record is not None and record.active
        self._progress.setVisible(active)
        for button in (self.files, self.folder):
            button.setEnabled(not active)
        self._drop.setEnabled(not active)
        self._retranslate_invitation(active)
        if record is None:
            return
        self.tell(record.error)
        progress = record.progress
        done = progress.done / progress.total if progress and progress.total else 0.0
        self._meter.set_value(done)
        self._share.setText(share(done, 0))

    # ---- a report ----------------------------------------------------------------------------

    def show_report(self, report: dict[str, Any] | None) -> None:
        """As the library worker's "evaluation_sets" has it."""
        suites: list[Record] = report["suites"] if report else []
        self._drop.setVisible(report is None)
        self.sets.setVisible(bool(suites))
        self.sets.setFixedHeight(self.sets.height_of(self._rows_of(suites)))
        self._told.setText(self._words(report))
        self._told.setVisible(report is not None)
        self.sets.begin(len(suites), suites)
        if suites:
            first = next((n for n, one in enumerate(suites) if one["matches"]), 0)
            self.sets.selectRow(first)
            if self.focusWidget() is self.files:  # Where the dialog began, before the report came.
                self.sets.setFocus()
        else:
            self._show_set({})
        self._nothing.setVisible(self._nothing.isVisibleTo(self) and report is not None)

    def _rows_of(self, suites: list[Record]) -> int:
        """How many sets are seen at once: where nothing was found they have the room of the places."""
        if any(one["matches"] for one in suites):
            return min(len(suites), _SHOWN_SETS)
        high = self.sets.height_of(2) - self.sets.height_of(1)
        return min(len(suites), max(_SHOWN_SETS, (self.height() - _AROUND_SETS) // high))

    def _words(self, report: dict[str, Any] | None) -> str:
        if report is None:
            return ""
        found = sum(int(one["found"]) for one in report["suites"])
        items = sum(int(one["items"]) for one in report["suites"])
        texts = (
            self.tr("None of the {items} items is in the {documents} documents that are trained on."),
            self.tr("1 of the {items} items is in the {documents} documents that are trained on."),
            self.tr("{found} of the {items} items are in the {documents} documents that are trained on."),
        )  # fmt: skip
        return texts[min(found, 2)].format(
            found=grouped(found), items=grouped(items), documents=grouped(int(report["documents"]))
        )

    def _show_set(self, suite: Record) -> None:
        matches: list[Record] = suite.get("matches", [])
        for part in (self.matches, self._pair):
            part.setVisible(bool(matches))
        self._nothing.setVisible(not matches)
        self.matches.setMaximumHeight(self.matches.height_of(max(1, len(matches))))
        self.matches.begin(len(matches), matches)

    def _show_match(self, match: Record) -> None:
        if match:
            number = self.tr("item {number}").format(number=grouped(match["item"]))
            both = (
                (self.left, self.tr("Evaluation set"), number, "text", "marks"),
                (self.right, self.tr("Corpus"), _place(match), "excerpt", "excerpt_marks"),
            )
            for place, head, where, text, marks in both:
                pieces = _pieces(str(match[text]), match.get(marks) or [])
                place.show_text(head, where, pieces, "same")


def _pieces(text: str, marks: list[list[int]]) -> Pieces:
    """The text with the runs that both have marked; one that was cut for the report ends so that it is
    seen."""
    pieces, place = Pieces(), 0
    for start, end in marks:
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    rest = text[place:] + ("…" if len(text) >= EXCERPT else "")
    return [piece for piece in [*pieces, (rest, False)] if piece[0]]


def _place(match: Record) -> str:
    """The file below its source, and the text in it."""
    file, title = str(match["place"]), str(match["title"])
    return file if not title or title in file else f"{file} · {title}"
