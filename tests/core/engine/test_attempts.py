"""Every attempt has one beginning and one end."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import events as ev
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.attempts import LastAttempt, last_attempt, write_end


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobFolder.create(tmp_path / "runs", "train", "Ume", {})


def write(folder: JobFolder, attempt: int, *events: ev.Event) -> None:
    writer = EventWriter(folder, attempt)
    for event in events:
        writer.write(event)
    writer.close()


def told(folder: JobFolder) -> list[tuple[int, str]]:
    return [(event.attempt, event.event) for event in EventReader(folder).poll()]


def test_a_folder_without_events_has_had_no_attempt(folder: JobFolder) -> None:
    assert last_attempt(folder) == LastAttempt()
    assert not last_attempt(folder).open


def test_the_step_is_that_of_the_newest_checkpoint_of_the_newest_attempt(folder: JobFolder) -> None:
    write(folder, 1, ev.Started(), ev.Checkpoint(step=30, path=""), ev.Checkpoint(step=60, path=""))
    assert last_attempt(folder) == LastAttempt(1, None, 60)
    write_end(folder, ev.Ended(outcome="died"))
    write(folder, 2, ev.Started(from_step=30))
    found = last_attempt(folder)
    assert (found.number, found.open, found.step) == (2, True, 30)


def test_an_open_attempt_is_ended_and_a_new_one_is_begun_first(folder: JobFolder) -> None:
    write(folder, 1, ev.Started(), ev.Checkpoint(step=7, path=""))
    write_end(folder, ev.Ended(outcome="died"))
    write_end(folder, ev.Ended(outcome="paused"))
    assert told(folder) == [
        (1, "started"), (1, "checkpoint"), (1, "ended"), (2, "started"), (2, "ended"),
    ]  # fmt: skip
    events = EventReader(folder).poll()
    assert isinstance(events[3], ev.Started)
    assert events[3].from_step == 7  # So that readers keep the curve up to there.


def test_many_megabytes_of_metrics_do_not_hide_an_attempt(folder: JobFolder) -> None:
    columns: dict[str, list[float | int | None]] = {"step": list(range(20_000))}
    writer = EventWriter(folder, 1)
    writer.write(ev.Started())
    for _ in range(90):
        writer.write(ev.Metrics(columns=columns))
    writer.close()
    assert folder.events_file.stat().st_size > 9 << 20
    write(folder, 2, ev.Started(from_step=3))
    assert last_attempt(folder) == LastAttempt(2, None, 3)


def test_a_torn_last_line_is_no_event(folder: JobFolder) -> None:
    write(folder, 1, ev.Started())
    with folder.events_file.open("ab") as file:
        file.write(b'{"event": "ended", "v": 1, "attempt": 1, "outcome": "do')
    assert last_attempt(folder).open
    write_end(folder, ev.Ended(outcome="died"))
    assert told(folder) == [(1, "started"), (1, "ended")]
