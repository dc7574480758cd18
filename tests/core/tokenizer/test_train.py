"""The tokenizer: standard files, exact round trips, merges that respect scripts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from core.errors import Damaged
from core.tokenizer import files
from core.tokenizer.cells import CellGrouper, group, token_bytes
from core.tokenizer.sizes import MAX_VOCABULARY, MIN_VOCABULARY, vocabulary_for
from core.tokenizer.special import SPECIAL_TOKENS
from core.tokenizer.train import QWEN2_PATTERN, train_tokenizer

ENGLISH = "The old fox ran over the red hill, and the moon saw it. It's 1984; we'll go!\n\n  Yes.\n"
JAPANESE = (
    "むかしむかし、山のふもとに小さな村がありました。村の子どもたちはカタカナを学校で習います。\n"
)
HARD = [
    ENGLISH, JAPANESE, "", " ", "\n", "\n\n\n", "   \n \t x", "a  b   c", "don't WON'T 'S",
    "日本語とEnglishの混在123テスト", "👩‍👩‍👧 emoji 🏳️‍🌈", "العربية עברית हिन्दी ไทย 한국어", "e\u0301 é ﬁ",
    "\0\x01\x7f\x85\u2028\ufeff", "<|endoftext|> <|im_start|>user\nhi<|im_end|><|mask|>",
    "x" * 3_000, "漢" * 500, "!!!???……、、、", "12345678901234567890", "tab\tand\r\nreturn\r",
    "𠮷野家 \U0010ffff",
]  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokenizer([ENGLISH * 40, JAPANESE * 40, "spam ham eggs " * 40], 700)


@pytest.fixture(scope="module")
def folder(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As transformers wants it."""
    place = tmp_path_factory.mktemp("tokenizer")
    files.save_transformers(place, files.to_text(tokenizer), 256)
    return place


@pytest.fixture(scope="module")
def auto(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.mark.parametrize("text", HARD)
def test_transformers_gives_the_same_tokens(tokenizer: Tokenizer, auto: Any, text: str) -> None:
    ours = tokenizer.encode(text).ids
    assert auto.encode(text, add_special_tokens=False, split_special_tokens=True) == ours
    assert auto.decode(ours) == tokenizer.decode(ours) == text


def test_transformers_gives_the_same_tokens_for_real_texts(
    tokenizer: Tokenizer, auto: Any, shared_data: Path
) -> None:
    messy = shared_data / "messy" / "text"
    for path in (
        messy / "vim-tutor-ja-utf-8.txt",
        shared_data / "en-pretrain" / "tinyshakespeare.txt",
    ):
        text = path.read_text(encoding="utf-8")[:60_000]
        assert auto.encode(text, split_special_tokens=True) == tokenizer.encode(text).ids


def test_the_special_tokens_are_known_to_transformers(auto: Any, tokenizer: Tokenizer) -> None:
    assert (auto.bos_token, auto.eos_token, auto.pad_token, auto.mask_token) == (
        "<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "<|mask|>",
    )  # fmt: skip
    assert [tokenizer.token_to_id(t) for t in SPECIAL_TOKENS] == [0, 1, 2, 3]
    assert auto.model_max_length == 256
    assert type(auto).__name__ == "PreTrainedTokenizerFast" or auto.is_fast


def test_a_conversation_is_written_as_chatml(auto: Any) -> None:
    turns = [{"role": "user", "content": "hi"}]
    text = auto.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    assert text == "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"
    # Here, and only here, the marks are tokens.
    assert auto.encode(text)[0] == 1


def test_what_a_user_writes_never_becomes_a_special_token(tokenizer: Tokenizer) -> None:
    for token in SPECIAL_TOKENS:
        ids = tokenizer.encode(f"before {token} after").ids
        assert min(ids) >= len(SPECIAL_TOKENS)
        assert tokenizer.decode(ids) == f"before {token} after"


def test_loading_keeps_user_text_plain(folder: Path, tokenizer: Tokenizer) -> None:
    loaded = files.load(folder)
    assert files.to_text(loaded) == files.to_text(tokenizer)
    for text in HARD:
        assert loaded.encode(text).ids == tokenizer.encode(text).ids


@settings(max_examples=60)
@given(st.text())
def test_every_text_comes_back_and_its_bytes_are_its_tokens_bytes(
    tokenizer: Tokenizer, text: str
) -> None:
    ids = tokenizer.encode(text).ids
    pieces = token_bytes(tokenizer)
    assert tokenizer.decode(ids) == text
    assert b"".join(pieces[i] for i in ids) == text.encode("utf-8")


def test_the_saved_pre_tokenizer_is_qwen2s(tokenizer: Tokenizer) -> None:
    saved = json.loads(files.to_text(tokenizer))
    assert saved["normalizer"] is None
    split, level = saved["pre_tokenizer"]["pretokenizers"]
    assert split["pattern"] == {"Regex": QWEN2_PATTERN}
    assert split["behavior"] == "Isolated"
    assert (level["type"], level["use_regex"], level["add_prefix_space"]) == (
        "ByteLevel",
        False,
        False,
    )
    # As in Qwen/Qwen2-0.5B's tokenizer.json.
    assert QWEN2_PATTERN == (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"
    )


def test_no_learned_token_joins_two_scripts(tokenizer: Tokenizer) -> None:
    scripts = [r"\p{Hiragana}", r"[\p{Han}々]", r"[\p{Katakana}ー]", "[A-Za-z]", r"[、。]"]
    whole = 0
    for piece in token_bytes(tokenizer):
        try:
            text = piece.decode("utf-8")
        except UnicodeDecodeError:
            continue
        found = [s for s in scripts if regex.search(s, text)]
        assert len(found) <= 1, text
        whole += len(text) > 1
    assert whole > 50


def test_one_endless_line_is_learned_in_seconds() -> None:
    begun = time.process_time()
    tokenizer = train_tokenizer(["x" * 3_000_000, "漢字" * 300_000], 600)
    assert time.process_time() - begun < 30
    longest = max(len(piece) for piece in token_bytes(tokenizer))
    assert longest <= 40


def test_the_same_text_gives_the_same_tokenizer() -> None:
    texts = [ENGLISH, JAPANESE * 3]
    assert files.to_text(train_tokenizer(texts, 500)) == files.to_text(train_tokenizer(texts, 500))


def test_a_text_too_small_for_its_vocabulary_gives_a_smaller_one() -> None:
    tokenizer = train_tokenizer(["a b c"], 5_000)
    assert 260 <= tokenizer.get_vocab_size() < 300
    assert tokenizer.decode(tokenizer.encode("漢 z").ids) == "漢 z"


@pytest.mark.parametrize(
    ("size", "low", "high"),
    [(0, 512, 512), (1_000, 512, 512), (1_000_000, 960, 1_088), (50_000_000, 7_600, 8_400),
     (1_000_000_000, 32_000, 32_768), (10**13, MAX_VOCABULARY, MAX_VOCABULARY)],
)  # fmt: skip
def test_the_vocabulary_grows_with_the_corpus(size: int, low: int, high: int) -> None:
    found = vocabulary_for(size)
    assert low <= found <= high
    assert found % 64 == 0
    assert MIN_VOCABULARY <= found <= MAX_VOCABULARY


@pytest.mark.parametrize("content", [None, "", "{}", "not json", '{"model": 3}', "\0\0"])
def test_a_damaged_tokenizer_is_one_sentence(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / files.TOKENIZER_FILE).write_text(content)
    with pytest.raises(Damaged) as error:
        files.load(tmp_path)
    assert ("missing" if content is None else "not a tokenizer") in str(error.value)


# ---- cells -------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1))
def test_cells_are_the_shortest_valid_runs_and_cover_every_token(
    tokenizer: Tokenizer, text: str
) -> None:
    pieces = token_bytes(tokenizer)
    ids = tokenizer.encode(text).ids
    cells = group(ids, pieces)
    assert "".join(cell.text for cell in cells) == text
    assert [i for cell in cells for i in range(cell.start, cell.end)] == list(range(len(ids)))
    for cell in cells:
        for end in range(cell.start + 1, cell.end):
            with pytest.raises(UnicodeDecodeError):
                b"".join(pieces[i] for i in ids[cell.start : end]).decode("utf-8")


@settings(max_examples=60)
@given(st.data())
def test_any_tokens_at_all_can_be_shown(tokenizer: Tokenizer, data: st.DataObject) -> None:
    pieces = token_bytes(tokenizer)
    ids = data.draw(st.lists(st.integers(0, len(pieces) + 3), max_size=40))
    cells = group(ids, pieces)
    assert [i for cell in cells for i in range(cell.start, cell.end)] == list(range(len(ids)))
    assert all(isinstance(cell.text, str) for cell in cells)


@pytest.fixture
def grouper(tokenizer: Tokenizer) -> Callable[[], CellGrouper]:
    return lambda: CellGrouper(token_bytes(tokenizer))


def test_half_a_character_is_held_back_until_it_is_whole(
    tokenizer: Tokenizer, grouper: Callable[[], CellGrouper]
) -> None:
    ids = tokenizer.encode("龘").ids  # Unknown to the merges: three bytes, three tokens.
    assert len(ids) == 3
    stream = grouper()
    assert [stream.feed(i) is None for i in ids[:2]] == [True, True]
    cell = stream.feed(ids[2])
    assert cell is not None
    assert (cell.text, cell.start, cell.end) == ("龘", 0, 3)
    assert stream.flush() is None


def test_an_end_in_the_middle_of_a_character_shows_a_replacement_sign(
    tokenizer: Tokenizer, grouper: Callable[[], CellGrouper]
) -> None:
    stream = grouper()
    stream.feed(tokenizer.encode("龘").ids[0])
    cell = stream.flush()
    assert cell is not None
    assert cell.text == "\ufffd"
