"""The shelf as a tree and as a graph of every kind of edge, and the seven steps of a version."""

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


Edge = Literal[
    "continued", "fine-tuned", "adapter", "merged", "distilled", "imported", "succeeds", "compared",
    "repeated",
]  # fmt: skip
"""Relations, and: `compared` from a version to its counterpart from scratch, `repeated` to one that
was trained again from its recipe."""


@dataclass(frozen=True)
class GraphNode:
    """A version; one that is gone (in the trash, or deleted), of which only the name is remembered;
    or a source outside, from which one was imported. `entry` is None for the latter two."""

    id: str
    kind: Literal["version", "gone", "source"]
    title: str
    entry: VersionEntry | None = None


@dataclass(frozen=True)
class GraphEdge:
    """`start` came first, `end` was made of it."""

    start: str
    end: str
    relation: Edge


@dataclass(frozen=True)
class Graph:
    """Nodes oldest first, those that are gone before the first of their children."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]

    def kin(self, version: str) -> Graph:
        """What hangs together with one version, over whatever edges."""
        joined: dict[str, set[str]] = {}
        for edge in self.edges:
            joined.setdefault(edge.start, set()).add(edge.end)
            joined.setdefault(edge.end, set()).add(edge.start)
        found, waiting = {version}, [version]
        while waiting:
            for other in joined.get(waiting.pop(), set()) - found:
                found.add(other)
                waiting.append(other)
        return Graph(
            [node for node in self.nodes if node.id in found],
            [edge for edge in self.edges if edge.start in found],
        )


def graph(entries: list[VersionEntry]) -> Graph:
    """Every version with everything that it came from."""
    known = {entry.id: entry for entry in entries}
    nodes: dict[str, GraphNode] = {}
    edges: dict[tuple[str, str, str], GraphEdge] = {}

    def join(start: str, name: str, entry: VersionEntry, relation: Edge) -> None:
        if start == entry.id:
            return
        if start not in known and start not in nodes:
            source = relation == "imported"
            nodes[start] = GraphNode(start, "source" if source else "gone", name)
        edges[start, entry.id, relation] = GraphEdge(start, entry.id, relation)

    for entry in entries:
        manifest = entry.manifest
        for parent in manifest.parents:
            join(parent.id, parent.name, entry, parent.relation)
        based = {parent.id for parent in manifest.parents}
        if manifest.adapter is not None and manifest.adapter.base not in based:
            join(manifest.adapter.base, manifest.adapter.base_name, entry, "adapter")
        if manifest.imported is not None:
            source = manifest.imported.source
            join(f"source:{source}", source, entry, "imported")
        if manifest.compared_with:
            join(manifest.compared_with, "", entry, "compared")
        if manifest.reproduces:
            join(manifest.reproduces, "", entry, "repeated")
        nodes[entry.id] = GraphNode(entry.id, "version", manifest.title, entry)
    return Graph(list(nodes.values()), list(edges.values()))


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
