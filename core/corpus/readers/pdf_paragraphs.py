"""Which line ends of a page are only where its paper ended, and which words are divided there."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from core.corpus.readers.pdf_lines import Line

_WINDOW = 15
_BLOCK = 4
_JUSTIFIED, _ROUGH_WIDE, _ROUGH_NARROW = 0.35, 1.7, 5.0
_WIDE_COLUMN = 22
_PROSE_LINES, _FORCED, _NARROWEST = 6, 0.65, 12
_NEARLY_FULL = 0.2
_SAME_SIZE = 0.2
_WIDEST_PITCH = 2.3
_WIDE = re.compile("[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""Characters of scripts that put no spaces between words."""
_ITEM = re.compile(
    r"[•‣◦・■□●○◆◇▶※＊*]|[-–—] |\(?(?:\d{1,3}|[a-zA-Z])[.)）]\s|（[0-9一-十]{1,3}）|[①-⑳]|第[0-9一-十百]+[章条節部]|　"
)
_ROW_NUMBER = re.compile(r"(\d{1,6})\s")
_LEADERS = re.compile(r"(?:[.．·・…]\s?){4}")
_CODE_END = re.compile(r"[{}\\=|&<>]$|(?<!\d)%$")
_SENTENCE_END = re.compile(r"[.。．!?！？:：」』”\"]$")
_WORD_BEFORE = re.compile(r"[^\W\d_]{2,}[-\u2010\u00ad]$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
_HALF = re.compile(r"[^\W\d_]+(?=[-\u2010\u00ad]$)")
_FIRST_HALVES = {
    "self", "well", "high", "low", "long", "short", "half", "one", "two", "three", "four", "five",
    "ever", "much", "so", "state", "ill", "full", "hand", "ready", "old", "new", "large", "small",
}  # fmt: skip
_HYPHENATED = re.compile(r"\w[-\u2010]$")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}-[^\W\d_]{1,40}")
_LONGEST_WORD = 50


class Ends(NamedTuple):
    """`joiner`: what stands between a line and the next where it is read: a line end, a space,
    nothing, or "-" where the next line goes on with a divided word. `full`: whether the line fills
    its column."""

    joiner: str
    full: bool


def ends(lines: list[Line]) -> list[Ends]:
    """For each line of a page; the joiner of its last one is a line end."""
    found: list[Ends] = []
    for index, former in enumerate(lines):
        edges = _edges(lines, index)
        full = edges is not None and edges[1] - former.u1 < 1.7 * former.size
        later = lines[index + 1] if index + 1 < len(lines) else None
        found.append(Ends(_joiner(former, later, edges, full) if later else "\n", full))
    return found


def across(former: Line, later: Line, full: bool) -> str:
    """The joiner where a column or a page ends between two lines; `full`: as of Ends."""
    if _is_divided(former, later):
        return "-"
    ended = _SENTENCE_END.search(former.text) or _LEADERS.search(former.text)
    if not full or ended or not _alike(former, later) or _ITEM.match(later.text):
        return "\n"
    if _is_wide(former.text[-1:]) and _is_wide(later.text[:1]):
        return ""
    return " " if later.text[:1].islower() else "\n"


def is_compound(former: str, later: str, compounds: set[str]) -> bool:
    """Whether the hyphen between two halves is the word's own, as in well-known: by usual first
    halves, or because the text has the word with it elsewhere."""
    left, right = _HALF.search(former[-_LONGEST_WORD:]), _WORD_AFTER.match(later[:_LONGEST_WORD])
    if left is None or right is None:
        return False
    first = left[0].casefold()
    usual = first in _FIRST_HALVES or (first.endswith("ly") and len(first) > 4)
    return usual or f"{first}-{right[0].casefold()}" in compounds


def compounds(text: str) -> set[str]:
    """Words of a text that are written with a hyphen."""
    return {found[0].casefold() for found in _COMPOUND.finditer(text)}


def _joiner(former: Line, later: Line, edges: tuple[float, float] | None, full: bool) -> str:
    size = max(former.size, later.size)
    if not _is_next(former, later):
        return across(former, later, full) if later.v < former.v else "\n"
    if _is_divided(former, later):
        return "-"
    if not _alike(former, later) or _ITEM.match(later.text) or _are_rows(former, later):
        return "\n"
    if _are_words(former, later):
        return "\n"
    if _LEADERS.search(former.text) or _CODE_END.search(former.text):
        return "\n"
    if edges is None or later.u0 - edges[0] > 0.7 * size or not _is_forced(former, later, edges[1]):
        return "\n"
    together = _HYPHENATED.search(former.text) or _is_wide(former.text[-1:] + later.text[:1])
    return "" if together else " "


def _are_rows(former: Line, later: Line) -> bool:
    """Whether two lines are rows of a table, or numbered one after the other."""
    numbers = _ROW_NUMBER.match(former.text), _ROW_NUMBER.match(later.text)
    counted = numbers[0] and numbers[1] and int(numbers[1][1]) - int(numbers[0][1]) == 1
    return former.row or later.row or bool(counted)


def _are_words(former: Line, later: Line) -> bool:
    """Whether each line is one word, as in a list of them."""
    text = former.text.strip() + later.text.strip()
    return " " not in text and not _is_wide(text)


def _is_next(former: Line, later: Line) -> bool:
    """Whether a line lies below another in one column."""
    below = later.v - former.v
    pitch = _WIDEST_PITCH * max(former.size, later.size)
    return _shares_column(former, later) and 0 < below < pitch


def _edges(lines: list[Line], index: int) -> tuple[float, float] | None:
    """Where the lines of the column begin and end; None where hardly any is full, as in verse.

    The end is where lines of the column end exactly: those of a narrower block, nearly all of them;
    else those of the page. In wide unjustified text it is where most end roughly.
    """
    line = lines[index]
    block = _block(lines, index)
    begin, end = min(other.u0 for other in block), max(other.u1 for other in block)
    exact = _count(block, end, _JUSTIFIED * line.size)
    if len(block) >= _BLOCK and exact >= 0.7 * len(block):
        return begin, end
    around = lines[max(0, index - _WINDOW) : index + _WINDOW]
    column = [other for other in around if _shares_column(line, other)]
    edge = _common_end(column, line.size)
    alike = [other for other in column if _alike(line, other)]
    beyond = edge is not None and any(other.u1 > edge + line.size for other in column)
    least = (0.35 if beyond else 0.2) * len(alike)
    if edge is not None and _count(alike, edge, _JUSTIFIED * line.size) >= least:
        return sorted(other.u0 for other in alike)[len(alike) // 4], edge  # Some hang out.
    ragged = _ROUGH_WIDE if _is_wide(line.text[-1:]) else _ROUGH_NARROW
    rough = _count(block, end, ragged * line.size)
    is_wide = end - begin > _WIDE_COLUMN * line.size
    if (rough >= max(3, 0.5 * len(block)) and is_wide) or _is_ragged_prose(block, begin, end):
        return begin, end
    return None


def _is_ragged_prose(block: list[Line], begin: float, end: float) -> bool:
    """Whether most lines end because the next word had no room, as those of verse do not, nor those
    of a list of words."""
    pairs = list(itertools.pairwise(block))
    if len(pairs) < _PROSE_LINES or end - begin < _NARROWEST * block[0].size:
        return False
    return sum(_is_forced(*pair, end) for pair in pairs) >= _FORCED * len(pairs)


def _count(lines: list[Line], end: float, room: float) -> int:
    return sum(other.u1 > end - room for other in lines)


def _common_end(column: list[Line], size: float) -> float | None:
    """The place where three lines end exactly and hardly any goes beyond."""
    found = sorted((other.u1 for other in column), reverse=True)
    for place in range(min(len(found) - 2, len(found) // 10 + 1)):
        if found[place] - found[place + 2] < _JUSTIFIED * size:
            return found[place]
    return None


def _shares_column(line: Line, other: Line) -> bool:
    shared = min(line.u1, other.u1) - max(line.u0, other.u0)
    return shared > 0.5 * min(line.u1 - line.u0, other.u1 - other.u0)


def _block(lines: list[Line], index: int) -> list[Line]:
    """The lines around one that follow each other without a gap."""
    begin = end = index
    while begin > max(0, index - _WINDOW) and _is_next(lines[begin - 1], lines[begin]):
        if not _is_beside(lines[index], lines[begin - 1]):
            break
        begin -= 1
    while end + 1 < min(len(lines), index + _WINDOW) and _is_next(lines[end], lines[end + 1]):
        if not _is_beside(lines[index], lines[end + 1]):
            break
        end += 1
    return lines[begin : end + 1]


def _is_beside(line: Line, other: Line) -> bool:
    return abs(other.u0 - line.u0) < 2.5 * line.size and _alike(other, line)


def _is_forced(former: Line, later: Line, end: float) -> bool:
    """Whether the first word of the next line had no room in this one."""
    room = end - former.u1
    if _is_wide(later.text[:1]):
        return room < 1.7 * later.size
    width = end - former.u0
    goes_on = later.text[:1].islower() and not _SENTENCE_END.search(former.text)
    if goes_on and width > _NARROWEST * later.size and room < _NEARLY_FULL * width:
        return True
    first = later.text.split(" ", 1)[0]
    each = (later.u1 - later.u0) / max(len(later.text), 1)
    return room < (len(first) + 0.5) * each


def _alike(former: Line, later: Line) -> bool:
    return abs(former.size - later.size) <= _SAME_SIZE * max(former.size, later.size)


def _is_divided(former: Line, later: Line) -> bool:
    return (
        _WORD_BEFORE.search(former.text[-_LONGEST_WORD:]) is not None
        and _alike(former, later)
        and (
            later.text[:1].islower() or (former.text[-3:-1].isupper() and later.text[:2].isupper())
        )
    )


def _is_wide(text: str) -> bool:
    return _WIDE.search(text) is not None
