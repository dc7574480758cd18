"""What is no part of a page's text is marked in it; the rest reads as people see it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus.readers import html
from core.corpus.readers.base import Document, InputFile
from tests.core.corpus.given import kept

MESSY = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy" / "html"
LONG = "<p>" + "The body of this page is long enough to be its text. " * 3 + "</p>"
BODY = ("The body of this page is long enough to be its text. " * 3).strip()


def without_furniture(source: str) -> str:
    page = html.parsed(source)
    return kept(page.text, page.edits)


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=/>Home</a> <a href=/a>About</a></nav>",
        "<header><p>The site's motto</p></header>",
        "<footer>Company, 1 Street</footer>",
        "<aside>See also</aside>",
        "<div role=navigation>Home</div>",
        "<div class='site-footer'>Imprint</div>",
        "<div id=sidebar><p>Popular</p><p>New</p></div>",
        "<ul class='breadcrumbs'><li>Start<li>News</ul>",
        "<div class=share-buttons>Tell others</div>",
        "<p>We use cookies to improve your experience.</p>",
        "<div>当サイトではCookieを使用しています。</div>",
        "<a href=#main>Skip to main content</a>",
        "<a href=#main>本文へスキップ</a>",
        "<p>この記事をシェア</p>",
        "<p>ツイート</p>",
        "<p><a>Home</a> | <a>News</a> | <a>Contact us</a></p>",
        "<ul><li><a>One</a><li><a>Two</a><li><a>Three</a></ul>",
        "<div hidden>secret</div>",
        "<button>Copy</button>",
    ],
)
def test_what_belongs_to_the_site_is_marked(furniture: str) -> None:
    assert without_furniture(furniture + LONG) == BODY
    assert without_furniture(LONG + furniture) == BODY
    between = without_furniture(LONG + furniture + LONG)
    assert between.split("\n") == [BODY, "", BODY]
    assert html.parsed(LONG + furniture).text != BODY, "it is in the text, to be seen"


@pytest.mark.parametrize(
    "content",
    [
        "<article><header><h1>A title</h1></header></article>",
        "<section><footer>By the author</footer></section>",
        "<main><aside>A remark</aside></main>",
        "<header><h1>A title</h1></header>",
        "<p>Cookies are baked for ten minutes.</p>",
        "<p><a href=x>One link</a></p>",
        "<p>See <a>this</a>, <a>that</a> and <a>those</a> other pages of mine, please.</p>",
        "<div class='navigational-history'>Ships</div>",
        "<div class='menu-of-the-day'>Soup</div>",
        "<p>Share prices rose in the share market.</p>",
    ],
)
def test_what_belongs_to_the_text_is_not(content: str) -> None:
    page = html.parsed(content + LONG)
    assert page.edits == ()
    assert len(page.text) > len(BODY)


def test_a_page_of_nothing_but_links_keeps_them() -> None:
    links = "<ul>" + "".join(f"<li><a>Tale {number}</a>" for number in range(20)) + "</ul>"
    assert html.parsed(links).edits == ()
    assert html.parsed(f"<div id=sidebar>{LONG}</div><p>x</p>").edits == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<table><tr><td>a</td><td>b</td></tr><tr><th>c<td>d</table>", "a\tb\nc\td"),
        ("<div><div>a</div></div><div>b</div>", "a\nb"),
        ("<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("<p>one  <b> two</b> </p>", "one two"),
        ("<pre>def f():\n    return 1\n\n\n\nf()</pre>", "def f():\n    return 1\n\nf()"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<p>　字下げ</p>", "　字下げ"),
        ("a <button>x</button> b", "a x b"),
    ],
)
def test_lines_are_as_people_see_them(source: str, text: str) -> None:
    assert html.parsed(source).text == text


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["<nav>", "</nav>", "<div class=menu>", "</div>", "<p>", "a b", "<br>", "<pre>", "</pre>",
             "<a>", "</a>", "<footer>", "</footer>", "<h1>", "<td>", "\n", "Share", "<button>", "x "]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_edits_are_in_order_and_inside_the_text(pieces: list[str]) -> None:
    page = html.parsed("".join(pieces))
    place = 0
    for edit in page.edits:
        assert place <= edit.start < edit.end <= len(page.text)
        place = edit.end
    assert not page.text or kept(page.text, page.edits).strip()


@pytest.mark.parametrize(
    "piece",
    ["<div>", "</div>", "<ruby><rt>", "<pre>", "<nav>", "<!", "<a ", "&#", "<svg>", "<td>", "<p a='",
     "<h1></div>", "<!--", "<![", "<div class=a-b-c>"],
)  # fmt: skip
def test_hostile_markup_takes_time_that_grows_with_it(piece: str) -> None:
    begun = time.process_time()
    html.parsed(piece * (400_000 // len(piece)))
    assert time.process_time() - begun < 2


def messy(name: str) -> Document:
    path = MESSY / name
    if not path.exists():
        pytest.skip("needs ../shared/data")
    (document,) = html.read(InputFile(path))
    return document


def test_a_blog_post_is_read_without_its_site() -> None:
    post = messy("blog-post.html")
    text = kept(post.text, post.edits)
    assert text.startswith("Does Model and Inference Parameter Matter in LLM Applications?")
    assert "For Further Reading\u200b\n\nResearch paper about the tuning technique" in text
    assert not any(word in text for word in ("Skip to", "Recent posts", "Privacy", "Dotnet"))
    assert "Recent posts" in post.text


def test_a_whole_book_is_text() -> None:
    book = messy("alice-whole-book.html")
    assert len(book.text) > 160_000
    assert sum(edit.end - edit.start for edit in book.edits) < 1000
    assert "use of a book,’ thought Alice" in book.text.replace("\n", " ")


def test_declared_encodings_are_seen_through() -> None:
    assert "الاتحاد الجزائري" in messy("noisy-meta-encoding-1.html").text
    assert messy("utf-16le-declared.html").text == "This is a sample text\n"
