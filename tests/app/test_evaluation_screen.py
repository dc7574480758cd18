"""The evaluation tab: real measurements, files of one's own, and what went wrong in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.screens.evaluation.results import Line
from app.screens.evaluation.screen import EvaluationScreen
from app.window import Window
from core.home import Home
from core.jobs.kinds import EvaluateJob
from core.versions.library import VersionLibrary
from tests.app.support import Opener, ScriptedRun, named, press, shown, until
from tests.app.test_versions import child_of


def evaluation(window: Window) -> EvaluationScreen:
    window.go("evaluation")
    screen = window.screen_named("evaluation")
    assert isinstance(screen, EvaluationScreen)
    return screen


def chips(screen: EvaluationScreen) -> set[str]:
    """The texts that are measured on, as their buttons call them."""
    return {button.text() for button in shown(screen._chips, QPushButton)}


def drop(target: EvaluationScreen, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    QApplication.sendEvent(target, QDragEnterEvent(QPointF(9, 9).toPoint(), copy, data, left, none))
    QApplication.sendEvent(target, QDropEvent(QPointF(9, 9), copy, data, left, none))


def test_a_measurement_with_a_dropped_file_is_shown_kept_and_found_after_reopening(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tmp_path: Path
) -> None:
    text = tmp_path / "mine.txt"
    text.write_text("A cat sat in the garden and looked at the moon. " * 40, encoding="utf-8")
    window = open_window(raised_home)
    screen = evaluation(window)
    assert "Press “Measure”" in screen._verdict.text()
    drop(screen, text)
    until(qtbot, lambda: "mine.txt" in chips(screen))
    press(qtbot, screen, "Measure")
    assert not named(screen, "Measure", QPushButton).isEnabled()
    until(qtbot, lambda: screen._lines[0].measured)
    (line,) = screen._lines
    assert {score.kind for score in line.scores.values()} == {"heldout", "seen", "file"}
    for score in line.scores.values():
        assert 0 < score.low <= score.bits <= score.high < 12
    assert line.prompt == "One day,"
    assert line.opening
    assert "bits for each byte of unseen text" in screen._verdict.text()
    assert "evaluated" not in window.status._text.full_text()
    until(qtbot, lambda: window.context.bridge.active_run() is None)
    open_window.close(window)
    again = evaluation(open_window(raised_home))
    (kept,) = again._lines
    assert kept.of_kind("heldout") == line.of_kind("heldout")
    assert kept.opening == line.opening


def test_a_text_that_has_gone_is_told_in_a_sentence(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tmp_path: Path
) -> None:
    text = tmp_path / "gone.txt"
    text.write_text("words", encoding="utf-8")
    screen = evaluation(open_window(raised_home))
    screen.add_files([str(text), str(tmp_path / "never there.txt")])
    assert screen._files == [str(text)]
    assert "never there.txt" in screen._notice.text.text()
    screen._notice.setVisible(False)
    text.unlink()
    press(qtbot, screen, "Measure")
    until(qtbot, screen._notice.isVisible)
    assert "gone.txt" in screen._notice.text.text()
    assert "Traceback" not in screen._notice.text.text()
    until(qtbot, named(screen, "Measure", QPushButton).isEnabled)
    until(qtbot, lambda: "gone.txt" in chips(screen))
    press(qtbot, screen, "gone.txt")
    assert screen._files == []


def test_several_versions_are_compared_and_chosen_from_a_menu(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Kiku the second")
    window = open_window(raised_home)
    screen = evaluation(window)
    press(qtbot, screen, "Versions")
    (menu,) = [m for m in screen.findChildren(QMenu) if m.isVisible()]
    assert [a.text() for a in menu.actions()] == ["v1  Kiku", "v2  Kiku the second"]
    for action in menu.actions():
        if not action.isChecked():
            action.trigger()
    menu.close()
    assert screen._title.full_text() == "2 versions compared"
    assert len(screen._lines) == 2


def score(path: str, bits: float, best: bool = False) -> dict[str, Any]:
    """As an evaluation keeps it."""
    return {
        "path": path, "kind": path.partition(":")[0], "bits_per_byte": bits, "low": bits - 0.1,
        "high": bits + 0.1, "perplexity": 4.0, "trained_on": False, "best": best,
    }  # fmt: skip


def test_versions_of_two_corpora_have_a_column_and_a_sentence_for_each(
    open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Kiku answers")
    home = "heldout:Stories@1", "heldout:Letters@1"
    told = {
        "Kiku": [score(home[0], 0.9, True), score(home[1], 2.0), score("seen:Stories@1", 0.8)],
        "Kiku answers": [score(home[0], 1.1), score(home[1], 1.0, True), score("seen:Letters@1", 0.2)],
    }  # fmt: skip
    for name, texts in told.items():
        folder = raised_home.versions / name / "evaluations"
        folder.mkdir(exist_ok=True)
        document = {"texts": texts, "comparisons": [], "opening": None}
        (folder / "20990101.json").write_text(json.dumps(document), encoding="utf-8")
    screen = evaluation(open_window(raised_home))
    screen._choose([e.id for e in VersionLibrary(raised_home).list()])
    titles = [title for _, title, _ in screen.table._columns]
    assert titles == ["Stories ↓", "Letters ↓", "Seen text"]
    assert [line.gap for line in screen._lines] == [pytest.approx(0.1), pytest.approx(0.8)]
    assert "On “Stories”: <b>Kiku</b> is best" in screen._verdict.text()
    assert "On “Letters”: <b>Kiku answers</b> is best" in screen._verdict.text()
    line = screen._lines[1]
    scores = {path: s for path, s in line.scores.items() if path != "heldout:Letters@1"}
    assert Line(line.entry, scores).gap is None, (
        "seen and unseen text of different corpora say nothing about memory"
    )


def test_a_measurement_whose_worker_died_says_so_and_can_be_repeated(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    config = EvaluateJob(versions=["Kiku"]).model_dump(mode="json")
    run = ScriptedRun(raised_home, "Kiku", kind="evaluate", **config).begin()
    window = open_window(raised_home)
    screen = evaluation(window)
    until(qtbot, lambda: window.context.bridge.active_run("evaluate"))
    screen._run = run.id
    run.vanish()
    until(qtbot, screen._notice.isVisible)
    assert "ended unexpectedly" in screen._notice.text.text()
    assert named(screen, "Measure", QPushButton).isEnabled()


def test_without_a_usable_version_there_is_nothing_to_measure(
    open_window: Opener, raised_home: Home
) -> None:
    VersionLibrary(raised_home).remove("Kiku")
    screen = evaluation(open_window(raised_home))
    assert screen._title.full_text() == "No version to test yet"
    assert not named(screen, "Measure", QPushButton).isEnabled()
