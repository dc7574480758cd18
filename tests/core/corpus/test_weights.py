"""Which factor a document has, and what stays of it when a corpus is read again."""

from __future__ import annotations

import pytest

from core.corpus.manifest import CorpusManifest, Source
from core.corpus.weights import carried, pinned, weight_of, weights_of


def source(path: str, weight: float = 1.0, licence: str = "") -> Source:
    return Source(path=path, is_folder=True, weight=weight, licence=licence)


@pytest.mark.parametrize(
    ("path", "factor"),
    [
        ("/books/a.txt", 2.0), ("/books/old/a.txt", 0.5), ("/books/old.txt", 2.0), ("/other", 1.0),
        ("/books", 2.0), ("/books/all.zip/old/a.txt", 2.0),
    ],
)  # fmt: skip
def test_a_file_has_the_factor_of_the_nearest_source_above_it(path: str, factor: float) -> None:
    assert weight_of(path, {"/books": 2.0, "/books/old": 0.5}) == factor


def test_what_the_user_said_of_a_source_outlasts_a_reading() -> None:
    before = [source("/a", 2.0, "CC0"), source("/b", 0.5), source("/gone", 3.0)]
    after = carried([source("/a"), source("/b"), source("/new")], before, {"/b": 1.0, "/new": 99.0})
    assert [(s.path, s.weight, s.licence) for s in after] == [
        ("/a", 2.0, "CC0"), ("/b", 1.0, ""), ("/new", 10.0, ""),
    ]  # fmt: skip


def test_a_training_is_pinned_to_the_corpora_as_they_are() -> None:
    def corpus(name: str, *sources: Source) -> CorpusManifest:
        return CorpusManifest(
            id=name.lower(), name=name, created=0, changed=0, snapshot="s" + name,
            sources=list(sources),
        )  # fmt: skip

    one, two = corpus("A", source("/a", 2.0), source("/b")), corpus("B")
    assert weights_of(one) == {"/a": 2.0}
    both = pinned([(one, 0.5), (two, 2.0)])
    assert (both["corpus"], both["snapshot"], both["weight"]) == ("A", "sA", 0.5)
    assert both["weights"] == {"/a": 2.0}
    assert [(m.corpus, m.weight) for m in both["mixed"]] == [("B", 2.0)]
    # Beside nothing a factor says nothing.
    assert pinned([(one, 0.5)])["weight"] == 1.0
