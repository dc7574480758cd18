"""Statistics, languages and baselines against hand-made and independent figures."""

from __future__ import annotations

import gzip
import json
import math
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.corpus.assign import TextTable
from core.corpus.catalogue import COLUMNS, Catalogue
from core.corpus.language import detect
from core.corpus.listing import Listing
from core.corpus.statistics import Statistics
from core.corpus.store import ROW, SIDES, Snapshot
from core.corpus.tokens import open_tokens
from tests.core.corpus.conftest import Read
from tests.core.corpus.first_edition import write_snapshot

Write = Callable[..., Path]
CODE = """
def f(xs):
    for x in xs:
        if x is not None and g(x[0]):
            yield h(x) + 1, {'a': x}
    return [y for y in xs if y[1] == 2]
"""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The cat sat on the mat and it was happy with that.", "en"),
        ("むかしむかし、あるところにおじいさんがいました。", "ja"),
        ("東京都", "ja"),
        ("名前,年齢,住所\n佐藤太郎,30,東京\n", "ja"),
        ("我們今天去公園看花，這是一本關於歷史的書。", "zh"),
        ("ｶﾀｶﾅ ﾊﾞｶﾘ", "ja"),
        ("Carrie isn't listening to Jill.", "en"),
        ("Who should Derek hug after shocking Richard?", "en"),
        ("Où êtes-vous allé hier ? Le garçon a mangé à l'école.", "fr"),
        (CODE, "other"),
        ("カタカナ", "ja"),
        ("我们今天去公园看花，然后回家吃饭。", "zh"),
        ("오늘은 날씨가 좋습니다. 우리는 공원에 갑니다.", "ko"),
        ("Сегодня хорошая погода, и мы идём в парк.", "ru"),
        ("Der Hund ist nicht in dem Haus, und die Katze ist auch nicht da.", "de"),
        ("Le chat est dans la maison et il ne sait pas que le chien est sur la route.", "fr"),
        ("El perro no está en la casa y la gata come con los niños.", "es"),
        ("Il gatto è nella casa e non si vede, ma il cane è con la donna.", "it"),
        ("O gato não está em casa, mas ele come com as crianças no jardim.", "pt"),
        ("function a(o) { return o.e + a.o; } // " + "これは日本語の説明です。" * 3, "ja"),
        ("const a = {e: o, as: 3}; let o = a.e; do { a.o += e } while (o)", "other"),
        ("12345 !!! ---", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert detect(text) == language


def listed(folder: Path, texts: list[tuple[str, str, str]]) -> Statistics:
    """Statistics of (text, language, side), each a document of its own."""
    languages = list(dict.fromkeys(code for _, code, _ in texts))
    found = np.zeros(len(texts), COLUMNS)
    rows = np.zeros(len(texts), ROW)
    for place, (text, code, side) in enumerate(texts):
        found["language"][place] = languages.index(code)
        rows["side"][place] = SIDES.index(side)  # type: ignore[arg-type]
        rows["characters"][place], rows["bytes"][place] = len(text), len(text.encode())
    with TextTable(folder.parent / "sketches") as table:
        catalogue = Catalogue([], found, [], languages, table)
    kept = [{"text": text, "split": side} for text, _, side in texts]
    write_snapshot(folder, "s", kept)
    listing = Listing(rows, [()] * len(texts), np.arange(len(texts)))
    return Statistics(Snapshot(folder, "s"), listing, catalogue)


def test_sums_and_lengths_are_those_of_the_documents(tmp_path: Path) -> None:
    texts = ["a", "ab" * 5, "あ" * 100, "x" * 3_000]
    sides = ("train", "train", "check", "test")
    given = [(t, "ja" if "あ" in t else "en", side) for t, side in zip(texts, sides, strict=True)]
    statistics = listed(tmp_path, given)
    assert (statistics.documents, statistics.characters) == (4, 3_111)
    assert statistics.bytes == 3_311
    assert statistics.bytes_by_side == {"train": 11, "check": 300, "test": 3_000}
    assert statistics.languages() == {"en": 3_011 / 3_111, "ja": 100 / 3_111}
    assert statistics.median_length() == 55.0
    # Six bins a decade: 10^(20/6) is 2,154, 10^(21/6) is 3,162.
    assert [i for i, count in enumerate(statistics.lengths()) if count] == [0, 6, 12, 20]
    assert sum(statistics.lengths()) == 4


def test_gzip_s_figure_is_what_the_program_reaches_with_the_training_text_in_its_window(
    tmp_path: Path,
) -> None:
    import zlib

    train, unseen = (
        b"the old fox ran over the hill. " * 900,
        b"the old hill ran over the fox. " * 50,
    )
    parts = [(train[:20_000], "train"), (train[20_000:], "train"), (unseen, "test")]
    statistics = listed(tmp_path, [(data.decode(), "en", side) for data, side in parts])
    found = statistics.gzip_bits_per_byte()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zdict=train[-32_768:])
    expected = 8 * len(packer.compress(unseen) + packer.flush()) / len(unseen)
    assert found == expected
    assert found < 8 * len(gzip.compress(unseen)) / len(unseen)
    assert listed(tmp_path / "b", [("a", "en", "train")]).gzip_bits_per_byte() is None


def test_the_unigram_baseline_is_the_add_one_entropy_of_the_tokens(
    read: Read, write: Write
) -> None:
    corpus = read(write("a.txt", "one two three four five six.\n" * 400), heldout_share=0.3)
    corpus = read(write("b.txt", "seven eight one nine two.\nten one three.\n" * 300))
    facts = corpus.manifest.tokenizer
    assert facts is not None
    file = corpus.folder / "tokenizers" / facts.hash / "tokenizer.json"
    store = open_tokens(corpus.folder, corpus.manifest.snapshot, file)
    assert store is not None
    counts = Counter(store.split("train").tokens.tolist())
    total = sum(counts.values()) + facts.vocabulary
    bits = size = 0.0
    for side in ("check", "test"):
        split = store.split(side)
        bits -= sum(math.log2((counts[t] + 1) / total) for t in split.tokens.tolist())
        size += int(split.bytes.sum())
    assert corpus.manifest.baselines.unigram == pytest.approx(bits / size, rel=1e-9)


PEAK = """
import json, sys
from pathlib import Path
import core.corpus.recount as recount, core.corpus.tokenizing as tokenizing
import core.corpus.readers.input as input
from core.corpus.reading import read_corpus_now
from core.home import Home
from core.jobs.kinds import ReadJob
recount.EXACT_BELOW = 0  # Encoding and learning tokens have their own tests.
tokenizing.SAMPLE_BYTES = 1 << 20
input.PIECE_BYTES = 4 << 20
home, scratch = Home(Path(sys.argv[1])).prepare(), Path(sys.argv[2])
job = ReadJob(corpus="c", paths=[sys.argv[3]], vocabulary=400)
manifest = read_corpus_now(home, job, scratch)
status = Path("/proc/self/status").read_text()
peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps([peak, manifest.totals.bytes]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures kilobytes as Linux counts them")
def test_memory_does_not_grow_with_the_folder_nor_with_one_endless_line(tmp_path: Path) -> None:
    base = "".join(f"Line {i} of a text with some words in it.\n" for i in range(20_000))
    small, large, line = (tmp_path / name for name in ("small", "large", "line"))
    for folder, count in ((small, 8), (large, 24)):
        folder.mkdir()
        for i in range(count):
            (folder / f"{i}.txt").write_text(base.replace("Line", f"Row {i}"))
    line.mkdir()
    (line / "one.txt").write_text("".join(f"word{i} " for i in range(1_500_000)))
    peaks: list[float] = []
    for folder in (small, large, line):
        scratch = tmp_path / f"parts-{folder.name}"
        scratch.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(tmp_path / f"home-{folder.name}"), str(scratch), str(folder)],
            capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[3],
        )  # fmt: skip
        peak, size = json.loads(done.stdout)
        assert size > 3_000_000
        peaks.append(peak / 1024)
    assert peaks[1] < peaks[0] + 80, peaks  # 13 MB against 38 MB
    # 35 MB in one line, read in pieces of 8 MB: whole, the words alone would take 200 MB.
    assert peaks[2] < peaks[0] + 260, peaks
