"""The bottom line: the running job with its progress and its buttons, or the last news."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QStackedLayout, QWidget

from app.formatting import compact, duration, grouped
from app.theme.palette import SIZE, color
from app.widgets.controls import Button, ElidedLabel, IconLabel, Label, Meter
from app.widgets.layout import STRETCH, holder, row
from core.engine.record import JobRecord

_UNDO_SECONDS = 10


class StatusBar(QFrame):
    """`pause`, `finish`, `stop`, `opened` carry the run's id."""

    pause = Signal(str)
    finish = Signal(str)
    stop = Signal(str)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setFixedHeight(SIZE["status"])
        self._record: JobRecord | None = None
        self._message: tuple[str, str] = ("", "ok")
        self._undo: Callable[[], None] | None = None
        self._pages = QStackedLayout(self)
        for page in (self._build_idle(), self._build_job()):
            page.setParent(self)
            self._pages.addWidget(page)
        self._undo_timer = QTimer(self)
        self._undo_timer.setSingleShot(True)
        self._undo_timer.setInterval(_UNDO_SECONDS * 1000)
        self._undo_timer.timeout.connect(self._forget_undo)

    def _build_idle(self) -> QWidget:
        self._icon = IconLabel("ph.check-circle", 16, "ok")
        self._text = ElidedLabel("small")
        self._undo_button = Button("small", "ph.arrow-u-up-left")
        self._undo_button.setVisible(False)
        self._undo_button.clicked.connect(self._on_undo)
        self._local = Label("faint")
        return holder(
            row(self._icon, (self._text, 1), self._undo_button, 8,
                IconLabel("ph.lock-simple", 14, "ink3"), self._local, margins=(16, 0, 16, 0))
        )  # fmt: skip

    def _build_job(self) -> QWidget:
        self._ring = Ring()
        self._what = ElidedLabel("small")
        self._what.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._bar = Meter()
        self._share, self._eta, self._speed = Label("small"), Label("small"), Label("small")
        self._saved, self._offline = Label("faint"), Label("faint")
        self._saved_icon = IconLabel("ph.floppy-disk", 14, "ink3")
        self._eta_icon = IconLabel("ph.clock", 14, "ink3")
        self._pause = Button("small", "ph.pause-fill")
        self._finish = Button("small", "ph.stop-fill")
        self._stop = Button("small", "ph.stop-fill")
        self._pause.clicked.connect(lambda: self._emit(self.pause))
        self._finish.clicked.connect(lambda: self._emit(self.finish))
        self._stop.clicked.connect(lambda: self._emit(self.stop))
        self._bar.setMaximumWidth(240)
        self._bar.setMinimumWidth(60)
        return holder(
            row(self._ring, self._what, 4, (self._bar, 2), self._share, 4, self._eta_icon, self._eta,
                4, self._speed, STRETCH, self._saved_icon, self._saved, 8,
                IconLabel("ph.lock-simple", 14, "ink3"), self._offline, 4,
                self._pause, self._finish, self._stop, margins=(16, 0, 12, 0), spacing=6)
        )  # fmt: skip

    # ---- what is shown -----------------------------------------------------------------------

    def say(self, text: str, tone: str = "ok", undo: Callable[[], None] | None = None) -> None:
        """News in the idle line; `undo` is offered for ten seconds."""
        self._message = (text, tone)
        self._undo = undo
        self._undo_button.setVisible(undo is not None)
        if undo is not None:
            self._undo_timer.start()
            self._pages.setCurrentIndex(0)
        self._retranslate_idle()

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        if record is None or self._undo is not None:
            self._pages.setCurrentIndex(0)
            return
        self._pages.setCurrentIndex(1)
        self._retranslate_job(record)

    def retranslate(self) -> None:
        self._local.setText(self.tr("Everything stays on this computer"))
        self._offline.setText(self.tr("offline"))
        self._undo_button.set_text(self.tr("Undo"))
        self._pause.set_text(self.tr("Pause"))
        self._pause.setToolTip(self.tr("Save a checkpoint and stop; go on any time (Ctrl+P)"))
        self._finish.set_text(self.tr("Stop and save"))
        self._finish.setToolTip(
            self.tr("A short cool-down, then the version is put on the shelf (Ctrl+Shift+S)")
        )
        self._stop.set_text(self.tr("Stop"))
        if self._undo is None:  # Old news is in the language in which it was told.
            self._message = ("", "ok")
        self._retranslate_idle()
        if self._record is not None:
            self._retranslate_job(self._record)

    def _retranslate_idle(self) -> None:
        text, tone = self._message
        icons = {"ok": "ph.check-circle", "warn": "ph.warning", "shu": "ph.x-circle"}
        self._icon.set_icon(icons.get(tone, "ph.info"), tone if tone in icons else "ink2")
        self._text.set_full_text(text or self.tr("Ready"))

    def _retranslate_job(self, record: JobRecord) -> None:
        progress = record.progress
        lasting = record.job.kind == "train"
        fraction = None
        if progress is not None and progress.total:
            fraction = min(1.0, progress.done / progress.total)
        self._ring.set_value(fraction)
        self._bar.set_value(fraction or 0.0)
        self._share.setText("" if fraction is None else f"<b>{fraction * 100:.0f} %</b>")
        self._what.set_full_text(self._doing(record))
        eta = progress.eta if progress else None
        self._eta_icon.setVisible(eta is not None)
        self._eta.setText(
            "" if eta is None else self.tr("about {time} left").format(time=duration(eta))
        )
        speed = record.metrics.last("tokens_per_second") if lasting else None
        self._speed.setText(
            "" if speed is None else self.tr("{speed} tokens/s").format(speed=compact(speed))
        )
        saved = record.checkpoint if lasting else None
        roomy = self.width() >= 1250
        self._saved.setVisible(saved is not None and roomy)
        self._saved_icon.setVisible(saved is not None and roomy)
        self._offline.setVisible(self.width() >= 1000)
        if saved is not None:
            ago = duration(max(0.0, time.time() - saved.time))
            self._saved.setText(self.tr("saved {time} ago").format(time=ago))
        running = record.state in ("running", "starting")
        self._pause.setVisible(lasting and running)
        self._finish.setVisible(lasting and running)
        self._stop.setVisible(not lasting or not running)
        for button in (self._pause, self._finish, self._stop):
            button.setEnabled(record.asked is None)

    def _doing(self, record: JobRecord) -> str:
        name = record.job.title
        if record.state == "queued":
            return self.tr("“{name}” waits for its turn").format(name=name)
        if record.asked in ("pause", "cancel"):
            return self.tr("“{name}” is being saved and stopped").format(name=name)
        if record.asked == "finish":
            return self.tr("“{name}” cools down and is put on the shelf").format(name=name)
        progress = record.progress
        if record.phase == "waiting-for-room":
            return self.tr("“{name}” waits for room on the disk").format(name=name)
        steps, done = record.plan.get("steps"), record.metrics.last("step")
        match record.job.kind:
            case "train" if progress and progress.unit == "steps" and progress.total:
                return self.tr("Training “{name}” · step {step} of {steps}").format(
                    name=name, step=grouped(progress.done), steps=grouped(progress.total)
                )
            case "train" if record.phase == "training" and steps and done:
                return self.tr("Training “{name}” · step {step} of {steps}").format(
                    name=name, step=grouped(done), steps=grouped(steps)
                )
            case "train" if record.phase in ("evaluating", "publishing"):
                return self.tr("Putting “{name}” on the shelf").format(name=name)
            case "train" if record.phase == "measuring":
                return self.tr("Timing “{name}” on this computer").format(name=name)
            case "train" if record.phase == "compiling":
                return self.tr("Compiling “{name}”, so that it trains faster").format(name=name)
            case "train":
                return self.tr("Preparing “{name}”").format(name=name)
            case "read":
                return self._reading(record)
            case "evaluate":
                return self.tr("Testing {name}").format(name=name)
            case "import":
                return self.tr("Importing “{name}”").format(name=name)
            case "export":
                return self.tr("Writing and testing “{name}”").format(name=name)
            case "corpus-export":
                return self.tr("Exporting the texts of “{name}”").format(name=name)
            case "check":
                return self.tr("Looking for evaluation sets in “{name}”").format(name=name)
            case "merge":
                return self.tr("Merging “{name}”").format(name=name)
            case _:
                return self.tr("Measuring this computer")

    def _reading(self, record: JobRecord) -> str:
        match record.phase:
            case "scanning":
                text = self.tr("Looking which files “{name}” has")
            case "writing":
                text = self.tr("Cleaning the texts of “{name}”")
            case "tokenizer":
                text = self.tr("Learning a tokenizer from “{name}”")
            case "counting":
                text = self.tr("Counting the tokens of “{name}”")
            case _:
                text = self.tr("Reading “{name}”")
        return text.format(name=record.job.title)

    def _emit(self, signal: SignalInstance) -> None:
        if self._record is not None:
            signal.emit(self._record.id)

    def _on_undo(self) -> None:
        undo = self._undo
        self._forget_undo()
        if undo is not None:
            undo()

    def _forget_undo(self) -> None:
        self._undo = None
        self._undo_button.setVisible(False)
        self.show_record(self._record)


class Ring(QWidget):
    """A small ring that fills; an unknown share shows the empty ring."""

    def __init__(self) -> None:
        super().__init__()
        self._value: float | None = None
        self.setFixedSize(18, 18)

    def set_value(self, value: float | None) -> None:
        if value != self._value:
            self._value = value
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(2, 2, self.width() - 4, self.height() - 4)
        painter.setPen(QPen(color("track"), 3))
        painter.drawEllipse(area)
        if self._value:
            pen = QPen(color("aiText"), 3)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(area, 90 * 16, round(-360 * 16 * self._value))
