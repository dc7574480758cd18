"""The data sheet in the versions: what they were trained on, as it was when the training began."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core import events as ev
from core.corpus.library import MANIFEST, CorpusLibrary
from core.files import write_json
from core.home import Home
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary
from core.versions.manifest import SHEET
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


def note(home: Home, **changes: Any) -> None:
    """Change the corpus's manifest, as the window or a reading does."""
    library = CorpusLibrary(home)
    changed = library.get("Stories").model_copy(update=changes)
    write_json(library.folder("Stories") / MANIFEST, changed.model_dump(mode="json"))


def test_a_version_has_the_sheet_of_the_text_as_it_was_when_the_training_began(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    corpus = CorpusLibrary(raised_home).get("Stories")
    sources = [one.model_copy(update={"licence": "CC0"}) for one in corpus.sources]
    note(raised_home, sources=sources)

    def read_again(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Planned):
            note(raised_home, snapshot="anotherstate", sources=corpus.sources)

    job = make_train_job(raised_home, "Stories", "Ume", steps=6)
    assert train_here(raised_home, job, read_again).outcome == "done"
    library = VersionLibrary(raised_home)
    ume = library.get("Ume")
    sheet = (ume.path / SHEET).read_text(encoding="utf-8")
    assert f"State of the text: `{corpus.snapshot}`" in sheet
    assert "Licences that the user noted: CC0." in sheet
    assert "read again since" not in sheet
    assert not any(source.path in sheet for source in sources)
    assert SHEET in (ume.path / "README.md").read_text(encoding="utf-8")
    assert SHEET in ume.manifest.hashes
    assert library.verify("Ume") == []
    (ume.path / SHEET).write_text("changed")
    assert library.verify("Ume") == [SHEET]


def test_the_sheets_of_the_versions_before_follow_unless_they_are_of_the_same_text(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    corpus = CorpusLibrary(raised_home).get("Stories")
    kiku = VersionLibrary(raised_home).get("Kiku")
    older = "# Data sheet: Letters\n\nState of the text: `0123abcd`.\n"
    same = f"# Data sheet: Same\n\nState of the text: `{corpus.snapshot}`.\n"
    (kiku.path / SHEET).write_text(f"{same}\n---\n\n{older}", encoding="utf-8")
    job = make_train_job(raised_home, "Stories", "Ume", steps=6).model_copy(
        update={"parent": kiku.id}
    )
    assert train_here(raised_home, job).outcome == "done"
    sheet = (VersionLibrary(raised_home).get("Ume").path / SHEET).read_text(encoding="utf-8")
    assert sheet.count("# Data sheet:") == 2
    assert sheet.endswith(older)
    assert "# Data sheet: Stories" in sheet
