"""Names, folders, and the trash that gives everything back."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadName, NameTaken, NoPermission, NotFound, TerakoyaError
from core.home import MAX_BYTES, MAX_CHARACTERS, Home, Trash, clean_name, free_folder

GOOD = [
    "s",
    "漢字の名前",
    "name with spaces",
    "v2.1",
    "é",
    "a" * 80,
    "漢" * 66,
    "emoji 🌸",
    "-x",
    "(1)",
]
BAD = {
    "": "empty", "   ": "empty", "a/b": "contains /", "a\\b": "contains \\", "a:b": "contains :",
    "a*": "contains *", "a?": "contains ?", 'a"': 'contains "', "a<": "contains <", "a|": "contains |",
    "a\nb": "control character", "a\0b": "control character", "a\x7f": "control character",
    "a\u2028b": "control character", " a": "space or a dot", "a ": "space or a dot",
    "a.": "space or a dot", ".a": "space or a dot", "..": "space or a dot", ".": "space or a dot",
    "CON": "Windows", "nul.txt": "Windows", "Com1": "Windows", "lpt9.x.y": "Windows",
    "a" * 81: "81 characters", "x" * 300: "300 characters", "漢" * 67: "67 characters",
    "\ud800": "control character",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_name_stays(name: str, tmp_path: Path) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)
    (tmp_path / clean_name(name)).mkdir()


@pytest.mark.parametrize("name", list(BAD), ids=[repr(n[:12]) for n in BAD])
def test_a_bad_name_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(BadName) as error:
        clean_name(name)
    assert BAD[name] in str(error.value)
    assert error.value.field == "name"
    assert len(str(error.value)) < 250


def test_composed_and_decomposed_names_are_one() -> None:
    assert clean_name("cafe\u0301") == clean_name("café") == "café"


@given(st.text(max_size=100))
def test_a_name_that_passes_is_safe_as_a_folder(name: str) -> None:
    try:
        clean = clean_name(name)
    except BadName:
        return
    assert len(clean) <= MAX_CHARACTERS
    assert len(clean.encode("utf-8")) <= MAX_BYTES
    assert clean_name(clean) == clean
    assert not set(clean) & set('/\\:*?"<>|\0')
    assert clean not in (".", "..")
    assert Path("/home", clean).parent == Path("/home")


def test_names_equal_but_for_case_are_taken(tmp_path: Path) -> None:
    (tmp_path / "Straße").mkdir()
    assert free_folder(tmp_path, "strasse 2") == tmp_path / "strasse 2"
    for name in ("STRASSE", "straße"):
        with pytest.raises(NameTaken, match="Straße"):
            free_folder(tmp_path, name)


def test_home_is_chosen_then_set_then_the_platforms(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TERAKOYA_HOME", str(tmp_path / "set"))
    assert Home.find(tmp_path / "chosen").path == tmp_path / "chosen"
    assert Home.find().path == tmp_path / "set"
    monkeypatch.delenv("TERAKOYA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "terakoya" in str(Home.find().path).lower()
    assert Home.find("~/x").path == Path("~/x").expanduser()


def test_finding_a_home_makes_nothing(tmp_path: Path) -> None:
    home = Home.find(tmp_path / "new")
    assert not home.path.exists()
    home.prepare()
    assert {p.name for p in home.path.iterdir()} == {
        "corpora", "versions", "runs", "chats", "lessons", "trash", "logs",
    }  # fmt: skip


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(TerakoyaError) as error:
        Home(tmp_path / "file").prepare()
    assert str(tmp_path / "file") in str(error.value)


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home").prepare()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(NoPermission, match="--home"):
        home.prepare()


# ---- trash -------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").prepare()
    folder = home.versions / "名前"
    folder.mkdir()
    (folder / "model.bin").write_bytes(bytes(1000))
    return home


def test_what_is_trashed_comes_back_as_it_was(home: Home) -> None:
    trash = Trash(home)
    item = trash.put(home.versions / "名前")
    assert not (home.versions / "名前").exists()
    assert trash.list() == [item]
    assert (item.origin, item.bytes) == ("versions/名前", 1000)
    assert trash.restore(item.id) == home.versions / "名前"
    assert (home.versions / "名前" / "model.bin").stat().st_size == 1000
    assert trash.list() == []


def test_nothing_is_restored_over_what_took_its_place(home: Home) -> None:
    trash = Trash(home)
    item = trash.put(home.versions / "名前")
    (home.versions / "名前").mkdir()
    (home.versions / "Kiku").mkdir()
    other = trash.put(home.versions / "Kiku")
    (home.versions / "kiku").mkdir()
    for taken in (item, other):
        with pytest.raises(NameTaken):
            trash.restore(taken.id)
    assert set(trash.list()) == {item, other}


@pytest.mark.parametrize("name", ["no-such", "../versions", "", "/etc"])
def test_only_entries_of_the_trash_are_restored(home: Home, name: str) -> None:
    with pytest.raises(NotFound):
        Trash(home).restore(name)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"origin": 3}', '"x"'])
def test_a_damaged_entry_does_no_harm_to_the_others(home: Home, content: str) -> None:
    trash = Trash(home)
    item = trash.put(home.versions / "名前")
    broken = home.trash / "20200101-000000-abcdef"
    (broken / "content").mkdir(parents=True)
    (broken / "origin.json").write_text(content)
    (home.trash / "stray.txt").write_text("x")
    assert trash.list() == [item]


def test_an_origin_outside_home_is_never_written(home: Home, tmp_path: Path) -> None:
    trash = Trash(home)
    item = trash.put(home.versions / "名前")
    origin = home.trash / item.id / "origin.json"
    origin.write_text(
        origin.read_text(encoding="utf-8").replace("versions/名前", "../outside"), encoding="utf-8"
    )
    with pytest.raises(TerakoyaError):
        trash.restore(item.id)
    assert not (tmp_path / "outside").exists()


def test_the_trash_is_emptied_only_when_asked(home: Home) -> None:
    trash = Trash(home)
    trash.put(home.versions / "名前")
    assert trash.empty() == 1000
    assert trash.list() == []
    assert list(home.trash.iterdir()) == []
