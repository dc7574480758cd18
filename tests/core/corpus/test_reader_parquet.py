"""Parquet becomes documents, in bounded memory whatever it unpacks to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.corpus.conversations import messages_of
from core.corpus.readers import parquet
from core.corpus.readers.base import Document, InputFile, NotReadable

PROSE = "A sentence with some words in it. "


def written(path: Path, columns: dict[str, Any], **options: Any) -> InputFile:
    pq.write_table(pa.table(columns), path, **options)
    return InputFile(path)


def read(file: InputFile) -> list[Document]:
    return list(parquet.read(file))


def refusal(file: InputFile) -> str:
    with pytest.raises(NotReadable) as refused:
        read(file)
    return refused.value.sentence.english()


def test_a_column_of_text_gives_a_document_for_each_row(tmp_path: Path) -> None:
    file = written(tmp_path / "a.parquet", {"id": [1, 2], "text": ["a", "漢字"]})
    assert [d.text for d in read(file)] == ["a", "漢字"]
    assert file.encoding == "UTF-8"


def test_lists_of_messages_are_conversations(tmp_path: Path) -> None:
    talk = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    file = written(tmp_path / "a.parquet", {"messages": [talk, talk]})
    assert [messages_of(d.messages) for d in read(file)] == [talk, talk]
    assert file.shape == "messages"


def test_a_mapped_column_is_read_and_a_missing_one_is_named(tmp_path: Path) -> None:
    written(tmp_path / "a.parquet", {"x": ["a", "b"], "y": ["c", "d"], "n": [1, 2]})
    file = InputFile(tmp_path / "a.parquet", mapping={"text": "y"})
    assert [d.text for d in read(file)] == ["c", "d"]
    file = InputFile(tmp_path / "a.parquet", mapping={"text": "z"})
    assert refusal(file) == "there is no column “z”; found x, y, n"


def test_without_a_column_of_text_the_columns_are_named(shared_data: Path) -> None:
    folder = shared_data / "messy" / "parquet"
    assert refusal(InputFile(folder / "nested-lists-snappy.parquet")) == (
        "no column with text; found a, b"
    )
    assert refusal(InputFile(folder / "delta-byte-array.parquet")).startswith(
        "no column with text; found c_customer_id, c_salutation"
    )


def test_the_real_files_with_text_are_read(shared_data: Path) -> None:
    folder = shared_data / "messy" / "parquet"
    assert len(read(InputFile(folder / "synthetic-news-text-label.parquet"))) == 100
    chat = InputFile(folder / "gsm8k-chat-test.parquet")
    assert len(read(chat)) == 1319
    assert chat.shape == "messages"


@pytest.mark.parametrize("cut", [0, 4, 300, 4000])
def test_a_broken_file_is_refused_or_read_up_to_there(tmp_path: Path, cut: int) -> None:
    texts = [f"{PROSE}{i}" for i in range(500)]
    written(tmp_path / "a.parquet", {"text": texts}, compression="none")
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "b.parquet").write_bytes(data[:cut] + b"\xff" * 64 + data[cut + 64 :])
    try:
        read(InputFile(tmp_path / "b.parquet"))
    except NotReadable as refused:
        assert refused.sentence.english()
    (tmp_path / "c.parquet").write_bytes(data[:cut])
    assert refusal(InputFile(tmp_path / "c.parquet")) == "the Parquet file is broken"


def bomb(path: Path, how: str) -> InputFile:
    """A file of less than 4 kB that unpacks to hundreds of megabytes, or 2 GB."""
    if how == "dictionary":
        places = pa.array(np.zeros(2000, dtype=np.int32))
        text = pa.DictionaryArray.from_arrays(places, pa.array([PROSE * 30_000]))
        file = written(path, {"text": text}, compression="zstd", store_schema=False)
    elif how == "prefixes":
        texts = [PROSE * 15_000 + str(i) for i in range(300)]
        file = written(
            path, {"text": texts}, compression="zstd", use_dictionary=False,
            column_encoding={"text": "DELTA_BYTE_ARRAY"},
        )  # fmt: skip
    else:
        lists = pa.array([[None] * 12_000_000], type=pa.list_(pa.string()))
        file = written(path, {"messages": lists}, compression="zstd")
    assert file.size < 4096
    return file


@pytest.mark.parametrize("how", ["dictionary", "prefixes", "nothings"])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, how: str) -> None:
    file = bomb(tmp_path / "a.parquet", how)
    held = pa.total_allocated_bytes()
    assert refusal(file) == "expands more than 200-fold, as bombs do: not opened"
    assert pa.total_allocated_bytes() - held < 200 << 20
