"""What a version forgot of what its parent knew, in words."""

from __future__ import annotations

from typing import Any

from core.sentences import N_, Sentence, Value, signed
from core.versions.manifest import Forgetting

_BETTER = N_("Forgetting", "It knows the parent's text “{text}” better than before: {before} → {after} {unit} (less is better; {change}, 95 %: {low} to {high}).")  # fmt: skip
_WORSE = N_("Forgetting", "It has forgotten some of the parent's text “{text}”: {before} → {after} {unit} (less is better; {change}, 95 %: {low} to {high}). {remedy}")  # fmt: skip
_UNCLEAR = N_("Forgetting", "Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} {unit}, and the change of {change} is within the noise (95 %: {low} to {high}).")  # fmt: skip
_SHORT = N_("Forgetting", "Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} {unit}, but so little of it was held out that chance cannot be told from a change.")  # fmt: skip
_WORDS = {"better": _BETTER, "worse": _WORSE, "unclear": _UNCLEAR}
_UNITS = {
    "text": N_("Forgetting", "bits per byte on unseen text"),
    "conversations": N_("Forgetting", "bits per byte on whole unseen conversations, the questions too, read as plain text (its figure of answers alone is another measure)"),
    "hidden": N_("Forgetting", "pseudo bits per byte on unseen text, each token hidden in turn"),
}  # fmt: skip
_REPLAY = N_("Forgetting", "Replay keeps more of it.")
_GENTLER = N_("Forgetting", "A lower learning rate or fewer steps keep more of it.")
_REPLAYING = ("causal", "chat", "masked")
"""Objectives that take replay."""


def verdict_sentence(forgetting: Forgetting, objective: str = "causal") -> Sentence:
    """Better, worse or cannot tell, with the noise floor.

    Args:
        objective: What was learnt: it decides what would have helped.
    """
    remedy = _REPLAY if objective in _REPLAYING else _GENTLER
    values: dict[str, Value] = {
        "text": forgetting.text, "before": f"{forgetting.before:.3f}",
        "after": f"{forgetting.after:.3f}", "unit": Sentence("Forgetting", _UNITS[forgetting.how]),
    }  # fmt: skip
    if forgetting.low is None or forgetting.high is None:
        return Sentence("Forgetting", _SHORT, values)
    if forgetting.verdict == "worse":
        values["remedy"] = Sentence("Forgetting", remedy)
    values |= {
        "change": signed(forgetting.after - forgetting.before, 3),
        "low": signed(forgetting.low, 3), "high": signed(forgetting.high, 3),
    }  # fmt: skip
    return Sentence("Forgetting", _WORDS[forgetting.verdict], values)


def forgetting_to_json(forgetting: Forgetting, objective: str = "causal") -> dict[str, Any]:
    """As `result` and the event `forgetting` carry it: the figures, `verdict` (better, worse,
    unclear), and `sentence` as JSON."""
    return {
        **forgetting.model_dump(mode="json"), "verdict": forgetting.verdict,
        "sentence": verdict_sentence(forgetting, objective).to_json(),
    }  # fmt: skip
