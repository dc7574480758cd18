"""What two ranks compute, beside what one does: the same within rounding."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from core import hardware
from core.errors import OutOfMemory, RankLost, TooFewDevices
from core.files import FileLock, read_json, write_json
from core.jobfolder import FRESH_SECONDS, JobFolder
from core.jobs.ranks import Place
from core.training.distributed.muon import rows_of
from core.training.distributed.roll import Roll
from core.training.distributed.together import own_device

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.timeout(600)  # A start of three processes, on a machine that may be busy.


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One start of two processes for all tests of this file."""
    folder = tmp_path_factory.mktemp("ranks")
    (folder / "ranks").mkdir()
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    local = {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
    done = subprocess.run(
        [*command, "--module", "tests.core.training.two_ranks", str(folder)], cwd=ROOT,
        env={**os.environ, **local}, timeout=400,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert (folder / "found.json").is_file(), done.stdout
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "loss", "norm", "weights"),
    [
        ("muon", 1e-4, 2e-3, 0.03),
        ("adamw", 1e-5, 1e-5, 1e-4),
        ("bf16", 1e-3, 3e-2, 0.03),
        ("lean", 1e-3, 3e-2, 0.03),
        ("experts", 1e-4, 2e-3, 0.03),
        ("adam", 1e-5, 1e-5, 1e-4),
    ],
)
def test_two_ranks_take_the_steps_of_one(
    found: dict[str, Any], name: str, loss: float, norm: float, weights: float
) -> None:
    """With clipping, accumulation, documents, shares of unequal size, and none for one of them."""
    told = found[name]
    for ours, theirs, our_norm, their_norm in told["rows"]:
        assert ours == pytest.approx(theirs, abs=loss)
        assert our_norm == pytest.approx(their_norm, rel=norm)
    assert told["rows"][-1][0] < told["rows"][0][0] - 0.02, "it did not learn"
    assert told["rows"][-1][2] > 0.5, "nothing was clipped"
    assert told["weights"] < weights
    assert told["logits"] < 0.05
    # What is counted for the bias correction; Muon's matrices need none.
    assert told["steps"] == len(told["rows"])


def test_two_ranks_that_leave_numbers_out_leave_out_the_same_again(found: dict[str, Any]) -> None:
    told = found["dropped"]
    assert told["again"] == 0
    assert told["twice"] == 0
    assert told["other"] > 0.01


def test_what_two_ranks_save_one_device_reads_to_the_last_bit(found: dict[str, Any]) -> None:
    saved = found["saved"]
    assert saved["files"] == [
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "optimizer-00001-of-00002.safetensors", "optimizer-00002-of-00002.safetensors",
        "shards.json",
    ]  # fmt: skip
    assert saved["exact"]


def test_one_device_goes_on_from_it_and_gives_it_back(found: dict[str, Any]) -> None:
    for ours, theirs in found["saved"]["rows"]:
        assert ours == pytest.approx(theirs, abs=1e-4)
    assert found["saved"]["back"]


def test_timing_a_step_changes_nothing(found: dict[str, Any]) -> None:
    assert found["saved"]["seconds"] > 0
    assert found["saved"]["still"]


def test_a_rank_that_is_silent_or_lost_is_told_of_in_a_sentence(found: dict[str, Any]) -> None:
    assert "waited 1 seconds for each other in vain" in found["lost"]["silent"]
    assert "Process 2 of the 2 that train together ended unexpectedly" in found["lost"]["lost"]


@pytest.mark.parametrize("total", [1, 2, 5, 7, 64])
@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_rows_are_divided_as_torch_divides_them(total: int, count: int) -> None:
    chunks = [len(chunk) for chunk in torch.arange(total).chunk(count)]
    chunks += [0] * (count - len(chunks))
    spans = [rows_of(total, rank, count) for rank in range(count)]
    assert [end - begin for begin, end in spans] == chunks
    assert spans[0][0] == 0
    assert spans[-1][1] == total


def note_of(folder: JobFolder, host: str) -> None:
    """The second rank, as it would stand in the folder."""
    folder.write_rank(1)
    write_json(folder.rank_file(1), {**read_json(folder.rank_file(1)), "host": host})


def test_the_roll_knows_who_is_gone_here_and_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = JobFolder(tmp_path)
    (tmp_path / "ranks").mkdir()
    (tmp_path / "ranks" / "1.lock").touch()
    roll = Roll(folder, Place(0, 2, 0, 1))
    note_of(folder, socket.gethostname())
    assert roll.fallen() is None, "what an earlier attempt left counts before all have come"
    roll.complete = True
    gone = roll.fallen()
    assert isinstance(gone, RankLost)
    assert "Process 2 of the 2" in str(gone)
    with monkeypatch.context() as patch:
        patch.setattr(hardware, "_COUNTERS", (tmp_path / "memory.events",))
        (tmp_path / "memory.events").write_text("oom_kill 1000000\n")
        assert isinstance(roll.fallen(), OutOfMemory), (
            "killed for want of memory, goes on with less"
        )
    with FileLock(tmp_path / "ranks" / "1.lock"):
        assert roll.fallen() is None
    note_of(folder, "elsewhere")
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert roll.fallen() is None
    now[0] += FRESH_SECONDS - 1
    assert roll.fallen() is None
    now[0] += 2
    assert "elsewhere" in str(roll.fallen())
    os.utime(folder.rank_file(1))  # A sign of life.
    assert roll.fallen() is None


def test_what_a_rank_confesses_is_the_error_of_all(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    (tmp_path / "ranks").mkdir()
    folder.write_rank(1)
    error = TooFewDevices("devices", host="node7", available=1, wanted=2)
    Roll(folder, Place(1, 2, 1, 2)).confess(error)
    first = Roll(folder, Place(0, 2, 0, 2))
    first.complete = True
    assert str(first.verdict()) == str(error)
    folder.write_rank(1)  # The next start forgets it.
    assert "node7" not in str(first.fallen())


def test_more_processes_than_gpus_are_refused_by_each_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    for wanted in ("auto", "cuda"):
        assert own_device(wanted, Place(6, 8, 2, 3)) == torch.device("cuda", 2)
        with pytest.raises(TooFewDevices, match=r"at most 3 devices .* but 4 are wanted"):
            own_device(wanted, Place(0, 8, 0, 4))
    with pytest.raises(TooFewDevices, match="at most 1 devices"):
        own_device("cuda:1", Place(0, 2, 0, 2))
    assert chosen == [torch.device("cuda", 2)] * 2
    assert own_device("cpu", Place(1, 2, 1, 2)) == torch.device("cpu")
