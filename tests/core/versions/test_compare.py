"""Two versions side by side, and the graph of where every version comes from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.files import read_json, write_json
from core.home import Home
from core.intervals import paired_difference
from core.versions.compare import compare
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.lineage import graph
from core.versions.manifest import (
    AdapterFacts,
    ImportFacts,
    Parent,
    Relation,
    VersionManifest,
)


@pytest.fixture
def two(raised_home: Home) -> VersionLibrary:
    """Beside Kiku stands Ume, of another recipe, which scored every block a twentieth worse."""
    folder = raised_home.versions / "Ume"
    shutil.copytree(raised_home.versions / "Kiku", folder)
    data = read_json(folder / "version.json")
    changed = {
        "id": "ume", "title": "Ume", "objective": "chat",
        "recipe": {**data["recipe"], "seed": 8, "dora": True, "objective": "chat"},
        "measures": {**data["measures"], "steps": 99},
        "parents": [{"id": data["id"], "name": "Kiku", "relation": "fine-tuned"}],
    }  # fmt: skip
    write_json(folder / "version.json", {**data, **changed})
    scores = read_json(folder / "heldout.json")
    write_json(folder / "heldout.json", {**scores, "nats": [1.05 * n for n in scores["nats"]]})
    return VersionLibrary(raised_home)


def test_what_differs_is_marked_and_what_is_equal_is_not(two: VersionLibrary) -> None:
    found = compare(two.get("Kiku"), two.get("Ume"))
    differing = {row.name for row in found.rows if row.differs}
    assert differing == {"parents", "objective", "seed", "dora", "steps"}
    rows = {row.name: (row.one, row.two) for row in found.rows}
    assert rows["seed"] == (7, 8)
    assert rows["dora"] == (False, True)
    assert rows["parents"] == (None, "Kiku (fine-tuned)")
    assert rows["corpus"] == ("Stories", "Stories")
    assert "temperature" not in rows  # Both as usual.
    json = found.to_json()
    assert [row["name"] for row in json["rows"] if row["differs"]] == [
        row.name for row in found.rows if row.differs
    ]


def test_figures_on_the_same_text_are_compared_in_pairs(two: VersionLibrary) -> None:
    found = compare(two.get("Kiku"), two.get("Ume"))
    scores = read_json(two.get("Kiku").path / "heldout.json")
    nats, sizes = np.array(scores["nats"]), np.array(scores["bytes"])
    assert found.difference == pytest.approx(paired_difference(nats, 1.05 * nats, sizes))
    assert found.difference is not None
    assert found.difference[2] < 0
    other = read_json(two.get("Ume").path / "heldout.json")
    write_json(two.get("Ume").path / "heldout.json", {**other, "snapshot": "another"})
    assert compare(two.get("Kiku"), two.get("Ume")).difference is None


def test_losses_of_pairs_are_no_bits_per_byte_of_a_text(two: VersionLibrary) -> None:
    for name in ("Kiku", "Ume"):
        path = two.get(name).path / "heldout.json"
        write_json(path, {**read_json(path), "objective": "preference"})
    assert compare(two.get("Kiku"), two.get("Ume")).difference is None


def test_an_evaluation_of_both_tells_the_difference_too(two: VersionLibrary) -> None:
    kiku, ume = two.get("Kiku"), two.get("Ume")
    (ume.path / "heldout.json").unlink()
    told = {"path": "heldout:Stories@1", "difference": 0.2, "low": 0.1, "high": 0.3}
    rows = [
        {**told, "path": "file.txt", "version": "Ume", "against": "Kiku", "difference": 9.0},
        {**told, "version": "Ume", "against": "Kiku"},
    ]
    for entry in (kiku, ume):
        (entry.path / "evaluations").mkdir()
        write_json(entry.path / "evaluations" / "20260101-1.json", {"comparisons": rows})
    assert compare(kiku, ume).difference == (-0.2, -0.3, -0.1)
    assert compare(ume, kiku).difference == (0.2, 0.1, 0.3)
    (ume.path / "evaluations" / "20260101-1.json").write_text("{", encoding="utf-8")
    assert compare(ume, kiku).difference is None


# ---- the graph -----------------------------------------------------------------------------------


def entry(name: str, *parents: tuple[str, Relation], **more: Any) -> VersionEntry:
    edges = [
        Parent(id=parent, name=parent.title(), relation=relation) for parent, relation in parents
    ]
    manifest = VersionManifest(id=name, name=name, title=name, created=0.0, parents=edges, **more)
    return VersionEntry(manifest, Path(name))


def test_every_kind_of_edge_stands_in_the_graph() -> None:
    facts = AdapterFacts(base="base", base_name="base", rank=4, alpha=8)
    entries = [
        entry("base"),
        entry("more", ("base", "continued")),
        entry("chat", ("more", "fine-tuned")),
        entry("longer", ("base", "succeeds")),
        entry("adapter", adapter=facts),
        entry("whole", ("base", "merged"), ("adapter", "merged")),
        entry("small", ("chat", "distilled")),
        entry("foreign", imported=ImportFacts(source="hub:x/y", form="hub")),
        entry("scratch", compared_with="chat"),
        entry("again", reproduces="base"),
        entry("orphan", ("lost", "continued")),
        entry("alone"),
    ]
    found = graph(entries)
    assert {(e.start, e.end, e.relation) for e in found.edges} == {
        ("base", "more", "continued"), ("more", "chat", "fine-tuned"), ("base", "longer", "succeeds"),
        ("base", "adapter", "adapter"), ("base", "whole", "merged"), ("adapter", "whole", "merged"),
        ("chat", "small", "distilled"), ("source:hub:x/y", "foreign", "imported"),
        ("chat", "scratch", "compared"), ("base", "again", "repeated"), ("lost", "orphan", "continued"),
    }  # fmt: skip
    kinds = {node.id: (node.kind, node.title) for node in found.nodes}
    assert kinds["lost"] == ("gone", "Lost")
    assert kinds["source:hub:x/y"] == ("source", "hub:x/y")
    assert kinds["base"] == ("version", "base")
    places = [node.id for node in found.nodes]
    assert all(places.index(e.start) < places.index(e.end) for e in found.edges)
    assert {node.id for node in found.kin("again").nodes} == {
        "base", "more", "chat", "longer", "adapter", "whole", "small", "scratch", "again",
    }  # fmt: skip
    assert [node.id for node in found.kin("alone").nodes] == ["alone"]


def test_a_circle_of_damaged_parents_is_only_a_circle() -> None:
    found = graph([entry("a", ("b", "continued"), ("a", "merged")), entry("b", ("a", "continued"))])
    assert len(found.nodes) == 2
    assert {(e.start, e.end) for e in found.edges} == {("a", "b"), ("b", "a")}
