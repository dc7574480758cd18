"""One loop of LoRA steps, ours or peft's, in a process of its own: tokens a second and peak memory.

`python -m tests.benchmarks._adapters ours|dora|int8|theirs|theirs-dora SIZE PRECISION SECONDS` prints
one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median

from core.families.qwen3 import Qwen3Config
from core.tokenizer.roles import TokenRoles
from tests.benchmarks._steps import SIZES, _peak_bytes

RANK = 16


def _ours(
    config: Qwen3Config, batch: int, precision: str, dora: bool, base: str
) -> Callable[[], None]:
    import torch

    from core.models.adapters.adapt import adapt
    from core.models.registry import build, initialise
    from core.objectives.batch import Batch
    from core.training.optimiser import Rates
    from core.training.stepper import Stepper

    model = build(config)
    initialise(model, 1)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    adapt(model, RANK, 2 * RANK, dora=dora, precision=base)  # type: ignore[arg-type]
    stepper = Stepper(model, dtype, Rates(1e-3, 1e-3, 1e-3), "adamw", 0.9, 0.0, 1.0)

    def step() -> None:
        tokens = torch.randint(config.vocabulary, (batch, config.context + 1))
        given = Batch(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), None)
        float(stepper.step(given, batch, 1.0).loss)

    return step


def _theirs(config: Qwen3Config, batch: int, precision: str, dora: bool) -> Callable[[], None]:
    """As the Trainer does it: the base in the working type, adapters in fp32, autocast for bf16."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoConfig, AutoModelForCausalLM

    data = config.to_transformers(TokenRoles.only(0))
    made = AutoConfig.for_model(data.pop("model_type"), **data)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    model = AutoModelForCausalLM.from_config(made, dtype=dtype)
    wanted = LoraConfig(
        r=RANK, lora_alpha=2 * RANK, target_modules="all-linear", use_dora=dora,
        task_type="CAUSAL_LM",
    )  # fmt: skip
    adapted = get_peft_model(model, wanted)
    adapted.train()
    trained = [weight for weight in adapted.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-3)

    def step() -> None:
        tokens = torch.randint(config.vocabulary, (batch, config.context))
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = adapted(tokens, labels=tokens).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        float(loss.detach())

    return step


def main(side: str, size: str, precision: str, seconds: float) -> dict[str, float]:
    config, batch = SIZES[size]
    if side.startswith("theirs"):
        step = _theirs(config, batch, precision, side == "theirs-dora")
    else:
        base = "int8" if side == "int8" else "working"
        step = _ours(config, batch, precision, side == "dora", base)
    step()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
    middle = median(times)
    return {
        "tokens_per_second": batch * config.context / middle, "step_seconds": middle,
        "peak_bytes": _peak_bytes(),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))))
