"""Several corpora in one training: what one keeps unseen stands in the training of none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.corpus import apart
from core.corpus.apart import left_out
from core.corpus.duplicates import normalised
from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.corpus.store import Snapshot
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from tests.core.corpus.conftest import Write, prose
from tests.core.corpus.first_edition import write_snapshot


def read(home: Home, name: str, share: float, *paths: Path) -> Snapshot:
    scratch = home.path / f"parts of {name}"
    scratch.mkdir(parents=True)
    job = ReadJob(corpus=name, paths=[str(path) for path in paths], heldout_share=share)
    manifest = read_corpus_now(home, job, scratch)
    return Snapshot(CorpusLibrary(home).folder(name), manifest.snapshot)


def sides(state: Snapshot) -> tuple[list[str], list[str]]:
    """(texts trained on, texts kept unseen)."""
    rows = list(state.rows(["split", "text"]))
    trained = [row["text"] for row in rows if row["split"] == "train"]
    return trained, [row["text"] for row in rows if row["split"] != "train"]


def left(state: Snapshot, gone: NDArray[np.bool_]) -> list[str]:
    """Texts that are trained on all the same."""
    rows = zip(state.rows(["split", "text"]), gone, strict=True)
    return [row["text"] for row, out in rows if row["split"] == "train" and not out]


def changed(text: str) -> str:
    """With every fifteenth word another one."""
    return " ".join(f"word{n}" if n % 15 == 7 else w for n, w in enumerate(text.split()))


def test_near_texts_are_left_out_and_no_others(write: Write, empty_home: Home) -> None:
    for number in range(60):
        write(f"one/{number}.txt", prose(number, 300))
        write(f"two/{number}.txt", changed(prose(number + 30, 300)))
    one = read(empty_home, "one", 0.3, write("one/x.txt", "x") / "one")
    two = read(empty_home, "two", 0.3, write("two/y.txt", "y") / "two")
    masks = left_out([one, two])
    for state, other, gone in ((one, two, masks[0]), (two, one, masks[1])):
        ours = {prose_of(text) for text in sides(other)[1]}
        trained = {prose_of(text) for text in sides(state)[0]}
        kept = {prose_of(text) for text in left(state, gone)}
        assert kept == trained - ours
        assert trained & ours
    assert [mask.any() for mask in left_out([one])] == [False]


def prose_of(text: str) -> str:
    """By which a text and its changed copy are known."""
    return " ".join(text.split()[:6])


def test_texts_of_one_pattern_are_all_kept(write: Write, empty_home: Home) -> None:
    frame = prose(1, 400)
    for number in range(60):
        write(f"one/{number}.txt", f"{frame} It is number {number}.")
        write(f"two/{number}.txt", f"{frame} It is number {number + 100}.")
    folder = write("z.txt", "z")
    states: list[Snapshot] = []
    for name in ("one", "two"):
        cleaning = CleaningOptions(near_duplicates=False)
        paths = [str(folder / name)]
        job = ReadJob(corpus=name, paths=paths, cleaning=cleaning, heldout_share=0.1)
        scratch = empty_home.path / name
        scratch.mkdir()
        manifest = read_corpus_now(empty_home, job, scratch)
        states.append(Snapshot(CorpusLibrary(empty_home).folder(name), manifest.snapshot))
    assert not any(mask.any() for mask in left_out(states))


def test_a_block_is_found_in_a_whole_book(write: Write, empty_home: Home) -> None:
    book = prose(1, 4000)
    one = read(empty_home, "one", 0.2, write("one/book.txt", book) / "one")
    for number in range(40):
        write(f"two/{number}.txt", prose(number + 10, 300))
    two = read(empty_home, "two", 0.1, write("two/book.txt", changed(book)[:-1]) / "two")
    assert len(sides(one)[1]) > 0
    gone = left_out([one, two])[1]
    assert sum(gone) == 1
    assert not any(changed(book)[:50] in text for text in left(two, gone))


def test_the_first_edition_stored_no_sketches(tmp_path: Path) -> None:
    def rows(start: int, side: str, change: bool) -> list[dict[str, object]]:
        texts = [prose(number, 300) for number in range(start, start + 8)]
        texts = [changed(text) for text in texts] if change else texts
        return [
            {"source": f"{n}", "document": n, "part": n, "text": text, "split": side,
             "bytes": len(text), "hash": bytes([start + n, change, *b"-" * 14])}
            for n, text in enumerate(texts)
        ]  # fmt: skip

    write_snapshot(tmp_path / "a", "0", rows(0, "test", False))
    write_snapshot(tmp_path / "b", "0", rows(4, "train", True))
    states = [Snapshot(tmp_path / name, "0") for name in ("a", "b")]
    assert left_out(states)[1].tolist() == [True] * 4 + [False] * 4


def test_a_sample_tells_how_much_is_shared() -> None:
    whole, piece = prose(1, 6000), prose(1, 6000)[:9000]
    one, two = apart.sample(whole), apart.sample(piece)
    different = len({whole[at : at + 12] for at in range(len(whole))})
    assert len(one) == pytest.approx(different / apart.SAMPLED, rel=0.25)
    assert np.isin(two, one).mean() > 0.97
    other = " ".join(f"{number * 7919 % 9973}" for number in range(3000))
    assert not np.isin(apart.sample(other), one).any()
    assert not len(apart.sample(""))


def test_two_real_folders_with_the_same_questions(empty_home: Home, shared_data: Path) -> None:
    """GSM8K's test set with answers, and as prompts with orders before them."""
    asked = read(empty_home, "asked", 0.1, shared_data / "instruct" / "en-gsm8k-test.jsonl")
    chat = read(
        empty_home, "chat", 0.1, shared_data / "messy" / "parquet" / "gsm8k-chat-test.parquet"
    )
    masks = left_out([asked, chat])
    texts = [normalised(text) for text in sides(chat)[0]]
    trained = [normalised(text) for text in left(chat, masks[1])]
    found = [question_of(text) for text in sides(asked)[1]]
    assert sum(any(q in text for text in texts) for q in found) > 40
    assert not any(q in text for q in found for text in trained)
    assert masks[1].mean() < 0.06


def question_of(text: str) -> str:
    return normalised(text.partition("assistant:")[0].removeprefix("user:").strip())


def test_two_real_editions_of_a_book(empty_home: Home, shared_data: Path) -> None:
    """Of Alice the text, in blocks; the page among chapters of other books."""
    books = shared_data / "en-pretrain"
    alice = read(empty_home, "alice", 0.1, books / "pg-carroll-alice-0.txt")
    page = shared_data / "messy" / "html" / "alice-whole-book.html"
    others = [books / "se-baum-wizard-of-oz", books / "se-grahame-wind-in-the-willows"]
    mixed = read(empty_home, "mixed", 0.05, page, *others)
    gone = left_out([alice, mixed])[1]
    unseen = np.unique(np.concatenate([apart.sample(text) for text in sides(alice)[1]]))

    def shown(texts: list[str]) -> float:
        return float(np.isin(unseen, np.concatenate([apart.sample(t) for t in texts])).mean())

    assert shown(sides(mixed)[0]) > 0.7
    assert shown(left(mixed, gone)) < 0.15
    sources = {row["source"] for row, out in zip(mixed.rows(["source"]), gone, strict=True) if out}
    assert sources == {str(page)}
