"""runs list | show | stop | finish | resume | remove."""

from __future__ import annotations

import time
from typing import Any

from core.cli import train
from core.cli.follow import follow
from core.cli.output import Output, table
from core.engine.engine import Engine, find_run
from core.engine.record import JobRecord
from core.errors import StateError
from core.home import Home

_WAIT_SECONDS = 180.0


def run(options: Any, home: Home, output: Output) -> int:
    engine = Engine(home)
    try:
        if options.action == "list":
            records = engine.rescan()
            rows = [["ID", "KIND", "TITLE", "STATE", "STEP", "UNSEEN"]]
            rows += [_row(record) for record in records]
            output.result({"runs": [as_json(r) for r in records]}, *table(rows, {4, 5}))
            return 0
        record = find_run(engine, options.id, home.runs)
        return _ACTIONS[options.action](engine, record, output)
    finally:
        engine.close()


def _show(engine: Engine, record: JobRecord, output: Output) -> int:
    del engine
    data = as_json(record)
    lines = [f"{key}: {value}" for key, value in data.items() if value not in (None, "", [])]
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
        raise StateError(
            run=record.id, state=record.state, hint="Only a running one can be stopped."
        )
    (engine.pause if ask == "pause" else engine.finish)(record.id)
    end = time.monotonic() + _WAIT_SECONDS
    while engine.record(record.id).active and time.monotonic() < end:
        time.sleep(0.1)
    record = engine.record(record.id)
    output.result(as_json(record), f"{record.id}: {record.state}")
    return 0


def _resume(engine: Engine, record: JobRecord, output: Output) -> int:
    begun = time.monotonic()
    engine.resume(record.id)
    ended = follow(engine, record.id, output)
    if record.job.kind == "train":
        return train.conclude(engine, ended, output, begun)
    if ended is None:
        return train.INTERRUPTED
    output.result(as_json(ended), f"{ended.id}: {ended.state}")
    return 0


def _remove(engine: Engine, record: JobRecord, output: Output) -> int:
    trashed = engine.remove(record.id)
    message = f"{record.id} is in the trash. Undo with: main.py trash restore {trashed.id}"
    output.result({"removed": record.id, "trash": trashed.id}, message)
    return 0


_ACTIONS = {"show": _show, "stop": _stop, "finish": _finish, "resume": _resume, "remove": _remove}


def as_json(record: JobRecord) -> dict[str, Any]:
    step = record.metrics.last("step")
    last = record.evaluations[-1] if record.evaluations else None
    return {
        "id": record.id, "kind": record.job.kind, "title": record.job.title, "state": record.state,
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
