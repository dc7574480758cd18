"""What every benchmark shares: rows, the machine, and where the test data lies."""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any, NotRequired, Required, TypedDict

import psutil

ROOT = Path(__file__).resolve().parents[2]
LONG_VARIABLE = "TERAKOYA_BENCH_LONG"


class Row(TypedDict, total=False):
    """One figure. `ratio` is `value` over `against`'s figure, where something was measured beside it."""

    name: Required[str]
    value: Required[float | None]
    unit: Required[str]
    target: NotRequired[str]
    """As people say it: "≥ 20", "≤ 100"."""
    against: NotRequired[str]
    ratio: NotRequired[float | None]
    note: NotRequired[str]


def data_folder() -> Path | None:
    """The folder of test texts beside the checkout, if it is there."""
    chosen = os.environ.get("TERAKOYA_TEST_DATA")
    folder = Path(chosen) if chosen else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def long_run() -> bool:
    """Whether `--long` asked for the full length of a measurement."""
    return os.environ.get(LONG_VARIABLE) == "1"


def machine() -> dict[str, Any]:
    """Machine and versions, so that a figure can be read later."""
    packages = ("torch", "transformers", "tokenizers", "pyarrow", "PySide6-Essentials", "numpy")
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "python": sys.version.split()[0],
        "versions": {name: _version(name) for name in packages},
        "time": time.strftime("%Y-%m-%d %H:%M:%S"),
        "command": " ".join([Path(sys.executable).name, "-m", "tests.benchmarks", *sys.argv[1:]]),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
