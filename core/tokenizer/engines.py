"""Whether two regular expression engines split text alike.

`tokenizers` and tiktoken each bring an engine with its own edition of Unicode. The published patterns
look at a code point in four ways only: is it a letter, a number, a space, and is it a letter of
's 't 're 've 'm 'll 'd in any case. Where the engines agree on these four for every code point, they
agree on every text; the code points on which they differ are found here.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Regex, pre_tokenizers

if TYPE_CHECKING:
    from tiktoken import Encoding

_QUESTIONS = (r"\p{L}", r"\p{N}", r"\s", r"(?i:s|t|r|e|v|m|l|d)")
_NEVER_ALLOWED = "\U0010ffff\U0010fffe"
_ALIKE = {("0.23.3", "0.14.0")}
"""Editions (of tokenizers, of tiktoken) that were compared and agree: others are compared when they
are first used, which takes some seconds."""


def byte_encoding(pattern: str, merges: dict[bytes, int]) -> Encoding:
    """A tiktoken Encoding of the 256 bytes and `merges` (bytes -> rank, from 256 on).

    Its one special token is never allowed, so no text becomes it. With none at all the engine looks
    for the empty string at every position, which costs a third of its speed.
    """
    from tiktoken import Encoding

    ranks = {bytes([byte]): byte for byte in range(256)} | merges
    special = {_NEVER_ALLOWED: len(ranks)}
    return Encoding("own", pat_str=pattern, mergeable_ranks=ranks, special_tokens=special)


@cache
def differing() -> re.Pattern[str] | None:
    """Finds a code point that the engines see differently; None when there is none."""
    if (version("tokenizers"), version("tiktoken")) in _ALIKE:
        return None
    found = "".join(sorted(differences()))
    return re.compile(f"[{re.escape(found)}]") if found else None


def differences() -> set[str]:
    """Every code point on which the engines differ."""
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1))))
    found: set[str] = set()
    for question in _QUESTIONS:
        found |= _of_tokenizers(question, text) ^ _of_tiktoken(question, text)
    return found


def _of_tokenizers(question: str, text: str) -> set[str]:
    split = pre_tokenizers.Split(Regex(f"(?:{question})+"), "removed", invert=True)
    return {letter for piece, _ in split.pre_tokenize_str(text) for letter in piece}


def _of_tiktoken(question: str, text: str) -> set[str]:
    """What a pattern does not match is dropped by tiktoken: what is left are the matches."""
    tokens = byte_encoding(question, {}).encode_to_numpy(text, disallowed_special=())
    return set(tokens.astype(np.uint8).tobytes().decode("utf-8"))
