"""Which tokens of a corpus are frequent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus.library import CorpusLibrary
from core.corpus.tokens import TokenStore, open_tokens
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes

_COUNTS = "train-counts.npy"
_AT_ONCE = 1 << 24


def frequent_tokens(
    library: CorpusLibrary, name: str, count: int, stop: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """{tokens: [{text, id, count, share}], total} of the training text, the most frequent first;
    special tokens are not among them. Empty when `stop` said so. Raises NotFound or Damaged."""
    manifest = library.get(name)
    file = library.tokenizer_file(name)
    store = open_tokens(library.folder(name), manifest.snapshot, file, stop=stop)
    if store is None:
        return {"tokens": [], "total": 0}
    tokenizer = tokenizer_files.load(file)
    counts = token_counts(store, tokenizer.get_vocab_size())
    special = [i for i, token in tokenizer.get_added_tokens_decoder().items() if token.special]
    counts[special] = 0
    total = int(counts.sum())
    pieces = token_bytes(tokenizer, len(counts))
    order = np.argsort(-counts, kind="stable")[:count]
    tokens = [
        {
            "text": pieces[i].decode("utf-8", "replace"), "id": int(i), "count": int(counts[i]),
            "share": int(counts[i]) / max(1, total),
        }
        for i in order
        if counts[i]
    ]  # fmt: skip
    return {"tokens": tokens, "total": total}


def token_counts(store: TokenStore, rows: int) -> NDArray[np.int64]:
    """How often each token stands in the training text, int64 [rows or more]; counted once."""
    place: Path = store.folder / _COUNTS
    try:
        return np.load(place, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        pass
    tokens = store.split("train").tokens
    counts = np.zeros(rows, np.int64)
    for start in range(0, len(tokens), _AT_ONCE):
        part = np.bincount(tokens[start : start + _AT_ONCE], minlength=len(counts))
        counts = part if len(part) > len(counts) else counts + part
    try:
        with place.open("wb") as file:
            np.save(file, counts)
    except OSError:
        place.unlink(missing_ok=True)  # It is counted again another time.
    return counts
