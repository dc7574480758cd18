"""Versions on their way in and out: imports, exports and merges, whoever asked for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.bridge import Bridge
from app.messages import translate
from core.config import Config
from core.engine.record import JobRecord
from core.jobs.kinds import ExportJob, ImportJob, MergeJob

KINDS = ("import", "export", "merge")


@dataclass(frozen=True)
class ExportState:
    """What is known of the newest export of a version in one format.

    `merged`: the base that is in it too, `needs`: the base that it needs (titles).
    `share`: 0–1 while it runs, None before it tells. `checks`: name, whether it held, detail.
    """

    running: bool = False
    share: float | None = None
    path: str = ""
    fault: str = ""
    checks: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    merged: str = ""
    needs: str = ""

    @property
    def good(self) -> bool:
        return bool(self.path) and not self.fault and all(c.get("ok", True) for c in self.checks)


class Exchange(QObject):
    """Starts such jobs and remembers what became of them while the window is open."""

    changed = Signal(str)
    """The version (id) whose exports have news."""
    imported = Signal(str)
    """Id of a version that has come in, or was merged."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._states: dict[tuple[str, str], ExportState] = {}
        self._runs: dict[str, tuple[str, str]] = {}
        bridge.run_changed.connect(self._on_changed)

    def export(
        self, version_id: str, title: str, form: str, target: Path, kind: str = "q8_0"
    ) -> str:
        """Write a version to `target` and test it there; returns the run's id."""
        job = ExportJob.model_validate(
            {"version": version_id, "to": str(target), "format": form, "quantisation": kind}
        )
        run = self._bridge.submit("export", job, title)
        self._runs[run] = (version_id, form)
        self._set(run, ExportState(running=True))
        return run

    def bring(self, name: str, path: str = "", hub: str = "") -> str:
        """Import from a folder or file, or from the hub; returns the run's id."""
        return self._submit("import", ImportJob(version=name, path=path, hub=hub, title=name), name)

    def merge(self, adapter_id: str, name: str) -> str:
        job = MergeJob(adapter=adapter_id, version=name, title=name)
        return self._submit("merge", job, name)

    def state(self, version_id: str, form: str) -> ExportState:
        return self._states.get((version_id, form), ExportState())

    def _submit(self, kind: str, job: Config, title: str) -> str:
        return self._bridge.submit(kind, job, title)

    def _on_changed(self, run_id: str) -> None:
        record = self._bridge.record(run_id)
        if record is None or record.job.kind not in KINDS:
            return
        if run_id in self._runs:
            self._set(run_id, _state_of(record))
        elif record.state == "done" and record.published is not None:
            self.imported.emit(record.published.version_id)

    def _set(self, run_id: str, state: ExportState) -> None:
        key = self._runs[run_id]
        if self._states.get(key) != state:
            self._states[key] = state
            self.changed.emit(key[0])


def _state_of(record: JobRecord) -> ExportState:
    progress = record.progress
    share = progress.done / progress.total if progress and progress.total else None
    result = record.result or {}
    return ExportState(
        running=record.active, share=share, path=str(result.get("path", "")),
        fault=translate(record.error) if record.error is not None else "",
        checks=list(result.get("checks", [])), merged=str(result.get("merged_with", "")),
        needs=str(result.get("needs", "")),
    )  # fmt: skip
