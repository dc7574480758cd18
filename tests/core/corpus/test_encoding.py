"""Encodings are recognised from the bytes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.encoding import decode, detect, public_name

JAPANESE = (
    "むかしむかし、あるところに、おじいさんとおばあさんがいました。カタカナも漢字もあります。\n" * 6
)
FRENCH = "Où êtes-vous allé hier ? Le garçon a mangé des pâtes à l'école, près de la forêt.\n" * 6
ENGLISH = "Once upon a time there was a small house at the edge of the wood.\n" * 6


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        (ENGLISH, "ascii", "ASCII"),
        (JAPANESE, "utf-8", "UTF-8"),
        (JAPANESE, "utf-8-sig", "UTF-8"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE + "①㈱髙﨑～\n", "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (JAPANESE, "iso2022_jp", "ISO-2022-JP"),
        (JAPANESE, "utf-16", "UTF-16"),
        (JAPANESE, "utf-16-le", "UTF-16"),
        (JAPANESE, "utf-16-be", "UTF-16"),
        (ENGLISH, "utf-16-le", "UTF-16"),
        (ENGLISH, "utf-16-be", "UTF-16"),
        (JAPANESE, "utf-32", "UTF-32"),
        (JAPANESE, "utf-32-le", "UTF-32"),
        (ENGLISH, "utf-32-be", "UTF-32"),
        (FRENCH, "latin-1", "Latin-1"),
        (FRENCH + "“typographic” – €\n", "cp1252", "Latin-1"),
        ("ひらがな", "cp932", "Shift_JIS"),
        ("これは短い。", "euc_jp", "EUC-JP"),
    ],
)
def test_text_comes_back_whole_from_its_bytes(text: str, encoding: str, shown: str) -> None:
    data = text.encode(encoding)
    found = detect(data)
    assert found is not None
    assert public_name(found) == shown
    assert decode(data, found) == (text, 0)


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 10,
        b"\0" * 1000,
        b"PK\x03\x04" + bytes(range(0, 256, 3)) * 20,
    ],
    ids=["every byte", "png", "elf", "zeros", "zip"],
)
def test_binary_data_is_not_text(data: bytes) -> None:
    assert detect(data) is None


def test_utf_16_little_endian_kanji_without_a_mark_is_no_shift_jis() -> None:
    assert detect("漢字仮名交じり文の例です。\n".encode("utf-16-le") * 20) == "utf-16-le"


@pytest.mark.parametrize("encoding", ["utf-8", "euc_jp", "cp932"])
@pytest.mark.parametrize("cut", range(1, 4))
def test_a_beginning_that_ends_inside_a_character_is_still_recognised(
    encoding: str, cut: int
) -> None:
    data = JAPANESE.encode(encoding)[:-cut]
    found = detect(data, whole=False)
    assert found == encoding
    text, bad = decode(data, found, whole=False)
    assert bad == 0
    assert JAPANESE.startswith(text)


def test_unreadable_bytes_are_counted_not_hidden() -> None:
    text, bad = decode(b"good \xff\xfe text", "utf-8")
    assert (text, bad) == ("good \ufffd\ufffd text", 2)


def test_the_three_vim_tutors_hold_the_same_text(shared_data: Path) -> None:
    texts: list[str] = []
    for name, encoding in (("utf-8", "utf-8"), ("shift-jis", "cp932"), ("euc-jp", "euc_jp")):
        data = (shared_data / "messy" / "text" / f"vim-tutor-ja-{name}.txt").read_bytes()
        assert detect(data) == encoding
        text, bad = decode(data, encoding)
        assert bad == 0
        # Each names its own encoding somewhere.
        texts.append("\n".join(line for line in text.splitlines() if "ncoding" not in line))
    assert texts[0] == texts[1] == texts[2]


@given(st.text(min_size=1))
def test_utf_8_text_is_never_taken_for_another_encoding(text: str) -> None:
    data = text.encode("utf-8")
    found = detect(data)
    assert (
        found in ("utf-8", "ascii", None) or b"\0" in data or b"\x1b" in data or text[0] == "\ufeff"
    )


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_without_a_fault(data: bytes) -> None:
    found = detect(data)
    if found is not None:
        text, bad = decode(data, found)
        assert isinstance(text, str)
        assert bad >= 0
