"""Which words two short texts have in common, in runs: for marking a text that was found in another."""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

from core.corpus.wordstream import Words, words_of

Runs = list[tuple[int, int]]
"""(start, end) of characters, in order."""
LEAST_WORDS, LEAST_CHARACTERS = 3, 4
"""What is shorter is alike by chance: words, and characters of scripts without spaces."""


def common_runs(one: str, other: str) -> tuple[Runs, Runs]:
    """The runs of words that both have in the same order. Letter case, width, punctuation and space do
    not count, as in core.corpus.contamination. Takes time with the product of the lengths."""
    left, right = words_of(one), words_of(other)
    matcher = SequenceMatcher(None, left.values.tolist(), right.values.tolist(), autojunk=False)
    found: tuple[Runs, Runs] = ([], [])
    for a, b, size in matcher.get_matching_blocks():
        if size and size >= _least(left, a, size):
            found[0].append(_span(one, left, a, size))
            found[1].append(_span(other, right, b, size))
    return found


def _least(words: Words, first: int, size: int) -> int:
    single = int(words.single[first : first + size].sum())
    return LEAST_CHARACTERS if single * 2 >= size else LEAST_WORDS


def _span(text: str, words: Words, first: int, size: int) -> tuple[int, int]:
    """From the first word to the end of the last one, without the signs behind it."""
    start, last = int(words.starts[first]), first + size
    end = int(words.starts[last]) if last < len(words.starts) else len(text)
    final = int(words.starts[last - 1])
    while end > final + 1 and unicodedata.category(text[end - 1])[0] not in "LNM":
        end -= 1
    return start, end
