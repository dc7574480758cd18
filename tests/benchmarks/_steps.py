"""One training loop, ours or transformers', in a process of its own: tokens a second and peak memory.

`python -m tests.benchmarks._steps ours|muon|compiled|theirs NAME PRECISION SECONDS` prints one JSON object.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from core.engine.launch import training_environment
from core.families.qwen3 import Qwen3Config
from core.planning.dial import Shape
from core.tokenizer.roles import TokenRoles
from tests.benchmarks.common import ROOT

SIZES: dict[str, tuple[Qwen3Config, int]] = {
    "1M": (Qwen3Config(1024, 4, 128, 4, 4, 32, 352, 128, False), 16),
    "30M": (Qwen3Config(8192, 8, 512, 8, 8, 64, 1408, 512, False), 8),
    "124M": (Qwen3Config(16384, 12, 768, 12, 12, 64, 2048, 512, False), 4),
}
"""Configuration and windows in a batch."""


PEAK_SIZE = 1024
"""Rows of the square products whose speed is the peak; they are taken between the steps."""


def work(config: Qwen3Config) -> int:
    """Floating-point operations a token, forwards and backwards: 6 for each weight that is in a
    product, and attention to the whole context (Kaplan et al. 2020, table 1)."""
    attention = 12 * config.layers * config.heads * config.head_size * config.context
    return 6 * (config.parameters - config.vocabulary * config.width) + attention


def shape_of(config: Qwen3Config) -> Shape:
    return Shape(
        config.layers, config.width, config.heads, config.kv_heads, config.head_size,
        config.feed_forward, config.tied,
    )  # fmt: skip


@functools.cache
def measured(side: str, size: str, precision: str, seconds: float, number: int) -> dict[str, float]:
    """Run this module in a fresh process; `number` tells repetitions apart."""
    del number
    return call("tests.benchmarks._steps", side, size, precision, str(seconds))


def call(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON object that `python -m module` prints last, with threads as workers have them."""
    environment = {**training_environment(), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, check=False,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stderr[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


# ---- inside the process --------------------------------------------------------------------------


def _ours(
    config: Qwen3Config, batch: int, precision: str, kind: str, compiled: bool = False
) -> Callable[[], None]:
    import torch

    from core.models.qwen3.init import initialise
    from core.models.qwen3.model import Qwen3
    from core.objectives.batch import Batch
    from core.training.optimiser import Rates
    from core.training.stepper import Stepper

    model = Qwen3(config)
    initialise(model, 1)
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    stepper = Stepper(model, dtype, Rates(1e-3, 1e-3, 1e-3), kind, 0.9, 0.0, 1.0)
    if compiled:
        stepper.compile()

    def step() -> None:
        tokens = torch.randint(config.vocabulary, (batch, config.context + 1))
        given = Batch(tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous(), None)
        float(stepper.step(given, batch, 1.0).loss)

    return step


def _theirs(config: Qwen3Config, batch: int, precision: str) -> Callable[[], None]:
    """As its Trainer does it: fp32 weights, autocast, AdamW, clipping."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    data = config.to_transformers(TokenRoles.only(0))
    made = AutoConfig.for_model(data.pop("model_type"), **data)
    model = AutoModelForCausalLM.from_config(made, dtype=torch.float32)
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)

    def step() -> None:
        tokens = torch.randint(config.vocabulary, (batch, config.context))
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = model(tokens, labels=tokens).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        float(loss.detach())

    return step


def _peak_bytes() -> int:
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(side: str, size: str, precision: str, seconds: float) -> dict[str, float]:
    config, batch = SIZES[size]
    if side == "theirs":
        step = _theirs(config, batch, precision)
    else:
        kind = "muon" if side == "muon" else "adamw"
        step = _ours(config, batch, precision, kind, side == "compiled")
    begun = time.perf_counter()
    step()
    first = time.perf_counter() - begun
    product = _product()
    times: list[float] = []
    peaks: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        begun = time.perf_counter()
        step()
        times.append(time.perf_counter() - begun)
        peaks += [product(), product()]
    middle, peak = median(times), 2 * PEAK_SIZE**3 / median(peaks)
    return {
        "tokens_per_second": batch * config.context / middle, "step_seconds": middle,
        "share": work(config) * batch * config.context / middle / peak, "gflops": peak / 1e9,
        "peak_bytes": _peak_bytes(), "first_seconds": first,
    }  # fmt: skip


def _product() -> Callable[[], float]:
    """Seconds of a square product in bf16: what else the machine does meets steps and products."""
    import torch

    a, b = (torch.randn(PEAK_SIZE, PEAK_SIZE).bfloat16() for _ in range(2))

    def timed() -> float:
        begun = time.perf_counter()
        torch.mm(a, b)
        return time.perf_counter() - begun

    timed()
    return timed


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))))
