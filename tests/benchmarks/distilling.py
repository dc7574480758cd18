"""Distilling: how much of a teacher's gain over a unigram a pupil of half its size keeps.

A teacher is trained on the Japanese test data for some minutes, then a pupil of at most half its
parameters learns from it, as a user would have it (`train --objective distil`). Both are measured on
the same unseen text; gain = bits per byte of the unigram − bits per byte of the version. With `--long`
the same pupil is also trained without its teacher, for as many steps.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.engine.engine import Engine
from core.home import Home
from core.jobs.kinds import ReadJob, TrainJob
from core.recipe import Recipe
from core.versions.again import counterpart_job
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.worth import worth
from tests.benchmarks.common import Row, data_folder, long_run

TEACHER: dict[str, Any] = {
    "layers": 6, "width": 256, "context": 128, "batch": 16, "steps": 900,
}  # fmt: skip
PUPIL: dict[str, Any] = {"objective": "distil", "batch": 16, "steps": 900}
_LAYERS = 2
"""Of the pupil: with its tables less than half of the teacher's parameters."""


def run() -> list[Row]:
    """About ten minutes on two cores; with `--long` five more."""
    data = data_folder()
    if data is None:
        return [
            {"name": "kept of the teacher's gain", "value": None, "unit": "", "note": "no data"}
        ]
    with _home() as (home, engine):
        corpus = _read(home, engine, data / "ja-pretrain")
        teacher = _train(home, engine, corpus, "Teacher", Recipe(**TEACHER))
        recipe = Recipe(**PUPIL, layers=_LAYERS)
        pupil = _train(home, engine, corpus, "Pupil", recipe, teacher)
        rows = _rows(corpus, teacher, pupil)
        if long_run():
            rows += _alone(home, engine, pupil)
        return rows


def _rows(corpus: CorpusManifest, teacher: VersionEntry, pupil: VersionEntry) -> list[Row]:
    unigram = corpus.baselines.unigram or 0.0
    gains = [unigram - _bits(version) for version in (teacher, pupil)]
    one, two = teacher.manifest.measures, pupil.manifest.measures
    kept = "layers of the teacher that it began with: "
    layers = pupil.manifest.decisions["pupil"]["begins_with_layers"]
    return [
        {"name": "unigram", "value": unigram, "unit": "bits/byte"},
        {
            "name": "teacher", "value": _bits(teacher), "unit": "bits/byte",
            "note": f"{one.parameters:,} parameters, {one.steps:,} steps, {one.epochs:.1f} passes",
        },
        {
            "name": "pupil", "value": _bits(pupil), "unit": "bits/byte",
            "note": f"{two.parameters:,} parameters, {two.steps:,} steps, {two.epochs:.1f} passes; {kept}{layers}",
        },
        {
            "name": "pupil's size", "value": two.parameters / one.parameters, "unit": "×",
            "target": "≤ 0.5",
        },
        {
            "name": "kept of the teacher's gain", "value": gains[1] / gains[0], "unit": "",
            "target": "≥ 0.95",
        },
    ]  # fmt: skip


def _alone(home: Home, engine: Engine, pupil: VersionEntry) -> list[Row]:
    """The pupil's sizes and steps without a teacher, from nothing."""
    job = counterpart_job(home, pupil.id)
    _ended(engine, engine.submit("train", job, job.version))
    found = worth(home, pupil.id)
    assert found is not None
    return [
        {
            "name": "the same without a teacher", "value": found.scratch.bits_per_byte,
            "unit": "bits/byte", "note": found.sentence.english(),
        }
    ]  # fmt: skip


@contextlib.contextmanager
def _home() -> Generator[tuple[Home, Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").prepare()
        engine = Engine(home)
        try:
            yield home, engine
        finally:
            engine.close(keep_trainings=False)


def _read(home: Home, engine: Engine, folder: Path) -> CorpusManifest:
    _ended(engine, engine.submit("read", ReadJob(corpus="Japanese", paths=[str(folder)])))
    return CorpusLibrary(home).get("Japanese")


def _train(
    home: Home, engine: Engine, corpus: CorpusManifest, name: str, recipe: Recipe,
    teacher: VersionEntry | None = None,
) -> VersionEntry:  # fmt: skip
    job = TrainJob(
        version=name, corpus=corpus.name, corpus_id=corpus.id, snapshot=corpus.snapshot,
        tokenizer=corpus.tokenizer.hash if corpus.tokenizer else "", recipe=recipe, title=name,
        teacher=teacher.id if teacher else None,
    )  # fmt: skip
    _ended(engine, engine.submit("train", job, name))
    return VersionLibrary(home).get(name)


def _ended(engine: Engine, run: str) -> None:
    record = engine.wait(run)
    if record.state != "done":
        raise RuntimeError(record.error.english() if record.error else record.state)


def _bits(version: VersionEntry) -> float:
    found = version.manifest.measures.heldout_bits_per_byte
    assert found is not None
    return found
