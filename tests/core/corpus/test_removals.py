"""Removals kept as arrays are the edits that one would make one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import encoding
from core.corpus.cleaning import applied, cleaned, counted, edits_of
from core.corpus.cleaning.aozora import is_aozora, removals
from core.corpus.cleaning.edits import merged
from core.corpus.cleaning.removals import Removals
from core.corpus.paragraphs import hashes
from core.corpus.readers.base import Edit
from core.corpus.readers.input import normalise_newlines
from core.jobs.kinds import CleaningOptions, Personal

_RUBY = re.compile("《[^》\n]{1,40}》")
_BASE = re.compile("｜(?=(?:※?［＃[^］\n]{0,200}］|[^《\n｜]){1,30}《)")
_NOTE = re.compile("※?［＃(?:[^［］\n]|［[^［］\n]{0,200}］){0,200}］")
_MARKS = st.lists(
    st.sampled_from(
        ["《", "》", "｜", "※", "［＃", "］", "［", "\n", "あ", "山", "か" * 39, "x\U0001f600"]
    ),
    max_size=40,
).map("".join)
_SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 9), st.sampled_from("abc")), max_size=8
)
ALL = CleaningOptions(unicode="nfkc", personal=list(get_args(Personal)))


def one_by_one(text: str) -> list[Edit]:
    """The marks by regular expressions, as Aozora Bunko describes them."""
    found = [Edit(*m.span(), "aozora_ruby") for one in (_RUBY, _BASE) for m in one.finditer(text)]
    return merged(found + [Edit(*m.span(), "aozora_notes") for m in _NOTE.finditer(text)])


@given(_MARKS)
def test_readings_and_notes_are_those_of_the_regular_expressions(marks: str) -> None:
    text = "［＃注］" + marks
    assert is_aozora(text)
    found = removals(text, True, True)
    assert found is not None
    assert found.edits() == one_by_one(text)
    assert found.applied(text) == applied(text, one_by_one(text))
    assert found.counted() == counted(one_by_one(text))


@given(_SPANS)
def test_what_overlaps_is_cut_as_edits_are(spans: Sequence[tuple[int, int, str]]) -> None:
    text = "".join(map(chr, range(0x3041, 0x3041 + 40)))
    # Of two with the same place either may give its reason.
    edits = [Edit(a, a + n, reason) for a, n, reason in dict.fromkeys(spans) if n]
    places = {(edit.start, edit.end): edit for edit in edits}
    edits = list(places.values())
    found = Removals.merged(
        (edit.reason, np.array([edit.start]), np.array([edit.end])) for edit in edits
    )
    assert found.edits() == merged(edits)
    assert found.applied(text) == applied(text, merged(edits))


@given(_MARKS, st.sampled_from(["", "a@b.example ", "ﾊﾝｶｸ か\u3099", "\x00\x1b[0m", "Ã©"]))
def test_cleaned_is_the_text_with_its_edits_made(marks: str, more: str) -> None:
    text = f"［＃注］{marks}{more}{marks}"
    edits = edits_of(text, ALL)
    assert cleaned(text, ALL) == (applied(text, edits), counted(edits))


def test_real_books(shared_data: Path) -> None:
    books = sorted((shared_data / "ja-pretrain" / "aozora").glob("*.txt"))[::5]
    assert books
    for book in books:
        data = book.read_bytes()
        found = encoding.guess(data)
        assert found is not None
        text = normalise_newlines(encoding.decode(data, found.name)[0])
        edits = edits_of(text, CleaningOptions())
        assert cleaned(text, CleaningOptions()) == (applied(text, edits), counted(edits))
        inner = [edit for edit in edits if edit in one_by_one(text)]
        assert len(edits) - len(inner) <= 2  # The legend and the colophon.


def test_a_paragraph_has_one_name_wherever_its_lines_break() -> None:
    long = "A paragraph of some length, which is enough to be remembered by its hash."
    first = hashes(f"{long}\n\nOther.\n").tolist()
    assert len(first) == 1
    broken = long.replace(" which", "\n   which")
    assert hashes(f"Another one.\n\n\n{broken}  \n\n\n\nAnd so on.\n").tolist() == first
