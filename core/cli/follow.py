"""Following a run in the foreground: progress, Ctrl-C, and the end."""

from __future__ import annotations

import math
import sys
import time

from core.cli.output import Output
from core.engine.engine import Engine
from core.engine.record import JobRecord
from core.errors import TerakoyaError, error_of
from core.sentences import Sentence

PHASES = {
    "scanning": "looking for files", "reading": "reading", "writing": "writing the corpus",
    "tokenizer": "training the tokenizer", "counting": "counting tokens",
    "tokenizing": "turning text into tokens", "measuring": "measuring this machine",
    "training": "training", "evaluating": "measuring on unseen text", "publishing": "publishing",
}  # fmt: skip


def follow(engine: Engine, run_id: str, output: Output) -> JobRecord | None:
    """Show progress until the run ends. None: the user stopped it with Ctrl-C, all is saved.

    Raises:
        TerakoyaError: The run failed, with its own error.
    """
    shown = 0
    try:
        while True:
            record = engine.record(run_id)
            shown = _show_warnings(record, shown)
            output.progress(line_of(record))
            if not record.active:
                break
            time.sleep(0.1)
    except KeyboardInterrupt:
        output.end_progress()
        return _interrupted(engine, run_id)
    record = engine.wait(run_id)
    output.progress(line_of(record), now=record.state == "done" and bool(record.evaluations))
    output.end_progress()
    raise_failure(record)
    return record


def raise_failure(record: JobRecord) -> None:
    """Raise the error of a run that failed or died."""
    if record.state in ("failed", "died") and record.ended is not None:
        raise error_of(record.ended.code, record.ended.values)


def _interrupted(engine: Engine, run_id: str) -> JobRecord | None:
    """Ctrl-C is a pause; a second one leaves the worker to end by itself."""
    print("Stopping and saving …", file=sys.stderr, flush=True)
    try:
        engine.pause(run_id)
        record = engine.wait(run_id, timeout=120)
    except (TerakoyaError, KeyboardInterrupt):
        record = engine.record(run_id)
    if record.state == "done":
        return record
    hint = f"Go on with: main.py runs resume {run_id}" if record.state == "paused" else ""
    print(f"Stopped ({record.state}). {hint}".strip(), file=sys.stderr, flush=True)
    return None


def _show_warnings(record: JobRecord, shown: int) -> int:
    for warning in record.warnings[shown:]:
        print("Note: " + Sentence.from_json(warning.sentence).english(), file=sys.stderr)
    return len(record.warnings)


def line_of(record: JobRecord) -> str:
    """One line: phase, how far, and for a training its figures."""
    if record.state == "queued":
        return "waiting for another training to end"
    phase = PHASES.get(record.phase, record.phase or record.state)
    parts = [phase]
    progress = record.progress
    if progress and progress.total:
        if progress.unit == "steps":
            parts.append(f"step {progress.done:,.0f}/{progress.total:,.0f}")
        else:
            parts.append(f"{100 * progress.done / progress.total:.0f} %")
        if progress.detail:
            parts.append(progress.detail)
    loss, speed = record.metrics.last("loss"), record.metrics.last("tokens_per_second")
    if loss is not None and record.phase == "training":
        parts.append(f"loss {loss:.3f}")
    if record.evaluations and record.evaluations[-1].bits_per_byte is not None:
        parts.append(f"unseen {record.evaluations[-1].bits_per_byte:.3f} bits/byte")
    if speed and record.phase == "training":
        parts.append(f"{speed:,.0f} tokens/s")
    if progress and progress.eta is not None and math.isfinite(progress.eta):
        parts.append(f"about {_time(progress.eta)} left")
    return " · ".join(parts)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
