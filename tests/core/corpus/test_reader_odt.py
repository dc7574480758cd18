"""OpenDocument texts are read as their author last saw them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import bombs
from core.corpus.readers import odt, registry
from core.corpus.readers.base import NotReadable
from tests.core.corpus import hostile
from tests.core.corpus.given import read_data

ZIP = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "zip" / "mixed-documents.zip"  # fmt: skip
SPACE = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d"'


def made(body: str, before: str = "", **files: str) -> bytes:
    content = f"<?xml version='1.0'?>{before}<office:document-content {SPACE}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return hostile.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **files}
    )


def paragraph(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def text_of(body: str) -> str:
    (document,), _ = read_data(odt.read, made(body), "a.odt")
    return document.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:h>題</text:h>" + paragraph("本文"), "題\n本文\n"),
        (paragraph("a<text:span>b</text:span><text:s text:c='3'/>c<text:tab/>d<text:line-break/>e"), "ab   c\td\ne\n"),
        (paragraph("a<text:s text:c='999999999'/>b<text:s text:c='x'/>c"), "a b c\n"),
        (paragraph("one\n   two"), "one two\n"),
        (f"<text:tracked-changes>{paragraph('gone')}</text:tracked-changes>" + paragraph("kept"), "kept\n"),
        (paragraph("<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text></text:ruby>字"), "漢字\n"),
        (paragraph(f"a<text:note><text:note-citation>1</text:note-citation><text:note-body>{paragraph('note')}</text:note-body></text:note>b"), "ab\n\nnote\n"),
        (paragraph(f"a<office:annotation>{paragraph('remark')}</office:annotation>b"), "ab\n"),
        (paragraph(f"host<draw:text-box>{paragraph('box')}</draw:text-box> on"), "host on\nbox\n"),
        (f"<table:table><table:table-row><table:table-cell table:number-columns-repeated='999999'>{paragraph('a')}</table:table-cell><table:table-cell>{paragraph('b')}</table:table-cell></table:table-row></table:table>", "a\tb\n"),
    ],
)  # fmt: skip
def test_a_body_is_read(body: str, text: str) -> None:
    assert text_of(body) == text


def test_the_reader_is_found_by_content_and_the_title_by_its_metadata() -> None:
    data = made(paragraph("x"), **{"meta.xml": '<m xmlns:dc="c"><dc:title>題</dc:title></m>'})
    assert registry.format_of(Path("x"), data).kind == "ODT"
    assert read_data(odt.read, data, "a.odt")[0][0].title == "題"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "damaged"),
        (made(""), "no text"),
        (made(paragraph("&i;"), before=hostile.ENTITIES), "entities"),
        (made("x", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "password"),
        (hostile.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        read_data(odt.read, data, "a.odt")


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    with pytest.raises(NotReadable, match="bombs"):
        read_data(odt.read, hostile.zipped({"a": "", "content.xml": bytes(30 << 20)}), "a.odt")


def test_cut_anywhere_it_is_read_or_refused() -> None:
    for cut in hostile.cuts(made(paragraph("text") * 50)):
        hostile.attempt(odt.read, cut, "a.odt")


@settings(max_examples=60, deadline=3000)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_bytes_changed_anywhere_never_crash(place: int, noise: bytes) -> None:
    data = bytearray(made(paragraph("text") * 5))
    place %= len(data)
    data[place : place + len(noise)] = noise
    hostile.attempt(odt.read, bytes(data), "a.odt")


def test_a_document_that_another_program_made() -> None:
    if not ZIP.exists():
        pytest.skip("needs ../shared/data")
    data = zipfile.ZipFile(io.BytesIO(ZIP.read_bytes())).read("testOpenOffice2.odt")
    (document,), _ = read_data(odt.read, data, "a.odt")
    assert document.text.startswith("This is a sample Open Office document, written in NeoOffice")


def test_the_table_of_contents_is_not_read_twice() -> None:
    contents = f"<text:table-of-content><text:index-body>{paragraph('Chapter 9')}</text:index-body></text:table-of-content>"
    assert text_of(contents + paragraph("end")) == "end\n"
