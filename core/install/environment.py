"""The folder `.venv`: made, checked and mended; its marks tell start.sh that all is there."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Generator
from pathlib import Path
from typing import Any

WINDOWS = sys.platform == "win32"


class NoEnsurepip(Exception):
    """This Python cannot make a .venv with pip in it."""


@dataclasses.dataclass
class State:
    """What is in `.venv`, as the last complete setup left it."""

    python: str = ""
    build: str = ""
    driver: bool = False
    hashes: dict[str, str] = dataclasses.field(default_factory=dict[str, str])


@dataclasses.dataclass(frozen=True)
class Environment:
    """Paths of `.venv` in the program's folder `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def marks(self) -> Path:
        """`run.toml` and `test.toml` are copies of pyproject.toml, each written last of all."""
        return self.folder / "terakoya"

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if WINDOWS else "bin/python")

    @property
    def log(self) -> Path:
        return self.marks / "install.log"

    @property
    def packages(self) -> Path:
        if WINDOWS:
            return self.folder / "Lib" / "site-packages"
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        return self.folder / "lib" / version / "site-packages"

    # ---- what is wanted --------------------------------------------------------------------------

    def requirements(self, wanted: str) -> list[str]:
        """The requirements of pyproject.toml for `wanted`: run, or test (which includes run)."""
        with (self.root / "pyproject.toml").open("rb") as file:
            project: dict[str, Any] = tomllib.load(file)
        found: list[str] = list(project["project"]["dependencies"])
        if wanted == "test":
            found += project["dependency-groups"]["test"]
        return found

    def fingerprint(self, wanted: str) -> str:
        """Changes when the requirements or this Python do."""
        lines = [*self.requirements(wanted), ".".join(map(str, sys.version_info[:2]))]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    # ---- what is there ---------------------------------------------------------------------------

    def sound(self) -> bool:
        """Whether the interpreter runs, is of this version and has pip."""
        if not self.python.exists():
            return False
        ask = "import sys, pip; print(*sys.version_info[:2])"
        try:
            answer = subprocess.run(
                [self.python, "-I", "-c", ask], capture_output=True, text=True, timeout=60,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return False
        return answer.stdout.split() == [str(n) for n in sys.version_info[:2]]

    def check_tools(self) -> None:
        """Raise NoEnsurepip where Debian's python3-venv, or what it is elsewhere, is missing."""
        if not all(importlib.util.find_spec(module) for module in ("ensurepip", "venv")):
            raise NoEnsurepip

    def make(self) -> None:
        """Make `.venv` anew, with pip. Raises NoEnsurepip, OSError."""
        self.check_tools()
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        made = subprocess.run(
            [sys.executable, "-I", "-m", "venv", self.folder], capture_output=True, text=True
        )
        if made.returncode != 0:
            if "ensurepip" in made.stdout + made.stderr:
                raise NoEnsurepip
            raise OSError(made.stderr.strip() or made.stdout.strip())
        self.marks.mkdir(exist_ok=True)

    def moved(self) -> bool:
        """Whether the program's folder had another name when `.venv` was completed."""
        try:
            return self._place.read_text("utf-8").splitlines()[0] != str(self.root)
        except (OSError, IndexError):
            return False

    def readdress(self) -> None:
        """Write this folder's name where `.venv` has its old one. Raises OSError."""
        renew = [sys.executable, "-I", "-m", "venv", "--without-pip", str(self.folder)]
        subprocess.run(renew, capture_output=True, check=False)
        if WINDOWS:
            return  # Its launchers are programs; nothing of ours starts them.
        for script in self.python.parent.iterdir():
            if script.is_symlink() or not script.is_file():
                continue
            first, newline, rest = script.read_bytes().partition(b"\n")
            if newline and re.fullmatch(rb"#!.*/bin/python[\d.]*", first):
                name = first.rpartition(b"/")[2]
                script.write_bytes(b"#!%s/%s\n%s" % (os.fsencode(self.python.parent), name, rest))

    def damaged(self) -> list[Path]:
        """The `.dist-info` folders of packages whose files are not all there, whole."""
        folders = sorted(self.packages.glob("*.dist-info"))
        return [folder for folder in folders if not _whole(folder)]

    def forget(self, damaged: list[Path]) -> None:
        """Take the records of damaged packages away, so that pip installs these anew."""
        for folder in damaged:
            shutil.rmtree(folder)
        for left_over in self.packages.glob("~*"):
            shutil.rmtree(left_over, ignore_errors=True)

    def version_of(self, package: str) -> str | None:
        """The installed version of `package`, by the name of its record."""
        for folder in self.packages.glob("*.dist-info"):
            name, _, version = folder.name.removesuffix(".dist-info").partition("-")
            if name.lower() == package:
                return version
        return None

    # ---- the marks -------------------------------------------------------------------------------

    @property
    def _place(self) -> Path:
        """Two lines: the program's folder, and the interpreter behind `.venv`'s. start.sh compares
        both: a folder can be moved, and a distribution's upgrade puts another Python there."""
        return self.marks / "place"

    def state(self) -> State:
        try:
            return State(**json.loads((self.marks / "state.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return State()

    def unmark(self) -> None:
        """Before anything changes: whatever stops us now, the next start looks again."""
        for name in ("run.toml", "test.toml"):
            (self.marks / name).unlink(missing_ok=True)
        self.remember(dataclasses.replace(self.state(), hashes={}))

    def remember(self, state: State) -> None:
        self.marks.mkdir(exist_ok=True)
        _replace(self.marks / "state.json", json.dumps(vars(state)).encode())

    def mark(self, state: State, wanted: str) -> None:
        """All is installed: write the marks, pyproject's copy last."""
        if hasattr(os, "sync"):
            os.sync()
        self.remember(state)
        _replace(self._place, f"{self.root}\n{self.python.resolve()}\n".encode())
        no_driver = self.marks / "no-driver"
        if state.driver:
            no_driver.unlink(missing_ok=True)
        else:
            _replace(no_driver, b"")
        for name in {"run", wanted}:
            _replace(self.marks / f"{name}.toml", (self.root / "pyproject.toml").read_bytes())


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)


def _whole(folder: Path) -> bool:
    """Whether every file that RECORD lists is there in its size; pip writes INSTALLER late."""
    if not (folder / "INSTALLER").exists() or not (folder / "METADATA").exists():
        return False
    try:
        with (folder / "RECORD").open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.reader(file) if len(row) == 3 and row[2]]
        # Python itself rewrites compiled files, also those that a wheel brought.
        rows = [row for row in rows if not row[0].endswith(".pyc")]
        # A script's size is not asked: its first line changes with the folder's name.
        return all(
            (folder.parent / name).stat().st_size == int(size) or name.startswith("../")
            for name, _, size in rows
        )
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def locked(root: Path, waiting: str) -> Generator[int]:
    """Hold the lock of `root`'s setup; yields its descriptor, for pip to inherit.

    While pip has it too, a setup that was killed keeps the next one waiting until its pip is done.
    """
    from core.install.texts import say

    descriptor = os.open(root / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try_lock(descriptor, wait=False):
            say(waiting)
            while not _try_lock(descriptor, wait=True):
                pass
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # LK_LOCK tries for ten seconds.
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True
