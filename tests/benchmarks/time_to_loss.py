"""Seconds from a process's start to 1.88 nats a character on tiny Shakespeare's last tenth.

Ours is a Qwen3 that any program loads, trained as the app trains; beside it the plain recipe: GPT-2
blocks of transformers, AdamW, fp32. Both read characters, both are scored in plain windows.
The second figure is the loss after three minutes, scored with half-context stride on both sides.
`python -m tests.benchmarks.time_to_loss ours|minutes|theirs FILE SEED LIMIT [STEPS]` measures in
its own process.
"""

from __future__ import annotations

import json
import sys
import time
from statistics import median
from typing import Any

import psutil

from tests.benchmarks._steps import call
from tests.benchmarks.common import Row, data_folder, long_run

TARGET = 1.88
CONTEXT = 64
STEPS, BATCH = 210, 24
LONG_SECONDS, LONG_TARGET = 180.0, 1.50
LONG_CONTEXT, LONG_BATCH = 128, 16
PEER_BATCH, PEER_STEPS, PEER_CHECK = 12, 2_000, 200
PEER_SECONDS = 114.0
"""What the plain recipe's steps take on two quiet cores: a longer run stretches its schedule."""


def run() -> list[Row]:
    """A plain recipe that does not reach the loss in its time is reported with what it reached."""
    folder = data_folder()
    file = folder / "en-pretrain" / "tinyshakespeare.txt" if folder else None
    if file is None or not file.is_file():
        return [{"name": "time to loss", "value": None, "unit": "s", "note": "no test data"}]
    limit = 400 if long_run() else 120
    runs = range(5 if long_run() else 2)
    ours = [call("tests.benchmarks.time_to_loss", "ours", str(file), str(s), "0") for s in runs]
    plain = call("tests.benchmarks.time_to_loss", "theirs", str(file), "1", str(limit))
    seconds = median(o["seconds"] for o in ours)
    losses = ", ".join(f"{o['loss']:.3f}" for o in ours)
    reached = plain["loss"] <= TARGET
    row: Row = {
        "name": f"to {TARGET} nats a character", "value": seconds, "unit": "s",
        "against": "plain recipe" if reached else f"plain recipe, still at {plain['loss']:.3f}",
        "ratio": seconds / plain["seconds"], "note": f"reached {losses}",
    }  # fmt: skip
    peer: Row = {
        "name": "plain recipe (GPT-2, AdamW, fp32)", "value": plain["seconds"], "unit": "s",
        "note": f"{plain['loss']:.3f} nats after {plain['steps']} steps",
    }  # fmt: skip
    return [row, peer, *_long_rows(str(file))]


def _long_rows(file: str) -> list[Row]:
    """After three minutes from the start of the process, its figure included."""
    limit = str(LONG_SECONDS)
    ours = call("tests.benchmarks.time_to_loss", "minutes", file, "0", limit)
    rows: list[Row] = [
        {
            "name": "after three minutes", "value": ours["loss"], "unit": "nats",
            "target": f"≤ {LONG_TARGET}",
            "note": f"{ours['steps']} steps, {ours['seconds']:.0f} s; {ours['plain']:.3f} in plain windows",
        }
    ]  # fmt: skip
    if long_run():
        plain = call("tests.benchmarks.time_to_loss", "stretched", file, "1", limit)
        rows[0]["against"], rows[0]["ratio"] = "plain recipe", ours["loss"] / plain["loss"]
    return rows


def _since_start() -> float:
    return time.time() - psutil.Process().create_time()


def _text(file: str) -> tuple[Any, Any, int]:
    """(training tokens, held-out tokens, vocabulary)."""
    import numpy as np

    with open(file, encoding="utf-8") as opened:  # noqa: PTH123
        text = opened.read()
    alphabet = sorted(set(text))
    places = {character: index for index, character in enumerate(alphabet)}
    tokens = np.array([places[c] for c in text], np.uint16)
    cut = int(len(tokens) * 0.9)
    return tokens[:cut], tokens[cut:], len(alphabet)


def _ours(file: str, seed: int) -> dict[str, float]:
    import numpy as np
    import torch

    from core.corpus.tokens import TokenSplit
    from core.families.qwen3 import Qwen3Config
    from core.models.qwen3.init import initialise
    from core.models.qwen3.model import Qwen3
    from core.objectives.windows import WindowSource
    from core.training.batches import Batches
    from core.training.optimiser import Rates
    from core.training.schedule import Schedule
    from core.training.stepper import Stepper

    train, held_out, vocabulary = _text(file)
    split = TokenSplit(train, np.array([0, len(train)]), np.array([len(train)]))
    model = Qwen3(Qwen3Config(vocabulary, 1, 128, 4, 4, 32, 512, CONTEXT, False))
    initialise(model, seed)
    stepper = Stepper(model, torch.bfloat16, Rates(0.08, 0.1, 0.015), "muon", 0.9, 0.0, 1.0)
    schedule = Schedule(10, 10, STEPS, [])
    batches = Batches(WindowSource(split, CONTEXT, BATCH, seed, vocabulary), 0)
    for step in range(STEPS):
        stepper.step(batches.get(step), BATCH, schedule.factor(step))
    batches.close()
    loss = _loss(lambda tokens: model(tokens), held_out)
    return {"seconds": _since_start(), "loss": loss, "steps": STEPS}


def _minutes(file: str, seed: int, limit: float, steps: int | None = None) -> dict[str, float]:
    """Four layers for so many seconds; `steps` instead of seconds makes a run repeatable."""
    import numpy as np
    import torch

    from core.corpus.tokens import TokenSplit
    from core.families.qwen3 import Qwen3Config
    from core.models.qwen3.init import initialise
    from core.models.qwen3.model import Qwen3
    from core.objectives.windows import WindowSource
    from core.training.batches import Batches
    from core.training.optimiser import Rates
    from core.training.schedule import Schedule
    from core.training.stepper import Stepper

    train, held_out, vocabulary = _text(file)
    split = TokenSplit(train, np.array([0, len(train)]), np.array([len(train)]))
    model = Qwen3(Qwen3Config(vocabulary, 4, 128, 4, 4, 32, 352, LONG_CONTEXT, False))
    initialise(model, seed)
    stepper = Stepper(model, torch.bfloat16, Rates(0.04, 0.05, 0.008), "muon", 0.95, 0.0, 1.0)
    end = steps or 3_000
    schedule = Schedule(10, int(end * 0.3), end, [])
    batches = Batches(WindowSource(split, LONG_CONTEXT, LONG_BATCH, seed, vocabulary), 0)
    step, begun, retimed = 0, time.time(), time.time()
    while step < schedule.end_at(step):
        stepper.step(batches.get(step), LONG_BATCH, schedule.factor(step))
        step += 1
        if steps is None and time.time() - retimed > 5.0:
            retimed = time.time()
            left = limit - _since_start() - _SCORING_SECONDS
            end = step + max(1, int(left / ((retimed - begun) / step)))
            schedule.retime(step, end, int(end * 0.7))
    batches.close()
    return {
        "loss": _strided_loss(lambda tokens: model(tokens), held_out, LONG_CONTEXT),
        "plain": _loss(lambda tokens: model(tokens), held_out, LONG_CONTEXT),
        "seconds": _since_start(), "steps": step,
    }  # fmt: skip


_SCORING_SECONDS = 8.0


def _theirs(file: str, seed: int, limit: float, target: float = TARGET) -> dict[str, float]:
    import math

    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    train, held_out, vocabulary = _text(file)
    torch.manual_seed(seed)
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary, n_positions=CONTEXT, n_embd=128, n_layer=4, n_head=4,
            resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=0, eos_token_id=0,
        )
    )  # fmt: skip
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    data = torch.from_numpy(train.astype("int64"))
    scoring = 0.0
    loss = math.inf
    step = 0
    whole = PEER_STEPS if target else int(PEER_STEPS * limit / PEER_SECONDS)
    while loss > target and _since_start() - scoring < limit:
        rate = 1e-3 * min(1.0, (step + 1) / 100)
        rate *= 0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, step / whole)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        starts = torch.randint(len(data) - CONTEXT, (PEER_BATCH,))
        tokens = torch.stack([data[s : s + CONTEXT] for s in starts.tolist()])
        model(tokens, labels=tokens).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        if target and step % PEER_CHECK == 0:  # Looking costs the plain recipe nothing.
            begun = time.time()
            loss = _loss(lambda tokens: model(tokens).logits, held_out)
            scoring += time.time() - begun
    if not target:
        loss = _strided_loss(lambda tokens: model(tokens).logits, held_out, CONTEXT)
    elif not math.isfinite(loss):
        loss = _loss(lambda tokens: model(tokens).logits, held_out)
    return {"seconds": _since_start() - scoring, "loss": loss, "steps": step}


def _loss(logits_of: Any, tokens: Any, context: int = CONTEXT) -> float:
    """Nats a character over all of `tokens`, in windows one after the other."""
    import torch

    count = (len(tokens) - 1) // context
    block = torch.from_numpy(tokens[: count * context + 1].astype("int64"))
    inputs, targets = block[:-1].view(count, context), block[1:].view(count, context)
    total = 0.0
    with torch.inference_mode():
        for rows, wanted in zip(inputs.split(256), targets.split(256), strict=True):
            logits = logits_of(rows).float().flatten(0, 1)
            total += float(
                torch.nn.functional.cross_entropy(logits, wanted.flatten(), reduction="sum")
            )
    return total / (count * context)


def _strided_loss(logits_of: Any, tokens: Any, context: int) -> float:
    """The same in windows that overlap by half: each character but the first few has at least half
    a context before it."""
    import torch

    half = context // 2
    block = torch.from_numpy(tokens.astype("int64"))
    starts = torch.arange(0, len(block) - context - 1, half)
    places = starts[:, None] + torch.arange(context + 1)
    total, count = 0.0, 0
    with torch.inference_mode():
        for number, rows in enumerate(block[places].split(256)):
            logits = logits_of(rows[:, :-1]).float()
            nats = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), rows[:, 1:].flatten(), reduction="none"
            ).view(len(rows), context)
            later = nats[:, half:]
            total, count = total + float(later.sum()), count + later.numel()
            if number == 0:  # Nothing stands before the first half of the first window.
                total, count = total + float(nats[0, :half].sum()), count + half
    return total / count


if __name__ == "__main__":
    side, file, seed, limit = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    if side == "ours":
        result = _ours(file, seed)
    elif side == "minutes":
        result = _minutes(file, seed, limit, int(sys.argv[5]) if len(sys.argv) > 5 else None)
    else:
        result = _theirs(file, seed, limit, 0.0 if side == "stretched" else TARGET)
    print(json.dumps(result))
