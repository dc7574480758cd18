"""Reader processes: several read at once, and one that hangs, crashes or takes too much memory
costs the file that it was at, nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from core.corpus.gathering import GivenFile
from core.corpus.manifest import FileVerdict
from core.corpus.reader_service import memory_limit
from core.corpus.verdicts import lost
from core.errors import NoPermission, NoSpace, error_of
from core.jobs.kinds import CleaningOptions
from core.sentences import N_, Sentence

_MAIN = Path(__file__).resolve().parents[2] / "main.py"
PATIENCE = 60.0
"""Seconds without a sign of life after which a file counts as one that cannot be read;"""
SLOWEST = 500_000
"""and one second more for so many bytes of it."""
_LONGEST = 1800.0
_STARVED = 4
"""So many times as long where others leave it less of a processor than it would use,"""
_ASLEEP = 0.05
"""which is more than this share."""
_STARTING = 120.0
"""Seconds in which a process must have begun."""
_LOOK = 0.05
_MEMORY_EVERY = 0.5
_UNHEARD = 5.0
"""Seconds in which this process heard nothing: it was stopped, or the machine slept."""
_MOST_READERS = 4
_FULL = 0.6
"""Of the memory that a reader may use: one that had so much and broke down wanted more."""
_OF_THE_DISK = (NoSpace.code, NoPermission.code)
"""Errors that no file is to blame for."""


def reader_count() -> int:
    """How many read at once: a core each, but not more than memory has room for."""
    room = int(psutil.virtual_memory().available // (1 << 30))
    return max(1, min(_MOST_READERS, os.cpu_count() or 1, room))


@dataclass
class Task:
    """Files for one reader, and the file that it writes their texts to."""

    files: list[GivenFile]
    out: Path
    again: bool = False
    """Its reader died on it once."""
    verdicts: list[FileVerdict] = field(default_factory=list[FileVerdict])
    at: int = 0

    def part(self, files: list[GivenFile], again: bool = False) -> Task:
        return Task(files, new_texts(self.out.parent), again)


def new_texts(folder: Path) -> Path:
    """A name for a file of texts that no other has."""
    return folder / f"texts-{uuid.uuid4().hex[:12]}.parquet"


class _Reader:
    def __init__(self, home: Path, arrived: queue.Queue[tuple[_Reader, dict[str, Any]]]) -> None:
        self.task: Task | None = None
        self.beat = time.monotonic()
        self.why: Sentence | None = None
        self.ready = self.late = False
        self._looked_beat = self._worked_before = 0.0
        self.most = 0
        self._process = subprocess.Popen(
            [sys.executable, str(_MAIN), "job", "--resident", "reader", str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=_environment(), start_new_session=sys.platform != "win32",
        )  # fmt: skip
        self._arrived = arrived
        self._thread = threading.Thread(target=self._listen, name="reader", daemon=True)
        self._thread.start()

    def give(self, task: Task, options: CleaningOptions) -> None:
        self.task, self.beat, self.most, task.at = task, time.monotonic(), 0, 0
        task.verdicts.clear()
        line = {
            "id": 1, "op": "gather", "options": options.model_dump(mode="json"),
            "out": str(task.out), "files": [f.model_dump(mode="json") for f in task.files],
        }  # fmt: skip
        with contextlib.suppress(OSError, ValueError):  # It is gone: its end says so.
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def overdue(self, now: float) -> bool:
        if self.task is None:
            return False
        if not self.ready:
            return now - self.beat > _STARTING
        size = self.task.files[min(self.task.at, len(self.task.files) - 1)].bytes
        patience, passed = min(_LONGEST, PATIENCE + size / SLOWEST), now - self.beat
        if passed <= patience:
            return False
        worked = self._worked() - self._worked_before
        return worked >= patience or worked < passed * _ASLEEP or passed > patience * _STARVED

    def look(self) -> None:
        """Remember what it had worked at its last sign of life."""
        if self._looked_beat != self.beat:
            self._looked_beat, self._worked_before = self.beat, self._worked()

    def _worked(self) -> float:
        """Processor seconds since it began."""
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(self._process.pid).cpu_times()
            return times.user + times.system
        return self._worked_before

    def memory(self) -> int:
        """Bytes; `most` is what it had at most since its task began."""
        with contextlib.suppress(psutil.Error):
            now = psutil.Process(self._process.pid).memory_info().rss
            self.most = max(self.most, now)
            return now
        return 0

    def kill(self, why: Sentence | None = None) -> None:
        self.why = self.why or why
        self._process.kill()

    def close(self) -> None:
        """It holds nothing unsaved that anybody waits for."""
        self._process.kill()
        self._process.wait()
        self._thread.join(timeout=5)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stdout:
                with contextlib.suppress(ValueError):
                    self._arrived.put((self, json.loads(line)))
        self._arrived.put((self, {"event": "gone"}))


def _environment() -> dict[str, str]:
    """Memory that is freed goes back, and numpy starts no threads of its own."""
    own = {
        "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system",
    }  # fmt: skip
    return {**os.environ, **own}


class Pool:
    """`read` hands tasks out and yields them as they are done, in no particular order."""

    def __init__(self, home: Path, options: CleaningOptions, count: int = 0) -> None:
        self._home, self._options = home, options
        self._count = count or reader_count()
        self._readers: list[_Reader] = []
        self._arrived: queue.Queue[tuple[_Reader, dict[str, Any]]] = queue.Queue()
        self._waiting: deque[Task] = deque()
        self._looked = 0.0

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers:
            reader.close()
        self._readers.clear()

    def read(
        self, tasks: Iterable[Task], stop: Callable[[], bool], say: Callable[[GivenFile], None]
    ) -> Iterator[Task]:
        """Ends early when `stop` says so; what was not yielded then was not read.

        Args:
            say: Told which file is read.

        Raises:
            NoSpace, NoPermission: Texts cannot be written.
        """
        coming = iter(tasks)
        while not stop():
            self._feed(coming)
            if not self._readers or all(reader.task is None for reader in self._readers):
                return
            try:
                reader, data = self._arrived.get(timeout=_LOOK)
            except queue.Empty:
                self._look_after()
                continue
            if (done := self._hear(reader, data, say)) is not None:
                yield done
            self._look_after()

    def _feed(self, coming: Iterator[Task]) -> None:
        """Give every reader something to do, but none that was told to end: it would die of that."""
        for reader in [r for r in self._readers if r.why is not None and r.task is None]:
            self._bury(reader)
        while True:
            idle = next((r for r in self._readers if r.task is None), None)
            if idle is None and len(self._readers) >= self._count:
                return
            task = self._waiting.popleft() if self._waiting else next(coming, None)
            if task is None:
                return
            if idle is None:
                idle = _Reader(self._home, self._arrived)
                self._readers.append(idle)
            idle.give(task, self._options)

    def _hear(
        self, reader: _Reader, data: dict[str, Any], say: Callable[[GivenFile], None]
    ) -> Task | None:
        task, event = reader.task, data.get("event")
        if event == "gone":
            return self._bury(reader)
        reader.beat, reader.ready = time.monotonic(), True
        if task is None or data.get("id") != 1:
            return None
        if event == "update":
            task.at = int(data["file"])
            if "verdict" in data:
                task.verdicts.append(FileVerdict.model_validate(data["verdict"]))
            else:
                say(task.files[task.at])
            return None
        reader.task = None
        if event == "done":
            return task
        if data.get("code") in _OF_THE_DISK:
            raise error_of(str(data["code"]), data.get("values") or {})
        return self._lost(task, _fault_of(reader))  # Tried alone.

    def _bury(self, reader: _Reader) -> Task | None:
        task = reader.task
        reader.close()
        if reader in self._readers:
            self._readers.remove(reader)
        if task is None:
            return None
        return self._lost(task, reader.why or _fault_of(reader), sure=reader.late)

    def _lost(self, task: Task, why: Sentence, sure: bool = False) -> Task | None:
        """What its reader died of: the file that it was at is tried once more, alone, unless it is
        `sure` that it would be the same again."""
        task.out.unlink(missing_ok=True)
        before, at, after = task.files[: task.at], task.files[task.at], task.files[task.at + 1 :]
        self._waiting.extend(task.part(files) for files in (before, after) if files)
        alone = task.part([at], again=True)
        if sure or (task.again and len(task.files) == 1):
            alone.verdicts = [lost(at, why)]
            return alone
        self._waiting.append(alone)
        return None

    def _look_after(self) -> None:
        now = time.monotonic()
        asleep = now - self._looked > _MEMORY_EVERY + _UNHEARD and self._looked > 0
        if now - self._looked < _MEMORY_EVERY:
            return
        self._looked = now
        if asleep:  # This process did not listen: who knows how the readers got on?
            for reader in self._readers:
                reader.beat = now
        for reader in self._readers:
            reader.look()
            if reader.overdue(now):
                reader.late = reader.ready
                reader.kill(_too_long())
            elif reader.task is not None and reader.memory() > memory_limit():
                reader.kill(_too_much())


def _too_long() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "reading it does not come to an end"))


def _too_much() -> Sentence:
    text = N_("Verdicts", "reading it needs more than {gigabytes} GB of memory: split it")
    return Sentence("Verdicts", text, {"gigabytes": f"{memory_limit() / (1 << 30):.1f}"})


def _fault_of(reader: _Reader) -> Sentence:
    """Libraries end the process where they get no more memory."""
    if reader.most > _FULL * memory_limit():
        return _too_much()
    return Sentence("Verdicts", N_("Verdicts", "the reader broke down on it: it may be damaged"))
