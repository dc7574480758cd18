"""An application without a screen, in the theme and language a test asks for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.theme.manager import ThemeManager

ROOT = Path(__file__).resolve().parent.parent.parent
QM = ROOT / "resources" / "translations" / "terakoya_ja.qm"
_HARMLESS = ("propagateSizeHints", "This plugin does not support")


@pytest.fixture(autouse=True)
def no_qt_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning of Qt's fails the test that caused it."""
    log = request.getfixturevalue("qtlog") if "qapp" in request.fixturenames else None
    yield
    if log is not None:
        told = [r.message for r in log.records if r.type.name in ("QtWarningMsg", "QtCriticalMsg")]
        assert [m for m in told if not any(word in m for word in _HARMLESS)] == []


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
