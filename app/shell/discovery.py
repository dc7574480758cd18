"""Which screens there are."""

from __future__ import annotations

import importlib
import pkgutil

import app.screens
from app.screen import ScreenSpec


def discover() -> list[ScreenSpec]:
    """The SCREEN of every package in app/screens, in their order."""
    found: list[ScreenSpec] = []
    for module in pkgutil.iter_modules(app.screens.__path__):
        package = importlib.import_module(f"app.screens.{module.name}")
        if spec := getattr(package, "SCREEN", None):
            found.append(spec)
    return sorted(found, key=lambda spec: spec.order)
