"""Paths as users type them."""

from __future__ import annotations

import os


def absolute(word: str) -> str:
    """The whole path, without "~" and "..": it is kept, and compared with others."""
    return os.path.abspath(os.path.expanduser(word))
