"""Safe files: written aside, fsynced, renamed; locks that prove life; a disk that may be full."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sys
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

from core.errors import NoPermission, NoSpace
from core.reasons import CHANGED, TOO_DEEP, Unsuitable

MARGIN_BYTES = 64 << 20  # Free space below which nothing large is begun.


@contextlib.contextmanager
def friendly_os_errors(path: Path, needed_bytes: int = MARGIN_BYTES) -> Generator[None]:
    """Turn a full disk and a refused write into our own sentences.

    Raises:
        NoSpace: The disk or the user's quota is full.
        NoPermission: The folder is read-only or belongs to somebody else.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(path=str(path), needed=max(1, needed_bytes >> 20)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise NoPermission(path=str(path)) from error
        raise


def fsync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def atomic_file(path: Path, mode: str = "wb") -> Generator[IO[Any]]:
    """Open a temporary neighbour of `path`; on success it is fsynced and takes the name `path`."""
    temporary = path.with_name(f".{path.name[:60]}.{uuid.uuid4().hex[:8]}.tmp")
    encoding = None if "b" in mode else "utf-8"
    newline = None if "b" in mode else "\n"
    with friendly_os_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open(mode, encoding=encoding, newline=newline) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        fsync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    with atomic_file(path, "w") as file:
        file.write(text)


def write_json(path: Path, data: Any) -> None:
    """Write `data` as readable UTF-8 JSON; NaN and infinity are refused (ValueError)."""
    text = json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)
    if not _is_unicode(text):  # A file name that is no valid text: escaped, it comes back whole.
        text = json.dumps(data, indent=1)
    write_text(path, text + "\n")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_json(path: Path) -> Any:
    """Raises OSError when there is no such file and ValueError when it is not JSON, or is nested
    more deeply than anything of ours."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise Unsuitable(TOO_DEEP) from error


def sealed(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with a hash of itself, so that a flipped bit in a number is seen."""
    return {**data, "seal": _seal(data)}


def unsealed(data: dict[str, Any]) -> dict[str, Any]:
    """What `sealed` was given; data that never had a seal is taken as it is. Raises ValueError when
    something was changed."""
    data = dict(data)
    seal = data.pop("seal", None)
    if seal is not None and seal != _seal(data):
        raise Unsuitable(CHANGED)
    return data


def _seal(data: dict[str, Any]) -> str:
    data = json.loads(json.dumps(data))  # As it is read back: keys are text, tuples are lists.
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under another name, or a copy where the file system knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def fsync_tree(folder: Path) -> None:
    """Flush every file of `folder` and the folder itself, before a rename publishes it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        elif path.is_dir():
            fsync_folder(path)
    fsync_folder(folder)


def publish_folder(temporary: Path, final: Path) -> None:
    """Give a finished folder its name in one step; `final` must not exist."""
    with friendly_os_errors(final):
        fsync_tree(temporary)
        temporary.rename(final)
        fsync_folder(final.parent)


def delete_folder(folder: Path) -> None:
    """Delete a folder that holds nothing of the user's own; what cannot be deleted stays."""
    shutil.rmtree(folder, ignore_errors=True)


def folder_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class FileLock:
    """An operating-system lock on a file: it vanishes with its holder, however that one ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def acquire(self, blocking: bool = False) -> bool:
        """Take the lock; False when somebody else holds it and `blocking` is false."""
        if self._file is not None:
            return True
        with friendly_os_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = self.path.open("a+", encoding="utf-8")
        if not _lock(file, blocking):
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # Closing gives the lock back on every system.
            self._file = None

    def is_held_elsewhere(self) -> bool:
        """Whether another process (or another object of this one) holds the lock now.

        Looks with a shared lock and without writing, so that lookers never see each other.
        """
        if self._file is not None:
            return False
        try:
            with self.path.open(encoding="utf-8") as file:
                return not _lock(file, blocking=False, shared=True)
        except FileNotFoundError:
            return False

    def __enter__(self) -> FileLock:
        self.acquire(blocking=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str], blocking: bool, shared: bool = False) -> bool:
        del shared  # msvcrt knows exclusive locks only.
        file.seek(0)
        mode = msvcrt.LK_LOCK if blocking else msvcrt.LK_NBLCK
        while True:
            try:
                msvcrt.locking(file.fileno(), mode, 1)
                return True
            except OSError:
                if not blocking:
                    return False
else:
    import fcntl

    def _lock(file: IO[str], blocking: bool, shared: bool = False) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, kind | (0 if blocking else fcntl.LOCK_NB))
        except OSError:
            return False
        return True
