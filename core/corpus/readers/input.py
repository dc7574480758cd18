"""A file as readers see it: bytes, or text in a found or chosen encoding, whole or in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO

from core.corpus import encoding
from core.corpus.readers.faults import NotReadable
from core.sentences import N_, Sentence

WHOLE_BYTES = 256 << 20
"""Files of a kind that must be seen whole are read up to this size."""
PIECE_BYTES = 64 << 20
"""Larger files of lines are read piece by piece, so that memory does not grow with them."""
PIECE_CHARACTERS = 8 << 20
HEAD_BYTES = 64 << 10
_MOST_BAD = 0.02
_CUTS = ("\n", "。", ". ", " ")


class InputFile:
    """`path`: where its bytes lie (a member of an archive was written there). `name`: what people
    call it. `chosen`: the encoding that the user chose. `mapping`: which columns the user chose for
    what. `declared`: an encoding that the format itself tells, believed where nothing better is known.

    What was found is kept: `encoding` (people's name), `sure` (whether it is beyond doubt; else
    `alternatives`, Python's names, are worth a look), `bad` (characters that could not be read),
    `warning`, `shape` (of conversations, see core.corpus.conversations).
    """

    def __init__(
        self, path: Path, name: str = "", chosen: str | None = None,
        mapping: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.path, self.name, self.chosen = path, name or path.name, chosen
        self.mapping = mapping or {}
        self.encoding, self.sure, self.bad = "", True, 0
        self.alternatives: tuple[str, ...] = ()
        self.warning: Sentence | None = None
        self.shape = ""

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        with self.path.open("rb") as file:
            return file.read(HEAD_BYTES)

    def warn(self, sentence: Sentence) -> None:
        """Say what was noticed; the first word counts."""
        self.warning = self.warning or sentence

    def warn_of_unread(self, count: int) -> None:
        """So many more characters became U+FFFD."""
        self.bad += count
        self._warn_of_unread()

    # ---- bytes -------------------------------------------------------------------------------

    def bytes(self, kind: str) -> bytes:
        """All of them; `kind` is what people call the format. Raises NotReadable for a file that is
        too large to be seen whole."""
        if self.size > WHOLE_BYTES:
            raise NotReadable(_too_large(kind))
        return self.head if self.size == len(self.head) else self.path.read_bytes()

    # ---- text --------------------------------------------------------------------------------

    def text(self, kind: str, declared: str | None = None) -> str:
        """The whole text, with "\\n" line ends. Raises NotReadable."""
        data = self.bytes(kind)
        text, self.bad = self._decoded(data, declared)
        self._judge(len(text))
        return normalise_newlines(text)

    def pieces(self, kind: str) -> Iterator[tuple[int, str]]:
        """(number of its first line, text): the whole text, or where the file is large pieces of at
        most 8 M characters that end with a line where there are lines. Raises NotReadable."""
        if self.size <= PIECE_BYTES:
            yield 1, self.text(kind)
            return
        with self.path.open("rb") as file:
            sample = _sample(file, self.size)
        name = self._settled(encoding.guess(sample, False), None)
        try:
            stream = self.path.open(
                encoding="utf-8" if name == "ascii" else name, errors="replace", newline=None
            )
        except LookupError as error:
            raise not_text() from error
        line, seen, rest = 1, 0, ""
        with stream:
            while block := stream.read(PIECE_CHARACTERS - len(rest)):
                self.bad += block.count("\ufffd")
                text = rest + block
                cut = _last_cut(text)
                rest = text[cut:]
                seen += cut
                self._judge(seen)
                yield line, text[:cut]
                line += text.count("\n", 0, cut)
            if rest:
                yield line, rest

    def _decoded(self, data: bytes, declared: str | None) -> tuple[str, int]:
        """The text and how many characters could not be read. Raises NotReadable for what is no text."""
        found = None if self.chosen else encoding.read(data)
        name = self._settled(found[0] if found else None, declared)
        if found and found[0].name == name:
            return found[1], found[2]
        try:
            return encoding.decode(data, name)
        except (LookupError, ValueError) as error:
            raise not_text() from error

    def _settled(self, guess: encoding.Guess | None, declared: str | None) -> str:
        """Python's name of the encoding. What is declared decides where the bytes alone do not:
        pages often declare what they are not. Raises NotReadable for what is no text."""
        if self.chosen or (declared and (guess is None or _is_open(guess))):
            guess = encoding.Guess(self.chosen or declared or "")
        if guess is None:
            raise not_text()
        self.sure, self.alternatives = guess.sure, guess.alternatives
        self.encoding = encoding.public_name(guess.name)
        return guess.name

    def _judge(self, characters: int) -> None:
        """A text of which much cannot be read is in another encoding, or none."""
        if self.bad > max(10, characters * _MOST_BAD):
            text = N_("Verdicts", "characters that cannot be read as {encoding}: {count}")
            raise NotReadable(
                Sentence("Verdicts", text, {"count": self.bad, "encoding": self.encoding})
            )
        if self.bad:
            self._warn_of_unread()

    def _warn_of_unread(self) -> None:
        text = N_("Verdicts", "characters that could not be read: {count}")
        self.warning = Sentence("Verdicts", text, {"count": self.bad})


def _is_open(guess: encoding.Guess) -> bool:
    """Whether the bytes leave it open: in the Western encodings, nearly every byte is a letter."""
    return not guess.sure or guess.name in ("cp1252", "latin-1")


def normalise_newlines(text: str) -> str:
    """CR LF and lone CR become LF; a byte-order mark at the start goes."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def not_text() -> NotReadable:
    return NotReadable(Sentence("Verdicts", N_("Verdicts", "not a text file")))


def _too_large(kind: str) -> Sentence:
    text = N_("Verdicts", "{kind} files larger than {megabytes} MB cannot be read: split it")
    return Sentence("Verdicts", text, {"kind": kind, "megabytes": WHOLE_BYTES >> 20})


def _last_cut(text: str) -> int:
    """Where a piece may end: after its last line, sentence or word, if there is one at all."""
    for mark in _CUTS:
        place = text.rfind(mark, len(text) // 2)
        if place >= 0:
            return place + len(mark)
    return len(text)


def _sample(file: IO[bytes], size: int) -> bytes:
    """The beginning of a large file, and lines from seven later places where lines are bytes."""
    pieces = [file.read(1 << 20)]
    if b"\0" in pieces[0]:
        return pieces[0]
    for number in range(1, 8):
        file.seek(size * number // 8)
        block = file.read(1 << 18)
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if 0 <= first < last:
            pieces.append(block[first + 1 : last + 1])
    return pieces[0][: pieces[0].rfind(b"\n") + 1 or None] + b"".join(pieces[1:])
