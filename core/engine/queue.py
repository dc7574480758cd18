"""The line of runs that wait for their turn, over all windows and commands of a home."""

from __future__ import annotations

import contextlib

from core.errors import TerakoyaError
from core.files import FileLock, read_json, write_json
from core.jobfolder import JobFolder

_TICKET = "queued.json"
_ORDER = "queue-order.lock"


class Place:
    """One run's place. Its ticket lies in its own folder and counts as long as somebody holds the
    run's supervisor.lock, so a line never waits for a program that is gone. Tickets are numbers,
    not times: a clock may be set back."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._file = folder.path / _TICKET
        self._order = FileLock(folder.home / _ORDER)

    def take(self) -> None:
        """Stand at the end of the line. Raises NoSpace or NoPermission."""
        with self._order:
            others = [ticket for ticket, _ in self._others()]
            write_json(self._file, {"ticket": max(others, default=0) + 1})

    def leave(self) -> None:
        with contextlib.suppress(OSError):
            self._file.unlink()

    def number(self) -> int | None:
        """1 for the next; None for a run that does not wait."""
        mine = _ticket(self._folder)
        if mine is None:
            return None
        key = (mine, self._folder.id)
        return 1 + sum((ticket, other.id) < key for ticket, other in self._others())

    def move(self, by: int) -> bool:
        """Change places with the run that waits before (-1) or after (+1); False at either end."""
        with self._order:
            mine = _ticket(self._folder)
            if mine is None:
                return False
            line = sorted(
                [(mine, self._folder.id, self._folder)]
                + [(ticket, other.id, other) for ticket, other in self._others()]
            )
            folders = [folder for _, _, folder in line]
            here = next(i for i, folder in enumerate(folders) if folder.id == self._folder.id)
            there = here + by
            if not 0 <= there < len(folders):
                return False
            folders[here], folders[there] = folders[there], folders[here]
            for ticket, folder in enumerate(folders, 1):
                write_json(folder.path / _TICKET, {"ticket": ticket})
        return True

    def _others(self) -> list[tuple[int, JobFolder]]:
        """(ticket, run) of all others that wait, each with a living supervisor."""
        found: list[tuple[int, JobFolder]] = []
        for path in self._folder.path.parent.glob(f"*/{_TICKET}"):
            folder = JobFolder(path.parent)
            ticket = _ticket(folder)
            if folder.id == self._folder.id or ticket is None:
                continue
            with contextlib.suppress(OSError, TerakoyaError):
                if folder.supervisor_lock().is_held_elsewhere():
                    found.append((ticket, folder))
        return found


def _ticket(folder: JobFolder) -> int | None:
    try:
        return int(read_json(folder.path / _TICKET)["ticket"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
