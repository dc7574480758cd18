"""The list of corpora, and the previews that the window asks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.corpus.library import CorpusLibrary
from core.corpus.service import SHOWN, LibraryService
from core.errors import (
    BadName,
    Damaged,
    EmptyCorpus,
    NameTaken,
    NewerDocument,
    NotFound,
    PathMissing,
    UsageError,
)
from core.home import Trash
from core.resident import Request
from tests.core.corpus.conftest import Corpus, Read

Write = Callable[..., Path]


@pytest.fixture
def corpus(read: Read, write: Write) -> Corpus:
    for i in range(40):
        write(f"part-{i % 2}/doc-{i:02}.txt", f"Document number {i} about 花《はな》。\n" * 3)
    return read(write("z.html", "<title>A page</title><p>text of a page</p>"))


def change(corpus: Corpus, **values: Any) -> None:
    file = corpus.folder / "corpus.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**data, **values}), encoding="utf-8")


def test_corpora_are_listed_newest_first(read: Read, write: Write) -> None:
    folder = write("a.txt", "some words " * 50)
    names = ["one", "二つ目", "three three"]
    for name in names:
        last = read(folder, corpus=name)
    library = CorpusLibrary(last.home)
    assert [m.name for m in library.list()] == names[::-1]
    assert library.get("二つ目").totals.files == 1
    assert library.exists("one")
    assert not library.exists("four")


def test_a_missing_corpus_is_answered_with_those_there_are(corpus: Corpus) -> None:
    with pytest.raises(NotFound, match="Known: c"):
        CorpusLibrary(corpus.home).get("other")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "{}", '{"name": "c"}'])
def test_a_damaged_corpus_is_named_and_hides_no_other(
    corpus: Corpus, read: Read, write: Write, content: str
) -> None:
    read(write("b.txt", "other words " * 30), corpus="good")
    (corpus.folder / "corpus.json").write_text(content)
    library = CorpusLibrary(corpus.home)
    assert [m.name for m in library.list()] == ["good"]
    (problem,) = library.problems()
    assert isinstance(problem, Damaged)
    assert "corpus.json" in str(problem)
    with pytest.raises(Damaged):
        library.get("c")


@pytest.mark.parametrize("line", ["{", '{"path": 1}', "[" * 100_000, "\udcff"], ids=len)
def test_a_damaged_list_of_files_is_named(corpus: Corpus, line: str) -> None:
    library = CorpusLibrary(corpus.home)
    assert len(library.files("c")) == 41
    with (corpus.folder / "files.jsonl").open("ab") as file:
        file.write(line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(Damaged, match=r"files\.jsonl"):
        library.files("c")


def test_a_corpus_of_a_newer_program_is_left_alone(corpus: Corpus) -> None:
    change(corpus, schema_version=2, from_the_future=True)
    library = CorpusLibrary(corpus.home)
    with pytest.raises(NewerDocument):
        library.get("c")
    assert [type(p) for p in library.problems()] == [NewerDocument]


def test_renaming_keeps_the_corpus_and_refuses_what_is_taken(
    corpus: Corpus, read: Read, write: Write
) -> None:
    read(write("b.txt", "other words " * 30), corpus="Other")
    library = CorpusLibrary(corpus.home)
    with pytest.raises(NameTaken):
        library.rename("c", "other")
    with pytest.raises(BadName):
        library.rename("c", "a/b")
    renamed = library.rename("c", "新しい名前")
    assert (renamed.name, renamed.id) == ("新しい名前", corpus.manifest.id)
    assert library.get("新しい名前").snapshot == corpus.manifest.snapshot
    assert library.rename("新しい名前", "新しい名前").name == "新しい名前"
    assert not library.exists("c")


def test_a_removed_corpus_comes_back_from_the_trash(corpus: Corpus) -> None:
    library = CorpusLibrary(corpus.home)
    item = library.remove("c")
    assert library.list() == []
    Trash(corpus.home).restore(item.id)
    assert library.get("c") == corpus.manifest


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("texts", "texts"), ("c", "c 2"), ("C", "C 2"), ("a/b", "a b"), ("", "corpus"), ("...", "corpus"),
     ("CON", "corpus"), ("漢" * 300, "漢" * 65), (" x ", "x")],
)  # fmt: skip
def test_a_dropped_folder_gives_a_good_and_free_name(
    corpus: Corpus, wanted: str, name: str
) -> None:
    assert CorpusLibrary(corpus.home).create_name(wanted) == name


# ---- previews ----------------------------------------------------------------------------------


@pytest.fixture
def ask(corpus: Corpus) -> Callable[..., dict[str, Any]]:
    """ask(operation, **params) as the window's library worker does it."""
    service = LibraryService(corpus.home)

    def go(operation: str, **params: Any) -> dict[str, Any]:
        request = Request(1, {"corpus": "c", **params}, lambda _: None)
        return getattr(service, operation)(request)

    return go


def test_documents_come_in_pages(ask: Callable[..., dict[str, Any]], corpus: Corpus) -> None:
    first = ask("documents", offset=0, count=15)
    assert first["total"] == len(corpus.rows)
    assert [d["index"] for d in first["documents"]] == list(range(15))
    rest = ask("documents", offset=15, count=100)["documents"]
    assert [d["title"] for d in first["documents"] + rest] == [r["title"] for r in corpus.rows]


def test_every_document_can_be_previewed_also_of_one_source(
    ask: Callable[..., dict[str, Any]], corpus: Corpus
) -> None:
    rows = corpus.rows
    for index in (0, 7, len(rows) - 1):
        shown = ask("preview_document", index=index)
        assert shown["title"] == rows[index]["title"]
        kept = "".join(c["text"] for c in shown["cells"] if not c.get("removed"))
        assert kept.strip() == rows[index]["text"].strip()
        assert shown["total"] == len(rows)
        assert shown["tokens"] >= sum(not c.get("removed") for c in shown["cells"])
    folder = str(Path(corpus.manifest.sources[0].path) / "part-1")
    inside = [r for r in rows if r["source"].startswith(folder)]
    shown = ask("preview_document", index=3, source=folder)
    assert (shown["total"], shown["source"]) == (len(inside), inside[3]["source"])
    for index in (-1, len(inside)):
        with pytest.raises(EmptyCorpus):
            ask("preview_document", index=index, source=folder)
    with pytest.raises(UsageError, match="Nothing of it is in the corpus"):
        ask("preview_document", index=0, source=f"{folder}/a copy.txt")


def test_each_part_of_a_split_file_is_previewed_as_itself(
    read: Read, write: Write, ask: Callable[..., dict[str, Any]]
) -> None:
    text = "".join(f"Sentence {i} tells of day {i * 7}.\n" for i in range(900))
    split = read(write("long/one.txt", text) / "long", corpus="long", heldout_share=0.3)
    assert len(split.rows) > 3
    for index, row in enumerate(split.rows[:4]):
        shown = ask("preview_document", corpus="long", index=index)
        assert row["text"].startswith("".join(c["text"] for c in shown["cells"]))


def test_a_preview_strikes_out_what_cleaning_would_remove_and_changes_nothing(
    ask: Callable[..., dict[str, Any]], write: Write
) -> None:
    folder = write("new.txt", "花《はな》が［＃注］咲いた。\n")
    shown = ask("preview_file", path=str(folder / "new.txt"), show_tokens=False, corpus=None)
    assert [(s["text"], s["removed"]) for s in shown["spans"]] == [
        ("花", ""), ("《はな》", "aozora_ruby"), ("が", ""), ("［＃注］", "aozora_notes"), ("咲いた。\n", ""),
    ]  # fmt: skip
    assert shown["kept_characters"] == 7
    kept = ask("preview_file", path=str(folder / "new.txt"), cleaning={"aozora_ruby": False})
    assert "《はな》" in "".join(c["text"] for c in kept["cells"] if not c.get("removed"))


def test_a_preview_shows_what_comes_instead_and_asks_where_the_encoding_is_a_guess(
    ask: Callable[..., dict[str, Any]], write: Write
) -> None:
    folder = write("new.txt", "か\u3099く\n")
    shown = ask("preview_file", path=str(folder / "new.txt"))
    first = shown["cells"][0]
    assert (first["text"], first["removed"], first["added"]) == ("か\u3099", "unicode", "が")
    assert (shown["sure"], shown["alternatives"], shown["kept_characters"]) == (True, [], 3)
    write("short.txt", "会議資料\n".encode("cp932"))
    guessed = ask("preview_file", path=str(folder / "short.txt"))
    assert not guessed["sure"]
    assert ("euc_jp", "EUC-JP") in guessed["alternatives"]
    chosen = ask("preview_file", path=str(folder / "short.txt"), encoding="euc_jp")
    assert chosen["sure"]


def test_a_long_file_is_shown_by_its_beginning(
    ask: Callable[..., dict[str, Any]], write: Write
) -> None:
    folder = write("long.txt", "A line of a long text.\n" * 300_000)
    shown = ask("preview_file", path=str(folder / "long.txt"))
    assert shown["truncated"]
    assert shown["characters"] == SHOWN
    assert len("".join(c["text"] for c in shown["cells"])) == SHOWN


@pytest.mark.parametrize(
    ("name", "content", "error", "said"),
    [
        ("a.txt", bytes(range(256)), UsageError, "not a text file"),
        ("a.jsonl", b"{}", UsageError, "no field with text"),
        (None, b"", PathMissing, "not-there.txt"),
    ],
)
def test_a_file_that_cannot_be_shown_says_so(
    ask: Callable[..., dict[str, Any]],
    write: Write,
    name: str | None,
    content: bytes,
    error: type[Exception],
    said: str,
) -> None:
    folder = write(name or "x.txt", content)
    with pytest.raises(error, match=said):
        ask("preview_file", path=str(folder / (name or "not-there.txt")))


def test_files_come_one_after_another(read: Read, write: Write) -> None:
    corpus = read(write("a.txt", "One text.\n" * 40))
    library, name = CorpusLibrary(corpus.home), corpus.manifest.name
    with (corpus.folder / "files.jsonl").open("a") as lines:
        lines.write("no JSON\n")
    files = library.each_file(name)
    assert Path(next(files).path).name == "a.txt"
    with pytest.raises(Damaged):
        next(files)
    assert not list(library.each_file("none"))
