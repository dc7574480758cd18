"""All passes over one text, in an order in which each sees what the ones before have put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from core.corpus.cleaning import aozora, controls, gutenberg, mojibake, normal_form, personal
from core.corpus.cleaning.edits import applied, composed, counted, merged
from core.corpus.cleaning.removals import Removals
from core.corpus.cleaning.traits import Trait, traits
from core.corpus.readers.base import Edit
from core.jobs.kinds import CleaningOptions

_Found = list[Edit] | Removals
_Pass = Callable[[str], _Found | None]
_ROUNDS = 4
_VERBATIM = ("CODE", "IPYNB")
"""Kinds whose marks are no marks of books."""


def edits_of(
    text: str, options: CleaningOptions, given: Sequence[Edit] = (), kind: str = ""
) -> list[Edit]:
    """What cleaning takes out of `text` or changes in it, as edits of it: in order, without overlaps.

    Args:
        text: With "\\n" line ends.
        given: What the reader knows to be no part of the text, made where their option is on.
        kind: What people call the format.
    """
    found, _ = _run(text, options, given, kind)
    return _as_edits(found)


def cleaned(
    text: str, options: CleaningOptions, given: Sequence[Edit] = (), kind: str = ""
) -> tuple[str, Counter[str]]:
    """The text with `edits_of` made, and how many characters that took out or changed, by option (see
    `counted`). Several times as fast where a book has thousands of readings."""
    found, result = _run(text, options, given, kind)
    return result, found.counted() if isinstance(found, Removals) else counted(found)


def _run(
    text: str, options: CleaningOptions, given: Sequence[Edit], kind: str
) -> tuple[_Found, str]:
    """The edits that change something, and the text with them."""
    found: _Found = merged(edit for edit in given if getattr(options, edit.reason, True))
    current = applied(text, found)
    has = traits(current)
    for group in _groups(options, kind):
        for _ in range(_ROUNDS):
            before = current
            for trait, run in group:
                more = run(current) if trait is None or has & trait else None
                if more:
                    found = _composed(found, current, more)
                    current = _applied(current, more)
                    has = traits(current)
            if len(group) == 1 or current is before:
                break
    if isinstance(found, Removals):
        return found, current
    return [edit for edit in found if text[edit.start : edit.end] != edit.text], current


def _composed(first: _Found, middle: str, second: _Found) -> _Found:
    return composed(_as_edits(first), middle, _as_edits(second)) if first else second


def _applied(text: str, found: _Found) -> str:
    return found.applied(text) if isinstance(found, Removals) else applied(text, found)


def _as_edits(found: _Found) -> list[Edit]:
    return found.edits() if isinstance(found, Removals) else found


def _groups(options: CleaningOptions, kind: str) -> Iterator[list[tuple[Trait | None, _Pass]]]:
    """The passes that are wished, each with the traits of which a text must have one for it to find
    anything. Those of one group can make work for each other: a control character may stand in the
    middle of misread text, which may hold another."""
    characters: list[tuple[Trait | None, _Pass]] = []
    if options.mojibake:
        characters.append((Trait.MISREAD, mojibake.western))
        characters.append((Trait.MISREAD_KANA, mojibake.japanese))
    if options.control_characters:
        characters.append((Trait.CONTROL, controls.edits))
    yield characters
    if options.gutenberg and kind not in _VERBATIM:
        yield [(None, gutenberg.edits)]
    if (options.aozora_ruby or options.aozora_notes) and kind not in _VERBATIM:
        yield [
            (None, lambda text: aozora.removals(text, options.aozora_ruby, options.aozora_notes))
        ]
    if options.unicode == "nfc":
        yield [(Trait.COMBINING, lambda text: normal_form.edits(text, "nfc"))]
    if options.unicode == "nfkc":
        odd = Trait.COMBINING | Trait.COMPATIBLE
        yield [(odd, lambda text: normal_form.edits(text, "nfkc"))]
    if options.personal:
        yield [(Trait.PERSONAL, lambda text: personal.edits(text, options.personal))]
