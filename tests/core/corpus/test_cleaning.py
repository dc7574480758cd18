"""Cleaning takes out what it names and nothing else."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import encoding
from core.corpus.cleaning import applied, counted, edits_of
from core.corpus.cleaning.aozora import is_aozora
from core.corpus.cleaning.edits import composed, merged
from core.corpus.readers.base import Edit
from core.corpus.readers.input import normalise_newlines
from core.jobs.kinds import CleaningOptions, Personal

ALL = CleaningOptions(unicode="nfkc", personal=list(get_args(Personal)))
REMOVING = CleaningOptions(mojibake=False, unicode="off")
NONE = CleaningOptions(
    gutenberg=False, aozora_ruby=False, aozora_notes=False, control_characters=False,
    mojibake=False, unicode="off",
)  # fmt: skip
COLOPHON = "底本：「童話集」文庫\n　　　1990（平成2）年1月1日発行\n入力：だれか\n校正：ほかの人\n"
LEGEND = """-------------------------------------------------------
【テキスト中に現れる記号について】

《》：ルビ
（例）花《はな》

｜：ルビの付く文字列の始まりを特定する記号
（例）五｜人組《にんぐみ》
-------------------------------------------------------
"""
HEADER = """The Project Gutenberg EBook of Something, by Somebody

This eBook is for the use of anyone anywhere at no cost.

*** START OF THIS PROJECT GUTENBERG EBOOK SOMETHING ***

Produced by Volunteers, and
the Online Team

"""
FOOTER = """*** END OF THIS PROJECT GUTENBERG EBOOK SOMETHING ***

***** This file should be named 1.txt *****
Most people start at our Web site.
"""


def clean(text: str, options: CleaningOptions = REMOVING) -> str:
    return applied(text, edits_of(text, options))


def decoded(path: Path) -> str:
    data = path.read_bytes()
    name = encoding.detect(data)
    assert name is not None
    return normalise_newlines(encoding.decode(data, name)[0])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("花《はな》が咲《さ》く［＃「咲く」に傍点］。", "花が咲く。"),
        ("五｜人組《にんぐみ》の話［＃改ページ］\n", "五人組の話\n"),
        ("※［＃「木＋眉」、第3水準1-85-86］と水《みず》", "と水"),
        ("僕は｜※［＃「鼬」の「由」に代えて「晏」、第3水準1-94-84］鼠《もぐらもち》だ", "僕は鼠だ"),
        ("名［＃「※［＃「木＋眉」、U+6963］」に傍点］前", "名前"),
        ("ＡＢＣ《エービーシー》を読む［＃地付き］", "ＡＢＣを読む"),
        ("［＃７字下げ］一［＃「一」は中見出し］", "一"),
    ],
)
def test_aozora_marks_go_and_the_words_stay(before: str, after: str) -> None:
    assert clean(before) == after


def test_legend_and_colophon_go_with_the_notes() -> None:
    text = "題\n作者\n\n" + LEGEND + "\n　花《はな》。\n\n\n" + COLOPHON
    assert clean(text).split() == ["題", "作者", "花。"]


def test_a_short_legend_line_is_known_too() -> None:
    short = LEGEND.replace("-------------------------------------------------------", "---------")
    assert clean("題\n\n" + short + "本文《ほんぶん》\n") == "題\n\n本文\n"


def test_a_poem_shorter_than_its_colophon_loses_only_the_colophon() -> None:
    assert clean("題\n一行の詩［＃改行］\n" + COLOPHON).strip() == "題\n一行の詩"


def test_guillemets_of_ordinary_prose_stay() -> None:
    text = "彼は《時の塔》と呼ばれる場所へ向かった。《第二の塔》もある。\n"
    assert not is_aozora(text)
    assert clean(text) == text


def test_a_quoted_source_line_early_in_a_long_text_is_no_colophon() -> None:
    text = "覚え書き［＃注］\n底本：見つからず\n" + "本文がつづく。\n" * 2000
    assert clean(text) == text.replace("［＃注］", "")


def test_gutenberg_header_credits_and_licence_go() -> None:
    assert clean(HEADER + "CHAPTER I\n\nIt was night.\n\n" + FOOTER).strip() == (
        "CHAPTER I\n\nIt was night."
    )


def test_a_poem_shorter_than_the_licence_is_kept() -> None:
    licence = FOOTER + "Licence line.\n" * 500
    assert clean(HEADER + "Two lines\nof verse\n" + licence).strip() == "Two lines\nof verse"


def test_a_text_that_only_speaks_of_project_gutenberg_is_left_alone() -> None:
    text = "I found the book at Project Gutenberg.\nIt was good.\n"
    assert clean(text) == text


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (CleaningOptions(aozora_ruby=False), "花《はな》だ"),
        (CleaningOptions(aozora_notes=False), "花［＃注］だ"),
        (NONE, "花《はな》［＃注］だ"),
    ],
)
def test_each_option_can_be_switched_off(options: CleaningOptions, kept: str) -> None:
    assert clean("花《はな》［＃注］だ", options) == kept


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends_become_line_feeds(ends: str) -> None:
    assert normalise_newlines("\ufeff" + ends.join("abc") + ends) == "a\nb\nc\n"


PIECES = st.lists(
    st.sampled_from(
        [HEADER, FOOTER, LEGEND, COLOPHON, "《", "》", "｜", "［＃", "］", "※", "花《はな》", "\n",
         "a", "漢字", "ひらがな", "------\n", "底本：", "End of Project Gutenberg's\n"]
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES.map("".join))
def test_what_is_kept_and_what_is_removed_make_up_the_text(text: str) -> None:
    spans = edits_of(text, REMOVING)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    gone = {index for span in spans for index in range(span.start, span.end)}
    assert len(gone) == sum(span.end - span.start for span in spans)
    assert applied(text, spans) == "".join(c for i, c in enumerate(text) if i not in gone)
    assert edits_of(text, NONE) == []


# Behind a letter, C1 controls are taken for misread text or not by the words around, which are cleaned.
PLAIN = st.text(
    st.characters(exclude_characters=[chr(code) for code in range(0x80, 0xA1)]), max_size=60
)
MESSY = st.lists(
    st.sampled_from(
        ["a", "é", "Ã©", "â€™", "縺ゅ＞", "縺ｮ", "\ufffd", "か\u3099", "ｶﾞ", "Ａ１", "\x00", "\u200b",
         "\u200d", "\x1b[31m", "\u00ad", "\x0c", "\r\n", "foo@example.jp", "03-1234-5678", "[mail]",
         "〒100-0001", "４１１１１１１１１１１１１１１１", "192.168.10.20", " ", "\n", "、",
         "\ud800", "𠮟", "ﬁ", "\u0301", "1", "-", "@"]
    ),
    max_size=14,
).map("".join) | PLAIN  # fmt: skip


@given(MESSY)
def test_edits_are_in_order_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    edits = edits_of(text, ALL)
    assert all(0 <= e.start < e.end <= len(text) for e in edits)
    assert all(a.end <= b.start for a, b in itertools.pairwise(edits))
    assert all(text[e.start : e.end] != e.text for e in edits)
    once = applied(text, edits)
    assert applied(once, edits_of(once, ALL)) == once


@given(MESSY)
def test_passes_that_take_out_invent_nothing(text: str) -> None:
    rest = iter(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))
    for mark in ("\x0b", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"):
        rest = iter("".join(rest).replace(mark, "\n"))
    kept = applied(text, edits_of(text, REMOVING))
    assert all(character in rest for character in kept)  # A subsequence: `in` goes on in `rest`.


EDITS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 5), st.sampled_from(["", "x", "yz"])), max_size=5
)


def made(places: list[tuple[int, int, str]], size: int) -> list[Edit]:
    return merged(Edit(a, min(size, a + n), "r", t) for a, n, t in places if a < size)


@given(EDITS, EDITS)
def test_two_passes_in_one_do_what_they_do_one_after_the_other(
    one: list[tuple[int, int, str]], two: list[tuple[int, int, str]]
) -> None:
    text = "abcdefghijklm"
    first = made(one, len(text))
    middle = applied(text, first)
    second = made(two, len(middle))
    both = composed(first, middle, second)
    assert applied(text, both) == applied(middle, second)
    assert all(a.end <= b.start for a, b in itertools.pairwise(both))


def test_what_the_reader_knows_is_taken_out_where_its_option_is_on() -> None:
    given_edits = [Edit(0, 5, "pdf_furniture"), Edit(8, 10, "html_boilerplate", "-")]
    text = "- 1 -abcDEF\x00"
    edits = edits_of(text, CleaningOptions(html_boilerplate=False), given_edits)
    assert edits == [Edit(0, 5, "pdf_furniture"), Edit(11, 12, "control_characters")]
    assert applied(text, edits_of(text, CleaningOptions(), given_edits)) == "abc-F"


def test_characters_are_counted_by_option_and_personal_data_by_kind_too() -> None:
    text = "花《はな》 a@example.com 03-1234-5678 か\u3099"
    counts = counted(edits_of(text, ALL.model_copy(update={"unicode": "nfc"})))
    assert counts == {
        "aozora_ruby": 4, "personal_mail": 13, "personal_phone": 12, "personal": 25, "unicode": 2,
    }  # fmt: skip


def test_a_control_character_in_the_middle_of_misread_text_hides_it_not() -> None:
    assert clean("Ã\x00© Â\x1b¡", CleaningOptions()) == "é ¡"


def test_marks_of_books_in_code_are_code() -> None:
    text = "x = '花《はな》'  # ［＃注］\n"
    assert edits_of(text, CleaningOptions(), kind="CODE") == []


def test_every_aozora_book_keeps_its_words(shared_data: Path) -> None:
    """What is taken out is ruby, marks, notes, one legend and one colophon: nothing in between."""
    books = sorted((shared_data / "ja-pretrain" / "aozora").glob("*.txt"))
    assert books
    strange: dict[str, list[str]] = {}
    for book in books[::2]:
        text = decoded(book)
        spans = edits_of(text, REMOVING)
        kept = applied(text, spans)
        assert "底本：" not in kept
        assert "テキスト中に現れる記号" not in kept
        assert "《" not in kept
        for span in spans:
            gone = text[span.start : span.end]
            if not _is_expected(span, gone, text):
                strange.setdefault(book.name, []).append(gone)
    assert strange == {}


def _is_expected(span: Edit, gone: str, text: str) -> bool:
    if span.end == len(text):
        return gone.lstrip("-\n").startswith("底本：")
    if "\n" in gone:
        return "記号について】" in gone or "［表記について］" in gone
    return gone == "｜" or gone[0] + gone[-1] in ("《》", "［］", "※］")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("pg-austen-pride-and-prejudice.txt", "PRIDE AND PREJUDICE", "uniting them."),
        ("pg-carroll-alice-0.txt", "ALICE’S ADVENTURES IN WONDERLAND", "THE END"),
        ("pg-carroll-alice-ascii.txt", "ALICE'S ADVENTURES IN WONDERLAND", "THE END"),
        ("pg-doyle-sherlock-holmes-latin1.txt", "THE ADVENTURES OF SHERLOCK HOLMES", "success."),
        ("pg-melville-moby-dick.txt", "MOBY DICK; OR THE WHALE", "another\norphan."),
        ("pg-shelley-frankenstein.txt", "Frankenstein,", "distance."),
    ],
)
def test_a_gutenberg_book_begins_and_ends_with_its_own_words(
    shared_data: Path, name: str, first: str, last: str
) -> None:
    text = decoded(shared_data / "en-pretrain" / name)
    spans = edits_of(text, REMOVING)
    kept = applied(text, spans).strip()
    assert kept.startswith(first)
    assert kept.endswith(last)
    assert len(spans) == 2
    assert kept in text


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "unit",
    ["Ã©", "Ã© ", "縺\ufffd", "あ縺", "a@", "a.a@a.", "1-", "+1 2", "0120-", "tel ", "1234 ", "1.", "abcd:",
     "か\u3099", "\u200d", "\x1b[0;", "《a", "｜", "［＃［", "底本：\n", "-----\n",
     "*** START OF THE PROJECT GUTENBERG ", "A, IL 1234", "(123) ", "〒123-456", "👨\u200d"],
)  # fmt: skip
def test_a_text_of_nothing_but_marks_takes_no_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert len(applied(text, edits_of(text, ALL))) <= 4 * len(text)
