"""The table of sources: order, filter, search, encodings; and folders that change later."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.screens.corpus.screen import CorpusScreen
from app.screens.corpus.sources_menus import EncodingMenu, FilterMenu, RowMenu
from app.screens.corpus.sources_model import (
    CHARACTERS,
    DOCUMENTS,
    ENCODING,
    KIND,
    NAME,
    STATUS,
    SourcesModel,
    StatusRole,
    kind_name,
)
from app.screens.corpus.sources_row import Filter, Row, row_of_source
from app.window import Window
from core.corpus.library import FILES, MANIFEST, CorpusLibrary
from core.corpus.manifest import Source
from core.home import Home
from core.jobs.kinds import ReadJob
from core.sentences import Sentence
from tests.app.support import Opener, fill_in, named, press, until

ROW = Row("/t/a.txt", False, "txt", "UTF-8", "ja", 300, 1, "ok", None)
ROWS = [
    ROW,
    replace(ROW, path="/t/B.md", kind="md", characters=90, language="en"),
    replace(ROW, path="/t/old.zip/deep/c.txt", encoding="Shift_JIS", sure=False, characters=20),
    replace(ROW, path="/t/d.png", kind="", tone="shu", status=Sentence("", "no text"), documents=0),
]


def names(model: SourcesModel) -> list[str]:
    return [model.index(i, NAME).data() for i in range(model.rowCount())]


def corpus(window: Window) -> CorpusScreen:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    return screen


def menu_of(kind: type[QMenu]) -> QMenu:
    """The menu that is open."""
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found


def choose(menu: QMenu, text: str) -> None:
    (action,) = [a for a in menu.actions() if a.text() == text]
    action.trigger()
    menu.close()


# ---- order and filter ------------------------------------------------------------------------


def test_a_column_sorts_rising_falling_and_then_as_it_was_read(qapp: QApplication) -> None:
    model = SourcesModel()
    model.set_rows(ROWS)
    as_read = names(model)
    orders: list[list[str]] = []
    for _ in range(3):
        model.sort_by(NAME)
        orders.append(names(model))
    rising = ["a.txt", "B.md", "c.txt · old.zip", "d.png"]
    assert orders == [rising, rising[::-1], as_read]
    model.sort_by(CHARACTERS)
    assert names(model)[0] == "a.txt", "numbers begin with the largest"
    assert model.headerData(CHARACTERS, Qt.Orientation.Horizontal).endswith("↓")
    model.sort_by(STATUS)
    assert names(model)[:2] == ["d.png", "c.txt · old.zip"], "what to look at comes first"
    model.sort_by(ENCODING)
    assert names(model)[0] == "c.txt · old.zip", "unsure ones come first"


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Filter("read"), 3), (Filter("warned"), 1), (Filter("skipped"), 1), (Filter("unsure"), 1),
        (Filter("noticed"), 2), (Filter(kind="md"), 1), (Filter(language="ja"), 3),
        (Filter(name="OLD.ZIP"), 1), (Filter("read", kind="txt", language="ja", name="a."), 1),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_it_names(qapp: QApplication, wanted: Filter, kept: int) -> None:
    model = SourcesModel()
    model.set_rows(ROWS)
    model.set_filter(wanted)
    assert model.rowCount() == kept
    assert model.count() == 4


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/t/a.txt", "a.txt"), ("/t/old.zip", "old.zip"), ("/t/old.zip/a/b.txt", "b.txt · old.zip"),
        ("/t/A.tar.gz/b", "b · A.tar.gz"), ("C:\\x\\b.txt", "b.txt"), ("/", "/"),
        ("/x/zip/a.txt", "a.txt"),
    ],
)  # fmt: skip
def test_a_member_of_an_archive_is_called_with_its_archive(path: str, name: str) -> None:
    assert replace(ROW, path=path).name == name


def test_an_archive_is_called_by_its_own_kind(qapp: QApplication) -> None:
    model = SourcesModel()
    model.set_rows([replace(ROW, path="/t/old.zip", kind="txt"), replace(ROW, path="/t/old.zip/a")])
    assert [model.data(model.index(row, KIND)) for row in range(2)] == ["ZIP", "TXT"]
    assert [kind_name(kind) for kind in ("Mail", "jsonl", "")] == ["EML", "JSONL", ""]
    assert not model.data(model.index(0, NAME), Qt.ItemDataRole.DecorationRole).isNull()


@pytest.mark.parametrize(
    ("whole", "first"),
    [
        ("needs a password: save it without one", "needs a password"),
        ("パスワードが必要です。パスワードなしで保存してください", "パスワードが必要です"),
        ("files skipped: 2", "files skipped: 2"),
        ("no text in the document", "no text in the document"),
    ],
)
def test_advice_comes_after_the_table(qapp: QApplication, whole: str, first: str) -> None:
    model = SourcesModel()
    model.set_rows([replace(ROW, tone="shu", status=Sentence("", whole))])
    assert model.data(model.index(0, STATUS), StatusRole)[1] == first
    assert model.data(model.index(0, STATUS)) == whole, "the hint and the preview tell the whole"


def test_rows_that_only_tell_more_stay_where_they_are(qtbot: QtBot, qapp: QApplication) -> None:
    model = SourcesModel()
    model.set_rows([replace(ROW, tone="read")])
    with qtbot.assertNotEmitted(model.modelReset):
        with qtbot.waitSignal(model.dataChanged):
            model.set_progress(0.2)
        with qtbot.waitSignal(model.dataChanged):
            model.set_rows([ROW])


def test_an_empty_folder_and_a_doubtful_encoding_say_so(qapp: QApplication) -> None:
    model = SourcesModel()
    folder = Source(path="/t/nothing", is_folder=True)
    model.set_rows([row_of_source(folder, True), row_of_source(folder, False), ROWS[2]])
    said = [model.index(i, STATUS).data(Qt.ItemDataRole.AccessibleTextRole) for i in range(3)]
    assert said == ["an empty folder", "not read yet", "encoding unsure"]
    assert model.index(2, ENCODING).data() == "Shift_JIS"
    assert model.index(2, ENCODING).data(Qt.ItemDataRole.AccessibleTextRole) == "Shift_JIS, unsure"
    assert model.index(2, ENCODING).data(Qt.ItemDataRole.DecorationRole) is not None
    assert model.index(1, DOCUMENTS).data() == "…"


def test_the_heads_sort_with_mouse_and_keyboard(qtbot: QtBot, window: Window) -> None:
    sources = corpus(window).page.sources
    press(qtbot, window, "Every file")
    until(qtbot, lambda: sources.model.count() == 60)
    head = sources.table.horizontalHeader()
    x = head.sectionViewportPosition(NAME) + 20
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))
    assert sources.model.order() == (NAME, False)
    head.setFocus()
    for _ in range(6):
        qtbot.keyClick(head, Qt.Key.Key_Right)
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert sources.model.order() == (STATUS, False)


def test_the_row_that_is_looked_at_is_followed_through_every_order(
    qtbot: QtBot, window: Window
) -> None:
    sources = corpus(window).page.sources
    press(qtbot, window, "Every file")
    until(qtbot, lambda: sources.model.count() == 60)
    sources.table.selectRow(7)
    chosen = sources.current_row()
    assert chosen is not None
    with qtbot.assertNotEmitted(sources.row_selected):
        for column in (NAME, NAME, STATUS):
            sources.model.sort_by(column)
            assert sources.current_row() == chosen
    sources._set_filter(Filter(name="nowhere"))
    assert sources.current_row() is None
    sources._set_filter(Filter())
    assert sources.current_row() == chosen


def test_the_filter_menu_narrows_and_shows_all_again(qtbot: QtBot, window: Window) -> None:
    sources = corpus(window).page.sources
    press(qtbot, window, "Every file")
    until(qtbot, lambda: sources.model.count() == 60)
    press(qtbot, sources, "Filter and sort")
    menu = menu_of(FilterMenu)
    (languages,) = [a.menu() for a in menu.actions() if a.text() == "Language"]
    choose(languages, "Japanese")  # type: ignore[arg-type]
    menu.close()
    assert sources.model.rowCount() == 30
    assert sources.subtitle.text() == "30 of 60"
    press(qtbot, sources, "Filter and sort")
    choose(menu_of(FilterMenu), "Show all again")
    assert sources.model.rowCount() == 60


# ---- search ----------------------------------------------------------------------------------


def test_words_are_found_in_names_and_inside_texts(qtbot: QtBot, window: Window) -> None:
    page = corpus(window).page
    sources = page.sources
    press(qtbot, window, "Every file")
    until(qtbot, lambda: sources.model.count() == 60)
    press(qtbot, sources, "Search")
    field = named(sources, "Search the sources", QLineEdit)
    qtbot.keyClicks(field, "ja-00")
    assert 0 < sources.model.rowCount() < 10
    field.clear()
    press(qtbot, sources, "Inside texts")
    until(qtbot, lambda: page.preview._reply.get("tokens"))
    word = "went"
    qtbot.keyClicks(field, word)
    until(qtbot, lambda: sources.hits.places.hits and sources.showing_hits())
    until(qtbot, lambda: any(c.get("match") for c in page.preview._text.cells()))
    marked = [c["text"] for c in page.preview._text.cells() if c.get("match")]
    assert {text.casefold() for text in marked} == {word}
    assert "places" in sources.search._told.text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not sources.showing_hits()
    until(qtbot, lambda: page.preview._reply.get("tokens"))


# ---- encodings -------------------------------------------------------------------------------


def test_an_encoding_is_tried_in_the_preview_and_then_read(
    qtbot: QtBot, open_window: Opener, raised_home: Home, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    memo = tmp_path / "memo.txt"
    memo.write_bytes("昔々、ある山に狐がいた。".encode("euc_jp"))
    folder = raised_home.corpora / "Stories"
    lines = (folder / FILES).read_text(encoding="utf-8").splitlines()
    verdict = json.loads(lines[0]) | {"path": str(memo), "sure": False, "encoding": "Shift_JIS"}
    (folder / FILES).write_text(json.dumps(verdict) + "\n", encoding="utf-8")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["sources"][0]["sure"] = False
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    window = open_window(raised_home)
    screen = corpus(window)
    sources, preview = screen.page.sources, screen.page.preview
    until(qtbot, lambda: sources.model.count() == 1)
    sources.choose_encoding()  # Of a folder: its doubtful files are shown.
    until(qtbot, lambda: sources.showing_files() and sources.model.filter.which == "unsure")
    until(qtbot, lambda: (row := sources.current_row()) is not None and not row.is_folder)
    submitted: list[ReadJob] = []
    monkeypatch.setattr(
        window.context.bridge, "submit", lambda kind, config, title: submitted.append(config) or ""
    )
    sources.choose_encoding()
    until(qtbot, lambda: [w for w in QApplication.topLevelWidgets() if isinstance(w, EncodingMenu)])
    menu = menu_of(EncodingMenu)
    assert next(a.text() for a in menu.actions() if a.isCheckable()) == "EUC-JP", "the likely first"
    choose(menu, "EUC-JP")
    until(qtbot, lambda: "狐" in "".join(c["text"] for c in preview._text.cells()))
    assert preview._trial.text.text() == "Shown as EUC-JP"
    press(qtbot, preview, "Read again like this")
    assert submitted[0].encodings == {str(memo): "euc_jp"}
    assert not preview._trial.isVisible()


def test_a_guessed_encoding_is_asked_about_above_the_text(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    path = raised_home.corpora / "Stories" / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["sources"][0] |= {"sure": False, "encoding": "Shift_JIS"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    window = open_window(raised_home)
    page = corpus(window).page
    until(
        qtbot,
        lambda: "guess" in page.preview._doubt.text.text() and page.preview._doubt.isVisible(),
    )
    press(qtbot, page.preview, "Look at them")  # It is a folder.
    until(qtbot, lambda: page.sources.model.filter.which == "unsure")
    page.preview.show_doubt("Shift_JIS")
    assert page.preview._doubt.text.text() == "Shift_JIS is a guess. Does the text read well?"
    with qtbot.waitSignal(page.preview.encoding_wanted):
        press(qtbot, page.preview, "Choose another…")
    page.preview.show_message("no text")
    assert not page.preview._doubt.isVisible()


# ---- what is noted of a source ---------------------------------------------------------------


def test_weight_and_licence_of_a_source_are_noted(qtbot: QtBot, window: Window) -> None:
    screen = corpus(window)
    table = screen.page.sources.table
    until(qtbot, lambda: screen.page.sources.model.count() == 1)
    place = table.visualRect(screen.page.sources.model.index(0, NAME)).center()
    table.customContextMenuRequested.emit(place)
    menu = menu_of(RowMenu)
    (counts,) = [a.menu() for a in menu.actions() if a.text() == "Counts in training"]
    choose(counts, "2 times")  # type: ignore[arg-type]
    menu.close()
    library = CorpusLibrary(window.context.home)
    assert library.get("Stories").sources[0].weight == 2
    assert "×2" in names(screen.page.sources.model)[0]  # noqa: RUF001
    table.customContextMenuRequested.emit(place)
    choose(menu_of(RowMenu), "Licence…")
    fill_in(qtbot, window, "CC BY 4.0")
    assert library.get("Stories").sources[0].licence == "CC BY 4.0"


# ---- folders that change ---------------------------------------------------------------------


def test_new_and_changed_files_are_told_and_read(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path, little_texts: Path
) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    for text in sorted(little_texts.iterdir())[:30]:
        (folder / text.name).write_bytes(text.read_bytes())
    window = open_window(empty_home, paths=[str(folder)])
    screen = corpus(window)
    until(qtbot, lambda: screen._manifest is not None and screen._manifest.snapshot and not screen._reading())  # fmt: skip
    until(qtbot, lambda: screen._watcher._last[0] == "watched" and not screen._watcher._looking)
    assert not screen.page._news.isVisible()
    (folder / "new.txt").write_bytes(sorted(little_texts.iterdir())[40].read_bytes())
    screen._watcher._look()
    until(qtbot, screen.page._news.isVisible)
    assert screen.page._news.text.text() == "Since it was read: 1 new file"
    press(qtbot, screen, "Read them")
    assert not screen.page._news.isVisible()
    until(qtbot, lambda: CorpusLibrary(empty_home).get("watched").totals.files == 31)
    until(qtbot, lambda: not screen._reading())


def test_the_first_row_of_a_huge_folder_is_there_at_once(
    qtbot: QtBot, open_window: Opener, empty_home: Home, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = tmp_path / "huge"
    folder.mkdir()
    for number in range(5_000):
        (folder / f"{number}.txt").write_bytes(b"")
    window = open_window(empty_home)
    monkeypatch.setattr(window.context.bridge, "submit", lambda *_: "")
    begun = time.monotonic()
    corpus(window).add_paths([str(folder)])
    assert names(corpus(window).page.sources.model) == ["huge"]
    assert time.monotonic() - begun < 0.5
