"""What a run really takes: time, memory and energy, beside what was forecast.

Told as `measured` events, kept in the version's manifest, and remembered for the next plan.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import deque
from typing import Any, cast

import psutil
import torch

from core import events as ev
from core.errors import TerakoyaError
from core.files import read_json
from core.jobfolder import EventReader
from core.jobs.context import WorkerContext
from core.models.devices import device_name
from core.planning.adapters import effective
from core.planning.devices import device_named
from core.planning.energy import estimated_watts, load_prices
from core.planning.machine import GPU_WATTS, HOST_WATTS
from core.planning.measured import MeasuredRun, remember
from core.planning.plan import END_SHARE
from core.power import PowerMeter, Source, Used
from core.processes import living
from core.recipe import FamilyKey
from core.training.distributed.together import ranks
from core.training.prepare import Prepared

EVERY_SECONDS = 5.0
SETTLED_SECONDS = 60.0
"""Of training, after which the forecast of the end is made for good."""
_WINDOW_SECONDS = 120.0
_LEAST_TRAINED = 5.0
"""Seconds of steps below which a run teaches the planner nothing."""
_RANK: dict[Source, int] = {"estimate": 0, "rapl": 1, "nvml": 2}


class Reckoning:
    """Built before the first step of an attempt; `tick` is called where metrics are shown.

    Energy, peak memory and a settled forecast of earlier attempts are taken over from the run's
    events: what was used stays used.
    """

    def __init__(
        self, context: WorkerContext, prepared: Prepared, meter: PowerMeter | None = None
    ) -> None:
        self._context, self._p = context, prepared
        self._before = last_measured(context)
        self._prices = load_prices(context.home)
        self._meter = meter or _meter(prepared)
        self._watt_hours = float(self._before.get("energy_wh") or 0.0)
        self._metered = 0.0
        self._metered_seconds = 0.0
        self._source: Source | None = None
        self._forecast = float(self._before.get("seconds_forecast") or prepared.plan.seconds)
        self._settled = bool(self._before.get("settled"))
        self._ticked_at = 0.0
        self._begun: tuple[float, int] | None = None
        self._start_seconds: float | None = None
        self._paused = 0.0
        self._window: deque[tuple[float, int]] = deque()
        self._remembered = False

    def begin(self, step: int, elapsed: float) -> None:
        """The step after `step` comes next: the first, or the one that is gone back to.

        Args:
            elapsed: Seconds of work so far, over all attempts.
        """
        self._begun, self._paused = (elapsed, step), 0.0
        self._window = deque([(elapsed, step)])
        if step == 0 and self._start_seconds is None:
            self._start_seconds = elapsed

    def pause(self, seconds: float) -> None:
        """Time that was no training: a test on unseen text, a measurement of threads."""
        self._paused += seconds

    def tick(self, step: int, end: int, elapsed: float, tests: float, now: bool = False) -> None:
        """Measure and tell, at most every five seconds.

        Args:
            end: The step at which the run will end, as planned now.
            elapsed: Seconds of work so far, over all attempts.
            tests: Seconds that tests on unseen text will add to each step that is left.
            now: Also when the last time was a moment ago.
        """
        if not now and time.monotonic() - self._ticked_at < EVERY_SECONDS:
            return
        self._ticked_at = time.monotonic()
        self._window.append((elapsed - self._paused, step))
        while (
            len(self._window) > 2 and elapsed - self._paused - self._window[1][0] > _WINDOW_SECONDS
        ):
            self._window.popleft()
        self._measure_energy()
        whole = self._whole(step, end, elapsed, tests)
        trained = self._trained(elapsed)
        if whole is not None and not self._settled and trained >= SETTLED_SECONDS:
            self._forecast, self._settled = whole, True
            self._remember(step)
        self._tell(whole if whole is not None else self._forecast)

    def finish(self, step: int, elapsed: float) -> dict[str, Any]:
        """The last figures, when the run has ended; also the planner hears of them."""
        self._measure_energy()
        if self._trained(elapsed) >= _LEAST_TRAINED:
            self._window.append((elapsed - self._paused, step))
            self._remember(step, again=True)
        return self._tell(elapsed)

    def close(self) -> None:
        self._meter.close()

    # ---- figures -----------------------------------------------------------------------------

    def _tell(self, seconds_now: float) -> dict[str, Any]:
        plan = self._p.plan
        data: dict[str, Any] = {
            "seconds_forecast": self._forecast, "seconds_now": seconds_now,
            "memory_forecast": plan.memory_bytes, "memory_peak": self._memory_peak(),
            "energy_wh": self._watt_hours, "watts": self._watts(),
            "energy_source": self._source_so_far(),
            "co2_g": self._prices.co2_grams(self._watt_hours),
            "cost": self._prices.cost(self._watt_hours), "currency": self._prices.currency,
            "step_seconds": self._step_seconds(), "settled": self._settled,
        }  # fmt: skip
        self._context.emit(ev.Measured(data=data))
        return data

    def _trained(self, elapsed: float) -> float:
        """Seconds of steps in this attempt."""
        return elapsed - self._paused - self._begun[0] if self._begun else 0.0

    def _step_seconds(self) -> float | None:
        """Of late, tests left out."""
        if len(self._window) < 2 or self._window[-1][1] <= self._window[0][1]:
            return None
        (begun, first), (ended, last) = self._window[0], self._window[-1]
        return max(1e-9, (ended - begun) / (last - first))

    def _whole(self, step: int, end: int, elapsed: float, tests: float) -> float | None:
        """Seconds from the run's beginning to its published version, as it looks now."""
        one_step = self._step_seconds()
        if one_step is None:
            return None
        left = max(0, end - step) * (one_step + tests)
        minutes = self._p.job.recipe.minutes
        ending = max(3.5, min(120.0, END_SHARE / 2 * (minutes * 60 if minutes else elapsed + left)))
        return elapsed + left + ending

    def _memory_peak(self) -> int:
        """Of this process, and what its fellow ranks on this machine hold now."""
        device = self._p.device
        if device.type == "cuda":
            peak = int(torch.cuda.max_memory_allocated(device))
        else:
            peak = peak_bytes() + self._fellows()
        return max(peak, int(self._before.get("memory_peak") or 0))

    def _fellows(self) -> int:
        total = 0
        for child in _fellow_pids(self._context):
            with contextlib.suppress(psutil.Error):
                total += psutil.Process(child).memory_info().rss
        return total

    # ---- energy ------------------------------------------------------------------------------

    def _measure_energy(self) -> None:
        used: Used = self._meter.read()
        self._watt_hours += used.watt_hours
        self._metered += used.watt_hours
        self._metered_seconds += used.seconds
        if self._source is None or _RANK[used.source] < _RANK[self._source]:
            self._source = used.source  # A sum is as exact as its least exact part.

    def _watts(self) -> float | None:
        if self._metered_seconds <= 0:
            return None
        return 3600 * self._metered / self._metered_seconds

    def _source_so_far(self) -> str:
        before = self._before.get("energy_source")
        now = self._source or "estimate"
        return before if before in _RANK and _RANK[before] < _RANK[now] else now

    # ---- the planner's memory ----------------------------------------------------------------

    def _remember(self, step: int, again: bool = False) -> None:
        """Leave what this recipe took for the next plan; a disk that refuses costs only that."""
        one_step = self._step_seconds()
        if ranks() > 1:
            return  # Plans are made for one device.
        if one_step is None or (self._remembered and not again):
            return
        if self._p.job.teacher:
            return  # Its steps are also those of the teacher.
        plan, job = self._p.plan, self._p.job
        run = MeasuredRun(
            device=plan.device, name=device_name(self._p.device), threads=plan.threads,
            precision=plan.precision, optimiser=effective(job.recipe).optimiser,
            trained=plan.adapter_parameters, base_precision=plan.base_precision,
            activation_checkpointing=plan.activation_checkpointing,
            optimiser_precision=plan.optimiser_precision, tried=bool(self._p.decisions.get("precisions_tried")), layers=plan.layers, width=plan.width,
            heads=plan.heads, kv_heads=plan.kv_heads, head_size=plan.head_size,
            feed_forward=plan.feed_forward, tied=plan.tied, family=cast(FamilyKey, plan.family),
            experts=plan.experts, chosen=plan.chosen, vocabulary=plan.vocabulary,
            context=plan.context, batch=plan.batch, micro_batch=plan.micro_batch,
            train_tokens=len(self._p.store.split("train").tokens), step_seconds=one_step,
            start_seconds=self._start_seconds, memory_peak=self._memory_peak(),
            watts=self._watts(), energy_source=self._source or "estimate",
            compile=bool(self._p.decisions.get("compiled")),
        )  # fmt: skip
        with contextlib.suppress(OSError, TerakoyaError, ValueError):
            remember(self._context.home, run)
            self._remembered = True


def last_measured(context: WorkerContext) -> dict[str, Any]:
    """What earlier attempts of this run told; empty in the first."""
    if context.attempt <= 1:
        return {}
    found: dict[str, Any] = {}
    reader = EventReader(context.folder)
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Measured):
                found = event.data
    return found


def peak_bytes() -> int:
    """Most memory that this process ever held."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _fellow_pids(context: WorkerContext) -> list[int]:
    """Other ranks of this run on this machine."""
    found: list[int] = []
    if ranks() == 1:
        return found
    for file in (context.folder.path / "ranks").glob("*.json"):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            process = living(read_json(file))
            if process is not None and process.pid != os.getpid():
                found.append(process.pid)
    return found


def _meter(prepared: Prepared) -> PowerMeter:
    device = prepared.device
    if device.type == "cpu":
        memory = prepared.plan.memory_bytes
        return PowerMeter([], lambda cores: estimated_watts(cores, memory))
    card = device_named(device_name(device))
    watts = (card.watts if card else GPU_WATTS) + HOST_WATTS
    local = torch.cuda.device_count() if device.type == "cuda" and ranks() > 1 else 1
    gpus = range(local) if ranks() > 1 else [device.index or 0]
    return PowerMeter(list(gpus) if device.type == "cuda" else [], lambda _: watts * local)
