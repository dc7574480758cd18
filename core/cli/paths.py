"""Paths as users type them."""

from __future__ import annotations

import os
from pathlib import Path


def absolute(word: str) -> str:
    """The whole path, without "~" and "..": it is kept, and compared with others. (Links stay: who
    points one elsewhere wants what it points to.)"""
    return os.path.abspath(Path(word).expanduser())  # noqa: PTH100
