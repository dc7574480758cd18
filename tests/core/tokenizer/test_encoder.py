"""Fast encoding: the tokens are those of the `tokenizers` library, for every text."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from core.tokenizer import encoder as encoder_module
from core.tokenizer import engines
from core.tokenizer.characters import character_tokenizer
from core.tokenizer.encoder import TextEncoder
from core.tokenizer.ranks import GPT2_PATTERN, LLAMA3_PATTERN, pattern_of, ranks_of
from core.tokenizer.train import train_tokenizer
from tests.core.tokenizer.test_train import ENGLISH, HARD, JAPANESE

SAMPLE = [ENGLISH * 40, JAPANESE * 40, "spam ham eggs don't WON'T 12345 \r\n\r\n  x " * 40]


@pytest.fixture(autouse=True)
def _always_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "_WORTHWHILE", 0)


def with_pattern(tokenizer: Tokenizer, pattern: str | None) -> Tokenizer:
    """The same merges behind another published pattern; None: GPT-2's own pre-tokenizer."""
    changed = Tokenizer.from_str(tokenizer.to_str())
    whole = pre_tokenizers.ByteLevel(add_prefix_space=False)
    split = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern or ""), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    changed.pre_tokenizer = split if pattern else whole
    changed.encode_special_tokens = True
    return changed


def _trained(size: int) -> Tokenizer:
    return train_tokenizer(SAMPLE, size)


KINDS: dict[str, Callable[[], Tokenizer]] = {
    "512": lambda: _trained(512),
    "2000": lambda: _trained(2000),
    "characters": lambda: character_tokenizer(SAMPLE),
    "bytes": lambda: _trained(260),
    "llama-3": lambda: with_pattern(_trained(700), LLAMA3_PATTERN),
    "gpt-2 split": lambda: with_pattern(_trained(700), GPT2_PATTERN),
    "gpt-2": lambda: with_pattern(_trained(700), None),
}


@pytest.fixture(scope="module", params=list(KINDS))
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return KINDS[request.param]()


def check(tokenizer: Tokenizer, texts: list[str]) -> None:
    encoder = TextEncoder(tokenizer)
    assert encoder.fast
    for text, ours in zip(texts, encoder.encode(texts), strict=True):
        assert ours.dtype == np.uint16
        assert ours.tolist() == tokenizer.encode(text).ids


def test_hard_texts(tokenizer: Tokenizer) -> None:
    check(tokenizer, HARD)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(HARD)))
def test_any_text(texts: list[str]) -> None:
    for made in _made():
        check(made, texts)


_kept: list[Tokenizer] = []


def _made() -> list[Tokenizer]:
    if not _kept:
        _kept.extend(KINDS[name]() for name in ("2000", "gpt-2"))
    return _kept


def test_all_real_texts(shared_data: Path) -> None:
    """Every file of the test data, whatever it is, read as UTF-8 and as Shift JIS."""
    texts = []
    for path in sorted(shared_data.rglob("*")):
        if path.is_file() and path.stat().st_size < 4 << 20:
            data = path.read_bytes()[: 1 << 14]
            encoding = "cp932" if "aozora" in str(path) else "utf-8"
            texts.append(data.decode(encoding, "replace"))
    assert len(texts) > 200
    learned = train_tokenizer(texts[::16], 2048)
    small = [text[:4_000] for text in texts]
    for tokenizer, some in (
        (learned, texts),
        (with_pattern(learned, None), small),
        (character_tokenizer(texts), small),
    ):
        encoder = TextEncoder(tokenizer)
        assert encoder.fast
        expected = tokenizer.encode_batch_fast(some)
        for ours, theirs in zip(encoder.encode(some), expected, strict=True):
            assert np.array_equal(ours, np.array(theirs.ids, np.uint16))


CONTEXTS = ("a{}a", "1{}1", " {} ", "!{}!", "'{}", "'{}e l'{}l", "\n{}\r", "漢{}'s")


@pytest.mark.parametrize("kind", ["512", "gpt-2", "llama-3"])
def test_every_code_point_among_letters_numbers_spaces_and_signs(kind: str) -> None:
    points = [p for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)) != "Cs"]
    given_names = [p for p in points if unicodedata.category(chr(p)) not in ("Cn", "Co")]
    points = given_names + points[::97]  # All of them take a minute.
    step = 7 if kind != "512" else 1
    texts = []
    for start in range(0, len(points), 4096 * step):
        some = points[start : start + 4096 * step : step]
        texts += ["".join(context.replace("{}", chr(p)) for p in some) for context in CONTEXTS]
    tokenizer = KINDS[kind]()
    encoder = TextEncoder(tokenizer)
    assert encoder.fast
    for start in range(0, len(texts), 64):
        part = texts[start : start + 64]
        expected = tokenizer.encode_batch_fast(part)
        for ours, theirs in zip(encoder.encode(part), expected, strict=True):
            assert np.array_equal(ours, np.array(theirs.ids, np.uint16))


def test_what_is_said_of_the_installed_engines_is_true() -> None:
    found = engines.differences()
    unsafe = engines.differing()
    assert unsafe is None if not found else unsafe is not None
    assert all(unsafe.search(letter) for letter in found if unsafe)


def test_code_points_that_engines_see_differently_go_the_slow_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = TextEncoder(_trained(512))
    assert encoder.fast
    monkeypatch.setattr(encoder_module, "differing", lambda: re.compile("[漢]"))
    asked: list[list[str]] = []
    slowly = encoder._slowly
    monkeypatch.setattr(encoder, "_slowly", lambda texts: asked.append(texts) or slowly(texts))
    texts = ["plain", "with 漢", "かな", "漢"]
    found = encoder.encode(texts)
    assert asked == [["with 漢", "漢"]]
    tokenizer = _trained(512)
    assert [ids.tolist() for ids in found] == [tokenizer.encode(text).ids for text in texts]


@pytest.mark.parametrize("text", [" ", "x", "\n", " \n", "漢", "\u00a0", "'", "\t1"])
def test_endless_runs(text: str) -> None:
    check(_made()[0], [text * 60_000, text * 150_000, text * 250_000])


# ---- what is not proved goes the slow way --------------------------------------------------------


def _refused(change: Callable[[dict[str, Any]], None]) -> None:
    parts = json.loads(_trained(600).to_str())
    change(parts)
    tokenizer = Tokenizer.from_str(json.dumps(parts))
    tokenizer.encode_special_tokens = True
    encoder = TextEncoder(tokenizer)
    assert not encoder.fast
    assert [i.tolist() for i in encoder.encode(HARD)] == [tokenizer.encode(t).ids for t in HARD]


def _drop(index: int) -> Callable[[dict[str, Any]], None]:
    def change(parts: dict[str, Any]) -> None:
        del parts["model"]["merges"][index]

    return change


def _late_first(parts: dict[str, Any]) -> None:
    """The merges in the wrong order: tokens that cannot be reached."""
    parts["model"]["merges"].reverse()


def _second_way(parts: dict[str, Any]) -> None:
    model = parts["model"]
    model["vocab"].update({"ab": 700, "bc": 701, "abc": 702})
    model["merges"] += [["a", "b"], ["b", "c"], ["ab", "c"], ["a", "bc"]]


def _missing_byte(parts: dict[str, Any]) -> None:
    model = parts["model"]
    gone = "Ā"
    model["vocab"] = {k: i for k, i in model["vocab"].items() if gone not in k}
    model["merges"] = [m for m in model["merges"] if gone not in "".join(m)]


@pytest.mark.parametrize(
    "change", [_late_first, _second_way, _missing_byte], ids=["order", "two merges", "a byte"]
)
def test_merges_that_mean_something_else_to_tiktoken(
    change: Callable[[dict[str, Any]], None],
) -> None:
    _refused(change)


def test_a_normalizer_a_dropout_or_a_searched_token_is_left_to_the_library() -> None:
    normal = _trained(512)
    normal.normalizer = normalizers.NFC()
    assert not TextEncoder(normal).fast
    searched = _trained(512)
    searched.add_tokens([AddedToken("<turn>", special=False)])
    assert not TextEncoder(searched).fast
    read = _trained(512)
    read.encode_special_tokens = False
    assert not TextEncoder(read).fast
    word = Tokenizer(models.WordLevel({"a": 0, "?": 1}, "?"))
    word.pre_tokenizer = pre_tokenizers.Whitespace()
    assert not TextEncoder(word).fast
    metaspace = Tokenizer(models.BPE())
    metaspace.pre_tokenizer = pre_tokenizers.Metaspace()
    metaspace.decoder = decoders.Metaspace()
    assert not TextEncoder(metaspace).fast


def test_patterns_nobody_published_are_not_trusted() -> None:
    parts = json.loads(_trained(512).to_str())
    parts["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = r"\w+|\W+"
    assert pattern_of(parts) is None


def test_a_token_that_no_text_gives_alone_is_found() -> None:
    """The union of neighbours that is a token, but by another merge: "ab" + "c" here."""
    tokenizer = Tokenizer(models.BPE())
    letters = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    vocabulary = {**letters, "ab": 256, "bc": 257, "abc": 258}
    tokenizer = Tokenizer(models.BPE(vocabulary, [("a", "b"), ("b", "c"), ("a", "bc")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    assert ranks_of(json.loads(tokenizer.to_str())) is None
    assert tokenizer.encode("abc").tokens == ["ab", "c"]


def test_many_tokens_need_four_bytes() -> None:
    letters = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    pairs = [(a, b) for a in letters for b in letters]
    vocabulary = {**letters, **{a + b: 256 + i for i, (a, b) in enumerate(pairs)}}
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    encoder = TextEncoder(tokenizer)
    assert encoder.fast
    (ids,) = encoder.encode([ENGLISH])
    assert ids.dtype == np.uint32
    assert ids.tolist() == tokenizer.encode(ENGLISH).ids
