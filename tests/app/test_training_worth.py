"""After a training: what was forgotten, whether it was worth it, and figures that fit the objective."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.screens.training.screen import TrainingScreen
from app.window import Window
from core import events as ev
from core.home import Home
from core.jobs.kinds import TrainJob
from core.versions.forgetting import forgetting_to_json
from core.versions.library import VersionLibrary
from core.versions.manifest import Forgetting
from tests.app.support import (
    Opener,
    ScriptedRun,
    copy_version,
    press,
    shown,
    train_config,
    until,
)


def training(window: Window, run: ScriptedRun) -> TrainingScreen:
    window.go("training")
    screen = window.screen_named("training")
    assert isinstance(screen, TrainingScreen)
    screen.show_run(run.id)
    return screen


def texts(widget: Any) -> str:
    return " ".join(label.text() for label in shown(widget, QLabel))


def child_of(home: Home, name: str, **changes: Any) -> str:
    """A version that goes on from Kiku, with its curve on unseen text; returns its id."""
    kiku = VersionLibrary(home).get("Kiku")
    version = copy_version(home, "Kiku", name)
    path = home.versions / name / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    parents = [{"id": kiku.id, "name": "Kiku", "relation": "continued"}]
    data |= {"id": f"id-{name}", "parents": parents} | changes
    path.write_text(json.dumps(data), encoding="utf-8")
    assert version
    return f"id-{name}"


def scripted(home: Home, title: str, config: dict[str, Any]) -> ScriptedRun:
    """A run with this configuration that has begun."""
    return ScriptedRun(home, title, **{k: v for k, v in config.items() if k != "title"}).begin()


def finished(home: Home, version: str, **config: Any) -> ScriptedRun:
    """The run that published a version."""
    values = train_config("Ume", parent=VersionLibrary(home).get("Kiku").id) | config
    run = scripted(home, "Ume", values).steps(1, 40).test(40, 2.5)
    run.write(ev.Published(version="Ume", version_id=version, path=str(home.versions / "Ume")))
    return run.end("done")


@pytest.mark.parametrize(
    ("low", "high", "after", "words"),
    [
        (0.1, 0.3, 1.7, "has forgotten some"),
        (-0.3, -0.1, 1.3, "knows it better"),
        (-0.1, 0.1, 1.51, "cannot be told"),
    ],
)
def test_what_was_forgotten_is_told_with_figures_interval_and_verdict(
    qtbot: QtBot, open_window: Opener, raised_home: Home, low: float, high: float, after: float,
    words: str,
) -> None:  # fmt: skip
    found = Forgetting(text="Tales", before=1.5, after=after, low=low, high=high)
    with ScriptedRun(raised_home).begin().steps(1, 5) as run:
        run.write(ev.Forgetting(data={"text": "Tales", "before": 1.5, "after": None}))
        window = open_window(raised_home)
        card = training(window, run).view.forgetting
        until(qtbot, lambda: "measured again when the training ends" in texts(card))
        assert "1.50" in texts(card)
        run.write(ev.Forgetting(data=forgetting_to_json(found)))
        until(qtbot, lambda: words in texts(card))
        assert f"{after:.2f}" in texts(card)
        assert "“Tales”" in texts(card)
        assert card._bar._values == pytest.approx((low, after - 1.5, high))
        run.end("paused")
        until(qtbot, lambda: window.context.bridge.active_run() is None)


def test_what_is_measured_of_a_parent_is_said_beside_the_figures(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    run = scripted(raised_home, "Ume", train_config("Ume")).steps(1, 5)
    run.write(ev.Forgetting(data={"text": "Talks", "how": "conversations", "before": 4.4, "after": None}))  # fmt: skip
    other = scripted(raised_home, "Momo", train_config("Momo")).steps(1, 5)
    other.write(ev.Forgetting(data={"text": "Tales", "how": "hidden", "before": 1.5, "after": None}))  # fmt: skip
    run.end("paused")
    other.end("paused")
    window = open_window(raised_home)
    card = training(window, run).view.forgetting
    until(qtbot, lambda: "whole unseen conversations of “Talks”" in texts(card))
    card = training(window, other).view.forgetting
    until(qtbot, lambda: "pseudo bits/byte" in texts(card))


def test_nothing_is_called_unseen_where_nothing_was_held_out(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    run = scripted(raised_home, "Ume", train_config("Ume")).steps(1, 40)
    learnt = {"held_out": False}
    run.write(ev.Evaluated(step=40, loss=0.0, bits_per_byte=0.0, best=True, details=learnt))
    run.end("paused")
    window = open_window(raised_home)
    view = training(window, run).view
    until(qtbot, lambda: view.drawn)
    assert "Test on what it learns" in texts(view.figures)
    assert "unseen" not in texts(view.figures) + texts(view.loss)
    assert "test on what it learns" in view.loss.plot.accessibleDescription()


def test_a_run_from_nothing_is_asked_neither_what_it_forgot_nor_whether_it_was_worth_it(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    (record,) = window.context.bridge.runs("train")
    window.go("training")
    view = window.screen_named("training").view  # type: ignore[attr-defined]
    until(qtbot, lambda: view.drawn)
    assert record.job.title == "Kiku"
    assert view.forgetting.isHidden()
    assert view.worth.isHidden()


def test_one_click_trains_the_counterpart_of_a_specialised_version_and_the_answer_is_drawn(
    qtbot: QtBot, open_window: Opener, raised_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = child_of(raised_home, "Ume")
    run = finished(raised_home, version)
    window = open_window(raised_home)
    card = training(window, run).view.worth
    until(qtbot, card.isVisible)
    jobs: list[TrainJob] = []
    started: list[ScriptedRun] = []

    def submit(kind: str, config: TrainJob, title: str) -> str:
        jobs.append(config)
        values = config.model_dump(mode="json")
        started.append(scripted(raised_home, title, values).steps(1, 20))
        window.context.bridge.engine.rescan()
        return started[0].id

    monkeypatch.setattr(window.context.bridge, "submit", submit)
    press(qtbot, card, "Compare with from scratch")
    until(qtbot, lambda: jobs)
    assert (jobs[0].compared_with, jobs[0].parent) == (version, None)
    until(qtbot, lambda: "is being trained" in texts(card))
    scratch = child_of(raised_home, "Scratch", parents=[], compared_with=version)
    started[0].write(ev.Published(version="Scratch", version_id=scratch, path="x")).end("done")
    until(qtbot, lambda: window.context.bridge.active_run() is None)
    window.context.bridge.versions_changed.emit()
    until(qtbot, lambda: card.plot.isVisible())
    drawn = [curve.name for curve in card.plot._curves]
    assert len(drawn) == 2
    # The two have the very same weights here: nothing may be claimed.
    assert "cannot be told" in card._verdict.text()
    assert card.plot._curves[1].dashed
    assert len(card.plot._curves[0].x) == len(card.plot._curves[1].x) > 0
    by_steps = card.plot._curves[0].x.tolist()
    press(qtbot, card, "time")
    assert card.plot._curves[0].x.tolist() != by_steps


@pytest.mark.parametrize(
    ("objective", "details", "words"),
    [
        ("masked", {"masked_accuracy": 0.41}, ("pseudo bits/byte", "Blanks filled rightly", "41")),
        ("preference", {"accuracy": 0.75}, ("pair loss", "Better answer ahead", "75")),
        ("chat", {}, ("bits/byte of answers", "Perplexity", "148")),
    ],
)
def test_the_figures_are_those_of_the_objective(
    qtbot: QtBot, open_window: Opener, raised_home: Home, objective: str, details: dict[str, float],
    words: tuple[str, ...],
) -> None:  # fmt: skip
    recipe = {"steps": 100, "objective": objective}
    run = scripted(raised_home, "Ume", train_config("Ume", recipe=recipe)).steps(1, 40)
    run.write(ev.Evaluated(step=40, loss=5.0, bits_per_byte=2.5, best=True, details=details))
    run.write(ev.Sampled(step=40, prompt="A ____.", text="→ A cat.")).end("paused")
    window = open_window(raised_home)
    view = training(window, run).view
    until(qtbot, lambda: view.drawn)
    for word in words:
        assert word in texts(view.figures)
    fills = objective == "masked"
    assert (view.samples.title.text() == "What it fills in now") == fills
    assert view.loss.plot._baselines == []  # gzip and unigram predict the whole text.
    assert view.loss._unit.isVisible() == (objective != "preference")
    told = " ".join(card.text for card in window.screen_named("training").guide_cards())  # type: ignore[attr-defined]
    assert "practised guessing the next one" not in told
