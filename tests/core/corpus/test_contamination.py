"""What a model is measured with is found in its training text, however it is written there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import contamination, wordstream
from core.corpus.contamination import Found, search
from core.corpus.contamination_items import items_of
from core.corpus.wordstream import Grams, words_of
from core.errors import NoItems, PathMissing
from tests.core.corpus.near_texts import japanese, prose

ENGLISH = prose(1, 20)
JAPANESE = japanese(2, 40)


def documents(*texts: str) -> Iterator[tuple[str, str, str]]:
    return ((f"{i}.txt", f"Title {i}", text) for i, text in enumerate(texts))


def one(item: str, *texts: str) -> Found | None:
    found = search([item], documents(*texts))
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (ENGLISH, ENGLISH),
        (ENGLISH, ENGLISH.upper().replace(" ", ",\n ")),
        (ENGLISH, "“" + ENGLISH.replace(" ", " — ") + "”"),
        (JAPANESE, JAPANESE),
        (JAPANESE, JAPANESE[:11] + "、\n「" + JAPANESE[11:] + "」"),
        ("ＡＢＣ " + ENGLISH, "abc " + ENGLISH),
        (prose(1, 9), prose(1, 9)),
        (JAPANESE[:13], JAPANESE[:13]),
    ],
)
@pytest.mark.parametrize("before", [0, 7, wordstream.PIECE - 30, 3 * wordstream.PIECE])
def test_an_item_is_found_as_a_whole_wherever_it_stands(item: str, text: str, before: int) -> None:
    filler = prose(77, before // 3 + 1)[:before]
    found = one(item, prose(5, 50), f"{filler} {text} {prose(6, 30)}")
    assert found is not None
    assert found.share == 1
    assert found.place is not None
    assert (found.place.source, found.place.title) == ("1.txt", "Title 1")
    assert text[:30] in found.place.excerpt


def test_what_is_not_there_is_not_found() -> None:
    for item in (ENGLISH, JAPANESE, prose(1, 9), JAPANESE[:13]):
        assert one(item, prose(50, 3_000), japanese(51, 3_000)) == Found(0.0, None)


def test_half_an_item_counts_by_its_runs() -> None:
    item = prose(3, 40)
    words = item.split()
    found = one(item, " ".join(words[:26]), " ".join(words[14:30]))
    assert found is not None
    assert found.share == pytest.approx(18 / 28)  # Runs 0–13 and 14–17 of 28.
    assert found.place is not None
    assert found.place.source == "0.txt"


def test_a_short_item_counts_only_as_a_whole() -> None:
    item = prose(3, 10)
    assert one(item, " ".join(item.split()[:9]) + " other words") == Found(0.0, None)


def test_an_item_that_is_too_short_is_not_looked_for() -> None:
    assert one("Some turtles alarm Kimberley.", "Some turtles alarm Kimberley.") is None
    assert one("", "text") is None
    assert one("東京はどこ？", "東京はどこ？") is None


def test_a_stop_is_heard() -> None:
    assert search([ENGLISH], documents(ENGLISH), lambda: True) is None


def test_no_items_and_no_documents() -> None:
    assert search([], documents("text")) == []
    assert search([ENGLISH], documents()) == [Found(0.0, None)]
    assert search([ENGLISH], documents("", "\ud800")) == [Found(0.0, None)]


SIGNS = st.text(alphabet="ab É'、。 \n山あｱＡ가ก𠮷😀1\u0301\ud800", max_size=60)


@given(SIGNS)
def test_words_are_those_of_plain_code(text: str) -> None:
    found = words_of(text)
    kinds, _ = wordstream._tables()
    words: list[str] = []
    starts: list[int] = []
    for place, sign in enumerate(text):
        kind = kinds[ord(sign)] if ord(sign) < 1 << 16 else 2 * (ord(sign) >= 0x20000)
        joined = place and kind == 1 and starts and starts[-1] + len(words[-1]) == place
        if joined and kinds[ord(text[place - 1]) if ord(text[place - 1]) < 1 << 16 else 0] == 1:
            words[-1] += sign
        elif kind:
            words.append(sign)
            starts.append(place)
    assert found.starts.tolist() == starts
    assert len(found.values) == len(words)
    named = dict(zip(words, found.values.tolist(), strict=True))
    assert [named[word] for word in words] == found.values.tolist()
    assert (
        len(set(named.values())) >= len({w.casefold() for w in named}) - 1
    )  # Width: ｱ is ア, Ａ is a.


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 9))
def test_equal_runs_and_only_they_have_equal_hashes(values: list[int], length: int) -> None:
    import numpy as np

    grams = Grams(np.array(values, np.uint64))
    if len(values) < length:
        return
    found = grams.of(length).tolist()
    runs = [tuple(values[i : i + length]) for i in range(len(values) - length + 1)]
    assert len(found) == len(runs)
    assert len(set(found)) == len(set(runs))
    assert [grams.at(i, length) for i in range(len(runs))] == found
    assert grams.at(len(runs), length) == 0


# ---- items ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "One.\n\nTwo.\n", [(1, "One."), (2, "Two.")]),
        ("a.csv", 'q,a\n"One,\ntwo",3\n', [(1, "q"), (1, "a"), (2, "One,\ntwo"), (2, "3")]),
        ("a.tsv", "One\ttwo\n", [(1, "One"), (1, "two")]),
        ("a.json", '{"canary": "x", "examples": [{"input": "One", "n": 1, "o": ["two"]}]}',
         [(1, "One"), (1, "two")]),
        ("a.json", '["One", {"a": {"b": "two"}}]', [(1, "One"), (2, "two")]),
        ("a.jsonl", '{"text": "One"}\n\n["two"]\n', [(1, "One"), (2, "two")]),
    ],
)  # fmt: skip
def test_items_of_the_usual_forms(
    tmp_path: Path, name: str, text: str, expected: list[tuple[int, str]]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = items_of(str(tmp_path))
    assert list(found) == [str(tmp_path / name)]
    assert [tuple(item) for item in found[str(tmp_path / name)]] == expected


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.json", b"{", "it is not what its name says"),
        ("a.jsonl", b'{"a": 1}\nnot json\n', "it is not what its name says"),
        ("a.json", b"[" * 100_000, "it is not what its name says"),
        ("a.json", b"[1, 2]", "it has no text"),
        ("a.csv", b"\x00\x01\x02" * 99, "not a text file"),
        ("a.txt", b"", "the file is empty"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(NoItems, match="There is nothing to look for in") as caught:
        items_of(str(tmp_path / name))
    assert said in str(caught.value)


def test_a_path_that_is_not_there() -> None:
    with pytest.raises(PathMissing):
        items_of("/nowhere/at all")


def test_every_file_of_the_test_data_has_items(shared_data: Path) -> None:
    folder = shared_data / "eval"
    found = items_of(str(folder))
    assert set(found) == {str(path) for path in folder.rglob("*.*") if path.is_file()}


def test_books_hold_nothing_of_evaluation_sets_but_what_was_put_there(shared_data: Path) -> None:
    """The real sets against real books: nothing by chance, all of what a leak would bring."""
    lines = (shared_data / "eval" / "lambada-sample.jsonl").read_text(encoding="utf-8").splitlines()
    passages = [json.loads(line)["text"] for line in lines][:50]
    items = [item.text for items in items_of(str(shared_data / "eval")).values() for item in items]
    books = [
        *((p.name, p.name, p.read_bytes().decode("cp932", "replace"))
          for p in (shared_data / "ja-pretrain" / "aozora").glob("*.txt")),
        *((p.name, p.name, p.read_text(encoding="utf-8", errors="replace"))
          for p in (shared_data / "en-pretrain").glob("*.txt")),
    ]  # fmt: skip
    clean = search(items, iter(books))
    leaked = search(passages, iter([*books, ("leak", "leak", "\n".join(passages))]))
    assert clean is not None
    assert leaked is not None
    by_chance = [found for found in clean if found and found.share >= contamination.SHARE]
    assert len(by_chance) <= 2
    assert all(found is None or found.share >= contamination.SHARE for found in leaked)
