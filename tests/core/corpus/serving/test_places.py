"""Which documents are of which file is known without opening their texts."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.corpus import store
from core.corpus.library import FILES
from core.corpus.serving import places
from core.corpus.serving.places import places_of
from core.corpus.store import Snapshot
from tests.core.corpus.conftest import Corpus, Read, Write, prose
from tests.core.corpus.first_edition import write_snapshot


@pytest.fixture
def mixed(read: Read, write: Write) -> Corpus:
    """A corpus of single texts, rows, an archive, a copy and a file that cannot be read."""
    for number in range(12):
        write(f"in/{number}.txt", prose(number))
    write("in/copy.txt", prose(3))
    write("in/bad.txt", b"\0\1\2\3" * 99)
    write("rows.jsonl", "\n".join(json.dumps({"text": prose(n)}) for n in range(20, 32)))
    folder = write("inner.txt", "")
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for number in range(40, 43):
            archive.writestr(f"{number}.txt", prose(number))
    return read(folder)


def found_of(corpus: Corpus) -> places.Places:
    return places_of(corpus.folder, Snapshot(corpus.folder, corpus.manifest.snapshot))


def test_notes_tell_what_the_texts_tell(mixed: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [row["source"] for row in mixed.rows]
    assert len(set(sources)) == 16
    monkeypatch.setattr(store, "TextFile", None)  # No text is opened.
    found = found_of(mixed)
    assert [found.paths[number] for number in found.owner] == sources
    assert [found.alone(n) for n in range(len(sources))] == [sources.count(s) == 1 for s in sources]


def test_documents_of_a_file_a_folder_and_an_archive(mixed: Corpus) -> None:
    found = found_of(mixed)
    sources = [row["source"] for row in mixed.rows]
    top = Path(sources[0]).parents[1]
    for source in (top, top / "in", top / "in" / "5.txt", top / "a.zip", top / "a.zip" / "41.txt"):
        inside = [n for n, path in enumerate(sources) if Path(path).is_relative_to(source)]
        assert inside
        assert found.inside(str(source)).tolist() == inside
    assert not len(found.inside(str(top / "in" / "bad.txt")))
    assert not len(found.inside(str(top / "i")))


@pytest.mark.parametrize("wrong", ["", "{}\n", "no JSON\n"])
def test_where_notes_do_not_fit_the_texts_are_asked(mixed: Corpus, wrong: str) -> None:
    (mixed.folder / FILES).write_text(wrong)
    found = found_of(mixed)
    assert [found.paths[number] for number in found.owner] == [row["source"] for row in mixed.rows]


def test_a_corpus_of_the_first_edition_is_asked_too(tmp_path: Path) -> None:
    rows = [{"source": name, "title": name, "text": "a"} for name in ("a", "a", "b")]
    write_snapshot(tmp_path, "0", rows)
    found = places_of(tmp_path, Snapshot(tmp_path, "0"))
    assert (found.paths, found.owner.tolist()) == (["a", "b"], [0, 0, 1])
    assert found.inside("a").tolist() == [0, 1]
    assert np.array_equal(found.inside("c"), [])
