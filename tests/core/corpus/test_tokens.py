"""Token stores: every byte of the cleaned text accounted for, whatever its length."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, pre_tokenizers

from core.corpus import token_writing
from core.corpus.tokens import SIDES, TokenStore, open_tokens
from core.errors import Damaged
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.encoder import TextEncoder
from core.tokenizer.ranks import GPT2_PATTERN
from core.tokenizer.train import train_tokenizer
from tests.core.corpus.conftest import Corpus, Read, prose
from tests.core.corpus.first_edition import write_snapshot

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
        patch.setattr(token_writing, "_PIECE_CHARACTERS", 20)
        pieces = list(token_writing._pieces(text))
    assert "".join(pieces) == text
    ids = [i for piece in pieces for i in tokenizer.encode(piece).ids]
    assert ids == tokenizer.encode(text).ids


_made: list = []


def _tokenizer():  # noqa: ANN202 - made once, not for each example
    if not _made:
        _made.append(train_tokenizer(["word \n\nword's 漢字。!!\n\u3000 \r\n" * 50], 400))
    return _made[0]


@given(TEXT)
def test_a_long_text_has_the_tokens_of_the_whole_with_gpt2s_pattern_too(text: str) -> None:
    tokenizer = _gpt2()
    assert TextEncoder(tokenizer).pattern == GPT2_PATTERN
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_writing, "_PIECE_CHARACTERS", 20)
        pieces = list(token_writing._pieces(text, token_writing._WORD_END))
    assert "".join(pieces) == text
    ids = [i for piece in pieces for i in tokenizer.encode(piece).ids]
    assert ids == tokenizer.encode(text).ids


def _gpt2() -> Tokenizer:
    """The same merges behind GPT-2's pattern."""
    if len(_made) < 2:
        made = Tokenizer.from_str(_tokenizer().to_str())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.encode_special_tokens = True
        _made.append(made)
    return _made[1]


def test_real_text_is_cut_into_pieces_without_a_trace(shared_data: Path) -> None:
    path = shared_data / "messy" / "text" / "vim-tutor-ja-utf-8.txt"
    text = path.read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_writing, "_PIECE_CHARACTERS", 300)
        pieces = list(token_writing._pieces(text))
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


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is encoded from here on."""
    texts: list[str] = []
    real = TextEncoder.encode

    def encode(self: TextEncoder, some: list[str]) -> list:
        texts.extend(some)
        return real(self, some)

    monkeypatch.setattr(TextEncoder, "encode", encode)
    return texts


def arrays_of(store: TokenStore) -> dict[str, list[int]]:
    return {path.name: np.load(path).tolist() for path in sorted(store.folder.glob("*.npy"))}


def snapshot_of(folder: Path, name: str, texts: list[str]) -> None:
    """Write `texts` as the documents of a snapshot; every fifth is unseen."""
    rows = [
        {
            "text": text, "split": ("check", "test")[i % 2] if i % 5 == 0 else "train",
            "bytes": len(text.encode("utf-8")),
        }
        for i, text in enumerate(texts)
    ]  # fmt: skip
    write_snapshot(folder, name, rows)


@pytest.fixture
def tokenizer_file(tmp_path: Path) -> Path:
    path = tmp_path / "tokenizer.json"
    path.write_text(tokenizer_files.to_text(_tokenizer()), encoding="utf-8")
    return path


def test_only_documents_that_changed_are_encoded_again(
    tmp_path: Path, tokenizer_file: Path, encoded: list[str]
) -> None:
    old = [prose(i) for i in range(60)]
    new = ["", *old[30:], prose(1007), *old[:29], prose(2000), "漢字かな\n" * 40_000]
    snapshot_of(tmp_path, "old", old)
    snapshot_of(tmp_path, "new", new)
    assert open_tokens(tmp_path, "old", tokenizer_file) is not None
    encoded.clear()
    store = open_tokens(tmp_path, "new", tokenizer_file)
    assert store is not None
    assert "".join(encoded) == prose(1007) + prose(2000) + new[-1]
    reused = arrays_of(store)
    shutil.rmtree(tmp_path / "tokens")
    encoded.clear()
    again = open_tokens(tmp_path, "new", tokenizer_file)
    assert again is not None
    assert "".join(encoded) == "".join(new)
    assert arrays_of(again) == reused


def test_tokens_of_another_tokenizer_are_not_reused(
    tmp_path: Path, tokenizer_file: Path, encoded: list[str]
) -> None:
    snapshot_of(tmp_path, "one", [prose(1), prose(2)])
    assert open_tokens(tmp_path, "one", tokenizer_file) is not None
    other = tmp_path / "other.json"
    learned = train_tokenizer(["other words " * 50], 300)
    other.write_text(tokenizer_files.to_text(learned), encoding="utf-8")
    encoded.clear()
    assert open_tokens(tmp_path, "one", other) is not None
    assert encoded == [prose(1), prose(2)]
    assert len(list((tmp_path / "tokens").iterdir())) == 2


@pytest.mark.parametrize("harm", ["train-hashes.npy", "check.npy", "test-offsets.npy"])
def test_broken_tokens_of_an_earlier_state_help_nobody_and_harm_nobody(
    tmp_path: Path, tokenizer_file: Path, encoded: list[str], harm: str
) -> None:
    texts = [prose(i) for i in range(20)]
    snapshot_of(tmp_path, "one", texts)
    snapshot_of(tmp_path, "two", texts)
    store = open_tokens(tmp_path, "one", tokenizer_file)
    assert store is not None
    encoded.clear()
    path = store.folder / harm
    path.write_bytes(path.read_bytes()[:-9])
    again = open_tokens(tmp_path, "two", tokenizer_file)
    assert again is not None
    assert len(encoded) == 20
    assert sum(len(again.split(side).bytes) for side in SIDES) == 20


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
    (path,) = (corpus.folder / "texts").iterdir()
    data = path.read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "flipped head":
        path.write_bytes(data[:-8] + b"\xff" * 8)
    with pytest.raises(Damaged, match="texts-"):
        corpus.texts()
