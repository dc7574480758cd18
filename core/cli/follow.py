"""Following a run in the foreground: progress, Ctrl-C, and the end."""

from __future__ import annotations

import contextlib
import math
import sys
import time
from collections.abc import Generator

from core.cli.output import Output
from core.engine.engine import Engine
from core.engine.record import JobRecord
from core.errors import TerakoyaError, UsageError, error_of
from core.events import Evaluated
from core.home import Home
from core.sentences import Sentence

_BRIEF = ("queued", "starting")  # Not worth a line unless they last.

PHASES = {
    "scanning": "looking for files", "reading": "reading", "writing": "writing the corpus",
    "tokenizer": "training the tokenizer", "counting": "counting tokens",
    "tokenizing": "turning text into tokens", "measuring": "measuring this machine",
    "training": "training", "waiting-for-room": "waiting for room on the disk",
    "evaluating": "measuring", "publishing": "publishing",
    "downloading": "fetching from the hub", "checking": "looking whether everything fits",
    "importing": "copying the weights", "exporting": "writing", "testing": "testing what was written",
}  # fmt: skip


class Stopped(UsageError):
    """The user stopped it; all is saved, and the sentence says how to go on."""

    code = "stopped"
    exit_code = 130


@contextlib.contextmanager
def working(home: Home) -> Generator[Engine]:
    """An engine for one command. What runs when Ctrl-C comes at an odd moment is paused too."""
    engine = Engine(home)
    try:
        yield engine
    except KeyboardInterrupt:
        engine.close(keep_trainings=False)
        raise
    finally:
        engine.close()


def follow(engine: Engine, run_id: str, output: Output) -> JobRecord:
    """Show progress until the run has ended.

    Raises:
        Stopped: Ctrl-C or SIGTERM came; the run is paused and saved.
        TerakoyaError: The run failed, with its own error.
    """
    shown = 0
    told: set[str] = set()
    begun = time.monotonic()
    try:
        while True:
            record = engine.record(run_id)
            shown = _show_warnings(record, shown, output)
            _show_health(record, told, output)
            if record.state not in _BRIEF or time.monotonic() - begun > 1:
                output.progress(line_of(record))
            if not record.active:
                break
            time.sleep(0.1)
    except KeyboardInterrupt:
        output.end_progress()
        return _interrupted(engine, run_id, output)
    record = engine.wait(run_id)
    output.progress(line_of(record), now=record.state == "done" and bool(record.evaluations))
    output.end_progress()
    if record.state in ("paused", "cancelled"):  # From elsewhere: runs stop, or the window.
        raise _stopped(record, output)
    raise_failure(record)
    return record


def raise_failure(record: JobRecord) -> None:
    """Raise the error of a run that failed or died."""
    if record.state in ("failed", "died") and record.ended is not None:
        raise error_of(record.ended.code, record.ended.values)


def _interrupted(engine: Engine, run_id: str, output: Output) -> JobRecord:
    """Ctrl-C is a pause; a second one leaves the worker to end by itself."""
    print("Stopping and saving …", file=sys.stderr, flush=True)
    try:
        engine.pause(run_id)
        record = engine.wait(run_id, timeout=120)
    except (TerakoyaError, KeyboardInterrupt):
        record = engine.record(run_id)
    if record.state == "done":
        return record
    raise_failure(record)
    raise _stopped(record, output)


def _stopped(record: JobRecord, output: Output) -> Stopped:
    if record.state == "cancelled":
        return Stopped(detail=f"The run {record.id} was cancelled.")
    if record.active:
        look = output.command("runs", "show", record.id)
        return Stopped(
            detail=f"The run {record.id} is being stopped and saves by itself. See: {look}"
        )
    step = record.checkpoint.step if record.checkpoint else 0
    saved = f"Stopped and saved at step {step:,}" if step else "Stopped"
    return Stopped(detail=f"{saved}. Go on: {output.command('runs', 'resume', record.id)}")


def _show_warnings(record: JobRecord, shown: int, output: Output) -> int:
    for warning in record.warnings[shown:]:
        output.end_progress()
        print("Note: " + Sentence.from_json(warning.sentence).english(), file=sys.stderr)
    return len(record.warnings)


def _show_health(record: JobRecord, told: set[str], output: Output) -> None:
    """What a training finds of itself, each finding once."""
    for item in record.health.findings if record.health else []:
        code = str(item.get("code"))
        if code not in told and record.active:
            told.add(code)
            output.end_progress()
            words = (Sentence.from_json(item[part]).english() for part in ("sentence", "advice"))
            print("Health: " + " ".join(words), file=sys.stderr)


def line_of(record: JobRecord) -> str:
    """One line: phase, how far, and for a training its figures."""
    if record.state == "queued":
        ahead = record.queue_position or 1
        return "waiting for another training to end" + (f" (place {ahead} in the line)" if ahead > 1 else "")  # fmt: skip
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
    if record.evaluations:
        parts += _unseen(record.evaluations[-1])
    if speed and record.phase == "training":
        parts.append(f"{speed:,.0f} tokens/s")
    if progress and progress.eta is not None and math.isfinite(progress.eta):
        parts.append(f"about {_time(progress.eta)} left")
    return " · ".join(parts)


def _unseen(test: Evaluated) -> list[str]:
    """The figure of a test on unseen text, or on what is learnt where none was held out; of pairs,
    how many it orders rightly."""
    if test.bits_per_byte is None:
        share = test.details.get("accuracy")
        whose = "unseen" if test.held_out else "its"
        return [] if share is None else [f"better answer ahead in {share:.0%} of {whose} pairs"]
    unit = "pseudo bits/byte" if test.details.get("pseudo") else "bits/byte"
    return [f"{'unseen' if test.held_out else 'text it learns'} {test.bits_per_byte:.3f} {unit}"]


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
