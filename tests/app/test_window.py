"""The window: how it opens, where the keys lead, how it divides its room."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QStyleHints
from PySide6.QtWidgets import QFileDialog, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from app.preferences import Preferences
from app.theme.palette import active, color
from app.window import Window
from core.home import Home
from tests.app.support import Opener, copy_version, named, press, question, shown, until
from tests.conftest import ROOT

TABS = ("Corpus", "Training", "Evaluation", "Chat")


def screen_of(window: Window) -> str:
    return type(window.stack.currentWidget()).__name__


def test_the_window_process_never_imports_what_is_heavy(raised_home: Home) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from PySide6.QtWidgets import QApplication
        from app.desktop import build
        from core.home import Home
        app = QApplication([])
        window = build(app, Home(Path(sys.argv[1])))
        window.show()
        window.begin([])
        done = []
        window.context.bridge.versions_changed.connect(lambda: done.append(1))
        while not done:
            app.processEvents()
        for name in ("training", "evaluation", "chat", "version", "settings", "corpus"):
            window.go(name)
            app.processEvents()
        window.leave("pause")
        heavy = {"torch", "pyarrow", "tokenizers", "transformers", "safetensors"}
        print(sorted(heavy & set(sys.modules)))
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(raised_home.path)], cwd=ROOT, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_without_text_only_the_corpus_tab_opens_and_the_others_say_why(
    qtbot: QtBot, open_window: Opener, empty_home: Home
) -> None:
    window = open_window(empty_home)
    tabs = [named(window.top, name, QPushButton) for name in TABS]
    assert [tab.isEnabled() for tab in tabs] == [True, False, False, False]
    assert all("Corpus" in tab.toolTip() for tab in tabs[1:])
    for number in "234":
        qtbot.keyClick(window, Qt.Key(ord(number)), Qt.KeyboardModifier.ControlModifier)
    assert screen_of(window) == "CorpusScreen"


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("1", "CorpusScreen"),
        ("2", "TrainingScreen"),
        ("3", "EvaluationScreen"),
        ("4", "ChatScreen"),
        (",", "SettingsScreen"),
    ],
)
def test_ctrl_and_a_key_open_the_screens(
    qtbot: QtBot, window: Window, key: str, screen: str
) -> None:
    qtbot.keyClick(window, Qt.Key(ord(key)), Qt.KeyboardModifier.ControlModifier)
    assert screen_of(window) == screen


def test_the_tabs_open_their_screens_and_mark_themselves(qtbot: QtBot, window: Window) -> None:
    for name in reversed(TABS):
        press(qtbot, window.top, name)
        marked = [t.accessibleName() for t in shown(window.top, QPushButton) if t.isChecked()]
        assert name in marked
        assert screen_of(window) == f"{name}Screen"


def test_ctrl_b_folds_the_shelf_and_ctrl_g_the_guide_and_both_are_remembered(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    wide = window.shelf.width()
    assert window.guide.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.shelf.width() < wide / 2
    assert not window.guide.isVisible()
    open_window.close(window)
    again = open_window(raised_home)
    assert again.shelf.width() < wide / 2
    assert not again.guide.isVisible()
    qtbot.keyClick(again, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(again, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert again.shelf.width() == wide
    assert again.guide.isVisible()


def test_ctrl_k_searches_the_shelf(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.focusWidget()
    assert field.accessibleName() == "Search the shelf"
    qtbot.keyClicks(field, "nothing like it")
    assert window.shelf.view.model().rowCount() == 0
    field.clear()
    qtbot.keyClicks(field, "kI")
    assert window.shelf.view.model().rowCount() == 1


def test_alt_and_arrows_walk_along_the_shelf(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    second = copy_version(raised_home, "Kiku", "Ume")
    window = open_window(raised_home)
    selection = window.context.selection
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    first = selection.version
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert selection.version != first
    assert {first, selection.version} == {second, _id_of(raised_home, "Kiku")}


def test_f1_explains_the_focused_control(qtbot: QtBot, window: Window) -> None:
    button = named(window.top, "Settings (Ctrl+,)", QPushButton)
    button.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert "Settings" in QToolTip.text()
    QToolTip.hideText()
    until(qtbot, lambda: not QToolTip.isVisible())


def test_narrow_windows_fold_the_shelf_and_lay_the_guide_over_the_screen(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home, size=(1100, 720))
    assert window.shelf.width() <= 64
    assert not window.guide.isVisible()
    width = window.stack.width()
    press(qtbot, window.top, "Guide (Ctrl+G)")
    assert window.guide.isVisible()
    assert window.stack.width() == width
    assert window.guide.geometry().right() >= window.stack.width() - 1
    window.resize(1440, 900)
    assert window.shelf.width() > 200


def test_the_theme_button_switches_between_light_and_dark_and_is_remembered(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    press(qtbot, window.top, "Switch between light and dark")
    assert active.mode == "dark"
    until(qtbot, lambda: window.palette().window().color().lightness() < 100)
    open_window.close(window)
    assert Preferences(raised_home).theme == "dark"


@pytest.mark.parametrize(
    ("scheme", "mode"), [(Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")]
)
def test_the_system_theme_follows_the_system_while_the_window_is_open(
    monkeypatch: pytest.MonkeyPatch, open_window: Opener, raised_home: Home,
    scheme: Qt.ColorScheme, mode: str,
) -> None:  # fmt: skip
    window = open_window(raised_home, theme="system")
    hints = QGuiApplication.styleHints()
    monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: scheme)
    hints.colorSchemeChanged.emit(scheme)
    assert active.mode == mode
    window.context.theme.set_choice("light")
    hints.colorSchemeChanged.emit(scheme)
    assert active.mode == "light"


def test_size_and_screen_preferences_survive_a_restart(
    open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    window.resize(1300, 800)
    open_window.close(window)
    assert Preferences(raised_home).window == [1300, 800]


def _id_of(home: Home, name: str) -> str:
    from core.versions.library import VersionLibrary

    return VersionLibrary(home).get(name).id


def test_ctrl_e_asks_where_to_export_the_selected_version(qtbot: QtBot, window: Window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = question(window)
    assert isinstance(dialog, QFileDialog)
    assert "“Kiku”" in dialog.windowTitle()
    dialog.reject()


def test_a_click_on_a_step_leads_to_its_screen(qtbot: QtBot, window: Window) -> None:
    for step, screen in ((0, "Corpus"), (1, "Training"), (4, "Evaluation"), (6, "Version")):
        window.steps.chosen.emit(step)
        assert screen_of(window) == f"{screen}Screen"
    window.steps.chosen.emit(5)  # Specialise: go on from the selected version.
    form = window.screen_named("training").form  # type: ignore[attr-defined]
    assert form.wanted().parent.name == "Kiku"


def test_hidden_screens_and_dialogs_take_the_theme_when_they_are_shown(
    qtbot: QtBot, window: Window
) -> None:
    for name in ("training", "chat"):
        window.go(name)
    press(qtbot, window.top, "Switch between light and dark")
    window.go("training")
    title = window.screen_named("training").form._title  # type: ignore[attr-defined]
    until(qtbot, lambda: title.palette().windowText().color() == color("ink"))
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    question(window).reject()
    window.actions_of.do("rename", window.context.selection.version)
    dialog = question(window)
    until(qtbot, window.updatesEnabled)  # Every part that can be seen has the new colours.
    assert dialog.styleSheet() == window.top.styleSheet()
    assert color("ink").name() in dialog.styleSheet().lower()
    dialog.reject()
