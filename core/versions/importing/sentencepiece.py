"""SentencePiece's own file (Kudo and Richardson 2018), for models that came before tokenizer.json.

Its BPE with bytes for unknown characters (Llama 2, Mistral, Gemma) is what a GGUF file holds as well, so
both become a tokenizer.json in one way. The file is a protocol buffer; the numbers below are those of
sentencepiece_model.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.reasons import Unsuitable
from core.sentences import N_, Sentence

FILES = ("tokenizer.model", "spiece.model")
"""sentencepiece.bpe.model is another matter: models that have it number its pieces anew."""
_MOST_BYTES = 64 << 20
_BPE, _NORMAL = 2, 1


@dataclass
class Pieces:
    """What such a file holds. `types`: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused,
    6 byte; `prefixed`: a space is put before every text."""

    tokens: list[str] = field(default_factory=list[str])
    scores: list[float] = field(default_factory=list[float])
    types: list[int] = field(default_factory=list[int])
    kind: int = 1
    prefixed: bool = True
    plain: bool = True
    """Whether text is taken as it is: nothing is exchanged, and no space is left out."""
    roles: dict[str, int] = field(default_factory=dict[str, int])


def read_pieces(file: Path) -> Pieces:
    """Raises Unsuitable for what is no such file, or one of another kind than BPE."""
    if file.stat().st_size > _MOST_BYTES:
        raise Unsuitable(Sentence("Errors", N_("Errors", "it is far too large for such a file")))
    found = Pieces()
    try:
        for number, value in _fields(file.read_bytes()):
            if number == 1:
                _take_piece(found, dict(_fields(value)))
            elif number == 2:
                _take_training(found, dict(_fields(value)))
            elif number == 3:
                rules = dict(_fields(value))
                found.prefixed = bool(rules.get(3, 1))
                found.plain = not rules.get(2) and not rules.get(4, 1)
    except (IndexError, struct.error, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise Unsuitable(
            Sentence("Errors", N_("Errors", "it is no file of SentencePiece"))
        ) from error
    if not found.tokens:
        raise Unsuitable(Sentence("Errors", N_("Errors", "it is no file of SentencePiece")))
    if found.kind != _BPE or not found.plain:
        text = N_("Errors", "it is a tokenizer of SentencePiece that is not made of merges (BPE)")
        raise Unsuitable(Sentence("Errors", text))
    return found


def as_gguf(found: Pieces, adds_begin: bool) -> dict[str, Any]:
    """The same under GGUF's names."""
    values: dict[str, Any] = {
        "model": "llama", "tokens": found.tokens, "scores": found.scores,
        "token_type": found.types, "add_space_prefix": found.prefixed, "add_bos_token": adds_begin,
    } | {f"{role}_token_id": index for role, index in found.roles.items()}  # fmt: skip
    return {f"tokenizer.ggml.{name}": value for name, value in values.items()}


def _take_piece(found: Pieces, piece: dict[int, Any]) -> None:
    found.tokens.append(piece[1].decode("utf-8") if 1 in piece else "")
    found.scores.append(struct.unpack("<f", piece[2])[0] if 2 in piece else 0.0)
    found.types.append(int(piece.get(3, _NORMAL)))


def _take_training(found: Pieces, spec: dict[int, Any]) -> None:
    found.kind = int(spec.get(3, 1))
    usual = {"unknown": (40, 0), "bos": (41, 1), "eos": (42, 2), "padding": (43, -1)}
    ids = {role: _signed(spec.get(number, index)) for role, (number, index) in usual.items()}
    found.roles = {role: index for role, index in ids.items() if index >= 0}


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """(number, value) of each field of a message: whole numbers, or bytes. Raises IndexError where
    the message ends early."""
    place = 0
    while place < len(data):
        key, place = _number(data, place)
        match key & 7:
            case 0:
                value, place = _number(data, place)
                yield key >> 3, value
                continue
            case 1:
                size = 8
            case 2:
                size, place = _number(data, place)
            case 5:
                size = 4
            case _:
                raise IndexError
        if size > len(data) - place:
            raise IndexError
        yield key >> 3, data[place : place + size]
        place += size


def _number(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = data[place]
        value |= (byte & 127) << shift
        place += 1
        if byte < 128:
            return value, place
    raise IndexError
