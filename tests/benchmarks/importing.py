"""Importing a folder of 1 GB: seconds beyond a plain copy of the same files, and the worker's memory.

The folder is a Llama in 16-bit numbers in four shards. By turns, its files are copied and flushed, and
the folder is imported by a worker as the app starts it; so a busy disk hits both alike. With `--long`
five rounds instead of three.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from core.files import fsync_tree
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import ImportJob
from core.versions.library import VersionLibrary
from tests.benchmarks.common import ROOT, Row, long_run
from tests.core.exchange import foreign

VOCABULARY, WIDTH, INNER, LAYERS, SHARDS = 32_000, 1536, 4096, 14, 4


def run() -> list[Row]:
    """About a minute and 3 GB of disk; with `--long` twice that."""
    copies: list[float] = []
    imports: list[float] = []
    peaks: list[int] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        size = make(folder)
        for turn in range(5 if long_run() else 3):
            copies.append(_copied(folder, Path(place) / "copy"))
            seconds, peak = _imported(folder, Home(Path(place) / f"home {turn}"))
            imports.append(seconds)
            peaks.append(peak)
    beyond = [ours - plain for ours, plain in zip(imports, copies, strict=True)]
    note = f"{size / 1e9:.2f} GB in {SHARDS} files; median of {len(beyond)}"
    return [
        {"name": "import", "value": statistics.median(imports), "unit": "s", "note": note},
        {"name": "plain copy, flushed", "value": statistics.median(copies), "unit": "s"},
        {"name": "import beyond the disk", "value": statistics.median(beyond), "unit": "s", "target": "≤ 10"},
        {"name": "largest memory of the worker", "value": max(peaks) / 1e6, "unit": "MB"},
        {
            "name": "memory", "value": max(peaks) / size, "unit": "× model", "target": "≤ 1.2",
            "note": "with Python and PyTorch themselves",
        },
    ]  # fmt: skip


def make(folder: Path) -> int:
    """A random Llama; returns the bytes of its weights."""
    folder.mkdir()
    config = {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": VOCABULARY,
        "hidden_size": WIDTH, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": 24, "num_key_value_heads": 24, "max_position_embeddings": 2048,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    foreign.byte_level().save(str(folder / "tokenizer.json"))
    shapes = {"model.embed_tokens": (VOCABULARY, WIDTH), "lm_head": (VOCABULARY, WIDTH), "model.norm": (WIDTH,)}  # fmt: skip
    for n in range(LAYERS):
        at = f"model.layers.{n}"
        shapes |= {f"{at}.self_attn.{p}_proj": (WIDTH, WIDTH) for p in "qkvo"}
        shapes |= {f"{at}.mlp.{p}_proj": (INNER, WIDTH) for p in ("gate", "up")}
        shapes |= {f"{at}.mlp.down_proj": (WIDTH, INNER)}
        shapes |= {f"{at}.{p}_layernorm": (WIDTH,) for p in ("input", "post_attention")}
    names = [f"{name}.weight" for name in shapes]
    weight_map: dict[str, str] = {}
    size = 0
    draw = np.random.default_rng(1)
    for shard in range(SHARDS):
        file = folder / f"model-{shard + 1:05}-of-{SHARDS:05}.safetensors"
        own = {name: shapes[name.removesuffix(".weight")] for name in names[shard::SHARDS]}
        size += _write(file, own, draw)
        weight_map |= dict.fromkeys(own, file.name)
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    return size


def _write(file: Path, shapes: dict[str, tuple[int, ...]], draw: np.random.Generator) -> int:
    """Random bf16 numbers of a usual size, tensor by tensor."""
    header: dict[str, Any] = {}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + 2 * int(np.prod(shape))
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as target:
        target.write(len(text).to_bytes(8, "little") + text)
        for shape in shapes.values():
            numbers = draw.standard_normal(int(np.prod(shape)), np.float32) * np.float32(0.02)
            target.write((numbers.view(np.uint32) >> 16).astype(np.uint16).tobytes())
    return end


def _copied(folder: Path, to: Path) -> float:
    begun = time.perf_counter()
    shutil.copytree(folder, to)
    fsync_tree(to)
    seconds = time.perf_counter() - begun
    shutil.rmtree(to)
    return seconds


def _imported(folder: Path, home: Home) -> tuple[float, int]:
    """(seconds of the worker's life, its largest memory in bytes)."""
    home.prepare()
    job = ImportJob(version="Guest", path=str(folder))
    run = JobFolder.create(home.runs, "import", "Guest", job.model_dump(mode="json"))
    begun = time.perf_counter()
    pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, str(ROOT / "main.py"), "job", str(run.path)])  # fmt: skip
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - begun
    if status or VersionLibrary(home).get("Guest").problem is not None:
        raise RuntimeError(f"the import failed: {run.stderr_file}")
    shutil.rmtree(home.path)
    return seconds, usage.ru_maxrss * 1024
