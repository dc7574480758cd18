"""The training tab, driven by the events of scripted runs: curves, banners, the form."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.screens.training.screen import TrainingScreen
from app.window import Window
from core import events as ev
from core.files import write_json
from core.home import Home
from core.versions.library import VersionLibrary
from tests.app.support import PATIENCE, Opener, ScriptedRun, named, press, shown, until


def training(window: Window) -> TrainingScreen:
    window.go("training")
    screen = window.screen_named("training")
    assert isinstance(screen, TrainingScreen)
    end = time.monotonic() + PATIENCE / 1000
    while not screen.view.drawn and time.monotonic() < end:
        QApplication.processEvents()
    assert screen.view.drawn
    return screen


def banners(window: Window) -> list[str]:
    """The sentences of the visible banners of the training tab."""
    found: list[str] = []
    for frame in shown(training(window), QFrame):
        if type(frame).__name__ == "Banner":
            found += [label.text() for label in shown(frame, QLabel) if label.text()]
    return found


def drawn(curve: Any) -> tuple[Any, Any]:
    """What a curve was given to draw, before it is thinned for the screen."""
    x, y = curve.getOriginalDataset()
    return ((), ()) if x is None else (x, y)


CELLS = [
    {"text": "A ", "probability": None, "rank": None, "alternatives": []},
    {"text": "cat ", "probability": 0.25, "rank": 2, "alternatives": [["dog ", 0.5], ["cat ", 0.25]]},
    {"text": "slept", "probability": 0.75, "rank": 1, "alternatives": [["slept", 0.75], ["<b>", 0.1]]},
]  # fmt: skip


def test_a_running_training_draws_its_curve_samples_and_guesses(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home).begin() as run:
        run.steps(1, 40).test(20, 2.9).test(40, 2.5)
        run.write(
            ev.Sampled(step=20, prompt="One day, ", text="a fox"),
            ev.Sampled(step=40, prompt="One day, ", text="a fox came home"),
            ev.Guessed(step=40, cells=CELLS),
        )
        window = open_window(raised_home)
        screen = training(window)
        view = screen.view
        until(qtbot, lambda: view.figures.unseen.value.text() == "2.50")
        until(qtbot, lambda: len(drawn(view.loss.plot._raw)[0]) == 40)
        steps, losses = drawn(view.loss.plot._raw)
        assert list(steps) == list(range(1, 41))
        assert np.allclose(losses, [(6 - 0.03 * n) / 2 for n in range(1, 41)])  # Nats to bits.
        tested, bits = drawn(view.loss.plot._heldout)
        assert list(tested) == [20, 40]
        assert list(bits) == [2.9, 2.5]
        assert view.figures.steps.value.text() == "40"
        assert view.figures.steps.unit.text() == "/ 100"
        until(qtbot, lambda: view.samples._line.accessibleDescription() == "a fox came home")
        assert [c["text"] for c in view.guess.text.cells()] == ["A ", "cat ", "slept"]
        assert view.guess._right.text() == "50 % right"
        run.steps(41, 60).test(60, 2.25)
        until(qtbot, lambda: view.figures.unseen.value.text() == "2.25")
        until(qtbot, lambda: len(drawn(view.loss.plot._raw)[0]) == 60)
        assert "step 60 of 100" in window.status._what.full_text()
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


def test_clicking_a_token_shows_what_the_model_would_have_said_there_without_markup(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    ScriptedRun(raised_home).begin().write(ev.Guessed(step=1, cells=CELLS)).end("paused")
    window = open_window(raised_home)
    guess = training(window).view.guess
    guess.text.setFocus()
    qtbot.keyClick(guess.text, Qt.Key.Key_End)
    until(qtbot, lambda: guess.text.chosen() == 2)
    assert "“slept” 75.0 %" in guess._guesses.text()
    window.resize(1800, 900)
    until(qtbot, lambda: "&lt;b>" in guess._guesses.text())


def test_loss_and_bits_linear_and_log_are_two_views_of_the_same_run(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    ScriptedRun(raised_home).begin().steps(0, 40).test(40, 2.5).end("paused")
    window = open_window(raised_home)
    view = training(window).view
    until(qtbot, lambda: len(drawn(view.loss.plot._raw)[0]))
    press(qtbot, view.loss, "loss")
    assert list(drawn(view.loss.plot._heldout)[1]) == [5.0]
    press(qtbot, view.loss, "log")
    steps = drawn(view.loss.plot._raw)[0]
    assert len(steps) == 40  # Step 0 has no logarithm.
    assert np.isfinite(steps).all()
    press(qtbot, view.loss, "bits/byte")
    press(qtbot, view.loss, "linear")
    assert list(drawn(view.loss.plot._heldout)[1]) == [2.5]
    assert window.context.preferences.unit == "bits"


def test_a_paused_run_says_where_it_was_saved_and_offers_to_go_on(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    run = ScriptedRun(raised_home).begin().steps(1, 30)
    run.write(ev.Checkpoint(step=30, path="checkpoints/step-00000030")).end("paused")
    window = open_window(raised_home)
    assert banners(window) == ["“Ume” is paused; saved at step 30."]
    assert named(window, "Go on", QPushButton).isEnabled()


@pytest.mark.parametrize(
    ("outcome", "code", "values", "sentence"),
    [
        ("failed", "diverged", {"step": 7}, "The loss stopped being a number at step 7."),
        ("failed", "out-of-memory", {"device": "cpu"}, "The memory of cpu was not enough."),
        ("died", "worker-died", {"cause": "SIGKILL"}, "The worker process ended unexpectedly (SIGKILL)."),
        ("failed", "a-code-of-tomorrow", {"detail": "x"}, "Something went wrong inside Terakoya: x."),
    ],
)  # fmt: skip
def test_a_run_that_failed_or_died_says_so_in_one_sentence_and_can_go_on(
    open_window: Opener, raised_home: Home, outcome: str, code: str, values: dict[str, object],
    sentence: str,
) -> None:  # fmt: skip
    ScriptedRun(raised_home).begin().steps(1, 5).end(outcome, code, **values)
    window = open_window(raised_home)
    (told,) = banners(window)
    assert told.startswith(sentence)
    assert "Traceback" not in told
    assert named(window, "Go on", QPushButton).isEnabled()


def test_a_worker_that_vanished_with_the_machine_is_buried_with_a_sentence(
    open_window: Opener, raised_home: Home
) -> None:
    run = ScriptedRun(raised_home).begin().steps(1, 5).vanish()
    window = open_window(raised_home)
    (told,) = banners(window)
    assert "was stopped" in told
    assert run.folder.events_file.read_text(encoding="utf-8").count('"event": "ended"') == 1


def test_a_worker_that_dies_while_the_window_is_open_is_told_at_once(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    run = ScriptedRun(raised_home).begin().steps(1, 5)
    window = open_window(raised_home)
    until(qtbot, lambda: window.context.bridge.active_run("train"))
    assert banners(window) == ["Locked while it trains"]
    run.vanish()
    until(qtbot, lambda: any("ended unexpectedly" in b for b in banners(window)))
    assert "ended unexpectedly" in window.status._text.full_text()


def test_a_discarded_run_goes_to_the_trash_and_undo_brings_it_back(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    run = ScriptedRun(raised_home).begin().steps(1, 5).end("paused")
    window = open_window(raised_home)
    training(window)
    press(qtbot, window, "Discard")
    assert not run.folder.path.exists()
    press(qtbot, window, "Undo")
    until(qtbot, run.folder.path.exists)
    until(
        qtbot,
        lambda: banners(window) == ["“Ume” has not begun yet."] or "Ume" in str(banners(window)),
    )
    assert training(window).view.figures.steps.value.text() == "5"


def test_the_form_is_locked_while_a_training_runs_and_free_again_afterwards(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home).begin().steps(1, 5) as run:
        window = open_window(raised_home)
        screen = training(window)
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        assert not named(screen, "Name of the new edition", QLineEdit).isEnabled()
        assert screen.form.name() == "Ume"
        press(qtbot, screen, "Plan another training")
        assert named(screen, "Name of the new edition", QLineEdit).isEnabled()
        assert screen.form.name() not in ("", "Ume")
        run.end("done")
        until(qtbot, lambda: window.context.bridge.active_run() is None)
        assert named(screen, "Start training", QPushButton).isVisible()


def test_two_runs_can_be_chosen_between(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    ScriptedRun(raised_home, "Ume").begin().steps(1, 5).end("paused")
    ScriptedRun(raised_home, "Take").begin().steps(1, 9).end("cancelled")
    window = open_window(raised_home)
    screen = training(window)
    titles = [
        screen.header.runs.itemText(i).split(" · ")[0] for i in range(screen.header.runs.count())
    ]
    assert sorted(titles) == ["Kiku", "Take", "Ume"]
    screen.header.runs.setCurrentIndex(titles.index("Ume"))
    screen.header.runs.activated.emit(titles.index("Ume"))
    assert screen.view.figures.steps.value.text() == "5"
    assert "Ume" in banners(window)[0]


# ---- the form's mistakes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a/b", "it contains /"),
        ("a" * 300, "it has 300 characters"),
        ("con", "Windows reserves it"),
        ("end.", "it begins or ends with a space or a dot"),
        ("KIKU", "There is already “Kiku”"),
        ("", "it is empty"),
    ],
)
def test_a_name_that_cannot_be_used_is_told_at_the_name_field(
    qtbot: QtBot, window: Window, name: str, reason: str
) -> None:
    screen = training(window)
    field = named(screen, "Name of the new edition", QLineEdit)
    field.clear()
    qtbot.keyClicks(field, name)
    until(qtbot, lambda: named(screen, "Start training", QPushButton).isEnabled())
    press(qtbot, screen, "Start training")
    assert reason in screen.form._name_error.text()
    assert screen.form._name_error.isVisible()
    assert field.property("invalid") == "true"
    assert window.focusWidget() is field
    assert window.context.bridge.runs("train")[0].job.title == "Kiku"
    qtbot.keyClicks(field, "x")
    assert not screen.form._name_error.isVisible()


def test_an_expert_value_that_does_not_fit_is_told_at_its_field(
    qtbot: QtBot, window: Window
) -> None:
    screen = training(window)
    press(qtbot, window.top, "Expert")
    form = screen.form._expert
    until(qtbot, lambda: form.field("context").isVisible())
    form.field("context").setFocus()
    qtbot.keyClicks(form.field("context"), "5")
    qtbot.keyClick(form.field("context"), Qt.Key.Key_Return)
    assert form.error("context") == "From 16 to 32,768."
    until(qtbot, lambda: screen.form.plan() is None)
    form.field("context").clear()
    qtbot.keyClicks(form.field("context"), "64")
    until(qtbot, lambda: screen.form.plan() is not None)
    assert form.error("context") == ""


def test_the_plan_follows_the_size_dial_and_the_measured_machine_and_warns_beyond_its_memory(
    qtbot: QtBot, window: Window
) -> None:
    screen = training(window)
    until(qtbot, lambda: screen.form.plan() is not None)
    slider = screen.form.model.dial.slider
    sizes: list[int] = []
    for value in (0, 24, 48):
        slider.setValue(value)
        until(qtbot, lambda: not screen.form._timer.isActive())
        plan = screen.form.plan()
        assert plan is not None
        sizes.append(plan.parameters)
    assert sizes == sorted(sizes)
    assert sizes[0] < 1_000_000 < 200_000_000 < sizes[2]
    write_json(window.context.home.machine_file, {"memory_bytes": 1 << 30, "measured": True})
    measured = ScriptedRun(window.context.home, "measure", kind="measure", device="cpu").end("done")
    window.context.bridge.run_ended.emit(measured.id)
    until(qtbot, lambda: not screen.form._timer.isActive())
    assert screen.form.plan().over_memory  # type: ignore[union-attr]
    press(qtbot, screen, "Choose a size that fits")
    assert not screen.form.plan().over_memory  # type: ignore[union-attr]


def test_going_on_from_a_version_takes_over_its_shape(qtbot: QtBot, window: Window) -> None:
    entry = VersionLibrary(window.context.home).get("Kiku")
    window.context.navigator.go("training", **{"from": entry.id})
    screen = training(window)
    until(qtbot, lambda: screen.form.plan() is not None)
    plan = screen.form.plan()
    assert plan is not None
    assert plan.layers == entry.manifest.decisions["plan"]["layers"]
    assert screen.form.wanted().parent.id == entry.id  # type: ignore[union-attr]
    assert screen.form.name() == "Kiku 2"


def test_ctrl_enter_starts_the_training_that_is_planned(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = training(window)
    until(qtbot, lambda: screen.form.plan() is not None)
    started: list[str] = []
    monkeypatch.setattr(
        window.context.bridge, "submit", lambda kind, config, title: started.append(title) or "none"
    )
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert started == [screen.form.name()]


@pytest.mark.parametrize(
    ("key", "modifier", "ask"),
    [
        (Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, "pause"),
        (
            Qt.Key.Key_S,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
            "finish",
        ),
    ],
)
def test_keys_pause_or_finish_the_training_that_runs(
    qtbot: QtBot, open_window: Opener, raised_home: Home, key: Qt.Key,
    modifier: Qt.KeyboardModifier, ask: str,
) -> None:  # fmt: skip
    with ScriptedRun(raised_home).begin().steps(1, 5) as run:
        window = open_window(raised_home)
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        qtbot.keyClick(window, key, modifier)
        until(qtbot, lambda: run.folder.asked(1) == ask)
        assert not window.status._pause.isEnabled()
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


def test_an_edition_on_its_way_to_the_shelf_holds_its_name(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home, "Stories").begin().steps(1, 5) as run:
        window = open_window(raised_home)
        screen = training(window)
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        press(qtbot, screen, "Plan another training")
        assert screen.form.name() == "Stories 2"
        screen.form.set_name("STORIES")
        until(qtbot, lambda: screen.form.plan() is not None)
        press(qtbot, screen, "Start training")
        assert "There is already “STORIES”" in screen.form._name_error.text()
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


def test_ctrl_enter_does_nothing_where_there_is_no_corpus_to_read(
    qtbot: QtBot, window: Window
) -> None:
    screen = training(window)
    window.context.corpora.remove("Stories")
    window.context.bridge.corpora_changed.emit()
    until(qtbot, lambda: screen.form.plan() is None)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.context.bridge.active_run() is None
