"""The shelf: publishing, names, lineage, export, damage."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core.errors import BadName, Damaged, NameTaken, NewerDocument, NotFound
from core.files import read_json, write_json
from core.home import Home, Trash
from core.versions.library import MANIFEST, STANDARD_FILES, VersionLibrary
from core.versions.lineage import lineage, seven_steps
from core.versions.manifest import Parent, Relation, VersionManifest
from core.versions.publish import publish


def manifest(name: str, number: int = 0, run: str = "", parents: str = "") -> VersionManifest:
    relation: Relation = "continued"
    return VersionManifest(
        id=f"id-{name}", name=name, title=name, created=float(number), run=run,
        parents=[Parent(id=f"id-{p}", name=p, relation=relation) for p in parents.split()],
    )  # fmt: skip


def files(folder: Path) -> None:
    for file in STANDARD_FILES:
        (folder / file).write_text(f"content of {file}", encoding="utf-8")


def put(home: Home, name: str, number: int = 0, run: str = "", parents: str = "") -> Path:
    return publish(home, manifest(name, number, run, parents), files)[0]


@pytest.fixture
def library(empty_home: Home) -> VersionLibrary:
    return VersionLibrary(empty_home)


def test_a_version_appears_whole_with_its_hashes(library: VersionLibrary) -> None:
    path = put(library.home, "梅 一号")
    entry = library.get("梅 一号")
    assert entry.path == path
    assert entry.problem is None
    assert set(entry.manifest.hashes) == set(STANDARD_FILES)
    assert library.verify("梅 一号") == []
    assert "# 梅 一号" in (path / "README.md").read_text(encoding="utf-8")


def test_a_failure_in_the_middle_leaves_nothing_behind(library: VersionLibrary) -> None:
    def fail(folder: Path) -> None:
        (folder / "model.safetensors").write_text("half")
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        publish(library.home, manifest("Ume"), fail)
    assert list(library.home.versions.iterdir()) == []


def test_what_a_killed_publisher_left_is_swept_but_not_what_another_one_writes(
    library: VersionLibrary,
) -> None:
    versions = library.home.versions
    own, fresh, old = (
        versions / f".publishing-{name}" for name in ("run1-aa", "run2-bb", "run3-cc")
    )
    for left in (own, fresh, old):
        left.mkdir()
    os.utime(old, (0, time.time() - 200_000))
    put(library.home, "Ume", run="run1")
    assert [p.name for p in sorted(versions.iterdir())] == [fresh.name, "Ume"]
    assert [e.name for e in library.list()] == ["Ume"]


def test_a_run_publishes_once(library: VersionLibrary) -> None:
    first = put(library.home, "Ume", run="run1")
    assert put(library.home, "Ume", run="run1") == first
    assert len(library.list()) == 1


@pytest.mark.parametrize(
    ("taken", "wanted", "given"),
    [
        (["Ume"], "Ume", "Ume 2"),
        (["Ume", "ume 2"], "UME", "UME 3"),
        (["梅"], "梅", "梅 2"),
        (["x" * 80], "x" * 80, "x" * 78 + " 2"),
        (["梅" * 66], "梅" * 66, "梅" * 66 + " 2"),
        (["a" * 75 + " b.cd"], "a" * 75 + " b.cd", "a" * 75 + " b 2"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_taken_name_gets_a_number_and_stays_a_good_name(
    library: VersionLibrary, taken: list[str], wanted: str, given: str
) -> None:
    for number, name in enumerate(taken):
        put(library.home, name, number)
    path, written = publish(library.home, manifest(wanted), files)
    assert (path.name, written.name, written.title) == (given, given, given)
    assert read_json(path / MANIFEST)["name"] == given


def test_a_rename_keeps_the_id_and_every_reference(library: VersionLibrary) -> None:
    put(library.home, "Ume", 1)
    put(library.home, "Take", 2, parents="Ume")
    renamed = library.rename("Ume", "梅")
    assert renamed.id == "id-Ume"
    rows = lineage(library.list())
    assert [(row.entry.name, row.depth) for row in rows] == [("梅", 0), ("Take", 1)]
    with pytest.raises(NameTaken):
        library.rename("梅", "take")
    with pytest.raises(BadName):
        library.rename("梅", "a/b")
    assert library.rename("Take", "TAKE").name == "TAKE"


def test_a_parent_in_the_trash_is_told_and_comes_back(library: VersionLibrary) -> None:
    put(library.home, "Ume", 1)
    put(library.home, "Take", 2, parents="Ume")
    trashed = library.remove("Ume")
    assert library.get("Take").trashed_parents == ["Ume"]
    Trash(library.home).restore(trashed.id)
    assert library.get("Take").trashed_parents == []
    assert library.verify("Ume") == []


def test_a_circle_of_parents_hides_nobody(library: VersionLibrary) -> None:
    put(library.home, "A", 1, parents="B")
    put(library.home, "B", 2, parents="A")
    assert {row.entry.name for row in lineage(library.list())} == {"A", "B"}


@pytest.mark.parametrize("file", STANDARD_FILES)
def test_a_missing_file_is_a_problem_with_its_name(library: VersionLibrary, file: str) -> None:
    path = put(library.home, "Ume")
    (path / file).unlink()
    assert isinstance(library.get("Ume").problem, Damaged)
    with pytest.raises(Damaged, match=file.replace(".", r"\.")):
        library.usable("Ume")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 3}', "\x00\x00"])
def test_a_damaged_manifest_is_listed_with_its_problem(
    library: VersionLibrary, content: str
) -> None:
    put(library.home, "Ume", 1)
    (put(library.home, "Take", 2) / MANIFEST).write_text(content)
    entries = {entry.name: entry for entry in library.list()}
    assert set(entries) == {"Ume", "Take"}
    assert isinstance(entries["Take"].problem, Damaged)
    library.remove("Take")
    assert [entry.name for entry in library.list()] == ["Ume"]


def test_a_newer_manifest_is_not_written_over(library: VersionLibrary) -> None:
    path = put(library.home, "Ume")
    data = {**read_json(path / MANIFEST), "schema_version": 99}
    write_json(path / MANIFEST, data)
    with pytest.raises(NewerDocument):
        library.set_note("Ume", "a note")
    assert read_json(path / MANIFEST) == data


def test_a_changed_file_is_named(library: VersionLibrary) -> None:
    path = put(library.home, "Ume")
    assert library.verify("Ume") == []
    (path / "config.json").write_text("changed")
    assert library.verify("Ume") == ["config.json"]


def test_an_unknown_name_is_answered_with_the_known_ones(library: VersionLibrary) -> None:
    with pytest.raises(NotFound, match="Train one with"):
        library.get("Ume")
    put(library.home, "Ume")
    with pytest.raises(NotFound, match="Known: Ume"):
        library.get("Take")
    assert library.get("uME").name == "Ume"
    assert library.get("id-Ume").name == "Ume"


def test_the_seven_steps_tell_what_was_really_done(library: VersionLibrary) -> None:
    assert seven_steps(None, False, has_corpus=False, training=False)[0] == "now"
    assert seven_steps(None, False, has_corpus=True, training=False)[:2] == ["done", "now"]
    put(library.home, "Ume")
    entry = library.get("Ume")
    assert seven_steps(entry, False, True, False)[3:5] == ["done", "now"]
    assert seven_steps(entry, True, True, False)[4:] == ["done", "todo", "now"]
    chatted = library.update("Ume", chatted=True)
    assert seven_steps(chatted, True, True, False)[4:] == ["done", "skip", "done"]
