"""Where no screen can be had, the window's start says so in one sentence and ends with 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "no screen is set"),
        ({"DISPLAY": ":87"}, "the screen :87 does not answer"),
        ({"DISPLAY": ":87", "QT_QPA_PLATFORM": "xcb"}, "the screen :87 does not answer"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "Qt has no platform plugin “nonsense”"),
        ({"WAYLAND_DISPLAY": "wayland-87"}, ""),
        ({"QT_QPA_PLATFORM": "linuxfb:fb=/dev/no-such-framebuffer"}, "Failed to open framebuffer"),
    ],
    ids=[
        "none set",
        "a dead server",
        "a dead server, asked for",
        "a missing plugin",
        "no Wayland",
        "no framebuffer",
    ],
)
def test_the_start_of_the_window_says_the_ways_on(
    tmp_path: Path, environment: dict[str, str], reason: str
) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in SCREEN}
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path), "LANG": "C.UTF-8"}
    tmp_path.chmod(0o700)
    ended = subprocess.run(
        [sys.executable, ROOT / "main.py", "--home", tmp_path / "home"], capture_output=True,
        text=True, encoding="utf-8", env=clean | runtime | environment, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith(f"No screen can be opened ({reason}")
    assert "./start.sh train --corpus FOLDER --name NAME" in sentence
    assert "ssh -X" in sentence
