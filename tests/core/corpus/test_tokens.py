"""Token stores: every byte of the cleaned text accounted for, whatever its length."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import tokens as tokens_module
from core.corpus.tokens import SIDES, TokenStore, open_tokens
from core.errors import Damaged
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.train import train_tokenizer
from tests.core.corpus.conftest import Corpus, Read

Write = Callable[..., Path]


def store_of(corpus: Corpus) -> TokenStore:
    assert corpus.manifest.tokenizer is not None
    file = corpus.folder / "tokenizers" / corpus.manifest.tokenizer.hash / "tokenizer.json"
    store = open_tokens(corpus.folder, corpus.manifest.snapshot, file)
    assert store is not None
    return store


@pytest.mark.parametrize("mode", ["document", "block"])
def test_bytes_of_the_text_are_the_bytes_of_its_tokens(
    read: Read, write: Write, shared_data: Path, mode: str
) -> None:
    if mode == "block":
        corpus = read(shared_data / "en-pretrain" / "pg-carroll-alice-0.txt", heldout_share=0.1)
    else:
        for i in range(40):
            folder = write(
                f"{i}.txt", "".join(random.Random(i).choices("あいうえお漢字 abc\n", k=900))
            )
        corpus = read(folder, heldout_share=0.2)
    assert corpus.manifest.heldout_by == mode
    store = store_of(corpus)
    tokenizer = tokenizer_files.load(
        corpus.folder / "tokenizers" / corpus.manifest.tokenizer.hash  # type: ignore[union-attr]
    )
    pieces, end = token_bytes(tokenizer), tokenizer.token_to_id("<|endoftext|>")
    for side in SIDES:
        split = store.split(side)
        texts = corpus.texts(side)
        assert split.documents == len(texts) > 0
        assert split.offsets[-1] == len(split.tokens)
        for i, text in enumerate(texts):
            ids = split.tokens[split.offsets[i] : split.offsets[i + 1]]
            assert ids[-1] == end
            assert end not in ids[:-1]
            data = b"".join(pieces[t] for t in ids[:-1])
            assert data == text.encode("utf-8")
            assert split.bytes[i] == len(data)
    totals = corpus.manifest.totals
    assert (
        totals.heldout_bytes == store.split("check").bytes.sum() + store.split("test").bytes.sum()
    )
    assert totals.train_tokens == len(store.split("train").tokens)
    assert totals.tokens == sum(len(store.split(side).tokens) for side in SIDES)


TEXT = st.lists(
    st.sampled_from(["word ", "\n", "\n\n", " \n", "\r\n", "\t", "漢字。", "\u3000", "'s", "!!\n", "1", "\x0b"]),
    min_size=1, max_size=400,
).map("".join)  # fmt: skip


@given(TEXT)
def test_a_long_text_cut_into_pieces_has_the_tokens_of_the_whole(text: str) -> None:
    tokenizer = _tokenizer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens_module, "_PIECE_CHARACTERS", 20)
        pieces = list(tokens_module._pieces(text))
    assert "".join(pieces) == text
    ids = [i for piece in pieces for i in tokenizer.encode(piece).ids]
    assert ids == tokenizer.encode(text).ids


_made: list = []


def _tokenizer():  # noqa: ANN202 - made once, not for each example
    if not _made:
        _made.append(train_tokenizer(["word \n\nword's 漢字。!!\n\u3000 \r\n" * 50], 400))
    return _made[0]


def test_real_text_is_cut_into_pieces_without_a_trace(shared_data: Path) -> None:
    path = shared_data / "messy" / "text" / "vim-tutor-ja-utf-8.txt"
    text = path.read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens_module, "_PIECE_CHARACTERS", 300)
        pieces = list(tokens_module._pieces(text))
    assert len(pieces) > 40
    tokenizer = _tokenizer()
    assert [i for p in pieces for i in tokenizer.encode(p).ids] == tokenizer.encode(text).ids


def test_tokens_are_encoded_once_and_mapped(read: Read, write: Write) -> None:
    corpus = read(write("a.txt", "some words " * 300))
    store = store_of(corpus)
    before = {p.name: p.stat().st_mtime_ns for p in store.folder.iterdir()}
    again = store_of(corpus)
    assert {p.name: p.stat().st_mtime_ns for p in again.folder.iterdir()} == before
    assert isinstance(again.split("train").tokens, np.memmap)
    assert again.split("train").tokens.dtype == np.uint16


def test_a_stop_while_encoding_leaves_nothing(read: Read, write: Write) -> None:
    corpus = read(write("a.txt", "some words " * 300))
    store = store_of(corpus)
    for path in store.folder.iterdir():
        path.unlink()
    store.folder.rmdir()
    file = next((corpus.folder / "tokenizers").glob("*/tokenizer.json"))
    assert open_tokens(corpus.folder, corpus.manifest.snapshot, file, stop=lambda: True) is None
    assert list((corpus.folder / "tokens").iterdir()) == []


@pytest.mark.parametrize("harm", ["missing", "cut", "zeros"])
def test_a_damaged_token_file_is_named(read: Read, write: Write, harm: str) -> None:
    store = store_of(read(write("a.txt", "some words " * 300)))
    path = store.folder / "train.npy"
    data = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(data[:40])
    elif harm == "zeros":
        path.write_bytes(bytes(len(data)))
    with pytest.raises(Damaged, match=r"train\.npy"):
        store.split("train")


@pytest.mark.parametrize("harm", ["missing", "cut", "flipped head"])
def test_a_damaged_document_file_is_named(read: Read, write: Write, harm: str) -> None:
    corpus = read(write("a.txt", "some words " * 300))
    (path,) = corpus.folder.glob("documents-*.parquet")
    data = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "flipped head":
        path.write_bytes(data[:-8] + b"\xff" * 8)
    with pytest.raises(Damaged, match="documents-"):
        corpus.texts()
