"""JSON values one after another, from a text that comes in pieces; and what is wrong in broken ones.

The standard library's decoder reads each value, so a value means the same in a small file as in one
of gigabytes: NaN, lone surrogates and all. (Streaming parsers such as ijson refuse or change these,
and cannot bound one text.)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from core.sentences import N_, Sentence

MOST_CHARACTERS = 64 << 20
"""Of one value."""
_DIGITS = 4000
_FOUND = 12
_EXPECTED = (
    ("Expecting value", N_("Verdicts", "a value")),
    ("Expecting property name", N_("Verdicts", "a name in quotes")),
    ("Expecting ':'", N_("Verdicts", "a colon")),
    ("Expecting ','", N_("Verdicts", "a comma, or the end of the list or object")),
    ("Unterminated string", N_("Verdicts", "a quote that ends the text")),
    ("Invalid control", N_("Verdicts", "no control character inside a text")),
    ("Invalid \\", N_("Verdicts", "one of the known letters after “\\”")),
    ("Extra data", N_("Verdicts", "the end of the line")),
    ("Illegal trailing", N_("Verdicts", "no comma before the end")),
)
_OTHERWISE = N_("Verdicts", "JSON")
_TEXT_END = N_("Verdicts", "the end of the text")
_LINE_END = N_("Verdicts", "the end of the line")


class Broken(Exception):
    """`sentence`: line, column, what was found and what was expected."""

    def __init__(self, line: int, sentence: Sentence) -> None:
        super().__init__(sentence.english())
        self.line, self.sentence = line, sentence


def _whole_number(digits: str) -> int | float:
    """Python refuses to read numbers of many thousand digits; they are no text anyway."""
    return int(digits) if len(digits) < _DIGITS else float(digits)


_decoder = json.JSONDecoder()
_patient = json.JSONDecoder(parse_int=_whole_number)


def decode(text: str, at: int = 0) -> tuple[Any, int]:
    """(value, where it ends). Raises json.JSONDecodeError, RecursionError."""
    try:
        return _decoder.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _patient.raw_decode(text, at)


def of_line(line: str, number: int) -> Any:
    """The value of one line. Raises Broken, whose sentence leaves it to others to name the line."""
    start = len(line) - len(line.lstrip())
    try:
        value, end = decode(line, start)
    except json.JSONDecodeError as error:
        at = error.pos
        raise Broken(number, _sentence(error.msg, line, at, None, at, _LINE_END)) from error
    except RecursionError as error:
        raise Broken(number, _too_deep()) from error
    if rest := line[end:].strip():
        at = line.index(rest, end)
        raise Broken(number, _sentence("Extra data", line, at, None, at))
    return value


class Values:
    """Takes values and signs from the front of a text."""

    def __init__(self, pieces: Iterator[tuple[int, str]]) -> None:
        self._pieces = pieces
        self._text, self._at = "", 0
        self._line, self._column = 1, 0

    def peek(self) -> str:
        """The next sign that is no blank, still there; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\n\r":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self) -> str:
        sign = self.peek()
        self._at += len(sign)
        return sign

    def value(self) -> Any:
        """Raises Broken."""
        self.peek()
        while True:
            try:
                value, end = decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._is_cut(error) and self._more():
                    continue
                raise self.broken(error.msg, error.pos) from error
            except RecursionError as error:
                raise Broken(self._place(self._at)[0], _too_deep()) from error
            if end < len(self._text) or not self._text[end - 1].isdigit() or not self._more():
                self._at = end
                return value

    def fits(self, most: int) -> bool:
        """Whether the next value, if it is one at all, ends within `most` characters."""
        self.peek()
        while len(self._text) - self._at < most and self._more():
            pass
        if len(self._text) - self._at <= most:
            return True
        try:
            decode(self._text[self._at : self._at + most])
        except json.JSONDecodeError as error:
            return not (error.msg.startswith("Unterminated") or error.pos > most - 16)
        except RecursionError:
            pass
        return True

    def broken(self, message: str, at: int | None = None) -> Broken:
        """What is wrong `at` a place, by the decoder's words."""
        at = self._at if at is None else at
        line, column = self._place(at)
        return Broken(line, _sentence(message, self._text, at, line, column))

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether the value may go on in the next piece."""
        return error.msg.startswith("Unterminated") or error.pos > len(self._text) - 16

    def _more(self) -> bool:
        if len(self._text) - self._at > MOST_CHARACTERS:
            text = N_("Verdicts", "a value is longer than {millions} million characters")
            sentence = Sentence("Verdicts", text, {"millions": MOST_CHARACTERS >> 20})
            raise Broken(self._place(self._at)[0], sentence)
        _, piece = next(self._pieces, (0, ""))
        if piece:
            self._line, self._column = self._place(self._at)
            self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)

    def _place(self, at: int) -> tuple[int, int]:
        """(line from 1, characters before it in its line)."""
        start = self._text.rfind("\n", 0, at) + 1
        column = at - start if start else self._column + at
        return self._line + self._text.count("\n", 0, at), column


def _sentence(
    message: str, text: str, at: int, line: int | None, before: int, end: str = _TEXT_END
) -> Sentence:
    """`end`: what is found where nothing follows."""
    expected = next((t for start, t in _EXPECTED if message.startswith(start)), _OTHERWISE)
    found = text[at : at + _FOUND].split("\n", 1)[0]
    shown = Sentence("Verdicts", N_("Verdicts", "“{text}”"), {"text": found})
    if message.startswith("Unterminated") or not text[at : at + _FOUND].strip():
        shown = Sentence("Verdicts", end)
    values = {"column": before + 1, "found": shown, "expected": Sentence("Verdicts", expected)}
    if line is None:
        words = N_("Verdicts", "column {column}: found {found}; expected {expected}")
        return Sentence("Verdicts", words, values)
    words = N_("Verdicts", "line {line}, column {column}: found {found}; expected {expected}")
    return Sentence("Verdicts", words, {"line": line, **values})


def _too_deep() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "lists and objects are nested too deeply"))
