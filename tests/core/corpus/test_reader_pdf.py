"""The text layer of PDF files becomes one text; what the paper added to it is marked."""

from __future__ import annotations

import textwrap
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import bombs
from core.corpus.readers import pdf, pdf_furniture
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus.given import kept, read_data
from tests.core.corpus.pdf_made import SIDE, Text
from tests.core.corpus.pdf_made import pdf as made

MESSY = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "pdf"
LEFT, LINE = 72, 14
JAPANESE = [
    "　吾輩は猫である。名前はまだ無い。どこで生れたか",
    "頓と見当がつかぬ。何でも薄暗いじめじめした所でニ",
    "ャーニャー泣いていた事だけは記憶している。吾輩は",
    "ここで始めて人間というものを見た。",
]


def read(data: bytes) -> tuple[str, Document, InputFile]:
    """(text after its edits, the document, the file)"""
    (document,), file = read_data(pdf.read, data, "a.pdf")
    return kept(document.text, document.edits), document, file


def lines(texts: list[str], x: float = LEFT, y: float = 760, size: float = 10) -> list[Text]:
    return [Text(x, y - LINE * number, text, size) for number, text in enumerate(texts)]


def test_lines_of_a_japanese_paragraph_are_one() -> None:
    text, document, _ = read(made([lines([*JAPANESE, *JAPANESE])]))
    assert text == "".join(JAPANESE) + "\n" + "".join(JAPANESE) + "\n"
    assert document.text == "\n".join([*JAPANESE, *JAPANESE]) + "\n", "seen as they stand"


def test_lines_of_an_english_paragraph_are_one() -> None:
    text, _, _ = read(made([lines(["mmmm mmmmm mmmmm"] * 5 + ["end."], size=12)]))
    assert text == " ".join(["mmmm mmmmm mmmmm"] * 5 + ["end."]) + "\n"


def test_ragged_lines_of_a_narrow_column_are_one_paragraph() -> None:
    words = "Either the well was very deep, or she fell very slowly, for she had plenty of time as she went down to look about her and to wonder what was going to happen next to her, down there in the dark below the garden, where nobody else had ever been before this day."
    text, _, _ = read(made([lines(textwrap.wrap(words, 34))]))
    assert text == words + "\n"


def test_short_lines_of_a_list_stay_apart() -> None:
    words = ["against", "bear", "account", "accused", "because", "become", "comines", "company"]
    assert read(made([lines(words)]))[0] == "\n".join(words) + "\n"


def test_verse_keeps_its_lines() -> None:
    verse = ["雨ニモマケズ", "風ニモマケズ", "雪ニモ夏ノ暑サニモマケヌ", "丈夫ナカラダヲモチ", "慾ハナク", "決シテ瞋ラズ", "イツモシヅカニワラッテヰル"]  # fmt: skip
    text, document, _ = read(made([lines(verse)]))
    assert text == document.text == "\n".join(verse) + "\n"


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("mmmmm mmmmm intro-", "duce mmmm mmmmm mm", "mmmmm mmmmm introduce mmmm mmmmm mm"),
        ("mmmmm mmmmm self-", "evident mm mmmm mm", "mmmmm mmmmm self-evident mm mmmm mm"),
        ("mmmmm m previously-", "seen mmmm mmmmm mm", "mmmmm m previously-seen mmmm mmmmm mm"),
    ],
)
def test_divided_words_are_joined_and_compounds_keep_their_hyphen(
    left: str, right: str, joined: str
) -> None:
    text, _, _ = read(made([lines([left, right])]))
    assert text == joined + "\n"


def test_a_hyphen_that_the_text_itself_has_elsewhere_stays() -> None:
    text, _, _ = read(
        made([lines(["a drag-drop mm mmmm", "mmmmm mm mmm drag-", "drop mm mmmmm mmmm"])])
    )
    assert "mmm drag-drop mm" in text


def heads(number: int, pages: int = 6) -> list[Text]:
    return [
        Text(LEFT, SIDE - 40, f"Chapter {number // 3 + 1}"),
        Text(200, SIDE - 40, "A Book of Days"),
        Text(290, 30, f"- {number + 7} -"),
    ]


def test_page_numbers_and_running_heads_are_marked() -> None:
    pages = [[*heads(number), *lines([f"Page text {chr(97 + number)}."])] for number in range(6)]
    text, document, _ = read(made(pages))
    assert text.split() == " ".join(f"Page text {chr(97 + number)}." for number in range(6)).split()
    assert "A Book of Days" in document.text
    assert "- 12 -" in document.text
    assert {edit.reason for edit in document.edits} == {"pdf_furniture"}


def test_a_paragraph_goes_on_over_the_page_with_its_number_left_out() -> None:
    pages = [
        [*lines([*JAPANESE, *JAPANESE[:2]]), Text(290, 30, "1")],
        [*lines([*JAPANESE[2:], *JAPANESE]), Text(290, 30, "2")],
    ]
    text, _, _ = read(made(pages))
    assert text.count("".join(JAPANESE)) == 3


def test_numbers_that_are_text_stay() -> None:
    values = {"a": "42", "b": "17", "c": "99", "d": "3"}
    pages = [[Text(LEFT, 700, key), Text(LEFT, 60, value)] for key, value in values.items()]
    assert read(made(pages))[0].split() == ["a", "42", "b", "17", "c", "99", "d", "3"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("- 12 -", 12), ("（3）", None), ("xiv", 14), ("IV", 4), ("３", 3), ("a", None), ("12.5", None)],
)  # fmt: skip
def test_a_page_number_is_one_that_stands_alone(text: str, number: int | None) -> None:
    assert pdf_furniture.number_of(text) == number


def test_two_columns_drawn_row_by_row_are_read_column_by_column() -> None:
    left = [f"left column number {number} mm" for number in range(12)]
    right = [f"right column number {number} m" for number in range(12)]
    page = [Text(200, 800, "One title over both of the columns", 14)]
    for number in range(12):
        y = 760 - LINE * number
        page += [Text(60, y, left[number]), Text(320, y, right[number])]
    text, _, _ = read(made([page]))
    words = text.replace("\n", " ")
    places = [words.index(part) for part in ["One title", *left, *right]]
    assert places == sorted(places)


def test_a_table_is_read_row_by_row() -> None:
    page = [
        Text(60 + 150 * column, 760 - LINE * row, f"cell {row}{column}")
        for row in range(8)
        for column in range(3)
    ]
    text, _, _ = read(made([page]))
    assert text.split("\n")[2] == "cell 20\tcell 21\tcell 22"


def test_vertical_writing_is_read_from_the_right() -> None:
    verse = ["いろはにほへと", "ちりぬるを", "わかよたれそ", "つねならむ"]
    upper = [Text(500 - 20 * number, 780, text, 12, True) for number, text in enumerate(verse)]
    lower = [Text(500 - 20 * number, 380, text, 12, True) for number, text in enumerate(verse)]
    text, _, _ = read(made([[*reversed(lower), *upper, Text(290, 30, "5")], [Text(290, 30, "6")]]))
    assert text == "\n".join([*verse, *verse]) + "\n"


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_turned_pages_read_the_same(rotate: int) -> None:
    straight = read(made([lines(JAPANESE)]))[0]
    assert read(made([lines(JAPANESE)], rotate=rotate))[0] == straight


def test_the_title_of_the_metadata_names_the_document() -> None:
    page = [lines(["Text"])]
    assert read(made(page, "吾輩は猫である"))[1].title == "吾輩は猫である"
    for poor in ("", "Untitled", "(anonymous)", "Microsoft Word - a.doc", "report.docx", "12-3"):
        assert read(made(page, poor))[1].title == "a.pdf"


def test_pages_without_text_are_counted() -> None:
    picture = "0 0 100 100 re f"
    _, _, file = read(made([lines(["Text"]), picture, picture, ""]))
    assert file.warning is not None
    assert file.warning.english() == "pages that are pictures without text: 2 of 4"
    with pytest.raises(NotReadable, match="OCR"):
        read(made([picture, picture]))
    with pytest.raises(NotReadable, match="no text"):
        read(made(["", ""]))


def test_a_damaged_page_is_told_and_the_others_read() -> None:
    text, _, file = read(made([lines(["One"]), lines(["Two"]), lines(["Three"])], broken=1))
    assert text.split() == ["One", "Three"]
    assert file.warning is not None and "damaged pages: 1 of 3" in file.warning.english()


def test_a_file_that_had_to_be_repaired_is_told() -> None:
    data = made([lines(["Text that is there"])])
    text, _, file = read(data.replace(b"startxref\n", b"startxref\n9"))
    assert text == "Text that is there\n"
    assert file.warning is not None and "repaired" in file.warning.english()
    assert read(data)[2].warning is None
    assert read(b"junk before it\n" + data)[0] == text


# ---- what others made --------------------------------------------------------------------------


def messy(name: str) -> tuple[str, Document, InputFile]:
    path = MESSY / name
    if not path.exists():
        pytest.skip("needs ../shared/data")
    file = InputFile(path)
    (document,) = pdf.read(file)
    return kept(document.text, document.edits), document, file


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken-187-bytes.pdf", "damaged"),
        ("encrypted-aes-256.pdf", "password"),
        ("scanned-no-text-layer.pdf", "OCR"),
        ("truncated-at-60-percent.pdf", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        messy(name)


def test_a_paper_in_two_columns_reads_as_its_authors_wrote_it() -> None:
    text, document, file = messy("en-winogender-two-columns.pdf")
    assert file.warning is None
    sentences = [
        "We present an empirical study of gender bias in coreference resolution systems. We first introduce a novel, Winograd schema-style set of minimal pair sentences",
        "to solve this riddle1 is taken as evidence of underlying implicit gender bias (Wapman and Belle, 2014): many first-time listeners have difficulty assigning both the role",
        "one of two previously-mentioned entities in a sentence designed to be easy for humans",
        "from the Winograd Schema Challenge (Levesque et al., 2011)6, though this additional validation step turned out to be unnecessary.7",
        "male vs 29% female and 1% neutral; for STAT, 71% male vs 63% female and 50% neutral;",
    ]
    places = [text.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert "in-\ntroduce" in document.text


def test_a_manual_in_japanese_loses_its_page_numbers_and_keeps_its_code() -> None:
    text, document, _ = messy("ja-jsclasses-manual.pdf")
    assert document.title == "pLaTeX2ε新ドキュメントクラス"
    assert (
        "新しい pLATEX カーネルと衝突しないように，日付が古い場合だけパッチをあてる場合があります。"
        in text
    )
    assert "5 \\expandafter\\endinput\n6 \\fi\n7 %%" in text
    lone = [line for line in text.split("\n") if line.isdigit()]
    assert len(lone) < 5 < len([line for line in document.text.split("\n") if line.isdigit()])


def test_a_vertical_poem_in_two_tiers_is_in_order() -> None:
    text, _, _ = messy("ja-vertical-poem-jo.pdf")
    verses = ["序", "わたくしといふ現象は", "假定された有機交流電燈の", "ひとつの青い照明です", "みんなのおのおののなかのすべてですから）", "けれどもこれら新世代沖積世の", "第四次延長のなかで主張されます", "大正十三年一月廿日"]  # fmt: skip
    places = [text.index(verse) for verse in verses]
    assert places == sorted(places)
    assert "現象は\n假定された有機交流電燈の\nひとつの" in text


def test_fonts_that_are_not_in_the_file_are_read() -> None:
    for name in ("ja-not-embedded-euc-jp.pdf", "ja-not-embedded-shift-jis.pdf"):
        assert messy(name)[0] == "あいうえお\n"


def test_a_corrupted_file_is_read() -> None:
    assert "Explicit is better than implicit." in messy("corrupted-zen-of-python.pdf")[0]


# ---- hostile -----------------------------------------------------------------------------------


def attempt(data: bytes) -> None:
    begun = time.monotonic()
    try:
        document, _ = read(data)[1:]
        place = 0
        for edit in document.edits:
            assert place <= edit.start <= edit.end <= len(document.text)
            place = edit.end
    except NotReadable:
        pass
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "text", ["a" * 200, "-" * 200, "a-" * 100, ". " * 100, "9" * 200, "日" * 100]
)
def test_a_page_of_far_too_much_text_takes_time_that_grows_with_it(text: str) -> None:
    page = [Text(10 + number % 7, 800 - number % 750, text, 3) for number in range(500)]
    begun = time.process_time()
    assert read(made([page]))[1].text
    assert time.process_time() - begun < 4


def test_cut_anywhere_it_is_read_or_refused() -> None:
    data = made([[*heads(number), *lines(JAPANESE)] for number in range(3)])
    for tenth in range(1, 10):
        attempt(data[: len(data) * tenth // 10])


@settings(max_examples=60, deadline=3000)
@given(st.binary(max_size=600))
def test_random_bytes_behind_the_beginning_of_a_pdf(noise: bytes) -> None:
    attempt(b"%PDF-1.7\n" + noise)


@settings(max_examples=60, deadline=3000)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_bytes_changed_anywhere_never_crash(place: int, noise: bytes) -> None:
    data = bytearray(made([lines(["Some text here"]), lines(JAPANESE)]))
    place %= len(data)
    data[place : place + len(noise)] = noise
    attempt(bytes(data))


@pytest.mark.parametrize("passes", [1, 2])
def test_a_stream_that_expands_without_end_is_refused_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, passes: int
) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    packed = bytes(40 << 20)
    for _ in range(passes):
        packed = zlib.compress(packed, 9)
    filters = b"/FlateDecode " * passes
    stream = b"<< /Filter [%b] /Length %d >>\nstream\n%b" % (filters, len(packed), packed)
    with pytest.raises(NotReadable, match="bombs"):
        read(made([lines(["Text"])]).replace(b"<< /Length", stream + b"<< /Length", 1))
