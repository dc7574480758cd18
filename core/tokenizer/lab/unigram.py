"""Unigram tokenizers (Kudo 2018) that know every text: what they did not learn falls back to bytes.

A word is cut into its likeliest pieces, each piece by itself (Viterbi). The words are those of Qwen2's
pattern, spaces stay in them as they are, and the 256 bytes are tokens "<0x00>" … "<0xFF>": no word of
that pattern holds such a name whole, so text that spells one stays text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from core.tokenizer.ranks import QWEN2_PATTERN
from core.tokenizer.special import SPECIAL_TOKENS
from core.tokenizer.train import SCRIPT_PATTERN

LEAST_VOCABULARY = 320
SAMPLE_BYTES = 4 << 20
"""Training looks at every part of every word several times: it takes a share of what merges do."""
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_LONGEST_PIECE = 16
_DIGITS = 6
"""Of scores: longer fractions come back from a file a little changed, and differ with the order in
which the library's threads add them up."""
_STEP = 0.0001
"""The library gives characters that no piece was learned for the lowest score, each by so much more
than the last, in an order of chance."""


def train_unigram(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Learn pieces of words; special tokens come first, then the bytes, then pieces by likelihood. The
    same texts give the same tokenizer.

    Args:
        vocabulary: Tokens in all. Rare characters have none of their own where there is no room.
    """
    room = vocabulary - len(SPECIAL_TOKENS) - len(_BYTES)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated"),
            pre_tokenizers.Split(Regex(SCRIPT_PATTERN), "isolated"),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=room, show_progress=False, special_tokens=[], max_piece_length=_LONGEST_PIECE
    )
    tokenizer.train_from_iterator(_without_rare(list(texts), room // 2), trainer)
    learned: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    reserved = {*SPECIAL_TOKENS, *_BYTES}
    pieces = _in_order({text: score for text, score in learned["vocab"] if text not in reserved})
    return _with_bytes(pieces[:room])


def _in_order(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Pieces with rounded scores, the likeliest first; the lowest scores of characters are dealt out
    anew, by code points."""
    rounded = {text: round(score, _DIGITS) for text, score in scores.items()}
    single = [text for text in rounded if len(text) == 1]
    low = min(rounded.values(), default=0.0) + _STEP * len(single)
    dealt = sorted(text for text in single if rounded[text] <= low)
    highest_first = sorted((rounded[text] for text in dealt), reverse=True)
    rounded |= dict(zip(dealt, highest_first, strict=True))
    return sorted(rounded.items(), key=lambda piece: (-piece[1], piece[0]))


def most_likely(tokenizer: Tokenizer, vocabulary: int) -> Tokenizer:
    """A smaller one of the same pieces without the least likely: an estimate of what training for
    that size gives."""
    pieces = json.loads(tokenizer.to_str())["model"]["vocab"]
    least = max(vocabulary, LEAST_VOCABULARY)
    return _with_bytes([(text, score) for text, score in pieces[len(SPECIAL_TOKENS) + 256 : least]])


def _without_rare(texts: list[str], most: int) -> Iterator[str]:
    """The texts, cut where a character stands that is not among the `most` frequent: every character
    that training sees must get a token."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    kept = [character for character, count in counts.most_common(most) if count > 1]
    rare = re.compile(f"[^{re.escape(''.join(kept))}]+") if kept else re.compile(r"[\s\S]+")
    for text in texts:
        yield from filter(None, rare.split(text))


def _with_bytes(pieces: list[tuple[str, float]]) -> Tokenizer:
    """`unk_id` must name a token; with all bytes there, none is ever unknown."""
    least = min((score for _, score in pieces), default=0.0)
    whole = [(token, 0.0) for token in SPECIAL_TOKENS]
    whole += [(token, round(least - 1.0, _DIGITS)) for token in _BYTES]
    rounded = [(text, round(score, _DIGITS)) for text, score in pieces]
    tokenizer = Tokenizer(models.Unigram([*whole, *rounded], unk_id=0, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    tokenizer.encode_special_tokens = True
    return tokenizer
