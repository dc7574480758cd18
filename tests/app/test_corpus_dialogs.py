"""Dialogs of the Corpus tab with an answering library worker: copies, columns, export, data sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.screens.corpus.duplicates_dialog import DuplicatesDialog
from app.screens.corpus.export_dialog import ExportDialog
from app.screens.corpus.mapping_dialog import MappingDialog
from app.screens.corpus.screen import CorpusScreen
from app.widgets.sheet_dialog import SheetDialog
from app.window import Window
from core.corpus.manifest import CorpusManifest, Source, Totals
from core.jobs.kinds import CorpusExportJob
from core.sentences import Sentence
from tests.app.support import named, press, question, shown, until

MANIFEST = CorpusManifest(
    id="i", name="Letters", created=0, changed=0, snapshot="s",
    sources=[Source(path="/home/m/letters", is_folder=True)],
    totals=Totals(documents=100, train_documents=90, heldout_documents=10, characters=5000),
)  # fmt: skip


class Worker:
    """Answers as the library worker does, and remembers what was asked; holds answers back when told."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[tuple[str, dict[str, Any]]]()
        self.held: list[Any] | None = None

    def __call__(
        self, operation: str, params: dict[str, Any], done: Any, failed: Any = None
    ) -> None:
        self.asked.append((operation, params))
        answer = self.answers[operation]
        answer = answer(params) if callable(answer) else answer
        reply = (lambda: failed(answer)) if isinstance(answer, Sentence) else lambda: done(answer)
        if self.held is None:
            reply()
        else:
            self.held.append(reply)


def words(root: QWidget) -> str:
    return "\n".join(label.text() for label in shown(root, QLabel))


# ---- copies ---------------------------------------------------------------------------------------


def copies(params: dict[str, Any]) -> dict[str, Any]:
    """250 near copies, page by page."""
    rows = [
        {"kind": "near", "source": f"/home/m/letters/{n}.txt", "title": f"{n}.txt", "part": 0,
         "of_source": "/home/m/letters/old.jsonl", "of_title": "first", "of_part": 2,
         "similarity": 0.93, "characters": 1234, "excerpt": "🦊 an old fox", "of_excerpt": "🦊 an old ox"}
        for n in range(250)
    ]  # fmt: skip
    total = 0 if params.get("kind") == "exact" else 250
    offset, count = params["offset"], params["count"]
    return {
        "listed": True, "counts": {"exact": 0, "near": 250, "paragraphs": 0}, "total": total,
        "duplicates": rows[offset : offset + count] if total else [],
    }  # fmt: skip


def test_copies_are_listed_page_by_page_with_both_places(qtbot: QtBot, parent: QWidget) -> None:
    worker = Worker(duplicates=copies)
    dialog = DuplicatesDialog(parent, MANIFEST, worker)
    dialog.open()
    assert "letters/0.txt" in words(dialog)
    assert "letters/old.jsonl · first (3)" in words(dialog)
    marked = [s.cursor.selectedText() for s in dialog.left.text.extraSelections()]  # type: ignore[attr-defined]
    assert marked == ["f"]
    assert dialog.table.records.rowCount() == 100
    dialog.table.scrollToBottom()
    qtbot.waitUntil(lambda: dialog.table.records.rowCount() == 200)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert "letters/1.txt" in words(dialog)
    press(qtbot, dialog, "Whole texts 0")
    assert worker.asked[-1][1]["kind"] == "exact"
    assert "No copies of this kind were found." in words(dialog)
    dialog.reject()


def test_a_corpus_without_a_list_of_copies_says_what_to_do(parent: QWidget) -> None:
    nothing = {"listed": False, "counts": {}, "total": 0, "duplicates": []}
    dialog = DuplicatesDialog(parent, MANIFEST, Worker(duplicates=nothing))
    dialog.open()
    assert "Read it again to see them here." in words(dialog)
    dialog.reject()


def test_an_answer_that_comes_after_closing_and_a_fault_do_no_harm(
    qtbot: QtBot, parent: QWidget
) -> None:
    worker = Worker(duplicates=copies)
    worker.held = []
    dialog = DuplicatesDialog(parent, MANIFEST, worker)
    dialog.open()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    for reply in worker.held:
        reply()
    broken = Sentence("Errors", "It is damaged.")
    dialog = DuplicatesDialog(parent, MANIFEST, Worker(duplicates=broken))
    dialog.open()
    assert "It is damaged." in words(dialog)
    dialog.reject()


# ---- columns --------------------------------------------------------------------------------------


def recognised(params: dict[str, Any]) -> dict[str, Any]:
    mapping = params.get("mapping") or {"messages": "talk", "role": "from", "content": "value"}
    fault = Sentence("Verdicts", "line {number}", {"number": 7})
    return {
        "shape": "sharegpt", "rows": 1234, "mapping": mapping,
        "columns": [{"name": name, "example": f"a {name}"} for name in ("talk", "q", "a")],
        "example": [
            {"role": "user", "text": "<b>Who?</b>", "trained": False},
            {"role": "assistant", "text": "Me.", "trained": True},
        ],
        "faults": [fault.to_json()] if "prompt" in mapping else [],
    }  # fmt: skip


def test_columns_are_changed_seen_and_read_so(qtbot: QtBot, parent: QWidget) -> None:
    worker = Worker(recognise=recognised)
    dialog = MappingDialog(parent, "/home/m/talk.jsonl", "Letters", worker)
    dialog.open()
    assert "Recognised: ShareGPT · 1,234 rows" in words(dialog)
    assert "&lt;b&gt;Who?" in words(dialog)
    assert named(dialog, "assistant (learnt): Me.")
    assert not dialog.good.isEnabled()
    form = dialog.form
    form.kind.setCurrentIndex(form.kind.findData("answers"))
    form.kind.activated.emit(form.kind.currentIndex())
    assert not dialog.good.isEnabled()
    qtbot.waitUntil(lambda: "Choose a column for each of them" in words(dialog))
    for role, name in (("prompt", "q"), ("answer", "a")):
        combo = form.columns[role]
        combo.setCurrentIndex(combo.findData(name))
        combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(dialog.good.isEnabled)
    assert worker.asked[-1][1]["mapping"] == {"prompt": "q", "answer": "a"}
    assert "line 7" in words(dialog)
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.good.click()
    assert wanted.args == ["/home/m/talk.jsonl", {"prompt": "q", "answer": "a"}]


def test_the_example_is_shown_in_tokens_where_the_corpus_has_some(
    qtbot: QtBot, parent: QWidget
) -> None:
    cells = [
        {"text": "<|im_start|>", "trained": False, "special": True},
        {"text": "Me", "trained": True, "special": False},
    ]

    def answer(params: dict[str, Any]) -> dict[str, Any]:
        return {**recognised(params), "cells": cells, "more": True}

    dialog = MappingDialog(parent, "/x.jsonl", "Letters", Worker(recognise=answer))
    dialog.open()
    assert "more than 1,234 rows" in words(dialog)
    shown_cells = dialog._tokens.cells()
    assert [bool(cell.get("masked")) for cell in shown_cells] == [True, False]
    assert "Who?" not in words(dialog)
    press(qtbot, dialog, "Turns")
    assert "Who?" in words(dialog)
    dialog.reject()


def test_what_no_columns_can_say_is_read_as_it_is_recognised(parent: QWidget) -> None:
    def answer(params: dict[str, Any]) -> dict[str, Any]:
        return {**recognised(params), "shape": "oasst", "mapping": params.get("mapping", {})}

    dialog = MappingDialog(parent, "/x.jsonl", "Letters", Worker(recognise=answer))
    dialog.open()
    assert dialog.form.kind.currentData() == "auto"
    assert dialog.form.mapping() == {}
    assert not dialog.good.isEnabled()
    assert "OpenAssistant" in words(dialog)
    dialog.reject()


def test_the_keys_of_turns_stay_with_their_column(parent: QWidget) -> None:
    dialog = MappingDialog(parent, "/x.jsonl", "Letters", Worker(recognise=recognised))
    dialog.open()
    assert dialog.form.mapping() == {"messages": "talk", "role": "from", "content": "value"}
    dialog.reject()


# ---- export ---------------------------------------------------------------------------------------


def test_the_form_and_the_side_are_chosen_and_nothing_is_overwritten(
    qtbot: QtBot, parent: QWidget, tmp_path: Path
) -> None:
    (tmp_path / "Letters.txt").write_text("mine")
    dialog = ExportDialog(parent, MANIFEST)
    dialog.open()
    qtbot.keyClick(dialog.choices["text"], Qt.Key.Key_Space)
    dialog.sides.button(2).click()
    assert "10 documents" in words(dialog)
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.take(str(tmp_path))
    assert wanted.args == [
        CorpusExportJob(
            corpus="Letters", to=str(tmp_path / "Letters 2.txt"), format="text", side="heldout",
            one_file=True,
        )
    ]  # fmt: skip


def test_without_unseen_text_there_is_nothing_to_choose(parent: QWidget) -> None:
    totals = Totals(documents=3, train_documents=3)
    dialog = ExportDialog(parent, MANIFEST.model_copy(update={"totals": totals}))
    assert not dialog.sides.button(2).isEnabled()
    dialog.reject()


# ---- data sheet -----------------------------------------------------------------------------------


def test_a_sheet_fetches_nothing_and_runs_nothing(
    qtbot: QtBot, parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "x.png").write_bytes(b"")
    text = f"# Sheet\n\n| | |\n|---|---|\n| a | b |\n\n![p](file://{tmp_path}/x.png) <script>no()</script> [l](http://example.org)\n"
    asked: list[str] = []
    monkeypatch.setattr(
        QTextDocument, "loadResource", lambda self, kind, name: asked.append(name.toString())
    )
    dialog = SheetDialog(parent, "Sheet", text)
    dialog.open()
    QApplication.processEvents()
    plain = dialog.view.toPlainText()
    assert "Sheet" in plain
    assert not dialog.view.openLinks()
    assert dialog.view.loadResource(2, "file:///etc/passwd") is None  # type: ignore[arg-type]
    dialog.copy.click()
    assert QApplication.clipboard().text() == text
    dialog.reject()


# ---- in the window --------------------------------------------------------------------------------


def test_the_menu_of_a_corpus_opens_its_sheet_and_exports_its_texts(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    window.go("corpus")
    menu = QMenu(screen)
    screen.page.menu_opening.emit(menu)
    acts = {action.text(): action for action in menu.actions()}
    acts["Data sheet…"].trigger()
    sheet = question(window)
    assert isinstance(sheet, SheetDialog)
    until(qtbot, lambda: "Data sheet: Stories" in sheet.view.toPlainText())
    sheet.reject()
    acts["Copies that were found…"].trigger()
    copies = question(window)
    assert isinstance(copies, DuplicatesDialog)
    copies.reject()
    acts["Export…"].trigger()
    export = question(window)
    assert isinstance(export, ExportDialog)
    export.take(str(tmp_path))
    until(qtbot, lambda: (tmp_path / "Stories.jsonl").is_file())
    until(qtbot, lambda: "are exported" in window.status._text.full_text())


def test_a_version_shows_the_sheet_of_its_text(qtbot: QtBot, window: Window) -> None:
    window.context.navigator.go("version", version=window.context.versions.list()[0].id)
    screen = window.screen_named("version")
    press(qtbot, screen, "Data sheet")
    sheet = question(window)
    assert isinstance(sheet, SheetDialog)
    assert "Data sheet: Stories" in sheet.view.toPlainText()
    sheet.reject()
