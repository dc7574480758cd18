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
from core.versions.lineage import lineage


def family_nodes(entries: list[VersionEntry], version_id: str) -> list[Node]:
    """Everything that hangs together with a version, parents before children."""
    rows = lineage(entries)
    known = {node.entry.id: node for node in rows}
    joined: dict[str, set[str]] = {one: set() for one in known}
    for one, node in known.items():
        for parent in node.entry.manifest.parents:
            if parent.id in known:
                joined[one].add(parent.id)
                joined[parent.id].add(one)
    kin, waiting = {version_id}, [version_id]
    while waiting:
        for other in joined.get(waiting.pop(), ()):
            if other not in kin:
                kin.add(other)
                waiting.append(other)
    return [
        Node(
            node.entry.id, f"v{node.entry.manifest.edition}", node.entry.manifest.title,
            _bits(node.entry), node.entry.manifest.colour, node.parent_id,
            relation_word(node.relation or ("imported" if node.entry.manifest.imported else "")),
            style_of(node.relation or ""),
            tuple(
                (p.id, style_of(p.relation)) for p in node.entry.manifest.parents
                if p.id in known and p.id != node.parent_id
            ),
        )
        for node in rows if node.entry.id in kin
    ]  # fmt: skip


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
    }
    return words.get(relation, "")


def _bits(entry: VersionEntry) -> str:
    bits = entry.manifest.measures.heldout_bits_per_byte
    return "" if bits is None else f"{bits:.2f} bits/byte"


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
        self._words["teacher"].setText(self.tr("learns from it"))


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
