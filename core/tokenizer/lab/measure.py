"""Bytes per token, by language, and how they change with the size of a vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from core.tokenizer.encoder import TextEncoder

SIZES = (512, 1024, 2048, 4096, 8192, 16_384, 32_768)


@dataclass(frozen=True, slots=True)
class Measured:
    """UTF-8 bytes per token: of all text, and by language code."""

    bytes_per_token: float
    languages: dict[str, float]


def measure(tokenizer: Tokenizer, texts: Mapping[str, list[str]]) -> Measured:
    """How much text a token stands for.

    Args:
        texts: Language code -> texts that the tokenizer was not learned from.
    """
    encoder = TextEncoder(tokenizer)
    sizes = {code: sum(len(t.encode("utf-8")) for t in some) for code, some in texts.items()}
    counts = {code: sum(map(len, encoder.encode(some))) for code, some in texts.items()}
    encoder.close()
    return Measured(
        sum(sizes.values()) / max(1, sum(counts.values())),
        {code: sizes[code] / max(1, counts[code]) for code in texts},
    )


def curve(
    largest: Tokenizer, texts: Mapping[str, list[str]], sizes: Iterable[int] = SIZES
) -> Iterator[tuple[int, Measured]]:
    """(vocabulary, bytes per token) of byte-level BPE of each size up to that of `largest`, itself
    the last."""
    most = largest.get_vocab_size()
    for size in [*(size for size in sorted(sizes) if size < most), most]:
        yield size, measure(smaller(largest, size), texts)


def smaller(tokenizer: Tokenizer, vocabulary: int) -> Tokenizer:
    """The BPE tokenizer that training on the same text gives for a smaller vocabulary.

    Training joins the most frequent pair again and again and looks at the wanted size only to end:
    what it learns first does not depend on it. So a smaller vocabulary is a beginning of the list of
    merges, and its tokens are those with the lowest ids.
    """
    parts: dict[str, Any] = json.loads(tokenizer.to_str())
    model = parts["model"]
    model["vocab"] = {token: i for token, i in model["vocab"].items() if i < vocabulary}
    merges: list[Any] = []
    for merge in model["merges"]:
        if "".join(merge) not in model["vocab"]:
            break
        merges.append(merge)
    model["merges"] = merges
    made = Tokenizer.from_str(json.dumps(parts))
    made.encode_special_tokens = True
    return made
