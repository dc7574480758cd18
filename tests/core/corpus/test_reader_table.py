"""CSV and TSV become documents, and no cell of text is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.conversations import messages_of, pair_of
from core.corpus.readers import table
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus.given import read_data

WORDS = "A sentence with some words in it, number"


def read(data: bytes | str, name: str = "a.csv") -> tuple[list[Document], InputFile]:
    return read_data(table.read, data, name)


def texts(data: bytes | str, name: str = "a.csv") -> list[str]:
    return [document.text for document in read(data, name)[0]]


def warning(file: InputFile) -> str:
    return file.warning.english() if file.warning else ""


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("text,id\na,1\nb,2\n", ["a", "b"]),
        ("\ufefftext;id\na;1\nb;2\n", ["a", "b"]),
        ("sep=;\r\nid;text\r\n1;a, b, c\r\n2;d, e, f\r\n", ["a, b, c", "d, e, f"]),
        ("id\tsentence\n1\ta\n2\tb\n", ["a", "b"]),
        ('text\n"a\nb"\n"say ""c"""\n', ["a\nb", 'say "c"']),
        ("text\nHello, world\nfoo\n", ["Hello, world", "foo"]),
        ("番号,本文\n1,い\n2,ろ\n", ["い", "ろ"]),
        ("text\r\na\r\n\r\nb\r\n", ["a", "b"]),
        ("text|id\na|1\nb|2", ["a", "b"]),
    ],
)
def test_a_column_that_is_called_so_is_the_text(data: str, found: list[str]) -> None:
    assert texts(data) == found


def test_the_column_of_sentences_is_the_text_where_no_name_tells() -> None:
    rows = "".join(f'{i},"{WORDS} {i}",user{i}@example.org\n' for i in range(9))
    documents, file = read("no,remark,mail\n" + rows)
    assert [d.text for d in documents] == [f"{WORDS} {i}" for i in range(9)]
    assert warning(file) == "the text is taken from the column “remark”"


def test_without_a_header_the_first_row_is_a_row() -> None:
    data = "".join(f'"{WORDS} {i}",{i}\n' for i in range(4))
    documents, file = read(data)
    assert [d.text for d in documents] == [f"{WORDS} {i}" for i in range(4)]
    assert warning(file) == "the text is taken from the column “1”"


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("instruction,output", "alpaca"), ("Instruction,Response", "dolly"),
        ("prompt,completion", "prompt-completion"), ("質問,回答", "question-answer"),
        ("指示,出力", "alpaca"), ("Question,Best Answer", "question-answer"),
    ],
)  # fmt: skip
def test_conversation_columns_are_recognised_in_both_languages(header: str, shape: str) -> None:
    (talk, *_), file = read(f"{header}\nq,a\nq2,a2\n")
    assert messages_of(talk.messages) == [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "a"},
    ]
    assert file.shape == shape


def test_pairs_in_columns_are_pairs() -> None:
    (pair,), file = read("prompt,chosen,rejected\nq,a,b\n")
    assert pair_of(pair.messages) == ([{"role": "user", "content": "q"}], "a", "b")
    assert file.shape == "pairs"


def test_questions_with_choices_need_no_header() -> None:
    rows = "".join(f"What is {i}?,one,two,three,four,{'ABCD'[i % 4]}\n" for i in range(8))
    (first, *_), file = read(rows)
    assert file.shape == "multiple-choice"
    assert first.text.endswith("4. four\nassistant: one")


def test_ragged_rows_are_counted_and_keep_their_text() -> None:
    documents, file = read("id,text\n1,a\n2,b, and more\n3\n4,d\n5,e\n6,f\n")
    assert [d.text for d in documents] == ["a", "b, and more", "d", "e", "f"]
    assert warning(file).startswith("rows without text: 1; the first, line 4: ")
    _, file = read("id,text\n1,a\n2,b, and more\n4,d\n5,e\n6,f\n")
    assert warning(file) == (
        "rows with another number of cells: 1; the first, line 3: found 3, expected 2"
    )


def test_a_mapping_says_which_column_is_what() -> None:
    mapping = {"prompt": "b", "answer": "c"}
    documents, _ = read_data(table.read, "a,b,c\n1,q,x\n2,r,y\n", "a.csv", mapping)
    found = [messages_of(d.messages) for d in documents]
    assert [[m["content"] for m in talk or []] for talk in found] == [["q", "x"], ["r", "y"]]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({"text": "z"}, "there is no column “z”; found a, b, c"),
        ({"words": "a"}, "“words” is no role of a column; expected one of text, prompt, answer, "
         "system, context, messages, role, content, chosen, rejected, title"),
        ({"prompt": "a"}, "the columns prompt make no text; expected text, or prompt and answer, or "
         "messages, or prompt, chosen and rejected"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_said_in_one_sentence(
    mapping: dict[str, str], why: str
) -> None:
    with pytest.raises(NotReadable) as refused:
        read_data(table.read, "a,b,c\n1,q,x\n2,r,y\n", "a.csv", mapping)
    assert refused.value.sentence.english() == why


def test_a_table_without_sentences_is_read_as_it_stands() -> None:
    documents, file = read("名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n".encode("cp932"))
    assert [d.text for d in documents] == [
        "名前\t年齢\t住所\n佐藤太郎\t30\t東京\n三木英子\t25\t大阪\n"
    ]
    assert warning(file) == "no column has sentences: the rows are read as they stand"


def test_a_table_of_numbers_has_no_text() -> None:
    with pytest.raises(NotReadable) as refused:
        read("time,volts\n" + "".join(f"{i},{i / 7:.3f}\n" for i in range(50)))
    assert refused.value.sentence.english() == "no column with text; found time, volts"


def test_an_open_quote_and_a_long_line_cost_only_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(table, "_MOST_CELL", 1000)
    data = "text,id\na,1\n" + '"' + "x" * 2000 + "\nb,2\nc,3\n"
    documents, file = read(data)
    assert documents[0].text == "a"
    assert "a cell is too large to be read" in warning(file)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(data: str) -> None:
    try:
        found = texts(data)
    except NotReadable as refused:
        assert refused.sentence.english()
    else:
        assert any(text.strip() for text in found)


_CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"))


@given(st.lists(st.tuples(_CELLS.filter(str.strip), _CELLS), min_size=1, max_size=12))
def test_no_row_of_a_text_column_is_lost_or_invented(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("text", "note"), *rows])
    assert texts(out.getvalue()) == [text for text, _ in rows]


def test_the_line_that_tells_the_delimiter_is_no_row_and_keeps_the_numbers() -> None:
    _, file = read("sep=;\nid;text\n1;a\n2;\n3;c\n")
    assert warning(file) == "rows without text: 1; the first, line 4: its text is empty"
