"""The shelf as a tree, and the seven steps of a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.versions.library import VersionEntry
from core.versions.manifest import Relation

StepState = Literal["done", "now", "todo", "skip"]
_BRANCH = {"fine-tuned", "adapter", "distilled", "merged", "continued", "succeeds"}


@dataclass(frozen=True)
class LineageNode:
    """A row of the shelf in drawing order: `depth` 0 is a root."""

    entry: VersionEntry
    depth: int
    parent_id: str
    relation: Relation | None


def lineage(entries: list[VersionEntry]) -> list[LineageNode]:
    """Every version once, children below their first parent, oldest first.

    A version whose parent is in the trash stands as a root.
    """
    by_id = {entry.id: entry for entry in entries}
    children: dict[str, list[VersionEntry]] = {}
    roots: list[VersionEntry] = []
    for entry in entries:
        parent = next((p for p in entry.manifest.parents if p.id in by_id), None)
        if parent is None or parent.id == entry.id:
            roots.append(entry)
        else:
            children.setdefault(parent.id, []).append(entry)
    rows: list[LineageNode] = []

    def visit(entry: VersionEntry, depth: int) -> None:
        if any(row.entry.id == entry.id for row in rows):
            return
        parent = next((p for p in entry.manifest.parents if p.id in by_id), None)
        relation = parent.relation if parent and depth else None
        rows.append(LineageNode(entry, depth, parent.id if parent and depth else "", relation))
        for child in children.get(entry.id, []):
            visit(child, depth + 1)

    for root in roots:
        visit(root, 0)
    for entry in entries:  # Members of a damaged circle of parents.
        visit(entry, 0)
    return rows


def seven_steps(
    entry: VersionEntry | None, evaluated: bool, has_corpus: bool, training: bool
) -> list[StepState]:
    """Collect, read, check, repeat, test, specialise, graduate: what was really done.

    Args:
        entry: The selected version, or None before the first.
        evaluated: Whether an evaluation is kept with it.
        has_corpus: Whether there is any corpus.
        training: Whether a training runs that is to become the version looked at.
    """
    if training:
        return ["done", "now", "now", "now", "todo", "todo", "todo"]
    if entry is None:
        first: StepState = "done" if has_corpus else "now"
        second: StepState = "now" if has_corpus else "todo"
        return [first, second, "todo", "todo", "todo", "todo", "todo"]
    special = any(p.relation in _BRANCH for p in entry.manifest.parents)
    test: StepState = "done" if evaluated else "now"
    graduated: StepState = "done" if evaluated and entry.manifest.chatted else "todo"
    specialise: StepState = "done" if special else ("skip" if graduated == "done" else "todo")
    if evaluated and graduated == "todo":
        graduated = "now"
    return ["done", "done", "done", "done", test, specialise, graduated]
