"""`python -m tests test [PYTEST...]`: every check, then the tests; `bench [NAME...]`: benchmarks."""

from __future__ import annotations

import contextlib
import os
import runpy
import subprocess
import sys
import tempfile
import time
from typing import IO

import psutil

LAYERS = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS: list[tuple[str, list[str]]] = [
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("layers", ["-c", LAYERS]),
    ("tests", ["-m", "pytest"]),
]
TYPES = ["-m", "basedpyright"]
"""A minute of one core: beside the others, and shown after them."""
# The order is tests/conftest.py's, the long ones first; xdist's own is by the number of tests.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def main(arguments: list[str]) -> int:
    command, rest = arguments[0] if arguments else "test", arguments[1:]
    if command == "bench":
        sys.argv[1:] = rest
        runpy.run_module("tests.benchmarks", run_name="__main__", alter_sys=True)
        return 0
    return run_checks(rest)


def run_checks(for_pytest: list[str]) -> int:
    """Run every check even if one fails, say at the end which did; 0 only when all passed."""
    # Windows are drawn in memory; the tests that want a real X server start one of their own.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Hundreds of processes of ours are started: each would compile the program anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    outcomes: list[tuple[str, int, float]] = []
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        types = _begin_modestly(TYPES, said)
        try:
            for name, command in CHECKS:
                extra = [*_side_by_side(for_pytest), *for_pytest] if name == "tests" else []
                print(f"---- {name}", flush=True)
                start = time.monotonic()
                code = subprocess.run([sys.executable, *command, *extra], check=False).returncode
                outcomes.append((name, code, time.monotonic() - start))
            print("---- types", flush=True)
            outcomes.append(("types", types.wait(), time.monotonic() - began))
        except KeyboardInterrupt:
            types.kill()
            return 130
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.flush()
    print("----")
    for name, code, seconds in outcomes:
        print(f"{'ok    ' if code == 0 else 'FAILED'}  {name:8} {seconds:6.1f} s")
    return 1 if any(code for _, code, _ in outcomes) else 0


def _begin_modestly(command: list[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Leaves the tests, which look at the clock, the cores when both want them."""
    process = subprocess.Popen([sys.executable, *command], stdout=said, stderr=subprocess.STDOUT)
    lower = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 10
    with contextlib.suppress(psutil.Error):
        psutil.Process(process.pid).nice(lower)
    return process


def _side_by_side(for_pytest: list[str]) -> list[str]:
    """Files of tests on two cores: much of a test is waiting for processes to start. A few chosen
    tests, or a debugger, are better off alone."""
    chosen = any(
        a in ("-k", "-n", "-x", "--pdb", "-s") or a.startswith("tests") for a in for_pytest
    )
    return [] if chosen or (os.cpu_count() or 1) < 2 else SIDE_BY_SIDE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
