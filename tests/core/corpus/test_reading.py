"""From folders to corpora: verdicts, sides, snapshots."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.corpus import split
from core.corpus.duplicates import normalised
from core.corpus.library import CorpusLibrary
from core.corpus.reading import Reading
from core.corpus.store import Snapshot
from core.errors import EmptyCorpus, NameTaken, PathMissing
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from core.sentences import Sentence
from tests.core.corpus.conftest import Corpus, Read, Write, prose, reader, visible


@pytest.mark.parametrize(
    ("name", "encoding", "language"),
    [
        ("text/vim-tutor-ja-utf-8.txt", "UTF-8", "ja"),
        ("text/vim-tutor-ja-shift-jis.txt", "Shift_JIS", "ja"),
        ("text/vim-tutor-ja-euc-jp.txt", "EUC-JP", "ja"),
        ("text/ja-jis-iso-2022.txt", "ISO-2022-JP", "ja"),
        ("text/ja-lipsum-utf-16.txt", "UTF-16", "ja"),
        ("text/ja-lipsum-utf-32.txt", "UTF-32", "ja"),
        ("text/aozora-akutagawa-cp932-only.txt", "Shift_JIS", "ja"),
        ("text/aozora-miyazawa-cr-only-line-ends.txt", "Shift_JIS", "ja"),
        ("text-euc-jp/ruby-manual-spec-regexp.txt", "EUC-JP", "ja"),
        ("html/alice-whole-book.html", "UTF-8", "en"),
        ("html/utf-16le-declared.html", "UTF-16", "en"),
    ],
)
def test_encoding_and_language_of_real_files(
    read: Read, shared_data: Path, name: str, encoding: str, language: str
) -> None:
    (verdict,) = read(shared_data / "messy" / name).files.values()
    assert (verdict.verdict, verdict.encoding, verdict.language) == ("read", encoding, language)


def test_documents_split_by_document_keep_their_text(read: Read, many: Path) -> None:
    corpus = read(many, heldout_share=0.2)
    assert corpus.manifest.heldout_by == "document"
    assert sorted(corpus.texts()) == sorted(prose(i).rstrip() + "\n" for i in range(60))
    totals = corpus.manifest.totals
    assert totals.train_documents == len(corpus.texts("train"))
    assert totals.heldout_documents == len(corpus.texts("check", "test"))
    assert totals.bytes == sum(len(t.encode()) for t in corpus.texts())
    assert corpus.texts("check") and corpus.texts("test")


def assert_of_one_text(corpus: Corpus, text: str) -> None:
    """Its rows are stretches of `text` in order; between the sides a gap of little is left out."""
    place, gaps = 0, 0
    for row in corpus.rows:
        start = text.index(row["text"], place)
        assert start - place <= 2 * split.GAP
        gaps += start > place
        place = start + len(row["text"])
    assert len(text) - place <= split.GAP
    assert gaps <= len(corpus.rows)


def test_one_long_document_is_split_into_blocks_that_make_it_up(
    read: Read, shared_data: Path
) -> None:
    path = shared_data / "en-pretrain" / "tinyshakespeare.txt"
    corpus = read(path)
    text = path.read_text(encoding="utf-8")
    assert corpus.manifest.heldout_by == "block"
    assert_of_one_text(corpus, text)
    trained = "".join(corpus.texts("train"))
    ids = [row["id"] for row in corpus.rows]
    assert len(set(ids)) == len(ids)
    # No passage of a block that is kept unseen is also trained on.
    for unseen in corpus.texts("check", "test"):
        shared = sum(unseen[i : i + 48] in trained for i in range(0, len(unseen) - 47, 16))
        assert shared == 0


def test_two_editions_of_a_book_are_never_on_both_sides(read: Read, shared_data: Path) -> None:
    folder = shared_data / "en-pretrain"
    corpus = read(
        folder / "pg-carroll-alice-0.txt", folder / "pg-carroll-alice-ascii.txt",
        folder / "pg-shelley-frankenstein.txt", heldout_share=0.2,
    )  # fmt: skip
    assert corpus.manifest.heldout_by == "block"

    def words(text: str) -> str:
        return normalised("".join(c for c in text if c.isalnum() or c.isspace()))

    trained = words(" ".join(corpus.texts("train")))
    unseen = [words(text) for text in corpus.texts("check", "test")]
    passages = [u[i : i + 100] for u in unseen for i in range(0, len(u) - 99, 16)]
    shared = sum(passage in trained for passage in passages)
    assert shared / len(passages) < 0.01


def test_rows_of_one_file_in_block_mode_have_different_ids(read: Read, write: Write) -> None:
    lines = "".join(json.dumps({"text": prose(i, 900)}) + "\n" for i in range(5))
    corpus = read(write("a.jsonl", lines), heldout_share=0.3)
    assert corpus.manifest.heldout_by == "block"
    ids = [row["id"] for row in corpus.rows]
    assert len(set(ids)) == len(ids) > 5


@pytest.mark.parametrize("mode", ["document", "block"])
def test_sides_stay_when_a_corpus_is_reordered_and_grows(
    read: Read, write: Write, tmp_path: Path, mode: str
) -> None:
    count = 60 if mode == "document" else 3
    for i in range(count):
        write(f"doc-{i:02}.txt", prose(i, 150 if mode == "document" else 6_000))
    folder = tmp_path / "texts"
    before = read(folder, heldout_share=0.2)
    assert before.manifest.heldout_by == mode
    (folder / "doc-00.txt").rename(folder / "zzz.txt")
    for i in range(100, 140):
        write(f"a-{i}.txt", prose(i))
    after = read(folder, heldout_share=0.2)
    assert after.manifest.heldout_by == mode
    assert after.manifest.id == before.manifest.id
    unseen = "\n".join(after.texts("check", "test"))
    trained = "\n".join(after.texts("train"))
    for text, side in before.side_of().items():
        lines = text.splitlines()
        if side == "train":
            assert not any(line in unseen for line in lines if len(line) > 40)
        else:
            assert not any(line in trained for line in lines if len(line) > 40)


def test_equal_documents_are_merged_and_counted(read: Read, many: Path, write: Write) -> None:
    for i in range(10):
        write(f"copy-{i}.txt", prose(i).upper().replace(" ", "  "))
    merged = read(many)
    assert merged.manifest.totals.duplicates == 10
    assert len(merged.texts()) == 60
    kept = read(many, cleaning=CleaningOptions(duplicates=False))
    assert kept.manifest.totals.duplicates == 0
    side = {normalised(text): s for text, s in kept.side_of().items()}
    assert all(side[normalised(text)] == s for text, s in kept.side_of().items())


def test_the_tokenizer_learns_from_training_text_only(read: Read, many: Path, write: Write) -> None:
    before = read(many, heldout_share=0.2)
    tokenizer = before.manifest.tokenizer
    unseen = {row["source"] for row in before.rows if row["split"] != "train"}
    # The vocabulary's size follows the training text; other unseen text must change nothing.
    for number, source in enumerate(sorted(unseen)):
        Path(source).write_text(f"zyx{number}qwv " * 150)
    after = read(many, heldout_share=0.2)
    changed = {row["source"] for row in after.rows if row["split"] != "train"}
    if changed == unseen:
        assert after.manifest.tokenizer is not None and tokenizer is not None
        assert after.manifest.tokenizer.hash == tokenizer.hash
    words = json.loads(_tokenizer_text(before))["model"]["vocab"]
    trained = " ".join(before.texts("train"))
    pieces = [w.replace("Ġ", " ").replace("Ċ", "\n") for w in words if len(w) > 1 and "<|" not in w]
    assert pieces
    assert [piece for piece in pieces if piece not in trained] == []


def _tokenizer_text(corpus: Any) -> str:
    facts = corpus.manifest.tokenizer
    return (corpus.folder / "tokenizers" / facts.hash / "tokenizer.json").read_text("utf-8")


def kept_files(folder: Path) -> list[Path]:
    """Texts and lists of snapshots, which never change."""
    return [p for name in ("texts", "snapshots") for p in (folder / name).rglob("*") if p.is_file()]


def test_a_snapshot_never_changes(read: Read, many: Path) -> None:
    first = read(many)
    before = {path: path.read_bytes() for path in kept_files(first.folder)}
    again = read(many)
    assert again.manifest.snapshot == first.manifest.snapshot
    assert {path: path.read_bytes() for path in kept_files(first.folder)} == before
    (many / "doc-07.txt").write_text(prose(7).upper())  # The same words to the split.
    changed = read(many)
    assert changed.manifest.snapshot != first.manifest.snapshot
    assert {path: path.read_bytes() for path in before} == before
    assert len(list((first.folder / "texts").iterdir())) == 2
    texts = [row["text"] for row in Snapshot(first.folder, first.manifest.snapshot).rows(["text"])]
    assert texts == first.texts()


def test_a_source_that_is_gone_keeps_its_text(read: Read, write: Write, tmp_path: Path) -> None:
    folder = write("a.txt", prose(1, 9_000))
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "a.txt").write_text(prose(2, 9_000))
    before = read(folder, other, heldout_share=0.2)
    shutil.rmtree(other)
    after = read(heldout_share=0.2, paths=[])
    assert sorted("".join(after.texts())) == sorted("".join(before.texts()))
    assert {normalised(t) for t in after.texts("check", "test")} == {
        normalised(t) for t in before.texts("check", "test")
    }
    verdicts = CorpusLibrary(after.home).files("c")
    gone = next(v for v in verdicts if v.source == str(other))
    assert gone.verdict == "read"
    assert "kept" in Sentence.from_json(gone.warning or {}).english()


def test_a_source_inside_another_one_is_read_once(read: Read, many: Path) -> None:
    corpus = read(many / "doc-01.txt", many)
    assert [s.path for s in corpus.manifest.sources] == [str(many)]
    assert corpus.manifest.totals.files == 60


def test_a_dropped_source_takes_its_text_with_it(read: Read, many: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("A different text altogether. " * 30)
    assert len(read(many, other).texts()) == 61
    left = read(paths=[], dropped=[str(other)])
    assert len(left.texts()) == 60
    assert [s.path for s in left.manifest.sources] == [str(many)]


def test_a_chosen_encoding_is_remembered(read: Read, write: Write) -> None:
    folder = write("a.txt", ("Жили-были старик со старухой. " * 40).encode("koi8-r"))
    path = str(folder / "a.txt")
    chosen = read(folder, encodings={path: "koi8-r"})
    assert "старик" in chosen.texts()[0]
    assert "старик" in read(paths=[]).texts()[0]


@pytest.mark.parametrize(
    "content", [{}, {"a.pdf": b"%PDF"}, {"a.txt": b""}, {"a.bin": bytes(300)}],
    ids=["empty folder", "only pdf", "only empty", "only binary"],
)  # fmt: skip
def test_a_folder_without_text_is_one_clear_error_and_leaves_nothing(
    read: Read, empty_home: Home, tmp_path: Path, content: dict[str, bytes]
) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    with pytest.raises(EmptyCorpus) as error:
        read(folder)
    assert str(folder) in str(error.value)
    assert f"files looked at: {len(content)}" in str(error.value)
    assert not content or sorted(content)[0] in str(error.value), "it says why"
    assert visible(empty_home) == []


def test_a_path_that_is_not_there_is_named(read: Read, tmp_path: Path) -> None:
    with pytest.raises(PathMissing, match="no-such-folder"):
        read(tmp_path / "no-such-folder")


def test_a_name_equal_but_for_case_is_refused(read: Read, many: Path) -> None:
    read(many)
    with pytest.raises(NameTaken):
        read(many, corpus="C")


def test_a_tiny_text_still_has_all_three_sides(read: Read, write: Write) -> None:
    corpus = read(write("a.txt", prose(1, 400)))
    assert {row["split"] for row in corpus.rows} == {"train", "check", "test"}
    assert_of_one_text(corpus, prose(1, 400).rstrip() + "\n")


def test_two_readings_of_one_corpus_lose_no_source(
    many: Path, tmp_path: Path, empty_home: Home
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("A different text altogether. " * 30)
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> bool:
        inside.set()
        assert go_on.wait(60)
        return False

    first = reader(empty_home, many, tmp_path / "scratch-1")
    job = ReadJob(corpus="c", paths=[str(other)])
    second = Reading(empty_home, job, tmp_path / "scratch-2", lambda *_: None)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first.run, slow)
        assert inside.wait(60)
        asked = threading.Event()
        two = pool.submit(second.run, lambda: asked.set() or False)  # type: ignore[func-returns-value]
        assert asked.wait(60)
        assert not two.done()
        go_on.set()
        manifest = two.result(60)
        assert one.result(60) is not None
    assert manifest is not None
    assert [s.path for s in manifest.sources] == [str(many), str(other)]
    assert manifest.totals.documents == 61


def test_a_reading_that_waits_for_another_can_be_stopped(
    many: Path, tmp_path: Path, empty_home: Home
) -> None:
    first = reader(empty_home, many, tmp_path / "scratch-1")
    second = reader(empty_home, many, tmp_path / "scratch-2")
    results: list[object] = []

    def during() -> bool:
        if not results:
            results.append(second.run(lambda: True))
        return False

    assert first.run(during) is not None
    assert results == [None]
