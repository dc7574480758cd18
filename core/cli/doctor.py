"""doctor: what this machine has, what is missing, how to mend it."""

from __future__ import annotations

from typing import Any

from core.cli.output import Output
from core.doctor import render_text, run_checks
from core.home import Home


def run(options: Any, home: Home, output: Output) -> int:
    del options
    checks = run_checks(home)
    healthy = all(check.status != "missing" for check in checks)
    data = {"healthy": healthy, "checks": [check.to_json() for check in checks]}
    output.result(data, render_text(checks))
    return 0
