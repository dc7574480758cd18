"""The family of a version as boxes and edges, and what the lines of the edges mean."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.theme.palette import color
from app.widgets.controls import Label
from app.widgets.layout import row
from app.widgets.lineage_graph import STYLES, Node, style_of
from core.versions.library import VersionEntry
from core.versions.lineage import GraphEdge, GraphNode, graph

_BESIDE = ("compared", "repeated")


def family_nodes(entries: list[VersionEntry], version_id: str) -> list[Node]:
    """Everything that hangs together with a version, parents before children."""
    kin = graph(entries).kin(version_id)
    coming: dict[str, list[GraphEdge]] = {}
    for edge in kin.edges:
        coming.setdefault(edge.end, []).append(edge)
    known = {node.id: node for node in kin.nodes}
    for node in kin.nodes:  # What a version is made of comes before what it is only held against.
        coming.setdefault(node.id, []).sort(key=lambda edge: edge.relation in _BESIDE)
    return [_node(known[one], coming[one]) for one in _in_order(list(known), coming)]


def _in_order(ids: list[str], coming: dict[str, list[GraphEdge]]) -> list[str]:
    """Each after its first parent; a damaged circle is broken somewhere."""
    found: list[str] = []

    def visit(one: str, above: frozenset[str]) -> None:
        if one in found or one in above:
            return
        for edge in coming[one][:1]:
            visit(edge.start, above | {one})
        found.append(one)

    for one in ids:
        visit(one, frozenset())
    return found


def _node(node: GraphNode, edges: list[GraphEdge]) -> Node:
    first = edges[0] if edges else None
    others = tuple((edge.start, style_of(edge.relation)) for edge in edges[1:])
    parent, relation = (first.start, first.relation) if first else ("", "")
    if node.entry is None:
        return Node(node.id, "", node.title, gone_word(node.kind), "control", faint=True)
    manifest = node.entry.manifest
    return Node(
        node.id, f"v{manifest.edition}", manifest.title, _bits(node.entry), manifest.colour, parent,
        relation_word(relation), style_of(relation), others,
    )  # fmt: skip


def gone_word(kind: str) -> str:
    """What stands for a box that is no version of this shelf."""
    if kind == "source":
        return QCoreApplication.translate("Lineage", "from elsewhere")
    return QCoreApplication.translate("Lineage", "not on the shelf")


def relation_word(relation: str) -> str:
    """A kind of edge in the user's language."""
    words = {
        "continued": QCoreApplication.translate("Lineage", "continued"),
        "fine-tuned": QCoreApplication.translate("Lineage", "fine-tuned"),
        "adapter": QCoreApplication.translate("Lineage", "adapter"),
        "merged": QCoreApplication.translate("Lineage", "merged"),
        "distilled": QCoreApplication.translate("Lineage", "distilled"),
        "imported": QCoreApplication.translate("Lineage", "imported"),
        "succeeds": QCoreApplication.translate("Lineage", "longer"),
        "compared": QCoreApplication.translate("Lineage", "compared"),
        "repeated": QCoreApplication.translate("Lineage", "repeated"),
    }
    return words.get(relation, "")


def _bits(entry: VersionEntry) -> str:
    measures = entry.manifest.measures
    if measures.heldout_bits_per_byte is not None:
        return f"{measures.heldout_bits_per_byte:.2f} bits/byte"
    if measures.preference_accuracy is None:
        return ""
    words = QCoreApplication.translate("Lineage", "{share} % of pairs right")
    return words.format(share=f"{measures.preference_accuracy * 100:.0f}")


class EdgeLegend(QWidget):
    """Which line stands for what."""

    def __init__(self) -> None:
        super().__init__()
        self._words = {name: Label("tick") for name in STYLES}
        parts: list[QWidget] = []
        for name, word in self._words.items():
            parts += [_Line(name), word]
        self.setLayout(row(*parts, spacing=6))

    def retranslate(self) -> None:
        self._words["weights"].setText(self.tr("takes over weights"))
        self._words["longer"].setText(self.tr("goes on"))
        self._words["teacher"].setText(self.tr("learns or is compared"))


class _Line(QWidget):
    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style
        self.setFixedSize(QSize(22, 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pen = QPen(color("control"), 1.5)
        pen.setStyle(STYLES.get(self._style, Qt.PenStyle.SolidLine))
        painter.setPen(pen)
        painter.drawLine(1, 6, 21, 6)
