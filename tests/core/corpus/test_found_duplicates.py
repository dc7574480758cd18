"""The list of copies: pages of each kind, and where both texts differ."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.differences import differences
from core.corpus.library import MANIFEST, CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.corpus.serving.duplicates import COLUMNS, KINDS, FoundDuplicates, place_of
from core.errors import Damaged
from core.files import write_json
from core.home import Home
from core.resident import Request


def a_row(number: int) -> dict[str, Any]:
    text = f"text {number}"
    values = [KINDS[number % 3], f"/a/{number}", text, 0, "/b", "b", 1, 0.9, 8, text, f"{text}!"]
    return dict(zip(COLUMNS, values, strict=True))


@pytest.fixture
def bare(empty_home: Home) -> CorpusLibrary:
    """A corpus of which only the manifest is there."""
    library = CorpusLibrary(empty_home)
    manifest = CorpusManifest(id="1", name="c", created=0, changed=0, snapshot="s")
    write_json(library.folder("c") / MANIFEST, manifest.model_dump(mode="json"))
    return library


def ask(library: CorpusLibrary, **params: Any) -> dict[str, Any]:
    return FoundDuplicates(library).page(Request(1, {"corpus": "c", **params}, lambda _: None))


def test_pages_come_in_order_and_each_kind_for_itself(bare: CorpusLibrary) -> None:
    table = pa.Table.from_pylist([a_row(number) for number in range(100)])
    pq.write_table(table, place_of(bare.folder("c"), "s"), row_group_size=7)
    page = ask(bare, offset=5, count=20)
    assert page["listed"]
    assert page["total"] == 100
    assert page["counts"] == {"exact": 34, "near": 33, "paragraphs": 33}
    assert page["duplicates"] == [a_row(number) for number in range(5, 25)]
    near = ask(bare, offset=30, count=50, kind="near")
    assert near["total"] == 33
    assert near["duplicates"] == [a_row(number) for number in (91, 94, 97)]
    assert ask(bare, offset=1000)["duplicates"] == []


def test_a_corpus_of_an_earlier_edition_has_no_list_and_a_broken_one_is_told(
    bare: CorpusLibrary,
) -> None:
    place = place_of(bare.folder("c"), "s")
    assert ask(bare) == {
        "listed": False, "counts": dict.fromkeys(KINDS, 0), "total": 0, "duplicates": [],
    }  # fmt: skip
    for broken in (pa.table({"kind": ["near"]}), None):
        place.write_bytes(b"PAR1 no PAR1") if broken is None else pq.write_table(broken, place)
        with pytest.raises(Damaged):
            ask(bare)


@given(st.text("ab c\n", max_size=40), st.text("ab c\n", max_size=40))
def test_pieces_together_are_the_texts_and_alike_where_they_say_so(one: str, other: str) -> None:
    left, right = differences(one, other)
    assert "".join(text for text, _ in left) == one
    assert "".join(text for text, _ in right) == other
    alike = ["".join(t for t, differs in side if not differs) for side in (left, right)]
    assert alike[0] == alike[1]


def test_a_changed_word_is_marked_and_the_rest_is_not() -> None:
    left, right = differences("昔々ある所にお爺さんが", "昔々ある所にお婆さんが")
    assert left == [("昔々ある所にお", False), ("爺", True), ("さんが", False)]
    assert right[1] == ("婆", True)
