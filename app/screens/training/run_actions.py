"""What can be done with the run that is shown: go on, train longer, discard, copy diagnostics."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from shiboken6 import isValid

from app.formatting import grouped
from app.messages import explain, translate
from app.screens.training.guide import TrainingGuide
from app.screens.training.health_card import WAITS_FOR_ROOM
from app.screens.training.longer_dialog import LongerDialog
from app.screens.training.queue_card import QueueCard
from app.screens.training.run_header import RunHeader
from app.widgets.controls import Banner, Button
from core.engine.record import JobRecord
from core.errors import NameTaken, TerakoyaError
from core.home import Trash
from core.sentences import Sentence
from core.versions.library import good_version_name

COPIED_MS = 4000


class RunActions(TrainingGuide):
    """Part of the training screen: the notice over the run, and its buttons."""

    header: RunHeader
    queue: QueueCard
    _unlocked: bool

    def show_run(self, run_id: str) -> None:
        raise NotImplementedError

    def _choose_run(self) -> None:
        raise NotImplementedError

    def _free_name(self, wanted: str) -> str:
        raise NotImplementedError

    def _names_in_training(self) -> set[str]:
        raise NotImplementedError

    def _build_notice(self) -> None:
        self._notice = Banner("ph.info")
        self._go_on, self._discard = Button("accent", "ph.play"), Button("secondary", "ph.trash")
        self._notice.add_button(self._go_on)
        self._notice.add_button(self._discard)
        self._go_on.clicked.connect(self._resume)
        self._discard.clicked.connect(self._remove)
        self.header.longer.clicked.connect(self._ask_longer)
        self._can_extend: dict[str, bool] = {}
        self.header.copy.clicked.connect(self._copy_diagnostics)
        self.queue.moved.connect(self._move_in_queue)
        self.queue.taken_out.connect(self._take_out)
        self.queue.opened.connect(self.show_run)

    def _retranslate_notice(self) -> None:
        self._go_on.set_text(self.tr("Go on"))
        self._discard.set_text(self.tr("Discard"))
        self._show_notice()

    def _show_notice(self) -> None:
        record = self.context.bridge.record(self._run)
        waits = record is not None and record.active and record.phase == WAITS_FOR_ROOM
        shown = record is not None and (record.resumable or waits)
        self._notice.setVisible(shown)
        if record is None or not shown:
            return
        for button in (self._go_on, self._discard):
            button.setVisible(record.resumable)
        if waits:
            self._notice.set_surface("warn")
            self._notice.icon.set_icon("ph.hard-drives", "warn")
            self._notice.text.setText(self._room_words(record))
        elif record.error is not None:
            self._notice.set_surface("warn")
            self._notice.icon.set_icon("ph.warning", "warn")
            self._notice.text.setText(translate(record.error))
        else:
            self._notice.set_surface("banner")
            self._notice.icon.set_icon("ph.info", "aiText")
            self._notice.text.setText(self._pause_words(record))

    def _room_words(self, record: JobRecord) -> str:
        """What the run itself said last: how much is missing, and where."""
        if record.warnings:
            return translate(Sentence.from_json(record.warnings[-1].sentence))
        return self.tr("“{name}” waits for room on the disk and goes on by itself when there is some.").format(name=record.job.title)  # fmt: skip

    def _pause_words(self, record: JobRecord) -> str:
        step = record.checkpoint.step if record.checkpoint else 0
        text = self.tr("“{name}” is paused; saved at step {step}.")
        if not step:
            text = self.tr("“{name}” has not begun yet.")
        return text.format(name=record.job.title, step=grouped(step))

    # ---- going on and leaving -----------------------------------------------------------------

    def _resume(self) -> None:
        try:
            self.context.bridge.resume(self._run)
        except TerakoyaError as error:
            self._complain(explain(error))
        self._unlocked = False
        self.show_run(self._run)

    def _remove(self) -> None:
        run = self._run
        try:
            trashed = self.context.bridge.engine.remove(run)
        except TerakoyaError as error:
            self._complain(explain(error))
            return

        def undo() -> None:
            try:
                Trash(self.context.home).restore(trashed.id)
            except TerakoyaError as error:
                self._complain(explain(error))
            self.context.bridge.background(
                self.context.bridge.engine.rescan, lambda _: self.show_run(run)
            )

        self.context.bridge.trash_changed.emit()
        self.context.navigator.go("say", text=self.tr("The run is in the trash"), undo=undo)
        self._run = ""
        self._choose_run()

    # ---- training longer ----------------------------------------------------------------------

    def _offer_longer(self) -> None:
        """A finished run whose state before the cool-down is still there; looked up on a thread."""
        run = self._run
        record = self.context.bridge.record(run)
        done = record is not None and record.state == "done"
        self.header.longer.setVisible(done and self._can_extend.get(run, False))
        if not done or run in self._can_extend:
            return
        self._can_extend[run] = False

        def know(can: bool) -> None:
            self._can_extend[run] = can
            self._offer_longer()

        self.context.bridge.background(
            lambda: self.context.bridge.engine.can_extend(run), know, lambda _: None
        )

    def _ask_longer(self) -> None:
        run = self._run
        record = self.context.bridge.record(run)
        if record is None:
            return
        dialog = LongerDialog(self.window(), record.job.title, self._free_name(record.job.title))
        dialog.wanted.connect(
            lambda name, kind, amount: self._train_longer(dialog, run, name, kind, amount)
        )
        dialog.open()

    def _train_longer(
        self, dialog: LongerDialog, run: str, name: str, kind: str, amount: float
    ) -> None:
        """On a thread: the new run takes over files and the curve of the old one."""
        try:
            good = good_version_name(name)
            self.context.versions.ensure_free(good)
            if good.casefold() in self._names_in_training():
                raise NameTaken("name", name=good)
        except TerakoyaError as error:
            dialog.show_fault(explain(error), "name")
            return

        def refuse(sentence: Sentence) -> None:
            if isValid(dialog):
                dialog.show_fault(translate(sentence), "amount")
            else:
                self._complain(translate(sentence))

        def begun(new: str) -> None:
            if isValid(dialog):
                dialog.accept()
            self._unlocked = False
            self.context.bridge.follow(new)
            self.show_run(new)

        length: dict[str, Any] = {kind: int(amount) if kind == "steps" else amount}
        engine = self.context.bridge.engine
        self.context.bridge.background(lambda: engine.extend(run, good, **length), begun, refuse)

    # ---- the line of those that wait ----------------------------------------------------------

    def _show_queue(self) -> None:
        self.queue.show_runs(self.context.bridge.runs("train"))

    def _move_in_queue(self, run: str, by: int) -> None:
        """On a thread: every window and command reads the line from the disk, under a lock."""
        engine = self.context.bridge.engine
        self.context.bridge.background(
            lambda: engine.move_in_queue(run, by),
            lambda _: self._show_queue(),
            lambda sentence: self._complain(translate(sentence)),
        )

    def _take_out(self, run: str) -> None:
        try:
            self.context.bridge.engine.pause(run)
        except TerakoyaError as error:
            self._complain(explain(error))
        self._show_queue()

    # ---- diagnostics --------------------------------------------------------------------------

    def _copy_diagnostics(self) -> None:
        from core.diagnostics import report

        home, run = self.context.home, self._run
        self.header.copy.setEnabled(False)
        self.context.bridge.background(lambda: report(home, run), self._copied, self._not_copied)

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.header.show_copied(True)
        self.header.copy.setEnabled(True)
        QTimer.singleShot(COPIED_MS, self.header, lambda: self.header.show_copied(False))
        self.context.navigator.go(
            "say", text=self.tr("Copied. Read it through before you send it.")
        )

    def _not_copied(self, sentence: Sentence) -> None:
        self.header.copy.setEnabled(True)
        self._complain(translate(sentence))

    def _complain(self, text: str) -> None:
        self.context.navigator.go("say", text=text, tone="shu")
