"""What the guide says of a training: the most important finding, and what comes next."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.screens.training.screen import TrainingScreen
from app.window import Window
from core import events as ev
from core.home import Home
from core.training.findings import Finding, finding
from tests.app.support import Opener, ScriptedRun, until


def cards(window: Window) -> dict[str, tuple[str, str]]:
    """Icon and text by title."""
    screen = window.screen_named("training")
    assert isinstance(screen, TrainingScreen)
    return {card.title: (card.icon, card.text) for card in screen.guide_cards()}


def opened(qtbot: QtBot, open_window: Opener, home: Home) -> Window:
    window = open_window(home)
    window.go("training")
    until(qtbot, lambda: "How to read the curve" in cards(window))
    return window


def steps_of(curve: Any) -> list[int]:
    """What a curve was given to draw, before it is thinned for the screen."""
    x, _ = curve.getOriginalDataset()
    return [] if x is None else list(x)


def health(*found: Finding) -> ev.Health:
    return ev.Health(step=40, findings=[item.to_json() for item in found])


def test_the_most_important_finding_is_told_with_what_to_do(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home).begin() as run:
        run.write(ev.Planned(plan={"steps": 100, "parameters": 120_000, "early_stopping": 3}))
        run.steps(1, 40).test(20, 2.9).test(40, 2.5)
        window = opened(qtbot, open_window, raised_home)
        assert "How it fares" not in cards(window)
        assert "goes worse <b>3</b> tests in a row" in cards(window)["What comes next"][1]
        run.write(
            health(finding("overfitting", percent=7, step=20), finding("data-small", passes=9))
        )
        until(qtbot, lambda: "How it fares" in cards(window))
        icon, text = cards(window)["How it fares"]
        assert icon == "ph.warning"
        assert "<b>It begins to learn the text by heart: on unseen text it is 7 % worse" in text
        assert "Stop and save now" in text
        assert "<b>memorise</b>" in cards(window)["How to read the curve"][1]
        run.write(health(finding("learning")))
        until(qtbot, lambda: cards(window)["How it fares"][0] == "ph.check-circle")
        assert "learning, not memorising" in cards(window)["How to read the curve"][1]
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)
        assert "How it fares" not in cards(window)


def test_a_run_that_went_back_is_drawn_as_it_goes_on(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    with ScriptedRun(raised_home).begin() as run:
        run.steps(1, 40).test(20, 2.9).test(40, 9.9, best=False)
        window = opened(qtbot, open_window, raised_home)
        screen = window.screen_named("training")
        assert isinstance(screen, TrainingScreen)
        plot = screen.view.loss.plot
        until(qtbot, lambda: steps_of(plot._raw) == list(range(1, 41)))
        run.write(ev.RolledBack(step=40, to_step=20, reason="diverged", factor=0.5))
        run.steps(21, 30)
        until(qtbot, lambda: steps_of(plot._raw) == list(range(1, 31)))
        assert steps_of(plot._heldout) == [20]
        until(qtbot, lambda: screen.view.figures.steps.value.text() == "30")
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


@pytest.mark.parametrize("code", ["overfitting", "learning"])
def test_a_run_that_is_over_is_told_in_the_past_with_advice_for_the_next(
    qtbot: QtBot, open_window: Opener, raised_home: Home, code: str
) -> None:
    run = ScriptedRun(raised_home).begin().steps(1, 40).test(20, 2.9).test(40, 2.5)
    run.write(health(finding(code, percent=7, step=20).after())).end("done")
    window = opened(qtbot, open_window, raised_home)
    text = cards(window)["How it fares"][1]
    assert ("It began to learn" if code == "overfitting" else "It learnt well") in text
    assert "Stop and save" not in text
