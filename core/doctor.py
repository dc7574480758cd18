"""What this machine has for Terakoya, what is missing, and how to mend it."""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from core import hardware
from core.errors import TerakoyaError
from core.home import Home
from core.sentences import N_, Sentence, Value

Status = Literal["ok", "warn", "missing"]
_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1", "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1", "libxcb-shm.so.0": "libxcb-shm0",
    "libX11-xcb.so.1": "libx11-xcb1", "libglib-2.0.so.0": "libglib2.0-0",
}  # fmt: skip
_TORCH_QUESTION = (
    "import json, torch; c = torch.cuda.is_available(); "
    "print(json.dumps([torch.__version__, torch.version.cuda, torch.cuda.get_device_name(0) if c else '']))"
)
START = "start.bat" if sys.platform == "win32" else "./start.sh"
NEEDED_DISK = 2 << 30
NEEDED_MEMORY = 2 << 30


@dataclass(frozen=True)
class Check:
    """One finding. `remedy` is None where nothing needs mending."""

    id: str
    status: Status
    found: Sentence
    remedy: Sentence | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "status": self.status, "found": self.found.english(),
            "remedy": self.remedy.english() if self.remedy else None,
        }  # fmt: skip


def _say(text: str, **values: Value) -> Sentence:
    return Sentence("Doctor", text, values)


def run_checks(home: Home) -> list[Check]:
    """All checks, in the order of reading. Asks torch in a process of its own (some seconds)."""
    devices, torch = _devices(), _torch()
    if torch.status == "warn" and any(check.status == "warn" for check in devices):
        torch = replace(torch, status="ok", remedy=None)  # The GPU itself says it better.
    return [
        _python(), torch, *devices, _qt(), *_qt_libraries(), *_screen(), *_input_method(),
        _japanese_glyphs(), _disk(home), _memory(), _home(home),
    ]  # fmt: skip


def render_text(checks: list[Check]) -> str:
    """For a terminal: a mark, what was found, and below it how to mend it."""
    marks = {"ok": "ok     ", "warn": "warning", "missing": "MISSING"}
    lines: list[str] = []
    for check in checks:
        lines.append(f"{marks[check.status]}  {check.found.english()}")
        if check.remedy:
            lines.append(f"         → {check.remedy.english()}")
    return "\n".join(lines)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "ok", _say(N_("Doctor", "Python {version}"), version=version))


def _torch() -> Check:
    try:
        answer = subprocess.run(
            [sys.executable, "-c", _TORCH_QUESTION], capture_output=True, text=True, timeout=120,
            check=True,
        ).stdout  # fmt: skip
        version, cuda, gpu = json.loads(answer.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return Check(
            "torch", "missing", _say(N_("Doctor", "PyTorch cannot be imported")),
            _say(N_("Doctor", "Delete the folder .venv and run {start} again."), start=START),
        )  # fmt: skip
    if gpu:
        return Check("torch", "ok", _say(N_("Doctor", "PyTorch {version} on {device}"), version=version, device=gpu))  # fmt: skip
    found = _say(
        N_("Doctor", "PyTorch {version} on the CPU ({device})"), version=version,
        device=hardware.cpu_name(),
    )  # fmt: skip
    if not hardware.nvidia_driver():
        return Check("torch", "ok", found)
    if cuda:
        remedy = _say(
            N_("Doctor", "There is an NVIDIA driver, but PyTorch sees no GPU: update the driver.")
        )
    else:
        remedy = _say(
            N_("Doctor", "There is an NVIDIA driver, but this PyTorch is built for the CPU: delete the "
                         "folder .venv and run {start} again."), start=START,
        )  # fmt: skip
    return Check("torch", "warn", found, remedy)


def _devices() -> list[Check]:
    """Each GPU, with what keeps it from training."""
    found: list[Check] = []
    for device in hardware.devices():
        if device.id == "cpu":
            continue
        name = _say(
            N_("Doctor", "GPU: {name}, {gb} GB ({platform})"), name=device.name,
            gb=f"{device.memory_total / 1e9:.1f}", platform=device.platform,
        )  # fmt: skip
        status = "ok" if device.fault is None else "warn"
        found.append(Check("device", status, name, device.fault))
    return found


def _qt() -> Check:
    try:
        version = importlib.metadata.version("PySide6_Essentials")
    except importlib.metadata.PackageNotFoundError:
        return Check(
            "qt", "missing", _say(N_("Doctor", "Qt (PySide6) is not installed")),
            _say(N_("Doctor", "Delete the folder .venv and run {start} again."), start=START),
        )  # fmt: skip
    return Check("qt", "ok", _say(N_("Doctor", "Qt (PySide6) {version}"), version=version))


def _qt_libraries() -> list[Check]:
    """The system libraries that Qt's window plugins load (Linux only)."""
    if not sys.platform.startswith("linux"):
        return []
    absent = [name for name in _QT_LIBRARIES if not _loads(name)]
    if not absent:
        return [Check("qt-libraries", "ok", _say(N_("Doctor", "Qt's system libraries are there")))]
    packages = " ".join(_QT_LIBRARIES[name] for name in absent)
    return [
        Check(
            "qt-libraries", "missing",
            _say(N_("Doctor", "Libraries that Qt needs are missing: {names}"), names=", ".join(absent)),
            _say(N_("Doctor", "On Debian or Ubuntu: sudo apt install {packages}"), packages=packages),
        )
    ]  # fmt: skip


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _screen() -> list[Check]:
    """Whether a window can be shown (Linux only; the server itself is not asked)."""
    if not sys.platform.startswith("linux"):
        return []
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if screen:
        return [Check("screen", "ok", _say(N_("Doctor", "Screen: {name}"), name=screen))]
    return [
        Check(
            "screen", "warn", _say(N_("Doctor", "No screen is set (DISPLAY, WAYLAND_DISPLAY)")),
            _say(N_("Doctor", "The commands work without one; for the window, connect with ssh -X.")),
        )
    ]  # fmt: skip


def _input_method() -> list[Check]:
    """How kanji can be written (Linux only: elsewhere it is the system's affair)."""
    if not sys.platform.startswith("linux"):
        return []
    module = os.environ.get("QT_IM_MODULE", "")
    if module.startswith("fcitx"):
        found = _say(N_("Doctor", "Input method: {name}"), name=module)
        remedy = N_(
            "Doctor",
            "PySide6 has no fcitx plugin: Terakoya reaches fcitx through its ibus interface.",
        )
        return [Check("input-method", "ok", found, _say(remedy))]
    if module:
        return [
            Check("input-method", "ok", _say(N_("Doctor", "Input method: {name}"), name=module))
        ]
    found = _say(N_("Doctor", "No input method is chosen (QT_IM_MODULE is not set)"))
    remedy = N_(
        "Doctor", "To write Japanese: sudo apt install ibus-mozc, and set QT_IM_MODULE=ibus."
    )
    return [Check("input-method", "ok", found, _say(remedy))]


def _japanese_glyphs() -> Check:
    missing = Check(
        "japanese", "missing", _say(N_("Doctor", "No font with Japanese letters was found")),
        _say(N_("Doctor", "On Debian or Ubuntu: sudo apt install fonts-noto-cjk")),
    )  # fmt: skip
    if not sys.platform.startswith("linux"):
        return Check("japanese", "ok", _say(N_("Doctor", "Japanese letters come with this system")))
    program = shutil.which("fc-list")
    if program is None:
        folders = (
            Path("/usr/share/fonts"),
            Path.home() / ".fonts",
            Path.home() / ".local/share/fonts",
        )
        found = any(any(f.rglob("*CJK*")) for f in folders if f.is_dir())
        return (
            Check("japanese", "ok", _say(N_("Doctor", "Japanese letters: found")))
            if found
            else missing
        )
    answer = subprocess.run(
        [program, ":lang=ja", "family"], capture_output=True, text=True, timeout=30, check=False
    ).stdout
    families = sorted({line.split(",")[0].strip() for line in answer.splitlines() if line.strip()})
    if not families:
        return missing
    best = next((name for name in families if name.endswith(" JP")), families[0])
    return Check("japanese", "ok", _say(N_("Doctor", "Japanese letters: {font}"), font=best))


def _disk(home: Home) -> Check:
    free = hardware.disk_free(home.path)
    found = _say(N_("Doctor", "Disk: {gb} GB free at {path}"), gb=f"{free / 1e9:.1f}", path=str(home.path))  # fmt: skip
    if free >= NEEDED_DISK:
        return Check("disk", "ok", found)
    return Check(
        "disk",
        "warn",
        found,
        _say(N_("Doctor", "Free some space, or choose another folder with --home.")),
    )


def _memory() -> Check:
    total, available = hardware.memory()
    found = _say(
        N_("Doctor", "Memory: {total} GB, {free} GB free"), total=f"{total / 2**30:.1f}",
        free=f"{available / 2**30:.1f}",
    )  # fmt: skip
    if available >= NEEDED_MEMORY:
        return Check("memory", "ok", found)
    return Check(
        "memory",
        "warn",
        found,
        _say(N_("Doctor", "Close other programs, or train smaller models.")),
    )


def _home(home: Home) -> Check:
    try:
        home.prepare()
    except TerakoyaError as error:
        return Check("home", "missing", _say(N_("Doctor", "Terakoya cannot write where it keeps its files")), error.sentence)  # fmt: skip
    return Check("home", "ok", _say(N_("Doctor", "Files are kept in {path}"), path=str(home.path)))
