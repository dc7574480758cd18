"""Cells: the shortest runs of tokens that are valid UTF-8, which is what a screen can show.

Byte-level tokens split characters (half of them at a small Japanese vocabulary).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tokenizers import Tokenizer

_LONGEST = 4  # A UTF-8 character has at most four bytes, so at most four tokens.


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` of the tokens [start, end)."""

    text: str
    start: int
    end: int


@cache
def byte_of_symbol() -> dict[str, int]:
    """Inverse of GPT-2's printable alphabet for bytes (Radford et al. 2019, encoder.py)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {chr(byte): byte for byte in printable}
    others = [byte for byte in range(256) if byte not in printable]
    table.update({chr(256 + index): byte for index, byte in enumerate(others)})
    return table


def token_bytes(tokenizer: Tokenizer, rows: int = 0) -> list[bytes]:
    """The bytes of every token by id; special tokens have none. `rows`: of the model, which may have
    some that stand for no token.

    Other programs' tokenizers are read as they spell tokens: byte-level alphabets, SentencePiece
    ("▁" is a space, "<0x0A>" a byte), WordPiece ("##" goes on with a word), and the word ends of
    GPT-1 ("</w>"). The two last forget where spaces were: a word has one.
    """
    added = tokenizer.get_added_tokens_decoder()
    vocabulary = tokenizer.get_vocab()
    spelled = _spelling(json.loads(tokenizer.to_str()))
    pieces = [b""] * max(rows, max(vocabulary.values(), default=-1) + 1)
    for symbol, index in vocabulary.items():
        if index not in added:
            pieces[index] = spelled(symbol)
        elif not added[index].special:
            pieces[index] = symbol.encode("utf-8")
    return pieces


def _spelling(parts: dict[str, Any]) -> Callable[[str], bytes]:
    """How a tokenizer's symbols spell bytes, by its parts as tokenizer.json has them."""
    kinds = set(_kinds([parts.get("decoder"), parts.get("pre_tokenizer")]))
    if "ByteLevel" in kinds:
        return _byte_level
    if "WordPiece" in kinds or parts.get("model", {}).get("type") == "WordPiece":
        return _word_piece
    if parts.get("model", {}).get("end_of_word_suffix"):
        return _word_end(str(parts["model"]["end_of_word_suffix"]))
    if kinds & {"Metaspace", "ByteFallback"} or parts.get("model", {}).get("byte_fallback"):
        return _sentence_piece
    return _byte_level


def _kinds(parts: Any) -> Iterator[str]:
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict):
            yield str(part.get("type"))
            for name in ("decoders", "pretokenizers"):
                yield from _kinds(part.get(name) or [])


def _byte_level(symbol: str) -> bytes:
    table = byte_of_symbol()
    return bytes(table.get(c, 0x3F) for c in symbol)


def _sentence_piece(symbol: str) -> bytes:
    if len(symbol) == 6 and symbol.startswith("<0x") and symbol.endswith(">"):
        with contextlib.suppress(ValueError):
            return bytes([int(symbol[3:5], 16)])
    return symbol.replace("\u2581", " ").encode("utf-8")


def _word_piece(symbol: str) -> bytes:
    if symbol.startswith("##"):
        return symbol[2:].encode("utf-8")
    joined = not symbol[:1].isalnum() or "\u2e80" <= symbol[:1] <= "\U0003ffff"
    return (symbol if joined else f" {symbol}").encode("utf-8")


def _word_end(suffix: str) -> Callable[[str], bytes]:
    def spelled(symbol: str) -> bytes:
        word = symbol.removesuffix(suffix)
        return (word if word == symbol else f"{word} ").encode("utf-8")

    return spelled


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
        if self._next - self._start < _LONGEST and is_incomplete(self._held):
            return None
        return self.flush()

    def flush(self) -> Cell | None:
        """What is held back, with a replacement sign for bytes that are no character."""
        if self._start == self._next:
            return None
        cell = Cell(self._held.decode("utf-8", "replace"), self._start, self._next)
        self._held, self._start = b"", self._next
        return cell


def is_incomplete(data: bytes) -> bool:
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
