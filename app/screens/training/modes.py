"""The four ways to make an edition."""

from __future__ import annotations

from typing import Any, Literal

Mode = Literal["new", "continue", "specialise", "distil"]
MODES: tuple[Mode, ...] = ("new", "continue", "specialise", "distil")
OWN_TEXT = ("causal", "masked")
"""Objectives that learn plain text: a decoder's and an encoder's."""


def as_mode(wanted: object) -> Mode:
    """The way that a sender asks for; to continue where it names none."""
    for mode in MODES:
        if mode == wanted:
            return mode
    return "continue"


def mode_of(config: dict[str, Any]) -> Mode:
    """Which of the four a training was begun as, from its configuration."""
    recipe: dict[str, Any] = config.get("recipe") or {}
    objective = recipe.get("objective", "causal")
    if objective == "distil":
        return "distil"
    if not config.get("parent"):
        return "new"
    special = objective not in OWN_TEXT or recipe.get("method") == "lora" or config.get("lessons")
    return "specialise" if special or recipe.get("replay_share") else "continue"
