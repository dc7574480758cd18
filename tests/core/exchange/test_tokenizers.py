"""Tokenizers that come as older files or inside GGUF: the same ids as transformers and the original."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    BertTokenizer,
    GPT2Tokenizer,
    OpenAIGPTTokenizer,
    Qwen2Tokenizer,
    RobertaTokenizer,
)

from core.errors import CannotImport
from core.exchange.checking import SAMPLES
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.roles import roles_of
from core.versions.importing.vocabulary import vocabulary_of
from core.versions.llamacpp.vocabulary import adds_begin, from_gguf, to_gguf
from tests.core.exchange import foreign

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
TEXTS = [*SAMPLES, "Hello World! It's 3,141.59 — señor.\n", "吾輩は猫である。名前はまだ無い。"]


def old_files(folder: Path, tokenizer: Tokenizer) -> None:
    """vocab.json and merges.txt, or vocab.txt."""
    folder.mkdir()
    tokenizer.model.save(str(folder))
    if (folder / "merges.txt").is_file():
        merges = (folder / "merges.txt").read_text(encoding="utf-8")
        assert merges.startswith("#version")


def gpt1() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    trainer = trainers.BpeTrainer(
        vocab_size=500, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False
    )
    tokenizer.train_from_iterator(foreign.texts(), trainer)
    return tokenizer


def roberta() -> Tokenizer:
    return foreign.byte_level(("<s>", "<pad>", "</s>", "<unk>", "<mask>"))


OLD: dict[str, tuple[Callable[[], Tokenizer], str, Any]] = {
    "gpt2": (foreign.gpt2_like, "gpt2", GPT2Tokenizer),
    "qwen": (foreign.byte_level, "qwen2", Qwen2Tokenizer),
    "roberta": (roberta, "roberta", RobertaTokenizer),
    "gpt1": (gpt1, "openai-gpt", OpenAIGPTTokenizer),
    "bert": (foreign.word_piece, "bert", BertTokenizer),
}


@pytest.mark.parametrize("name", OLD)
def test_older_files_give_the_ids_that_transformers_gives(name: str, tmp_path: Path) -> None:
    make, model_type, theirs = OLD[name]
    old_files(tmp_path / "old", make())
    found = vocabulary_of(tmp_path / "old", {"model_type": model_type})
    found.write(tmp_path / "old")
    ours = tokenizer_files.load(tmp_path / "old")
    (tmp_path / "theirs").mkdir()
    for file in ("vocab.json", "merges.txt", "vocab.txt"):
        if (tmp_path / "old" / file).is_file():
            (tmp_path / "theirs" / file).write_bytes((tmp_path / "old" / file).read_bytes())
    (tmp_path / "theirs" / "config.json").write_text(json.dumps({"model_type": model_type}))
    other = theirs.from_pretrained(tmp_path / "theirs")
    for text in TEXTS:
        assert ours.encode(text).ids == other.encode(text, add_special_tokens=False), text
    roles = roles_of(ours, tmp_path / "old")
    assert roles is not None
    assert found.end_stands_in is (name == "gpt1")
    if name in ("roberta", "bert"):
        framed = other.encode("x")
        assert (roles.classifier, roles.separator) == (framed[0], framed[-1])
        assert found.tokenizer.encode("x").ids == framed


@pytest.mark.parametrize("make", [foreign.byte_level, foreign.gpt2_like, foreign.sentence_piece])
def test_a_tokenizer_comes_out_of_gguf_as_it_went_in(
    make: Callable[[], Tokenizer], tmp_path: Path
) -> None:
    ours = make()
    ours.save(str(tmp_path / "tokenizer.json"))
    found = vocabulary_of(tmp_path, {})
    found.write(tmp_path)
    roles = found.roles(tmp_path)
    assert roles is not None and (roles.begin == roles.end) is (make is not foreign.sentence_piece)
    values = to_gguf(ours.to_str(), foreign.ROWS, roles, adds_begin(ours.to_str(), {}))
    _, theirs, named = from_gguf({f"tokenizer.ggml.{k}": v for k, v in values.items()}, "llama")
    for text in TEXTS:
        assert theirs.encode(text).ids == ours.encode(text).ids, text
        assert theirs.decode(ours.encode(text).ids) == ours.decode(ours.encode(text).ids)
    assert values["add_bos_token"] is (make is foreign.sentence_piece)
    assert named["eos_token"] == ours.id_to_token(roles.end)


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + _varint(value >> 7)


def _counted(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def spm_file(tokens: list[str], scores: list[float], types: list[int], prefixed: bool, kind: int = 2) -> bytes:  # fmt: skip
    """SentencePiece's protocol buffer (sentencepiece_model.proto), as its trainer writes it."""
    pieces = [
        _counted(1, _counted(1, token.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18" + _varint(type_))
        for token, score, type_ in zip(tokens, scores, types, strict=True)
    ]  # fmt: skip
    training = b"\x18" + _varint(kind) + _varint(40 << 3) + b"\x00"
    rules = _counted(1, b"identity") + b"\x18" + _varint(int(prefixed)) + b"\x20\x00"
    return b"".join(pieces) + _counted(2, training) + _counted(3, rules)


@pytest.mark.parametrize("prefixed", [True, False], ids=["as Llama", "as Gemma"])
def test_a_file_of_sentencepiece_alone_gives_the_same_ids(prefixed: bool, tmp_path: Path) -> None:
    ours = foreign.sentence_piece()
    if not prefixed:
        ours.normalizer = normalizers.Replace(" ", "▁")
        ours.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])  # fmt: skip
    ours.save(str(tmp_path / "tokenizer.json"))
    roles = roles_of(ours)
    assert roles is not None
    values = to_gguf(ours.to_str(), ours.get_vocab_size(), roles, True)
    tokens, scores, types = (values[name] for name in ("tokens", "scores", "token_type"))
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "tokenizer.model").write_bytes(spm_file([*tokens, "<turn>", "▁▁▁▁▁▁"], [*scores, 0.0, 0.0], [*types, 4, 4], prefixed))  # fmt: skip
    config = {"added_tokens_decoder": {"480": {"content": "<turn>", "special": True},
              "482": {"content": "<pad>", "special": True}}, "pad_token": "<pad>"}  # fmt: skip
    (tmp_path / "old" / "tokenizer_config.json").write_text(json.dumps(config))
    found = vocabulary_of(tmp_path / "old", {})
    for text in TEXTS:
        assert found.tokenizer.encode(text).ids == ours.encode(text).ids, text
        ids = ours.encode(text).ids
        assert found.tokenizer.decode(ids) == ours.decode(ids)
    assert found.tokenizer.encode("<turn>", add_special_tokens=False).ids == [480]
    found.write(tmp_path / "old")
    assert tokenizer_files.load(tmp_path / "old").encode("<turn>").ids != [480]
    assert (found.size, found.tokenizer.token_to_id("<pad>")) == (483, 482)
    wide = found.tokenizer.encode("a      b", add_special_tokens=False).ids
    assert (481 in wide) is not prefixed  # Six spaces are a piece of their own.
    again = found.roles(tmp_path / "old")
    assert again is not None and (again.begin, again.end, again.pad) == (1, 2, 482)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (spm_file(["<unk>", "a"], [0.0, -1.0], [2, 1], True, kind=1), "not made of merges"),
        (spm_file(["<unk>", "a"], [0.0, -1.0], [2, 1], True)[:-3], "no file of SentencePiece"),
        (b"\x0a\xff\xff\xff\xff\xff\x7f", "no file of SentencePiece"),
        (b"", "no file of SentencePiece"),
        (b"\x0a\x05abcde", "no file of SentencePiece"),
    ],
    ids=["another kind", "cut", "a length beyond it", "empty", "anything"],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(data: bytes, says: str, tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "tokenizer.model").write_bytes(data)
    with pytest.raises(CannotImport, match=rf"{says}.*\. Have tokenizer\.json made once"):
        vocabulary_of(tmp_path, {})


@pytest.mark.parametrize("make", [foreign.byte_level, foreign.sentence_piece])
def test_the_bytes_of_foreign_tokens_make_up_the_text(make: Callable[[], Tokenizer]) -> None:
    tokenizer = make()
    pieces = token_bytes(tokenizer, 600)
    assert len(pieces) == 600
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        said = b"".join(pieces[token] for token in ids).decode("utf-8")
        assert said.removeprefix(" " if make is foreign.sentence_piece else "") == text


def test_a_foreign_file_cuts_nothing_and_frames_nothing(tmp_path: Path) -> None:
    tokenizer = foreign.sentence_piece()
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    ids = tokenizer_files.load(tmp_path).encode("once upon a time </s>").ids
    assert len(ids) > 9 and not {1, 2} & set(ids)
