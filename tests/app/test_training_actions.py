"""What can be done on the training tab beside starting: the line of those that wait, training longer,
diagnostics, faults at their fields, the price of electricity."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.forms.form import ConfigForm
from app.screens.training.longer_dialog import LongerDialog
from app.window import Window
from core import events as ev
from core.files import FileLock
from core.home import Home
from core.jobs.kinds import TrainJob
from core.planning.energy import load_prices
from core.recipe import Recipe
from core.sentences import Sentence
from tests.app.support import Opener, ScriptedRun, named, press, shown, until
from tests.app.test_training_screen import banners, training
from tests.conftest import train_job


@pytest.fixture
def turn_taken(raised_home: Home) -> Iterator[None]:
    """Somebody else trains: every training of this home waits."""
    lock = FileLock(raised_home.queue_lock_file)
    assert lock.acquire()
    yield
    lock.release()


def line(window: Window) -> list[str]:
    """What the card of waiting runs says, a string for each line."""
    queue = training(window).queue
    return [
        f"{row._number.text()} {row._name}: {row._details.full_text()}"
        for row in queue._lines
        if row.isVisible()
    ]


def retype(qtbot: QtBot, form: ConfigForm, name: str, text: str) -> None:
    """Put another text into a field, key by key."""
    field = form.field(name)
    assert isinstance(field, QLineEdit)
    field.clear()
    qtbot.keyClicks(field, text)


# ---- the line of those that wait -------------------------------------------------------------


def test_waiting_trainings_stand_in_order_and_can_be_moved_and_taken_out(
    qtbot: QtBot, open_window: Opener, raised_home: Home, turn_taken: None
) -> None:
    window = open_window(raised_home)
    bridge = window.context.bridge
    runs: list[str] = []
    for name, length in (
        ("Ume", {"minutes": 5.0}),
        ("Take", {"steps": 200, "parameters": 1_200_000}),
    ):
        base = train_job(raised_home, "Stories", name)
        job = TrainJob.model_validate(base.model_dump() | {"recipe": Recipe.model_validate(length)})
        runs.append(bridge.submit("train", job, name))
        until(qtbot, lambda run=runs[-1]: bridge.record(run).queue_position)  # type: ignore[union-attr]
    until(qtbot, lambda: line(window) == [
        "1. Ume: 5 min · Stories", "2. Take: 200 steps · 1.2M · Stories"])  # fmt: skip
    queue = training(window).queue
    assert not named(queue, "Move “Ume” up", QAbstractButton).isEnabled()
    press(qtbot, queue, "Move “Take” up")
    until(qtbot, lambda: [text.split(":")[0] for text in line(window)] == ["1. Take", "2. Ume"])
    press(qtbot, queue, "Show “Ume”, number 2 in line")
    assert window.context.selection.run == runs[0]
    press(qtbot, queue, "Take “Take” out of the line; it is kept")
    until(qtbot, lambda: bridge.record(runs[1]).state == "paused")  # type: ignore[union-attr]
    until(qtbot, lambda: line(window) == ["1. Ume: 5 min · Stories"])
    bridge.engine.pause(runs[0])
    until(qtbot, lambda: line(window) == [])
    assert not queue.isVisible()


def test_a_run_that_waits_for_room_says_so_once_and_everywhere(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    full = Sentence("Errors", "The disk is full: free {missing} MB.", {"missing": 840})
    with ScriptedRun(raised_home).begin().steps(1, 5) as run:
        run.write(
            ev.Warned(code="no-room", sentence=full.to_json()), ev.Phase(name="waiting-for-room")
        )
        window = open_window(raised_home)
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        until(qtbot, lambda: "The disk is full: free 840 MB." in banners(window))
        assert window.status._what.full_text() == "“Ume” waits for room on the disk"
        screen = training(window)
        assert not screen.view.health.isVisible()  # It is said above.
        assert not [b for b in shown(screen, QPushButton) if b.text() in ("Go on", "Discard")]
        run.write(ev.Phase(name="training")).steps(6, 9)
        until(qtbot, lambda: banners(window) == ["Locked while it trains"])
        until(qtbot, screen.view.health.isVisible)  # Now it is news of the past.
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


# ---- training longer -------------------------------------------------------------------------


def test_a_finished_run_is_trained_longer_under_a_name_and_for_a_length_that_are_asked(
    qtbot: QtBot, open_window: Opener, raised_home: Home, turn_taken: None
) -> None:
    window = open_window(raised_home)
    screen = training(window)
    until(qtbot, screen.header.longer.isVisible)
    press(qtbot, screen, "Train longer…")
    dialog = window.findChild(LongerDialog)
    assert dialog is not None
    assert dialog.name.text() == "Kiku 2"
    dialog.name.setText("kiku")
    press(qtbot, dialog, "Start training")
    assert "There is already “Kiku”" in dialog._fault.text()
    assert dialog.name.property("invalid") == "true"
    dialog.name.setText("Kiku 2")
    press(qtbot, dialog, "Steps")
    dialog.amount.setText("none")
    press(qtbot, dialog, "Start training")
    assert dialog._fault.text() == "Say how much longer: a number above zero."
    dialog.amount.setText("8")
    press(qtbot, dialog, "Start training")
    until(qtbot, lambda: window.context.bridge.active_run("train"))
    run = window.context.bridge.active_run("train")
    assert run is not None
    assert run.job.title == "Kiku 2"
    assert run.job.config["recipe"]["steps"] == 20  # 12 were done.
    until(qtbot, lambda: window.context.selection.run == run.id)
    until(qtbot, lambda: not isValid(dialog) or not dialog.isVisible())  # Closing deletes it.
    window.context.bridge.engine.pause(run.id)
    until(qtbot, lambda: window.context.bridge.active_run() is None)


# ---- diagnostics -----------------------------------------------------------------------------


def test_diagnostics_of_a_failed_run_are_copied_without_its_names(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    ScriptedRun(raised_home, "Secret garden").begin().steps(1, 5).end("failed", "diverged", step=5)
    window = open_window(raised_home)
    screen = training(window)
    press(qtbot, screen, "Copy diagnostics")
    until(qtbot, lambda: screen.header.copy.text() == "Copied")
    text = QGuiApplication.clipboard().text()
    assert text.startswith("# Terakoya: diagnostics")
    assert "diverged" in text
    assert "Secret garden" not in text
    assert "Stories" not in text
    window.go("settings")
    settings = window.screen_named("settings")
    press(qtbot, settings, "Copy diagnostics")
    until(qtbot, lambda: QGuiApplication.clipboard().text() != text)
    assert "## app.log" in QGuiApplication.clipboard().text()
    assert "Read it through" in window.status._text.full_text()


# ---- faults ----------------------------------------------------------------------------------


def test_every_fault_of_a_recipe_stands_at_its_field_and_the_first_is_led_to(
    qtbot: QtBot, window: Window
) -> None:
    screen = training(window)
    form = screen.form
    expert = form._expert
    assert not expert.isVisible()
    expert.set_values({"width": 100, "head_size": 64, "batch": 4, "micro_batch": 9})
    form.set_name("a/b")
    press(qtbot, screen, "Start training")
    assert window.focusWidget() is named(screen, "Name of the new edition", QLineEdit)
    assert "it contains /" in form._name_error.text()
    assert expert.isVisible()  # The fold opened.
    assert "cannot be divided into heads of 64" in expert.error("width")
    assert "larger than the batch of 4" in expert.error("micro_batch")
    for name in ("width", "micro_batch"):
        assert expert.field(name).property("invalid") == "true"
        assert expert.error(name) in expert.field(name).accessibleDescription()
    form.set_name("Good name")
    press(qtbot, screen, "Start training")
    field = expert.field("width")
    assert window.focusWidget() is field
    view = form._scroll.viewport()
    until(qtbot, lambda: view.rect().contains(field.mapTo(view, field.rect().bottomLeft())))
    assert form._name_error.text() == ""
    assert window.context.bridge.active_run("train") is None
    retype(qtbot, expert, "width", "128")
    retype(qtbot, expert, "micro_batch", "2")
    until(qtbot, lambda: form.plan() is not None)
    assert expert.error("width") == expert.error("micro_batch") == ""


def test_a_fault_that_another_field_caused_goes_when_that_one_is_mended(
    qtbot: QtBot, window: Window
) -> None:
    screen = training(window)
    press(qtbot, window.top, "Expert")
    expert = screen.form._expert
    until(qtbot, lambda: expert.field("width").isVisible())
    qtbot.keyClicks(expert.field("head_size"), "64")
    qtbot.keyClicks(expert.field("width"), "160")
    until(qtbot, lambda: "cannot be divided" in expert.error("width"))
    retype(qtbot, expert, "head_size", "32")
    until(qtbot, lambda: screen.form.plan() is not None)
    assert expert.error("width") == ""
    assert expert.field("width").property("invalid") == "false"


# ---- electricity -----------------------------------------------------------------------------


def test_a_plan_costs_what_the_users_electricity_costs(qtbot: QtBot, window: Window) -> None:
    screen = training(window)
    until(qtbot, lambda: screen.form.plan() is not None)
    before = screen.form.plan()
    assert before is not None
    window.go("settings")
    form = window.screen_named("settings")._electricity.form  # type: ignore[attr-defined]
    for name, text in (("price_per_kwh", "62"), ("currency", "EUR"), ("grid_factor", "100")):
        retype(qtbot, form, name, text)
    retype(qtbot, form, "grid_factor", "9999")
    qtbot.keyClick(form.field("grid_factor"), Qt.Key.Key_Return)
    assert form.error("grid_factor") == "From 0 to 5,000."
    prices = load_prices(window.context.home)
    assert (prices.price_per_kwh, prices.currency) == (62.0, "EUR")
    assert prices.grid_factor <= 5000  # What makes no sense is not kept.
    training(window)
    until(qtbot, lambda: screen.form.plan() is not None and screen.form.plan().currency == "EUR")  # type: ignore[union-attr]
    after = screen.form.plan()
    assert after is not None
    assert after.cost == pytest.approx(2 * before.cost, rel=0.2)
    notes = [label.text() for label in shown(screen.form.plan_card, QLabel)]
    assert any("€" in note for note in notes)
    assert any(note.startswith("<b>≈ ") and "Wh" in note for note in notes)
    window.go("settings")
    press(qtbot, window, "Tell of a training's end when the window is elsewhere")
    assert not window.context.preferences.end_notices
