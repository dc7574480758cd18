"""Runs a command; turns every error into one sentence and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from core.cli.output import Output
from core.cli.parser import BadUsage, Words, build_parser
from core.errors import Fault, HomeUnusable, TerakoyaError, UsageError
from core.home import Home

INTERRUPTED = 130
_MODULES = {
    "corpus": "core.cli.corpus", "train": "core.cli.train", "runs": "core.cli.runs",
    "evaluate": "core.cli.evaluate", "chat": "core.cli.chat", "versions": "core.cli.versions",
    "plan": "core.cli.plan", "trash": "core.cli.trash", "doctor": "core.cli.doctor",
}  # fmt: skip


class Terminated(KeyboardInterrupt):
    """SIGTERM: like Ctrl-C, but also out of a conversation."""


def main(words: Words) -> int:
    """0 done, 2 bad input, 130 stopped by the user (saved), 1 a fault of ours."""
    _fill_closed_streams()
    output = Output(words.json, words.home)
    try:
        code = _run(words, output)
        sys.stdout.flush()
        return code
    except TerakoyaError as error:
        output.failure(error)
        return error.exit_code
    except KeyboardInterrupt:
        output.end_progress()
        return INTERRUPTED
    except BrokenPipeError:  # Whoever read our words has enough (`| head`).
        return 0
    except OSError as error:
        place = f" ({str(error.filename)[:200]})" if error.filename else ""
        output.failure(UsageError(detail=f"The system refused: {error.strerror or error}{place}."))
        return UsageError.exit_code
    except ModuleNotFoundError:
        raise
    except Exception as error:
        traceback.print_exc()
        output.failure(Fault(detail=f"{type(error).__name__}: {error}"))
        return Fault.exit_code
    finally:
        _flush()


def _run(words: Words, output: Output) -> int:
    try:
        options = build_parser().parse(words.rest)
    except BadUsage as error:
        raise UsageError(error.field, detail=str(error)) from error
    except SystemExit as leaving:  # --help
        return int(leaving.code or 0)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _terminate)
    run: Callable[[Any, Home, Output], int] = importlib.import_module(_MODULES[options.command]).run
    home = Home.find(words.home)
    if home.path.is_file():
        raise HomeUnusable("home", path=str(home.path), reason="it is a file")
    return run(options, home, output)


def _fill_closed_streams() -> None:
    """A stream that was closed before we began (`>&-`) is None in Python."""
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _flush() -> None:
    """Write what is left, or give it up: Python would complain at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Terminated
