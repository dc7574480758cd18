"""Near duplicates: peak memory of a process that finds them in 1 GB of short texts, and the speed of
hashes, sketches, repeated paragraphs and the search for evaluation sets, on one core.

Each figure is of a fresh process, whole: the interpreter, numpy and what reads the texts included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.common import ROOT, Row, long_run
from tests.benchmarks.reading import make_texts

NEAR_MB = 100
SPEED_MB = 16
BOUND_MB = 400

HEAD = """
import json, random, sys, time
from pathlib import Path
import numpy as np
from core.corpus import duplicates, split

folder, scratch, wanted = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
figures = {}
def measured(name, size, work):
    began = time.process_time()
    result = work()
    figures[name] = size / (time.process_time() - began)
    return result
"""
NEAR = """
from core.corpus.assign import TextTable, assign
source = "\\n".join(texts)
texts.clear()
rng = random.Random(1)
def documents():
    # 2 kB each: lines of books, mixed; a tenth are copies with some words gone.
    lines = source.split("\\n")
    written, last = 0, []
    while written < wanted:
        if last and rng.random() < 0.1:
            text = rng.choice(last)
            cut = rng.randrange(len(text) // 2)
            text = text[:cut] + text[cut + 30:]
        else:
            text, size = [], 0
            while size < 2000:
                line = rng.choice(lines)
                text.append(line)
                size += len(line.encode())
            text = "\\n".join(text)
            last.append(text)
            del last[:-500]
        written += len(text.encode())
        yield text
count, busy = 0, 0.0
with TextTable(scratch / "sketches") as table:
    batch = []
    for text in documents():
        batch.append(text)
        if len(batch) == 512:
            began = time.process_time()
            table.add_texts(batch)
            busy += time.process_time() - began
            batch.clear()
    table.add_texts(batch)
began = time.process_time()
found = assign(table, 0.05, duplicates.NEAR, merge=True)
figures["seconds"] = time.process_time() - began
figures["sketching"] = busy
figures["texts"] = len(table)
figures["near"] = found.near
"""
SPEED = """
from core.corpus.contamination import search
from core.corpus.paragraphs import ParagraphCounter, Repeats
size = sum(len(text.encode()) for text in texts) / 1e6
measured("long", size, lambda: [duplicates.summaries([text]) for text in texts])
medium = [text[i:i + 4000] for text in texts for i in range(0, len(text), 4000)]
measured("medium", size, lambda: [duplicates.summaries(medium[i:i + 512]) for i in range(0, len(medium), 512)])
short = [text[i:i + 100] for text in texts[:4] for i in range(0, len(text), 100)]
measured("short", len(short), lambda: [duplicates.summaries(short[i:i + 512]) for i in range(0, len(short), 512)])
def repeated():
    counter = ParagraphCounter(scratch)
    for text in texts:
        counter.add(text)
    repeats = Repeats(counter.repeated())
    return [repeats.edits(text) for text in texts]
measured("paragraphs", 2 * size, repeated)
items = [text[i:i + 120] for text in texts[:2] for i in range(0, 200_000, 400)]
search(items[:5], iter([("", "", texts[0])]))  # Its tables are made once.
measured("contamination", size, lambda: search(items, (("", "", text) for text in texts)))
"""
TAIL = """
status = Path("/proc/self/status")
peak = 0
if status.exists():
    peak = next(int(l.split()[1]) for l in status.read_text().splitlines() if l.startswith("VmHWM"))
print(json.dumps({**figures, "peak": peak / 1024}))
"""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as place:
        folder = Path(place)
        make_texts(folder / "texts", SPEED_MB)
        size = NEAR_MB * (10 if long_run() else 1)
        near = _process(NEAR, folder, size)
        speed = _process(SPEED, folder, 0)
    count = f"{near['texts']:,.0f} texts, {near['near']:,.0f} left out"
    return [
        Row(name=f"near duplicates in {size} MB: peak memory", value=near["peak"], unit="MB",
            target=f"≤ {BOUND_MB} (1 GB: --long)", note=count),
        Row(name="near duplicates and sides", value=near["texts"] / near["seconds"], unit="texts/s"),
        Row(name="hashes and sketches, 2 kB", value=size / near["sketching"], unit="MB/CPU-s"),
        Row(name="hashes and sketches, 4 kB", value=speed["medium"], unit="MB/CPU-s", target="≥ 60"),
        Row(name="hashes and sketches, 500 kB", value=speed["long"], unit="MB/CPU-s", target="≥ 60"),
        Row(name="hashes and sketches, 100 characters", value=speed["short"], unit="texts/s",
            target="≥ 60,000"),
        Row(name="repeated paragraphs, each of two passes", value=speed["paragraphs"],
            unit="MB/CPU-s", target="≥ 100"),
        Row(name="1,000 evaluation items in training text", value=speed["contamination"],
            unit="MB/CPU-s", target="≥ 40"),
    ]  # fmt: skip


def _process(script: str, folder: Path, megabytes: int) -> dict[str, Any]:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    words = [str(folder / "texts"), str(scratch), str(megabytes * 1_000_000)]
    done = subprocess.run(
        [sys.executable, "-c", HEAD + script + TAIL, *words],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)
