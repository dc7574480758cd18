"""Numbers as people type them: 1,024, ２０４８, 25M, 6万, 2.3e-4."""

from __future__ import annotations

import math
import unicodedata

_SUFFIXES = {"k": 10**3, "m": 10**6, "b": 10**9, "g": 10**9, "千": 10**3, "万": 10**4, "億": 10**8}
_IGNORED = str.maketrans("", "", ",_ \u3000、")


def parse_number(text: str, whole: bool) -> int | float | None:
    """The number that `text` means, or None when it means none.

    Full-width digits (an input method leaves them) and grouping marks are accepted, and the
    suffixes k, M, B, 千, 万 and 億.

    Args:
        whole: Only whole numbers count; the result is an int.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").translate(_IGNORED)
    factor = 1
    if plain and plain[-1].casefold() in _SUFFIXES:
        factor = _SUFFIXES[plain[-1].casefold()]
        plain = plain[:-1]
    try:
        return int(plain) * factor
    except ValueError:
        pass
    try:
        value = float(plain) * factor
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if not whole:
        return value
    nearest = round(value)
    return nearest if math.isclose(value, nearest, rel_tol=1e-12) else None


def show_number(value: int | float) -> str:
    """The shortest text that `parse_number` reads back as the same number: 1,024, 0.9, 2.3e-05."""
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return f"{int(value):,}"
    return repr(value)
