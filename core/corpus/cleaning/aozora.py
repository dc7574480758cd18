"""Ruby, notes, the legend and the colophon of Aozora Bunko's texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from core.corpus.cleaning.removals import Places, Removals

RUBY, NOTES = "aozora_ruby", "aozora_notes"
_LONGEST_RUBY = 40
_RUBY_BASE = re.compile("｜(?=(?:※?［＃[^］\n]{0,200}］|[^《\n｜]){1,30}《)")
_NOTE = re.compile("［＃(?:[^［］\n]|［[^［］\n]{0,200}］){0,200}］")  # A note may hold another.
_NO_CHARACTER = "※"
"""Stands before a note of a character that is in no font."""
_LEGEND_TITLES = ("【テキスト中に現れる記号について】", "［表記について］")
_LEGEND = re.compile(
    f"(?:^-{{5,}}[ \t]*\n)?^(?:{'|'.join(map(re.escape, _LEGEND_TITLES))})[ \t]*\n"
    "(?:.*\n){1,60}?-{5,}[ \t]*(?:\n|$)",
    re.MULTILINE,
)
_COLOPHON = re.compile("^(?:-{5,}[ \t]*\n)?底本：", re.MULTILINE)
_COLOPHON_WORDS = ("入力：", "校正：", "青空文庫")
_LONGEST_COLOPHON = 6_000
_LEGEND_WITHIN = 6_000
_KANJI_RUBY = re.compile(
    "[一-龠々〆ヶ｜\u3400-\u4dbfぁ-んァ-ヶA-Za-zＡ-Ｚａ-ｚ]《[ぁ-んァ-ヶー・　]+》"
)


def is_aozora(text: str) -> bool:
    """Whether 《》 and ［＃］ are Aozora Bunko's marks here: ordinary prose may use 《》 itself."""
    if "［＃" in text or ("底本：" in text and _COLOPHON.search(text)):
        return True
    marks = text.count("《")
    return marks > 0 and len(_KANJI_RUBY.findall(text)) * 2 > marks


def removals(text: str, ruby: bool, notes: bool) -> Removals | None:
    """Takes out readings with the mark of their base, and notes with the frame of the text."""
    if not (ruby or notes) or not is_aozora(text):
        return None
    found: list[tuple[str, Places, Places]] = []
    if ruby:
        found.append((RUBY, *_readings(text)))
        found.append((RUBY, *_spans(match.span() for match in _RUBY_BASE.finditer(text))))
    if notes:
        found.append((NOTES, *_spans(_notes(text))))
        found.append((NOTES, *_spans(_frame(text))))
    return Removals.merged(found)


def _readings(text: str) -> tuple[Places, Places]:
    """《…》 of at most 40 characters on a line; of several 《 before one 》 the first that is near."""
    opening, closing, newline = (_places(text, mark) for mark in "《》\n")
    if not len(opening) or not len(closing):
        return opening[:0], opening[:0]
    after = np.searchsorted(closing, opening)
    opening, after = opening[after < len(closing)], after[after < len(closing)]
    ends = closing[after]
    lengths = ends - opening - 1
    one_line = np.searchsorted(newline, opening) == np.searchsorted(newline, ends)
    near = one_line & (lengths > 0) & (lengths <= _LONGEST_RUBY)
    starts, ends = opening[near], ends[near]
    first = np.concatenate([[True], ends[1:] != ends[:-1]])[: len(ends)]
    return starts[first], ends[first] + 1


def _places(text: str, mark: str) -> Places:
    """Where a character is."""
    lengths = np.fromiter(map(len, text.split(mark)), np.int64)
    return np.cumsum(lengths + 1)[:-1] - 1


def _spans(found: Iterator[tuple[int, int]]) -> tuple[Places, Places]:
    table = np.array(list(found), np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _notes(text: str) -> Iterator[tuple[int, int]]:
    for match in _NOTE.finditer(text):
        start, end = match.span()
        yield start - text.endswith(_NO_CHARACTER, 0, start), end


def _frame(text: str) -> Iterator[tuple[int, int]]:
    """The legend of the marks near the top, and the colophon at the end."""
    legend = None
    if any(title in text[:_LEGEND_WITHIN] for title in _LEGEND_TITLES):
        legend = _LEGEND.search(text, 0, min(len(text), _LEGEND_WITHIN))
    if legend:
        yield legend.span()
    colophon = _colophon(text, legend.end() if legend else 0)
    if colophon is not None:
        yield colophon, len(text)


def _colophon(text: str, after: int) -> int | None:
    """Where the last lines begin that name the printed source and who typed and proofread it."""
    begin = max(after, len(text) - _LONGEST_COLOPHON)
    if text.find("底本：", begin) < 0:
        return None
    found = next(_COLOPHON.finditer(text, begin), None)
    if found is None or not any(word in text[found.start() :] for word in _COLOPHON_WORDS):
        return None
    return found.start()
