"""Real trainings by real workers in a home of their own, and what was forecast of them."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.corpus.library import CorpusLibrary
from core.engine.engine import Engine
from core.engine.record import JobRecord
from core.home import Home
from core.jobs.kinds import MeasureJob, ReadJob, TrainJob
from core.planning.machine import load_machine
from core.planning.plan import Plan, make_plan
from core.planning.text import text_of
from core.recipe import Recipe
from tests.benchmarks.common import ROOT, data_folder

SAMPLE = ROOT / "resources" / "sample" / "stories"
RECIPES: dict[str, tuple[int, dict[str, Any]]] = {
    "0.3M": (1024, {"layers": 1, "width": 96, "context": 128, "batch": 16}),
    "1.3M": (1024, {"layers": 4, "width": 128, "context": 128, "batch": 16}),
    "1.3M, batch 64": (1024, {"layers": 4, "width": 128, "context": 128, "batch": 64}),
    "3.7M": (1024, {"layers": 4, "width": 256, "context": 256, "batch": 16}),
    "2M, context 1024": (1024, {"layers": 2, "width": 256, "context": 1024, "batch": 8}),
    "14M": (4096, {"layers": 6, "width": 384, "context": 256, "batch": 8}),
    "14M, fp32": (
        4096,
        {"layers": 6, "width": 384, "context": 256, "batch": 4, "precision": "fp32"},
    ),
    "32M": (8192, {"layers": 8, "width": 512, "context": 512, "batch": 4}),
}
"""Name → (vocabulary, recipe)."""


@dataclass
class Bench:
    """A home with corpora, and an engine on it."""

    home: Home
    engine: Engine

    def plan(self, vocabulary: int, recipe: Recipe) -> Plan:
        """As the window would show it now."""
        return make_plan(recipe, text_of(self._corpus(vocabulary), recipe), load_machine(self.home))

    def train(self, vocabulary: int, recipe: Recipe, name: str) -> JobRecord:
        """A training to its end. Raises RuntimeError with what stopped it."""
        corpus = self._corpus(vocabulary)
        job = TrainJob(
            version=self.home_name(name), corpus=corpus.name, snapshot=corpus.snapshot,
            tokenizer=corpus.tokenizer.hash if corpus.tokenizer else "", recipe=recipe, title=name,
        )  # fmt: skip
        record = self.engine.wait(self.engine.submit("train", job, name))
        if record.state != "done":
            raise RuntimeError(f"{name}: {record.state}, {record.error}")
        return record

    def home_name(self, name: str) -> str:
        return f"{name} {len(list(self.home.runs.iterdir()))}"

    def _corpus(self, vocabulary: int) -> Any:
        name = f"v{vocabulary}"
        library = CorpusLibrary(self.home)
        if not library.exists(name):
            folder = data_folder()
            file = folder / "en-pretrain" / "tinyshakespeare.txt" if folder else SAMPLE
            path = file if file.exists() else SAMPLE
            read = ReadJob(corpus=name, paths=[str(path)], vocabulary=vocabulary)
            assert self.engine.wait(self.engine.submit("read", read, name)).state == "done"
        return library.get(name)


@contextlib.contextmanager
def bench() -> Generator[Bench]:
    """Gone afterwards; the machine is measured."""
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as temporary:
        home = Home(Path(temporary)).prepare()
        engine = Engine(home)
        try:
            engine.wait(engine.submit("measure", MeasureJob(), "machine"))
            yield Bench(home, engine)
        finally:
            engine.close(keep_trainings=False)


@functools.cache
def short_runs() -> dict[str, tuple[Plan, JobRecord]]:
    """Name → (what was forecast in a home that knows nothing, the run), each of a few steps."""
    found: dict[str, tuple[Plan, JobRecord]] = {}
    for name, (vocabulary, values) in RECIPES.items():
        with bench() as fresh:
            recipe = Recipe(steps=12, evaluations=1, **values)
            before = fresh.plan(vocabulary, recipe)
            found[name] = (before, fresh.train(vocabulary, recipe, name))
    return found
