"""Evaluation sets in the window: chosen, looked for, shown with both places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.screens.corpus.evaluation_dialog import EvaluationDialog
from app.screens.corpus.screen import CorpusScreen
from app.theme.manager import ThemeManager
from app.window import Window
from core.corpus.manifest import CorpusManifest
from core.corpus.store import Snapshot
from tests.app.support import press, question, shown, until

MANIFEST = CorpusManifest(id="i", name="Letters", created=0, changed=0, snapshot="s")


def words(root: QWidget) -> str:
    return "\n".join(label.text() for label in shown(root, QLabel))


@pytest.fixture
def dialog(qtbot: QtBot, theme: ThemeManager) -> EvaluationDialog:
    window = QWidget()
    window.resize(960, 600)
    qtbot.addWidget(window)
    theme.adopt(window)
    window.show()
    made = EvaluationDialog(window, MANIFEST)
    made.open()
    return made


def suite(name: str, found: int) -> dict[str, Any]:
    matches = [
        {"item": n + 1, "text": f"question {n}", "share": 0.93, "title": "first", "excerpt": f"an answer {n}",
         "source": "/home/m/old.jsonl", "place": "old.jsonl"}
        for n in range(found)
    ]  # fmt: skip
    return {"name": name, "path": f"/x/{name}", "items": 9, "found": found, "short": 1, "matches": matches}  # fmt: skip


def test_the_set_in_which_something_was_found_is_shown_first(dialog: EvaluationDialog) -> None:
    assert not dialog.sets.isVisible()
    dialog.show_report({"documents": 1200, "suites": [suite("clean.csv", 0), suite("leak.csv", 2)]})
    assert "2 of the 18 items are in the 1,200 documents that are trained on." in words(dialog)
    assert "old.jsonl · first" in words(dialog)
    assert dialog.left.text.toPlainText() == "question 0"
    dialog.matches.selectRow(1)
    assert dialog.right.text.toPlainText() == "an answer 1"
    dialog.sets.selectRow(0)
    assert not dialog.matches.isVisible()
    dialog.show_report({"documents": 3, "suites": [suite("clean.csv", 0)]})
    assert "None of the 9 items" in words(dialog)
    dialog.reject()


def test_what_both_have_is_marked_and_tab_goes_from_above_to_below(
    qtbot: QtBot, dialog: EvaluationDialog
) -> None:
    assert dialog.files.hasFocus() or not dialog.isActiveWindow()
    leak = suite("leak.csv", 1)
    leak["matches"][0] |= {
        "text": "Is it blue?", "marks": [[3, 10]], "excerpt": "So it blue", "excerpt_marks": [[3, 10]],
    }  # fmt: skip
    dialog.show_report({"documents": 3, "suites": [leak]})
    for place in (dialog.left, dialog.right):
        marks = [mark.cursor.selectedText() for mark in place.text.extraSelections()]
        assert marks == ["it blue"]
    stops, here = [dialog.sets, dialog.matches, dialog.left.text, dialog.right.text], dialog.sets
    for stop in stops[1:]:
        here = here.nextInFocusChain()
        while here is not stop:
            assert here not in stops
            here = here.nextInFocusChain()
    dialog.reject()


def test_a_leak_is_found_from_the_menu_and_told_on_the_page(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    window.go("corpus")
    library = window.context.corpora
    rows = Snapshot(library.folder("Stories"), library.get("Stories").snapshot).rows(
        ["text", "split"]
    )
    leak = next(r["text"] for r in rows if r["split"] == "train" and len(r["text"]) > 300)
    (tmp_path / "set.jsonl").write_text(json.dumps({"q": leak}), encoding="utf-8")
    (tmp_path / "empty").mkdir()
    menu = QMenu(screen)
    screen.page.menu_opening.emit(menu)
    next(a for a in menu.actions() if a.text() == "Look for evaluation sets…").trigger()
    found = question(window)
    assert isinstance(found, EvaluationDialog)
    found.search_wanted.emit([str(tmp_path / "empty")])
    until(qtbot, lambda: "There is nothing to look for in" in words(found))
    found.search_wanted.emit([str(tmp_path / "set.jsonl")])
    assert not found.files.isEnabled()
    until(qtbot, lambda: "1 of the 1 items is in the" in words(found))
    assert found.files.isEnabled()
    assert not found.fault.isVisible()
    until(qtbot, lambda: "holds 1 text of the evaluation sets" in window.status._text.full_text())
    found.reject()
    press(qtbot, screen, "1 test item is in here")
    assert isinstance(question(window), EvaluationDialog)
    question(window).reject()
