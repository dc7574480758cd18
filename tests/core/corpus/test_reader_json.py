"""JSON files of any arrangement give their rows; what is broken is named by its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.conversations import messages_of
from core.corpus.readers import input, json_lines, json_values
from core.corpus.readers import lines as lines_module
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus.given import read_data

Q, A = {"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}


def read(data: bytes | str, name: str = "a.json") -> tuple[list[Document], InputFile]:
    return read_data(json_lines.read, data, name)


def texts(value: Any) -> list[str]:
    data = value if isinstance(value, str) else json.dumps(value)
    return [document.text for document in read(data)[0]]


def refusal(data: str) -> str:
    with pytest.raises(NotReadable) as refused:
        read(data)
    return refused.value.sentence.english()


ROWS = [{"text": "a"}, {"text": "b"}]


@pytest.mark.parametrize(
    "value",
    [
        ROWS, {"data": ROWS}, {"version": 1, "items": ROWS}, {"x": {"text": "a"}, "y": {"text": "b"}},
        {"text": ["a", "b"], "label": [0, 1]}, ["a", "b"], {"rows": ["a", "b"]},
        json.dumps(ROWS, indent=1), json.dumps({"data": ROWS}, indent=4),
        '{"text": "a"}\n{"text": "b"}', '\n\n{"text": "a"}\n\n{"text": "b"}\n',
        '{\n"text": "a"\n}\n{\n"text": "b"\n}\n', '[{"text": "a"},\n{"text": "b"}]',
    ],
)  # fmt: skip
def test_rows_are_found_wherever_a_file_keeps_them(value: Any) -> None:
    assert texts(value) == ["a", "b"]


def test_an_object_over_several_lines_is_one_row() -> None:
    assert texts(json.dumps({"title": "T", "text": "a", "tags": [{"x": 1}]}, indent=2)) == ["a"]


def test_the_paragraphs_of_a_squad_article_are_its_text() -> None:
    article = {"title": "T", "paragraphs": [{"context": "a", "qas": []}, {"context": "b"}]}
    documents, _ = read(json.dumps({"version": "2", "data": [article]}))
    assert [(d.title, d.text) for d in documents] == [("T", "a\n\nb")]


def test_the_column_of_sentences_is_the_text_where_no_name_tells() -> None:
    documents, file = read(
        json.dumps([{"n": i, "s": f"Some words, number {i}."} for i in range(4)])
    )
    assert [d.text for d in documents] == [f"Some words, number {i}." for i in range(4)]
    assert file.warning is not None
    assert file.warning.english() == "the text is taken from the column “s”"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ('{"text": "a"}\n{"text" "b"}\n', "line 2: column 9: found “"),
        ('{"text": "a"}\n{"text": "b}\n', "line 2: column 10: found the end of the line; expected a quote"),
        ('{"text": "a"}\n{"text": "b"} x\n', "line 2: column 15: found “x”; expected the end of the line"),
        ('{"text": "a"}\n{text: "b"}\n', "line 2: column 2: found “text: \"b\"}”; expected a name in quotes"),
        ('[{"text": "a"},\n {"text": "b"\n {"text": "c"}]', "line 3, column 2: found “{\"text\": \"c\"”; expected a comma"),
        ('[{"text": "a"},\n {"text": "b"}', "line 2, column 15: found the end of the text; expected a comma"),
        ('{"text": "a"}\n' + "[" * 100_000, "lists and objects are nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_by_line_and_column(data: str, why: str) -> None:
    documents, file = read(data)
    assert documents[0].text == "a"
    assert file.warning is not None
    assert why in file.warning.english()


def test_a_list_that_is_cut_off_gives_what_came_before() -> None:
    whole = json.dumps([{"text": f"text {i}"} for i in range(100)])
    documents, file = read(whole[:-300])
    assert 60 < len(documents) < 100
    assert file.warning is not None


def test_what_json_can_spell_is_read_as_before() -> None:
    assert texts('{"text": "a\\u0000b", "n": NaN, "big": ' + "1" * 5000 + "}") == ["a\0b"]
    assert texts('[{"text": "a\\ud800b"}]') == ["a\ud800b"]


# ---- larger than a piece -----------------------------------------------------------------------


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input, "PIECE_BYTES", 50)
    monkeypatch.setattr(input, "PIECE_CHARACTERS", 64)
    monkeypatch.setattr(json_lines, "WHOLE_CHARACTERS", 200)
    monkeypatch.setattr(json_values, "MOST_CHARACTERS", 2000)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "around", ["{}", '{{"version": 12345, "data": {}, "more": [1, 2, {{"x": 0}}]}}']
)
def test_a_large_file_gives_the_same_rows(indent: int | None, around: str) -> None:
    rows = [{"text": f"漢字 number {i}" * (i % 9), "n": 10**i} for i in range(1, 60)]
    documents, _ = read(around.format(json.dumps(rows, indent=indent, ensure_ascii=False)))
    assert [d.text for d in documents] == [row["text"] for row in rows if row["text"]]


@pytest.mark.usefixtures("small_pieces")
def test_a_long_line_goes_on_in_the_next_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"text": "word " * i} for i in (1, 300, 2)]
    data = "".join(json.dumps(row) + "\n" for row in rows)
    assert [d.text for d in read(data, "a.jsonl")[0]] == [row["text"] for row in rows]
    bounded = lines_module.lines
    monkeypatch.setattr(json_lines, "lines", lambda pieces: bounded(pieces, 1000))
    documents, file = read(data, "a.jsonl")
    assert [d.text for d in documents] == [rows[0]["text"], rows[2]["text"]]
    assert file.warning is not None
    assert file.warning.english().endswith("the first, line 2: the line is too long to be read")


@pytest.mark.usefixtures("small_pieces")
def test_the_name_tells_that_a_line_longer_than_a_piece_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_lines, "PIECE_CHARACTERS", 64)
    bounded = lines_module.lines
    monkeypatch.setattr(json_lines, "lines", lambda pieces: bounded(pieces, 1000))
    data = '{"text": "' + "word " * 1000 + '"}\n{"text": "after it"}\n'
    assert [d.text for d in read(data, "a.jsonl")[0]] == ["after it"]


@pytest.mark.usefixtures("small_pieces")
def test_a_value_without_end_is_not_held_in_memory() -> None:
    assert "a value is longer than" in refusal('["' + "x" * 10_000)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"))),
       st.integers(1, 40))  # fmt: skip
def test_lines_are_the_same_however_the_text_is_cut(texts: list[str], size: int) -> None:
    text = "\n".join(texts)
    pieces = [(0, text[i : i + size]) for i in range(0, len(text), size)]
    expected = text.split("\n")
    found = [line for _, line in lines_module.lines(iter(pieces))]
    assert found == (expected[:-1] if not expected[-1] else expected)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "data", "prompt", "messages", "x", "role"]), inner
        )
    ),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from([None, 2]))
def test_any_json_is_read_or_refused(value: Any, indent: int | None) -> None:
    try:
        texts(json.dumps(value, indent=indent))
    except NotReadable as refused:
        assert refused.sentence.english()


@given(st.text(max_size=200), st.integers(0, 200))
def test_any_text_is_read_or_refused(text: str, cut: int) -> None:
    for data in (text, json.dumps([{"text": text}])[:cut]):
        try:
            read(data)
        except NotReadable as refused:
            assert refused.sentence.english()


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x7f")).filter(str.strip),
        min_size=1,
    )
)
def test_no_row_is_lost_or_invented(rows: list[str]) -> None:
    assert texts([{"text": text} for text in rows]) == rows
    assert texts("\n".join(json.dumps({"text": text}) for text in rows)) == rows


# ---- OpenAssistant -----------------------------------------------------------------------------


def said(number: str, parent: str | None, role: str, rank: int | None = None, **more: Any) -> Any:
    return {
        "message_id": number, "parent_id": parent, "message_tree_id": "1", "role": role,
        "text": f"text {number}", "rank": rank, **more,
    }  # fmt: skip


TREE = [
    said("1", None, "prompter"), said("2", "1", "assistant", 1), said("3", "1", "assistant", 0),
    said("4", "1", "assistant", 0, deleted=True), said("5", "3", "prompter"),
    said("6", "5", "assistant", 0), said("7", "2", "prompter"),
]  # fmt: skip
BEST = ["text 1", "text 3", "text 5", "text 6"]


@pytest.mark.parametrize("order", [1, -1])
def test_rows_of_a_tree_become_its_best_conversation(order: int) -> None:
    other = [{**m, "message_tree_id": "2", "message_id": m["message_id"] * 2,
              "parent_id": m["parent_id"] and m["parent_id"] * 2} for m in TREE]  # fmt: skip
    rows = [m for pair in zip(TREE, other, strict=True) for m in pair][::order]
    (talk, second), file = read("\n".join(map(json.dumps, rows)), "oasst.jsonl")
    assert [m["content"] for m in messages_of(talk.messages) or []] == BEST
    assert len(messages_of(second.messages) or []) == 4
    assert file.shape == "oasst"
    assert file.warning is None


def test_a_nested_tree_becomes_its_best_conversation() -> None:
    nodes = {m["message_id"]: {**m, "replies": []} for m in TREE}
    for node in nodes.values():
        if node["parent_id"]:
            nodes[node["parent_id"]]["replies"].append(node)
    (talk,), file = read(json.dumps({"message_tree_id": "1", "prompt": nodes["1"]}), "t.jsonl")
    assert [m["content"] for m in messages_of(talk.messages) or []] == BEST
    assert {m["role"] for m in messages_of(talk.messages) or []} == {"user", "assistant"}
    assert file.shape == "oasst"


def test_every_real_file_gives_its_rows(shared_data: Path) -> None:
    rows = {
        "eval/ja-crows-pairs-gender-part1.json": 131, "ja-pretrain/jsquad-valid-one-line.json": 59,
        "eval/bbh/hyperbaton.json": 250, "eval/ja-jnli-valid.jsonl": 800,
        "eval/blimp/causative.jsonl": 70, "eval/bbq-religion.jsonl": 200,
    }  # fmt: skip
    for name, count in rows.items():
        file = InputFile(shared_data / name)
        assert len(list(json_lines.read(file))) == count, name


@pytest.mark.parametrize(
    "table",
    [
        {"title": {"0": "a", "1": "b"}, "text": {"0": "first", "1": "second"}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["a", "first"], ["b", "second"]]},
    ],
)
def test_tables_as_pandas_writes_them_are_rows(table: dict[str, object]) -> None:
    texts, _ = read(json.dumps(table), "a.json")
    assert [(text.title, text.text) for text in texts] == [("a", "first"), ("b", "second")]


def test_rows_deep_in_an_object_are_found() -> None:
    nested = {"result": {"page": {"items": [{"text": "first"}, {"text": "second"}]}, "count": 2}}
    texts, _ = read(json.dumps(nested), "a.json")
    assert [text.text for text in texts] == ["first", "second"]
