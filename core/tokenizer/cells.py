"""Cells: the shortest runs of tokens that are valid UTF-8, which is what a screen can show.

Byte-level tokens split characters (half of them at a small Japanese vocabulary).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tokenizers import Tokenizer

from core.tokenizer.special import SPECIAL_TOKENS

_LONGEST = 4  # A UTF-8 character has at most four bytes, so at most four tokens.


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` of the tokens [start, end)."""

    text: str
    start: int
    end: int


@cache
def _byte_of_symbol() -> dict[str, int]:
    """Inverse of GPT-2's printable alphabet for bytes (Radford et al. 2019, encoder.py)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(byte): byte for byte in printable}
    others = [byte for byte in range(256) if byte not in printable]
    table.update({chr(256 + index): byte for index, byte in enumerate(others)})
    return table


def token_bytes(tokenizer: Tokenizer) -> list[bytes]:
    """The bytes of every token by id; special tokens have none."""
    table = _byte_of_symbol()
    pieces = [b""] * tokenizer.get_vocab_size()
    for symbol, index in tokenizer.get_vocab().items():
        if symbol not in SPECIAL_TOKENS:
            pieces[index] = bytes(table.get(c, 0x3F) for c in symbol)
    return pieces


class CellGrouper:
    """Feed token after token; complete cells come out, incomplete bytes are held back."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._start = 0
        self._next = 0

    def feed(self, token: int) -> Cell | None:
        """The cell that `token` completes, if any."""
        self._held += self._pieces[token] if token < len(self._pieces) else b""
        self._next += 1
        if self._next - self._start < _LONGEST and _is_incomplete(self._held):
            return None
        return self.flush()

    def flush(self) -> Cell | None:
        """What is held back, with a replacement sign for bytes that are no character."""
        if self._start == self._next:
            return None
        cell = Cell(self._held.decode("utf-8", "replace"), self._start, self._next)
        self._held, self._start = b"", self._next
        return cell


def _is_incomplete(data: bytes) -> bool:
    """Whether `data` is the beginning of valid UTF-8 that lacks its end."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def group(tokens: Sequence[int], pieces: Sequence[bytes]) -> list[Cell]:
    """All cells of `tokens`, in order; together they cover every token."""
    grouper = CellGrouper(pieces)
    cells = [cell for token in tokens if (cell := grouper.feed(token))]
    rest = grouper.flush()
    return [*cells, rest] if rest else cells
