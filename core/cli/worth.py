"""versions worth: was specialising worth it? The same training from nothing beside it."""

from __future__ import annotations

from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output, table
from core.errors import UsageError
from core.home import Home
from core.versions.again import counterpart_job, run_of
from core.versions.library import VersionLibrary
from core.versions.worth import Curve, Worth, worth


def run(options: Any, home: Home, output: Output) -> int:
    entry = VersionLibrary(home).get(options.name)
    found = worth(home, entry.id)
    if found is None:
        job = counterpart_job(home, entry.id)  # Says what cannot be compared, also with --no-train.
        if not options.train:
            detail = f"“{entry.name}” has not been compared yet: leave out --no-train."
            raise UsageError("train", detail=detail)
        with working(home) as engine:
            unfinished = run_of(home, counterpart_of=entry.id)
            if unfinished is not None and engine.record(unfinished).resumable:
                engine.resume(unfinished)
            else:
                unfinished = engine.submit("train", job, job.version)
            follow(engine, unfinished, output)
        found = worth(home, entry.id)
        if found is None:
            detail = f"The counterpart of “{entry.name}” is not on the shelf any more."
            raise UsageError("name", detail=detail)
    output.result({**found.to_json(), "message": found.sentence.english()}, *_lines(found))
    return 0


def _lines(found: Worth) -> list[str]:
    rows = [["", "BITS/BYTE", "95 %", "SECONDS", "STEPS"]]
    rows += [_row(curve) for curve in (found.specialised, found.scratch)]
    lines = table(rows, {1, 2, 3, 4})
    if found.difference is not None and found.low is not None and found.high is not None:
        lines.append(
            f"Difference {found.difference:+.3f} (95 %: {found.low:+.3f} to {found.high:+.3f}), "
            "measured on the same text."
        )
    return [*lines, found.sentence.english()]


def _row(curve: Curve) -> list[str]:
    bits = "" if curve.bits_per_byte is None else f"{curve.bits_per_byte:.3f}"
    known = curve.low is not None and curve.high is not None
    interval = f"{curve.low:.3f}–{curve.high:.3f}" if known else ""
    steps = f"{curve.steps[-1]:,}" if curve.steps else ""
    return [curve.title, bits, interval, f"{curve.measured_seconds:.0f}", steps]
