"""Reading: MB/s from a folder to Parquet on one core's worth of work, to tokens, and peak memory.

The same folder is read by a plain script: every file decoded, its text appended to one list, one
table written. It does less (no verdicts, encodings, cleaning, duplicates, sides) and holds it all.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.common import ROOT, Row, data_folder, long_run

FILE_CHARACTERS = 400_000
SMALL_MB, LARGE_MB = 20, 80
ROUNDS = 3

OURS = """
import json, sys, time
from pathlib import Path
import charset_normalizer, numpy, pyarrow.parquet  # As the plain script: imports are not reading.
import core.corpus.build as build
from core.corpus.reading import read_corpus_now
from core.home import Home
from core.jobs.kinds import ReadJob

home, scratch = Home(Path(sys.argv[2])).prepare(), Path(sys.argv[3])
marks = {}
real = build.tokenizer_for
def marked(*arguments):
    marks["documents"] = time.process_time()
    made = real(*arguments)
    marks["tokenizer"] = time.process_time()
    return made
build.tokenizer_for = marked
began = time.process_time()
manifest = read_corpus_now(home, ReadJob(corpus="c", paths=[sys.argv[1]]), scratch)
end = time.process_time()
figures = {"documents": marks["documents"] - began, "tokenizer": marks["tokenizer"] - marks["documents"],
           "tokens": end - marks["tokenizer"], "count": manifest.totals.tokens}
"""
PLAIN = """
import json, sys, time
from pathlib import Path
import pyarrow as pa
import pyarrow.parquet as pq

began = time.process_time()
texts = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).rglob("*.txt"))]
pq.write_table(pa.table({"text": texts}), Path(sys.argv[3]) / "plain.parquet")
figures = {"documents": time.process_time() - began}
"""
TAIL = """
status = Path("/proc/self/status")
peak = 0
if status.exists():
    peak = next(int(l.split()[1]) for l in status.read_text().splitlines() if l.startswith("VmHWM"))
print(json.dumps({**figures, "peak": peak / 1024}))
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
                name="UTF-8 text to Parquet",
                value=speed,
                unit="MB/CPU-s",
                target="≥ 20",
                against=f"a plain script ({plain_speed:.0f} MB/CPU-s)",
                ratio=speed / plain_speed,
            )
        )
        for name, key in (("learning the tokenizer", "tokenizer"), ("counting tokens", "tokens")):
            seconds = statistics.median(r[key] for r in ours)
            rows.append(Row(name=name, value=size / 1e6 / seconds, unit="MB/CPU-s"))
        whole = statistics.median(r["documents"] + r["tokenizer"] + r["tokens"] for r in ours)
        rows.append(Row(name="folder to tokens", value=size / 1e6 / whole, unit="MB/CPU-s"))
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
    """CPU seconds by phase and peak memory in MB of a fresh process."""
    scratch = place / "parts"
    scratch.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-c", script + TAIL, str(folder), str(place / "home"), str(scratch)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)
