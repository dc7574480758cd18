"""Japanese or English, switchable while the window is open."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

Choice = Literal["system", "ja", "en"]
TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"


class Language(QObject):
    """Installs the translators; every widget hears of it as LanguageChange."""

    def __init__(self, app: QApplication, choice: Choice = "system") -> None:
        super().__init__(app)
        self._app = app
        self._system = QLocale.system()
        self._ours = QTranslator(self)
        self._qts = QTranslator(self)
        self.set(choice)

    @property
    def code(self) -> str:
        """ja or en: what is shown now."""
        return "ja" if QLocale().language() == QLocale.Language.Japanese else "en"

    def set(self, choice: Choice) -> None:
        code = choice
        if choice == "system":
            japanese = self._system.language() == QLocale.Language.Japanese
            code = "ja" if japanese else "en"
        for translator in (self._ours, self._qts):
            self._app.removeTranslator(translator)
        QLocale.setDefault(QLocale(code))
        if code == "ja":
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if self._qts.load(f"{folder}/qtbase_ja.qm"):
                self._app.installTranslator(self._qts)
            if self._ours.load(str(TRANSLATIONS / "terakoya_ja.qm")):
                self._app.installTranslator(self._ours)
