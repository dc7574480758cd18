"""The kinds of tokenizers that can be learned from text, and what each cannot do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from tokenizers import Tokenizer

from core.sentences import N_, Sentence
from core.tokenizer.characters import character_tokenizer
from core.tokenizer.lab.unigram import LEAST_VOCABULARY, train_unigram
from core.tokenizer.special import SPECIAL_TOKENS
from core.tokenizer.train import train_tokenizer

BYTES = len(SPECIAL_TOKENS) + 256
"""Tokens of a tokenizer that knows bytes alone."""
_PROBES = (
    "One two  three   four.\n\n\tDon't\r\n stop ",
    "日本語の文章。\u3000カタカナ、𠮷野家\n 👩‍👩‍👧",
    "<0x0A> ▁ <|endoftext|> \x00\x7f é e\u0301 ﬁ ＡＢＣ",
)
_BEYOND_GGUF = Sentence(
    "Errors",
    N_("Errors", "A version with it cannot be exported as GGUF: llama.cpp has no tokenizer of this kind."),
)  # fmt: skip
_NOT_EXACT = Sentence(
    "Errors",
    N_("Errors", "It does not keep every text as it is: spaces, capitals or characters get lost."),
)


def train(kind: str, texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """A tokenizer of `kind` ("bpe", "unigram", "characters", "bytes") with our special tokens, to
    which no text is unknown.

    Args:
        vocabulary: Most tokens in all; there are fewer where the text gives fewer. Of bytes: 260.
    """
    makers: dict[str, Callable[[], Tokenizer]] = {
        "bpe": lambda: train_tokenizer(texts, max(vocabulary, BYTES)),
        "unigram": lambda: train_unigram(texts, max(vocabulary, LEAST_VOCABULARY)),
        "characters": lambda: character_tokenizer(texts, max(vocabulary, BYTES)),
        "bytes": lambda: character_tokenizer((), BYTES),
    }
    return makers[kind]()


def limits(tokenizer: Tokenizer) -> list[Sentence]:
    """What a version with this tokenizer cannot do."""
    found: list[Sentence] = []
    model = json.loads(tokenizer.to_str())["model"]
    if model.get("type") != "BPE" or model.get("end_of_word_suffix"):
        found.append(_BEYOND_GGUF)
    if not is_exact(tokenizer):
        found.append(_NOT_EXACT)
    return found


def is_exact(tokenizer: Tokenizer) -> bool:
    """Whether difficult texts come back from their tokens as they were."""
    return all(
        tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids, skip_special_tokens=False) == text
        for text in _PROBES
    )  # fmt: skip
