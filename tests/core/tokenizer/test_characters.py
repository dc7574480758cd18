"""Characters as tokens: nothing unknown, never two characters in one, standard files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from core.tokenizer import files
from core.tokenizer.characters import character_tokenizer
from core.tokenizer.special import SPECIAL_TOKENS

TEXT = "むかしむかし、山のふもとに村がありました。😀😀 é é It was a red fox.\n" * 3


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return character_tokenizer([TEXT, "𠮷"])


def test_each_known_character_is_one_token(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode(TEXT).ids) == len(TEXT)


def test_a_character_that_is_seen_once_falls_back_to_its_bytes(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("𠮷").ids
    assert 1 < len(ids) <= 4
    assert tokenizer.decode(ids) == "𠮷"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    tokenizer = character_tokenizer([TEXT])
    ids = tokenizer.encode(text).ids
    assert tokenizer.decode(ids, skip_special_tokens=False) == text
    assert len(ids) >= len(text)


def test_rare_characters_go_where_the_vocabulary_is_small() -> None:
    tokenizer = character_tokenizer(["あ" * 9 + "い" * 5 + "え" * 3], 263)
    assert tokenizer.get_vocab_size() <= 263
    assert len(tokenizer.encode("あ").ids) == 1
    assert len(tokenizer.encode("え").ids) > 1


def test_the_special_tokens_come_first_and_are_never_made_of_text(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token_to_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3]
    assert 0 not in tokenizer.encode("<|endoftext|>").ids


def test_transformers_gives_the_same_tokens(tokenizer: Tokenizer, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    files.save_transformers(tmp_path, files.to_text(tokenizer), 64)
    auto = AutoTokenizer.from_pretrained(tmp_path)
    for text in (TEXT, "未知 <|im_start|> ok"):
        ids = auto.encode(text, add_special_tokens=False, split_special_tokens=True)
        assert ids == tokenizer.encode(text).ids
        assert auto.decode(ids) == text
