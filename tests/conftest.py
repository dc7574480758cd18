"""Shared by all tests: where real texts lie, and a home in which a tiny version was raised."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

# As workers have it: with one core taken, spinning threads fall to a tenth of their speed.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Two files of tests at a time, each with workers of its own: nobody may spin.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# And a core each: four threads on two of them wait for each other.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import hypothesis
import pytest

from core.engine.engine import Engine
from core.home import Home
from core.jobs.kinds import ReadJob, TrainJob
from core.recipe import Recipe

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # Started with "&": commands would ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
# No deadlines: a machine that is busy elsewhere is no fault of ours. The same examples each time: who
# looks for new ones runs a file with --hypothesis-profile=default.
hypothesis.settings.register_profile("suite", max_examples=40, deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")
ROOT = Path(__file__).resolve().parent.parent
LONG = ("end_to_end", "faults", "setup", "core/engine", "core/training")
"""Folders whose tests begin first: no core shall wait for one long file at the end."""
SAMPLE_TEXTS = ROOT / "resources" / "sample" / "stories"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = [ROOT / "tests" / folder for folder in LONG]
    items.sort(
        key=lambda item: next(
            (n for n, place in enumerate(places) if item.path.is_relative_to(place)), len(places)
        )
    )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Texts of other people that are no part of the project; see its SOURCES.md."""
    path = Path(os.environ.get("TERAKOYA_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip(f"the test data is not at {path}; TERAKOYA_TEST_DATA says where it is")
    return path


@pytest.fixture(scope="session")
def little_texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tenth of the sample's stories in both languages: quick to read."""
    folder = tmp_path_factory.mktemp("texts") / "little stories"
    folder.mkdir()
    for language in ("en", "ja"):
        with (SAMPLE_TEXTS / f"stories-{language}.jsonl").open(encoding="utf-8") as lines:
            stories = [json.loads(line)["text"] for line in itertools.islice(lines, 120)]
        for index in range(0, len(stories), 4):
            text = "\n\n".join(stories[index : index + 4])
            (folder / f"{language}-{index:03}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


def tiny_recipe(**changes: object) -> Recipe:
    """Seconds to train: one layer, a short context, few steps."""
    values: dict[str, object] = {
        "minutes": None, "steps": 12, "layers": 1, "width": 64, "head_size": 32,
        "feed_forward": 128, "context": 64, "batch": 4, "seed": 7, "evaluations": 4,
    }  # fmt: skip
    return Recipe(**(values | changes))  # type: ignore[arg-type]


def train_job(home: Home, corpus: str, version: str, **changes: object) -> TrainJob:
    """The job of a tiny training on a corpus that has been read."""
    from core.corpus.library import CorpusLibrary

    manifest = CorpusLibrary(home).get(corpus)
    assert manifest.tokenizer is not None
    return TrainJob(
        version=version, corpus=corpus, snapshot=manifest.snapshot,
        tokenizer=manifest.tokenizer.hash, recipe=tiny_recipe(**changes), title=version,
    )  # fmt: skip


@pytest.fixture(scope="session")
def _raised(tmp_path_factory: pytest.TempPathFactory, little_texts: Path) -> Path:
    """A home with the corpus "Stories" and the version "Kiku", made by real workers."""
    home = Home(tmp_path_factory.mktemp("raised") / "home").prepare()
    engine = Engine(home)
    try:
        read = engine.submit(
            "read", ReadJob(corpus="Stories", paths=[str(little_texts)]), "Stories"
        )
        assert engine.wait(read, 120).state == "done", engine.record(read).error
        run = engine.submit("train", train_job(home, "Stories", "Kiku"), "Kiku")
        assert engine.wait(run, 120).state == "done", engine.record(run).error
    finally:
        engine.close(keep_trainings=False)
    return home.path


@pytest.fixture
def raised_home(_raised: Path, tmp_path: Path) -> Home:
    """A copy, to be changed at will, of a home with a corpus ("Stories"), a version ("Kiku"), and
    the run that it came from."""
    shutil.copytree(_raised, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def make_train_job() -> Callable[..., TrainJob]:
    """make_train_job(home, corpus, version, **recipe): the job of a tiny training."""
    return train_job
