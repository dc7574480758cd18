"""Where the app's own picture lies."""

from __future__ import annotations

from pathlib import Path

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "terakoya.png"
