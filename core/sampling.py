"""Settings of writing: how a version chooses its next token."""

from __future__ import annotations

from typing import Literal

from core.config import Config, setting
from core.sentences import N_


class SamplingSettings(Config):
    """How a version writes. Temperature 0 is greedy."""

    temperature: float = setting(
        0.8, ge=0, le=2, advanced=False, label=N_("Settings", "Daring (temperature)"),
        help=N_("Settings", "Low: the likeliest words. High: surprising ones, and more mistakes."),
    )  # fmt: skip
    top_p: float = setting(
        0.95, ge=0.01, le=1, advanced=False, label=N_("Settings", "Range (top-p)"),
        help=N_("Settings", "Choose among the likeliest tokens that together have this probability."),
    )  # fmt: skip
    top_k: int = setting(
        40, ge=0, le=1000, advanced=False, label=N_("Settings", "Choices (top-k)"),
        help=N_("Settings", "Choose among this many likeliest tokens; 0 means all."),
    )  # fmt: skip
    repetition_penalty: float = setting(
        1.1, ge=1, le=2, advanced=False, label=N_("Settings", "Avoid repeating"),
        help=N_("Settings", "Makes tokens less likely that were just written; 1 means not at all."),
    )  # fmt: skip
    max_tokens: int = setting(
        256, ge=1, le=8192, advanced=False, unit="tokens", label=N_("Settings", "Length"),
        help=N_("Settings", "Most tokens of one answer."),
    )  # fmt: skip
    seed: int = setting(
        7, ge=0, le=2**31 - 1, advanced=False, label=N_("Settings", "Seed"),
        help=N_("Settings", "The same seed gives the same answer again."),
    )  # fmt: skip
    precision: Literal["automatic", "exact"] = setting(
        "automatic", advanced=False, label=N_("Settings", "Precision"),
        help=N_("Settings", "Automatic rounds the weights where that is faster and loses less than 0.005 bits per byte on unseen text. Exact takes the weights as they were trained."),
        choices=(N_("Settings", "Automatic"), N_("Settings", "Exact (fp32)")),
    )  # fmt: skip
