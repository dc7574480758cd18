"""Rows of the shelf: versions as a lineage tree, and the edition that is in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.formatting import compact, duration
from core.engine.record import JobRecord
from core.versions.library import VersionEntry
from core.versions.lineage import LineageNode, lineage

Index = QModelIndex | QPersistentModelIndex
RowRole = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class ShelfRow:
    """What the delegate paints. `continues[k]`: the line at depth k goes on below this row."""

    id: str
    title: str
    tag: str
    meta: str
    colour: str
    depth: int
    badge: str = ""
    badge_kind: str = "neutral"
    progress: float | None = None
    run: str = ""
    continues: tuple[bool, ...] = ()
    has_child: bool = False

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.tag, self.title, self.meta, self.badge) if part)


class ShelfModel(QAbstractListModel):
    """`show` takes what the library and the engine know; `find` filters by title."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ShelfRow] = []

    def show(
        self,
        entries: list[VersionEntry],
        training: JobRecord | None,
        search: str,
        evaluated: set[str],
    ) -> None:
        wanted = search.casefold()
        nodes = [n for n in lineage(entries) if wanted in n.entry.manifest.title.casefold()]
        rows = [self._version(node, node.entry.id in evaluated) for node in nodes]
        if training is not None and not wanted:
            self._insert_training(rows, training)
        rows = _with_lines(rows)
        if [r.id for r in rows] == [r.id for r in self._rows]:
            changed = [i for i, (a, b) in enumerate(zip(rows, self._rows, strict=True)) if a != b]
            self._rows = rows
            for index in changed:
                self.dataChanged.emit(self.index(index), self.index(index))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, index: int) -> ShelfRow | None:
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def find(self, version_id: str) -> int:
        return next((i for i, row in enumerate(self._rows) if row.id == version_id), -1)

    def _version(self, node: LineageNode, evaluated: bool) -> ShelfRow:
        manifest = node.entry.manifest
        measures = manifest.measures
        parts = [compact(measures.parameters)] if measures.parameters else []
        if measures.heldout_bits_per_byte is not None:
            parts.append(
                self.tr("{bits} bits/byte").format(bits=f"{measures.heldout_bits_per_byte:.2f}")
            )
        elif measures.preference_accuracy is not None:
            share = f"{measures.preference_accuracy * 100:.0f}"
            parts.append(self.tr("{share} % of pairs right").format(share=share))
        badge, kind = "", "neutral"
        if node.entry.problem is not None:
            badge, kind = self.tr("damaged"), "shu"
        elif node.entry.trashed_parents:
            badge = self.tr("parent in trash")
        elif manifest.chatted and evaluated:
            badge, kind = self.tr("graduated"), "shu"
        elif node.relation:
            badge = self._relation(node.relation)
        return ShelfRow(
            manifest.id, manifest.title, f"v{manifest.edition}", " · ".join(parts),
            manifest.colour, min(node.depth, 5), badge, kind,
        )  # fmt: skip

    def _relation(self, relation: str) -> str:
        return {
            "continued": self.tr("continued"), "fine-tuned": self.tr("fine-tuned"),
            "adapter": self.tr("adapter"), "merged": self.tr("merged"),
            "distilled": self.tr("distilled"), "imported": self.tr("imported"),
        }.get(relation, "")  # fmt: skip

    def _insert_training(self, rows: list[ShelfRow], record: JobRecord) -> None:
        config = record.job.config
        parent = str(config.get("parent") or "")
        place = next((i for i, row in enumerate(rows) if row.id == parent), None)
        progress = record.progress
        done = None
        parts: list[str] = []
        if record.plan.get("parameters"):
            parts.append(compact(int(record.plan["parameters"])))
        if record.state == "queued":
            parts.append(self.tr("waits for its turn"))
        elif progress and progress.total and progress.unit == "steps":
            done = min(1.0, progress.done / progress.total)
            parts.append(f"{done * 100:.0f} %")
            if progress.eta is not None:
                parts.append(self.tr("{time} left").format(time=duration(progress.eta)))
        row = ShelfRow(
            "", str(config.get("version", "")), "", " · ".join(parts), "aiText",
            0 if place is None else rows[place].depth + 1, self.tr("training"), "ai", done or 0.0,
            record.id,
        )  # fmt: skip
        if place is None:
            rows.append(row)
            return
        end = place + 1
        while end < len(rows) and rows[end].depth > rows[place].depth:
            end += 1
        rows.insert(end, row)

    # ---- Qt ----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken
        return row.title if role == Qt.ItemDataRole.DisplayRole else None


def _with_lines(rows: list[ShelfRow]) -> list[ShelfRow]:
    """Work out which lines of the tree go on below each row."""
    from dataclasses import replace

    found: list[ShelfRow] = []
    for index, row in enumerate(rows):
        continues: list[bool] = []
        for depth in range(1, row.depth + 1):
            goes_on = False
            for later in rows[index + 1 :]:
                if later.depth < depth:
                    break
                if later.depth == depth:
                    goes_on = True
                    break
            continues.append(goes_on)
        following = rows[index + 1] if index + 1 < len(rows) else None
        child = following is not None and following.depth == row.depth + 1
        found.append(replace(row, continues=tuple(continues), has_child=child))
    return found
