"""What the clipboard holds, as paths that a corpus can take."""

from __future__ import annotations

import time

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from core.files import write_text
from core.home import Home


def pasted_paths(home: Home) -> list[str]:
    """Files of the clipboard, or its text in a file of its own in the home; [] for neither.

    Raises:
        OSError, TerakoyaError: The file cannot be written.
    """
    data = QGuiApplication.clipboard().mimeData() or QMimeData()  # Some systems hand out none.
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    text = data.text().strip()
    if paths or not text:
        return paths
    folder = home.path / "pasted"
    file = folder / f"{time.strftime('%Y-%m-%d %H%M%S')}.txt"
    folder.mkdir(parents=True, exist_ok=True)
    write_text(file, text + "\n")
    return [str(file)]
