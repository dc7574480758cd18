"""`python -m tests test [PYTEST...]`: every check, then the tests; `bench [NAME...]`: benchmarks."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import time

LAYERS = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS: list[tuple[str, list[str]]] = [
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "basedpyright"]),
    ("layers", ["-c", LAYERS]),
    ("tests", ["-m", "pytest"]),
]


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
    for name, command in CHECKS:
        print(f"---- {name}", flush=True)
        began = time.monotonic()
        extra = [*_side_by_side(for_pytest), *for_pytest] if name == "tests" else []
        try:
            code = subprocess.run([sys.executable, *command, *extra], check=False).returncode
        except KeyboardInterrupt:
            return 130
        outcomes.append((name, code, time.monotonic() - began))
    print("----")
    for name, code, seconds in outcomes:
        print(f"{'ok    ' if code == 0 else 'FAILED'}  {name:8} {seconds:6.1f} s")
    return 1 if any(code for _, code, _ in outcomes) else 0


def _side_by_side(for_pytest: list[str]) -> list[str]:
    """Files of tests on two cores: much of a test is waiting for processes to start. A few chosen
    tests, or a debugger, are better off alone."""
    chosen = any(
        a in ("-k", "-n", "-x", "--pdb", "-s") or a.startswith("tests") for a in for_pytest
    )
    return [] if chosen or (os.cpu_count() or 1) < 2 else ["-n", "2", "--dist", "loadfile"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
