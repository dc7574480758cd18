"""Ruby, notes, the legend and the colophon of Aozora Bunko's texts."""

from __future__ import annotations

import re

from core.corpus.cleaning.edits import merged
from core.corpus.readers.base import Edit

RUBY, NOTES = "aozora_ruby", "aozora_notes"
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


def is_aozora(text: str) -> bool:
    """Whether 《》 and ［＃］ are Aozora Bunko's marks here: ordinary prose may use 《》 itself."""
    if "［＃" in text or ("底本：" in text and _COLOPHON.search(text)):
        return True
    marks = text.count("《")
    return marks > 0 and len(_KANJI_RUBY.findall(text)) * 2 > marks


def edits(text: str, ruby: bool, notes: bool) -> list[Edit]:
    """Takes out readings with the mark of their base, and notes with the frame of the text."""
    if not (ruby or notes) or not is_aozora(text):
        return []
    found: list[Edit] = []
    if ruby:
        for pattern in (_RUBY, _RUBY_BASE):
            found += [Edit(*match.span(), RUBY) for match in pattern.finditer(text)]
    if notes:
        found += [Edit(*match.span(), NOTES) for match in _NOTE.finditer(text)]
        found += _frame(text)
    return merged(found)


def _frame(text: str) -> list[Edit]:
    """The legend of the marks near the top, and the colophon at the end."""
    found: list[Edit] = []
    legend = _LEGEND.search(text, 0, min(len(text), _LEGEND_WITHIN))
    if legend:
        found.append(Edit(*legend.span(), NOTES))
    colophon = _colophon(text, legend.end() if legend else 0)
    if colophon is not None:
        found.append(Edit(colophon, len(text), NOTES))
    return found


def _colophon(text: str, after: int) -> int | None:
    """Where the last lines begin that name the printed source and who typed and proofread it."""
    begin = max(after, len(text) - _LONGEST_COLOPHON)
    found = next(_COLOPHON.finditer(text, begin), None)
    if found is None or not any(word in text[found.start() :] for word in _COLOPHON_WORDS):
        return None
    return found.start()
