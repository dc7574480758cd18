"""What a run was planned to cost beside what it costs: time, speed, memory and energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.engine.record import JobRecord

Verdict = Literal["", "planned", "more", "less"]
_OF_LATE = 2048  # Steps.
NEAR = {"time": 0.15, "speed": 0.15, "memory": 0.10, "energy": 0.15}
"""How far a figure may be from its forecast and still be called as planned."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure: seconds, tokens a second, bytes or watt-hours; None where it is not known (yet)."""

    planned: float | None = None
    real: float | None = None
    near: float = 0.15

    @property
    def difference(self) -> float | None:
        """Share by which the real figure is larger than the planned one."""
        if not self.planned or self.real is None:
            return None
        return self.real / self.planned - 1

    @property
    def verdict(self) -> Verdict:
        by = self.difference
        if by is None:
            return ""
        return "planned" if abs(by) <= self.near else "more" if by > 0 else "less"


@dataclass(frozen=True, slots=True)
class Reality:
    """The four figures of a run. Time, memory and energy are those of the whole run, as it looks
    now; `used_wh` is what it took until now."""

    time: Compared
    speed: Compared
    memory: Compared
    energy: Compared
    used_wh: float | None
    measured: dict[str, Any]


def reality_of(record: JobRecord) -> Reality | None:
    """None for a run that nothing was planned for yet."""
    plan, measured = record.plan, record.measured
    if not plan.get("seconds"):
        return None
    seconds = _number(measured, "seconds_now")
    if seconds is None and record.state == "done" and record.attempt == 1:
        seconds = (record.ended_at or 0) - (record.started_at or 0) or None
    used = _number(measured, "energy_wh")
    return Reality(
        Compared(_number(measured, "seconds_forecast") or _number(plan, "seconds"), seconds,
                 NEAR["time"]),
        Compared(_planned_speed(plan), _speed(record), NEAR["speed"]),
        Compared(_number(measured, "memory_forecast") or _number(plan, "memory_bytes"),
                 _number(measured, "memory_peak"), NEAR["memory"]),
        Compared(_number(plan, "energy_wh"), _whole_energy(record, used), NEAR["energy"]),
        used, measured,
    )  # fmt: skip


def _planned_speed(plan: dict[str, Any]) -> float | None:
    step = _number(plan, "step_seconds")
    tokens = (_number(plan, "batch") or 0) * (_number(plan, "context") or 0)
    return tokens / step if step and tokens else None


def _speed(record: JobRecord) -> float | None:
    """The middle of what was measured of late: single values jump."""
    speeds = record.metrics.column("tokens_per_second")[-_OF_LATE:]
    speeds = speeds[np.isfinite(speeds)]
    return float(np.median(speeds)) if len(speeds) else None


def _whole_energy(record: JobRecord, used: float | None) -> float | None:
    """What was used, and before its end what the time that is left will use at the same power."""
    if used is None or record.state == "done":
        return used
    eta = record.progress.eta if record.progress else None
    watts = _number(record.measured, "watts")
    return None if eta is None or watts is None else used + watts * eta / 3600


def _number(values: dict[str, Any], key: str) -> float | None:
    value = values.get(key)
    return float(value) if isinstance(value, int | float) and value > 0 else None
