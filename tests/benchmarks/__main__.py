"""`python -m tests.benchmarks [--long] [--json FILE] [NAME...]`: a table, then JSON; never fails."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import tests.benchmarks as package
from tests.benchmarks.common import LONG_VARIABLE, Row, machine

_HELPERS = {"common"}


def names() -> list[str]:
    """Every benchmark module of this package."""
    found = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return sorted(n for n in found if n not in _HELPERS and not n.startswith("_"))


def measure(name: str) -> dict[str, Any]:
    """Run one benchmark; a fault in it becomes part of its result."""
    began = time.monotonic()
    rows: list[Row] = []
    error = None
    try:
        rows = importlib.import_module(f"tests.benchmarks.{name}").run()
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        traceback.print_exc()
        error = f"{type(fault).__name__}: {fault}"
    return {"benchmark": name, "seconds": time.monotonic() - began, "rows": rows, "error": error}


def table(result: dict[str, Any]) -> str:
    """The rows of one benchmark for people."""
    lines = [f"---- {result['benchmark']} ({result['seconds']:.0f} s)"]
    for row in result["rows"]:
        value = "-" if row["value"] is None else f"{row['value']:,.4g}"
        line = f"{row['name']:<44} {value:>12} {row['unit']:<10}"
        if row.get("target"):
            line += f" target {row['target']}"
        ratio = row.get("ratio")
        if row.get("against"):
            line += f"  against {row['against']}" + (f": {ratio:.2f}×" if ratio else "")
        if row.get("note"):
            line += f"  ({row['note']})"
        lines.append(line.rstrip())
    if result["error"]:
        lines.append(f"did not finish: {result['error']}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    known = names()
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--long", action="store_true", help="measure at full length")
    parser.add_argument("--json", metavar="FILE", help="write the results there too")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"there is no benchmark called {unknown[0]}; known: {', '.join(known)}")
    if options.long:
        os.environ[LONG_VARIABLE] = "1"
    results: list[dict[str, Any]] = []
    for name in options.names or known:
        results.append(measure(name))
        print(table(results[-1]), flush=True)
    report = {"machine": machine(), "results": results}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    if options.json:
        Path(options.json).write_text(
            json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
