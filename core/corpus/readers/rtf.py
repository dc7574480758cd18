"""RTF: text in its fonts' code pages and in Unicode escapes, without deleted and hidden text.

The libraries for it know one code page per file, which garbles Japanese beside Western fonts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from core.corpus.readers import rtf_codes
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,9})? ?|\\'(?P<byte>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)|\\",
    re.DOTALL,
)
_BLANK_LINES = re.compile(r"\n{3,}")


class _State(NamedTuple):
    """What a group's end restores. `sink`: where its text goes; None leaves it out."""

    sink: str | None = "text"
    font: str | None = None
    """Its code page; "" where it leaves that to the document, None where no font was chosen."""
    fallback: int = 1
    """Characters after a Unicode escape that stand for it in programs without Unicode."""
    hidden: bool = False


def looks(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for what is no RTF, or without text."""
    if not looks(file.head[:64]):
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "not an RTF file, by its beginning")))
    parser = _Parser()
    parser.feed(file.bytes("RTF").decode("latin-1"))
    text = parser.joined()
    if not text:
        raise NotReadable(Sentence("Verdicts", N_("Verdicts", "no text in the document")))
    file.bad = text.count("\ufffd")
    if parser.is_cut_off:
        file.warn(Sentence("Verdicts", N_("Verdicts", "cut off: read up to where it breaks off")))
    yield Document(text + "\n", parser.title or file.name)


class _Parser:
    def __init__(self) -> None:
        self._out = {"text": io.StringIO(), "note": io.StringIO(), "title": io.StringIO()}
        self._bytes = bytearray()
        self._stack: list[_State] = []
        self._state = _State()
        self._document = "cp1252"
        self._fonts: dict[int, str | None] = {}
        self._default = 0
        self._defining: int | None = None
        self._skip = 0
        self._high = 0
        self._starred = False

    @property
    def title(self) -> str:
        return " ".join(self._out["title"].getvalue().split())[:300]

    @property
    def is_cut_off(self) -> bool:
        return bool(self._stack)

    def joined(self) -> str:
        text = f"{self._out['text'].getvalue()}\n\n{self._out['note'].getvalue()}"
        text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
        return _BLANK_LINES.sub("\n\n", text).strip(" \t\n")

    def feed(self, source: str) -> None:
        place = 0
        while found := _TOKEN.match(source, place):
            place = found.end()
            kind = found.lastgroup
            if kind == "text":
                self._literal(found["text"])
            elif kind == "byte":
                self._byte(int(found["byte"], 16))
            elif kind == "brace":
                self._brace(found["brace"])
            elif kind == "symbol":
                self._symbol(found["symbol"])
            elif found["word"]:
                number = None if found["number"] is None else int(found["number"])
                if found["word"] == "bin":
                    place += max(0, number or 0)
                else:
                    self._word(found["word"], number)
        self._flush()

    # ---- text --------------------------------------------------------------------------------

    def _literal(self, text: str) -> None:
        if self._skip:
            cut = min(self._skip, len(text))
            self._skip -= cut
            text = text[cut:]
        if self._state.sink is not None:
            self._bytes += text.encode("latin-1")

    def _byte(self, value: int) -> None:
        if self._skip:
            self._skip -= 1
        elif self._state.sink is not None:
            self._bytes.append(value)

    def _flush(self) -> None:
        """Bytes become text in the font that they came in."""
        if self._bytes:
            font = self._state.font
            font = self._fonts.get(self._default) if font is None else font
            text = rtf_codes.decoded(bytes(self._bytes), font or None, self._document)
            self._bytes.clear()
            self._emit(text)

    def _emit(self, text: str) -> None:
        if self._high:
            self._high, text = 0, "\ufffd" + text
        if self._state.sink is not None and not self._state.hidden:
            self._out[self._state.sink].write(text)

    def _escape(self, number: int) -> None:
        """UTF-16, as signed numbers."""
        self._flush()
        unit = number & 0xFFFF
        if 0xDC00 <= unit < 0xE000 and self._high:
            unit = 0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00
            self._high = 0
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
        else:
            self._emit(chr(unit) if not 0xD800 <= unit < 0xE000 else "\ufffd")
        self._skip = self._state.fallback

    # ---- groups and words --------------------------------------------------------------------

    def _brace(self, brace: str) -> None:
        self._flush()
        self._skip = 0
        self._starred = False
        if brace == "{":
            self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\\{}":  # They may also be the second byte of a character.
            self._byte(ord(symbol))
        elif self._skip:
            self._skip -= 1
        elif text := rtf_codes.SYMBOLS.get(symbol):
            self._flush()
            self._emit(text)

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        starred, self._starred = self._starred, False
        if word == "u":
            self._escape(number or 0)
        elif text := rtf_codes.SIGNS.get(word):
            if self._skip:
                self._skip -= 1
            else:
                self._emit(text)
        elif word in rtf_codes.LEFT_OUT or (starred and word not in rtf_codes.STARRED):
            self._state = self._state._replace(sink=None)
        elif word == "footnote":
            self._state = self._state._replace(sink="note")
            self._emit("\n")
        elif word == "title":
            self._state = self._state._replace(sink="title")
        elif word == "ud":
            self._state = self._state._replace(sink="text")
        else:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        if word in ("v", "deleted"):
            self._state = self._state._replace(hidden=number != 0)
        elif word == "plain":
            self._state = self._state._replace(hidden=False, font=None)
        elif word == "uc":
            self._state = self._state._replace(fallback=min(max(number or 0, 0), 100))
        elif word == "ansicpg":
            self._document = rtf_codes.code_page(number or 1252)
        elif word == "deff":
            self._default = number or 0
        elif word == "mac":
            self._document = "mac_roman"
        elif word == "fonttbl":
            self._defining = -1
            self._state = self._state._replace(sink=None)
        elif word == "f":
            if self._state.sink is None:
                self._defining = number or 0
            self._state = self._state._replace(font=self._fonts.get(number or 0) or "")
        elif word == "fcharset" and self._defining is not None:
            self._fonts[self._defining] = rtf_codes.of_character_set(number or 0)
        elif word == "cpg" and self._defining is not None:
            self._fonts[self._defining] = rtf_codes.code_page(number or 0)
