"""What a run with a parent does to what the parent knew: before, after, and the verdict in words."""

from __future__ import annotations

import math
from typing import Any

from app.messages import translate
from app.widgets.controls import Badge, Card, Label
from app.widgets.interval_bar import IntervalBar
from app.widgets.layout import STRETCH, column, holder, row
from core.engine.record import JobRecord
from core.sentences import Sentence

_LOOKS = {"better": ("ok", "ok"), "worse": ("warn", "warn"), "unclear": ("neutral", "ink2")}


class ForgettingCard(Card):
    """Hidden for a run without a parent, and while nothing was measured."""

    def __init__(self) -> None:
        super().__init__(margins=(14, 8, 14, 8), spacing=4)
        self._text = Label("faint")
        self._verdict = Badge()
        self.add_right(self._verdict)
        self._before_label, self._after_label = Label("faint"), Label("faint")
        self._before, self._after = Label("number"), Label("number")
        self._arrow = Label("number", text="→")
        self._unit = Label("small")
        self._bar = IntervalBar()
        self._words = Label("small", wrap=True)
        self._figures = holder(
            row(
                column(self._before_label, self._before, spacing=0), self._arrow,
                column(self._after_label, self._after, spacing=0), self._unit, STRETCH,
                (self._bar, 2), spacing=10,
            )
        )  # fmt: skip
        self.add(self._figures, self._words)
        self.setMinimumWidth(300)
        self._record: JobRecord | None = None
        self.setVisible(False)

    def show_record(self, record: JobRecord | None) -> None:
        self._record = record
        found: dict[str, Any] = record.forgetting if record else {}
        before, after = found.get("before"), found.get("after")
        self.setVisible(before is not None)
        if before is None or record is None:
            return
        how = found.get("how")
        told = self.tr("unseen text of “{text}”")
        if how == "conversations":
            told = self.tr("whole unseen conversations of “{text}”")
        self.subtitle.setText(told.format(text=found.get("text", "")))
        pseudo = how == "hidden"
        self._unit.setText(self.tr("pseudo bits/byte") if pseudo else self.tr("bits/byte"))
        self._before.setText(f"{before:.2f}")
        self._after.setText("—" if after is None else f"{after:.2f}")
        known = after is not None and found.get("low") is not None
        self._bar.setVisible(known)
        self._verdict.setVisible(known)
        if known:
            self._show_verdict(found, before, found["after"])
        elif record.active:
            self._words.setText(self.tr("It is measured again when the training ends."))
        else:
            self._words.setText("")
        self._words.setVisible(bool(self._words.text()))
        self.setAccessibleName(
            f"{self.title.text()}: {self._before.text()} → {self._after.text()} "
            f"{self._unit.text()}. {self._words.text()}"
        )

    def retranslate(self) -> None:
        self.title.setText(self.tr("Does it still know the old text?"))
        self._before_label.setText(self.tr("before"))
        self._after_label.setText(self.tr("after"))
        self._bar.set_words(self.tr("better"), self.tr("as before"), self.tr("worse"))
        self._bar.setToolTip(self.tr("The difference, and where it lies with 95 % certainty. An interval over the line tells nothing."))  # fmt: skip
        self.show_record(self._record)

    def _show_verdict(self, found: dict[str, Any], before: float, after: float) -> None:
        verdict = str(found.get("verdict"))
        badge, tone = _LOOKS.get(verdict, _LOOKS["unclear"])
        names = {
            "better": self.tr("knows it better"), "worse": self.tr("has forgotten some"),
            "unclear": self.tr("cannot be told"),
        }  # fmt: skip
        self._verdict.set_kind(badge)
        self._verdict.setText(names.get(verdict, names["unclear"]))
        low, high = (math.nan if found[end] is None else found[end] for end in ("low", "high"))
        # Nothing where nothing is known.
        self._bar.show_difference(low, after - before, high, tone)
        sentence = found.get("sentence")
        self._words.setText(translate(Sentence.from_json(sentence)) if sentence else "")
