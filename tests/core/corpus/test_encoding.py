"""Encodings are recognised from the bytes alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.encoding import CHOICES, decode, detect, guess, public_name, read

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
        (FRENCH + "“typographic” – €\n", "cp1252", "Windows-1252"),
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


RUSSIAN = "Сегодня хорошая погода, и мы идём в парк. Потом мы будем читать книгу о войне.\n"
CHINESE = "我们今天去公园看花，然后回家吃饭。这是一本关于中国历史的书，里面有很多故事。\n"
TAIWAN = "我們今天去公園看花，然後回家吃飯。這是一本關於中國歷史的書，裡面有很多故事。\n"
KOREAN = "오늘은 날씨가 좋습니다. 우리는 공원에 갑니다. 그리고 책을 읽을 것입니다.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "sure"),
    [
        (RUSSIAN, "cp1251", True),
        (RUSSIAN, "koi8_r", True),
        (RUSSIAN, "cp866", True),
        (RUSSIAN, "iso8859_5", True),
        (CHINESE, "gb18030", False),
        (TAIWAN, "big5", True),
        (KOREAN, "cp949", True),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. Dnes jdeme do parku.\n", "cp1250", True),
        ("It’s the best of times, and he said “no” to her.\n", "cp1252", True),
        ("Café", "latin-1", False),
        ("ｶﾀｶﾅ", "cp932", False),
        ("ﾄｳｷﾖｳﾄ,ﾁﾖﾀﾞｸ,ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ", "cp932", True),
        ("お知らせ", "euc_jp", True),
        ("会議資料", "cp932", False),
        ("<div class='x'>" * 30_000 + "お知らせ" + "</div>" * 90_000, "euc_jp", True),
        ("俱利伽羅の𠮟られた鷗の話です。これは例です。", "shift_jis_2004", True),
        ("俱利伽羅の𠮟られた鷗の話です。これは例です。", "euc_jis_2004", True),
        ("俱利伽羅の𠮟られた鷗の話です。これは例です。", "iso2022_jp_2004", True),
        ("あいうえおかきくけこ、ぜんぶかな。", "utf-16-le", True),
        ("あいうえおかきくけこ、ぜんぶかな。", "utf-16-be", True),
    ],
)
def test_what_is_not_clear_is_said_to_be_so(text: str, encoding: str, sure: bool) -> None:
    found = guess(text.encode(encoding))
    assert found is not None
    assert (found.name, found.sure) == (encoding, sure)
    assert found.sure or found.alternatives


def test_ascii_that_could_be_kana_in_utf_16_stays_ascii_with_a_question() -> None:
    assert guess(b"A0B0D0F0A0B0D0F0A0B0D0F0") == ("ascii", False, ("utf-16-le",))
    assert guess(b"10203040") == ("ascii", True, ())


def test_a_damaged_utf_8_text_is_no_other_encoding() -> None:
    data = JAPANESE.encode() + b"\x93" + JAPANESE.encode()
    found = read(data)
    assert found is not None
    assert (found[0].name, found[0].sure, found[2]) == ("utf-8", True, 1)


def test_a_damaged_shift_jis_text_is_still_sure_when_the_damage_is_small() -> None:
    lines = JAPANESE.encode("cp932") * 4
    for damage, sure in ((b"\x81\n", True), (b"\x81\n" * 100, False)):
        found = guess(lines + damage + lines)
        assert found is not None
        assert (found.name, found.sure) == ("cp932", sure)


def test_two_encodings_in_one_file_are_a_question() -> None:
    found = guess((JAPANESE * 9).encode("cp932") + (JAPANESE * 9).encode("utf-8"))
    assert found is not None
    assert not found.sure


def test_the_alternatives_can_be_chosen() -> None:
    found = guess("会議資料".encode("euc_jp"))
    assert found is not None
    assert set(found.alternatives) <= set(CHOICES)


@given(st.integers(0, 3), st.integers(1, 200), st.sampled_from(["cp932", "euc_jp", "cp1252"]))
def test_what_is_beyond_doubt_is_right(start: int, length: int, encoding: str) -> None:
    source = FRENCH if encoding == "cp1252" else JAPANESE
    text = source[start : start + length]
    data = text.encode(encoding)
    found = guess(data)
    assert found is not None
    assert not found.sure or decode(data, found.name) == (text, 0)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit",
    [b"\xe3\x81", b"\x82", b"\x8f\xa1", b"\xff", b"\xc3\xa9\xff", bytes(range(128, 256)), b"a\xe9"],
    ids=repr,
)
def test_what_is_no_text_in_any_encoding_is_a_question_and_takes_no_time(unit: bytes) -> None:
    found = read(unit * (2_000_000 // len(unit)))
    assert found is not None
    assert not found[0].sure


@pytest.mark.parametrize("data", [b"abc\0def\0", b"name\0value\0key\0thing\0", b"ab\0\0cd\0\0"])
def test_words_that_nul_bytes_part_are_no_utf_16(data: bytes) -> None:
    assert guess(data * 50) is None
    kana = guess("あいうえお\n".encode("utf-16-le") * 9)
    assert kana is not None
    assert (kana.name, kana.sure) == ("utf-16-le", True)


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_ruby_marks_in_utf_16_without_a_nul_byte_are_read(order: str) -> None:
    data = "恐《おそ》らくはそのツェラ高原の過冷却湖畔《かれい》【銀河】".encode(order)
    assert b"\0" not in data
    assert guess(data) == (order, True, ())


def test_dashes_of_big5_amid_english_are_found_and_asked_about() -> None:
    text = "Years of sabbatical—and then there came a day. America’s vital interests. " * 3
    found = guess(text.encode("big5"))
    assert found is not None
    assert (found.name, found.sure) == ("big5", False)


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_signs_of_offices_are_text_without_a_mark(order: str) -> None:
    text = "※注意\n①②③\n㈱山田\n髙橋と﨑山\n"
    data = text.encode(order)
    found = guess(data)
    assert found is not None
    assert decode(data, found.name) == (text, 0)


@pytest.mark.parametrize("text", ["ＡＢＣ１２３\n", "カナ\n", "、。、。\n"])
def test_euc_jp_is_never_surely_half_width_kana(text: str) -> None:
    found = guess(text.encode("euc_jp"))
    assert found is not None
    assert found.name == "euc_jp" or not found.sure


@pytest.mark.parametrize(
    "text",
    [
        "Vystřelit budovat bytost mnohdy obávat se stadium\n",
        "rzucać na podróż jadalny latać wzrok czterdzieści.\n",
    ],
)
def test_few_letters_of_the_east_are_not_surely_of_the_west(text: str) -> None:
    for name in ("cp1250", "iso8859_2"):
        data = text.encode(name)
        found = guess(data)
        assert found is not None
        assert not found.sure or decode(data, found.name) == (text, 0)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("iso-2022-jp", "ISO-2022-JP"), ("ISO-8859-1", "Latin-1"), ("us-ascii", "ASCII"),
        ("windows-1252", "Windows-1252"), ("x-unknown", "x-unknown"), ("\0", "\0"),
    ],
)  # fmt: skip
def test_an_encoding_is_shown_by_one_name(name: str, shown: str) -> None:
    assert public_name(name) == shown


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_wide_spaces_between_signs_tell_the_order_of_bytes(order: str) -> None:
    text = "×　　　　　×　　　　　×\n" * 2
    found = guess(text.encode(order))
    assert found is not None
    assert found.name == order
