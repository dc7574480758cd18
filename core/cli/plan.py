"""plan: what a training would need here, before it is begun."""

from __future__ import annotations

import re
from typing import Any

from core.cli.output import Output
from core.config import build
from core.errors import NotBuiltYet, UsageError
from core.home import Home
from core.planning.dial import LARGEST, SMALLEST, shape_for
from core.planning.machine import load_machine
from core.planning.plan import Text, make_plan
from core.recipe import Recipe
from core.tokenizer.sizes import vocabulary_for

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([KMB]?)$", re.IGNORECASE)
_LEAST_VOCABULARY = 1_024
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def run(options: Any, home: Home, output: Output) -> int:
    if options.device not in ("auto", "cpu"):
        raise NotBuiltYet("device", what="Planning for another device", instead="use --device auto")
    parameters = _parameters(options.preset)
    machine = load_machine(home)
    tokens = options.tokens or 20.0 * parameters
    if not 100 <= tokens <= 1e15:
        raise UsageError("tokens", detail="--tokens must be between 100 and a million billion.")
    text = Text(train_tokens=int(tokens), vocabulary=_vocabulary(parameters, int(tokens)))
    recipe = build(Recipe, {"parameters": parameters, "epochs": 1.0})
    plan = make_plan(recipe, text, machine)
    data = {**plan.to_json(), "machine": machine.model_dump(mode="json")}
    known = "measured" if machine.measured else "not measured yet: times are a rough guess"
    output.result(
        data,
        f"{plan.parameters:,} parameters: {plan.layers} layers, width {plan.width}, "
        f"context {plan.context}, vocabulary {plan.vocabulary:,}",
        f"memory {plan.memory_bytes / 2**30:.1f} GB of {machine.memory_bytes / 2**30:.1f} GB",
        f"time   {_time(plan.seconds)} for {plan.tokens_total:,} tokens in {plan.steps:,} steps",
        f"device {machine.name or machine.device} ({known})",
    )
    return 0


def _parameters(preset: str) -> int:
    match = _SIZE.match(preset)
    if not match:
        raise NotBuiltYet(
            "preset", what=f"The preset “{preset}”", instead="give a size such as 500K, 10M or 350M"
        )
    number = int(float(match.group(1)) * _FACTORS[match.group(2).upper()])
    if not SMALLEST * 0.5 <= number <= LARGEST * 1.1:
        raise UsageError("preset", detail="Sizes from 500K to 350M can be planned in this edition.")
    return number


def _vocabulary(parameters: int, tokens: int) -> int:
    """As for a corpus of so many tokens, but with at most two fifths of the weights in the tables:
    a small model has no room for the vocabulary of a large corpus."""
    wanted = vocabulary_for(tokens * 3)
    while wanted > _LEAST_VOCABULARY:
        shape = shape_for(parameters, wanted)
        tables = wanted * shape.width * (1 if shape.tied else 2)
        if tables <= 0.4 * parameters:
            break
        wanted = max(_LEAST_VOCABULARY, wanted // 128 * 64)
    return wanted


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"
