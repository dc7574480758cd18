"""The job "check": what it tells, what it keeps, and that it stops."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import events as ev
from core.corpus import contamination_job
from core.corpus.contamination_report import FILE
from core.corpus.library import CorpusLibrary
from core.corpus.serving import contamination
from core.errors import NoItems, PathMissing
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import CheckJob
from core.resident import Request
from tests.core.corpus.conftest import Corpus, Read, prose

Write = Callable[..., Path]


def check(home: Home, *paths: Path, stop: bool = False) -> tuple[str, dict[str, Any]]:
    """(how the job ended, its result)."""
    job = CheckJob(corpus="c", paths=[str(path) for path in paths])
    folder = JobFolder.create(home.runs, "check", "", job.model_dump(mode="json"))
    writer = EventWriter(folder, 1)
    context = WorkerContext(home, folder, folder.read(), job, 1, writer)
    if stop:
        context.request_pause()
    try:
        ended = contamination_job.run(context)
    finally:
        writer.close()
    events = list(itertools.chain.from_iterable(iter(EventReader(folder).poll, [])))
    found = next((event.data for event in events if isinstance(event, ev.Result)), {})
    return ended, found


def told(home: Home) -> Any:
    answer = contamination.operations(CorpusLibrary(home))["evaluation_sets"]
    return answer(Request(1, {"corpus": "c"}, lambda _: None))["report"]


@pytest.fixture
def corpus(read: Read, write: Write) -> Corpus:
    folders = {write(f"letters/{i:02}.txt", prose(i)) / "letters" for i in range(60)}
    return read(*folders, heldout_share=0.2)


def test_the_report_is_kept_and_names_files_as_the_user_added_them(
    corpus: Corpus, write: Write
) -> None:
    row = next(row for row in corpus.rows if row["split"] == "train")
    items = [row["text"], prose(9_000), "Why?"]
    suite = write("set/reading.jsonl", "\n".join(json.dumps({"q": item}) for item in items)) / "set"
    ended, result = check(corpus.home, suite)
    assert ended == "done"
    assert (result["items"], result["found"]) == (3, 1)
    report = told(corpus.home)
    (one,) = report["suites"]
    assert (one["name"], one["items"], one["found"], one["short"]) == ("reading.jsonl", 3, 1, 1)
    assert one["matches"][0]["place"] == f"letters/{Path(row['source']).name}"
    assert report["documents"] == result["documents"]


def test_a_search_that_is_stopped_keeps_nothing(corpus: Corpus, write: Write) -> None:
    suite = write("set/a.txt", prose(3))
    assert check(corpus.home, suite / "set", stop=True) == ("paused", {})
    assert not (corpus.folder / FILE).exists()
    assert told(corpus.home) is None


@pytest.mark.parametrize(
    ("name", "error"), [("nowhere.csv", PathMissing), ("texts/empty.txt", NoItems)]
)
def test_nothing_to_look_for(
    corpus: Corpus, write: Write, tmp_path: Path, name: str, error: type[Exception]
) -> None:
    write("empty.txt", "")
    with pytest.raises(error):
        check(corpus.home, tmp_path / name)
