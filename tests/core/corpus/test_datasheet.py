"""The data sheet: facts of the corpus, and no folder of the user's machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.corpus.contamination_report import FILE, ContaminationReport, SuiteReport
from core.corpus.datasheet import data_sheet, sheet_of
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.corpus.naming import last_name, names_of, short_name
from core.corpus.sheet_parts import from_json, markdown, to_json
from core.files import write_json
from tests.core.corpus.conftest import Read, prose

Write = Callable[..., Path]


def change(library: CorpusLibrary, manifest: CorpusManifest, **changes: object) -> None:
    """Note something in the manifest, as the window does."""
    noted = manifest.model_copy(update=changes).model_dump(mode="json")
    write_json(library.folder(manifest.name) / "corpus.json", noted)


def test_it_tells_sources_licences_cleaning_counts_and_fingerprints(
    read: Read, many: Path, write: Write
) -> None:
    write("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(300))
    corpus = read(many, heldout_share=0.2)
    library = CorpusLibrary(corpus.home)
    source = corpus.manifest.sources[0].model_copy(update={"licence": "CC | BY\n4.0"})
    change(library, corpus.manifest, sources=[source], removed={"gutenberg": 1234, "odd": 5})
    sheet = data_sheet(library, "c")
    totals = corpus.manifest.totals
    for fact in (
        "| texts | CC \\| BY 4.0 | 60 of 61 |", corpus.manifest.snapshot, "TXT 60",
        f"{totals.documents:,}", f"{totals.characters:,}", f"{totals.heldout_documents:,} kept unseen",
        "| Frames of Project Gutenberg | on | 1,234 characters |", "| odd |", "1 × ",
        "Personal data was not looked for.", "## 日本語",
    ):  # fmt: skip
        assert fact in sheet, fact
    assert str(many.parent) not in sheet


def test_what_is_not_known_is_not_said(read: Read, many: Path) -> None:
    corpus = read(many, heldout_share=0.0)
    sheet = data_sheet(CorpusLibrary(corpus.home), "c")
    assert "Nothing is held out." in sheet
    assert "evaluation" not in sheet.lower()
    assert "Licences that the user noted" not in sheet
    assert "Sources without a noted licence: 1." in sheet


def test_an_earlier_state_is_told_from_its_texts_alone(
    read: Read, many: Path, write: Write
) -> None:
    before = read(many, heldout_share=0.2)
    write("another.txt", prose(4711))
    after = read(many, heldout_share=0.2)
    library = CorpusLibrary(after.home)
    assert before.manifest.snapshot != after.manifest.snapshot
    sheet = data_sheet(library, "c", before.manifest.snapshot)
    assert "read again since" in sheet
    assert before.manifest.snapshot in sheet
    assert after.manifest.snapshot not in sheet
    assert f"| Texts | {before.manifest.totals.documents:,} |" in sheet
    assert str(many.parent) not in sheet


def test_the_search_for_evaluation_items_is_told_where_it_is_of_this_state(
    read: Read, many: Path
) -> None:
    corpus = read(many)
    library = CorpusLibrary(corpus.home)
    quiz = SuiteReport(path="/home/mika/quiz.jsonl", items=20, found=3, short=0)
    report = ContaminationReport(
        snapshot=corpus.manifest.snapshot, checked=0, documents=60, suites=[quiz]
    ).model_dump(mode="json")
    place = corpus.folder / FILE
    place.write_text(json.dumps(report))
    assert "| quiz.jsonl | 20 | 3 |" in data_sheet(library, "c")
    place.write_text(json.dumps({**report, "snapshot": "another"}))
    assert "quiz" not in data_sheet(library, "c")
    place.write_text("{broken")
    assert "quiz" not in data_sheet(library, "c")


def test_the_window_words_the_same_sheet(read: Read, many: Path, write: Write) -> None:
    write("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(300))
    corpus = read(many, heldout_share=0.2)
    blocks = sheet_of(CorpusLibrary(corpus.home), "c")
    sent = json.loads(json.dumps(to_json(blocks)))
    assert markdown(from_json(sent)) == markdown(blocks)
    spoken = markdown(from_json(sent), lambda sentence: f"<{sentence.context}>")
    assert "# <Sheet>" in spoken
    assert "Composition" not in spoken


@pytest.mark.parametrize(
    ("path", "name"),
    [("/a/b.txt", "b.txt"), ("C:\\a\\b.txt", "b.txt"), ("/a/b.zip/c/d.txt", "d.txt"), ("b", "b")],
)
def test_the_last_name_of_paths_of_any_system(path: str, name: str) -> None:
    assert last_name(path) == name


def test_names_are_those_below_what_was_added(read: Read, many: Path) -> None:
    named = names_of(read(many).manifest)
    assert named(str(many / "sub" / "x.txt")) == "texts/sub/x.txt"
    assert named("/elsewhere/of/it.txt") == "it.txt"


@pytest.mark.parametrize("title", ["", "../..", 'a/b\\c:*?"<>|', "題" * 200, "\x00\n", "…"])
def test_any_title_makes_a_name_for_any_system(title: str) -> None:
    name = short_name(title)
    assert name
    assert len(name.encode()) <= 120
    assert not set(name) & set('/\\:*?"<>|\n\x00')
    assert name.strip(" .") == name
