"""HTML and JSON Lines become documents."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.corpus.readers import html, json_lines
from core.corpus.readers.base import NotReadable
from tests.core.corpus.given import read_data


def page(text: str) -> str:
    (document,), _ = read_data(html.read, text, "page.html")
    return document.text


def rows(text: str) -> list[str]:
    return [document.text for document in read_data(json_lines.read, text, "a.jsonl")[0]]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        ("<p>One <b>bold</b>\n word<br>next</p>", "One bold word\nnext\n"),
        ("<ul><li>a<li>b</ul>", "a\n\nb\n".replace("\n\n", "\n")),
        ("<script>var a = '<p>no</p>'</script><p>yes</p>", "yes\n"),
        ("<style>p{}</style><p>yes</p>", "yes\n"),
        ("<p>&lt;tag&gt; &amp; &#x6F22;&hellip;</p>", "<tag> & 漢…\n"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢字\n"),
        ("<ruby>漢<rt>かん<rb>字<rt>じ</ruby>を読む", "漢字を読む\n"),
        ("<pre>a\n  b</pre>", "a\n  b\n"),
        ("<head><title>T</title><p>yes</p></body>", None),
        ("<head><title>T</title><body><p>yes</p>", "yes\n"),
        ("<p>un<p>closed <i>everything <b>here", "un\n\nclosed everything here\n"),
        ("plain text without a tag", "plain text without a tag\n"),
    ],
)
def test_the_text_of_a_page_is_read_in_blocks(source: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(NotReadable):
            page(source)
    else:
        assert page(source) == text


def test_the_title_of_a_page_names_its_document() -> None:
    (document,), _ = read_data(html.read, "<title>A\n Title</title><p>x</p>", "page.html")
    assert document.title == "A Title"


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (b'<meta charset="windows-1251">', "cp1251"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=shift_jis'>", "shift_jis"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2"),
        (b'<meta charset="utf-16">', None),
        (b'<meta charset="base64">', None),
        (b'<meta charset="rot13">', None),
        (b'<meta charset="punycode">', None),
        (b'<meta charset="no-such-thing">', None),
        (b"<p>nothing</p>", None),
    ],
)
def test_a_declared_charset_counts_only_if_a_page_can_have_it(
    declared: bytes, found: str | None
) -> None:
    assert html.declared_encoding(declared) == found


@given(st.text(alphabet=st.sampled_from("<>/=\"& \n!-[]abp漢'?"), max_size=200))
@example("<![a[b]]>text")
@example("text<![")
@example("<![if !mso]>text<![endif]>")
def test_any_markup_is_read_or_refused(source: str) -> None:
    try:
        assert page(source).strip()
    except NotReadable as refused:
        assert refused.sentence.english() == "no text on the page"


@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1
        ),
        min_size=1,
    )
)
def test_no_word_of_a_paragraph_is_lost(words: list[str]) -> None:
    from html import escape

    source = "".join(f"<p>{escape(word)}</p>" for word in words)
    assert "".join(page(source).split()) == "".join("".join(words).split())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"text": "a"}, "a"),
        ({"content": "b", "id": 3}, "b"),
        ({"id": 1, "story": "c"}, "c"),
        ("just a string", "just a string"),
        ({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]},
         "user: q\nassistant: a"),
        ({"conversations": [{"from": "human", "value": "q"}]}, "user: q"),
    ],
)  # fmt: skip
def test_a_row_of_json_lines_gives_its_text(line: object, text: str) -> None:
    assert rows(json.dumps(line) + "\n") == [text]


def test_a_list_in_one_json_file_gives_its_members() -> None:
    assert rows(json.dumps([{"text": "a"}, {"text": "b"}], indent=2)) == ["a", "b"]


def test_rows_without_text_are_counted() -> None:
    documents, file = read_data(
        json_lines.read, '{"text": "a"}\n{"id": 1}\nnot json\n\n{"text": "  "}\n', "a.jsonl"
    )
    assert [d.text for d in documents] == ["a"]
    assert file.warning is not None
    assert file.warning.english() == (
        "rows without text: 3; the first, line 2: found id; expected text, messages, instruction and "
        "output, prompt and completion, question and answer, or chosen and rejected"
    )


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "[" * 100_000, '{"text": ' * 50_000, '{"a": [' * 20_000 + "]}" * 20_000,
     '{"text": 3}', "NaN\nInfinity"],
    ids=["nothing", "object", "list", "null", "deep list", "deep open", "deep both", "number", "nan"],
)  # fmt: skip
def test_json_without_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(NotReadable) as refused:
        read_data(json_lines.read, text, "a.json")
    assert "no field with text" in refused.value.sentence.english()


@pytest.mark.parametrize(
    "mark", ["<", "<!", "<!--", "<a ", "</", "&", "<![CDATA[", '<p "', "<ruby><rt>", "<script>"]
)
@pytest.mark.timeout(60)
def test_marks_that_nothing_closes_do_not_make_reading_quadratic(mark: str) -> None:
    """Unguarded, 20,000 open comments take the standard parser a second, ten times as many 100."""
    source = "<p>text</p>" + mark * 100_000
    try:
        assert page(source).startswith("text")
    except NotReadable:
        pytest.fail("the text before the marks is lost")
