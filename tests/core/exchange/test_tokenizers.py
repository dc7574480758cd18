"""Tokenizers that come as older files or inside GGUF: the same ids as transformers and the original."""

from __future__ import annotations

import json
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
