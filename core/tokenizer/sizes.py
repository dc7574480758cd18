"""How large a vocabulary suits how much text."""

from __future__ import annotations

MIN_VOCABULARY = 512
MAX_VOCABULARY = 32_768


def vocabulary_for(corpus_bytes: int) -> int:
    """About 1k at 1 MB, 8k at 50 MB, 32k at 1 GB: 1,024 · MB^0.53, a multiple of 64."""
    wanted = 1024 * max(corpus_bytes / 1e6, 1e-3) ** 0.53
    return int(min(MAX_VOCABULARY, max(MIN_VOCABULARY, round(wanted / 64) * 64)))
