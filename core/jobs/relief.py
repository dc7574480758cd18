"""A training that the system killed for want of memory goes on with less: smaller pieces of the
same batch, and, where those are single windows already, activations computed again."""

from __future__ import annotations

from typing import Any

from core.jobfolder import JobFolder
from core.sentences import N_, Sentence

CODE = "out-of-memory"


def relieve(folder: JobFolder) -> Sentence | None:
    """Write into job.json what the next attempt does with less memory, and say it. None where
    nothing is left to spare. The batch as a whole, and so what is learnt, stays the same.

    Raises:
        Damaged, NoSpace, NoPermission: job.json cannot be read or written.
    """
    config = folder.read().config
    decisions = config.get("decisions")
    if isinstance(decisions, dict) and isinstance(decisions.get("plan"), dict):
        change = _less(decisions["plan"])
        if change is None:
            return None
        plan = {**decisions["plan"], **change}
        folder.update_config({"decisions": {**decisions, "plan": plan}})
        return _say(decisions["plan"], change)
    tried, recipe = config.get("tried"), config.get("recipe")
    if not isinstance(tried, dict) or not isinstance(recipe, dict):
        return None  # It was killed before it knew how large its steps are.
    change = _less(tried)
    if change is None:
        return None
    settings: dict[str, Any] = dict(change)
    if "activation_checkpointing" in settings:
        settings["activation_checkpointing"] = "on"
    folder.update_config({"recipe": {**recipe, **settings}, "tried": {**tried, **change}})
    return _say(tried, change)


def _less(plan: dict[str, Any]) -> dict[str, Any] | None:
    micro = plan.get("micro_batch")
    if isinstance(micro, int) and micro > 1:
        return {"micro_batch": micro // 2}
    return None if plan.get("activation_checkpointing") else {"activation_checkpointing": True}


def _say(before: dict[str, Any], change: dict[str, Any]) -> Sentence:
    if "micro_batch" in change:
        text = N_("Warnings", "The memory was not enough: the run goes on with {now} windows at once instead of {before}. The batch stays the same, so it learns the same, a little more slowly.")  # fmt: skip
        values = {"before": before["micro_batch"], "now": change["micro_batch"]}
        return Sentence("Warnings", text, values)
    text = N_("Warnings", "The memory was not enough: the run goes on and computes parts of each step twice instead of keeping them. It learns the same, about a third more slowly.")  # fmt: skip
    return Sentence("Warnings", text)
