"""One file: its verdict and its documents."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.corpus.collect import Collected, collect
from core.corpus.readers import input as reader_input
from core.corpus.scan import scan
from core.jobs.kinds import CleaningOptions
from core.sentences import Sentence

Write = Callable[..., Path]


def read_one(folder: Path, chosen: str | None = None) -> Collected:
    (found,) = scan([str(folder)])
    return collect(found, CleaningOptions(), chosen)


def reason(collected: Collected) -> str:
    assert collected.verdict.verdict == "skipped"
    assert collected.documents == []
    assert collected.verdict.reason is not None
    return Sentence.from_json(collected.verdict.reason).english()


@pytest.mark.parametrize(
    ("name", "content", "kind", "texts"),
    [
        ("a.txt", "One.\r\nTwo.\r\n", "TXT", ["One.\nTwo.\n"]),
        ("a.txt", "\n\n  indented\nrest  \n\n\n", "TXT", ["  indented\nrest\n"]),
        ("a.txt", "古いマック\r改行\r", "TXT", ["古いマック\n改行\n"]),
        ("README", "no extension", "TXT", ["no extension\n"]),
        ("a.md", "# Title\n\ntext", "MD", ["# Title\n\ntext\n"]),
        ("a.HTM", "<p>text</p>", "HTML", ["text\n"]),
        ("a.jsonl", '{"text":"a"}\n{"text":"b"}\n', "JSONL", ["a\n", "b\n"]),
        ("a.json", '[{"text":"a"}]', "JSON", ["a\n"]),
        ("a.jsonl", '{"text":"lone \\ud800 surrogate"}\n', "JSONL", ["lone \ufffd surrogate\n"]),
        ("a.txt", "a nul\0byte in good text\n", "TXT", ["a nulbyte in good text\n"]),
    ],
)
def test_a_file_becomes_documents(
    write: Write, name: str, content: str, kind: str, texts: list[str]
) -> None:
    collected = read_one(write(name, content.encode("utf-8")))
    verdict = collected.verdict
    assert (verdict.verdict, verdict.kind) == ("read", kind)
    assert [d.text for d in collected.documents] == texts
    assert verdict.documents == len(texts)
    assert verdict.characters == sum(map(len, texts))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", bytes(range(256)) * 10, "not a text file"),
        ("a.txt", b" \n\n\t\n", "no text is left after cleaning"),
        ("a.html", b"<script>only()</script>", "no text on the page"),
        ("a.jsonl", b'{"text": "  "}\n',
         "no field with text (such as “text”) in its rows; line 1: its text is empty"),
        ("a.txt", "［＃注だけ］\n".encode(), "no text is left after cleaning"),
    ],
)  # fmt: skip
def test_a_file_without_text_says_why(write: Write, name: str, content: bytes, why: str) -> None:
    assert reason(read_one(write(name, content))) == why


def test_an_encoding_that_the_user_chose_is_used(write: Write) -> None:
    folder = write("a.txt", "Привет, мир".encode("koi8-r"))
    assert read_one(folder, "koi8-r").documents[0].text == "Привет, мир\n"


@pytest.mark.parametrize("chosen", ["no-such-codec", "hex", "rot13", "undefined"])
def test_a_chosen_encoding_that_is_none_is_refused(write: Write, chosen: str) -> None:
    assert reason(read_one(write("a.txt", "text"), chosen)) == "not a text file"


def test_a_wrongly_chosen_encoding_is_noticed(write: Write) -> None:
    folder = write("a.txt", "日本語の文章です。".encode("cp932") * 20)
    assert "characters that cannot be read as UTF-8" in reason(read_one(folder, "utf-8"))


def test_a_few_broken_characters_are_a_warning(write: Write) -> None:
    folder = write("a.txt", b"good words here. " * 100 + b"\xff\xfe")
    collected = read_one(folder, "utf-8")
    assert collected.verdict.warning is not None
    warning = Sentence.from_json(collected.verdict.warning).english()
    assert warning == "characters that could not be read: 2"


def test_a_file_that_vanishes_before_it_is_opened_says_so(write: Write) -> None:
    folder = write("a.txt", "text")
    (found,) = scan([str(folder)])
    found.path.unlink()
    assert reason(collect(found, CleaningOptions(), None)) == "not found (moved or deleted)"


def test_a_file_that_may_not_be_opened_says_so(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("a.txt", "text")

    def refuse(*_: object, **__: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert reason(read_one(folder)) == "no permission to read it"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_read_permission_says_so(write: Write) -> None:
    folder = write("a.txt", "text")
    (folder / "a.txt").chmod(0)
    assert reason(read_one(folder)) == "no permission to read it"


# ---- large files -------------------------------------------------------------------------------


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as large is a few kilobytes."""
    monkeypatch.setattr(reader_input, "PIECE_BYTES", 4_000)
    monkeypatch.setattr(reader_input, "PIECE_CHARACTERS", 1_000)
    monkeypatch.setattr(reader_input, "WHOLE_BYTES", 8_000)


LONG = "".join(f"Line {i} of a long text. 行 {i} です。\n" for i in range(500))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_large_file_is_read_in_pieces_that_end_with_lines(
    write: Write, encoding: str, ends: str
) -> None:
    collected = read_one(write("a.txt", LONG.replace("\n", ends).encode(encoding)))
    texts = [d.text for d in collected.documents]
    assert len(texts) > 10
    assert "".join(texts) == LONG
    assert max(map(len, texts)) <= 1_000
    assert collected.verdict.documents == len(texts)
    assert collected.documents[1].title == "a.txt (2)"
    assert [d.part for d in collected.documents] == list(range(len(texts)))


@pytest.mark.usefixtures("small_pieces")
def test_a_large_line_without_any_end_is_cut_at_spaces_or_anywhere(write: Write) -> None:
    spaced = read_one(write("a.txt", "word " * 3_000))
    assert "".join(d.text for d in spaced.documents).split() == ["word"] * 3_000
    solid = read_one(write("a.txt", "x" * 9_500))
    assert "".join(d.text.strip() for d in solid.documents) == "x" * 9_500


@pytest.mark.usefixtures("small_pieces")
def test_large_json_lines_keep_every_row(write: Write) -> None:
    content = "".join(f'{{"text": "row {i}"}}\n' for i in range(1_000))
    collected = read_one(write("a.jsonl", content))
    assert [d.text for d in collected.documents] == [f"row {i}\n" for i in range(1_000)]


@pytest.mark.usefixtures("small_pieces")
def test_a_large_file_that_must_be_seen_whole_is_refused_with_its_limit(write: Write) -> None:
    why = reason(read_one(write("a.html", "<p>x</p>" * 2_000)))
    assert why.startswith("HTML files larger than")
    assert why.endswith("split it")


@pytest.mark.usefixtures("small_pieces")
def test_a_large_file_that_turns_binary_gives_nothing(write: Write) -> None:
    assert read_one(write("a.txt", LONG.encode() + bytes(range(128, 256)) * 200)).documents == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["a.txt", "a.md", "a.html", "a.jsonl", "a.json"]),
)
def test_any_content_gets_a_verdict(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / "any" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    (found,) = scan([str(path)])
    collected = collect(found, CleaningOptions(), None)
    if collected.verdict.verdict == "read":
        assert all(d.text.strip() and d.text.encode("utf-8") for d in collected.documents)
        assert collected.documents
    else:
        assert reason(collected)
