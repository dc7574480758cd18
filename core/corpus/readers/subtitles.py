"""Subtitles (SubRip, WebVTT): what is said, without numbers, times and marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence

_TIME = r"(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}.*")
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:WEBVTT\b|\d+\s*\r?\n\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->)"
)
_READING = re.compile(r"<rt>[^<]*</rt>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<(?:\d+:)?\d\d:\d\d\.\d{3}>|\{\\[^{}]*\}")
_WORD_TIME = re.compile(r"<(?:\d+:)?\d\d:\d\d\.\d{3}>")
_NOT_SAID = ("NOTE", "STYLE", "REGION", "WEBVTT")
_GOES_ON = (",", "、", "-", "–", "—", "→", "…", "...")
_SPEAKER = ("-", "–", "—", "―")
_NO_SPACES = re.compile("[぀-ヿ㐀-鿿！-｠]")


def looks(head: bytes) -> bool:
    return _BEGINNING.match(head) is not None


def read(file: InputFile) -> Iterator[Document]:
    """A line for each sentence that goes over several cues, else for each cue. Raises NotReadable."""
    text = _joined(_cues(file.text("Subtitles").split("\n")))
    if not text:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no subtitles in it")))
    yield Document(text + "\n", file.name)


def _cues(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each cue, without marks. What a roll-up cue repeats of the last one is left out."""
    times = [place for place, line in enumerate(lines) if _TIMES.fullmatch(line)]
    shown: list[str] = []
    live = any(map(_WORD_TIME.search, lines))  # Made word by word, as YouTube does.
    for number, place in enumerate(times, 1):
        following = times[number] if number < len(times) else len(lines)
        said = _said(lines[place + 1 : _cue_end(lines, following)])
        cue = [line for line in map(_plain, said) if line]
        rolls = live or (len(shown) > 1 and cue[:1] == shown[-1:])
        known = set(shown) if rolls else set[str]()
        fresh = [line for line in cue if line not in known]
        shown = cue or shown
        if fresh:
            yield fresh


def _cue_end(lines: list[str], following: int) -> int:
    """Where a cue ends before the times at `following`: these may have a number or a name above."""
    name = following - 1
    named = lines[name].strip() if following < len(lines) else ""
    if named and (named.isdecimal() or not lines[name - 1].strip()):
        return name
    return following


def _said(lines: list[str]) -> Iterator[str]:
    """Without WebVTT's notes and styles, which stand between blank lines."""
    note, blank = False, False
    for line in lines:
        if not line.strip():
            note, blank = False, True
        elif blank and line.split(" ", 1)[0].strip() in _NOT_SAID:
            note = True
        elif not note:
            yield line


def _plain(line: str) -> str:
    return html.unescape(_TAG.sub("", _READING.sub("", line))).strip()


def _joined(cues: Iterable[list[str]]) -> str:
    """Lines of a cue belong together unless each has its speaker; a cue goes on in the next one
    after a comma or dash, and where that begins with a small letter."""
    out: list[str] = []
    before = ""
    for cue in cues:
        for number, line in enumerate(cue):
            if before and _goes_on(before, line, number > 0):
                together = _NO_SPACES.match(before[-1]) and _NO_SPACES.match(line[0])
                out.append("" if together else " ")
            elif before:
                out.append("\n")
            out.append(line)
            before = line
    return "".join(out)


def _goes_on(before: str, line: str, same_cue: bool) -> bool:
    if line.startswith(_SPEAKER):
        return False
    if same_cue:
        return not _NO_SPACES.match(line[0])
    return before.endswith(_GOES_ON) or (line[0].islower() and not before.endswith((".", "!", "?")))
