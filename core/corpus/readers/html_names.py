"""Which elements of a page are no part of its text, by their names, roles and classes."""

from __future__ import annotations

import re
from functools import lru_cache

CLASS, HEADER, ELEMENT, HEADING = 1, 2, 3, -1
"""Strengths of a mark, the weakest first: a class's name is a habit, an element's meaning a standard.
HEADING lifts the mark of a page's header for its title."""
CONTENT = {"article", "main", "section"}

_ALWAYS = {"nav", "button", "select"}
_OUTSIDE = {"aside": ELEMENT, "footer": ELEMENT, "header": HEADER}
_ROLES = {
    "navigation": ELEMENT, "banner": HEADER, "contentinfo": ELEMENT, "search": ELEMENT,
    "complementary": ELEMENT, "menu": ELEMENT, "menubar": ELEMENT,
}  # fmt: skip
_NAMES = {
    "nav", "navi", "navbar", "navigation", "menu", "menus", "gnavi", "gnav", "footer",
    "sidebar", "breadcrumb", "breadcrumbs", "pagination", "pager", "cookie", "cookies",
    "consent", "gdpr", "share", "sharing", "sharedaddy", "social", "sns", "skiplink",
    "skiptocontent", "editsection", "catlinks", "toc", "tableofcontents", "advert", "adverts",
    "ads", "newsletter",
}  # fmt: skip
_BEFORE = {
    "site", "page", "main", "global", "top", "bottom", "primary", "secondary", "mobile", "left",
    "right", "l", "g", "c", "p", "mw", "blog", "post", "entry", "article", "theme", "doc", "wp",
    "js", "cc", "is", "block", "jump", "to", "vector", "app", "header",
}  # fmt: skip
_AFTER = {
    "bar", "box", "menu", "list", "link", "links", "wrapper", "wrap", "container", "inner",
    "content", "area", "button", "buttons", "btn", "notice", "banner", "post", "posts", "item",
    "items", "nav", "desktop", "mobile", "main", "section", "widget", "group", "consent",
    "policy", "popup", "footer", "header", "toggle", "fixed", "top", "bottom", "left", "right",
    "title", "text", "icons", "icon", "row", "col", "primary", "secondary", "site", "global",
    "page",
}  # fmt: skip
_NOTE_SIGNS = {
    "epub:type": {"noteref", "backlink"},
    "role": {"doc-noteref", "doc-backlink"},
    "class": {"reference", "footnote-ref", "footnote-back", "noteref"},
}
_NONE: set[str] = set()
_PARTS = re.compile("[-_]+")
_LONGEST = 200


def mark_of(tag: str, attrs: list[tuple[str, str | None]], in_content: bool) -> int:
    """The mark of an element, 0 where nothing speaks against it; `in_content`: it lies in an
    article or another part of the text."""
    if tag in _ALWAYS:
        return ELEMENT
    if not in_content and tag in _OUTSIDE:
        return _OUTSIDE[tag]
    if not attrs or tag in ("article", "main", "h1"):
        return 0
    for name, value in attrs:
        if name == "hidden":
            return ELEMENT
        if not value or len(value) > _LONGEST:
            continue
        if name == "role" and value in _ROLES and not (in_content and value == "banner"):
            return _ROLES[value]
        if name in ("class", "id") and _is_furniture(value):
            return CLASS
    return 0


def is_sign_of_note(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether an element is but the sign of a note, or the way back from it (EPUB Structural
    Semantics, DPUB-ARIA 1.1; the classes of MediaWiki and Pandoc)."""
    return any(
        not _NOTE_SIGNS.get(name, _NONE).isdisjoint((value or "")[:_LONGEST].split())
        for name, value in attrs
    )


@lru_cache(4096)
def _is_furniture(classes: str) -> bool:
    """Whether a class or id is one that menus, footers and notices have by habit: a known name,
    alone or with usual words before and after it, as in "site-footer__links"."""
    return any(_is_known(_PARTS.split(word)) for word in classes.split())


def _is_known(parts: list[str]) -> bool:
    for place, part in enumerate(parts[:3]):
        if part.casefold() in _NAMES:
            return all(_is_usual(after) for after in parts[place + 1 :])
        if part and part.casefold() not in _BEFORE:
            return False
    return False


def _is_usual(part: str) -> bool:
    """A usual word, or a mark that a build tool adds."""
    return part.casefold() in _AFTER or (len(part) <= 5 and not (part.islower() and part.isalpha()))
