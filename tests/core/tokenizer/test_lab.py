"""The laboratory's tokenizers: standard files, exact for every text, equal to what they stand for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from core.errors import CannotImport, PathMissing
from core.tokenizer import files
from core.tokenizer.cells import group, token_bytes
from core.tokenizer.lab import importing
from core.tokenizer.lab.compare import splits
from core.tokenizer.lab.importing import imported
from core.tokenizer.lab.kinds import is_exact, limits, train
from core.tokenizer.lab.measure import curve, measure, smaller
from core.tokenizer.lab.unigram import most_likely
from core.tokenizer.roles import roles_of
from core.tokenizer.special import SPECIAL_TOKENS
from tests.core.tokenizer.test_train import ENGLISH, HARD, JAPANESE

TEXTS = [ENGLISH * 40, JAPANESE * 40, "spam ham eggs  and   more\n\n\n" * 40]
KINDS = ("bpe", "unigram", "characters", "bytes")
SPELLED = ["<0x0A>", "<0xFF><0x00>", "▁word ▁▁", "x<0x41>y", *HARD]


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest) -> Tokenizer:
    return train(request.param, TEXTS, 600)


_kept: dict[str, Tokenizer] = {}


def _of(kind: str) -> Tokenizer:
    if kind not in _kept:
        _kept[kind] = train(kind, TEXTS, 600)
    return _kept[kind]


def test_special_tokens_come_first_and_no_text_becomes_one(made: Tokenizer) -> None:
    assert [made.token_to_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3]
    assert made.get_vocab_size() <= 600
    for text in SPELLED:
        assert not set(made.encode(text).ids) & {0, 1, 2, 3}


@pytest.mark.parametrize("text", SPELLED)
def test_difficult_texts_come_back(made: Tokenizer, text: str) -> None:
    assert made.decode(made.encode(text).ids, skip_special_tokens=False) == text


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("<0xA1> ▁\n"))
def test_any_text_comes_back(text: str) -> None:
    for kind in KINDS:
        tokenizer = _of(kind)
        ids = tokenizer.encode(text).ids
        assert tokenizer.decode(ids, skip_special_tokens=False) == text
        pieces = token_bytes(tokenizer)
        assert b"".join(pieces[i] for i in ids) == text.encode("utf-8")
        assert "".join(cell.text for cell in group(ids, pieces)) == text


def test_transformers_loads_all_of_them(made: Tokenizer, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    files.save_transformers(tmp_path, files.to_text(made), 64)
    auto = AutoTokenizer.from_pretrained(tmp_path)
    for text in SPELLED:
        ids = auto.encode(text, add_special_tokens=False, split_special_tokens=True)
        assert ids == made.encode(text).ids
        assert auto.decode(ids) == text
    assert auto.eos_token_id == 0
    assert len(auto) == made.get_vocab_size()


def test_a_stored_tokenizer_is_the_same_again(made: Tokenizer, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(files.to_text(made), encoding="utf-8")
    loaded = files.load(tmp_path)
    assert files.to_text(loaded) == files.to_text(made)
    for text in SPELLED:
        assert loaded.encode(text).ids == made.encode(text).ids


def test_only_what_llama_cpp_cannot_read_has_limits() -> None:
    for kind in KINDS:
        assert len(limits(_of(kind))) == (kind == "unigram")


def test_rare_characters_of_a_small_unigram_are_bytes() -> None:
    many = "".join(chr(0x4E00 + i % 3000) for i in range(9_000)) + JAPANESE * 50
    tokenizer = train("unigram", [many], 320)
    assert tokenizer.get_vocab_size() <= 320
    assert tokenizer.decode(tokenizer.encode(many[:200]).ids) == many[:200]


def test_a_unigram_of_the_same_text_is_the_same_each_time() -> None:
    kanji = ["".join(chr(0x4E00 + (37 * i + 11 * j) % 700) for j in range(40)) for i in range(40)]
    texts = [f"{signs}むかしむかし、山のふもとに小さな村がありました。\n" for signs in kanji]
    assert len({train("unigram", texts, 1500).to_str() for _ in range(3)}) == 1


def test_a_unigram_of_nothing_knows_bytes() -> None:
    tokenizer = train("unigram", ["x"], 400)
    assert tokenizer.decode(tokenizer.encode(JAPANESE).ids) == JAPANESE


def test_scores_of_other_programs_settle() -> None:
    scores = [
        ("<unk>", 0.0),
        *((letter, -1.0 / (i + 3) * 7.123456789) for i, letter in enumerate("abcdefg")),
    ]
    foreign = Tokenizer(models.Unigram(scores, unk_id=0))
    text = files.settled_text(foreign)
    assert files.to_text(Tokenizer.from_str(text)) == text


# ---- sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [260, 261, 300, 450, 599, 600])
def test_a_smaller_bpe_is_the_one_that_training_gives(size: int) -> None:
    assert files.to_text(smaller(_of("bpe"), size)) == files.to_text(train("bpe", TEXTS, size))


def test_the_curve_ends_with_the_largest() -> None:
    found = list(curve(_of("bpe"), {"en": [ENGLISH], "ja": [JAPANESE]}, (300, 350, 4096)))
    assert [size for size, _ in found] == [300, 350, _of("bpe").get_vocab_size()]
    ratios = [one.languages["ja"] for _, one in found]
    assert ratios == sorted(ratios)


def test_bytes_per_token_are_counted(made: Tokenizer) -> None:
    found = measure(made, {"en": [ENGLISH, "more"], "ja": [JAPANESE]})
    tokens = sum(len(made.encode(text).ids) for text in (ENGLISH, "more", JAPANESE))
    size = len((ENGLISH + "more" + JAPANESE).encode())
    assert found.bytes_per_token == size / tokens
    assert found.languages["ja"] == len(JAPANESE.encode()) / len(made.encode(JAPANESE).ids)


def test_the_likeliest_pieces_are_a_tokenizer_too() -> None:
    small = most_likely(_of("unigram"), 325)
    assert small.get_vocab_size() == 325
    assert is_exact(small)


# ---- comparing -----------------------------------------------------------------------------------


def test_splits_cover_the_text_and_sum_up(made: Tokenizer) -> None:
    found = splits(made, [ENGLISH, JAPANESE], ["en", "ja"])
    assert found["tokens"] == sum(row["tokens"] for row in found["texts"])
    assert found["bytes"] == len((ENGLISH + JAPANESE).encode())
    assert set(found["languages"]) == {"en", "ja"}
    for text, row in zip((ENGLISH, JAPANESE), found["texts"], strict=True):
        assert "".join(cell["text"] for cell in row["cells"]) == text


# ---- importing -----------------------------------------------------------------------------------


def _word_piece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_own_files_come_in_as_they_are(made: Tokenizer, tmp_path: Path) -> None:
    tokenizer, added = imported(_file(tmp_path, made.to_str()))
    assert added == []
    assert files.to_text(tokenizer) == files.to_text(made)


def test_what_a_foreign_tokenizer_lacks_is_added(tmp_path: Path) -> None:
    foreign = _word_piece()
    tokenizer, added = imported(_file(tmp_path, foreign.to_str()))
    assert added == list(SPECIAL_TOKENS)
    assert tokenizer.get_vocab_size() == foreign.get_vocab_size() + 4
    roles = roles_of(tokenizer)
    assert roles is not None
    assert roles.end == tokenizer.token_to_id("<|endoftext|>")
    assert (
        tokenizer.encode("The fox").ids == foreign.encode("The fox", add_special_tokens=False).ids
    )
    assert len(limits(tokenizer)) == 2
    assert not is_exact(tokenizer)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a tokenizer"),
        ('{"model": {}}', "not a tokenizer"),
        ('{"model": {"type": "BPE", "vocab": {}, "merges": []}}', "no tokens"),
        ('{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "c"]]}}', "not a tok"),
        ('{"model": {"type": "Unigram", "unk_id": 9, "vocab": [["a", 0.0]]}}', "not a tokenizer"),
        ('{"model": {"type": "Unigram", "vocab": [["a", 0.0], ["b", 0.0]]}}', "cannot encode"),
        ('{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 1}, "unk_token": "?"}}', "cannot enc"),
        ('{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 4000000000}, "unk_token": "a"}}', "2 tokens"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(CannotImport, match=reason):
        imported(_file(tmp_path, content))


def test_a_broken_pattern_is_refused(tmp_path: Path) -> None:
    parts: dict[str, Any] = json.loads(_of("bpe").to_str())
    parts["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "(["
    with pytest.raises(CannotImport, match="not a tokenizer"):
        imported(_file(tmp_path, json.dumps(parts)))


def test_a_huge_file_and_a_missing_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PathMissing):
        imported(tmp_path / "none.json")
    with pytest.raises((CannotImport, PathMissing)):
        imported(tmp_path)
    monkeypatch.setattr(importing, "MOST_BYTES", 1000)
    with pytest.raises(CannotImport, match="larger than"):
        imported(_file(tmp_path, _of("bpe").to_str()))
