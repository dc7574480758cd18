"""The family as boxes: side by side where there is room, else a stair with whole names."""

from __future__ import annotations

import itertools

import pytest
from pytestqt.qtbot import QtBot

from app.widgets.legend import Legend
from app.widgets.lineage_graph import LineageGraph, Node

CHAIN = [
    Node("a", "v1", "First", "", "c1"),
    Node("b", "v2", "Second", "", "c2", "a", "continued"),
    Node("c", "v3", "Third", "", "c3", "b", "adapter"),
    Node("d", "v2", "A branch of the first", "", "c4", "a", "distilled"),
]


@pytest.fixture
def graph(qtbot: QtBot) -> LineageGraph:
    graph = LineageGraph()
    qtbot.addWidget(graph)
    graph.show_nodes(CHAIN, "b")
    return graph


def test_children_stand_to_the_right_where_there_is_room(graph: LineageGraph) -> None:
    graph.resize(700, 240)
    graph._arrange()
    a, b, c, d = (graph._places[name] for name in "abcd")
    assert a.y() == b.y() == c.y() < d.y()
    assert a.right() < b.left() < b.right() < c.left()
    assert d.left() == b.left()


def test_a_narrow_place_gets_a_stair_that_fits_and_keeps_families_together(
    graph: LineageGraph,
) -> None:
    graph.resize(400, 240)
    graph._arrange()
    rows = sorted(graph._places, key=lambda name: graph._places[name].y())
    assert rows == ["a", "b", "c", "d"]
    places = [graph._places[name] for name in rows]
    assert [p.left() for p in places] == [*sorted({p.left() for p in places[:3]}), places[1].left()]
    assert max(place.right() for place in places) <= 400
    assert all(above.bottom() < below.top() for above, below in itertools.pairwise(places))
    assert graph.minimumSizeHint().height() > places[-1].bottom()


def test_a_legend_leaves_whole_marks_off(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.set_parts(["━ training <b>1.50</b>", "◆ unseen <b>1.61</b>", "○ best"])
    legend.resize(600, 20)
    legend._show()
    assert "best" in legend.text()
    legend.resize(170, 20)
    legend._show()
    assert "training" in legend.text()
    assert "best" not in legend.text()
    legend.resize(20, 20)
    legend._show()
    assert legend.text() == "━ training <b>1.50</b>"
