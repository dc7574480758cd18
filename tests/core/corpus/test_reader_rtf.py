r"""RTF is read in every way that programs write Japanese in it: bytes in a font's code page, \u."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus.readers import registry, rtf
from core.corpus.readers.base import NotReadable
from tests.core.corpus import hostile
from tests.core.corpus.given import read_data

ZIP = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "zip" / "mixed-documents.zip"  # fmt: skip
FONTS = r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset128 MS Mincho{\*\falt \'82\'6c};}{\f2\fcharset204 Cyr;}}"


def hexed(text: str, encoding: str = "cp932") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


def half_hexed(text: str) -> str:
    """As some programs write it: only bytes beyond ASCII are escaped."""
    out = ""
    for byte in text.encode("cp932"):
        plain = chr(byte)
        out += f"\\'{byte:02x}" if byte > 0x7F else "\\" + plain if plain in "\\{}" else plain
    return out


def text_of(body: str, head: str = r"\ansi\ansicpg1252\deff0" + FONTS) -> str:
    (document,), _ = read_data(rtf.read, "{\\rtf1" + head + body + "}", "a.rtf")
    return document.text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"One\par Two\line Three\tab four", "One\nTwo\nThree\tfour\n"),
        ("split \r\nover lines", "split over lines\n"),
        (r"\{braces\} and \\ and \~x", "{braces} and \\ and \u00a0x\n"),
        (r"caf\'e9 {\b bold}{\i  italic}", "café bold italic\n"),
        (r"\f1 " + hexed("日本語"), "日本語\n"),
        (r"{\f1 " + hexed("表") + r"}\f0 \'e9", "表é\n"),
        (r"\f2 " + hexed("да", "cp1251"), "да\n"),
        (r"\f1 " + half_hexed("ソ表能ァ"), "ソ表能ァ\n"),
        (r"\uc1\u26085?\u26412?", "日本\n"),
        (r"\uc2\u26085\'93\'fa\u26412\'96\'7b x", "日本 x\n"),
        (r"{\uc0\u26085\u26412}\u-10179?\u-8704?", "日本\U0001f600\n"),
        (r"lone \u-10179? end", "lone \ufffd end\n"),
        (r"a{\*\unknown hidden}b{\pict 0102}c", "abc\n"),
        (r"a{\header head}b{\footer foot}c", "abc\n"),
        (r"a{\footnote {\super 1} note}b", "ab\n\n1 note\n"),
        (r"{\v hidden}seen{\deleted gone}{\v0 too}", "seentoo\n"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link\n"),
        (r"{\upr{plain}{\*\ud{\u26085?}}}", "日\n"),
        (r"a\cell b\cell\row c\cell d\cell\row", "a\tb\nc\td\n"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt box}}}", "box\n"),
        ("a\\bin5 {}\\\\}b", "ab\n"),
        (r"\ldblquote x\rdblquote\emdash", "“x”—\n"),
    ],
)
def test_a_body_is_read(body: str, text: str) -> None:
    assert text_of(body) == text


@pytest.mark.parametrize(
    "head",
    [
        r"\ansi\ansicpg932\deff0{\fonttbl{\f0\fcharset0 Times;}}\f0 ",
        r"\ansi\ansicpg932 ",
        r"\ansi\ansicpg1252\deff3{\fonttbl{\f3\fcharset128 Mincho;}}",
        r"\ansi\deff0{\fonttbl{\f0\fcharset0 A;}{\f5\fcharset0\cpg932 B;}}\f5 ",
    ],
)
def test_japanese_bytes_are_known_by_any_of_their_marks(head: str) -> None:
    assert text_of(hexed("吾輩は猫である。"), head) == "吾輩は猫である。\n"


def test_a_western_font_beside_a_japanese_default_keeps_its_accents() -> None:
    head = r"\ansi\ansicpg932\deff0{\fonttbl{\f0\fcharset128 Mincho;}{\f1\fcharset0 Arial;}}\f0 "
    assert text_of(hexed("日本") + r"\f1 caf\'e9 ", head) == "日本café\n"


def test_the_title_names_the_document() -> None:
    source = r"{\rtf1\ansi{\info{\title A title}{\author B}}text}"
    (document,), _ = read_data(rtf.read, source, "a.rtf")
    assert (document.title, document.text) == ("A title", "text\n")
    assert registry.format_of(Path("x.doc"), source.encode()).kind == "RTF"


def test_what_was_cut_off_is_told() -> None:
    (document,), file = read_data(rtf.read, r"{\rtf1 {\b some te", "a.rtf")
    assert document.text == "some te\n"
    assert file.warning is not None and "cut off" in file.warning.english()


@pytest.mark.parametrize(("data", "reason"), [(r"{\rtf1 }", "no text"), ("plain", "not an RTF")])
def test_what_cannot_be_read_says_why(data: str, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        read_data(rtf.read, data, "a.rtf")


@settings(max_examples=60, deadline=3000)
@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "\\", "\\'", "\\'8", "\\u", "\\u-1?", "\\uc", "\\uc9 ", "\\bin", "\\bin99", "\\f",
             "\\f1 ", "\\fonttbl", "\\fcharset128", "\\*", "a", " ", "\n", "\\footnote", "\\ud", "\\upr",
             "\\u55357?", "\\u999999999 ", "\\title", "\\v", "\\par", "\\ansicpg65001 ", "\\~"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_arrangement_is_read_or_refused(pieces: list[str]) -> None:
    hostile.attempt(rtf.read, ("{\\rtf1" + "".join(pieces)).encode(), "a.rtf")


@settings(max_examples=60, deadline=3000)
@given(st.binary(max_size=500))
def test_random_bytes_behind_the_beginning(noise: bytes) -> None:
    hostile.attempt(rtf.read, b"{\\rtf1 " + noise, "a.rtf")


@pytest.mark.parametrize(
    "piece", ["{", "}", "\\", "\\u-10179?", "\\'81", "{\\*\\x", "\\f1 a", "\\uc99 "]
)
def test_hostile_input_takes_time_that_grows_with_it(piece: str) -> None:
    begun = time.process_time()
    hostile.attempt(rtf.read, b"{\\rtf1 " + piece.encode() * (150_000 // len(piece)), "a.rtf", 9)
    assert time.process_time() - begun < 3


def test_a_document_that_word_made() -> None:
    if not ZIP.exists():
        pytest.skip("needs ../shared/data")
    data = zipfile.ZipFile(io.BytesIO(ZIP.read_bytes())).read("testRTF.rtf")
    (document,), _ = read_data(rtf.read, data, "a.rtf")
    assert document.text == "Test d’indexation Word\n"
    for cut in hostile.cuts(data):
        hostile.attempt(rtf.read, cut, "a.rtf")
