"""Which token does what: ends a text, stands for padding, hides a word. Own and foreign tokenizers
name them differently; everything else asks here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from core.files import read_json
from core.tokenizer.special import END_OF_TEXT, MASK, TURN_END

CONFIG_FILE = "tokenizer_config.json"
_ENDS = (END_OF_TEXT, "</s>", "<|end_of_text|>", "<eos>", "[SEP]")
_TURN_ENDS = (TURN_END, "<|eot_id|>", "<end_of_turn>", "<|eom_id|>", "<|end|>")
_MASKS = (MASK, "[MASK]", "<mask>")


class Vocabulary(Protocol):
    """What is asked of a tokenizer here."""

    def token_to_id(self, token: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class TokenRoles:
    """Ids of special tokens; None where the tokenizer has none.

    `end` ends every text and, where there is no `begin` of its own, stands before one. `turn_ends`:
    what ends a turn of a conversation. `classifier` and `separator` frame an encoder's text.
    """

    end: int
    begin: int
    pad: int
    mask: int | None = None
    classifier: int | None = None
    separator: int | None = None
    unknown: int | None = None
    turn_ends: tuple[int, ...] = ()

    @classmethod
    def only(cls, end: int) -> TokenRoles:
        """One token that does everything."""
        return cls(end=end, begin=end, pad=end)

    @property
    def stops(self) -> set[int]:
        """Tokens at which an answer is over."""
        return {self.end, *self.turn_ends}


def roles_of(tokenizer: Vocabulary, folder: Path | None = None) -> TokenRoles | None:
    """By tokenizer_config.json of `folder` where it is there, else by the usual names; None when
    nothing ends a text."""
    named = names_of(folder)

    def id_of(role: str, *usual: str) -> int | None:
        for token in (named.get(role), *usual):
            found = tokenizer.token_to_id(token) if token else None
            if found is not None:
                return found
        return None

    end = id_of("eos_token", *_ENDS)
    if end is None:
        return None
    ends = [*(tokenizer.token_to_id(token) for token in _TURN_ENDS), *_ends_of(folder)]
    begin = id_of("bos_token") if named.get("bos_token") else id_of("cls_token")
    pad = id_of("pad_token", "[PAD]", "<pad>")
    return TokenRoles(
        end=end, begin=end if begin is None else begin, pad=end if pad is None else pad,
        mask=id_of("mask_token", *_MASKS), classifier=id_of("cls_token", "[CLS]"),
        separator=id_of("sep_token", "[SEP]"), unknown=id_of("unk_token", "[UNK]", "<unk>"),
        turn_ends=tuple(dict.fromkeys(t for t in ends if t is not None and t != end)),
    )  # fmt: skip


def _ends_of(folder: Path | None) -> list[int]:
    """Ids at which a version stops writing, as its generation_config.json says."""
    if folder is None:
        return []
    try:
        found: Any = read_json(folder / "generation_config.json")["eos_token_id"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    found = found if isinstance(found, list) else [found]
    return [token for token in found if isinstance(token, int) and not isinstance(token, bool)]


def names_of(folder: Path | None) -> dict[str, str]:
    """Role (“eos_token” …) -> token, as tokenizer_config.json names them (as text, or as a dict with `content`)."""
    if folder is None:
        return {}
    try:
        data: dict[str, Any] = read_json(folder / CONFIG_FILE)
    except (OSError, ValueError):
        return {}
    found: dict[str, str] = {}
    for role, value in data.items() if isinstance(data, dict) else ():
        token = value.get("content") if isinstance(value, dict) else value
        if role.endswith("_token") and isinstance(token, str):
            found[role] = token
    return found
