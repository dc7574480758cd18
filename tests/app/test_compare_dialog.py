"""Two versions side by side in a dialog: words of the user's language, and no wider than its window."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.screens.version.compare_dialog import CompareDialog
from app.window import Window
from core.home import Home
from core.versions.library import VersionLibrary
from tests.app.support import Opener, shown, until
from tests.app.test_versions import child_of


def opened(window: Window, home: Home) -> tuple[CompareDialog, list[str]]:
    library = VersionLibrary(home)
    dialog = CompareDialog(window, library.get("Kiku the second"), [library.get("Kiku")])
    dialog.open()
    return dialog, [label.full_text() if hasattr(label, "full_text") else label.text()  # type: ignore[attr-defined]
                    for label in shown(dialog, QLabel)]  # fmt: skip


def test_only_what_differs_is_told_in_words(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    child_of(raised_home, "Kiku", "Kiku the second")
    path = raised_home.versions / "Kiku the second" / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["recipe"] |= {"optimiser": "adamw", "dora": True}
    data["measures"] |= {"steps": 12_345, "energy_wh": 0.0951, "seconds": 85.8}
    path.write_text(json.dumps(data), encoding="utf-8")
    dialog, texts = opened(open_window(raised_home), raised_home)
    for word in ("Kiku (continued)", "AdamW", "Muon + AdamW", "yes", "12,345", "0.10 Wh", "86 s"):
        assert word in texts, (word, texts)
    assert "Batch" not in texts, "it is the same in both"
    dialog._only.click()
    until(qtbot, lambda: "Batch" in [label.text() for label in shown(dialog, QLabel)])
    dialog.reject()


def test_it_fits_into_a_small_window(open_window: Opener, raised_home: Home) -> None:
    child_of(raised_home, "Kiku", "Kiku the second")
    window = open_window(raised_home)
    window.resize(960, 600)
    dialog, _ = opened(window, raised_home)
    assert dialog.height() <= 560
    assert dialog.width() <= 900
    dialog.reject()
