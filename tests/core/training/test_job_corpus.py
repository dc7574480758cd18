"""The training job and its corpus: another vocabulary, and names that change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tokenizers import Tokenizer

from core import events as ev
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.sentences import Sentence
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


@pytest.fixture
def job(raised_home: Home, make_train_job: MakeJob) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Ume", steps=30, evaluations=3)


def test_another_vocabulary_gets_a_tokenizer_of_its_own(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    recipe = job.recipe.model_copy(update={"vocabulary": 300})
    train_here(raised_home, job.model_copy(update={"recipe": recipe}))
    folder = VersionLibrary(raised_home).get("Ume").path
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size() == 300
    [run] = [path for path in raised_home.runs.iterdir() if "train" in path.name and
             JobFolder(path).read().config["version"] == "Ume"]  # fmt: skip
    pinned = JobFolder(run).read().config["tokenizer"]
    assert pinned != job.tokenizer
    assert CorpusLibrary(raised_home).tokenizer_file("Stories", pinned).is_file()


def test_a_vocabulary_that_the_text_does_not_give_is_said(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    recipe = job.recipe.model_copy(update={"vocabulary": 20_000, "steps": 2})
    done = train_here(raised_home, job.model_copy(update={"recipe": recipe}))
    [warned] = [event for event in done.of(ev.Warned) if event.code == "vocabulary"]
    words = Sentence.from_json(warned.sentence).english()
    real = done.of(ev.Planned)[0].plan["vocabulary"]
    assert real < 20_000 and words.startswith(f"The text gives a vocabulary of {real} tokens")


def test_a_corpus_that_was_renamed_is_still_found(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    library = CorpusLibrary(raised_home)
    pinned = job.model_copy(update={"corpus_id": library.get(job.corpus).id})
    library.rename(job.corpus, "別の名前")
    assert train_here(raised_home, pinned).outcome == "done"


def test_a_corpus_may_be_renamed_while_it_is_read_by_a_run(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    library = CorpusLibrary(raised_home)

    def rename(_: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step == 0:
            library.rename(job.corpus, "別の名前")

    done = train_here(raised_home, job, rename)
    assert done.outcome == "done"
    assert not library.exists(job.corpus)
