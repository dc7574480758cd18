"""Amounts inside sentences, so that each language words them."""

from __future__ import annotations

import math

from core.sentences import N_, Sentence

_UNITS = (
    (120.0, 1.0, N_("Plan", "{count} s")),
    (7200.0, 60.0, N_("Plan", "{count} min")),
    (172_800.0, 3600.0, N_("Plan", "{count} h")),
    (730 * 86_400.0, 86_400.0, N_("Plan", "{count} days")),
    (math.inf, 365.25 * 86_400, N_("Plan", "{count} years")),
)
"""(up to how many seconds, seconds of the unit, how it is said)."""


def duration(seconds: float) -> Sentence:
    """Rounded as people say it: seconds, minutes, hours, days or years."""
    unit, text = next((unit, text) for most, unit, text in _UNITS if seconds < most)
    value = seconds / unit
    count = f"{value:.1f}" if unit > 60 and value < 10 else f"{value:,.0f}"
    return Sentence("Plan", text, {"count": count})


def gigabytes(count: float) -> str:
    """Binary gigabytes, as memory is sold."""
    return f"{count / 2**30:,.1f} GB"


def about(count: float) -> str:
    """A number of parameters or tokens in two or three digits: 12K, 3.4M, 175B, 1.04T."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= 0.9995 * size:
            return f"{float(f'{count / size:.3g}'):g}{letter}"
    return f"{count:,.0f}"
