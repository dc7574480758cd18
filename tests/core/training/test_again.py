"""Training again: the counterpart that begins from nothing, and the repetition of a version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core import events as ev
from core.corpus.reading import read_corpus_now
from core.errors import NotComparable
from core.files import read_json, write_json
from core.home import Home
from core.intervals import bits_per_byte_interval
from core.jobs.context import WorkerContext
from core.jobs.kinds import ReadJob, TrainJob
from core.models.load import load_model
from core.sentences import Sentence
from core.tokenizer import files as tokenizer_files
from core.versions.again import counterpart_job, repetition_job, run_of
from core.versions.library import VersionLibrary
from core.versions.scores import kept_scores
from core.versions.worth import counterpart_of, worth
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


def read_authors(home: Home, shared_data: Path, tmp_path: Path, name: str, *patterns: str) -> None:
    """A corpus of a few works of each author."""
    folder, scratch = tmp_path / name, tmp_path / f"{name} parts"
    folder.mkdir()
    scratch.mkdir()
    for pattern in patterns:
        works = sorted((shared_data / "ja-pretrain" / "aozora").glob(f"{pattern}*"))
        for work in [w for w in works if w.stat().st_size < 40_000][:8]:
            shutil.copy(work, folder)
    read_corpus_now(home, ReadJob(corpus=name, paths=[str(folder)], vocabulary=800), scratch)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authors")


@pytest.fixture
def authors(
    made_once: Path, shared_data: Path, tmp_path: Path, make_train_job: MakeJob, train_here: Train
) -> Home:
    """“Base” read Akutagawa and Terada; “Niimi” is it, specialised on another author. A copy."""
    whole = made_once / "home"
    if not whole.is_dir():
        home = Home(made_once / "making").prepare()
        read_authors(home, shared_data, tmp_path, "Two", "aozora-akutagawa", "aozora-terada")
        read_authors(home, shared_data, tmp_path, "One", "aozora-niimi")
        base = make_train_job(home, "Two", "Base", steps=90, batch=12, width=96, feed_forward=256)
        assert train_here(home, base).outcome == "done"
        job = make_train_job(
            home, "One", "Niimi", steps=20, batch=8, layers=None, width=None, head_size=None,
            feed_forward=None, evaluations=4,
        )  # fmt: skip
        parent = VersionLibrary(home).get("Base")
        train_here(home, job.model_copy(update={"parent": parent.id}))
        home.path.rename(whole)
    shutil.copytree(whole, tmp_path / "home")
    return Home(tmp_path / "home")


def test_specialising_on_another_author_is_worth_it_and_the_figures_say_so(
    authors: Home, train_here: Train
) -> None:
    assert worth(authors, "Niimi") is None
    job = counterpart_job(authors, "Niimi")
    made = train_here(authors, job)
    assert made.outcome == "done"
    library = VersionLibrary(authors)
    tuned, scratch = library.get("Niimi"), library.get(job.version)
    assert counterpart_of(authors, "Niimi") == library.list()[-1]
    # The same in everything but where it began.
    assert scratch.manifest.parents == []
    assert load_model(scratch.path).config == load_model(tuned.path).config
    assert tokenizer_files.load(scratch.path).to_str() == tokenizer_files.load(tuned.path).to_str()
    for name in ("steps", "tokens_seen"):
        assert getattr(scratch.manifest.measures, name) == getattr(tuned.manifest.measures, name)
    [first, *_] = made.of(ev.Evaluated)
    assert first.loss == pytest.approx(
        np.log(tokenizer_files.load(tuned.path).get_vocab_size()), abs=1e-2
    )

    found = worth(authors, tuned.id)
    assert found is not None
    assert found.verdict == "worth"
    assert found.low is not None
    assert found.high is not None
    assert found.low < (found.difference or 0) < found.high < 0
    one, two = kept_scores(tuned.path), kept_scores(scratch.path)
    assert one is not None
    assert two is not None
    apart = (np.sum(one.nats) - np.sum(two.nats)) / np.log(2) / np.sum(one.bytes)
    assert found.difference == pytest.approx(apart)
    low, _ = bits_per_byte_interval(np.array(one.nats), np.array(one.bytes))
    assert found.specialised.low == pytest.approx(low)
    # The curves: every step once, checks at the steps that were tested.
    assert found.scratch.steps == list(range(1, 21))
    assert [p.step for p in found.specialised.checks] == [0, 5, 10, 15, 20]
    assert found.equal is not None
    assert found.equal.bits_per_byte <= min(p.bits_per_byte for p in found.scratch.checks)
    assert "It was worth it: “Niimi”" in found.sentence.english()
    assert found.to_json()["scratch"]["name"] == job.version


def test_a_counterpart_that_was_paused_is_found_again(authors: Home, train_here: Train) -> None:
    def ask(context: WorkerContext, event: ev.Event) -> None:
        context.folder.ask(context.attempt, "pause")

    tuned = VersionLibrary(authors).get("Niimi")
    assert run_of(authors, counterpart_of=tuned.id) is None
    paused = train_here(authors, counterpart_job(authors, "Niimi"), ask)
    assert run_of(authors, counterpart_of=tuned.id) == paused.folder.id


def test_what_has_no_origin_or_was_not_trained_here_has_no_counterpart(raised_home: Home) -> None:
    with pytest.raises(NotComparable, match="it was trained from nothing itself"):
        counterpart_job(raised_home, "Kiku")
    VersionLibrary(raised_home).update("Kiku", recipe={}, decisions={})
    with pytest.raises(NotComparable, match="it was not trained here"):
        counterpart_job(raised_home, "Kiku")
    with pytest.raises(NotComparable, match="it was not trained here"):
        repetition_job(raised_home, "Kiku")


def test_differences_within_the_noise_are_no_verdict(authors: Home) -> None:
    """A version beside a copy of itself whose figures are a little shaken."""
    folder = authors.versions / "Shaken"
    tuned = VersionLibrary(authors).get("Niimi")
    shutil.copytree(tuned.path, folder)
    data = read_json(folder / "version.json")
    write_json(folder / "version.json", {**data, "id": "shaken", "compared_with": tuned.id})
    kept = read_json(folder / "heldout.json")
    noise = np.random.default_rng(1).normal(0, 0.02, len(kept["nats"]))
    write_json(
        folder / "heldout.json", {**kept, "nats": (np.array(kept["nats"]) * (1 + noise)).tolist()}
    )
    found = worth(authors, "Niimi")
    assert found is not None
    assert found.verdict == "unclear"
    assert "within the noise" in found.sentence.english()
    (folder / "heldout.json").unlink()
    found = worth(authors, "Niimi")
    assert found is not None
    assert (found.low, found.high, found.verdict) == (None, None, "unclear")


# ---- repetition ----------------------------------------------------------------------------------


def test_a_version_is_reproduced_bit_for_bit(authors: Home, train_here: Train) -> None:
    library = VersionLibrary(authors)
    for name in ("Niimi", "Base"):
        job = repetition_job(authors, name)
        assert job.version == f"{name} again"
        done = train_here(authors, job)
        found = done.of(ev.Result)[0].data["reproduction"]
        assert found["identical"], Sentence.from_json(found["sentence"]).english()
        before, after = library.get(name).manifest, library.get(job.version).manifest
        assert before.hashes["model.safetensors"] == after.hashes["model.safetensors"]
        assert after.reproduces == before.id
        assert after.parents == before.parents
        assert after.measures.heldout_loss == before.measures.heldout_loss


def test_a_repetition_that_differs_says_how_far_and_why(authors: Home, train_here: Train) -> None:
    entry = VersionLibrary(authors).get("Niimi")
    weights = load_file(entry.path / "model.safetensors")
    name = next(iter(weights))
    weights[name] = weights[name] + np.float32(0.25)
    save_file(weights, entry.path / "model.safetensors", metadata={"format": "pt"})
    decisions = {**entry.manifest.decisions, "torch": "1.0"}
    VersionLibrary(authors).update("Niimi", decisions=decisions)
    done = train_here(authors, repetition_job(authors, "Niimi", "Copy"))
    found = done.of(ev.Result)[0].data["reproduction"]
    assert not found["identical"]
    assert found["largest"] == pytest.approx(0.25, rel=1e-3)
    assert 0 < found["relative"] < 1
    words = Sentence.from_json(found["sentence"]).english()
    assert "PyTorch was 1.0 then" in words
