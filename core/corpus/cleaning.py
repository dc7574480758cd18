"""What cleaning removes from a text, as spans, so that a preview can strike it through first."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.jobs.kinds import CleaningOptions

_GUTENBERG_NAME = re.compile("gutenberg", re.IGNORECASE)
_GUTENBERG_START = re.compile(
    r"\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG[^\n]*\*\*\*[^\n]*\n?"
    r"|\*END\*? ?THE SMALL PRINT![^\n]*\n?",
    re.IGNORECASE,
)
_GUTENBERG_END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg)",
    re.IGNORECASE | re.MULTILINE,
)
_PRODUCED_BY = re.compile(
    r"\s*(?:Produced by|E-text prepared by|This etext was)[^\n]*(?:\n[^\n]+)*\n"
)
_RUBY = re.compile("《[^》\n]{1,40}》")
_RUBY_BASE = re.compile("｜(?=(?:※?［＃[^］\n]{0,200}］|[^《\n｜]){1,30}《)")
_NOTE = re.compile("※?［＃(?:[^［］\n]|［[^［］\n]{0,200}］){0,200}］")  # A note may hold another.
_LEGEND = re.compile(
    "(?:^-{5,}[ \t]*\n)?^(?:【テキスト中に現れる記号について】|［表記について］)[ \t]*\n"
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


class Removal(NamedTuple):
    """Characters [start, end) and the option that removes them."""

    start: int
    end: int
    reason: str


Span = tuple[int, int, str]
"""(start, -end, reason): sorts by start, the longer first, without a key (there may be very many)."""


def is_aozora(text: str) -> bool:
    """Whether 《》 and ［＃］ are Aozora Bunko's marks here: ordinary prose may use 《》 itself."""
    if "［＃" in text or _COLOPHON.search(text):
        return True
    marks = text.count("《")
    return marks > 0 and len(_KANJI_RUBY.findall(text)) * 2 > marks


def removals(text: str, options: CleaningOptions) -> list[Removal]:
    """Non-overlapping spans in order. `text` has "\\n" line ends."""
    found: list[Span] = []
    if options.gutenberg and _GUTENBERG_NAME.search(text[:20_000] + text[-30_000:]):
        found += _gutenberg(text)
    if (options.aozora_ruby or options.aozora_notes) and is_aozora(text):
        found += _aozora(text, options)
    return _merged(found)


def cleaned(text: str, spans: list[Removal]) -> str:
    """`text` without `spans`: a subsequence, nothing is invented."""
    if not spans:
        return text
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces.append(text[position : span.start])
        position = span.end
    pieces.append(text[position:])
    return "".join(pieces)


def normalise_newlines(text: str) -> str:
    """CR LF and lone CR become LF; a byte-order mark at the start goes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def _gutenberg(text: str) -> list[Span]:
    found: list[Span] = []
    start = 0
    for match in _GUTENBERG_START.finditer(text, 0, min(len(text), 60_000)):
        start = match.end()
    if start:
        produced = _PRODUCED_BY.match(text, start)
        if produced:
            start = produced.end()
        found.append((0, -start, "gutenberg"))
    end = _GUTENBERG_END.search(text, start or len(text) // 2)
    if end:
        found.append((end.start(), -len(text), "gutenberg"))
    return found


def _aozora(text: str, options: CleaningOptions) -> list[Span]:
    found: list[Span] = []
    if options.aozora_ruby:
        for pattern in (_RUBY, _RUBY_BASE):
            found += [(m.start(), -m.end(), "aozora_ruby") for m in pattern.finditer(text)]
    if options.aozora_notes:
        found += [(m.start(), -m.end(), "aozora_notes") for m in _NOTE.finditer(text)]
        found += _aozora_frame(text)
    return found


def _aozora_frame(text: str) -> list[Span]:
    """The legend of the marks near the top, and the colophon at the end."""
    found: list[Span] = []
    legend = _LEGEND.search(text, 0, min(len(text), _LEGEND_WITHIN))
    if legend:
        found.append((legend.start(), -legend.end(), "aozora_notes"))
    colophon = _colophon(text, legend.end() if legend else 0)
    if colophon is not None:
        found.append((colophon, -len(text), "aozora_notes"))
    return found


def _colophon(text: str, after: int) -> int | None:
    """Where the last lines begin that name the printed source and who typed and proofread it."""
    begin = max(after, len(text) - _LONGEST_COLOPHON)
    found = next(_COLOPHON.finditer(text, begin), None)
    if found is None or not any(word in text[found.start() :] for word in _COLOPHON_WORDS):
        return None
    return found.start()


def _merged(found: list[Span]) -> list[Removal]:
    """Sorted and cut so that no two overlap; the earlier and longer one keeps its reason."""
    result: list[Removal] = []
    position = 0
    for start, minus_end, reason in sorted(found):
        begin = start if start > position else position
        if begin < -minus_end:
            position = -minus_end
            result.append(Removal(begin, position, reason))
    return result
