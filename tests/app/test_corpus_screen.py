"""The corpus tab: real readings of good and bad folders, and what it says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.screens.corpus.screen import CorpusScreen
from app.screens.corpus.sources_model import NAME, STATUS, StatusRole
from app.screens.corpus.sources_row import Filter
from app.window import Window
from core import events as ev
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.jobs.kinds import ReadJob
from tests.app.support import Opener, ScriptedRun, fill_in, named, press, question, until


def corpus(window: Window) -> CorpusScreen:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    return screen


def drop(target: Window | CorpusScreen, *paths: Path) -> None:
    """Files let go over a widget, as the window system tells it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPointF(50, 50).toPoint(), copy, data, left, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(50, 50), copy, data, left, none))


def idle(window: Window) -> bool:
    return window.context.bridge.active_run() is None


def rows(screen: CorpusScreen) -> dict[str, tuple[str, str]]:
    """Name -> (tone, verdict in words) of the sources table."""
    model = screen.page.sources.model
    found: dict[str, tuple[str, str]] = {}
    for index in range(model.rowCount()):
        row = model.row_at(index)
        assert row is not None
        words = model.index(index, STATUS).data(Qt.ItemDataRole.AccessibleTextRole)
        found[model.index(index, NAME).data()] = (row.tone, str(words))
    return found


def test_a_dropped_folder_is_read_and_shown_with_its_figures(
    qtbot: QtBot, open_window: Opener, empty_home: Home, little_texts: Path
) -> None:
    window = open_window(empty_home)
    screen = corpus(window)
    drop(window, little_texts)
    until(
        qtbot, lambda: screen._manifest is not None and screen._manifest.snapshot and idle(window)
    )
    manifest = CorpusLibrary(empty_home).get("little stories")
    assert manifest.totals.files == manifest.totals.read == 60
    texts = [label.text() for label in screen.page.findChildren(type(screen.page._cards[0].value))]
    assert f"{manifest.totals.documents:,}" in texts
    assert rows(screen)["little stories"][0] == "ok"
    assert "is read" in window.status._text.full_text()
    assert all(named(window.top, tab).isEnabled() for tab in ("Training", "Evaluation", "Chat"))
    assert named(screen, "Train on this", QPushButton).isEnabled()
    press(qtbot, screen, "Train on this")
    assert window.screen_named("training").form.corpus_name() == "little stories"  # type: ignore[attr-defined]


def test_an_empty_folder_is_refused_in_one_sentence_that_says_what_to_add(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    window = open_window(empty_home)
    drop(window, tmp_path / "nothing")
    screen = corpus(window)
    until(qtbot, screen.page.notice.isVisible)
    told = screen.page.notice.text.text()
    assert "nothing" in told
    assert "Add files with text" in told
    assert "Traceback" not in told
    until(qtbot, lambda: idle(window))
    assert not named(screen, "Train on this", QPushButton).isEnabled()


def test_a_folder_of_files_that_cannot_be_read_names_every_file_with_its_reason(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    (folder / "empty.txt").write_bytes(b"")
    window = open_window(empty_home)
    drop(window, folder)
    screen = corpus(window)
    until(qtbot, screen.page.notice.isVisible)
    assert "files looked at: 2" in screen.page.notice.text.text()
    until(qtbot, lambda: idle(window))


def test_a_mixed_folder_shows_every_skipped_file_with_its_reason(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path, little_texts: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for index, text in enumerate(sorted(little_texts.iterdir())[:12]):
        (folder / f"story {index}.txt").write_bytes(text.read_bytes())
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    window = open_window(empty_home)
    drop(window, folder)
    screen = corpus(window)
    until(
        qtbot, lambda: screen._manifest is not None and screen._manifest.snapshot and idle(window)
    )
    assert rows(screen)["mixed"][0] == "warn"
    press(qtbot, screen, "Show only what was skipped or needs a look")
    until(qtbot, lambda: list(rows(screen)) == ["picture.png"])
    press(qtbot, screen, "Show only what was skipped or needs a look")
    until(qtbot, lambda: len(rows(screen)) == 13)
    shown = rows(screen)
    tone, words = shown["picture.png"]
    assert tone == "shu"
    assert len(words) > 5


def test_another_corpus_begins_with_all_that_was_added_to_it(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    config = ReadJob(corpus="Other", paths=[str(tmp_path / "other")]).model_dump(mode="json")
    ScriptedRun(raised_home, "Other", kind="read", **config).write(ev.Started()).end("paused")
    window = open_window(raised_home)
    screen = corpus(window)
    until(qtbot, lambda: list(rows(screen)) == ["little stories"])
    screen.page.sources.show_files(Filter("skipped"))
    until(qtbot, lambda: "Choose a line" in screen.page.preview.message())
    assert rows(screen) == {}
    screen.show_corpus("Other")
    assert list(rows(screen)) == ["other"]
    assert not screen.page.sources.showing_files()
    until(qtbot, lambda: "has not been read to its end" in screen.page.preview.message())


def test_a_reading_says_what_it_does_where_no_share_is_known(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "tales").mkdir()
    config = ReadJob(corpus="Tales", paths=[str(tmp_path / "tales")]).model_dump(mode="json")
    with ScriptedRun(empty_home, "Tales", kind="read", **config) as run:
        run.write(ev.Started(), ev.Phase(name="scanning"))
        window = open_window(empty_home)
        screen = corpus(window)
        until(qtbot, lambda: "which files there are" in screen.page.preview.message())
        assert screen.page.sources.model.index(0, STATUS).data(StatusRole)[1] == "looking…"
        run.write(ev.Phase(name="reading"))
        run.write(ev.Progress(done=1, total=9, unit="bytes", detail="3/1500 a.txt"))
        until(qtbot, lambda: "File 3 of 1,500" in screen.page.preview.message())
        run.write(ev.Phase(name="tokenizer"))
        until(qtbot, lambda: "A tokenizer is learnt" in screen.page.preview.message())
        assert window.status._what.full_text() == "Learning a tokenizer from “Tales”"
        assert not named(screen, "Merge duplicates").isEnabled()
        assert "when all is read" in screen.page.cleaning._later.text()


def test_the_menu_of_a_line_opens_by_its_button(qtbot: QtBot, window: Window) -> None:
    screen = corpus(window)
    menus: list[list[str]] = []
    screen.page.sources.menu_opening.connect(
        lambda menu, _: menus.append([a.text() for a in menu.actions()])
    )
    press(qtbot, screen, "The chosen line: its weight, licence, columns, and taking it out")
    (texts,) = menus
    assert {"Counts in training", "Licence…", "Take out of this corpus"} <= set(texts)
    QApplication.activePopupWidget().close()


def test_a_corpus_whose_list_of_files_is_damaged_says_so_and_shows_its_sources(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    (raised_home.corpora / "Stories" / "files.jsonl").write_bytes(b"{")
    window = open_window(raised_home)
    screen = corpus(window)
    until(qtbot, lambda: len(rows(screen)) == 1)
    press(qtbot, screen, "Every file")
    until(qtbot, lambda: "files.jsonl" in window.status._text.full_text())
    assert list(rows(screen)) == ["little stories"]


def test_ctrl_v_takes_text_from_the_clipboard_into_a_corpus_of_its_own(
    qtbot: QtBot, open_window: Opener, empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(empty_home)
    submitted: list[ReadJob] = []
    monkeypatch.setattr(
        window.context.bridge, "submit", lambda kind, config, title: submitted.append(config) or "x"
    )
    QGuiApplication.clipboard().setText("昔々のお話")
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (job,) = submitted
    assert Path(job.paths[0]).read_text(encoding="utf-8") == "昔々のお話\n"
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.status._text.full_text() == "The clipboard has no text"


def test_ctrl_o_asks_for_a_folder_from_any_screen(qtbot: QtBot, window: Window) -> None:
    window.go("training")
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = question(window)
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.reject()


def test_a_reading_shows_its_progress_and_can_be_paused_and_resumed(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "tales").mkdir()
    config = ReadJob(corpus="Tales", paths=[str(tmp_path / "tales")]).model_dump(mode="json")
    run = ScriptedRun(empty_home, "Tales", kind="read", **config)
    run.write(ev.Started(), ev.Phase(name="reading"), ev.Progress(done=30, total=120, unit="files"))
    window = open_window(empty_home)
    screen = corpus(window)
    until(qtbot, lambda: window.context.bridge.active_run("read"))
    until(qtbot, lambda: "tales" in rows(screen))
    until(qtbot, lambda: screen.page.sources.model.progress == 0.25)
    assert rows(screen)["tales"] == ("read", "reading")
    press(qtbot, window.status, "Stop")
    until(qtbot, lambda: run.folder.asked(1) == "pause")
    run.end("paused")
    until(qtbot, screen.page.notice.isVisible)
    assert screen.page.notice.text.text() == "Reading was stopped. What was read is kept."
    assert named(screen, "Go on reading", QPushButton).isEnabled()
    until(qtbot, lambda: "has not been read to its end" in screen.page.preview.message())
    assert "Half read" in [card.title for card in screen.guide_cards()]


def test_a_corpus_moved_to_the_trash_comes_back_with_undo(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    screen = corpus(window)
    screen._remove()
    assert not CorpusLibrary(raised_home).exists("Stories")
    assert screen._stack.currentWidget() is screen.first
    press(qtbot, window.status, "Undo")
    assert CorpusLibrary(raised_home).exists("Stories")
    until(qtbot, screen._shows_corpus)


@pytest.mark.parametrize(
    ("name", "fault"),
    [("昔話 其の二", ""), ("a/b", "it contains /"), ("x" * 300, "300 characters")],
)
def test_a_corpus_is_renamed_or_the_fault_of_the_name_is_told(
    qtbot: QtBot, window: Window, name: str, fault: str
) -> None:
    corpus(window)._rename()
    assert fault in fill_in(qtbot, window, name)
    assert CorpusLibrary(window.context.home).exists("Stories" if fault else name)


@pytest.mark.parametrize("button", ["_next", "_chance"])
def test_the_preview_shows_a_text_in_tokens_and_goes_to_the_next_or_to_any(
    qtbot: QtBot, open_window: Opener, raised_home: Home, button: str
) -> None:
    window = open_window(raised_home)
    preview = corpus(window).page.preview
    until(qtbot, lambda: len(preview._text.cells()) > 5)
    first = "".join(c["text"] for c in preview._text.cells())
    getattr(preview, button).click()
    until(qtbot, lambda: "".join(c["text"] for c in preview._text.cells()) not in ("", first))


def test_a_long_reason_why_there_is_no_preview_does_not_widen_the_screen(
    qtbot: QtBot, window: Window
) -> None:
    screen = corpus(window)
    preview = screen.page.preview
    until(qtbot, lambda: len(preview._text.cells()) > 5)
    before = screen.minimumSizeHint().width()
    reason = "No text was found in /home/somebody/texts/answers.jsonl. " * 6
    preview.show_message(reason)
    assert preview.message() == reason[0].upper() + reason[1:]
    QApplication.processEvents()
    assert screen.minimumSizeHint().width() <= before
    preview.show_reply({"title": "a-long-name-" * 30, "cells": [{"text": "x"}], "characters": 1})
    QApplication.processEvents()
    assert screen.minimumSizeHint().width() <= before
    assert preview.name() == "a-long-name-" * 30


def test_the_table_gives_way_before_the_page_scrolls(qtbot: QtBot, window: Window) -> None:
    page = corpus(window).page
    until(qtbot, lambda: page.sources.model.count() > 0)
    one = page.sources.model.row_at(0)
    assert one is not None
    page.sources.set_rows([replace(one, path=f"/texts/{n}") for n in range(30)])
    scrolling = page.findChild(QScrollArea).verticalScrollBar()  # type: ignore[union-attr]
    tall = set[int]()
    for height in (900, 880, 700, 600):
        window.resize(1440, height)
        if height > 800:
            until(qtbot, lambda: not scrolling.maximum())
        QApplication.processEvents()
        tall.add(page.sources.table.height())
    assert len(tall) > 1
    window.resize(1440, 900)
    page.notice.setVisible(True)
    until(qtbot, lambda: not scrolling.maximum())


def test_a_folder_opens_to_its_files_and_f2_renames_the_corpus(
    qtbot: QtBot, window: Window
) -> None:  # fmt: skip
    screen = corpus(window)
    sources = screen.page.sources
    until(qtbot, lambda: sources.model.count() > 0)
    name = sources.model.row_at(0).name  # type: ignore[union-attr]
    sources.table.setFocus()
    sources.table.activated.emit(sources.model.index(0, NAME))
    until(qtbot, lambda: sources.showing_files() and sources.model.filter.name == name)
    assert sources.search.isVisible()
    until(qtbot, lambda: sources.model.rowCount() > 0)
    sources.search.close_search()
    assert sources.model.filter.name == ""
    sources.table.setFocus()
    qtbot.keyClick(sources.table, Qt.Key.Key_F2)
    question(window).reject()


def test_the_tour_leads_through_seven_steps_and_back(
    qtbot: QtBot, open_window: Opener, empty_home: Home
) -> None:
    window = open_window(empty_home)
    screen = corpus(window)
    press(qtbot, screen, "How it works, in 7 steps: Open")
    assert screen._stack.currentWidget() is screen.tour
    screen.tour.closed.emit()
    assert screen._stack.currentWidget() is screen.first


def test_a_stopped_reading_of_a_new_corpus_is_found_again_tomorrow_and_can_be_dropped(
    qtbot: QtBot, open_window: Opener, empty_home: Home
) -> None:
    config = ReadJob(corpus="Tales", paths=["/nowhere/tales"]).model_dump(mode="json")
    run = ScriptedRun(empty_home, "Tales", kind="read", **config)
    run.write(ev.Started(), ev.Progress(done=30, total=120, unit="files")).end("paused")
    window = open_window(empty_home)
    screen = corpus(window)
    until(qtbot, screen.page.notice.isVisible)
    assert screen.page._title.full_text() == "Tales"
    screen._remove()
    assert screen._stack.currentWidget() is screen.first
    assert not run.folder.path.exists()
    press(qtbot, window.status, "Undo")
    until(qtbot, screen.page.notice.isVisible)
    assert run.folder.path.exists()
