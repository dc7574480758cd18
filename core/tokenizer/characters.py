"""A tokenizer of characters in the form of byte-level BPE, so that every program loads it.

Its merges join the bytes of each character and never two characters; a character that the text does
not have falls back to its bytes, so nothing is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer, models, pre_tokenizers

from core.tokenizer.special import SPECIAL_TOKENS
from core.tokenizer.train import standard_form

MOST_CHARACTERS = 8_192
_LEAST_COUNT = 2


def character_tokenizer(texts: Iterable[str], vocabulary: int | None = None) -> Tokenizer:
    """One token for each character that `texts` hold at least twice, the frequent ones first.

    Args:
        vocabulary: Most tokens in all: special tokens, bytes, beginnings of characters, characters.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    letters = _byte_letters()
    tokens = dict.fromkeys((*SPECIAL_TOKENS, *letters.values()))
    room = (vocabulary or MOST_CHARACTERS) - len(tokens)
    merges: list[tuple[str, str]] = []
    for character, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count < _LEAST_COUNT:
            break
        needed = [pair for pair in _pairs(character, letters) if "".join(pair) not in tokens]
        if len(needed) > room - len(merges):
            continue
        merges += needed
        tokens.update(dict.fromkeys("".join(pair) for pair in needed))
    # Shorter beginnings must exist before what is built of them.
    merges.sort(key=lambda pair: len(pair[0]))
    numbers = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=numbers, merges=merges))
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return standard_form(tokenizer)


def _pairs(character: str, letters: dict[int, str]) -> list[tuple[str, str]]:
    """(beginning, next byte) for each byte but the first; none for ASCII and lone surrogates."""
    word = [letters[byte] for byte in character.encode("utf-8", "ignore")]
    return [("".join(word[:end]), word[end]) for end in range(1, len(word))]


def _byte_letters() -> dict[int, str]:
    """The visible letter that stands for each byte (GPT-2's table, as the library has it)."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    shown = {ord(letter): letter for letter in alphabet if ord(letter) < 256}
    hidden = [byte for byte in range(256) if byte not in shown]
    return dict(sorted({**shown, **{b: chr(256 + i) for i, b in enumerate(hidden)}}.items()))
