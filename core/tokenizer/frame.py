"""How an encoder is given a text: a classifier token before it, a separator after each segment, a
mask in the place of what it is to guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.tokenizer.roles import TokenRoles


@dataclass(frozen=True)
class Frame:
    """Ids of the tokens around a text. `ordinary`: ids that text is made of, int64; the others are
    never hidden and never stand in for a word. `pairs`: whether segments are told apart (BERT)."""

    classifier: int
    separator: int
    mask: int
    pad: int
    ordinary: NDArray[np.int64]
    pairs: bool = False
    unknown: int | None = None
    """What stands for characters that the tokenizer does not know (WordPiece)."""

    def around(self, tokens: Sequence[int]) -> list[int]:
        return [self.classifier, *tokens, self.separator]


def frame_of(tokenizer: Tokenizer, roles: TokenRoles, pairs: bool = False) -> Frame | None:
    """None when the tokenizer has no mask. Own tokenizers begin and end a text with its one token
    for the end of a text."""
    if roles.mask is None:
        return None
    size = tokenizer.get_vocab_size()
    special = [i for i, added in tokenizer.get_added_tokens_decoder().items() if added.special]
    named = (roles.classifier, roles.separator, roles.mask, roles.end, roles.unknown)
    special += [i for i in named if i is not None]
    ordinary = np.setdiff1d(np.arange(size), np.array(special, np.int64))
    return Frame(
        classifier=roles.begin if roles.classifier is None else roles.classifier,
        separator=roles.end if roles.separator is None else roles.separator,
        mask=roles.mask, pad=roles.pad, ordinary=ordinary.astype(np.int64), pairs=pairs,
        unknown=None if roles.unknown in (None, roles.end) else roles.unknown,
    )  # fmt: skip
