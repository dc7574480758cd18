"""An application without a screen, windows on homes of their own, and a check that every test
leaves nothing behind: no warning, no thread, no process."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.theme.manager import ThemeManager
from app.window import Window
from core.engine.resident import Done
from core.home import Home
from tests.app.support import Opener

ROOT = Path(__file__).resolve().parent.parent.parent
QM = ROOT / "resources" / "translations" / "terakoya_ja.qm"
_HARMLESS = ("propagateSizeHints", "This plugin does not support")
_PATIENCE = 20.0


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


@pytest.fixture
def expected_warnings() -> list[str]:
    """A test that causes a log record on purpose appends a part of it here."""
    return []


@pytest.fixture(autouse=True)
def nothing_is_left_behind(
    request: pytest.FixtureRequest, expected_warnings: list[str]
) -> Iterator[None]:
    """A warning of Qt's, a log record of WARNING or worse, a thread or a child process that
    outlives the test: each fails the test that caused it."""
    qt = request.getfixturevalue("qtlog") if "qapp" in request.fixturenames else None
    handler = _Warnings()
    logging.getLogger().addHandler(handler)
    threads = set(threading.enumerate())
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    logging.getLogger().removeHandler(handler)
    told = [m for m in handler.told if not any(part in m for part in expected_warnings)]
    assert told == [], "the log has warnings"
    if qt is not None:
        kinds = ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg")
        said = [record.message for record in qt.records if record.type.name in kinds]
        assert [m for m in said if not any(word in m for word in _HARMLESS)] == []
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        living = [t.name for t in set(threading.enumerate()) - threads if t.is_alive()]
        working = [p for p in psutil.Process().children(recursive=True) if p.pid not in children]
        if not living and not working:
            return
        time.sleep(0.02)
    words = [" ".join(p.cmdline()[-3:]) for p in working if p.is_running()]
    raise AssertionError(f"left behind: threads {living}, processes {words}")


@pytest.fixture(scope="session")
def themes(qapp: QApplication) -> ThemeManager:
    return ThemeManager(qapp, "light")


@pytest.fixture
def theme(themes: ThemeManager) -> Iterator[ThemeManager]:
    """The light theme at 100 %; a test may switch it, the next one finds it light again."""
    yield themes
    themes.set_scale(1.0)
    themes.set_choice("light")


@pytest.fixture
def speak(qapp: QApplication) -> Iterator[Callable[[str], None]]:
    """speak("ja") and speak("en") switch the language of every widget, as the window does."""
    translator = QTranslator()

    def switch(language: str) -> None:
        qapp.removeTranslator(translator)
        QLocale.setDefault(QLocale(language))
        if language == "ja":
            assert translator.load(str(QM)), f"{QM.name} is missing or damaged"
            qapp.installTranslator(translator)

    before = QLocale()
    yield switch
    qapp.removeTranslator(translator)
    QLocale.setDefault(before)


@pytest.fixture
def open_window(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opener]:
    """open_window(home, language="en", …) shows the real window on a home; it is closed, and
    trainings that go on are paused, when the test ends."""
    monkeypatch.setenv("TERAKOYA_NO_USAGE", "1")  # The load of this machine is nobody's news here.
    before = QLocale()
    opener = Opener(qapp, qtbot)
    yield opener
    opener.close_all()
    QLocale.setDefault(before)


@pytest.fixture
def instant_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions are loaded at once and by no worker: for tests that only look at the screen."""

    def answer(_: Bridge, operation: str, params: object, done: Done, *__: object) -> int:
        if operation == "load":
            done({"bytes": 42_000_000, "context": 256})
        return 1

    monkeypatch.setattr(Bridge, "chat", answer)


@pytest.fixture
def window(open_window: Opener, raised_home: Home) -> Window:
    """The window, in English, on a home with a corpus and a version."""
    return open_window(raised_home)


@pytest.fixture
def parent(qtbot: QtBot, theme: ThemeManager) -> QWidget:
    """A shown window that dialogs are opened over."""
    window = QWidget()
    window.resize(960, 600)
    qtbot.addWidget(window)
    theme.adopt(window)
    window.show()
    return window
