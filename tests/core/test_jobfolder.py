"""The job folder: events whole or not at all, asks for one attempt, life by locks."""

from __future__ import annotations

import errno
import json
import os
import socket
from pathlib import Path

import psutil
import pytest

from core import events as ev
from core.errors import Damaged, NewerDocument, NoSpace, NotFound
from core.files import write_json
from core.jobfolder import FRESH_SECONDS, EventReader, EventWriter, JobFolder
from core.processes import living


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    return JobFolder.create(tmp_path / "runs", "read", "題", {"corpus": "c", "paths": []})


def writer(folder: JobFolder, attempt: int = 1) -> EventWriter:
    return EventWriter(folder, attempt)


def test_a_job_comes_back_as_it_was_made(folder: JobFolder, tmp_path: Path) -> None:
    job = JobFolder.find(tmp_path / "runs", folder.id).read()
    assert (job.kind, job.title, job.config) == ("read", "題", {"corpus": "c", "paths": []})
    assert folder.home == tmp_path


def test_two_runs_of_one_second_never_share_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["aaaa", "aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr("core.jobfolder.secrets.token_hex", lambda _: next(drawn))
    monkeypatch.setattr("core.jobfolder.time.strftime", lambda _: "now")
    made = [JobFolder.create(tmp_path, "read", "", {}).id for _ in range(2)]
    assert made == ["now-read-aaaa", "now-read-bbbb"]


def test_decisions_are_added_to_the_configuration(folder: JobFolder) -> None:
    folder.update_config({"decisions": {"steps": 3}})
    assert folder.read().config == {"corpus": "c", "paths": [], "decisions": {"steps": 3}}


@pytest.mark.parametrize("name", ["no-such", "../runs", "a/b", "", ".", ".."])
def test_only_runs_are_found(folder: JobFolder, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        JobFolder.find(tmp_path / "runs", name)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"schema": "x"}', '{"schema": 1, "kind": "read"}']
)
def test_a_damaged_job_is_one_sentence(folder: JobFolder, content: str) -> None:
    folder.job_file.write_text(content)
    with pytest.raises(Damaged, match=r"job\.json"):
        folder.read()


def test_a_job_of_a_newer_program_is_not_touched(folder: JobFolder) -> None:
    data = json.loads(folder.job_file.read_text(encoding="utf-8"))
    write_json(folder.job_file, {**data, "schema": 2})
    with pytest.raises(NewerDocument):
        folder.read()


# ---- events ------------------------------------------------------------------------------------


def test_events_are_numbered_within_the_file_and_stamped_with_the_attempt(
    folder: JobFolder,
) -> None:
    for attempt in (1, 2):
        events = writer(folder, attempt)
        events.write(ev.Started())
        events.write(ev.Phase(name="x"))
        events.close()
    found = EventReader(folder).poll()
    assert [e.seq for e in found] == [1, 2, 3, 4]
    assert [e.attempt for e in found] == [1, 1, 2, 2]
    assert [e.time for e in found] == sorted(e.time for e in found)


def test_nothing_is_written_after_the_end(folder: JobFolder) -> None:
    events = writer(folder)
    events.write(ev.Ended(outcome="done"))
    events.write(ev.Ended(outcome="failed"))
    events.write(ev.Phase(name="late"))
    events.close()
    assert [e.event for e in EventReader(folder).poll()] == ["ended"]


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_torn_last_line_is_cut_by_the_next_writer(folder: JobFolder, cut: int) -> None:
    events = writer(folder)
    events.write(ev.Started())
    events.write(ev.Phase(name="torn"))
    events.close()
    data = folder.events_file.read_bytes()
    folder.events_file.write_bytes(data[:-cut])
    again = writer(folder, 2)
    again.write(ev.Started())
    again.close()
    found = EventReader(folder).poll()
    assert [(e.event, e.attempt, e.seq) for e in found] == [("started", 1, 1), ("started", 2, 2)]


def test_a_reader_waits_for_the_rest_of_a_line(folder: JobFolder) -> None:
    line = ev.encode(ev.Phase(name="漢字"))
    reader = EventReader(folder)
    assert reader.poll() == []
    for index in range(len(line)):
        folder.events_file.write_bytes(line[:index])
        assert reader.poll() == []
    folder.events_file.write_bytes(line)
    assert [e.event for e in reader.poll()] == ["phase"]
    assert reader.poll() == []


def test_a_long_file_comes_in_portions_and_complete(folder: JobFolder) -> None:
    events = writer(folder)
    for step in range(300):
        events.write(ev.Checkpoint(step=step, path="x" * 50))
    events.close()
    reader, found = EventReader(folder), []
    while portion := reader.poll(limit_bytes=1_000):
        assert len(portion) < 20
        found += portion
    assert [e.step for e in found if isinstance(e, ev.Checkpoint)] == list(range(300))


def test_one_line_longer_than_a_portion_does_not_stop_the_reader(folder: JobFolder) -> None:
    events = writer(folder)
    events.write(ev.Sampled(step=1, prompt="", text="x" * 50_000))
    events.write(ev.Phase(name="after"))
    events.close()
    reader, names = EventReader(folder), []
    for _ in range(100):
        names += [e.event for e in reader.poll(limit_bytes=1_000)]
    assert names == ["sampled", "phase"]


def test_a_file_that_was_replaced_by_a_shorter_one_is_read_anew(folder: JobFolder) -> None:
    events = writer(folder)
    events.write(ev.Phase(name="a long first name"))
    events.close()
    reader = EventReader(folder)
    reader.poll()
    folder.events_file.write_bytes(ev.encode(ev.Heartbeat()))
    assert [e.event for e in reader.poll()] == ["heartbeat"]


def test_a_full_disk_while_writing_is_told(
    folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = writer(folder)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(NoSpace):
        events.write(ev.Heartbeat())
    monkeypatch.undo()
    events.close()


def test_half_a_line_on_a_full_disk_does_not_spoil_the_next(
    folder: JobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = writer(folder)
    real = os.write

    def half(fd: int, data: bytes) -> int:
        if not data.startswith(b"{"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(NoSpace):
        events.write(ev.Phase(name="cut"))
    monkeypatch.undo()
    events.write(ev.Ended(outcome="failed", code="no-space"))
    events.close()
    assert [e.event for e in EventReader(folder).poll()] == ["ended"]


# ---- asking and life ---------------------------------------------------------------------------


def test_an_ask_is_for_one_attempt(folder: JobFolder) -> None:
    assert folder.asked(1) is None
    folder.ask(1, "pause")
    assert folder.asked(1) == "pause"
    assert folder.asked(2) is None
    folder.ask(2, "cancel")
    assert folder.asked(1) is None
    assert folder.asked(2) == "cancel"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"attempt": 1}',
        '{"attempt": 1, "ask": "explode"}',
        '{"attempt": 1, "ask": 3}',
        "\0" * 40,
    ],
)
def test_a_damaged_ask_is_none(folder: JobFolder, content: str) -> None:
    folder.control_file.write_text(content)
    assert folder.asked(1) is None


def test_a_run_lives_while_a_rank_holds_its_lock(folder: JobFolder) -> None:
    assert not folder.is_alive()
    lock = folder.rank_lock(0)
    assert lock.acquire()
    assert folder.is_alive()
    lock.release()
    assert not folder.is_alive()


def test_a_rank_says_who_it_is(folder: JobFolder) -> None:
    folder.write_rank(0)
    data = json.loads(folder.rank_file(0).read_text(encoding="utf-8"))
    assert (data["pid"], data["host"]) == (os.getpid(), socket.gethostname())
    assert living(data) == psutil.Process()


def test_a_rank_on_another_machine_lives_as_long_as_its_note_is_fresh(folder: JobFolder) -> None:
    folder.write_rank(0)
    note = json.loads(folder.rank_file(0).read_text(encoding="utf-8"))
    for host, beats, alive in (
        ("elsewhere", True, True), ("elsewhere", False, False), (socket.gethostname(), True, False),
    ):  # fmt: skip
        write_json(folder.rank_file(0), {**note, "host": host, "beats": beats})
        assert folder.is_alive() is alive
    write_json(folder.rank_file(0), {**note, "host": "elsewhere", "beats": True})
    old = folder.rank_file(0).stat().st_mtime - 2 * FRESH_SECONDS
    os.utime(folder.rank_file(0), (old, old))
    assert not folder.is_alive()
