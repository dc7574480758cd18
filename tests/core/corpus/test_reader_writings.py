"""Notebooks, subtitles, source code and XML become documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.readers import code, notebook, subtitles, xml_text
from core.corpus.readers.base import NotReadable
from tests.core.corpus.given import Read, read_data

PROSE = "Once upon a time there was a village school, and everybody in it learned to read. " * 4


def text_of(read: Read, data: bytes | str, name: str) -> str:
    (document,), _ = read_data(read, data, name)
    return document.text


def refusal(read: Read, data: bytes | str, name: str) -> str:
    with pytest.raises(NotReadable) as refused:
        read_data(read, data, name)
    return refused.value.sentence.english()


# ---- notebooks -----------------------------------------------------------------------------------


def cell(kind: str, source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


def test_a_notebook_gives_prose_and_code_without_what_was_printed() -> None:
    outputs = [{"output_type": "stream", "text": ["printed"]}]
    cells = [
        cell("markdown", ["# Title of it\n", "words"]), cell("code", "x = 1", outputs=outputs),
        cell("code", []), cell("raw", "as it is"), cell("widget", "not this"), 3,
    ]  # fmt: skip
    data = json.dumps({"cells": cells, "nbformat": 4})
    assert notebook.looks(data.encode())
    (document,), _ = read_data(notebook.read, data, "a.ipynb")
    assert document.text == "# Title of it\nwords\n\nx = 1\n\nas it is\n"
    assert document.title == "Title of it"


def test_a_notebook_of_the_third_format_is_read() -> None:
    sheet = {"cells": [{"cell_type": "code", "input": ["a\n", "b"]}, cell("heading", "H")]}
    assert text_of(notebook.read, json.dumps({"worksheets": [sheet]}), "a.ipynb") == "a\nb\n\nH\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("{", "the notebook is broken: it is no JSON"),
        ("[" * 100_000, "the notebook is broken: it is no JSON"),
        ("{}", "no text in the notebook"), ('{"cells": 3}', "no text in the notebook"),
        ('{"cells": [{"cell_type": ["x"]}]}', "no text in the notebook"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(data: str, why: str) -> None:
    assert refusal(notebook.read, data, "a.ipynb") == why


# ---- subtitles -----------------------------------------------------------------------------------

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>In a small village,</i>

2
00:00:02,500 --> 00:00:04,000
there was a school
for everybody.

3
00:00:05,000 --> 00:00:06,000 X1:1 Y1:2
- Good morning.
- Good {\\an8}morning!

4
00:00:07,000 --> 00:00:08,000
1603
"""
VTT = """WEBVTT - a title
Kind: captions

NOTE
not said
at all

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.000 align:start
<v Hana>おはよう、<ruby>先生<rt>せんせい</rt></ruby>

00:02.000 --> 00:03.000
今日は&amp;明日

NOTE a comment

00:03.000 --> 00:04.000
雨です
"""


def test_subrip_gives_sentences_without_numbers_times_and_tags() -> None:
    assert subtitles.looks(SRT.encode())
    assert text_of(subtitles.read, SRT, "a.srt") == (
        "In a small village, there was a school for everybody.\n- Good morning.\n- Good morning!\n"
        "1603\n"
    )
    assert text_of(subtitles.read, SRT.replace("\n", "\r\n").encode("utf-16"), "a.srt") == (
        text_of(subtitles.read, SRT, "a.srt")
    )


def test_webvtt_gives_what_is_said_without_notes_styles_and_readings() -> None:
    assert subtitles.looks(VTT.encode())
    assert text_of(subtitles.read, VTT, "a.vtt") == "おはよう、先生\n今日は&明日\n雨です\n"


def test_lines_that_roll_up_are_said_once() -> None:
    data = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nso<00:00.500><c> this</c><01:00.900><c> is</c>\n\n"
        "00:02.000 --> 00:02.010\nso this is\n \n\n"
        "00:02.010 --> 00:04.000\nso this is\nhow<00:03.000><c> it</c>\n"
    )
    assert text_of(subtitles.read, data, "a.vtt") == "so this is\nhow it\n".replace("is\nh", "is h")


def test_a_repeated_cry_stays() -> None:
    data = "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\nNo!\n\n" for i in range(1, 4))
    assert text_of(subtitles.read, data, "a.srt") == "No!\nNo!\nNo!\n"


@given(st.lists(st.sampled_from(
    ["1", "", "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000", "WEBVTT", "NOTE", "words",
     "<b>", "漢字", "-", "<rt>", "{\\a}"]), max_size=30))  # fmt: skip
def test_any_subtitles_are_read_or_refused(lines: list[str]) -> None:
    try:
        text = text_of(subtitles.read, "\n".join(lines), "a.srt")
    except NotReadable:
        return
    assert "-->" not in text
    assert text.strip()


@given(st.lists(st.text("abc漢字、。 xyz!", min_size=1).filter(str.strip), min_size=1, max_size=9))
def test_no_word_of_a_subtitle_is_lost_or_invented(cues: list[str]) -> None:
    data = "".join(f"{i}\n00:00:01,000 --> 00:00:02,000\n{cue}\n\n" for i, cue in enumerate(cues))
    text = text_of(subtitles.read, data, "a.srt")
    assert "".join(text.split()) == "".join("".join(cues).split())


# ---- code ----------------------------------------------------------------------------------------


def test_code_is_its_document_unless_it_is_minified() -> None:
    source = "def f(x):\n    return x + 1  # 加える\n"
    (document,), _ = read_data(code.read, source, "f.py")
    assert (document.text, document.title) == (source, "f.py")
    minified = "var a=1;" * 2000
    assert refusal(code.read, minified, "a.min.js") == "minified code: its lines are too long"
    assert refusal(code.read, bytes(range(256)) * 20, "a.c") == "not a text file"


# ---- XML -----------------------------------------------------------------------------------------


def test_xml_gives_its_sentences() -> None:
    data = f"<?xml version='1.0'?><doc><head>Title</head><p>{PROSE}<b>bold</b> end.</p><p>漢字</p></doc>"
    assert xml_text.looks(data.encode())
    assert text_of(xml_text.read, data, "a.xml") == f"Title\n{PROSE}bold end.\n漢字\n"


def test_xml_of_an_old_charset_is_decoded() -> None:
    data = (
        "<?xml version='1.0' encoding='Shift_JIS'?>\n<a><p>"
        + "むかしむかし、ある所に。" * 30
        + "</p></a>"
    )
    assert "むかしむかし" in text_of(xml_text.read, data.encode("cp932"), "a.xml")


PAGES = "".join(
    f"<page><title>T{i}</title><ns>{i % 2}</ns><id>{i}</id><revision><id>9</id>"
    f"<text xml:space='preserve'>'''Wiki''' text {i}\n\n== More ==</text></revision></page>"
    for i in range(6)
)


@pytest.mark.parametrize("whole", [16 << 20, 10])
def test_a_dump_of_a_wiki_gives_its_articles(monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    monkeypatch.setattr(xml_text, "WHOLE_CHARACTERS", whole)
    data = f"<mediawiki xmlns='http://x'><siteinfo><sitename>W</sitename></siteinfo>{PAGES}</mediawiki>"
    documents, _ = read_data(xml_text.read, data, "wiki.xml")
    assert [d.title for d in documents] == ["T0", "T2", "T4"]
    assert documents[0].text == "'''Wiki''' text 0\n\n== More ==\n"


def test_a_dump_that_is_cut_off_gives_what_came_before() -> None:
    documents, file = read_data(xml_text.read, f"<mediawiki>{PAGES}<page><ti", "wiki.xml")
    assert len(documents) == 3
    assert file.warning is not None
    assert file.warning.english().startswith("broken XML in line ")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("<package><metadata><title>T</title><creator>C</creator></metadata></package>", "no sentences in the XML"),
        ("<ncx><navLabel><text>Chapter 1</text></navLabel></ncx>", "no sentences in the XML"),
        (f"<svg><path d='{PROSE}'/><g>{'M 10 20 L 30 40 ' * 90}</g></svg>", "no sentences in the XML"),
        ("<a><b></a>", "broken XML in line 1, column 9"),
        ("no markup", "broken XML in line 1, column 1"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "declares entities of its own, as bombs do: not read"),
    ],
)  # fmt: skip
def test_xml_without_sentences_is_refused(data: str, why: str) -> None:
    assert refusal(xml_text.read, data, "a.xml") == why


@pytest.mark.timeout(60)
def test_deep_xml_is_read_or_refused() -> None:
    try:
        read_data(xml_text.read, "<a>" * 200_000 + PROSE + "</a>" * 200_000, "a.xml")
    except NotReadable as refused:
        assert refused.sentence.english()


@given(st.text(st.sampled_from("<>/ab='\"&;! [-]?漢\n"), max_size=120))
def test_any_markup_is_read_or_refused(data: str) -> None:
    for source in (data, f"<a>{data}</a>"):
        try:
            read_data(xml_text.read, source, "a.xml")
        except NotReadable as refused:
            assert refused.sentence.english()
