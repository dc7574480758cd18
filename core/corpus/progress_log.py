"""What a reading has done so far, so that a pause or a kill costs little."""

from __future__ import annotations

import json
import os
from pathlib import Path

from core.corpus.manifest import FileVerdict
from core.files import friendly_os_errors

_NAME = "read.jsonl"


class ProgressLog:
    """Lines of verdicts beside the texts that they name; a line is on the disk before the next
    files are read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME

    def lines(self) -> list[list[FileVerdict]]:
        """The verdicts of each line that is whole; those of one file stand in one line."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return []
        found: list[list[FileVerdict]] = []
        for line in data.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            try:
                found.append([FileVerdict.model_validate(v) for v in json.loads(line)])
            except ValueError:
                break
        return found

    def add(self, *lines: list[FileVerdict]) -> None:
        """All verdicts of a file go into one line."""
        data = "".join(
            json.dumps([v.model_dump(mode="json") for v in line], ensure_ascii=True) + "\n"
            for line in lines
        )
        with friendly_os_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                _end_line(file.fileno(), self._path)
                file.write(data.encode())
                file.flush()
                os.fsync(file.fileno())


def _end_line(handle: int, path: Path) -> None:
    """Cut off what a kill left of a line."""
    size = os.fstat(handle).st_size
    if size:
        data = path.read_bytes()
        os.ftruncate(handle, data.rfind(b"\n") + 1)
