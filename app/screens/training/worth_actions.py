"""Was it worth it?: finds the counterpart of the edition that is shown, or trains it."""

from __future__ import annotations

from typing import Any

from app.messages import explain, translate
from app.screens.training.run_actions import RunActions
from app.screens.training.run_view import RunView
from core.engine.record import JobRecord
from core.errors import TerakoyaError
from core.jobs.kinds import TrainJob
from core.sentences import Sentence
from core.versions.again import counterpart_job
from core.versions.worth import Worth, worth

_PREFERENCE = "preference"
"""Learnt from a version that can answer: there is nothing to compare it with."""


class WorthActions(RunActions):
    """Part of the training screen."""

    view: RunView

    def _connect_worth(self) -> None:
        card = self.view.worth
        card.wanted.connect(self._train_counterpart)
        card.opened.connect(self.show_run)
        self._worth_of = ""
        self._worth_known: dict[str, Worth | None] = {}
        self._worth_asked: set[str] = set()
        self._worth_round = 0
        self.context.bridge.versions_changed.connect(self._forget_worth)

    def _show_worth(self) -> None:
        """For the run that is shown: the question, the wait, or the answer."""
        record = self.context.bridge.record(self._run)
        version = specialised_of(record)
        self._worth_of = version
        if not version:
            self.view.worth.hide_all()
            return
        if version in self._worth_known:
            self._show_known(version)
            return
        if version in self._worth_asked:
            return
        self._worth_asked.add(version)
        home, asked_in = self.context.home, self._worth_round

        def know(found: Worth | None) -> None:
            if asked_in != self._worth_round:
                return
            self._worth_asked.discard(version)
            self._worth_known[version] = found
            if self._worth_of == version:
                self._show_known(version)

        self.context.bridge.background(lambda: worth(home, version), know, lambda _: know(None))

    def _show_known(self, version: str) -> None:
        card, found = self.view.worth, self._worth_known[version]
        if found is not None:
            card.answer(found)
            return
        run = self._counterpart_run(version)
        shown = self.context.bridge.record(self._run)
        if run is not None and run.id != self._run:
            card.wait(run)
        elif run is None and shown is not None and shown.state == "done":
            card.ask((shown.ended_at or 0) - (shown.started_at or 0) or None)
        else:
            card.hide_all()

    def _counterpart_run(self, version: str) -> JobRecord | None:
        """The newest one that has not ended well and not been given up."""
        for record in self.context.bridge.runs("train"):
            same = record.job.config.get("compared_with") == version
            if same and (record.active or record.resumable):
                return record
        return None

    def _forget_worth(self) -> None:
        """A version came or went: look again."""
        self._worth_round += 1
        self._worth_asked.clear()
        self._worth_known.clear()
        self._show_worth()

    def _train_counterpart(self) -> None:
        version, home = self._worth_of, self.context.home
        self.view.worth.begin.setEnabled(False)

        def begin(job: TrainJob) -> None:
            try:
                self.context.bridge.submit("train", job, job.title)
            except TerakoyaError as error:
                self._complain(explain(error))
            self._show_worth()

        def refuse(sentence: Sentence) -> None:
            self._complain(translate(sentence))
            self._show_worth()

        self.context.bridge.background(lambda: counterpart_job(home, version), begin, refuse)


def specialised_of(record: JobRecord | None) -> str:
    """The version (id) whose worth a run tells of: the one it published from another, or the one
    whose counterpart it is; "" where there is nothing to compare."""
    if record is None:
        return ""
    config: dict[str, Any] = record.job.config
    if config.get("reproduces"):
        return ""
    if counterpart := config.get("compared_with"):
        return str(counterpart)
    from_another = config.get("parent") or config.get("teacher")
    objective = (config.get("recipe") or {}).get("objective")
    if not from_another or objective == _PREFERENCE or record.state != "done":
        return ""
    return record.published.version_id if record.published else ""
