"""Was it worth it? A specialised edition beside the same training from nothing, in one plot."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy

from app.formatting import duration, exact_duration, grouped
from app.messages import translate
from app.theme.palette import hex_of
from app.widgets.comparison_plot import ComparisonPlot, EditionCurve
from app.widgets.controls import Button, Card, IconLabel, Label, Meter, Segmented
from app.widgets.layout import holder, row
from core.engine.record import JobRecord
from core.versions.worth import Curve, Worth

_VERDICTS = {"worth": ("ph.check-circle", "ok"), "not": ("ph.warning", "warn"),
             "unclear": ("ph.question", "ink2")}  # fmt: skip


class WorthCard(Card):
    """Asks, waits, and answers. `wanted`: train the counterpart; `opened`: show its run (id)."""

    wanted = Signal()
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(icon_name="ph.scales", margins=(14, 8, 14, 8), spacing=5)
        self._words = Label("small", wrap=True)
        self.begin, self.show_run = Button("accent", "ph.play"), Button("small", "ph.eye")
        self._meter, self._part = Meter(), Label("small")
        self._wait = holder(row((self._meter, 1), self._part, self.show_run, spacing=8))
        self._axis = Segmented(2, dense=True)
        self._legend = Label("small")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.plot = ComparisonPlot()
        self.plot.setMinimumHeight(190)
        self._icon = IconLabel("ph.question", 18, "ink2")
        self._verdict = Label("", wrap=True)
        self._answer = holder(row(self._icon, (self._verdict, 1), spacing=8))
        self.add_right(self.begin, self._axis)
        self.add(self._words, self._wait, self._legend, self.plot, self._answer)
        self.begin.clicked.connect(self.wanted)
        self.show_run.clicked.connect(lambda: self.opened.emit(self._run.id if self._run else ""))
        self._axis.chosen.connect(lambda _: self._draw())
        self.setMinimumWidth(300)
        self._seconds: float | None = None
        self._run: JobRecord | None = None
        self._found: Worth | None = None
        self.hide_all()

    # ---- the three states --------------------------------------------------------------------

    def hide_all(self) -> None:
        """Nothing is to be compared."""
        self._run = self._found = None
        self.setVisible(False)

    def ask(self, seconds: float | None) -> None:
        """`seconds`: about how long the counterpart takes, as long as the training did."""
        self.begin.setEnabled(True)
        asks = not self.isHidden() and self._run is None and self._found is None
        if asks and seconds == self._seconds:
            return
        self._seconds, self._run, self._found = seconds, None, None
        self._tell()

    def wait(self, run: JobRecord) -> None:
        """The counterpart is being trained, or waits to go on."""
        self._run, self._found = run, None
        self._tell()

    def answer(self, found: Worth) -> None:
        if found is self._found:
            return
        self._run, self._found = None, found
        self._tell()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Was it worth it?"))
        self.begin.set_text(self.tr("Compare with from scratch"))
        self.show_run.set_text(self.tr("Show"))
        self._axis.set_texts(
            (self.tr("steps"), self.tr("time")),
            (self.tr("By steps: the same text was read"), self.tr("By the time that it took")),
        )
        self.plot.setAccessibleName(self.tr("Both curves on unseen text, in bits per byte"))
        if not self.isHidden():
            self._tell()

    def restyle(self) -> None:
        self.plot.restyle()
        self._draw()

    # ---- inside ------------------------------------------------------------------------------

    def _tell(self) -> None:
        asks, waits = self._run is None and self._found is None, self._run is not None
        answers = self._found is not None
        self.setVisible(True)
        for part, shown in (
            (self.begin, asks), (self._words, not answers), (self._wait, waits),
            (self._axis, answers), (self._legend, answers), (self.plot, answers),
            (self._answer, answers),
        ):  # fmt: skip
            part.setVisible(shown)
        if answers:
            self._draw()
        elif waits:
            self._tell_progress()
        else:
            text = self.tr("The same text, the same number of steps, but from nothing: training this counterpart shows what it was good for to begin with a version.")  # fmt: skip
            if self._seconds:
                text += " " + self.tr("It takes about {time}.").format(time=duration(self._seconds))
            self._words.setText(text)

    def _tell_progress(self) -> None:
        run = self._run
        assert run is not None
        progress = run.progress
        share = progress.done / progress.total if progress and progress.total else 0.0
        self._meter.set_value(share)
        eta = progress.eta if progress else None
        self._part.setText(
            self.tr("{time} left").format(time=duration(eta)) if eta is not None and run.active
            else f"{share * 100:.0f} %"
        )  # fmt: skip
        words = self.tr(
            "The counterpart “{name}” is being trained; then the two are compared here."
        )
        if not run.active:
            words = self.tr("The counterpart “{name}” is not finished: show it to go on with it.")
        self._words.setText(words.format(name=run.job.title))

    def _draw(self) -> None:
        found = self._found
        if found is None:
            return
        by_time = self._axis.index() == 1
        curves = [
            _edition(found.specialised, by_time, dashed=False),
            _edition(found.scratch, by_time, dashed=True),
        ]
        self.plot.write_x(exact_duration if by_time else grouped)
        mark = None
        if found.equal is not None:
            x = found.equal.seconds if by_time else float(found.equal.step)
            mark = (x, self.tr("as good as from scratch"))
        self.plot.show_curves(curves, mark)
        self._legend.setText("&nbsp;&nbsp; ".join(self._named(c) for c in curves))
        icon, tone = _VERDICTS[found.verdict]
        self._icon.set_icon(icon, tone)
        sentence = translate(found.sentence)
        self._verdict.setText(sentence)
        self.plot.setAccessibleDescription(sentence)

    def _named(self, curve: EditionCurve) -> str:
        line = "┅" if curve.dashed else "━"
        text = f'<span style="color:{hex_of(curve.colour)}">{line}</span> {_plain(curve.name)}'
        if curve.final is not None:
            text += f" <b>{curve.final:.2f}</b>"
        if curve.low is not None and curve.high is not None:
            text += f" ({curve.low:.2f}–{curve.high:.2f})"  # noqa: RUF001
        return text


def _edition(curve: Curve, by_time: bool, dashed: bool) -> EditionCurve:
    x = [point.seconds if by_time else float(point.step) for point in curve.checks]
    y = [point.bits_per_byte for point in curve.checks]
    return EditionCurve(
        curve.title, curve.colour, np.array(x, float), np.array(y, float), curve.bits_per_byte,
        curve.low, curve.high, dashed,
    )  # fmt: skip


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
