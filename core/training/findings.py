"""What can be said of a training's health: one plain sentence for each finding, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from core.sentences import N_, Sentence, Value

Level = Literal["good", "note", "warn", "bad"]
ORDER: dict[Level, int] = {"bad": 0, "warn": 1, "note": 2, "good": 3}

LET_BE = N_("Health", "Nothing is lost: it only takes longer.")
STOP_NOW = N_("Health", "Stop and save now: the best state is kept. More text, or fewer passes, would help.")  # fmt: skip
STOPS_ITSELF = N_("Health", "When it is worse {count} tests in a row, it stops by itself; the best state is kept. More text, or fewer passes, would help.")  # fmt: skip
WORDS: dict[str, tuple[Level, str, str]] = {
    "diverging": (
        "bad",
        N_("Health", "The loss rises instead of falling: the training is running away."),
        N_("Health", "If it goes on like this, the run goes back to a good state by itself and learns on with half the learning rate."),
    ),
    "rate-high": (
        "warn",
        N_("Health", "The learning rate seems too high: what one step learns, the next one spoils."),
        N_("Health", "Towards its end the rate falls and the loss gets better. For the next run choose half the learning rate."),
    ),
    "rate-low": (
        "warn",
        N_("Health", "It hardly learns: the loss is almost where it began."),
        N_("Health", "Stop it and choose a higher learning rate."),
    ),
    "overfitting": (
        "warn",
        N_("Health", "It begins to learn the text by heart: on unseen text it is {percent} % worse than at step {step}."),
        STOP_NOW,
    ),
    "worse-early": (
        "warn",
        N_("Health", "On unseen text it is {percent} % worse than at step {step}, though it has not read the text once yet: the learning rate is too high for what it knew."),
        N_("Health", "Stop and save now: the best state is kept. For the next run choose half the learning rate, or fewer steps."),
    ),
    "data-small": (
        "note",
        N_("Health", "The text is small for this model: read again and again ({passes} times), it helps with unseen text less and less."),
        N_("Health", "Add more text, or choose a smaller model."),
    ),
    "plateau": (
        "note",
        N_("Health", "The loss on unseen text has hardly fallen for {count} tests."),
        N_("Health", "Stop and save now: the best state is kept. More text or a larger model would take it further."),
    ),
    "rolled-back": (
        "note",
        N_("Health", "It went wrong at step {step}, went back to step {to} and learns on with a smaller learning rate."),
        N_("Health", "There is nothing to do. For the next run choose half the learning rate."),
    ),
    "slow-busy": (
        "warn",
        N_("Health", "It trains at {percent} % of its usual speed: another program keeps the processor busy."),
        LET_BE,
    ),
    "slow-memory": (
        "warn",
        N_("Health", "It trains at {percent} % of its usual speed: memory is short, and the disk stands in for it."),
        N_("Health", "Close other programs. For the next run choose a smaller micro-batch or a smaller model."),
    ),
    "slow-hot": (
        "warn",
        N_("Health", "It trains at {percent} % of its usual speed: the computer is hot and slows itself down."),
        N_("Health", "Give it air, or let it take its time: nothing is lost."),
    ),
    "slow": (
        "warn",
        N_("Health", "It trains at {percent} % of its usual speed."),
        LET_BE,
    ),
    "throttled": (
        "note",
        N_("Health", "The computer is hot and slows itself down."),
        N_("Health", "Give it air, or let it take its time: nothing is lost."),
    ),
    "learning": (
        "good",
        N_("Health", "It learns well: the loss on unseen text keeps falling."),
        N_("Health", "Let it go on."),
    ),
}  # fmt: skip

AFTER: dict[str, tuple[str | None, str]] = {
    "diverging": (
        N_("Health", "At the end the loss rose instead of falling: the training ran away."),
        N_("Health", "For the next run choose half the learning rate."),
    ),
    "rate-high": (
        N_("Health", "The learning rate was too high at first: what one step learnt, the next one spoilt."),
        N_("Health", "For the next run choose half the learning rate."),
    ),
    "rate-low": (
        N_("Health", "It hardly learnt: the loss stayed almost where it began."),
        N_("Health", "For the next run choose a higher learning rate."),
    ),
    "overfitting": (
        N_("Health", "It began to learn the text by heart: on unseen text it became {percent} % worse than at step {step}, whose state is published."),
        N_("Health", "For the next run: more text, fewer passes or a smaller model."),
    ),
    "worse-early": (
        N_("Health", "Before it had read the text once, it became {percent} % worse on unseen text than at step {step}, whose state is published: the learning rate was too high for what it knew."),
        N_("Health", "For the next run choose half the learning rate, or fewer steps."),
    ),
    "plateau": (
        N_("Health", "For the last {count} tests the loss on unseen text hardly fell."),
        N_("Health", "More text or a larger model would take it further."),
    ),
    "rolled-back": (
        N_("Health", "It went wrong at step {step}, went back to step {to} and learnt on with a smaller learning rate."),
        N_("Health", "For the next run choose half the learning rate."),
    ),
    "learning": (
        N_("Health", "It learnt well: the loss on unseen text fell to the end."),
        N_("Health", "With more time it would become better still."),
    ),
}  # fmt: skip
"""The same when the run is over: another sentence where the tense is another, and what the next run
can do better."""

LEARNT: dict[str, tuple[str, str]] = {
    "plateau": (
        N_("Health", "The loss on what it learns has hardly fallen for {count} tests."),
        N_("Health", "For the last {count} tests the loss on what it learnt hardly fell."),
    ),
    "learning": (
        N_("Health", "It learns well: the loss on what it learns keeps falling. Nothing was held out, so nobody can tell how it does elsewhere."),
        N_("Health", "It learnt well: the loss on what it learnt fell to the end. Nothing was held out, so nobody can tell how it does elsewhere."),
    ),
}  # fmt: skip
"""While it trains and afterwards, where tests are on what is learnt since nothing was held out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is a key of the words above; `held_out`: its tests were on unseen text."""

    code: str
    level: Level
    sentence: Sentence
    advice: Sentence
    held_out: bool = True

    def after(self) -> Finding:
        """The same of a run that is over."""
        sentence, advice = AFTER.get(self.code, (None, self.advice.text))
        if not self.held_out and self.code in LEARNT:
            sentence = LEARNT[self.code][1]
        said = Sentence("Health", sentence or self.sentence.text, self.sentence.values)
        return replace(self, sentence=said, advice=Sentence("Health", advice))

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code, "level": self.level,
            "sentence": self.sentence.to_json(), "advice": self.advice.to_json(),
        }  # fmt: skip


def finding(code: str, held_out: bool = True, **values: Value) -> Finding:
    """Raises KeyError for a code without words."""
    level, sentence, advice = WORDS[code]
    if not held_out and code in LEARNT:
        sentence = LEARNT[code][0]
    said = Sentence("Health", sentence, values)
    return Finding(code, level, said, Sentence("Health", advice), held_out)
