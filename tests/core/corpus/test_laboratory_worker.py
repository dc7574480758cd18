"""The laboratory worker: it can be ended while it learns, and the library answers meanwhile."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, Totals
from core.corpus.tokenizing import make_tokenizer
from core.engine.launch import MAIN
from core.engine.resident import ResidentClient
from core.files import write_json
from core.home import Home
from core.jobs.kinds import TokenizerChoice
from tests.core.corpus.first_edition import write_snapshot
from tests.core.residents import until

TRAIN = {"corpus": "c", "kind": "bpe", "vocabulary": 32_000}
Answers = list[dict[str, Any]]


@pytest.fixture
def home(empty_home: Home) -> Home:
    """A corpus "c" of words that take seconds to learn."""
    rng = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [
        " ".join("".join(rng.choices(letters, k=rng.randint(3, 12))) for _ in range(20_000))
        for _ in range(10)
    ]
    size = sum(map(len, texts))
    folder = empty_home.corpora / "c"
    rows = [{"text": text, "split": "train", "bytes": len(text)} for text in texts]
    write_snapshot(folder, "s", rows)
    _, facts = make_tokenizer(folder, "s", size, TokenizerChoice(kind="bytes"))
    manifest = CorpusManifest(
        id="1", name="c", created=0, changed=0, snapshot="s", tokenizer=facts,
        totals=Totals(train_bytes=size, bytes=size),
    )  # fmt: skip
    write_json(folder / "corpus.json", manifest.model_dump(mode="json"))
    return empty_home


@pytest.fixture
def clients(home: Home) -> Iterator[tuple[ResidentClient, ResidentClient]]:
    """The laboratory worker and the library worker."""
    both = ResidentClient("laboratory", home.path), ResidentClient("library", home.path)
    yield both
    for client in both:
        client.close()


def test_learning_blocks_nobody_and_ends_at_once(
    home: Home, clients: tuple[ResidentClient, ResidentClient]
) -> None:
    laboratory, library = clients
    library.call("documents", {"corpus": "c"})
    ends: Answers = []
    told: Answers = []
    laboratory.request("laboratory_train", TRAIN, ends.append, None, told.append)
    until(laboratory, lambda: ends or (told and told[-1]["phase"] == "learning"))
    own = CorpusLibrary(home).get("c").tokenizer
    assert own is not None
    shown = library.call(
        "laboratory_compare", {"corpus": "c", "tokenizers": [own.hash], "text": "abc"}
    )
    assert shown["tokenizers"][0]["tokens"] == 3
    laboratory.poll()
    assert not ends
    assert [one["phase"] for one in told if one["share"] is None] == ["learning"]
    worker = psutil.Process(laboratory.pid or 0)

    begun = time.monotonic()
    laboratory.stop()
    assert laboratory.pid is None
    until(laboratory, lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)
    assert time.monotonic() - begun < 2  # Some 0.3 s on a machine that is not loaded.
    assert tried(home) == [own.hash]

    found = laboratory.call("laboratory_train", TRAIN | {"kind": "characters", "vocabulary": None})
    assert found["candidate"]["vocabulary"] == 260  # ASCII: each letter is a byte.
    assert not ends


def test_a_request_right_after_a_stop_is_answered_by_another_worker(
    clients: tuple[ResidentClient, ResidentClient],
) -> None:
    laboratory = clients[0]
    laboratory.stop()  # Nothing lives yet.
    ends: Answers = []
    faults: list[Any] = []
    laboratory.request("laboratory_train", TRAIN, ends.append, faults.append)
    laboratory.stop()
    laboratory.request("laboratory_measure", {"corpus": "c", "tokenizers": []}, ends.append, faults.append)  # fmt: skip
    until(laboratory, lambda: ends or faults)
    assert (ends, faults) == ([{"candidates": []}], [])


@pytest.mark.skipif(sys.platform == "win32", reason="no other process can press Ctrl-C there")
def test_the_terminal_hears_of_ctrl_c_while_it_learns(home: Home) -> None:
    command = ["corpus", "tokenizer", "c", "--kind", "bpe", "--vocabulary", "32000"]
    process = subprocess.Popen(
        [sys.executable, str(MAIN), *command, "--home", str(home.path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert any(line.startswith("learning") for line in process.stderr)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert time.monotonic() - begun < 2  # Some 0.3 s on a machine that is not loaded.
    assert (process.returncode, out) == (130, "")
    assert len(tried(home)) == 1


def tried(home: Home) -> list[str]:
    folders: Path = CorpusLibrary(home).folder("c") / "tokenizers"
    return sorted(path.name for path in folders.iterdir())
