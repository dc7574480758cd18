"""The one place where threads meet Qt: a timer drains the engine and emits typed signals."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.config import Config
from core.engine.engine import Engine
from core.engine.record import JobRecord
from core.engine.resident import Done, Failed
from core.errors import TerakoyaError, sentence_of
from core.hardware import Usage, usage
from core.home import Home
from core.jobs.kinds import KINDS
from core.reasons import error_for, reason_of
from core.sentences import Sentence

log = logging.getLogger("terakoya")
INTERVAL_MS = 50
_USAGE_SECONDS = 2.0
_RESCAN_TICKS = 100  # Every five seconds: runs that a command line started elsewhere.


class Bridge(QObject):
    """What screens use of the engine. All callbacks come on the window's thread."""

    run_changed = Signal(str)
    """A run has new events (at most once every 50 ms for each run)."""
    run_started = Signal(str)
    run_ended = Signal(str)
    versions_changed = Signal()
    corpora_changed = Signal()
    trash_changed = Signal()
    usage_changed = Signal(object)

    def __init__(self, home: Home) -> None:
        super().__init__()
        self.home = home
        self.engine = Engine(home)
        self.usage: Usage | None = None
        self._arrived: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._active: set[str] = set()
        self._stopped = threading.Event()
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._drain)

    def start(self) -> None:
        """Begin to look; called after the first paint. Old runs are read on a thread."""
        self._timer.start()
        self.background(self.engine.rescan, self._on_rescanned)
        threading.Thread(target=self._watch_machine, name="usage", daemon=True).start()

    # ---- work elsewhere ----------------------------------------------------------------------

    def background(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Sentence], None] | None = None,
    ) -> None:
        """Run `work` on a thread; `done` or `failed` follow on the window's thread."""

        def run() -> None:
            try:
                result = work()
            except TerakoyaError as error:
                self._later(failed, error.sentence)
            except Exception as error:  # Said to the user; the log has the rest.
                log.exception("background work")
                self._later(failed, error_for(error).sentence)
            else:
                self._later(done, result)

        threading.Thread(target=run, daemon=True).start()

    def _later(self, receiver: Callable[[Any], None] | None, value: Any) -> None:
        if receiver is not None:
            self._arrived.put(lambda: receiver(value))

    def library(
        self,
        operation: str,
        params: dict[str, Any],
        done: Done,
        failed: Failed | None = None,
    ) -> None:
        """Ask the library worker (previews, pages of a corpus)."""
        self._ask("library", operation, params, done, failed)

    def laboratory(
        self,
        operation: str,
        params: dict[str, Any],
        done: Done,
        failed: Failed | None = None,
        update: Done | None = None,
    ) -> None:
        """Ask the laboratory worker (tokenizers that are learned, measured and chosen)."""
        self._ask("laboratory", operation, params, done, failed, update)

    def stop_laboratory(self) -> None:
        """End whatever the laboratory worker does; nobody hears of it any more."""
        self.engine.resident("laboratory").stop()

    def chat(
        self,
        operation: str,
        params: dict[str, Any],
        done: Done,
        failed: Failed | None = None,
        update: Done | None = None,
    ) -> int:
        """Ask the chat worker; returns a number for `cancel_chat`."""
        return self._ask("chat", operation, params, done, failed, update)

    def unload_chat(self) -> None:
        """Let the chat worker give its version's memory and files back; one that does not live
        holds none, and is not started for that."""
        if self.engine.resident("chat").pid is not None:
            self.chat("unload", {}, lambda _: None)

    def cancel_chat(self, number: int) -> None:
        self.engine.resident("chat").cancel(number)

    def _ask(
        self,
        resident: str,
        operation: str,
        params: dict[str, Any],
        done: Done,
        failed: Failed | None,
        update: Done | None = None,
    ) -> int:
        try:
            return self.engine.resident(resident).request(operation, params, done, failed, update)
        except OSError as error:
            if failed is not None:
                failed(sentence_of("worker-died", {"cause": reason_of(error)}))
            return 0

    # ---- runs --------------------------------------------------------------------------------

    def submit(self, kind: str, config: Config, title: str = "") -> str:
        """Start a run; raises TerakoyaError (no space, no permission)."""
        run_id = self.engine.submit(kind, config, title)
        self._active.add(run_id)
        self.run_started.emit(run_id)
        return run_id

    def follow(self, run_id: str) -> None:
        """Tell the window of a run that the engine has just begun."""
        self._active.add(run_id)
        self.run_started.emit(run_id)
        self.run_changed.emit(run_id)

    def resume(self, run_id: str) -> None:
        self.engine.resume(run_id)
        self.follow(run_id)

    def record(self, run_id: str) -> JobRecord | None:
        """The run, or None when it is gone."""
        if not run_id:
            return None
        try:
            return self.engine.record(run_id)
        except TerakoyaError:
            return None

    def runs(self, kind: str) -> list[JobRecord]:
        """Runs of a kind that were looked at, newest first."""
        return [r for r in self.engine.records() if r.job.kind == kind]

    def active_run(self, kind: str = "") -> JobRecord | None:
        """The run that works now (of a kind): a running one before a queued one."""
        found = [r for r in self.engine.records() if r.active and kind in ("", r.job.kind)]
        found.sort(key=lambda r: (r.state == "queued", not KINDS[r.job.kind].lasting))
        return found[0] if found else None

    def shutdown(self, keep_trainings: bool) -> None:
        """Stop the timer and the workers; blocks until what must be saved is saved."""
        self._timer.stop()
        self._stopped.set()
        self.engine.close(keep_trainings)

    # ---- inside ------------------------------------------------------------------------------

    def _drain(self) -> None:
        for name in ("library", "laboratory", "chat"):
            self.engine.resident(name).poll()
        while not self._arrived.empty():
            self._arrived.get_nowait()()
        for run_id in self.engine.poll():
            self._deliver(run_id)
        self._ticks += 1
        if self._ticks % _RESCAN_TICKS == 0:
            known = {record.id for record in self.engine.records()}
            self.background(self.engine.rescan, lambda _: self._announce_new(known))

    def _deliver(self, run_id: str) -> None:
        record = self.record(run_id)
        if record is None:
            return
        active = record.active  # Its thread may end it meanwhile: then it comes again.
        self.run_changed.emit(run_id)
        if active:
            self._active.add(run_id)
            return
        if run_id in self._active:
            self._active.discard(run_id)
            if record.job.kind == "read":
                self.corpora_changed.emit()
            elif record.job.kind in ("train", "evaluate", "import", "merge"):
                self.versions_changed.emit()
            self.run_ended.emit(run_id)

    def _on_rescanned(self, records: list[JobRecord]) -> None:
        for record in records:
            if record.active:
                self._active.add(record.id)
            self.run_changed.emit(record.id)
        self.versions_changed.emit()

    def _announce_new(self, known: set[str]) -> None:
        for record in self.engine.records():
            if record.id not in known:
                if record.active:
                    self._active.add(record.id)
                self.run_started.emit(record.id)
                self.run_changed.emit(record.id)

    def _watch_machine(self) -> None:
        """nvidia-smi may take a second: never on the window's thread."""
        if os.environ.get("TERAKOYA_NO_USAGE"):
            return
        while not self._stopped.is_set():
            seen = usage()
            self._arrived.put(lambda seen=seen: self._show_usage(seen))
            self._stopped.wait(_USAGE_SECONDS)

    def _show_usage(self, seen: Usage) -> None:
        self.usage = seen
        self.usage_changed.emit(seen)
