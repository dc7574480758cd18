"""One structured log for each run: log.jsonl in its folder, a JSON object a line.

It holds times, levels, names of events, process and rank, and figures; no text of the user's: no
prompts, samples, names or contents, and no absolute path outside the home."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
import traceback
from pathlib import Path
from typing import Any

from core import events as ev
from core.sentences import fill

LIMIT_BYTES = 512 << 10
"""A file that has grown beyond it becomes log.1.jsonl and takes the place of the one before."""
_PATH = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\|(?<![\w.>])/)[^\s\"'<>|,;]*[^\s\"'<>|,;.:)]")
_MOST_CHARACTERS = 200


class _JsonFormatter(logging.Formatter):
    """time (Unix seconds), level, event, process ("worker", "supervisor"), pid, rank, and facts."""

    def __init__(self, home: Path, process: str, rank: int) -> None:
        super().__init__()
        self._home, self._process, self._rank = home, process, rank

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = getattr(record, "facts", {})
        data = {
            "time": round(record.created, 3), "level": record.levelname.lower(),
            "event": record.getMessage(), "process": self._process, "pid": os.getpid(),
            "rank": self._rank, **{k: self._fact(v) for k, v in facts.items() if v is not None},
        }  # fmt: skip
        return json.dumps(ev.finite(data), ensure_ascii=False, allow_nan=False)

    def _fact(self, value: Any) -> Any:
        if isinstance(value, str):
            return without_paths(value, self._home)[:_MOST_CHARACTERS]
        if isinstance(value, list | tuple):
            return [self._fact(item) for item in value]
        return value if isinstance(value, int | float | bool) else None


class _BoundedFile(logging.Handler):
    """Opens, appends one line and closes: worker and supervisor write the same file, and either may
    rename it. What the disk refuses is lost; a run never fails for its log."""

    def __init__(self, path: Path, formatter: logging.Formatter) -> None:
        super().__init__()
        self._path = path
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError):
            line = (self.format(record) + "\n").encode("utf-8", "replace")
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(fd, line)
                full = os.fstat(fd).st_size > LIMIT_BYTES
            finally:
                os.close(fd)
            if full:
                self._path.replace(self._path.with_name("log.1.jsonl"))


class RunLog:
    """The log of one run as one process writes it."""

    def __init__(self, folder: Path, process: str, rank: int = 0) -> None:
        """`folder`: the run's, at <home>/runs/<id>."""
        formatter = _JsonFormatter(folder.parent.parent, process, rank)
        # Not among logging's named loggers: those are kept for ever, and a window sees many runs.
        self._logger = logging.Logger(f"terakoya.run.{folder.name}", logging.INFO)
        self._logger.addHandler(_BoundedFile(folder / "log.jsonl", formatter))

    def info(self, event: str, **facts: Any) -> None:
        self._logger.info(event, extra={"facts": facts})

    def warning(self, event: str, **facts: Any) -> None:
        self._logger.warning(event, extra={"facts": facts})

    def failure(self, error: BaseException) -> None:
        """The class of an error and where it was raised; its message may quote the user's text."""
        frames = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
        self._logger.error("error", extra={"facts": {"kind": type(error).__name__, "at": frames}})

    def event(self, event: ev.Event) -> None:
        """What of an event is no text; what comes every few seconds is not logged."""
        facts = facts_of(event)
        if facts is None:
            return
        level = logging.WARNING if isinstance(event, ev.Warned) else logging.INFO
        if isinstance(event, ev.Ended) and event.outcome in ("failed", "died"):
            level = logging.ERROR
        self._logger.log(level, event.event, extra={"facts": facts})


def facts_of(event: ev.Event) -> dict[str, Any] | None:
    """The figures and codes of an event, without its texts; None for those not worth a line."""
    match event:
        case ev.Started():
            return {"from_step": event.from_step, "device": event.device}
        case ev.Phase():
            return {"name": event.name}
        case ev.Evaluated():
            return {"step": event.step, "loss": event.loss, "bits_per_byte": event.bits_per_byte}
        case ev.Checkpoint():
            return {"step": event.step, "reason": event.reason}
        case ev.Published():
            return {}
        case ev.Health():
            codes = [f"{f.get('code', '?')}: {f.get('level', '?')}" for f in event.findings]
            return {"step": event.step, "findings": codes}
        case ev.RolledBack():
            return {"step": event.step, "to_step": event.to_step, "factor": event.factor}
        case ev.Warned():
            return {"code": event.code, "step": event.step}
        case ev.Ended():
            return {"outcome": event.outcome, "code": event.code, **_figures(event.values)}
        case _:
            return None


def _figures(values: dict[str, Any]) -> dict[str, Any]:
    """Numbers among an error's values, and a death's cause (a signal, an exit code)."""
    found: dict[str, Any] = {k: v for k, v in values.items() if isinstance(v, int | float)}
    cause = values.get("cause")
    if isinstance(cause, dict) and "cause" in (cause.get("values") or {}):
        cause = cause["values"]["cause"]  # Without the worker's last words.
    if isinstance(cause, dict):
        numbers = cause.get("values") or {}
        if all(isinstance(number, int) for number in numbers.values()):
            found["cause"] = fill(str(cause.get("text", "")), numbers)
    elif isinstance(cause, str) and re.fullmatch(r"SIG[A-Z0-9]+", cause):
        found["cause"] = cause
    return found


def without_paths(text: str, home: Path) -> str:
    """`text` with the home as <home> and every other absolute path as <path>."""
    text = text.replace(str(home), "<home>")
    return _PATH.sub("<path>", text)


def read_log(folder: Path, most: int = 1000) -> list[dict[str, Any]]:
    """The last lines of a run's log, oldest first; lines that are damaged are passed over."""
    found: list[dict[str, Any]] = []
    for name in ("log.1.jsonl", "log.jsonl"):
        with contextlib.suppress(OSError):
            for line in (folder / name).read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError):
                    data = json.loads(line)
                    if isinstance(data, dict):
                        found.append(data)
    return found[-most:]


def stamp(seconds: float) -> str:
    """Unix seconds as a time of day in UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
