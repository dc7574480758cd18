"""Numbers on the command line. Only the standard library is imported here."""

from __future__ import annotations

import argparse
import math

_MOST_DEVICES = 1024  # As TrainJob has it.


def number(text: str) -> float:
    """A finite number, or argparse's complaint."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"needs a number, not “{text}”")
    return value


def whole(text: str) -> int:
    """A whole number, or argparse's complaint."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"needs a whole number, not “{text}”") from None


def devices(text: str) -> int:
    """How many devices train together, or argparse's complaint."""
    if not 1 <= whole(text) <= _MOST_DEVICES:
        raise argparse.ArgumentTypeError(f"needs a number from 1 to {_MOST_DEVICES}, not “{text}”")
    return int(text)


def amount(text: str) -> float:
    """A number with K, M, B or T behind it, or argparse's complaint."""
    factor = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1:].upper(), 0.0)
    try:
        value = float(text[:-1]) * factor if factor else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"needs a number such as 300B, not “{text}”")
    return value
