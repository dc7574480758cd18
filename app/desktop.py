"""QApplication with theme, language, logs and the window."""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import signal
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.bridge import Bridge
from app.context import AppContext, Navigator, Selection
from app.desktop_icon import ICON
from app.exchange import Exchange
from app.language import Language
from app.preferences import Preferences
from app.theme.manager import ThemeManager
from core.corpus.library import CorpusLibrary
from core.errors import NoScreen
from core.home import Home
from core.versions.library import VersionLibrary

log = logging.getLogger("terakoya")

_HARMLESS = ("propagateSizeHints", "This plugin does not support", "Detected locale")


def run(home: Home, paths: list[str]) -> int:
    """Show the window until it is closed."""
    _log_to(home)
    before = _BeforeScreen()
    qInstallMessageHandler(before.on_qt_message)
    app = QApplication.instance() or QApplication(["terakoya"])
    assert isinstance(app, QApplication)
    if app.primaryScreen() is None:  # linuxfb without a framebuffer: the first window would abort.
        raise NoScreen(reason=why_no_screen(before.heard, before.heard[0] if before.heard else ""))
    qInstallMessageHandler(_on_qt_message)
    app.setApplicationName("Terakoya")
    app.setApplicationDisplayName("Terakoya")
    app.setDesktopFileName("terakoya")
    app.setWindowIcon(QIcon(str(ICON)))
    sys.excepthook = _on_exception
    threading.excepthook = lambda a: _on_exception(a.exc_type, a.exc_value, a.exc_traceback)
    window = build(app, home)
    window.show()
    _stop_on_signals(app, window)
    QTimer.singleShot(0, lambda: window.begin(paths))
    return app.exec()


def build(app: QApplication, home: Home):
    """The window with everything it needs; tests use it with their own application."""
    from app.window import Window

    preferences = Preferences(home)
    theme = ThemeManager(app, preferences.theme, preferences.text_scale)
    language = Language(app, preferences.language)
    bridge = Bridge(home)
    context = AppContext(
        home=home,
        bridge=bridge,
        versions=VersionLibrary(home),
        corpora=CorpusLibrary(home),
        preferences=preferences,
        theme=theme,
        selection=Selection(),
        navigator=Navigator(),
        exchange=Exchange(bridge),
    )
    return Window(context, language)


def _log_to(home: Home) -> None:
    try:
        handler = logging.handlers.RotatingFileHandler(
            home.logs / "app.log", maxBytes=1 << 20, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)


class _BeforeScreen:
    """Remembers what Qt says while it looks for a screen. Its last words before it aborts (no
    server, no plugin) become our sentence and exit code 2."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            reason = why_no_screen(self.heard, message)
            print(NoScreen(reason=reason), file=sys.stderr, flush=True)
            os._exit(2)
        self.heard.append(message)
        _on_qt_message(kind, context, message)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's words go to the log."""
    del context
    if any(word in message for word in _HARMLESS):
        return
    level = logging.WARNING if kind == QtMsgType.QtWarningMsg else logging.INFO
    log.log(level, "Qt: %s", message)


def why_no_screen(heard: list[str], last: str) -> str:
    """In a few words, from what Qt said before it gave up and from its last message."""
    said = "\n".join(heard)
    if plugin := re.search(r'Could not find the Qt platform plugin "(.*?)"', said):
        return f"Qt has no platform plugin “{plugin[1]}”: see QT_QPA_PLATFORM"
    if refused := re.search(r"could not connect to display ?(\S*)", said):
        return f"the screen {refused[1]} does not answer" if refused[1] else "no screen is set"
    if plugin := re.search(r'Could not load the Qt platform plugin "(.*?)"', said):
        return f"a system library of Qt's plugin “{plugin[1]}” is missing: see the command doctor"
    first = next((line for line in last.splitlines() if line.strip()), "Qt gave up")
    return first.strip().rstrip(".")


def _on_exception(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """A fault of ours: into the log and onto standard error; the window goes on."""
    text = "".join(traceback.format_exception(kind, error, trace))
    log.error("unexpected\n%s", text)
    print(text, file=sys.stderr)


def _stop_on_signals(app: QApplication, window: object) -> None:
    """Ctrl-C and SIGTERM close like the close button with "pause"; Python must get a turn."""

    def stop(*_: object) -> None:
        window.leave("pause")  # type: ignore[attr-defined]
        app.quit()

    signal.signal(signal.SIGINT, stop)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, stop)
    turn = QTimer(app)
    turn.setTimerType(Qt.TimerType.CoarseTimer)
    turn.timeout.connect(lambda: None)
    turn.start(300)
