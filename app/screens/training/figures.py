"""The three figures of a run: unseen text, steps, and what the objective says of itself."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.formatting import compact, grouped, perplexity_text
from app.widgets.controls import StatCard
from app.widgets.layout import row
from core import events as ev
from core.engine.record import JobRecord


def objective_of(record: JobRecord | None) -> str:
    """What a run learns."""
    recipe = record.job.config.get("recipe") if record else None
    return str((recipe or {}).get("objective") or "causal")


class Figures(QWidget):
    """Cards side by side, redrawn by `show_record`."""

    def __init__(self) -> None:
        super().__init__()
        self.unseen, self.steps, self.own = StatCard(), StatCard(), StatCard()
        self._record: JobRecord | None = None
        self._parent: tuple[str, float] | None = None
        self.setLayout(row((self.unseen, 1), (self.steps, 1), (self.own, 1), spacing=12))

    def show_record(self, record: JobRecord | None, parent: tuple[str, float] | None) -> None:
        """`parent`: (title, bits per byte) of the version that this one goes on from."""
        self._record, self._parent = record, parent
        self.retranslate()

    def retranslate(self) -> None:
        self.unseen.label.setText(self.tr("Test on unseen text"))
        self.steps.label.setText(self.tr("Steps"))
        tests = [e for e in self._record.evaluations if e.loss is not None] if self._record else []
        self._show_unseen(tests)
        self._show_steps()
        self._show_own(tests)

    # ---- inside ------------------------------------------------------------------------------

    def _show_unseen(self, tests: list[ev.Evaluated]) -> None:
        objective, card = objective_of(self._record), self.unseen
        last = tests[-1] if tests else None
        bits = last.bits_per_byte if last else None
        held_out = last is None or last.held_out
        if not held_out:
            card.label.setText(self.tr("Test on what it learns"))
        unit, hint = self.tr("bits/byte"), self.tr("Bits that the model needs for each byte of text that it never saw. Lower is better.")  # fmt: skip
        if objective == "masked":
            unit = self.tr("pseudo bits/byte")
            hint = self.tr("Bits for each byte of unseen text when each token is hidden in turn, with all others to be seen. Lower is better; it does not compare with models that continue text.")  # fmt: skip
        elif objective == "chat":
            unit = self.tr("bits/byte of answers")
            hint = self.tr("Bits for each byte of answers that it never saw; the questions do not count. Lower is better.")  # fmt: skip
        elif objective == "preference":
            bits, unit = (last.loss if last else None), self.tr("pair loss")
            hint = self.tr("How far the better answers are ahead on unseen pairs: 0.69 is a coin toss. Lower is better.")  # fmt: skip
        if not held_out:
            hint = self.tr("Nothing was held out: this is measured on what it learns, and says nothing of other text. Lower is better.")  # fmt: skip
        card.value.setText("—" if bits is None else f"{bits:.2f}")
        card.unit.setText(unit)
        card.note.setText("")
        if bits is not None and held_out and self._parent is not None:
            name, old = self._parent
            card.note.setText(
                self.tr("{arrow} {difference} against {name}").format(
                    arrow="▼" if bits < old else "▲", difference=f"{abs(bits - old):.2f}", name=name
                )
            )
            card.note.set_tone("ok" if bits < old else "warn")
        card.set_hint(hint)

    def _show_steps(self) -> None:
        record, card = self._record, self.steps
        progress = record.progress if record else None
        planned = record.plan.get("steps") if record else None
        done = record.metrics.column("step") if record else []
        now = float(done[-1]) if len(done) else 0.0
        total = (
            progress.total if progress and progress.unit == "steps" and progress.total else planned
        )
        card.value.setText(grouped(now) if record else "—")
        card.unit.setText(f"/ {grouped(float(total))}" if total else "")
        tokens = record.metrics.last("tokens") if record else None
        card.note.setText(self.tr("{count} tokens").format(count=compact(tokens)) if tokens else "")
        card.set_hint(self.tr("How many times the weights have been changed, and tokens read"))

    def _show_own(self, tests: list[ev.Evaluated]) -> None:
        objective, card = objective_of(self._record), self.own
        last = tests[-1] if tests else None
        if objective in ("masked", "preference"):
            self._show_share(objective, tests)
            return
        loss = last.loss if last else None
        card.label.setText(self.tr("Perplexity"))
        card.value.setText("—" if loss is None else perplexity_text(loss))
        card.unit.setText(self.tr("choices"))
        first = tests[0].loss if len(tests) > 1 else None
        card.note.setText(
            "" if first is None
            else self.tr("began at {value}").format(value=perplexity_text(first))
        )  # fmt: skip
        card.set_hint(
            self.tr("Among how many equally likely tokens the model still wavers. Lower is better.")
        )

    def _show_share(self, objective: str, tests: list[ev.Evaluated]) -> None:
        """A share of what was right: blanks that were filled in, or pairs."""
        card, key = self.own, "masked_accuracy" if objective == "masked" else "accuracy"
        shares = [e.details[key] for e in tests if e.details.get(key) is not None]
        if objective == "masked":
            card.label.setText(self.tr("Blanks filled rightly"))
            card.set_hint(self.tr("Share of the hidden tokens of unseen text that its first guess is right on. Higher is better."))  # fmt: skip
        else:
            card.label.setText(self.tr("Better answer ahead"))
            card.set_hint(self.tr("Share of unseen pairs in which it prefers the better answer; 50 % is a coin toss. Higher is better."))  # fmt: skip
        if tests and not tests[-1].held_out:
            card.set_hint(self.tr("Nothing was held out: this is measured on what it learns, and says nothing of other text. Higher is better."))  # fmt: skip
        card.value.setText(f"{shares[-1] * 100:.0f}" if shares else "—")
        card.unit.setText("%")
        began = self.tr("began at {value}").format(value=f"{shares[0] * 100:.0f} %") if len(shares) > 1 else ""  # fmt: skip
        card.note.setText(began)
