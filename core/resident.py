"""Resident workers: JSON lines on stdin and stdout, ended by the end of stdin. No torch here."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from core.errors import TerakoyaError
from core.events import finite
from core.home import Home
from core.processes import loading
from core.reasons import error_for
from core.sentences import values_to_json

SERVICES = {
    "reader": "core.corpus.reader_service:operations",
    "library": "core.corpus.service:operations",
    "laboratory": "core.corpus.serving.laboratory_worker:operations",
    "chat": "core.generation.service:operations",
}

_NICE = {"library": 5, "laboratory": 10}


class Request:
    """One request. `update` sends a piece of the answer; `cancelled` says whether to stop;
    `others_wait` says whether another request waits for this one's end."""

    def __init__(
        self,
        number: int,
        params: dict[str, Any],
        send: Callable[[dict[str, Any]], None],
        others_wait: Callable[[], bool] = lambda: False,
    ) -> None:
        self.id = number
        self.params = params
        self.others_wait = others_wait
        self._send = send
        self._cancelled = threading.Event()

    def update(self, data: dict[str, Any]) -> None:
        self._send({"id": self.id, "event": "update", **data})

    def cancel(self) -> None:
        self._cancelled.set()

    def cancelled(self) -> bool:
        return self._cancelled.is_set()


Operation = Callable[[Request], dict[str, Any]]


def main(name: str, home: Path) -> int:
    """Serve `name` until stdin ends. stdout belongs to the protocol; prints go to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    if name in _NICE and hasattr(os, "nice"):
        os.nice(_NICE[name])
    module, function = SERVICES[name].split(":")
    with loading():
        make = getattr(importlib.import_module(module), function)
    serve(make(Home(home)), sys.stdin, out)
    return 0


def serve(operations: dict[str, Operation], lines: TextIO, out: TextIO) -> None:
    """Requests run one after the other on a thread; stdin is read here, so that cancel works."""
    lock = threading.Lock()

    def send(data: dict[str, Any]) -> None:
        text = json.dumps(finite(data), ensure_ascii=True, allow_nan=False)
        with lock, contextlib.suppress(OSError):  # Nobody listens: stdin has ended too.
            out.write(text + "\n")
            out.flush()

    waiting: queue.Queue[Request | None] = queue.Queue()
    open_requests: dict[int, Request] = {}

    def work() -> None:
        while (request := waiting.get()) is not None:
            if not request.cancelled():
                send(_answer(operations, request))
            else:
                send({"id": request.id, "event": "done", "reason": "stopped"})
            open_requests.pop(request.id, None)

    worker = threading.Thread(target=work, name="requests", daemon=True)
    worker.start()
    send({"id": 0, "event": "ready", "pid": os.getpid()})
    for line in lines:
        try:
            data = json.loads(line)
            number, operation = int(data.pop("id")), str(data["op"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if operation == "cancel":
            target = open_requests.get(data.get("target", -1))
            if target:
                target.cancel()
            continue
        open_requests[number] = Request(number, data, send, lambda: not waiting.empty())
        waiting.put(open_requests[number])
    for request in list(open_requests.values()):
        request.cancel()
    waiting.put(None)
    worker.join(timeout=5)


def _answer(operations: dict[str, Operation], request: Request) -> dict[str, Any]:
    try:
        operation = operations[request.params.pop("op")]
        return {**operation(request), "id": request.id, "event": "done"}
    except Exception as error:
        if not isinstance(error, TerakoyaError) and not request.cancelled():
            traceback.print_exc()
        told = error_for(error)
        values = values_to_json(told.values)
        return {"id": request.id, "event": "error", "code": told.code, "values": values}
