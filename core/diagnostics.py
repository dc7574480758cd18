"""Copy diagnostics: what an issue needs to know of this machine and of a run, without anything of
the user's (core.redaction)."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import sys
import tomllib
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from core import events as ev
from core import hardware
from core.files import read_json
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.logs import facts_of, read_log, stamp
from core.recipe import Recipe
from core.redaction import ROOT, Redactor

_PACKAGES = ("torch", "PySide6-Essentials", "numpy", "tokenizers", "safetensors", "pyarrow")
_SENTENCES = ("rule", "warnings")
_MOST_EVENTS = 40
_MOST_LOG_LINES = 40
_TAIL_BYTES = 32 << 10


def report(home: Home, run_id: str = "") -> str:
    """Text (Markdown, English) to paste into an issue: about one run, or about the program.

    May take some seconds (PyTorch is asked about GPUs): not for the window's thread. What cannot
    be read is left out. Raises NotFound for a run that is not there.
    """
    redactor, devices = Redactor(home), hardware.devices()
    parts = [
        "# Terakoya: diagnostics",
        "Names, texts and paths are left out. Read it through before you send it.",
        *_section("Program", _program(redactor)),
        *_section("Machine", _machine(home, redactor, devices)),
    ]
    if run_id:
        names = {device.name for device in devices}
        parts += _run(JobFolder.find(home.runs, run_id), redactor, names)
    else:
        parts += _section("app.log", redactor.traceback(_tail(home.logs / "app.log")))
        parts += _section("crash.txt", redactor.traceback(_tail(home.logs / "crash.txt")))
    return "\n".join(parts) + "\n"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"## {title}", "", *(found or ["(nothing)"])]


# ---- program and machine -------------------------------------------------------------------------


def app_version() -> str:
    try:
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
    except (OSError, ValueError, KeyError):
        return "?"


def _program(redactor: Redactor) -> Iterable[str]:
    yield f"- Terakoya {app_version()}, Python {platform.python_version()} ({platform.python_implementation()})"
    for name in _PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            yield f"- {name} {importlib.metadata.version(name)}"
    yield f"- {platform.system()} {redactor.names(platform.release())} ({platform.machine()}), {' '.join(platform.libc_ver())}".rstrip(
        ", "
    )
    yield f"- texts in files: {sys.getfilesystemencoding()}; screen: {_screen()}"


def _screen() -> str:
    kind = os.environ.get("QT_QPA_PLATFORM", "")
    known = ("xcb", "wayland", "offscreen", "windows", "cocoa", "linuxfb", "eglfs", "minimal")
    seen = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    return ", ".join(([kind] if kind in known else []) + seen) or "none set"


def _machine(home: Home, redactor: Redactor, devices: list[hardware.Device]) -> Iterable[str]:
    for device in devices:
        used = "" if device.memory_used is None else f", {device.memory_used / 1e9:.1f} used"
        facts = f"{device.memory_total / 1e9:.1f} GB{used}"
        if device.driver or device.capability:
            facts += f", driver {device.driver or '?'}, capability {device.capability or '?'}"
        yield f"- {device.id or '(no id)'} [{device.platform}]: {device.name}, {facts}"
        if device.fault is not None:
            yield f"  - cannot be used: {device.fault.text}"
    yield f"- {hardware.cores()} cores of {os.cpu_count()} threads"
    with contextlib.suppress(OSError):
        yield f"- disk of the home: {hardware.disk_free(home.path) / 1e9:.0f} GB free of {hardware.disk_total(home.path) / 1e9:.0f}"
    with contextlib.suppress(OSError, ValueError):
        data = read_json(home.machine_file)
        if isinstance(data, dict):
            figures = redactor.figures(data)
            figures.pop("name", None)
            yield f"- measured: {_dump(figures)}"


# ---- a run ---------------------------------------------------------------------------------------


def _run(folder: JobFolder, redactor: Redactor, devices: set[str]) -> list[str]:
    parts: list[str] = []
    try:
        data = read_json(folder.job_file)
        config = data["config"] if isinstance(data.get("config"), dict) else {}
        created = stamp(float(data.get("created", 0)))
        kind = redactor.line(str(data.get("kind", "?")))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        config, created, kind = {}, "?", "?"
    parts += _section("Run", [f"- kind {kind}, made {created} UTC", f"- folder: {_files(folder)}"])
    parts += _section("Recipe (where it differs from the default)", _recipe(config, redactor))
    decisions = config.get("decisions")
    if isinstance(decisions, dict):
        if isinstance(decisions.get("plan"), dict):
            decisions["plan"] = {k: v for k, v in decisions["plan"].items() if k not in _SENTENCES}
        lines = [f"- {k}: {_dump(v)}" for k, v in redactor.figures(decisions).items() if v]
        parts += _section("Decisions", lines)
    parts += _section("Last events", _events(folder, redactor, devices))
    parts += _section("log.jsonl", _log(folder, redactor))
    parts += _section("stderr.log", redactor.traceback(_tail(folder.stderr_file)))
    return parts


def _files(folder: JobFolder) -> str:
    """Which files a run has, and how large: a checkpoint's name is its step."""
    names = ("job.json", "events.jsonl", "stderr.log", "log.jsonl", "control")
    found = [
        f"{n} {(folder.path / n).stat().st_size:,} B" for n in names if (folder.path / n).is_file()
    ]
    points = [p.name for p in folder.checkpoints.glob("step-*") if p.name[5:].isdigit()]
    return ", ".join(found + sorted(points))


def _recipe(config: dict[str, Any], redactor: Redactor) -> Iterable[str]:
    recipe = config.get("recipe")
    if not isinstance(recipe, dict):
        return
    known = {k: v for k, v in recipe.items() if k in Recipe.model_fields}
    for key, value in redactor.figures(known).items():
        field = Recipe.model_fields[key]
        if recipe[key] in get_args(field.annotation):
            value = recipe[key]  # One of the choices that the recipe itself declares.
        if value != field.default:
            yield f"- {key} = {value}"


def _events(folder: JobFolder, redactor: Redactor, devices: set[str]) -> Iterable[str]:
    last: deque[ev.Event] = deque(maxlen=_MOST_EVENTS)
    figures: dict[str, Any] = {}
    measured: dict[str, Any] = {}
    reader = EventReader(folder)
    while events := reader.poll():
        for event in events:
            if isinstance(event, ev.Metrics):
                figures = {k: v[-1] for k, v in event.columns.items() if v}
            elif isinstance(event, ev.Measured):
                measured = event.data
            elif facts_of(event) is not None:
                last.append(event)
    for event in last:
        facts = redactor.figures(facts_of(event) or {})
        if isinstance(event, ev.Started):
            facts["device"] = event.device if event.device in devices else "(another)"
        yield f"- {stamp(event.time)} #{event.attempt} {event.event} {_dump(facts)}"
    if figures:
        yield f"- last figures: {_dump(redactor.figures(figures))}"
    if measured:
        yield f"- forecast and measured: {_dump(redactor.figures(measured))}"


def _log(folder: JobFolder, redactor: Redactor) -> Iterable[str]:
    for data in read_log(folder.path, _MOST_LOG_LINES):
        when = data.pop("time", 0)
        words = [redactor.line(str(data.pop(key, "?"))) for key in ("process", "level", "event")]
        at = data.pop("at", None)
        time = stamp(when) if isinstance(when, int | float) else "?"
        yield f"- {time} {' '.join(words)} {_dump(redactor.figures(data))}"
        if isinstance(at, list):
            yield "  at " + ", ".join(redactor.line(str(frame)) for frame in at)


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": ")) if data else ""


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
