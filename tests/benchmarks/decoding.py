"""Writing speed of a version of ten million parameters, one stream, beside transformers' generate.

`python -m tests.benchmarks.decoding ours|theirs FOLDER` measures in a process of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from core.models.qwen3.config import Qwen3Config
from tests.benchmarks._steps import call
from tests.benchmarks.common import Row, long_run

CONFIG = Qwen3Config(4096, 6, 320, 5, 5, 64, 896, 512, False)
TOKENS = 200
PROMPT = [0, *range(5, 36)]


def run() -> list[Row]:
    """fp32 on both sides, greedy, the same weights; speeds are medians of pairs."""
    import torch

    from core.files import write_json
    from core.models.load import CONFIG as CONFIG_FILE
    from core.models.load import WEIGHTS, save_weights
    from core.models.qwen3.model import Qwen3

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        torch.manual_seed(0)
        save_weights(Qwen3(CONFIG), folder / WEIGHTS)
        write_json(folder / CONFIG_FILE, CONFIG.to_transformers(0))
        ours: list[dict[str, Any]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(5 if long_run() else 3):
            ours.append(call("tests.benchmarks.decoding", "ours", place))
            theirs.append(call("tests.benchmarks.decoding", "theirs", place))
    speed = median(o["tokens_per_second"] for o in ours)
    first = median(o["first_seconds"] for o in ours)
    share = speed * CONFIG.parameters * 4 / _bandwidth()
    return [
        {
            "name": f"writing, {CONFIG.parameters / 1e6:.1f}M, fp32", "value": speed,
            "unit": "tokens/s", "target": "≥ 150", "against": "transformers",
            "ratio": median(
                o["tokens_per_second"] / t["tokens_per_second"]
                for o, t in zip(ours, theirs, strict=True)
            ),
            "note": f"{share:.0%} of the memory bandwidth",
        },
        {
            "name": "first token after loading", "value": first, "unit": "s", "target": "≤ 0.5",
            "against": "transformers", "ratio": first / median(t["first_seconds"] for t in theirs),
        },
        {
            "name": "loading", "value": median(o["load_seconds"] for o in ours), "unit": "s",
            "against": "transformers",
            "ratio": median(
                o["load_seconds"] / t["load_seconds"] for o, t in zip(ours, theirs, strict=True)
            ),
        },
    ]  # fmt: skip


def _bandwidth() -> float:
    """Bytes a second of reading a large tensor."""
    import torch

    block = torch.ones(1 << 28)
    best = 0.0
    for _ in range(3):
        begun = time.perf_counter()
        block.sum()
        best = max(best, block.numel() * 4 / (time.perf_counter() - begun))
    return best


def _ours(folder: Path) -> dict[str, float]:
    from core.generation.stream import Outcome, write
    from core.models.load import load_model
    from core.sampling import SamplingSettings

    begun = time.perf_counter()
    model = load_model(folder)
    loaded = time.perf_counter() - begun
    pieces = [b"x"] * CONFIG.vocabulary
    settings = SamplingSettings(temperature=0.0, max_tokens=TOKENS, repetition_penalty=1.0)
    outcome = Outcome()
    for _ in write(model, pieces, PROMPT, settings, set(), outcome):
        pass
    later = outcome.seconds - outcome.first_token_seconds
    return {
        "load_seconds": loaded, "first_seconds": outcome.first_token_seconds,
        "tokens_per_second": (outcome.tokens - 1) / later,
    }  # fmt: skip


def _theirs(folder: Path) -> dict[str, float]:
    import torch
    from transformers import AutoModelForCausalLM

    begun = time.perf_counter()
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    loaded = time.perf_counter() - begun
    prompt = torch.tensor([PROMPT])
    mask = torch.ones_like(prompt)

    def write(count: int) -> float:
        begun = time.perf_counter()
        model.generate(
            prompt, attention_mask=mask, max_new_tokens=count, min_new_tokens=count,
            do_sample=False, pad_token_id=0,
        )  # fmt: skip
        return time.perf_counter() - begun

    first = write(1)
    whole = write(TOKENS)
    return {
        "load_seconds": loaded, "first_seconds": first,
        "tokens_per_second": (TOKENS - 1) / (whole - min(first, write(1))),
    }  # fmt: skip


if __name__ == "__main__":
    measure = _ours if sys.argv[1] == "ours" else _theirs
    print(json.dumps(measure(Path(sys.argv[2]))))
