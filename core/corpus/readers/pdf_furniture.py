"""Page numbers and running heads: what stands at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from core.corpus.readers.pdf_lines import Line

_EDGE = 0.12
_MOST_LINES = 3
_PAGES = 3
_SHARE = 0.04
_LONGEST = 150
_NUMBER = re.compile(
    r"[-–—\[(〔【]?\s*(?P<number>\d{1,4}|[ivxlcdm]{1,8}|[IVXLCDM]{1,8}|[０-９]{1,4})\s*[-–—\])〕】]?"
)
_TOLD = re.compile(
    r"(?:page|p\.|pg\.|頁|ページ|seite|第)\s*\d{1,4}(?:\s*(?:/|of|von|頁|ページ).{0,12})?"
    r"|\d{1,4}\s*(?:/|of)\s*\d{1,4}|\d{1,4}\s*(?:頁|ページ)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9０-９]+|[一二三四五六七八九十百〇]+(?=\s*[頁章]?$)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def found(pages: Sequence[list[Line]]) -> list[set[int]]:
    """For each page, which of its lines are furniture."""
    edges = [_edge_lines(lines) for lines in pages]
    repeated = _repeated(pages, edges)
    numbers = _numbers(pages, edges)
    result: list[set[int]] = []
    for page, (lines, edge) in enumerate(zip(pages, edges)):
        own: set[int] = set()
        for index, place in edge.items():
            text = lines[index].text.strip()
            number = number_of(text)
            if (
                _TOLD.fullmatch(text)
                or (place, _key(text)) in repeated
                or (number is not None and number - page in numbers)
            ):
                own.add(index)
        result.append(own if len(own) < len(lines) or _only_numbers(lines) else set())
    return result


def number_of(text: str) -> int | None:
    """A page number that stands alone."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    told = match["number"]
    return int(told) if told[0].isdigit() else _roman(told.casefold())


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-value if after > value else value for value, after in zip(values, [*values[1:], 0]))


def _edge_lines(lines: list[Line]) -> dict[int, str]:
    """The outermost lines, and whether each is at the top or the bottom."""
    order = sorted(range(len(lines)), key=lambda index: lines[index].depth)
    short = [index for index in order if len(lines[index].text) <= _LONGEST]
    top = [index for index in short[:_MOST_LINES] if lines[index].depth < _EDGE]
    bottom = [index for index in short[-_MOST_LINES:] if lines[index].depth > 1 - _EDGE]
    return {**dict.fromkeys(bottom, "bottom"), **dict.fromkeys(top, "top")}


def _key(text: str) -> str:
    return " ".join(_DIGITS.sub("#", text).casefold().split())


def _repeated(pages: Sequence[list[Line]], edges: Sequence[dict[int, str]]) -> set[tuple[str, str]]:
    """(edge, text without its numbers) that come at one height on page after page."""
    heights: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for lines, edge in zip(pages, edges):
        for key in {
            (place, _key(lines[index].text)): index for index, place in edge.items()
        }.items():
            heights[key[0]].append(lines[key[1]].depth)
    least = max(_PAGES, _SHARE * len(pages))
    return {
        key
        for key, depths in heights.items()
        if len(depths) >= least and _at_one_height(depths) and key[1].strip("#- ")
    }


def _at_one_height(depths: list[float]) -> bool:
    """Half of them within a hundredth of the page of the middle one."""
    middle = sorted(depths)[len(depths) // 2]
    return sum(abs(depth - middle) < 0.01 for depth in depths) >= 0.5 * len(depths)


def _numbers(pages: Sequence[list[Line]], edges: Sequence[dict[int, str]]) -> set[int]:
    """Differences between printed numbers and counted pages that come more than once."""
    count: Counter[int] = Counter()
    for page, (lines, edge) in enumerate(zip(pages, edges)):
        told = {number_of(lines[index].text.strip()) for index in edge} - {None}
        count.update(number - page for number in told if number is not None)
    return {difference for difference, times in count.items() if times >= 2}


def _only_numbers(lines: list[Line]) -> bool:
    return all(number_of(line.text.strip()) is not None for line in lines)
