"""Writing speed, one stream, beside transformers' generate on the same weights: 10M and 124M, fp32,
bf16 and int8; the share of the memory's bandwidth; the first token; what int8 loses on unseen text.

`python -m tests.benchmarks.decoding speeds SIZE FOLDER ROUNDS` and `... quality FOLDER` measure in
processes of their own. Sides and precisions take turns inside one process, a few tokens each.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from core.families.qwen3 import Qwen3Config
from core.tokenizer.roles import TokenRoles
from tests.benchmarks._steps import call
from tests.benchmarks.common import Row, data_folder, long_run

SIZES = {
    "10M": Qwen3Config(4096, 6, 320, 5, 5, 64, 896, 512, False),
    "124M": Qwen3Config(32768, 12, 768, 12, 12, 64, 2560, 1024, True),
}
PROMPT = [0, *range(5, 36)]
LONG_PROMPT = 480
_PEERS = {"fp32": "fp32", "bf16": "bf16", "int8": "bf16"}
"""Ours -> what it is compared with: transformers' generate has no int8 of its own."""
_TARGETS = {"fp32": "≥ 1.4×", "bf16": "≥ 1.4×", "int8": "≥ 2×"}


def run() -> list[Row]:
    rows: list[Row] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as place:
            rounds = "12" if long_run() else "6"
            found = call("tests.benchmarks.decoding", "speeds", size, place, rounds)
        rows += _rows(size, found)
    return [*rows, *_quality()]


def _rows(size: str, found: dict[str, Any]) -> list[Row]:
    rows: list[Row] = []
    for precision, peer in _PEERS.items():
        ours, theirs = found["ours"][precision], found["theirs"][peer]
        shares = [
            speed * found["bytes"][precision] / bandwidth
            for speed, bandwidth in zip(ours, found["bandwidth"], strict=True)
        ]
        rows.append(
            {
                "name": f"writing, {size}, {precision}", "value": median(ours),
                "unit": "tokens/s", "target": _TARGETS[precision],
                "against": f"transformers, {peer}", "ratio": _ratio(ours, theirs),
                "note": f"best {max(ours):,.0f}, theirs {median(theirs):,.0f}; "
                f"{median(shares):.0%} of the memory bandwidth, best {max(shares):.0%}",
            }
        )  # fmt: skip
    for name, key, unit in (
        (f"first token, {size}, {len(PROMPT)} tokens", "first", "s"),
        (f"first token, {size}, {LONG_PROMPT} tokens", "long", "s"),
        (f"loading, {size}", "load", "s"),
    ):
        ours, theirs = found[key]["ours"], found[key]["theirs"]
        row: Row = {
            "name": name, "value": median(ours), "unit": unit, "against": "transformers, bf16",
            "ratio": _ratio(ours, theirs),
        }  # fmt: skip
        if key == "first":
            row["target"] = "≤ 0.5"
        rows.append(row)
    return rows


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _quality() -> list[Row]:
    """A small version, really trained on English for about a minute, and its own unseen text."""
    folder = data_folder()
    name = "int8 on unseen text"
    if folder is None or not (folder / "en-pretrain").is_dir():
        return [{"name": name, "value": None, "unit": "bits/byte", "note": "no test data"}]
    with tempfile.TemporaryDirectory() as place:
        found = call("tests.benchmarks.decoding", "quality", place, str(folder / "en-pretrain"))
    lost = found["losses"]
    return [
        {
            "name": name, "value": lost["int8"], "unit": "bits/byte", "target": "< 0.005",
            "note": f"bf16 {lost['bf16']:+.5f}; {found['parameters'] / 1e6:.1f}M at "
            f"{found['bits_per_byte']:.3f} bits/byte, {found['sample_bytes']:,} bytes of text, "
            f"measured in {found['seconds']:.1f} s; it writes at {found['chosen']}",
        }
    ]  # fmt: skip


# ---- inside the process --------------------------------------------------------------------------


def _speeds(size: str, folder: Path, rounds: int) -> dict[str, Any]:
    import torch
    from transformers import AutoModelForCausalLM

    from core.files import write_json
    from core.models.load import CONFIG, WEIGHTS, load_model, save_weights
    from core.models.matrices import PRECISIONS
    from core.models.qwen3.model import Qwen3
    from core.models.rotary_decoder.decode import CpuDecoder

    config, count = SIZES[size], 100 if size == "10M" else 16
    torch.manual_seed(0)
    save_weights(Qwen3(config), folder / WEIGHTS)
    write_json(folder / CONFIG, config.to_transformers(TokenRoles.only(0)))
    types = {"fp32": torch.float32, "bf16": torch.bfloat16}
    load: dict[str, list[float]] = {"ours": [], "theirs": []}
    for turn in range(4):  # The first brings the file into memory.
        seconds = _timed(lambda: CpuDecoder(load_model(folder), "bf16"))
        peer = _timed(lambda: AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16))
        if turn:
            load["ours"].append(seconds)
            load["theirs"].append(peer)
    model = load_model(folder)
    decoders = {p: CpuDecoder(model, p) for p in PRECISIONS}
    peers = {
        name: AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()
        for name, dtype in types.items()
    }
    long = [1 + i % 4000 for i in range(LONG_PROMPT)]
    block = torch.ones(1 << 27)
    ours: dict[str, list[float]] = {p: [] for p in decoders}
    theirs: dict[str, list[float]] = {p: [] for p in peers}
    first: dict[str, list[float]] = {"ours": [], "theirs": []}
    later: dict[str, list[float]] = {"ours": [], "theirs": []}
    bandwidth: list[float] = []
    for turn in range(rounds + 1):  # The first warms up.
        speeds = {p: _write(decoder, count) for p, decoder in decoders.items()}
        peer_speeds = {p: _generate(peer, count) for p, peer in peers.items()}
        seen = max(block.numel() * 4 / _timed(lambda: block.sum()) for _ in range(2))
        if turn == 0:
            continue
        bandwidth.append(seen)
        for p, speed in speeds.items():
            ours[p].append(speed)
        for p, speed in peer_speeds.items():
            theirs[p].append(speed)
        for found, prompt in ((first, PROMPT), (later, long)):
            found["ours"].append(_timed(lambda prompt=prompt: decoders["bf16"].prompt(prompt)))
            found["theirs"].append(_timed(lambda prompt=prompt: _prefill(peers["bf16"], prompt)))
    return {
        "ours": ours, "theirs": theirs, "bandwidth": bandwidth, "load": load, "first": first,
        "long": later, "bytes": {p: d.bytes_per_token for p, d in decoders.items()},
    }  # fmt: skip


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _write(decoder: Any, count: int) -> float:
    """Tokens a second after the prompt, greedy, chosen and described as the chat does."""
    import numpy as np

    from core.generation.sampling import choose
    from core.sampling import SamplingSettings

    settings = SamplingSettings(temperature=0.0, repetition_penalty=1.0)
    draw, logits = np.random.default_rng(0), decoder.prompt(PROMPT)
    begun = time.perf_counter()
    for _ in range(count):
        logits = decoder.step(choose(logits, settings, draw, []).token)
    return count / (time.perf_counter() - begun)


def _generate(model: Any, count: int) -> float:
    import torch

    prompt = torch.tensor([PROMPT])

    def write(tokens: int) -> float:
        return _timed(
            lambda: model.generate(
                prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=tokens,
                min_new_tokens=tokens, do_sample=False, pad_token_id=0,
            )
        )  # fmt: skip

    return count / max(1e-9, write(count + 1) - write(1))


def _prefill(model: Any, prompt: list[int]) -> None:
    import torch

    with torch.inference_mode():
        model(torch.tensor([prompt]), use_cache=True, logits_to_keep=1)


def _trained(home: Path, texts: str) -> None:
    """About a minute of training by the program itself."""
    import subprocess

    from tests.benchmarks.common import ROOT

    words = [
        "train", "--home", str(home), "--corpus", texts, "--name", "Small", "--steps", "120",
        "--set", "layers=4", "--set", "width=256", "--set", "context=256",
        "--set", "vocabulary=4096", "--set", "evaluations=1",
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "main.py", *words], cwd=ROOT, check=False, capture_output=True,
        text=True, encoding="utf-8", env=dict(os.environ),
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-500:])


def _quality_of(place: Path, texts: str) -> dict[str, Any]:
    from core.generation import precision
    from core.home import Home
    from core.models.load import load_model
    from core.tokenizer import files as tokenizer_files
    from core.tokenizer.cells import token_bytes
    from core.tokenizer.special import END_OF_TEXT
    from core.versions.library import VersionLibrary

    home = Home(place / "home").prepare()
    _trained(home.path, texts)
    entry = VersionLibrary(home).get("Small")
    model, tokenizer = load_model(entry.path), tokenizer_files.load(entry.path)
    end = tokenizer.token_to_id(END_OF_TEXT) or 0
    found = precision.Findings()
    begun = time.perf_counter()
    sample = precision.unseen_sample(home, entry, model, tokenizer, end)
    decoder = precision.measure(model, found, sample, token_bytes(tokenizer))
    return {
        "losses": found.losses, "sample_bytes": found.sample_bytes,
        "seconds": time.perf_counter() - begun, "chosen": decoder.precision,
        "parameters": model.config.parameters,
        "bits_per_byte": entry.manifest.measures.heldout_bits_per_byte or 0.0,
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "speeds":
        print(json.dumps(_speeds(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))))
    else:
        print(json.dumps(_quality_of(Path(sys.argv[2]), sys.argv[3])))
