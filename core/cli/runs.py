"""runs list | show | stop | finish | resume | extend | remove."""

from __future__ import annotations

import time
from typing import Any

from core.cli import train
from core.cli.follow import follow, line_of, raise_failure, working
from core.cli.output import Output, table
from core.cli.plan import reality
from core.diagnostics import report
from core.engine.engine import Engine, find_run
from core.engine.record import JobRecord
from core.errors import StateError, TerakoyaError
from core.home import Home
from core.jobfolder import JobFolder
from core.versions.library import good_version_name

_MINUTES = 10.0


def run(options: Any, home: Home, output: Output) -> int:
    if options.action == "resume":
        with working(home) as engine:
            record = find_run(engine, options.id, home.runs)
            return _resume(engine, record, output, options.device, options.devices)
    if options.action == "extend":
        with working(home) as engine:
            return _extend(engine, find_run(engine, options.id, home.runs), options, output)
    engine = Engine(home)
    try:
        if options.action == "list":
            return _list(engine, output)
        record = find_run(engine, options.id, home.runs)
        if options.action == "show" and options.diagnostics:
            text = report(home, record.id)
            output.result({"diagnostics": text}, text.rstrip())
            return 0
        return _ACTIONS[options.action](engine, record, output)
    finally:
        engine.close()


def _list(engine: Engine, output: Output) -> int:
    records = engine.rescan()
    rows = [["ID", "KIND", "TITLE", "STATE", "STEP", "UNSEEN"], *map(_row, records)]
    problems = _problems(engine.home)
    data = {"runs": [as_json(record) for record in records], "problems": problems}
    output.result(data, *table(rows, {4, 5}, "No run yet."), *problems)
    return 0


def _problems(home: Home) -> list[str]:
    """Run folders whose job.json cannot be read."""
    found: list[str] = []
    for path in sorted(home.runs.iterdir()) if home.runs.is_dir() else []:
        if (path / "job.json").is_file():
            try:
                JobFolder(path).read()
            except TerakoyaError as error:
                found.append(str(error))
    return found


def _show(engine: Engine, record: JobRecord, output: Output) -> int:
    del engine
    data = as_json(record) | {"measured": record.measured}
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.job.created))
    shown = {**data, "created": made, "measured": None}
    lines = [f"{key}: {value}" for key, value in shown.items() if value not in (None, "", [])]
    lines += reality(record.measured)
    output.result(data, *lines)
    return 0


def _stop(engine: Engine, record: JobRecord, output: Output) -> int:
    return _ask_and_wait(engine, record, output, "pause")


def _finish(engine: Engine, record: JobRecord, output: Output) -> int:
    if record.resumable:  # Paused: go on just to end well.
        engine.resume(record.id)
        record = engine.record(record.id)
    return _ask_and_wait(engine, record, output, "finish")


def _ask_and_wait(engine: Engine, record: JobRecord, output: Output, ask: str) -> int:
    if not record.active:
        hint = "Only one that is going on can be stopped."
        raise StateError("id", run=record.id, state=record.state, hint=hint)
    (engine.pause if ask == "pause" else engine.finish)(record.id)
    while (record := engine.record(record.id)).active:
        output.progress(line_of(record))
        time.sleep(0.1)
    output.end_progress()
    raise_failure(record)
    output.result(as_json(record), f"{record.id}: {record.state}")
    return 0


def _resume(
    engine: Engine, record: JobRecord, output: Output, device: str | None, devices: int | None
) -> int:
    begun = time.monotonic()
    engine.resume(record.id, device, devices)
    ended = follow(engine, record.id, output)
    if record.job.kind == "train":
        return train.conclude(ended, output, begun)
    output.result(as_json(ended), f"{ended.id}: {ended.state}")
    return 0


def _extend(engine: Engine, record: JobRecord, options: Any, output: Output) -> int:
    begun = time.monotonic()
    minutes, name = options.minutes, good_version_name(options.name)
    if minutes is None and options.steps is None and options.epochs is None:
        minutes = _MINUTES
    run = engine.extend(
        record.id, name, minutes=minutes, steps=options.steps, epochs=options.epochs
    )
    return train.conclude(follow(engine, run, output), output, begun)


def _remove(engine: Engine, record: JobRecord, output: Output) -> int:
    trashed = engine.remove(record.id)
    undo = output.command("trash", "restore", trashed.id)
    message = f"{record.id} is in the trash. Undo: {undo}"
    output.result({"removed": record.id, "trash": trashed.id}, message)
    return 0


_ACTIONS = {"show": _show, "stop": _stop, "finish": _finish, "remove": _remove}


def as_json(record: JobRecord) -> dict[str, Any]:
    step = record.metrics.last("step")
    last = record.evaluations[-1] if record.evaluations else None
    return {
        "id": record.id, "kind": record.job.kind, "title": record.job.title, "state": record.state,
        "queue_position": record.queue_position,
        "created": record.job.created, "attempt": record.attempt,
        "step": None if step is None else int(step), "steps": record.plan.get("steps"),
        "parameters": record.plan.get("parameters"), "loss": record.metrics.last("loss"),
        "heldout_loss": last.loss if last else None,
        "heldout_bits_per_byte": last.bits_per_byte if last else None,
        "checkpoint": record.checkpoint.step if record.checkpoint else None,
        "version": record.published.version if record.published else None,
        "error": record.error.english() if record.error else None,
    }  # fmt: skip


def _row(record: JobRecord) -> list[str]:
    data = as_json(record)
    bits = data["heldout_bits_per_byte"]
    return [
        record.id, record.job.kind, record.job.title, record.state,
        "" if data["step"] is None else f"{data['step']:,}", "" if bits is None else f"{bits:.3f}",
    ]  # fmt: skip
