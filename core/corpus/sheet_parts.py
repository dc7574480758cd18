"""Pieces of a data sheet, in sentences that every reader can word in their own language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.sentences import Sentence

Words = str | Sentence
"""Markdown that is the same in every language (figures, names with `cell`), or a sentence."""
Say = Callable[[Sentence], str]
MOST_ROWS = 40


@dataclass(frozen=True)
class Heading:
    words: Words
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Sentences one after the other."""

    words: Sequence[Words]


@dataclass(frozen=True)
class Bullets:
    """A line each; of a pair the first comes first."""

    lines: Sequence[tuple[Words, ...]]


@dataclass(frozen=True)
class Table:
    """`head` may be empty; rows of two cells without a value are left out. `numbers`: the columns,
    from 0, that stand on the right."""

    head: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    numbers: Sequence[int] = ()


Block = Heading | Paragraph | Bullets | Table
_KINDS: dict[str, type[Block]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Bullets, Table)
}


def markdown(blocks: Sequence[Block], say: Say = Sentence.english) -> str:
    """The whole as Markdown."""

    def word(words: Words) -> str:
        return say(words) if isinstance(words, Sentence) else words

    def line(cells: Sequence[Words]) -> str:
        return f"| {' | '.join(map(word, cells))} |"

    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading(words, level):
                parts.append(f"{'#' * level} {word(words)}")
            case Paragraph(words):
                parts.append(" ".join(map(word, words)))
            case Bullets(lines):
                parts.append("\n".join("- " + " ".join(map(word, one)) for one in lines))
            case Table(head, rows, numbers):
                kept = [row for row in rows if len(row) != 2 or row[1]]
                width = len(head) or max(map(len, kept), default=2)
                top = head or [""] * width
                parts.append("\n".join([line(top), _rule(width, numbers), *map(line, kept)]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _rule(width: int, numbers: Sequence[int]) -> str:
    return "|" + "".join("---:|" if n in numbers else "---|" for n in range(width))


# ---- across processes ------------------------------------------------------------------------------


def to_json(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """For the window, which words the sentences itself."""
    return [{"kind": type(block).__name__, **_plain(vars(block))} for block in blocks]


def from_json(data: Sequence[Mapping[str, Any]]) -> list[Block]:
    made: list[Block] = []
    for one in data:
        values = {name: _whole(value) for name, value in one.items() if name != "kind"}
        made.append(_KINDS[str(one["kind"])](**values))
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.to_json()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Sentence.from_json(value)
    return [_whole(one) for one in value] if isinstance(value, list) else value


# ---- words -----------------------------------------------------------------------------------------


def cell(text: str) -> str:
    """Text of the user's in a cell or a list: one line that ends neither."""
    flat = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        flat = flat.replace(sign, "\\" + sign)
    return flat


def share_of(part: float, whole: float) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "0 %"
