"""Where the painted text ends its lines: never inside a word, never before what closes."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from app.widgets.cells import Cell, CellLayout

ENGLISH = "The fox saw the moon in the pond, and it said: “I want to have it.” "
JAPANESE = "ある夜、きつねは池の中の月を見ました。「家に持って帰ろう」と言いました。"
WIDTHS = (90.0, 120.0, 155.0, 200.0, 260.0)


@pytest.fixture(autouse=True)
def _fonts(qapp: object, qtbot: QtBot) -> None:
    """Text is measured."""


def lines(cells: list[Cell], width: float) -> list[str]:
    layout = CellLayout(QFont("", 12), 20, gap=0)
    layout.set_cells(cells, width)
    groups = groupby(layout.pieces, key=lambda piece: piece.area.top())
    return ["".join(piece.text for piece in line) for _, line in groups]


def tokens(text: str, size: int) -> list[Cell]:
    """As a tokenizer parts it: a space stands at the beginning of a word."""
    found = re.findall(rf" ?\w{{1,{size}}}|\W", text)
    return [{"text": part, "token": n} for n, part in enumerate(found)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_words_stay_whole(width: float, size: int) -> None:
    cells = tokens(ENGLISH * 3, size) if size < 1000 else [{"text": ENGLISH * 3}]
    shown = lines(cells, width)
    assert "".join(shown) == ENGLISH * 3
    for line, following in pairwise(shown):
        assert not (line[-1].isalpha() and following[0].isalpha()), shown
        assert following.lstrip()[:1] not in ("”", ".", ",", ":")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_no_line_begins_with_what_closes_nor_ends_with_what_opens(width: float, size: int) -> None:
    cells = tokens(JAPANESE * 3, size) if size < 1000 else [{"text": JAPANESE * 3}]
    shown = lines(cells, width)
    assert "".join(shown) == JAPANESE * 3
    if size != 2:  # A token of two characters may have one of them inside.
        assert not [line for line in shown[1:] if line[0] in "、。」っゃ"]
        assert not [line for line in shown[:-1] if line[-1] == "「"]


def test_a_line_feed_hangs_at_the_end_of_its_line() -> None:
    cells: list[Cell] = [{"text": "abcdefgh", "token": 0}, {"text": "\n", "token": 1}]
    wide = QFontMetricsF(QFont("", 12)).horizontalAdvance("abcdefgh") + 4
    assert lines(cells, wide) == ["abcdefgh⏎"]


def test_a_word_longer_than_a_line_is_parted() -> None:
    shown = lines([{"text": "x" * 200}], 100)
    assert "".join(shown) == "x" * 200
    assert len(shown) > 3


@given(
    st.lists(st.text("ab c、。「」あ\n’1", max_size=9), max_size=12),
    st.floats(20, 160),
    st.booleans(),
)
def test_nothing_is_lost_and_lines_do_not_cross(
    texts: list[str], width: float, is_tokens: bool
) -> None:  # fmt: skip
    cells: list[Cell] = [
        {"text": t, **({"token": n} if is_tokens else {})} for n, t in enumerate(texts)
    ]
    layout = CellLayout(QFont("", 12), 20)
    layout.set_cells(cells, width)
    shown = "".join(piece.text for piece in layout.pieces).replace("⏎", "\n")
    assert shown == "".join(texts)
    assert [p.cell for p in layout.pieces] == sorted(p.cell for p in layout.pieces)
    for before, after in pairwise(layout.pieces):
        assert (after.area.top(), after.area.left()) > (before.area.top(), before.area.left())
