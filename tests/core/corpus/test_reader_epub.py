"""Books are read chapter by chapter, in their reading order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import bombs
from core.corpus.readers import epub, registry
from core.corpus.readers.base import Document, InputFile, NotReadable
from tests.core.corpus import hostile
from tests.core.corpus.given import read_data

MESSY = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "epub"
CONTAINER = '<container><rootfiles><rootfile full-path="OPS/package.opf"/></rootfiles></container>'


def page(text: str) -> str:
    return (
        f"<?xml version='1.0'?><html><head><title>t</title></head><body><p>{text}</p></body></html>"
    )


def package(manifest: str, spine: str, more: str = "") -> str:
    return f'<package xmlns:dc="d"><metadata><dc:title>本の題</dc:title><dc:title>other</dc:title></metadata><manifest>{manifest}</manifest><spine>{spine}</spine>{more}</package>'


def item(identity: str, href: str, more: str = "") -> str:
    return f'<item id="{identity}" href="{href}" media-type="application/xhtml+xml" {more}/>'


def made(chapters: dict[str, str | bytes], opf: str | None = None, **files: str) -> bytes:
    manifest = "".join(item(name, name.replace(" ", "%20")) for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    inside: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/package.opf": package(manifest, spine) if opf is None else opf,
        **files,
    }
    return hostile.zipped({**inside, **{f"OPS/{name}": text for name, text in chapters.items()}})


def read(data: bytes) -> tuple[Document, InputFile]:
    (document,), file = read_data(epub.read, data, "a.epub")
    return document, file


def test_chapters_come_in_the_order_of_the_book() -> None:
    document, file = read(made({"b.xhtml": page("first"), "a.xhtml": page("second")}))
    assert document.text == "first\n\nsecond\n"
    assert document.title == "本の題"
    assert file.warning is None


@pytest.mark.parametrize(
    "opf",
    [
        package(item("a", "a.xhtml") + item("n", "nav.xhtml", 'properties="nav"'), '<itemref idref="n"/><itemref idref="a"/>'),
        package(item("a", "a.xhtml") + item("n", "nav.xhtml"), '<itemref idref="n"/><itemref idref="a"/>', '<guide><reference type="toc" href="nav.xhtml#x"/></guide>'),
        package(item("a", "a.xhtml"), '<itemref idref="a"/>' * 3),
        package(item("a", "../OPS/a.xhtml#part"), '<itemref idref="a"/><itemref idref="missing"/>'),
        package(item("a", "A.XHTML"), '<itemref idref="a"/>'),
    ],
)  # fmt: skip
def test_only_the_text_is_read_and_once(opf: str) -> None:
    data = made({"a.xhtml": page("text"), "nav.xhtml": page("contents")}, opf)
    assert read(data)[0].text == "text\n"


@pytest.mark.parametrize(
    ("chapter", "text"),
    [
        (page("日本語").encode("utf-8-sig"), "日本語\n"),
        (page("日本語").encode("utf-16"), "日本語\n"),
        (page("日本語").replace("'1.0'", "'1.0' encoding='Shift_JIS'").encode("cp932"), "日本語\n"),
        (page("日本語").replace("'1.0'", "'1.0' encoding='Shift_JIS'").encode(), "日本語\n"),
        (page("<ruby>漢<rt>かん</rt></ruby>字&amp;&#x9580;"), "漢字&門\n"),
    ],
)
def test_a_chapter_is_read_in_its_encoding(chapter: str | bytes, text: str) -> None:
    assert read(made({"a.xhtml": chapter}))[0].text == text


def test_names_in_japanese_and_with_spaces_are_found() -> None:
    assert read(made({"第 一 章.xhtml": page("text")}))[0].text == "text\n"


def test_a_book_without_its_list_is_read_by_the_names_of_its_pages() -> None:
    data = hostile.zipped(
        {"mimetype": "application/epub+zip", "b.html": page("b"), "a.html": page("a")}
    )
    assert read(data)[0].text == "a\n\nb\n"
    assert read(made({"a.xhtml": page("text")}, "<package><broken"))[0].text == "text\n"


def test_missing_chapters_are_told() -> None:
    manifest = item("a", "a.xhtml") + item("b", "b.xhtml")
    opf = package(manifest, '<itemref idref="a"/><itemref idref="b"/>')
    document, file = read(made({"a.xhtml": page("text")}, opf))
    assert document.text == "text\n"
    assert file.warning is not None and file.warning.english().endswith("missing: 1 of 2")


def encryption(algorithm: str) -> str:
    return f'<encryption><EncryptedData><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></encryption>'


def test_copy_protection_is_told_from_hidden_fonts() -> None:
    chapters: dict[str, str | bytes] = {"a.xhtml": page("text")}
    fonts = {"META-INF/encryption.xml": encryption("http://www.idpf.org/2008/embedding")}
    assert read(made(chapters, **fonts))[0].text == "text\n"
    locked = {"META-INF/encryption.xml": encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    with pytest.raises(NotReadable, match="DRM"):
        read(made(chapters, **locked))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "damaged"),
        (made({"a.xhtml": page("")}), "no text"),
        (hostile.zipped({"mimetype": "application/epub+zip"}), "damaged"),
        (made({"a.xhtml": page("x")}, CONTAINER=""), None),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str | None) -> None:
    if reason is None:
        assert read(data)
        return
    with pytest.raises(NotReadable, match=reason):
        read(data)


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    with pytest.raises(NotReadable, match=r"damaged|bombs"):
        read(made({"a.xhtml": b"<p>" + b" " * (30 << 20)}))
    many = {f"{number}.xhtml": b"<p>x" + b" " * (900 << 10) for number in range(40)}
    with pytest.raises(NotReadable, match="bombs"):
        read(made({**many}))
    with pytest.raises(NotReadable, match=r"entities|damaged"):
        read(made({}, f"{hostile.ENTITIES}<package>&i;</package>"))


def test_cut_anywhere_it_is_read_or_refused() -> None:
    for cut in hostile.cuts(made({"a.xhtml": page("text" * 50)})):
        hostile.attempt(epub.read, cut, "a.epub")


@settings(max_examples=60, deadline=3000)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=6))
def test_bytes_changed_anywhere_never_crash(place: int, noise: bytes) -> None:
    data = bytearray(made({"a.xhtml": page("text")}))
    place %= len(data)
    data[place : place + len(noise)] = noise
    hostile.attempt(epub.read, bytes(data), "a.epub")


def messy(name: str) -> Document:
    path = MESSY / name
    if not path.exists():
        pytest.skip("needs ../shared/data")
    file = InputFile(path)
    assert registry.format_of(path, file.head).read is epub.read
    (document,) = epub.read(file)
    return document


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("epub-check-001.epub", "epub sample 000\n\nfoo bar\n\n1. main\n\nhello, world.\n"),
        ("epub-check-013.epub", "epub sample 000\n\n1. main\n\nhello, world.\n"),
        ("epub-check-022.epub", "epub sample 000\n\n1. main\n\nhello, world.\n"),
    ],
)
def test_invalid_books_are_read(name: str, text: str) -> None:
    assert messy(name).text == text


def test_books_that_others_made() -> None:
    guide = messy("debmake-doc-ja.epub")
    assert guide.title == "Debian メンテナー用ガイド"
    assert len(guide.text) > 250_000
    assert "Table of Contents" not in guide.text[:3000]
    assert messy("markitdown-test.epub").text.startswith(
        "Chapter 1: Test Content\n\nThis is a test"
    )
    assert messy("tika-test.epub").text.startswith("Chapter 1\n\nThis is the text for chapter One")


@pytest.mark.parametrize(
    "sign",
    [
        '<a epub:type="noteref" href="#n">1</a>',
        '<sup><a role="doc-noteref" href="#n">1</a></sup>',
        '<sup class="reference"><a href="#n">[1]</a></sup>',
    ],
)
def test_signs_of_notes_are_no_part_of_the_sentence(sign: str) -> None:
    document, _ = read(made({"a.xhtml": page(f"before{sign} after <a href='x'>link</a>.")}))
    assert document.text == "before after link.\n"


def test_a_sign_of_a_note_that_is_left_open_hides_only_its_block() -> None:
    document, _ = read(made({"a.xhtml": page("before<a role='doc-noteref'>1</p><p>after")}))
    assert document.text == "before\n\nafter\n"
