"""What a file has beside what is read of it is told: questions of articles, columns that are no text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.corpus.readers import json_lines
from core.corpus.readers.base import Document, InputFile
from tests.core.corpus.given import read_data


def read(data: Any, mapping: dict[str, str] | None = None) -> tuple[list[Document], InputFile]:
    return read_data(json_lines.read, json.dumps(data), "a.json", mapping)


def said(file: InputFile) -> str:
    return file.warning.english() if file.warning else ""


ARTICLE = {
    "title": "T",
    "paragraphs": [
        {"context": "a", "qas": [
            {"question": "Who?", "answers": [{"text": "Me"}, {"text": "I"}]},
            {"question": "Why?", "answers": [], "is_impossible": True},
        ]},
        {"context": "b", "qas": [{"question": "When?", "answers": [{"text": "Now"}]}]},
    ],
}  # fmt: skip
"""As SQuAD 2.0 has them."""


def test_questions_of_an_article_are_counted_and_read_where_the_user_wishes() -> None:
    data = {"version": "2", "data": [ARTICLE]}
    documents, file = read(data)
    assert [d.text for d in documents] == ["a\n\nb"]
    assert "its questions are left out: 3" in said(file)
    mapping = {"prompt": "question", "answer": "answer", "context": "context", "title": "title"}
    documents, file = read(data, mapping)
    assert [(d.title, d.text) for d in documents] == [
        ("T", "user: Who?\n\na\nassistant: Me"), ("T", "user: When?\n\nb\nassistant: Now"),
    ]  # fmt: skip
    assert said(file) == "rows without text: 1; the first, entry 1: “answer” is empty"
    documents, _ = read(data, {"text": "context"})
    assert [d.text for d in documents] == ["a", "b"]


@pytest.mark.parametrize("answers", [{"text": ["Me", "I"]}, [{"text": "Me"}], ["Me"], "Me"])
def test_a_question_with_its_context_is_a_conversation(answers: Any) -> None:
    documents, file = read([{"context": "c", "question": "Who?", "answers": answers}])
    assert [d.text for d in documents] == ["user: Who?\n\nc\nassistant: Me"]
    assert file.shape == "question-answer"


def test_columns_that_are_left_out_are_named() -> None:
    def row(number: int) -> dict[str, str]:
        return {
            "sentence1": f"A first sentence, number {number}.",
            "sentence2": f"Another one of the pair, {number}.",
        }

    _, file = read([row(n) for n in range(9)])
    assert said(file) == "the text is taken from the column “sentence1”; left out: sentence2"
    named = [{"title": "T", "text": v["sentence1"], "summary": v["sentence2"]} for v in map(row, range(9))]  # fmt: skip
    _, file = read(named)
    assert said(file) == "the text is taken from the column “text”; left out: summary"
    asked = [{"context": f"Here {n} people met.", "question": "Who?"} for n in range(9)]
    _, file = read(asked)
    assert said(file) == "the text is taken from the column “context”; left out: question"
