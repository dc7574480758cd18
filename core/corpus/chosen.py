"""What the user chose for single files of a corpus in earlier readings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.files import read_json

ENCODINGS, MAPPINGS = CHOSEN = "encodings.json", "mappings.json"


def chosen(folder: Path | None, name: str, path: str) -> Any:
    """The choice for the file `path`, from one of the lists above in the corpus's `folder`; None for
    nothing, and where the list is missing or damaged."""
    try:
        return dict(read_json(folder / name)).get(path) if folder else None
    except (OSError, ValueError, TypeError):
        return None
