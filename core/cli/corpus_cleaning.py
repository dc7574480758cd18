"""--clean NAME=VALUE: what reading takes out of the texts of a corpus or changes in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from core.config import build, parse_assignments
from core.corpus.language_names import CODES
from core.errors import UsageError
from core.jobs.kinds import CleaningOptions, Personal
from core.sentences import N_, Sentence

_LISTS: dict[str, tuple[str, ...]] = {"personal": get_args(Personal), "languages": CODES}
_WHOLE = {"personal": list(get_args(Personal)), "languages": []}
"""What "all" means: every kind of personal data is masked; no language is left out."""


def cleaning_of(words: Sequence[str], before: CleaningOptions) -> CleaningOptions:
    """`before` with what `words` change. Raises UsageError: a word is no setting, or its value is
    none of those it may have."""
    told: dict[str, Any] = {}
    for word in words:
        if "=" not in word:
            text = N_("Errors", "“{word}” sets no cleaning; expected NAME=VALUE, such as personal=mail,phone or unicode=nfkc")  # fmt: skip
            raise UsageError("clean", detail=Sentence("Errors", text, {"word": word}))
        told |= parse_assignments(CleaningOptions, [word])
    for name in told.keys() & _LISTS.keys():
        told[name] = _listed(name, str(told[name]))
    return build(CleaningOptions, before.model_dump() | told)


def _listed(name: str, value: str) -> list[str]:
    """Words that commas part; "all" and "none" are possible for personal data."""
    folded = value.strip().casefold()
    if folded == "all":
        return _WHOLE[name]
    if folded in ("", "none", "off"):
        return []
    chosen = [word.strip() for word in folded.split(",")]
    known = _LISTS[name]
    for word in chosen:
        if word not in known:
            text = N_("Errors", "{name} must be of {known}, not “{given}”.")
            values = {"name": name, "known": ", ".join((*known, "all")), "given": word}
            raise UsageError("clean", detail=Sentence("Errors", text, values))
    return list(dict.fromkeys(chosen))
