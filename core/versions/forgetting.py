"""What a version forgot of what its parent knew, in words."""

from __future__ import annotations

from typing import Any

from core.sentences import N_, Sentence, Value
from core.versions.manifest import Forgetting

_BETTER = N_("Forgetting", "It knows the parent's text “{text}” better than before: {before} → {after} bits per byte on unseen text (less is better; {change}, 95 %: {low} to {high}).")  # fmt: skip
_WORSE = N_("Forgetting", "It has forgotten some of the parent's text “{text}”: {before} → {after} bits per byte on unseen text (less is better; {change}, 95 %: {low} to {high}). Replay keeps more of it.")  # fmt: skip
_UNCLEAR = N_("Forgetting", "Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} bits per byte on unseen text, and the change of {change} is within the noise (95 %: {low} to {high}).")  # fmt: skip
_SHORT = N_("Forgetting", "Whether it forgot anything of the parent's text “{text}” cannot be told: {before} → {after} bits per byte, but so little of it was held out that chance cannot be told from a change.")  # fmt: skip
_WORDS = {"better": _BETTER, "worse": _WORSE, "unclear": _UNCLEAR}


def verdict_sentence(forgetting: Forgetting) -> Sentence:
    """Better, worse or cannot tell, with the noise floor."""
    values: dict[str, Value] = {
        "text": forgetting.text, "before": f"{forgetting.before:.3f}",
        "after": f"{forgetting.after:.3f}",
    }  # fmt: skip
    if forgetting.low is None or forgetting.high is None:
        return Sentence("Forgetting", _SHORT, values)
    values |= {
        "change": f"{forgetting.after - forgetting.before:+.3f}",
        "low": f"{forgetting.low:+.3f}", "high": f"{forgetting.high:+.3f}",
    }  # fmt: skip
    return Sentence("Forgetting", _WORDS[forgetting.verdict], values)


def forgetting_to_json(forgetting: Forgetting) -> dict[str, Any]:
    """As `result` and the event `forgetting` carry it: the figures, `verdict` (better, worse,
    unclear), and `sentence` as JSON."""
    return {
        **forgetting.model_dump(mode="json"), "verdict": forgetting.verdict,
        "sentence": verdict_sentence(forgetting).to_json(),
    }  # fmt: skip
