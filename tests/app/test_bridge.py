"""The bridge between threads and Qt: its rate, its callbacks, its manners."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import INTERVAL_MS, Bridge
from core import events as ev
from core.errors import NoSpace
from core.home import Home
from core.sentences import Sentence
from tests.app.support import ScriptedRun, until


@pytest.fixture
def bridge(qtbot: QtBot, empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setenv("TERAKOYA_NO_USAGE", "1")
    made = Bridge(empty_home)
    yield made
    made.shutdown(keep_trainings=True)


def follow(qtbot: QtBot, bridge: Bridge, run: ScriptedRun) -> None:
    """Start looking; returns when the run has been found."""
    with qtbot.waitSignal(bridge.versions_changed):
        bridge.start()
    assert bridge.record(run.id) is not None


def test_a_run_tells_news_at_most_once_for_each_turn_of_the_timer(
    qtbot: QtBot, bridge: Bridge, empty_home: Home
) -> None:
    with ScriptedRun(empty_home).begin() as run:
        follow(qtbot, bridge, run)
        turns: list[float] = []
        bridge._timer.timeout.connect(lambda: turns.append(time.monotonic()))
        told: list[int] = []
        bridge.run_changed.connect(lambda _: told.append(len(turns)))
        for step in range(1, 400):
            run.steps(step, step)
        record = bridge.record(run.id)
        assert record is not None
        until(qtbot, lambda: len(record.metrics) == 399)
        until(qtbot, lambda: len(turns) > 3)
        assert len(told) == len(set(told))  # Never twice in one turn.
        assert len(told) < 40  # However many events there were.
        gaps = [b - a for a, b in itertools.pairwise(turns)]
        assert min(gaps) > INTERVAL_MS / 1000 * 0.5
    until(qtbot, lambda: not bridge.record(run.id).active)  # type: ignore[union-attr]


def test_many_runs_cost_one_signal_each_and_not_one_for_each_event(
    qtbot: QtBot, bridge: Bridge, empty_home: Home
) -> None:
    runs = [ScriptedRun(empty_home, f"run {i}").begin() for i in range(3)]
    follow(qtbot, bridge, runs[0])
    until(qtbot, lambda: sum(r.active for r in bridge.runs("train")) == 3)
    seen: dict[str, int] = {}
    turns: list[int] = []
    bridge._timer.timeout.connect(lambda: turns.append(1))
    bridge.run_changed.connect(lambda run_id: seen.__setitem__(run_id, seen.get(run_id, 0) + 1))
    for run in runs:
        for step in range(1, 50):
            run.steps(step, step)
    until(qtbot, lambda: all(len(bridge.record(r.id).metrics) == 49 for r in runs))  # type: ignore[union-attr]
    until(qtbot, lambda: len(seen) == 3)
    assert max(seen.values()) <= len(turns) + 1
    for run in runs:
        run.end("paused")
    until(qtbot, lambda: not any(r.active for r in bridge.runs("train")))


def test_answers_of_threads_arrive_on_the_thread_of_the_window(
    qtbot: QtBot, bridge: Bridge
) -> None:
    bridge.start()
    worked: list[threading.Thread] = []
    answered: list[tuple[threading.Thread, object]] = []
    bridge.background(
        lambda: worked.append(threading.current_thread()) or 42,
        lambda result: answered.append((threading.current_thread(), result)),
    )
    until(qtbot, lambda: answered)
    assert answered == [(threading.main_thread(), 42)]
    assert worked[0] is not threading.main_thread()


def test_an_error_on_a_thread_becomes_a_sentence(qtbot: QtBot, bridge: Bridge) -> None:
    bridge.start()
    told: list[Sentence] = []

    def work() -> None:
        raise NoSpace(path="/x", needed=64)

    bridge.background(work, None, told.append)
    until(qtbot, lambda: told)
    assert "Free at least 64 MB" in told[0].english()


def test_a_fault_on_a_thread_is_told_and_logged_and_the_next_work_goes_on(
    qtbot: QtBot, bridge: Bridge, expected_warnings: list[str]
) -> None:
    expected_warnings.append("background work")
    bridge.start()
    told: list[Sentence] = []
    done: list[object] = []

    def work() -> None:
        raise ZeroDivisionError("by zero")

    bridge.background(work, None, told.append)
    bridge.background(lambda: 1, done.append)
    until(qtbot, lambda: told and done)
    assert "ZeroDivisionError: by zero" in told[0].english()


def test_a_receiver_that_fails_does_not_silence_those_after_it(
    qtbot: QtBot, bridge: Bridge
) -> None:
    bridge.start()
    done: list[object] = []

    def bad(_: object) -> None:
        raise ValueError("a receiver failed")

    with qtbot.captureExceptions() as faults:
        bridge.background(lambda: 1, bad)
        until(qtbot, lambda: faults)
        bridge.background(lambda: 2, done.append)
        until(qtbot, lambda: done)
    assert [str(fault[1]) for fault in faults] == ["a receiver failed"]


def test_a_run_that_ends_is_told_once_with_what_it_changed(
    qtbot: QtBot, bridge: Bridge, empty_home: Home
) -> None:
    run = ScriptedRun(empty_home).begin()
    follow(qtbot, bridge, run)
    ended: list[str] = []
    versions: list[int] = []
    bridge.run_ended.connect(ended.append)
    bridge.versions_changed.connect(lambda: versions.append(1))
    run.write(ev.Published(version="Ume", version_id="v", path="versions/Ume")).end("done")
    until(qtbot, lambda: ended)
    assert ended == [run.id]
    assert versions
    record = bridge.record(run.id)
    assert record is not None
    assert record.state == "done"


def test_runs_of_a_command_line_elsewhere_are_found_while_the_window_is_open(
    qtbot: QtBot, bridge: Bridge, empty_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.bridge._RESCAN_TICKS", 2)
    bridge.start()
    started: list[str] = []
    bridge.run_started.connect(started.append)
    with ScriptedRun(empty_home, "Elsewhere").begin() as run:
        until(qtbot, lambda: run.id in started)
        assert bridge.active_run("train").id == run.id  # type: ignore[union-attr]
    until(qtbot, lambda: bridge.active_run("train") is None)


def test_a_resident_that_cannot_start_says_so(
    qtbot: QtBot, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.engine.resident.sys.executable", "/nowhere/python")
    told: list[Sentence] = []
    bridge.library("corpora", {}, lambda _: None, told.append)
    assert "ended unexpectedly" in told[0].english()


def test_no_callback_comes_after_the_shutdown(qtbot: QtBot, bridge: Bridge) -> None:
    bridge.start()
    done: list[object] = []
    gate = threading.Event()
    bridge.background(gate.wait, done.append)
    bridge.shutdown(keep_trainings=True)
    gate.set()
    qtbot.wait(3 * INTERVAL_MS)
    assert done == []
