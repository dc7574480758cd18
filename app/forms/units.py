"""Units of settings in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.sentences import N_

UNITS = {
    "min": N_("Units", "min"),
    "s": N_("Units", "s"),
    "steps": N_("Units", "steps"),
    "passes": N_("Units", "passes"),
    "parameters": N_("Units", "parameters"),
    "layers": N_("Units", "layers"),
    "tokens": N_("Units", "tokens"),
    "windows": N_("Units", "windows"),
    "times": N_("Units", "times"),
    "tests": N_("Units", "tests"),
    "GB": "GB",
    "%": "%",
}


def unit_text(unit: str) -> str:
    """The unit in the language of the window; one that has no translation stays as declared."""
    return QCoreApplication.translate("Units", UNITS.get(unit, unit)) if unit else ""
