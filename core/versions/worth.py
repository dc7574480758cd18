"""Was it worth it? A specialised version beside its counterpart, which read the same text with the
same budget but began from nothing."""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.home import Home
from core.intervals import paired_difference
from core.sentences import N_, Sentence, Value, signed
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.scores import kept_scores

Verdict = Literal["worth", "not", "unclear"]
MOST_POINTS = 600


@dataclass(frozen=True)
class Point:
    """A measure on unseen text while training."""

    step: int
    seconds: float
    tokens: float
    bits_per_byte: float


@dataclass(frozen=True)
class Curve:
    """How one of the two learnt: `steps`, `seconds`, `tokens` and `losses` (nats per token of the
    training text, thinned), `checks` on unseen text, and the final figure with its interval."""

    id: str
    name: str
    title: str
    colour: str
    steps: list[int] = field(default_factory=list[int])
    seconds: list[float] = field(default_factory=list[float])
    tokens: list[float] = field(default_factory=list[float])
    losses: list[float] = field(default_factory=list[float])
    checks: list[Point] = field(default_factory=list[Point])
    bits_per_byte: float | None = None
    low: float | None = None
    high: float | None = None
    measured_seconds: float = 0.0


@dataclass(frozen=True)
class Worth:
    """What the comparison came to. `difference` (specialised − from scratch, bits per byte, with its
    95 % interval where both were measured on the same units). `equal`: the first check at which the
    specialised one was as good as the other at its end."""

    specialised: Curve
    scratch: Curve
    difference: float | None
    low: float | None
    high: float | None
    equal: Point | None
    verdict: Verdict
    sentence: Sentence

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "sentence": self.sentence.to_json()}


def counterpart_of(home: Home, version: str) -> VersionEntry | None:
    """The newest whole version that was trained as the counterpart of `version` (name or id)."""
    library = VersionLibrary(home)
    wanted = library.get(version).id
    found = [
        e for e in library.list()
        if e.manifest.compared_with == wanted and e.manifest.reproduces is None and not e.problem
    ]  # fmt: skip
    return found[-1] if found else None


def worth(home: Home, version: str) -> Worth | None:
    """The comparison of a specialised version with its counterpart; None while there is none.
    Raises NotFound."""
    entry, other = VersionLibrary(home).get(version), counterpart_of(home, version)
    if other is None:
        return None
    one, two = curve_of(entry), curve_of(other)
    difference, low, high = _difference(entry.path, other.path, one, two)
    verdict = _verdict(one, two, low, high)
    equal = _equal(one, two)
    sentence = _sentence(one, two, verdict, difference, low, high, equal)
    return Worth(one, two, difference, low, high, equal, verdict, sentence)


def curve_of(entry: VersionEntry) -> Curve:
    """From metrics.jsonl and version.json; empty where there are none."""
    steps: list[int] = []
    columns: dict[str, list[float]] = {"seconds": [], "tokens": [], "loss": []}
    checks: list[tuple[int, float]] = []
    for row in _rows(entry.path / "metrics.jsonl"):
        if "metrics" in row:
            steps += [int(step) for step in row["metrics"]["step"]]
            for name, values in columns.items():
                values += [math.nan if v is None else float(v) for v in row["metrics"][name]]
        elif row.get("bits_per_byte") is not None:
            checks.append((int(row["step"]), float(row["bits_per_byte"])))
    measures, manifest = entry.manifest.measures, entry.manifest
    points = [
        Point(step, _at(steps, columns["seconds"], step), _at(steps, columns["tokens"], step), bits)
        for step, bits in checks
    ]  # fmt: skip
    every = max(1, -(-len(steps) // MOST_POINTS))
    return Curve(
        entry.id, entry.name, manifest.title, manifest.colour, steps[::every],
        columns["seconds"][::every], columns["tokens"][::every], columns["loss"][::every], points,
        measures.heldout_bits_per_byte, measures.heldout_low, measures.heldout_high,
        measures.seconds,
    )  # fmt: skip


def _rows(path: Path) -> list[dict[str, Any]]:
    """A row that is none is passed over: the curve is shown as far as it can be read."""
    found: list[dict[str, Any]] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            found.append(row)
    return found


def _at(steps: list[int], values: list[float], step: int) -> float:
    """The value that was measured at `step`, or after the last one before it; 0 at the beginning."""
    place = bisect_left(steps, step)
    if place < len(steps) and steps[place] == step:
        return values[place]
    return values[place - 1] if place else 0.0


def _difference(
    one: Path, two: Path, first: Curve, second: Curve
) -> tuple[float | None, float | None, float | None]:
    """(specialised − from scratch, low, high) in bits per byte."""
    kept, other = kept_scores(one), kept_scores(two)
    if kept and other and kept.fits(other) and len(kept.nats) > 1:
        return paired_difference(np.array(kept.nats), np.array(other.nats), np.array(kept.bytes))
    if first.bits_per_byte is None or second.bits_per_byte is None:
        return None, None, None
    return first.bits_per_byte - second.bits_per_byte, None, None


def _verdict(one: Curve, two: Curve, low: float | None, high: float | None) -> Verdict:
    """Only a difference beyond the noise is one; without pairs, intervals that do not overlap."""
    if low is not None and high is not None:
        return "worth" if high < 0 else "not" if low > 0 else "unclear"
    if None in (one.low, one.high, two.low, two.high):
        return "unclear"
    if one.high < two.low:  # type: ignore[operator]
        return "worth"
    return "not" if one.low > two.high else "unclear"  # type: ignore[operator]


def _equal(one: Curve, two: Curve) -> Point | None:
    """Where the specialised one is first as good as the other ever was at a check."""
    if not two.checks:
        return None
    goal = min(point.bits_per_byte for point in two.checks)
    return next((point for point in one.checks if point.bits_per_byte <= goal), None)


def _sentence(
    one: Curve, two: Curve, verdict: Verdict, difference: float | None, low: float | None,
    high: float | None, equal: Point | None,
) -> Sentence:  # fmt: skip
    values: dict[str, Value] = {
        "name": one.title, "one": _bits(one.bits_per_byte), "two": _bits(two.bits_per_byte),
        "difference": f"{abs(difference or 0):.3f}",
        "low": _signed(low), "high": _signed(high),
    }  # fmt: skip
    if verdict == "worth" and low is not None and high is not None:  # "… better" has no sign.
        values |= {"low": f"{-high:.3f}", "high": f"{-low:.3f}"}
    if verdict == "unclear":
        return Sentence("Worth", N_("Worth", "Whether it was worth it cannot be told: “{name}” reaches {one} bits per byte on unseen text and the same training from nothing {two}, a difference within the noise (95 %: {low} to {high})."), values)  # fmt: skip
    if verdict == "not":
        return Sentence("Worth", N_("Worth", "It was not worth it here: from nothing the same training reaches {two} bits per byte on unseen text, better than the {one} of “{name}” (95 % of the difference: {low} to {high})."), values)  # fmt: skip
    if equal is None:
        return Sentence("Worth", N_("Worth", "It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high})."), values)  # fmt: skip
    whole = two.seconds[-1] if two.seconds else two.measured_seconds
    values |= {"whole": duration(whole), "time": duration(equal.seconds), "steps": equal.step}
    if equal.step == 0:
        return Sentence("Worth", N_("Worth", "It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high}). It was as good as that before its first step, where the other took {whole}."), values)  # fmt: skip
    return Sentence("Worth", N_("Worth", "It was worth it: “{name}” reaches {one} bits per byte on unseen text, {difference} better than the {two} of the same training from nothing (95 %: {low} to {high}). It was as good as that after {time} and {steps} steps; the other took {whole}."), values)  # fmt: skip


def duration(seconds: float) -> Sentence:
    minutes = seconds >= 120
    text = N_("Worth", "{count} min") if minutes else N_("Worth", "{count} s")
    count = seconds / 60 if minutes else seconds
    return Sentence("Worth", text, {"count": f"{count:.1f}" if count < 10 else f"{count:,.0f}"})


def _signed(value: float | None) -> str:
    return "?" if value is None else signed(value, 3)


def _bits(value: float | None) -> str:
    return "?" if value is None else f"{value:.3f}"
