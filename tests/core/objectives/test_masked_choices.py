"""What an encoder's objective chooses by its family, and what it refuses."""

from __future__ import annotations

import math

import pytest
from tokenizers import Tokenizer, models

from core.errors import UsageError
from core.objectives.base import Ingredients
from core.objectives.masked import Masked, ways
from core.recipe import Recipe
from core.tokenizer.frame import frame_of
from core.tokenizer.roles import roles_of
from tests.core.objectives.test_masked import WORDS, ingredients, split_of


def test_masking_and_pairs_are_as_the_family_does_unless_they_are_chosen() -> None:
    plain = Recipe(objective="masked")
    assert ways(plain, "bert") == (True, True)
    assert ways(plain, "roberta") == ways(plain, "distilbert") == (False, False)
    chosen = Recipe(objective="masked", masking="dynamic", next_sentence=False)
    assert ways(chosen, "bert") == (False, False)
    with pytest.raises(UsageError, match="Only BERT"):
        ways(Recipe(objective="masked", next_sentence=True), "roberta")


def test_only_roberta_reads_full_sentences() -> None:
    split = split_of(40, 40, seed=3)
    assert Masked(ingredients(split, family="roberta")).full
    assert not Masked(ingredients(split, family="distilbert")).full
    assert not Masked(ingredients(split, family="bert")).full


def test_one_who_knows_nothing_loses_the_pairs_too() -> None:
    split = split_of(40, seed=3)
    assert Masked(ingredients(split, family="roberta")).blind_loss(WORDS) == math.log(WORDS)
    paired = Masked(ingredients(split, family="bert")).blind_loss(WORDS)
    assert paired == pytest.approx(math.log(WORDS) + math.log(2))


def test_a_tokenizer_without_a_mask_is_refused() -> None:
    tokenizer = Tokenizer(models.WordLevel({"</s>": 0, "a": 1}, unk_token="a"))
    roles = roles_of(tokenizer)
    assert roles is not None
    assert frame_of(tokenizer, roles) is None
    given = ingredients(split_of(40))
    poor = Ingredients(**{**given.__dict__, "tokenizer": tokenizer, "roles": roles})
    with pytest.raises(UsageError, match="mask"):
        Masked(poor)


def test_special_tokens_are_no_ordinary_ones() -> None:
    from core.tokenizer.train import train_tokenizer

    tokenizer = train_tokenizer(["a little text"] * 9, 300)
    roles = roles_of(tokenizer)
    assert roles is not None
    made = frame_of(tokenizer, roles)
    assert made is not None
    assert (made.classifier, made.separator, made.mask) == (0, 0, 3)
    assert made.ordinary.tolist() == list(range(4, tokenizer.get_vocab_size()))
