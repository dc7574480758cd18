"""The engine's end of a resident worker: requests out, answers in, restarted after a death."""

from __future__ import annotations

import contextlib
import itertools
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.engine.deaths import GONE
from core.engine.launch import MAIN, worker_environment
from core.errors import sentence_of
from core.sentences import Sentence, values_from_json

_GRACE = 0.3
"""Seconds that a worker gets to hear that it shall end, before something stronger follows."""
Done = Callable[[dict[str, Any]], None]
Failed = Callable[[Sentence], None]


@dataclass
class _Pending:
    done: Done
    failed: Failed | None
    update: Done | None
    process: subprocess.Popen[str]


class ResidentClient:
    """Callbacks are called by `poll`, on the thread that polls."""

    def __init__(self, name: str, home: Path) -> None:
        self.name = name
        self._home = home
        self._numbers = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process and self._process.poll() is None else None

    def request(
        self,
        operation: str,
        params: dict[str, Any],
        done: Done,
        failed: Failed | None = None,
        update: Done | None = None,
    ) -> int:
        """Send a request; returns its number, for `cancel`."""
        with self._lock:
            number = next(self._numbers)
            process = self._running()
            self._pending[number] = _Pending(done, failed, update, process)
            line = json.dumps({"id": number, "op": operation, **params})
            try:
                assert process.stdin is not None
                process.stdin.write(line + "\n")
                process.stdin.flush()
            except (OSError, ValueError):  # It is gone, or its pipes are closed already.
                self._answers.put(_death(number))
        return number

    def cancel(self, number: int) -> None:
        process = self._process
        if number in self._pending and process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError), self._lock:
                process.stdin.write(json.dumps({"id": 0, "op": "cancel", "target": number}) + "\n")
                process.stdin.flush()

    def forget(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        self._pending.pop(number, None)

    def stop(self) -> None:
        """End the worker at once, whatever it does: nobody hears of its open requests, and the next
        request starts another worker. For work that cannot be broken off otherwise."""
        with self._lock:
            process, self._process = self._process, None
            self._pending = {n: p for n, p in self._pending.items() if p.process is not process}
        if process is not None:
            threading.Thread(
                target=_end, args=(process,), name=f"{self.name}-end", daemon=True
            ).start()

    def poll(self) -> int:
        """Deliver what has arrived; returns how many messages."""
        count = 0
        while count < 1000:
            try:
                data = self._answers.get_nowait()
            except queue.Empty:
                break
            count += 1
            self._deliver(data)
        return count

    def call(
        self, operation: str, params: dict[str, Any], update: Done | None = None
    ) -> dict[str, Any]:
        """Send and wait for the answer (for the command line). Raises ResidentError."""
        result: dict[str, Any] = {}
        failure: list[Sentence] = []
        finished = threading.Event()

        def done(data: dict[str, Any]) -> None:
            result.update(data)
            finished.set()

        def failed(sentence: Sentence) -> None:
            failure.append(sentence)
            finished.set()

        number = self.request(operation, params, done, failed, update)
        try:
            while not finished.is_set():
                self._deliver(self._answers.get())
        except KeyboardInterrupt:
            self.cancel(number)
            self.forget(number)
            raise
        if failure:
            raise ResidentError(failure[0])
        return result

    def close(self) -> None:
        """End of stdin ends the worker. One that does not listen at once (it may be importing
        torch) is terminated: it holds nothing unsaved, and the user waits."""
        self._closed = True
        process = self._process
        if process is None:
            return
        _end(process)
        process.wait(timeout=5)
        if process.stdout is not None:
            process.stdout.close()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, str(MAIN), "job", "--resident", self.name, str(self._home)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, encoding="utf-8", env=worker_environment(),
                start_new_session=sys.platform != "win32",
            )  # fmt: skip
            threading.Thread(
                target=self._listen, args=(self._process,), name=f"{self.name}-answers", daemon=True
            ).start()
        return self._process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            for line in process.stdout:
                with contextlib.suppress(ValueError):
                    self._answers.put(json.loads(line))
        self._close_pipes(process)
        for number, pending in list(self._pending.items()):
            if pending.process is process:  # It is gone: nobody else will answer.
                self._answers.put(_death(number))

    def _close_pipes(self, process: subprocess.Popen[str]) -> None:
        """Of a worker that is going: a request that comes now finds it gone and starts another."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
        with self._lock:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError, ValueError):
                    if pipe is not None:
                        pipe.close()

    def _deliver(self, data: dict[str, Any]) -> None:
        number, event = data.pop("id", 0), data.pop("event", "")
        pending = self._pending.get(number)
        if pending is None or self._closed:
            return
        if event == "update":
            if pending.update:
                pending.update(data)
            return
        self._pending.pop(number, None)
        if event == "done":
            pending.done(data)
        elif pending.failed:
            pending.failed(sentence_of(data["code"], values_from_json(data.get("values") or {})))


class ResidentError(Exception):
    """The answer was an error; `sentence` says which."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.english())
        self.sentence = sentence


def _end(process: subprocess.Popen[str]) -> None:
    """Tell it that nobody listens any more; then end it."""
    with contextlib.suppress(OSError, ValueError):
        if process.stdin is not None:
            process.stdin.close()
    for end in (process.terminate, process.kill):
        try:
            process.wait(timeout=_GRACE)
            break
        except subprocess.TimeoutExpired:
            end()


def _death(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "event": "error",
        "code": "worker-died",
        "values": {"cause": GONE.to_json()},
    }
