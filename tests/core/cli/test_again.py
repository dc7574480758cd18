"""versions compare, reproduce and worth, as they are typed."""

from __future__ import annotations

import shutil

from core.files import read_json, write_json
from core.home import Home
from core.versions.library import VersionLibrary
from tests.core.cli.conftest import Run


def test_compare_prints_a_table_and_json(run: Run, raised_home: Home) -> None:
    folder = raised_home.versions / "Ume"
    shutil.copytree(raised_home.versions / "Kiku", folder)
    data = read_json(folder / "version.json")
    recipe = {**data["recipe"], "seed": 8}
    write_json(folder / "version.json", {**data, "id": "u", "title": "Ume", "recipe": recipe})
    ran = run("versions", "compare", "Kiku", "Ume", "--home", str(raised_home.path))
    assert ran.code == 0
    [line] = [line for line in ran.out.splitlines() if line.strip().startswith("Seed")]
    assert line.split() == ["Seed", "7", "8", "differs"]
    assert "On the same unseen text “Kiku” − “Ume” is +0.000" in ran.out
    ran = run("versions", "compare", "Kiku", "Ume", "--json", "--home", str(raised_home.path))
    rows = {row["name"]: row for row in ran.document["rows"]}
    assert (rows["seed"]["one"], rows["seed"]["two"], rows["seed"]["differs"]) == (7, 8, True)
    ran = run("versions", "compare", "Kiku", "Nobody", "--home", str(raised_home.path))
    assert ran.code == 2
    assert "no version called “Nobody”" in ran.err


def test_reproduce_trains_again_and_says_that_the_weights_are_the_same(
    run: Run, raised_home: Home
) -> None:
    ran = run("versions", "reproduce", "Kiku", "--json", "--home", str(raised_home.path))
    assert ran.code == 0, ran.err
    found = ran.document["reproduction"]
    assert found["identical"]
    assert found["message"] == "The repetition of “Kiku” came to the same weights, bit for bit."
    library = VersionLibrary(raised_home)
    one, two = library.get("Kiku"), library.get(ran.document["version"])
    assert two.name == "Kiku again"
    assert one.manifest.hashes["model.safetensors"] == two.manifest.hashes["model.safetensors"]
    ran = run(
        "versions", "reproduce", "Kiku", "--name", "Kiku again", "--home", str(raised_home.path)
    )
    assert ran.code == 2
    assert "already “Kiku again”" in ran.err


def test_worth_trains_the_counterpart_once_and_then_only_compares(
    run: Run, raised_home: Home
) -> None:
    home = ["--home", str(raised_home.path)]
    train = run("train", "--corpus", "Stories", "--name", "More", "--from", "Kiku", "--steps", "8",
                "--set", "batch=4", *home)  # fmt: skip
    assert train.code == 0, train.err
    assert "parent's text “Stories”" in train.out
    ran = run("versions", "worth", "More", "--no-train", *home)
    assert ran.code == 2
    assert "has not been compared yet" in ran.err
    ran = run("versions", "worth", "More", *home)
    assert ran.code == 0, ran.err
    assert "It was worth it: “More” reaches" in ran.out
    names = [entry.name for entry in VersionLibrary(raised_home).list()]
    assert names == ["Kiku", "More", "More from scratch"]
    ran = run("versions", "worth", "More", "--no-train", "--json", *home)
    assert ran.code == 0
    assert ran.document["verdict"] == "worth"
    assert ran.document["message"].startswith("It was worth it")
    assert len(VersionLibrary(raised_home).list()) == 3
    ran = run("versions", "worth", "Kiku", *home)
    assert ran.code == 2
    assert "it was trained from nothing itself" in ran.err
