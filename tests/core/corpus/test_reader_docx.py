"""Word documents are read as their author last saw them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import bombs
from core.corpus.readers import docx, registry
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus import hostile
from tests.core.corpus.given import read_data

MESSY = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "docx"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="m" xmlns:v="v" xmlns:wps="s"'


def made(body: str, notes: str = "", title: str = "", before: str = "") -> bytes:
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<?xml version='1.0'?>{before}<w:document {SPACE}><w:body>{body}</w:body></w:document>",
    }
    if notes:
        files["word/footnotes.xml"] = f"<w:footnotes {SPACE}>{notes}</w:footnotes>"
    if title:
        files["docProps/core.xml"] = f'<c xmlns:dc="d"><dc:title>{title}</dc:title></c>'
    return hostile.zipped(files)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def text_of(body: str, **more: str) -> str:
    (document,), _ = read_data(docx.read, made(body, **more), "a.docx")
    return document.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph("一行") + paragraph("二行"), "一行\n二行\n"),
        (paragraph("a") + "<w:p/>" * 5 + paragraph("b"), "a\n\nb\n"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc\n"),
        (
            "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
            "a\n",
        ),
        (
            "<w:p><w:r><w:t>keep </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>",
            "keep new\n",
        ),
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
            "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>seen</w:t></w:r></w:p>",
            "seen\n",
        ),
        (
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>とう</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>京</w:t></w:r></w:p>",
            "東京\n",
        ),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r></w:p>", "3\n"),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", "link\n"),
        (
            f"<w:p><w:r><w:t>host</w:t><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{paragraph('box')}</w:txbxContent></wps:txbx></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{paragraph('box')}</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t> goes on</w:t></w:r></w:p>",
            "host goes on\nbox\n",
        ),
    ],
)
def test_a_body_is_read(body: str, text: str) -> None:
    assert text_of(body) == text


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_a_row_is_a_line_and_a_cell_of_many_paragraphs_keeps_them() -> None:
    plain = table([paragraph("a"), paragraph("b")], [paragraph("c"), "<w:p/>"])
    assert text_of(plain) == "a\tb\nc\n"
    page = table([paragraph("one") + paragraph("two"), paragraph("side")])
    assert text_of(page) == "one\ntwo\nside\n"
    assert text_of(table([table([paragraph("x"), paragraph("y")]), paragraph("z")])) == "x\ty\tz\n"


def test_notes_come_last() -> None:
    note = f"<w:footnote><w:p><w:r><w:footnoteRef/></w:r>{paragraph('')[5:-6]}</w:p>{paragraph('a note')}</w:footnote>"
    assert text_of(paragraph("text"), notes=note) == "text\n\na note\n"


def test_the_title_names_the_document() -> None:
    (document,), _ = read_data(docx.read, made(paragraph("x"), title="題　名"), "a.docx")
    assert document.title == "題 名"


def test_the_reader_is_found_by_content() -> None:
    data = made(paragraph("x"))
    assert registry.format_of(Path("x.bin"), data).kind == "DOCX"
    assert registry.format_of(Path("x.docx"), data).read is docx.read


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (hostile.zipped({"word/other.xml": "<a/>"}), "damaged"),
        (made("<w:p/>"), "no text"),
        (made(paragraph("&i;"), before=hostile.ENTITIES), "entities"),
        (made(paragraph("x"), before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "entities"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        read_data(docx.read, data, "a.docx")


def test_a_document_that_expands_to_gigabytes_is_refused_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    honest = hostile.zipped({"a": "", "word/document.xml": bytes(30 << 20)})
    for data in (honest, hostile.lying_zip("word/document.xml", 30 << 20)):
        with pytest.raises(NotReadable, match=r"bombs|damaged"):
            read_data(docx.read, data, "a.docx")


@pytest.mark.parametrize("tag", ["w:p", "w:tc", "w:tr", "w:footnote", "w:del"])
def test_parts_nested_without_end_take_time_that_grows_with_them(tag: str) -> None:
    nested = f"<{tag}>" * 100_000 + paragraph("x") + f"</{tag}>" * 100_000
    hostile.attempt(docx.read, made(nested), "a.docx", 5)


def test_damaged_xml_is_read_up_to_its_damage() -> None:
    data = hostile.zipped(
        {"a": "", "word/document.xml": f"<w:document {SPACE}>{paragraph('kept')}<w:p><w:r><w:t>and this</w:x>"}
    )  # fmt: skip
    (document,), file = read_data(docx.read, data, "a.docx")
    assert document.text == "kept\n"
    assert file.warning is not None and "damaged" in file.warning.english()


def test_cut_or_changed_anywhere_it_is_read_or_refused() -> None:
    for cut in hostile.cuts(made(paragraph("text") * 50)):
        hostile.attempt(docx.read, cut, "a.docx")


@settings(max_examples=60, deadline=3000)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_bytes_changed_anywhere_never_crash(place: int, noise: bytes) -> None:
    data = bytearray(made(paragraph("text") * 5, notes=paragraph("n"), title="t"))
    place %= len(data)
    data[place : place + len(noise)] = noise
    hostile.attempt(docx.read, bytes(data), "a.docx")


@settings(max_examples=60, deadline=3000)
@given(st.binary(max_size=500))
def test_random_bytes_behind_the_beginning_of_a_zip(noise: bytes) -> None:
    hostile.attempt(docx.read, b"PK\x03\x04" + noise, "a.docx")


def messy(name: str) -> Document:
    path = MESSY / name
    if not path.exists():
        pytest.skip("needs ../shared/data")
    (document,) = docx.read(InputFile(path))
    return document


def test_documents_that_others_made() -> None:
    assert messy("ja-furigana.docx").text == "東京\n"
    mixed = messy("mixed-languages.docx").text
    assert mixed.count("Here is a text box") == 1
    assert "Row 1 Col 1\tRow 1 Col 2\tRow 1 Col 3\nRow 2 Col 1" in mixed
    assert "ゾルゲと尾崎、淡々と最期" in mixed
    assert mixed.endswith("\n\nThis is a footnote.\n")
    assert "∀" in messy("node-word-extractor-bad-xml.docx").text
    assert messy("cjk-fonts.docx").text.startswith("rFonts (Run Fonts)\n")
    assert "AutoGen: Enabling Next-Gen" in messy("markitdown-test.docx").text
    with pytest.raises(NotReadable, match="damaged"):
        messy("truncated.docx")


def test_the_table_of_contents_is_not_read_twice() -> None:
    gallery = "<w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    contents = f"<w:sdt>{gallery}<w:sdtContent>{paragraph('Chapter 9')}</w:sdtContent></w:sdt>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('kept')}</w:sdtContent></w:sdt>"
    assert text_of(contents + control + paragraph("end")) == "kept\nend\n"


def test_a_formula_keeps_its_sense() -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    fraction = f"<w:f><w:num>{run('a+b')}</w:num><w:den>{run('c')}</w:den></w:f>"
    power = f"<w:sSup><w:e>{run('x')}</w:e><w:sup>{run('2')}</w:sup></w:sSup>"
    assert text_of(f"<w:p>{fraction}{power}</w:p>") == "(a+b)/(c)x^2\n"


@pytest.mark.parametrize(("code", "text"), [("1F600", "😀a\n"), ("D800", "a\n"), ("zz", "a\n")])
def test_emoji_that_word_writes_as_symbols_are_read(code: str, text: str) -> None:
    choice = f"<mc:AlternateContent><mc:Choice><w:symEx w:char='{code}'/></mc:Choice><mc:Fallback><w:t>?</w:t></mc:Fallback></mc:AlternateContent>"
    assert text_of(f"<w:p><w:r>{choice}</w:r><w:r><w:t>a</w:t></w:r></w:p>") == text


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    first = f"<w:p>{mark}<w:r><w:t>one </w:t></w:r></w:p>"
    gone = f"<w:p>{mark}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    assert (
        text_of(paragraph("a") + first + gone + paragraph("line") + first) == "a\none line\none\n"
    )
