"""Closing, killing and opening again: what is trained goes on or is kept, and is found again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from app.preferences import Preferences
from app.window import Window
from core.engine.launch import recorded_processes
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from core.versions.library import VersionLibrary
from tests.app.support import Opener, ScriptedRun, named, press, question, until

MakeJob = Callable[..., TrainJob]
LONG = {"steps": 100_000, "checkpoint_seconds": 1.0, "evaluations": 1000}


def start_long_training(qtbot: QtBot, window: Window, make_train_job: MakeJob) -> str:
    """A real training that does not end by itself; returns when it has made steps."""
    bridge = window.context.bridge
    job = make_train_job(window.context.home, "Stories", "Long", **LONG)
    run = bridge.submit("train", job, "Long")
    until(qtbot, lambda: bridge.record(run).checkpoint is not None)  # type: ignore[union-attr]
    return run


def workers(home: Home, run: str) -> list[psutil.Process]:
    return recorded_processes(JobFolder.find(home.runs, run))


def wait_gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert not alive


def test_closing_while_a_training_runs_asks_and_stay_stays(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home).begin().steps(1, 5) as run:
        window = open_window(raised_home, closing="ask")
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        window.close()
        assert window.isVisible()
        dialog = question(window)
        assert [b.text() for b in dialog.findChildren(QPushButton)] == [
            "Go on without the window", "Save and stop", "Stay",
        ]  # fmt: skip
        press(qtbot, dialog, "Stay")
        assert window.isVisible()
        assert run.folder.asked(1) is None
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


def test_a_window_without_a_training_closes_without_a_question(
    open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home, closing="ask")
    window.close()
    assert not window.isVisible()
    open_window.forget(window)


def test_save_and_stop_pauses_the_run_and_the_answer_is_remembered_when_wished(
    qtbot: QtBot, open_window: Opener, raised_home: Home, make_train_job: MakeJob
) -> None:
    window = open_window(raised_home, closing="ask")
    run = start_long_training(qtbot, window, make_train_job)
    processes = workers(raised_home, run)
    steps = len(window.context.bridge.record(run).metrics)  # type: ignore[union-attr]
    window.close()
    dialog = question(window)
    dialog.findChild(QCheckBox).setChecked(True)
    press(qtbot, dialog, "Save and stop")
    assert not window.isVisible()
    open_window.forget(window)
    wait_gone(processes)
    assert Preferences(raised_home).closing == "pause"
    again = open_window(raised_home)
    record = again.context.bridge.record(run)
    assert record is not None
    assert record.state == "paused"
    assert len(record.metrics) >= steps
    again.go("training")
    assert "“Long” is paused" in again.screen_named("training")._notice.text.text()  # type: ignore[attr-defined]


def test_a_training_that_goes_on_without_the_window_is_found_with_its_whole_curve(
    qtbot: QtBot, open_window: Opener, raised_home: Home, make_train_job: MakeJob
) -> None:
    window = open_window(raised_home, closing="ask")
    run = start_long_training(qtbot, window, make_train_job)
    (worker,) = workers(raised_home, run)
    before = len(window.context.bridge.record(run).metrics)  # type: ignore[union-attr]
    window.close()
    press(qtbot, question(window), "Go on without the window")
    open_window.forget(window)
    assert worker.is_running()
    again = open_window(raised_home)
    again.go("training")
    record = again.context.bridge.record(run)
    assert record is not None
    until(qtbot, lambda: len(record.metrics) > before)
    steps = record.metrics.column("step")
    assert list(steps) == list(range(int(steps[0]), int(steps[0]) + len(steps)))  # No gap.
    assert steps[0] <= 1
    press(qtbot, again.status, "Stop and save")  # The new window's buttons reach the old worker.
    until(qtbot, lambda: record.state == "done")
    assert VersionLibrary(raised_home).get("Long").problem is None
    wait_gone([worker])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_worker_leaves_one_clear_sentence_and_go_on_resumes_it(
    qtbot: QtBot, open_window: Opener, raised_home: Home, make_train_job: MakeJob
) -> None:
    window = open_window(raised_home)
    window.go("training")
    run = start_long_training(qtbot, window, make_train_job)
    bridge, screen = window.context.bridge, window.screen_named("training")
    (worker,) = workers(raised_home, run)
    worker.send_signal(signal.SIGKILL)
    until(qtbot, lambda: bridge.record(run).state == "died")  # type: ignore[union-attr]
    notice = screen._notice  # type: ignore[attr-defined]
    until(qtbot, notice.isVisible)
    assert notice.text.text() == (
        "The worker process ended unexpectedly (SIGKILL). What was saved is kept: resume goes on "
        "from there."
    )
    kept = bridge.record(run).checkpoint.step  # type: ignore[union-attr]
    press(qtbot, screen, "Go on")
    until(qtbot, lambda: bridge.record(run).state == "running")  # type: ignore[union-attr]
    record = bridge.record(run)
    assert record is not None
    assert record.attempt == 2
    until(qtbot, lambda: (record.metrics.last("step") or 0) > kept)
    steps = list(record.metrics.column("step"))
    assert steps == sorted(set(steps))  # Steps of the lost attempt were dropped, none twice.
    assert not notice.isVisible()
    press(qtbot, window.status, "Pause")
    until(qtbot, lambda: record.state == "paused")
    until(qtbot, notice.isVisible)
    assert named(screen, "Go on", QPushButton).isEnabled()


def test_a_queued_training_waits_and_starts_when_the_first_has_ended(
    qtbot: QtBot, open_window: Opener, raised_home: Home, make_train_job: MakeJob
) -> None:
    window = open_window(raised_home)
    bridge = window.context.bridge
    first = start_long_training(qtbot, window, make_train_job)
    second = bridge.submit("train", make_train_job(raised_home, "Stories", "Next"), "Next")
    until(qtbot, lambda: bridge.record(second).state == "queued")  # type: ignore[union-attr]
    bridge.engine.pause(first)
    until(qtbot, lambda: bridge.record(second).state == "done")  # type: ignore[union-attr]
    assert bridge.record(first).state == "paused"  # type: ignore[union-attr]
    titles = [entry.name for entry in VersionLibrary(raised_home).list()]
    assert sorted(titles) == ["Kiku", "Next"]


def test_no_process_of_a_closed_window_lives_on(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    window.go("chat")
    window.go("corpus")
    until(qtbot, lambda: len(psutil.Process().children()) >= 2)
    children = psutil.Process().children()
    began = time.monotonic()
    open_window.close(window)
    wait_gone(children)
    assert time.monotonic() - began < 60
