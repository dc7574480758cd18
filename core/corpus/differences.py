"""Where two texts that are nearly the same differ, for showing them side by side."""

from __future__ import annotations

from difflib import SequenceMatcher

Pieces = list[tuple[str, bool]]
"""(text, whether it differs), in order; together they are the whole text."""
_SHORTEST = 2
"""Characters that are alike between two differences: fewer are no help to the eye."""


def differences(one: str, other: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces that are alike or differ. For excerpts: takes time with the product of the
    lengths."""
    if one == other:
        return [(one, False)], [(other, False)]
    left, right = Pieces(), Pieces()
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        alike = tag == "equal" and (b - a >= _SHORTEST or not left or b == len(one))
        _add(left, one[a:b], not alike)
        _add(right, other[c:d], not alike)
    return left, right


def _add(pieces: Pieces, text: str, differs: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1][1] == differs:
        text = pieces.pop()[0] + text
    pieces.append((text, differs))
