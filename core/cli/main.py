"""Runs a command; turns every error into one sentence and an exit code."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from core.cli.output import Output
from core.cli.parser import BadUsage, build_parser
from core.errors import TerakoyaError, UsageError
from core.home import Home

INTERRUPTED = 130
_MODULES = {
    "corpus": "core.cli.corpus", "train": "core.cli.train", "runs": "core.cli.runs",
    "evaluate": "core.cli.evaluate", "chat": "core.cli.chat", "versions": "core.cli.versions",
    "plan": "core.cli.plan", "trash": "core.cli.trash", "doctor": "core.cli.doctor",
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """0 done, 2 bad input, 130 stopped by the user (saved), 1 a fault of ours."""
    wants_json = "--json" in arguments
    try:
        options = build_parser().parse_args(list(arguments))
    except BadUsage as error:
        return _report(UsageError(detail=str(error)), wants_json)
    except SystemExit as leaving:  # --help
        return int(leaving.code or 0)
    output = Output(wants_json)
    try:
        run: Callable[[Any, Home, Output], int] = importlib.import_module(
            _MODULES[options.command]
        ).run
        return run(options, Home.find(options.home), output)
    except TerakoyaError as error:
        return _report(error, wants_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0


def _report(error: TerakoyaError, wants_json: bool) -> int:
    if wants_json:
        print(json.dumps({"error": error.to_json()}, ensure_ascii=False))
    print(error, file=sys.stderr)
    return error.exit_code
