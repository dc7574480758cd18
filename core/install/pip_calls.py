"""Runs pip quietly: its words go to a log, one line on the terminal tells how far it is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.install.environment import Environment
from core.install.texts import text, write

_SIZE = re.compile(r"(?:Downloading|Using cached) (\S+?)(?:-\d\S*)? \(([\d.]+) ([kMG]B)\)")
_UNITS = {"kB": 1e-3, "MB": 1.0, "GB": 1e3}
_DROPPED = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_REQUIRE_HASHES",
    "PYTHONHOME",
    "PYTHONPATH",
)


@dataclass
class Pip:
    """pip of `.venv`. With `dry`, commands are printed instead of run."""

    environment: Environment
    dry: bool = False
    lock: int | None = None
    log_start: int = field(default=0, init=False)

    def install(self, requirements: Sequence[str], *options: str) -> bool:
        """`pip install`; whether it worked."""
        command = [
            str(self.environment.python), "-I", "-m", "pip", "install", "--no-input",
            "--prefer-binary", *options, *requirements,
        ]  # fmt: skip
        if self.dry:
            write("+ " + shlex.join(command))
            return True
        return self._run(command)

    def find_links(self) -> list[str]:
        """Folders in which pip's configuration says wheels lie (PIP_FIND_LINKS, pip.conf)."""
        python = self.environment.python if self.environment.python.exists() else sys.executable
        told = subprocess.run(
            [python, "-I", "-m", "pip", "config", "list"], capture_output=True, text=True,
            stdin=subprocess.DEVNULL, env=_environment(),
        ).stdout  # fmt: skip
        found = os.environ.get("PIP_FIND_LINKS", "").split()
        for line in told.splitlines():
            name, _, value = line.partition("=")
            if name in ("global.find-links", "install.find-links"):
                # pip prints the value as Python writes it, with \n between several.
                found += value.strip("'\"").replace("\\n", " ").split()
        return list(dict.fromkeys(found))

    def last_words(self, lines: int = 12) -> str:
        """The end of what the last call said."""
        try:
            with self.environment.log.open("rb") as file:
                file.seek(self.log_start)
                said = file.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(said.strip().splitlines()[-lines:])

    def _run(self, command: list[str]) -> bool:
        # pip unpacks where it has room: /tmp is often in memory, and a CUDA build takes gigabytes.
        temporary = self.environment.marks / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        environment = _environment() | {"TMPDIR": str(temporary), "TEMP": str(temporary)}
        inherit = () if self.lock is None or sys.platform == "win32" else (self.lock,)
        with self.environment.log.open("ab") as log:
            self.log_start = log.tell()
            log.write(f"\n$ {shlex.join(command)}\n".encode())
            log.flush()
            running = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                env=environment, pass_fds=inherit,
            )  # fmt: skip
            try:
                self._watch(running, temporary)
            except BaseException:
                running.terminate()
                running.wait()
                raise
        return running.returncode == 0

    def _watch(self, running: subprocess.Popen[bytes], temporary: Path) -> None:
        terminal = sys.stderr.isatty()
        while True:
            try:
                running.wait(timeout=0.3)
            except subprocess.TimeoutExpired:
                if terminal:
                    _status(self._progress(temporary))
                continue
            if terminal:
                _status("")
            return

    def _progress(self, temporary: Path) -> str:
        """What pip does now: the file it fetches, with megabytes, or that it unpacks."""
        said = self.last_words(3)
        if "Installing collected packages" in said:
            return text("unpack")
        sizes = _SIZE.findall(said)
        if not sizes:
            return ""
        name, size, unit = sizes[-1]
        total = float(size) * _UNITS[unit]
        here = max((_bytes(path) for path in temporary.rglob("*") if path.is_file()), default=0)
        return f"     {name}  {min(here / 1e6, total):.0f} / {total:.0f} MB"


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _status(line: str) -> None:
    encoding = sys.stderr.encoding or "utf-8"
    shown = line.encode(encoding, "replace").decode(encoding)
    sys.stderr.write("\r" + " " * 78 + "\r" + shown)
    sys.stderr.flush()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    return kept | {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0", "PIP_NO_COLOR": "1",
        "PIP_PROGRESS_BAR": "off", "PYTHONUTF8": "1",
    }  # fmt: skip
