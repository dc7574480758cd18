"""Encoding of much text: the tokens that `tokenizers` gives, several times as fast where possible."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.hardware import cores
from core.tokenizer.engines import byte_encoding, differing
from core.tokenizer.ranks import pattern_of, ranks_of

Tokens = NDArray[np.uint16 | np.uint32]
_WORTHWHILE = 100_000
"""Characters in all below which the fast way is not prepared."""
_LONGEST = 200_000
"""Longer texts in one piece are left to `tokenizers`: the fast engine gives up on endless runs."""


class TextEncoder:
    """Ids of texts, in uint16 (uint32 where there are more than 65,536). Special tokens in a text are
    ordinary text, as core.tokenizer.files.load sees to."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        size = tokenizer.get_vocab_size()
        self.type = np.dtype(np.uint16 if size <= 1 << 16 else np.uint32)
        self._fast: Any = None
        self._ids: Tokens = np.empty(0, self.type)
        self._asked = False
        self._parts: dict[str, Any] = json.loads(tokenizer.to_str())
        self.pattern = pattern_of(self._parts)
        """The published pattern that texts are split with; None: something else does it."""
        self._pool = ThreadPoolExecutor(max(1, cores()), "encode")

    @property
    def fast(self) -> bool:
        """Whether tiktoken is used: it is where equal tokens are proved (core.tokenizer.ranks)."""
        if not self._asked:
            self._asked = True
            self._prepare()
        return self._fast is not None

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each text, without any around it."""
        if sum(map(len, texts)) < _WORTHWHILE and not self._asked:
            return self._slowly(texts)
        if not self.fast:
            return self._slowly(texts)
        unsafe = differing()
        slow = [
            number
            for number, text in enumerate(texts)
            if len(text) > _LONGEST
            or (unsafe is not None and not text.isascii() and unsafe.search(text))
        ]
        if not slow:
            return list(self._pool.map(self._quickly, texts))
        left = dict(zip(slow, self._slowly([texts[number] for number in slow]), strict=True))
        quick = [text for number, text in enumerate(texts) if number not in left]
        rest = self._pool.map(self._quickly, quick)
        return [left[i] if i in left else next(rest) for i in range(len(texts))]

    def close(self) -> None:
        self._pool.shutdown()

    def _quickly(self, text: str) -> Tokens:
        return self._ids[self._fast(text)]

    def _slowly(self, texts: Sequence[str]) -> list[Tokens]:
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [np.array(found.ids, self.type) for found in encoded]

    def _prepare(self) -> None:
        parts = self._parts
        if self.pattern is None or not _leaves_text_alone(self._tokenizer, parts):
            return
        ranked = ranks_of(parts)
        if ranked is None:
            return
        ranks, ids = ranked
        self._ids = np.array(ids, self.type)
        encoding = byte_encoding(self.pattern, ranks)
        self._fast = partial(encoding.encode_to_numpy, disallowed_special=())


def _leaves_text_alone(tokenizer: Tokenizer, parts: dict[str, Any]) -> bool:
    """Nothing changes a text before it is split: no normalizer, no token searched for in it."""
    added = parts.get("added_tokens") or []
    searched = any(not token["special"] for token in added) or (
        bool(added) and not tokenizer.encode_special_tokens
    )
    return not parts.get("normalizer") and not searched and not parts.get("truncation")
