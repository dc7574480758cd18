"""What trainings really took on this machine: kept beside machine.json, so that the next forecast
is right.

Each run of a minute or more leaves one entry. The planner's formulas know the shape of the costs;
the entries correct their size, most where a recipe resembles one that was measured.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError

from core.config import Config
from core.files import FileLock, read_json, write_json
from core.home import Home
from core.planning.adapters import Adapters
from core.planning.dial import Shape
from core.recipe import FamilyKey

SCHEMA = 1
MOST_RUNS = 32
_PRIOR = 0.02
"""Weight of "the formula is right" against one run of exactly this recipe."""
_OUTLIER = math.log(2.5)
"""A run that is further than this from the usual correction (the machine was busy) counts as near."""


Features = tuple[float, ...]
"""Logarithms of what a cost depends on."""


def features(shape: Shape, vocabulary: int, batch: int, micro_batch: int, context: int) -> Features:
    """Of a step: size, width, tokens of the batch, tokens of a micro-batch, context."""
    return (
        math.log(shape.parameters(vocabulary)), math.log(shape.width),
        math.log(batch * context), math.log(micro_batch * context), 0.5 * math.log(context),
    )  # fmt: skip


class MeasuredRun(Config):
    """One run. Seconds, bytes, watts; the shape and the choices that its figures depend on."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    time: float = 0.0
    device: str
    name: str = ""
    threads: int = 1
    precision: str
    optimiser: str = "muon"
    compile: bool = False
    activation_checkpointing: bool = False
    optimiser_precision: str = "fp32"
    tried: bool = False
    """Whether both precisions were timed before the first step, which takes memory."""
    trained: int = 0
    """Numbers in adapters; 0: all weights were trained."""
    base_precision: str = ""
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    tied: bool
    family: FamilyKey = "qwen3"
    experts: int = 0
    chosen: int = 0
    vocabulary: int
    context: int
    batch: int
    micro_batch: int
    train_tokens: int = 0
    step_seconds: float
    start_seconds: float | None = None
    """From the worker's birth to its first step."""
    memory_peak: int = 0
    watts: float | None = None
    energy_source: str = "estimate"

    @property
    def shape(self) -> Shape:
        return Shape(
            self.layers, self.width, self.heads, self.kv_heads, self.head_size, self.feed_forward,
            self.tied, self.family, self.experts, self.chosen,
        )  # fmt: skip

    @property
    def adapters(self) -> Adapters | None:
        return Adapters(self.trained, self.base_precision) if self.trained else None

    @property
    def features(self) -> Features:
        return features(
            self.shape, self.vocabulary, self.batch, max(1, self.micro_batch), self.context
        )

    def same_recipe(self, other: MeasuredRun) -> bool:
        """Whether it measured the same thing again."""
        unlike = {"time", "step_seconds", "start_seconds", "memory_peak", "watts", "energy_source"}
        return self.model_dump(exclude=unlike) == other.model_dump(exclude=unlike)


def measured_file(home: Home) -> Path:
    return home.machine_file.with_name("measured.json")


def load_runs(home: Home) -> list[MeasuredRun]:
    """Oldest first; what is damaged, or newer than this program, is passed over."""
    data = _read(home)
    if not isinstance(data, dict) or data.get("schema_version") != SCHEMA:
        return []
    entries = data.get("runs")
    found: list[MeasuredRun] = []
    for entry in entries if isinstance(entries, list) else []:
        try:
            run = MeasuredRun.model_validate(entry)
        except ValidationError:
            continue
        if run.step_seconds > 0 and min(run.layers, run.width, run.batch, run.context) > 0:
            found.append(run)
    return found[-MOST_RUNS:]


def remember(home: Home, run: MeasuredRun) -> None:
    """Add a run; it replaces one of the same recipe. Raises NoSpace, NoPermission or OSError."""
    with FileLock(home.path / "measured.lock"):
        data = _read(home)
        newer = data.get("schema_version") if isinstance(data, dict) else None
        if isinstance(newer, int) and newer > SCHEMA:
            return  # A newer program's measurements are not ours to overwrite.
        kept = [old for old in load_runs(home) if not old.same_recipe(run)]
        stamped = run.model_copy(update={"time": run.time or time.time()})
        runs = [one.model_dump(mode="json") for one in [*kept, stamped][-MOST_RUNS:]]
        write_json(measured_file(home), {"schema_version": SCHEMA, "runs": runs})


def _read(home: Home) -> Any:
    try:
        return read_json(measured_file(home))
    except (OSError, ValueError):
        return None


def correction(at: Features, known: Iterable[tuple[Features, float]]) -> float:
    """The factor by which a formula is to be multiplied at `at`.

    Args:
        known: Features and measured ÷ formula of each run.

    The mean of the logarithms, weighted by nearness with a heavy tail (a machine that is slow is
    slow at every size) against a small vote for the formula as it is; 1 where nothing is known.
    """
    points = [(f, math.log(ratio)) for f, ratio in known if ratio > 0]
    if not points:
        return 1.0
    usual = _median([value for _, value in points])
    total, weights = 0.0, _PRIOR
    for features, value in points:
        apart = sum((a - b) ** 2 for a, b in zip(at, features, strict=True))
        weight = 1 / (1 + apart) ** 2
        total += weight * min(usual + _OUTLIER, max(usual - _OUTLIER, value))
        weights += weight
    return math.exp(total / weights)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
