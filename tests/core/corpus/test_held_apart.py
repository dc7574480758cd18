"""Whatever becomes of a folder, reading after reading: no document changes its side, what is unseen is
trained on nowhere, and the tokens are those of the texts. With real files and real readings."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import duplicates, near
from core.corpus.conversations import messages_of, pair_of
from core.corpus.reading import read_corpus_now
from core.corpus.tokens import SIDES, open_tokens
from core.files import delete_folder
from core.home import Home
from core.jobs.kinds import ReadJob
from core.tokenizer import files as tokenizer_files
from tests.core.corpus.conftest import Corpus, Read, Write
from tests.core.corpus.near_texts import edited, japanese, prose
from tests.core.corpus.test_export import hand_out

SHARE = 0.25


@dataclass
class Place:
    """A folder of files, and the corpus "c" that is read of it."""

    root: Path
    home: Home
    readings: int = 0
    sides: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def folder(self) -> Path:
        return self.root / "texts"

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, corpus: str = "c") -> Corpus:
        self.readings += 1
        scratch = self.root / f"parts-{self.readings}"
        scratch.mkdir()
        job = ReadJob(corpus=corpus, paths=[str(self.folder)], heldout_share=SHARE, vocabulary=300)
        found = Corpus(self.home, read_corpus_now(self.home, job, scratch))
        delete_folder(scratch)
        return found


@contextmanager
def place() -> Generator[Place]:
    with tempfile.TemporaryDirectory() as root:
        yield Place(Path(root), Home(Path(root) / "home").prepare())


def text(seed: int) -> str:
    """Short ones and long ones, in two languages; every third is nearly the same as another."""
    if seed % 3 == 2:
        return edited(text(seed - 1), seed, 0.04, "ja" if (seed - 1) % 2 else "en")
    if seed % 2:
        return japanese(seed, 20 + seed % 7 * 90)
    return prose(seed, 4 + seed % 7 * 40)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 400), st.integers(1, 12)),
        st.tuples(st.just("change"), st.integers(0, 400), st.integers(1, 5)),
        st.tuples(st.just("delete"), st.integers(0, 400), st.integers(1, 5)),
        st.tuples(st.just("rename"), st.integers(0, 400), st.integers(1, 12)),
    ),
    min_size=1,
    max_size=3,
)


def act(where: Place, change: str, first: int, count: int) -> None:
    files = sorted(p for p in where.folder.rglob("*.txt"))
    for number in range(first, first + count):
        some = files[number % len(files)]
        if change == "add":
            where.write(f"{number % 4}/new-{number}.txt", text(number))
        elif change == "change" and some.exists():
            some.write_text(some.read_text(encoding="utf-8") + prose(number, 30), encoding="utf-8")
        elif change == "delete" and some.exists() and len(files) > 45:
            some.unlink()
            files = sorted(p for p in where.folder.rglob("*.txt"))
        elif change == "rename" and some.exists():
            some.rename(some.with_name(f"{9 - number % 10}-{number}.txt"))


def no_text_is_on_both_sides(corpus: Corpus) -> None:
    trained, unseen = corpus.texts("train"), corpus.texts("check", "test")
    assert trained and unseen
    names = [set(duplicates.summaries(texts)[0]) for texts in (trained, unseen)]
    assert not names[0] & names[1]
    if corpus.manifest.heldout_by == "document":
        own = duplicates.summaries(trained)[1]
        for sketch in duplicates.summaries(unseen)[1]:
            alike = near.similarities(np.repeat(sketch[None], len(own), 0), own)
            assert alike.max() < duplicates.NEAR


def tokens_are_those_of_the_texts(corpus: Corpus) -> None:
    assert corpus.manifest.tokenizer is not None
    file = corpus.folder / "tokenizers" / corpus.manifest.tokenizer.hash / "tokenizer.json"
    store = open_tokens(corpus.folder, corpus.manifest.snapshot, file)
    assert store is not None
    tokenizer = tokenizer_files.load(file)
    for side in SIDES:
        split, texts = store.split(side), corpus.texts(side)
        assert split.documents == len(texts)
        for number, one in enumerate(tokenizer.encode_batch(texts)):
            begin, end = split.offsets[number : number + 2].tolist()
            assert split.tokens[begin : end - 1].tolist() == one.ids
            assert split.bytes[number] == len(texts[number].encode())


@settings(max_examples=12)
@given(CHANGES)
def test_nothing_changes_sides_while_a_folder_changes(changes: list[tuple[str, int, int]]) -> None:
    with place() as where:
        for number in range(60):
            where.write(f"{number % 4}/{number}.txt", text(number))
        before: dict[str, str] = {}
        for step in [None, *changes]:
            if step is not None:
                act(where, *step)
            corpus = where.read()
            sides = corpus.side_of()
            assert all(sides[one] == side for one, side in before.items() if one in sides)
            no_text_is_on_both_sides(corpus)
            tokens_are_those_of_the_texts(corpus)
            before = sides


@settings(max_examples=8)
@given(st.permutations(range(50)), st.sets(st.integers(100, 130), max_size=20))
def test_sides_do_not_depend_on_the_order_of_files(order: list[int], more: set[int]) -> None:
    with place() as where:
        for number in range(50):
            where.write(f"{number:02}.txt", text(number))
        sides = where.read("one").side_of()
        for name, number in enumerate(order):
            where.write(f"{name:02}.txt", text(number))
        again = where.read("two").side_of()
        assert again == sides
        for number in more:
            where.write(f"more-{number}.txt", text(number))
        grown = where.read("two").side_of()
        assert all(grown[one] == side for one, side in sides.items() if one in grown)
        assert set(sides.values()) == {"train", "check", "test"}


@settings(max_examples=10)
@given(st.sampled_from([1, 3, 8, 45]), st.integers(0, 100), st.sampled_from(["jsonl", "parquet"]))
def test_what_is_exported_of_both_sides_is_all(count: int, first: int, form: str) -> None:
    with place() as where:
        for number in range(count):
            where.write(
                f"{number}.txt", "\n\n".join(text(3 * (first + number * 7 + i)) for i in range(4))
            )
        corpus = where.read()
        parts: dict[str, Counter[str]] = {}
        for side in ("all", "train", "heldout"):
            target = where.root / "out" / side / f"c.{form}"
            hand_out(where.home, target, format=form, side=side)
            parts[side] = Counter(texts_in(target, form))
        assert parts["all"] == parts["train"] + parts["heldout"]
        assert parts["all"] == Counter(corpus.texts())
        assert not parts["train"] & parts["heldout"]


def texts_in(path: Path, form: str) -> list[str]:
    if form == "parquet":
        return pq.read_table(path)["text"].to_pylist()
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line)["text"] for line in lines if line]


def answers_in(row: dict[str, Any]) -> list[str]:
    pair = pair_of(row["messages"])
    if pair:
        return [pair[1], pair[2]]
    return [m["content"] for m in messages_of(row["messages"]) or [] if m["role"] == "assistant"]


def talk(*turns: str) -> dict[str, Any]:
    roles = ("user", "assistant") * len(turns)
    return {"messages": [{"role": r, "content": t} for r, t in zip(roles, turns, strict=False)]}


@pytest.mark.parametrize("count", [12, 60])
@pytest.mark.parametrize("shape", ["ranked", "one best", "branches"])
def test_no_answer_that_is_unseen_is_trained_on(
    read: Read, write: Write, shape: str, count: int
) -> None:
    """Several answers ranked for one question, and talks that go on differently."""
    rows: list[dict[str, Any]] = []
    for i in range(count):
        ask, *more = (prose(100 * i + n, 20) for n in range(8))
        if shape == "branches":
            rows += [talk(ask, more[0], more[n], more[n + 1]) for n in (1, 3, 5)] + [
                talk(ask, more[0])
            ]
        else:
            best = (0, 0, 0) if shape == "one best" else (0, 1, 2)
            rows += [
                {"prompt": ask, "chosen": more[one], "rejected": more[other]}
                for one, other in zip(best, (1, 2, 3), strict=True)
            ]  # fmt: skip
    rows = sorted(rows, key=json.dumps)
    folder = write("a.jsonl", "\n".join(map(json.dumps, rows[: len(rows) // 2])))
    first = read(folder, heldout_share=0.2)
    sides = {row["messages"]: row["split"] for row in first.rows}
    write("b.jsonl", "\n".join(map(json.dumps, rows)))
    corpus = read(folder, heldout_share=0.2)
    assert corpus.manifest.totals.documents == len(rows)
    assert corpus.manifest.totals.heldout_documents > 0
    if corpus.manifest.heldout_by == first.manifest.heldout_by == "document":
        assert all(sides.get(row["messages"], row["split"]) == row["split"] for row in corpus.rows)
    trained = {a for row in corpus.rows if row["split"] == "train" for a in answers_in(row)}
    unseen = {a for row in corpus.rows if row["split"] != "train" for a in answers_in(row)}
    assert not trained & unseen
