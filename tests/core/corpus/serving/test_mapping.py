"""What the window is told of a file of rows."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.corpus.serving import mapping
from core.errors import PathMissing
from core.home import Home
from core.jobs.kinds import ReadJob
from core.resident import Request
from core.sentences import Sentence


def asked(home: Home, path: Path, **params: Any) -> dict[str, Any]:
    operation = mapping.operations(CorpusLibrary(home))["recognise"]
    return operation(Request(1, {"path": str(path), **params}, lambda _: None))


def written(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def faults(reply: dict[str, Any]) -> list[str]:
    return [Sentence.from_json(fault).english() for fault in reply["faults"]]


def test_a_conversation_is_shown_with_what_is_learnt(empty_home: Home, tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]
    path = written(tmp_path / "a.jsonl", *[{"id": 7, "talk": turns, "conversations": turns}] * 3)
    reply = asked(empty_home, path)
    assert reply["shape"] == "sharegpt"
    assert reply["mapping"] == {"messages": "conversations", "role": "from", "content": "value"}
    assert reply["example"] == [
        {"role": "user", "text": "q", "trained": False},
        {"role": "assistant", "text": "a", "trained": True},
    ]
    assert (reply["rows"], reply["more"], reply["faults"], reply["cells"]) == (3, False, [], [])
    assert [column["name"] for column in reply["columns"]] == ["id", "talk", "conversations"]
    assert reply["columns"][0]["example"] == "7"


def test_another_mapping_is_tried_and_its_faults_are_named(
    empty_home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("質問,回答,注\nq,a,x\nq2,,y\n", encoding="cp932")
    reply = asked(empty_home, path)
    assert (reply["shape"], reply["mapping"]) == (
        "question-answer", {"prompt": "質問", "answer": "回答"},
    )  # fmt: skip
    assert faults(reply) == ["line 3: the answer to “質問” is empty"]
    reply = asked(empty_home, path, mapping={"text": "注"}, encoding="cp932")
    assert reply["example"] == [{"role": "text", "text": "x", "trained": True}]
    reply = asked(empty_home, path, mapping={"text": "no"})
    assert faults(reply) == ["there is no column “no”; found 質問, 回答, 注"]
    assert reply["example"] == []
    assert [column["name"] for column in reply["columns"]] == ["質問", "回答", "注"]


def test_of_a_pair_the_better_answer_is_learnt(empty_home: Home, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"prompt": "q", "chosen": "a", "rejected": "b"})
    turns = [(t["role"], t["trained"]) for t in asked(empty_home, path)["example"]]
    assert turns == [("user", False), ("chosen", True), ("rejected", False)]


def test_what_takes_more_than_columns_has_no_mapping(empty_home: Home, tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.jsonl", {"question": "q", "choice0": "a", "choice1": "b", "label": 0}
    )
    reply = asked(empty_home, path)
    assert (reply["shape"], reply["mapping"]) == ("multiple-choice", {})


def test_the_choice_for_a_corpus_is_kept_and_its_tokens_are_shown(
    empty_home: Home, tmp_path: Path
) -> None:
    rows = [{"question": f"q{i} of many", "answer": f"a{i}"} for i in range(40)]
    path = written(tmp_path / "a.jsonl", *rows)
    read_corpus_now(empty_home, ReadJob(corpus="c", paths=[str(path)]), tmp_path / "parts")
    cells = asked(empty_home, path, corpus="c")["cells"]
    assert "".join(cell["text"] for cell in cells if cell["trained"]).startswith("a0")
    assert any(cell["special"] for cell in cells)
    chosen = {str(path): {"text": "answer"}}
    (CorpusLibrary(empty_home).folder("c") / mapping.MAPPINGS).write_text(json.dumps(chosen))
    assert asked(empty_home, path, corpus="c")["mapping"] == {"text": "answer"}


def test_a_member_of_an_archive_is_opened(empty_home: Home, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/talks.csv", "question,answer\nq,a\nq2,a2\n")
    reply = asked(empty_home, tmp_path / "a.zip" / "in" / "talks.csv")
    assert (reply["shape"], reply["rows"]) == ("question-answer", 2)
    with pytest.raises(PathMissing):
        asked(empty_home, tmp_path / "a.zip" / "other.csv")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", "text", "TXT files have no columns"),
        ("a.parquet", "text", "the Parquet file is broken"),
        ("a.json", "{}", "no field with text (such as “text”) in its rows; entry 1: found {}; "
         "expected text, messages, instruction and output, prompt and completion, question and "
         "answer, or chosen and rejected"),
    ],
)  # fmt: skip
def test_a_file_without_rows_says_why(
    empty_home: Home, tmp_path: Path, name: str, data: str, why: str
) -> None:
    (tmp_path / name).write_text(data)
    reply = asked(empty_home, tmp_path / name)
    assert faults(reply)[-1] == why
    assert reply["example"] == []
    with pytest.raises(PathMissing):
        asked(empty_home, tmp_path / f"no {name}")
