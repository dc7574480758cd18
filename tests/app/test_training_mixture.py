"""Several corpora in the training form: what is offered, planned and handed to the engine."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.screens.training.screen import TrainingScreen
from app.window import Window
from core.files import read_json, write_json
from core.home import Home
from core.jobs.kinds import TrainJob
from tests.app.support import Opener
from tests.app.test_training_modes import pick, planned, settle


@pytest.fixture
def window(open_window: Opener, raised_home: Home) -> Window:
    """On a home with three corpora: Stories, Letters and 日記."""
    for name in ("Letters", "日記"):
        folder = raised_home.corpora / name
        shutil.copytree(raised_home.corpora / "Stories", folder)
        manifest = read_json(folder / "corpus.json")
        write_json(folder / "corpus.json", {**manifest, "id": name, "name": name})
    return open_window(raised_home)


@pytest.fixture
def submitted(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[TrainJob]:
    jobs: list[TrainJob] = []
    monkeypatch.setattr(
        window.context.bridge, "submit", lambda kind, config, title: jobs.append(config) or "none"
    )
    return jobs


def add(qtbot: QtBot, screen: TrainingScreen) -> None:
    qtbot.mouseClick(screen.form.mixture.more, Qt.MouseButton.LeftButton)
    settle(qtbot, screen)


def test_another_corpus_with_a_share_is_planned_and_trained(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    screen = planned(qtbot, window)
    form = screen.form
    form.choose_corpus("Stories")
    settle(qtbot, screen)
    plan = form.plan()
    assert plan is not None and plan.parts == [] and not form.plan_card._parts.isVisible()
    add(qtbot, screen)
    add(qtbot, screen)
    first, second = form.mixture._rows
    assert {first.name(), second.name()} == {"Letters", "日記"}
    assert not form.mixture.more.isVisible()  # There is no other.
    pick(qtbot, first.corpus, "日記")  # The two change places.
    assert (first.name(), second.name()) == ("日記", "Letters")
    first.count.setCurrentIndex(first.count.findData(2.0))
    first.count.activated.emit(2)
    qtbot.mouseClick(second.remove, Qt.MouseButton.LeftButton)
    settle(qtbot, screen)
    plan = form.plan()
    assert plan is not None
    assert [(part["corpus"], part["weight"]) for part in plan.parts] == [
        ("Stories", 1.0), ("日記", 2.0),
    ]  # fmt: skip
    one, two = (f"{part['passes']:.1f}" for part in plan.parts)
    assert form.plan_card._parts.text() == f"Stories {one} passes · 日記 {two} passes"
    form.set_name("Mix")
    screen.start()
    [job] = submitted
    assert job.corpus == "Stories"
    assert [(m.corpus, m.corpus_id, m.weight) for m in job.mixed] == [("日記", "日記", 2.0)]


def test_the_first_corpus_is_not_read_a_second_time(qtbot: QtBot, window: Window) -> None:
    screen = planned(qtbot, window)
    form = screen.form
    form.choose_corpus("Stories")
    add(qtbot, screen)
    name = form.mixture.chosen()[0][0]
    pick(qtbot, form._corpus, name)
    settle(qtbot, screen)
    assert form.mixture.chosen() == []
    assert form.mixture.more.isVisible()


def test_a_runs_corpora_are_shown_and_locked(qtbot: QtBot, window: Window) -> None:
    screen = planned(qtbot, window)
    form = screen.form
    form.show_run({
        "version": "Mix", "corpus": "Stories", "recipe": {"steps": 5},
        "mixed": [{"corpus": "Letters", "weight": 0.3}, {"corpus": "gone", "weight": 1.0}],
    })  # fmt: skip
    assert form.mixture.chosen() == [("Letters", 0.3)]
    assert form.mixture._rows[0].count.currentText() == "0.3×"
    form.set_locked(True, False)
    assert not form.mixture._rows[0].isEnabled() and not form.mixture.more.isVisible()
