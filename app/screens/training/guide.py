"""What the guide says beside the training tab, with the numbers of the run that is shown."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from app.formatting import amount_text, duration, grouped, perplexity_text
from app.messages import translate
from app.screen import GuideCard
from app.screens.training.figures import objective_of
from app.screens.training.guide_ways import WaysGuide
from app.screens.training.modes import mode_of
from app.screens.training.recipe_form import RecipeForm
from core.corpus.manifest import CorpusManifest
from core.engine.record import JobRecord
from core.errors import TerakoyaError
from core.sentences import Sentence

_HEALTH_ICONS = {
    "good": "ph.check-circle", "note": "ph.info", "warn": "ph.warning", "bad": "ph.warning-octagon",
}  # fmt: skip


class TrainingGuide(WaysGuide):
    """Part of the training screen: its words and cards."""

    form: RecipeForm
    _run: str

    def _corpus(self, config: dict[str, Any]) -> CorpusManifest | None:
        """The corpus that a run reads, also when it was renamed since; None when it is gone."""
        name, corpus_id = str(config.get("corpus", "")), str(config.get("corpus_id", ""))
        try:
            return self.context.corpora.find(name, corpus_id)
        except TerakoyaError:
            return None

    def guide_words(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Bits/byte"), self.tr("How many bits the model needs for each byte of text. A coin toss for every bit would be 8. It compares between all models.")),
            (self.tr("Perplexity"), self.tr("Among how many equally likely tokens the model wavers.")),
            (self.tr("Learning rate"), self.tr("How much each step changes the weights.")),
            (self.tr("Pass"), self.tr("One reading of the whole corpus.")),
            (self.tr("Checkpoint"), self.tr("A saved state from which training can go on.")),
            *self._words_now(),
        ]  # fmt: skip

    def _words_now(self) -> list[tuple[str, str]]:
        record = self._shown_run()
        if record is None or not record.active:
            return self.words_of_ways(self.form.mode(), self.form.chosen())
        config = record.job.config
        return self.words_of_ways(mode_of(config), dict(config.get("recipe") or {}))

    def _shown_run(self) -> JobRecord | None:
        """The run that the cards tell of; None while a training is being planned."""
        record = self.context.bridge.record(self._run)
        return record if record and (record.active or record.evaluations) else None

    def guide_cards(self) -> list[GuideCard]:
        record = self._shown_run()
        return self._cards_before() if record is None else self._cards_of(record)

    def _cards_before(self) -> list[GuideCard]:
        plan = self.form.plan()
        cards = [
            GuideCard("ph.hand-pointing", self.tr("Give it a time"), self.tr(
                "Say how many minutes you have. The app chooses size, batch and steps from the text "
                "and the speed of this computer.")),
            *self.cards_of_way(self.form.mode(), self.form.chosen()),
        ]  # fmt: skip
        if plan is not None:
            cards.append(GuideCard("ph.cube", self.tr("What is planned"), self.tr(
                "A model of <b>{size}</b> parameters reads the text <b>{passes}</b> times. "
                "It sees <b>{context}</b> tokens at once.").format(
                    size=amount_text(plan.parameters), passes=f"{plan.passes:.1f}",
                    context=plan.context)))  # fmt: skip
        if self.form.mode() == "new":
            cards.append(GuideCard("ph.scales", self.tr("How large?"), self.tr(
                "Too small a model cannot hold the text; too large a one learns it by heart, or does not "
                "finish in time. The marked size is a good start.")))  # fmt: skip
        return cards

    def _cards_of(self, record: JobRecord) -> list[GuideCard]:
        tests = [e for e in record.evaluations if e.loss is not None]
        tokens = record.metrics.last("tokens") or 0
        steps = record.metrics.column("step")
        plan: dict[str, Any] = record.plan
        corpus = self._corpus(record.job.config)
        train_tokens = corpus.totals.train_tokens if corpus else 0
        if parts := plan.get("parts"):  # Of a pass, with the weights.
            train_tokens = sum(part["tokens"] * part["weight"] for part in parts)
        plain = objective_of(record) in ("causal", "distil")
        now = (
            self.tr(
                "It has read <b>{tokens}</b> tokens and practised guessing the next one <b>{steps}</b> "
                "times. That is <b>{passes}</b> passes of the corpus."
            )
            if plain
            else self.tr(
                "It has read <b>{tokens}</b> tokens and changed its weights <b>{steps}</b> times. That is "
                "<b>{passes}</b> passes of the corpus."
            )
        )
        now = now.format(
            tokens=amount_text(tokens), steps=grouped(float(steps[-1]) if len(steps) else 0),
            passes=f"{tokens / max(1, train_tokens):.1f}",
        )  # fmt: skip
        if practises := self.sentence_of_run(record.job.config):
            now = practises + " " + now
        cards = [GuideCard("ph.eye", self.tr("What happens now"), now)]
        if not record.active:
            ended = (
                self.tr("It is done and stands on the shelf.") if record.state == "done" else now
            )
            title = self.tr("What happened")
            cards = [
                GuideCard("ph.eye", title, ended if record.state != "done" else ended + " " + now)
            ]
            cards = [*self.cards_of_way(self.form.mode(), self.form.chosen()), *cards]
        cards += self._card_of_health(record)
        smooth = record.metrics.column("loss")
        if plain and tests and tests[-1].held_out and len(smooth) > 10:
            recent = smooth[-max(10, len(smooth) // 60) :]
            train = float(recent.mean())
            last = tests[-1]
            factor = (last.bits_per_byte or 0) / last.loss if last.loss else 0
            gap = (last.bits_per_byte or 0) - train * factor
            verdict = self.tr("It is <b>learning, not memorising</b>.")
            found = self._findings(record)
            memorises = gap > 0.25 * (last.bits_per_byte or 1)
            if found:
                memorises = bool({"overfitting", "data-small"} & {f.get("code") for f in found})
            if memorises:
                verdict = self.tr(
                    "The gap grows: it begins to <b>memorise</b>. More text, or fewer passes, would help."
                )
            cards.append(GuideCard("ph.chart-line", self.tr("How to read the curve"), self.tr(
                "The golden marks are tests on <b>unseen text</b>. The blue line is <b>{gap}</b> "
                "away from them.").format(gap=f"{abs(gap):.2f}") + " " + verdict))  # fmt: skip
        if plain and tests and tests[-1].loss is not None:
            cards.append(GuideCard("ph.lightbulb", self.tr("In other words"), self.tr(
                "At first it guessed blindly among <b>{begin}</b> tokens. Now it wavers between "
                "<b>{now}</b>.").format(
                    begin=grouped(float(plan.get("vocabulary") or math.exp(min(20, tests[0].loss or 0)))),
                    now=perplexity_text(tests[-1].loss))))  # fmt: skip
            cards.append(self._card_of_baselines(tests[-1].bits_per_byte, corpus))
        if plan.get("rule"):
            cards.append(GuideCard("ph.ruler", self.tr("Why this size"), translate(
                Sentence.from_json(plan["rule"]))))  # fmt: skip
        eta = record.progress.eta if record.progress else None
        if record.active and eta is not None:
            text = self.tr(
                "In about <b>{time}</b> the best state is tested and put on the shelf. “Stop and save” "
                "does it now.").format(time=duration(eta))  # fmt: skip
            if plan.get("early_stopping"):
                text += " " + self.tr(
                    "If unseen text goes worse <b>{count}</b> tests in a row, it stops by itself and "
                    "keeps the best.").format(count=plan["early_stopping"])  # fmt: skip
            cards.append(GuideCard("ph.flag", self.tr("What comes next"), text))
        return cards

    def _findings(self, record: JobRecord) -> list[dict[str, Any]]:
        """What the training found of itself, the most important first."""
        found = record.health.findings if record.health else []
        return [item for item in found if item.get("sentence")]

    def _card_of_health(self, record: JobRecord) -> list[GuideCard]:
        """The most important finding and what to do about it; none while nothing is known."""
        found = self._findings(record)
        if not found or record.state not in ("running", "done"):
            return []
        first = found[0]
        said, advice = (
            escape(translate(Sentence.from_json(first[part]))) if first.get(part) else ""
            for part in ("sentence", "advice")
        )
        icon = _HEALTH_ICONS.get(str(first.get("level")), "ph.info")
        text = f"<b>{said}</b> {advice}".strip()
        return [GuideCard(icon, self.tr("How it fares"), text)]

    def _card_of_baselines(self, bits: float | None, corpus: CorpusManifest | None) -> GuideCard:
        gzip = corpus.baselines.gzip if corpus else None
        if bits is None or gzip is None:
            text = self.tr("Lower is better; what counts is the distance to the lines in the plot.")
        elif bits < gzip:
            text = self.tr(
                "<b>{bits}</b> bits/byte is better than gzip (<b>{gzip}</b>): it knows more of this "
                "language than a packing program."
            ).format(bits=f"{bits:.2f}", gzip=f"{gzip:.2f}")
        else:
            text = self.tr(
                "gzip needs <b>{gzip}</b> bits/byte, the model still <b>{bits}</b>. Below that line it "
                "knows more than a packing program."
            ).format(bits=f"{bits:.2f}", gzip=f"{gzip:.2f}")
        return GuideCard("ph.question", self.tr("Is that good?"), text)
