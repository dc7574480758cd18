"""The log of a run: structured, bounded, without texts, and never a reason to fail."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from core import events as ev
from core import logs
from core.logs import RunLog, facts_of, read_log
from core.sentences import Sentence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a run in the home <tmp_path>/home."""
    made = tmp_path / "home" / "runs" / "20260101-000000-train-abcd"
    made.mkdir(parents=True)
    return made


def test_a_line_tells_time_level_event_process_and_rank(folder: Path) -> None:
    RunLog(folder, "worker", 3).warning("terminate", code=-9, reason="x", missing=None)
    [line] = read_log(folder)
    assert line.pop("time") > 1.7e9
    assert line.pop("pid") > 0
    assert line == {
        "level": "warning", "event": "terminate", "process": "worker", "rank": 3, "code": -9,
        "reason": "x",
    }  # fmt: skip


def test_paths_outside_the_home_and_messages_of_errors_are_left_out(folder: Path) -> None:
    log = RunLog(folder, "worker")
    log.info("a", place=f"{folder}/checkpoints", other="see /etc/hosts, C:\\Users\\x\\y and 3/4")
    try:
        raise ValueError("Dear diary")
    except ValueError as error:
        log.failure(error)
    first, second = read_log(folder)
    assert first["place"] == f"<home>/runs/{folder.name}/checkpoints"
    assert first["other"] == "see <path>, <path> and 3/4"
    assert (second["kind"], second["level"]) == ("ValueError", "error")
    assert second["at"][0].startswith("test_logs.py:")
    assert "diary" not in str(second)


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (ev.Started(from_step=4, device="cpu"), {"from_step": 4, "device": "cpu"}),
        (ev.Sampled(step=1, prompt="secret", text="secret"), None),
        (ev.Metrics(columns={"step": [1]}), None),
        (ev.Measured(data={"watts": 3.0}), None),
        (ev.Published(version="secret", version_id="i", path="secret"), {}),
        (ev.Warned(code="device", sentence={"text": "secret"}), {"code": "device", "step": None}),
        (ev.Ended(outcome="failed", code="damaged", values={"path": "secret", "line": 4}),
         {"outcome": "failed", "code": "damaged", "line": 4}),
        (ev.Ended(outcome="died", code="worker-died", values={"cause": Sentence(
            "Errors", "{cause}: {words}", {"cause": "SIGSEGV", "words": "secret"}).to_json()}),
         {"outcome": "died", "code": "worker-died", "cause": "SIGSEGV"}),
        (ev.Ended(outcome="died", code="worker-died", values={"cause": Sentence(
            "Errors", "exit code {number}", {"number": 3}).to_json()}),
         {"outcome": "died", "code": "worker-died", "cause": "exit code 3"}),
        (ev.Ended(outcome="died", code="worker-died", values={"cause": "secret"}),
         {"outcome": "died", "code": "worker-died"}),
    ],
)  # fmt: skip
def test_of_an_event_only_figures_and_codes_are_kept(
    event: ev.Event, facts: dict[str, object] | None
) -> None:
    assert facts_of(event) == facts


def test_it_does_not_grow_without_end_whoever_writes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LIMIT_BYTES", 4000)
    writers = [RunLog(folder, name) for name in ("worker", "supervisor")]

    def write(log: RunLog) -> None:
        for number in range(200):
            log.info("step", step=number)

    threads = [threading.Thread(target=write, args=(log,)) for log in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sizes = [path.stat().st_size for path in folder.glob("log*.jsonl")]
    assert len(sizes) <= 2
    assert max(sizes) < 5000
    text = (folder / "log.1.jsonl").read_text()
    assert all(json.loads(line) for line in text.splitlines())
    assert read_log(folder, 5)[-1]["step"] == 199


def test_a_folder_that_is_gone_stops_nobody(folder: Path) -> None:
    log = RunLog(folder, "worker")
    folder.rmdir()
    log.info("a")
    assert read_log(folder) == []
