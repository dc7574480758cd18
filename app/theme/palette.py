"""The colours, fonts and sizes in force. Like QApplication's palette, one for the process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from PySide6.QtGui import QColor, QFont

Mode = Literal["light", "dark"]
TOKENS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "tokens.json").read_text(encoding="utf-8")
)
SPACE: dict[str, int] = TOKENS["space"]
SIZE: dict[str, Any] = TOKENS["size"]
PLOT_ORDER: list[str] = TOKENS["plot"]["order"]
PLOT_MARKERS: dict[str, str] = TOKENS["plot"]["markers"]


class _Active:
    """What ThemeManager switches; everybody else only reads through the functions below."""

    mode: Mode = "light"
    scale: float = 1.0
    reduced_motion: bool = False


active = _Active()


def hex_of(name: str) -> str:
    """The colour token `name` (interface colours first, then plot colours) as #RRGGBB."""
    if name.startswith("#"):
        return name
    found = TOKENS["color"][active.mode].get(name) or TOKENS["plot"][active.mode].get(name)
    if found is None:
        raise KeyError(f"no colour token {name!r}")
    return found


def color(name: str, alpha: float | None = None) -> QColor:
    """A QColor of a token; `alpha` 0–1 overrides its opacity."""
    value = QColor(_qt_hex(hex_of(name)))
    if alpha is not None:
        value.setAlphaF(alpha)
    return value


def _qt_hex(text: str) -> str:
    """Tokens write #RRGGBBAA; Qt reads #AARRGGBB."""
    return f"#{text[7:9]}{text[1:7]}" if len(text) == 9 else text


def probability_color(probability: float) -> QColor:
    """Background of a token that the model gave `probability`."""
    ramp = TOKENS["plot"]["probabilityRamp"]
    light = active.mode == "light"
    top = ramp["alphaMaxLight"] if light else ramp["alphaMaxDark"]
    share = ramp["alphaMin"] + min(1.0, max(0.0, probability)) * (top - ramp["alphaMin"])
    return color(ramp["hueLight"] if light else ramp["hueDark"], share)


def token_stripe(index: int) -> QColor:
    stripes = TOKENS["plot"]["tokenStripes"][active.mode]
    return QColor(stripes[index % len(stripes)])


def pixels(size: str | int) -> int:
    """A type size ("tick", "small", "base", "reading", "display", or pixels at 100 %), scaled."""
    base = TOKENS["type"][size] if isinstance(size, str) else size
    return max(8, round(base * active.scale))


def font(
    size: str | int = "base",
    bold: bool = False,
    family: Literal["gothic", "mincho", "mono"] = "gothic",
) -> QFont:
    """gothic: the app speaks. mincho: books and models speak."""
    return QFont(_font(pixels(size), bold, family))


@cache
def _font(size: int, bold: bool, family: str) -> QFont:
    made = QFont()
    made.setFamilies(TOKENS["type"][family])
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
