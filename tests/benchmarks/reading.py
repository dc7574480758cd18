"""Reading: MB/s from a folder to Parquet with language and duplicates, to tokens, and peak memory.

The same folder is read by a plain script: every file decoded, its text appended to one list, one
table written. It does less (no verdicts, encodings, cleaning, duplicates, sides) and holds it all.
Memory is that of the process and of all that it started.
"""

from __future__ import annotations

import contextlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.common import ROOT, Row, data_folder, long_run

FILE_CHARACTERS = 400_000
SMALL_MB, LARGE_MB = 80, 320
ROUNDS = 3

OURS = """
import json, os, sys, time
from pathlib import Path
import charset_normalizer, numpy, pyarrow.parquet  # As the plain script: imports are not reading.
import core.corpus.build as build
from core.corpus.reading import read_corpus_now
from core.home import Home
from core.jobs.kinds import ReadJob

home, scratch = Home(Path(sys.argv[2])).prepare(), Path(sys.argv[3])
marks = {}
real = build.tokenizer_for
def now():
    times = os.times()
    return time.perf_counter(), sum(times[:4])
def marked(*arguments, **named):
    marks["documents"] = now()
    made = real(*arguments, **named)
    marks["tokenizer"] = now()
    return made
build.tokenizer_for = marked
began = now()
manifest = read_corpus_now(home, ReadJob(corpus="c", paths=[sys.argv[1]]), scratch)
end = now()
(d, dc), (t, tc), (e, ec) = (marks["documents"], marks["tokenizer"], end)
figures = {"documents": d - began[0], "documents_cpu": dc - began[1], "tokenizer": t - d,
           "tokens": e - t, "count": manifest.totals.tokens, "bytes": manifest.totals.bytes}
"""
PLAIN = """
import json, sys, time
from pathlib import Path
import pyarrow as pa
import pyarrow.parquet as pq

began = time.perf_counter()
texts = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).rglob("*.txt"))]
pq.write_table(pa.table({"text": texts}), Path(sys.argv[3]) / "plain.parquet")
figures = {"documents": time.perf_counter() - began}
"""
TAIL = """
print(json.dumps(figures))
"""


def run() -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as place:
        folder = Path(place)
        small, large = folder / "small", folder / "large"
        size = make_texts(small, SMALL_MB)
        large_size = make_texts(large, LARGE_MB * (8 if long_run() else 1))
        ours = [_process(OURS, small, folder / f"ours-{i}") for i in range(ROUNDS)]
        plain = [_process(PLAIN, small, folder / f"plain-{i}") for i in range(ROUNDS)]
        speed, plain_speed = (
            size / 1e6 / statistics.median(r["documents"] for r in results)
            for results in (ours, plain)
        )
        rows.append(
            Row(
                name="UTF-8 text to Parquet, language, duplicates",
                value=speed,
                unit="MB/s",
                target="≥ 40",
                against=f"a plain script ({plain_speed:.0f} MB/s)",
                ratio=speed / plain_speed,
            )
        )
        cpu = size / 1e6 / statistics.median(r["documents_cpu"] for r in ours)
        rows.append(Row(name="the same, of one core's work", value=cpu, unit="MB/CPU-s"))
        for name, key in (("learning the tokenizer", "tokenizer"), ("counting tokens", "tokens")):
            seconds = statistics.median(r[key] for r in ours)
            rows.append(Row(name=name, value=size / 1e6 / seconds, unit="MB/s"))
        whole = statistics.median(r["documents"] + r["tokenizer"] + r["tokens"] for r in ours)
        rows.append(Row(name="folder to tokens", value=size / 1e6 / whole, unit="MB/s"))
        more = _process(OURS, large, folder / "ours-large")
        plain_more = _process(PLAIN, large, folder / "plain-large")
        rows.append(
            Row(name=f"peak memory, {size / 1e6:.0f} MB folder", value=ours[0]["peak"], unit="MB")
        )
        rows.append(
            Row(
                name=f"peak memory, {large_size / 1e6:.0f} MB folder",
                value=more["peak"],
                unit="MB",
                target="as for the small folder",
                against=f"a plain script ({plain_more['peak']:.0f} MB)",
                ratio=more["peak"] / plain_more["peak"],
            )
        )
    return rows


def make_texts(folder: Path, megabytes: int) -> int:
    """Files of about 400,000 characters, half English and half Japanese; returns their bytes."""
    folder.mkdir()
    sources = _sources()
    total, number = 0, 0
    rng = random.Random(1)
    while total < megabytes * 1_000_000:
        source = sources[number % len(sources)]
        start = rng.randrange(max(1, len(source) - FILE_CHARACTERS))
        piece = source[start : start + FILE_CHARACTERS]
        lines = piece.splitlines(keepends=True)
        rng.shuffle(lines)  # No two files are near duplicates.
        data = "".join(lines).encode("utf-8")
        (folder / f"text-{number:04}.txt").write_bytes(data)
        total += len(data)
        number += 1
    return total


def _sources() -> list[str]:
    """Real books where they are at hand, else the sample's stories."""
    data = data_folder()
    if data is not None:
        english = "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in sorted((data / "en-pretrain").glob("pg-*.txt"))
        )
        japanese = "\n".join(
            path.read_bytes().decode("cp932", "replace")
            for path in sorted((data / "ja-pretrain" / "aozora").glob("*.txt"))
        )
        return [english, japanese]
    texts = ROOT / "resources" / "sample" / "stories"
    return [p.read_text(encoding="utf-8") for p in sorted(texts.glob("stories-*"))]


def _process(script: str, folder: Path, place: Path) -> dict[str, Any]:
    """Seconds by phase, and peak memory in MB, of a fresh process."""
    scratch = place / "parts"
    scratch.mkdir(parents=True)
    command = [sys.executable, "-c", script + TAIL, str(folder), str(place / "home"), str(scratch)]
    return measured(command)


def measured(command: list[str]) -> dict[str, Any]:
    """What the command prints as JSON, with `peak`: the most MB that it and its children had at once
    (looked at thirty times a second; pages that they share count once for each)."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        tree, peak = psutil.Process(process.pid), 0
        while process.poll() is None:
            peak = max(peak, _resident(tree))
            time.sleep(1 / 30)
        assert process.stdout is not None
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return {**json.loads(process.stdout.read()), "peak": peak / 1e6}


def _resident(tree: psutil.Process) -> int:
    total = 0
    with contextlib.suppress(psutil.Error):
        for process in (tree, *tree.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
