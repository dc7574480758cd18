"""The way to the window: a screen, a home, one window for each home. Imports Qt as late as it can."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import sys
from pathlib import Path
from typing import IO

from core.errors import HomeBusy, NoScreen, TerakoyaError
from core.files import FileLock
from core.home import Home


def main(paths: list[str], home: str | None = None) -> int:
    """Open the window; the exit code is 0, or 2 with one sentence where it cannot open."""
    try:
        place = Home.find(home).prepare()
        missing = [path for path in paths if not Path(path).exists()]
        if missing:
            from core.errors import PathMissing

            raise PathMissing(path=missing[0])
        lock = FileLock(place.lock_file)
        if not lock.acquire():
            return _hand_over(place, paths)
        try:
            return _open(place, [str(Path(path).absolute()) for path in paths])
        finally:
            lock.release()
    except TerakoyaError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _open(home: Home, paths: list[str]) -> int:
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        os.environ["QT_IM_MODULE"] = "ibus"  # PySide6 brings no fcitx plugin; fcitx speaks ibus.
    with _crash_file(home) as crashes:
        if crashes is not None:
            faulthandler.enable(crashes)
        try:
            from app.desktop import run
        except ModuleNotFoundError:
            raise  # A package of ours: main.py names it.
        except ImportError as error:  # A system library of Qt is missing (libEGL, libxkbcommon).
            raise NoScreen(reason=str(error)) from error
        return run(home, paths)


@contextlib.contextmanager
def _crash_file(home: Home):
    """Where faulthandler writes when the process itself breaks."""
    file: IO[str] | None = None
    try:
        file = (home.logs / "crash.txt").open("a", encoding="utf-8")
    except OSError:
        pass
    try:
        yield file
    finally:
        faulthandler.disable()
        if file is not None:
            file.close()


def _hand_over(home: Home, paths: list[str]) -> int:
    """Another window has this home: it gets the paths and comes to the front."""
    try:
        from app.single import send
    except ImportError as error:
        raise NoScreen(reason=str(error)) from error
    if send(home, [str(Path(path).absolute()) for path in paths]):
        return 0
    raise HomeBusy(what=str(home.path), pid="?")
