"""Tokenizers: training and encoding against the `tokenizers` library, on the same text and cores."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.common import ROOT, Row, long_run
from tests.benchmarks.reading import _sources

VOCABULARY = 8192
ROUNDS = 3
CHUNK = 50_000

TRAIN = """
import json, sys, time
from pathlib import Path
from core.tokenizer.train import train_tokenizer
texts = (json.loads(line) for line in open(sys.argv[1], encoding="utf-8"))
began, used = time.perf_counter(), time.process_time()
train_tokenizer(texts, int(sys.argv[2]))
seconds, used = time.perf_counter() - began, time.process_time() - used
status = Path("/proc/self/status")
peak = 0
if status.exists():
    peak = next(int(l.split()[1]) for l in status.read_text().splitlines() if l.startswith("VmHWM"))
print(json.dumps({"seconds": seconds, "cpu": used, "peak": peak / 1024}))
"""
"""Our training is the library's: what it takes is what the library takes with the same words."""

ENCODE = """
import json, sys, time
from pathlib import Path
from tests.core.corpus.first_edition import write_snapshot
from core.corpus.tokens import open_tokens
from core.tokenizer import files
from core.tokenizer.train import train_tokenizer

folder, rounds = Path(sys.argv[2]), int(sys.argv[3])
texts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
size = sum(len(text.encode("utf-8")) for text in texts)
tokenizer = train_tokenizer(texts[:: max(1, len(texts) // 400)], 8192)
file = folder / "tokenizer.json"
file.parent.mkdir(parents=True, exist_ok=True)
file.write_text(files.to_text(tokenizer), encoding="utf-8")
tokenizer = files.load(file)
rows = [{"text": t, "split": "train", "bytes": len(t.encode("utf-8"))} for t in texts]
theirs, ours = [], []
for number in range(rounds):
    began = time.perf_counter()
    encoded = tokenizer.encode_batch_fast(texts)
    theirs.append(size / 1e6 / (time.perf_counter() - began))
    expected = [i for one in encoded[:50] for i in [*one.ids, 0]]
    del encoded
    write_snapshot(folder, f"s{number}", rows)
    for path in (folder / "tokens").glob("*"):  # Nothing is there to be reused.
        path.rename(folder / f"old-{number}")
    began = time.perf_counter()
    store = open_tokens(folder, f"s{number}", file)
    ours.append(size / 1e6 / (time.perf_counter() - began))
    assert store.split("train").tokens[: len(expected)].tolist() == expected
write_snapshot(folder, "again", rows)
began = time.perf_counter()
open_tokens(folder, "again", file)
again = size / 1e6 / (time.perf_counter() - began)
print(json.dumps({"ours": ours, "theirs": theirs, "again": again}))
"""


def run() -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as place:
        folder = Path(place)
        megabytes = 100 if long_run() else 20
        texts, size = make_text(folder / "texts.jsonl", megabytes)
        learned = _process(TRAIN, texts, str(VOCABULARY))
        rows.append(
            Row(
                name=f"BPE {VOCABULARY}, {size / 1e6:.0f} MB of Japanese and English",
                value=learned["seconds"], unit="s", target="100 MB: ≤ 60",
                note=f"{learned['cpu']:.0f} CPU-s; the trainer is that of tokenizers: 1.0 × its speed",
            )
        )  # fmt: skip
        rows.append(
            Row(name="peak memory of it", value=learned["peak"], unit="MB", target="≤ 1,500")
        )
        found = _process(ENCODE, texts, str(folder / "corpus"), str(ROUNDS))
        ours, theirs = statistics.median(found["ours"]), statistics.median(found["theirs"])
        rows.append(
            Row(
                name="text to memory-mapped tokens", value=ours, unit="MB/s", target="≥ 2 ×",
                against=f"tokenizers, encode_batch_fast alone ({theirs:.1f} MB/s)",
                ratio=ours / theirs,
            )
        )  # fmt: skip
        rows.append(
            Row(name="the same where no document changed", value=found["again"], unit="MB/s")
        )
    return rows


def make_text(path: Path, megabytes: int, seed: int = 1) -> tuple[Path, int]:
    """Real sentences, half Japanese and half English, each a little misspelt so that words vary; a
    JSON string a line. Returns the path and the bytes of the texts."""
    rng = random.Random(seed)
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for source in _sources()[:2]:
            lines = [line for line in source.splitlines() if line.strip()]
            written = 0
            while written < megabytes * 500_000:
                text = _misspelt("\n".join(rng.choices(lines, k=400)), source, rng.randrange)
                written += len(text.encode("utf-8"))
                file.write(json.dumps(text, ensure_ascii=False) + "\n")
            size += written
    return path, size


def _misspelt(text: str, source: str, below: Callable[[int], int]) -> str:
    """One of forty characters is another one of the source."""
    letters = list(text)
    for _ in range(len(letters) // 40):
        letters[below(len(letters))] = source[below(len(source))]
    return "".join(letters)


def _process(script: str, *arguments: str | Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)
