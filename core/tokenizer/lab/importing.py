"""A tokenizer.json that a user brings: read as data, checked, and given what it lacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer

from core.errors import CannotImport, PathMissing
from core.sentences import N_, Sentence
from core.tokenizer.special import SPECIAL_TOKENS

MOST_BYTES = 64 << 20
MOST_TOKENS = 1 << 20
_PROBE = "Text. 日本語の文章\n\n  👩 12\t"
_FILE = Sentence("Errors", N_("Errors", "Choose the file tokenizer.json of a model."))
_OTHER = Sentence("Errors", N_("Errors", "Choose another tokenizer."))


def imported(path: Path) -> tuple[Tokenizer, list[str]]:
    """The tokenizer of a file, and the special tokens that it lacked and has got.

    Every version ends texts, opens and ends turns and hides words with tokens of the same names, so
    those that are missing are added behind the others.

    Raises:
        PathMissing: There is no such file.
        CannotImport: It is no tokenizer, too large, or cannot encode every text.
    """
    tokenizer = _checked(path, _parsed(path))
    tokenizer.encode_special_tokens = True
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if tokenizer.num_special_tokens_to_add(is_pair=False):
        tokenizer.post_processor = None  # Texts are framed by whoever trains (roles).
    known = tokenizer.get_added_tokens_decoder().values()
    special = {str(token.content) for token in known if token.special}
    missing = [token for token in SPECIAL_TOKENS if token not in special]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in missing])
    return tokenizer, missing


def _parsed(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, N_("Errors", "it is larger than {most} MB"), most=MOST_BYTES >> 20)
        text = path.read_text(encoding="utf-8")
        parts = json.loads(text)
    except OSError as error:
        raise PathMissing("tokenizer", path=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise _refused(path, N_("Errors", "it is not JSON")) from error
    if not isinstance(parts, dict) or not isinstance(parts.get("model"), dict):
        raise _refused(path, N_("Errors", "it is not a tokenizer"))
    return text


def _checked(path: Path, text: str) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # The library raises bare Exception, and panics.
        raise _refused(path, N_("Errors", "it is not a tokenizer")) from error
    numbers = tokenizer.get_vocab().values()
    if len(numbers) < 2:
        raise _refused(path, N_("Errors", "it has no tokens"))
    if len(numbers) > MOST_TOKENS or max(numbers) >= 2 * len(numbers):
        text = N_("Errors", "it has {count} tokens with numbers up to {last}")
        raise _refused(path, text, count=len(numbers), last=max(numbers))
    try:
        encoded = tokenizer.encode(_PROBE, add_special_tokens=False).ids
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise _refused(path, N_("Errors", "it cannot encode every text"), _OTHER) from error
    if not encoded:
        raise _refused(path, N_("Errors", "it cannot encode every text"), _OTHER)
    return tokenizer


def _refused(path: Path, text: str, hint: Sentence = _FILE, **values: Any) -> CannotImport:
    reason = Sentence("Errors", text, values)
    return CannotImport("tokenizer", path=str(path), reason=reason, hint=hint)
