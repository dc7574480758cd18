"""When the merges of a tokenizer mean the same to tiktoken, which encodes several times as fast.

`tokenizers` joins the adjacent pair that stands first in its list of merges; tiktoken joins the
adjacent pair whose union is the token of the lowest rank, however the list says that this token is
made. With rank = place in the list, both give equal tokens for every text if

(a) the 256 bytes are tokens, and every other token that is ranked is made by exactly one merge;
(b) every such token, encoded alone and in one piece, gives itself.

Proof. Both begin with the bytes of a piece. Suppose that they have made the same joins up to some
state in which L and R are neighbours and their union T is ranked. No join so far crossed the two ends
of T, so the joins inside T were those that T alone would have gone through, in that order: at each
step the first pair of the piece, where it lay inside T, was the first pair of T. By (b) these joins
lead T alone to the one token T, and with only L and R left the next one can only be (L, R): it is
listed, and by (a) it is the merge of T. So the pairs that one of them may join are those that the
other may join, with equal ranks, and both take the leftmost of the first: the next state is the same,
and so is the end. By (b), what tiktoken does with a piece that is a token as a whole is right too.
"""

from __future__ import annotations

import json
from typing import Any

from tokenizers import Tokenizer

from core.tokenizer.cells import byte_of_symbol

_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2_PATTERN = rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}|{_REST}"
LLAMA3_PATTERN = rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}|{_REST}"
GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def pattern_of(parts: dict[str, Any]) -> str | None:
    """The published pattern that a byte-level tokenizer splits text with; None for any other way.

    Args:
        parts: tokenizer.json.
    """
    before = parts.get("pre_tokenizer") or {}
    steps = before.get("pretokenizers") if before.get("type") == "Sequence" else [before]
    if not steps or steps[-1].get("type") != "ByteLevel" or steps[-1].get("add_prefix_space"):
        return None
    if len(steps) == 1:
        return GPT2_PATTERN if steps[0].get("use_regex", True) else None
    split = steps[0]
    if len(steps) != 2 or split.get("type") != "Split" or steps[1].get("use_regex", True):
        return None
    if split.get("behavior") != "Isolated" or split.get("invert"):
        return None
    pattern = (split.get("pattern") or {}).get("Regex")
    return pattern if pattern in (QWEN2_PATTERN, LLAMA3_PATTERN, GPT2_PATTERN) else None


def ranks_of(parts: dict[str, Any]) -> tuple[dict[bytes, int], list[int]] | None:
    """(tokens made by merges -> rank from 256 on, id of every rank) where (a) and (b) hold, else None.

    Args:
        parts: tokenizer.json of a byte-level BPE.
    """
    model: dict[str, Any] = parts.get("model") or {}
    plain = not any(
        model.get(key)
        for key in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")
    )
    if model.get("type") != "BPE" or not plain:
        return None
    letters, vocabulary = byte_of_symbol(), model["vocab"]
    if any(letter not in vocabulary for letter in letters):
        return None
    ids = [vocabulary[letter] for letter, _ in sorted(letters.items(), key=lambda item: item[1])]
    ranks: dict[bytes, int] = {}
    made: list[str] = []
    for merge in model["merges"]:
        symbol = "".join(merge.split(" ", 1) if isinstance(merge, str) else merge)
        if any(letter not in letters for letter in symbol):
            return None
        made.append(symbol)
        ranks[bytes(letters[letter] for letter in symbol)] = 256 + len(ranks)
        ids.append(vocabulary[symbol])
    if len(ranks) != len(made):
        return None
    if model.get("ignore_merges") and _more_tokens(parts, len(ids)):
        return None
    return (ranks, ids) if _give_themselves(model, made, ids[256:]) else None


def _more_tokens(parts: dict[str, Any], ranked: int) -> bool:
    """Whether whole words may become tokens that no merge makes."""
    special = {added["content"] for added in parts.get("added_tokens") or [] if added["special"]}
    return len(parts["model"]["vocab"].keys() - special) != ranked


def _give_themselves(model: dict[str, Any], symbols: list[str], ids: list[int]) -> bool:
    alone = Tokenizer.from_str(
        json.dumps({"version": "1.0", "model": {**model, "ignore_merges": False}})
    )
    encoded = alone.encode_batch_fast(symbols)
    return all(found.ids == [i] for found, i in zip(encoded, ids, strict=True))
