"""Screens are built while the user's hands rest, so that a click finds them."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.shell.preparing import Preparing
from app.window import Window
from core.home import Home
from tests.app.support import Opener, shown, until

ALL = {"corpus", "training", "evaluation", "chat", "version", "settings"}


@pytest.fixture
def preparing(window: Window) -> Preparing:
    return window._preparing


def test_every_screen_is_built_though_nobody_opened_it_and_the_collector_is_spared(
    qtbot: QtBot, window: Window, open_window: Opener
) -> None:
    until(qtbot, lambda: set(window._screens) == ALL)
    until(qtbot, lambda: window._collecting.settled)
    assert gc.get_freeze_count() > 0
    assert window.screen_named("corpus").isVisible()
    assert not window.screen_named("chat").isVisible()
    assert window.context.bridge.engine.resident("chat").pid is None, "nothing may be loaded yet"
    open_window.close(window)
    assert gc.get_freeze_count() == 0


def test_nothing_is_built_while_the_user_works(
    qtbot: QtBot, window: Window, preparing: Preparing
) -> None:
    until(qtbot, lambda: preparing._waiting)
    handle = window.windowHandle()
    left = list(preparing._waiting)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.Wheel):
        preparing._touched = 0.0
        assert not preparing.eventFilter(handle, QEvent(kind)), "the event goes on its way"
        preparing._turn()
        assert preparing._waiting == left
    preparing._touched = 0.0
    QCoreApplication.sendEvent(handle, QEvent(QEvent.Type.UpdateRequest))
    preparing._turn()
    assert preparing._waiting == left[1:]
    until(qtbot, lambda: set(window._screens) == ALL)


def test_a_window_that_closes_early_builds_nothing_any_more(
    qtbot: QtBot, open_window: Opener, raised_home: Home
) -> None:
    window = open_window(raised_home)
    preparing = window._preparing
    until(qtbot, lambda: preparing._waiting)
    built = set(window._screens)
    window.leave("pause")
    assert not preparing._timer.isActive()
    assert set(window._screens) == built != ALL
    early = open_window(raised_home)
    early.leave("pause")
    early._prepare()
    assert not early._preparing._timer.isActive()


class _Mortal:
    """Part of a circle that only the collector can free; tells on which thread it dies."""

    def __init__(self, deaths: list[threading.Thread]) -> None:
        self.me = self
        self._deaths = deaths

    def __del__(self) -> None:
        self._deaths.append(threading.current_thread())


def test_the_collector_runs_on_the_windows_thread_only(qtbot: QtBot, window: Window) -> None:
    assert not gc.isenabled()
    deaths: list[threading.Thread] = []

    def work() -> None:
        for _ in range(3 * gc.get_threshold()[0]):
            _Mortal(deaths)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert deaths == []
    until(qtbot, lambda: deaths)
    assert set(deaths) == {threading.main_thread()}
    window.leave("pause")
    assert gc.isenabled()


def test_the_expert_fields_follow_the_fold_in_the_order_of_keys_and_its_values_survive_folding(
    qtbot: QtBot, window: Window
) -> None:
    window.go("training")
    form = window.screen_named("training").form  # type: ignore[attr-defined]
    assert not form._expert.isVisible()
    form._fold.click()
    assert form._expert.isVisible()
    names = form._expert.names()
    follower = form._fold.nextInFocusChain()
    while not follower.isVisible() or not follower.focusPolicy():
        follower = follower.nextInFocusChain()
    assert follower is form._expert.field(names[0])
    context = form._expert.field("context")
    assert isinstance(context, QLineEdit)
    context.setText("96")
    form._fold.click()
    assert not form._expert.isVisible()
    assert form.wanted().values["context"] == 96
    form._fold.click()
    assert context in set(shown(form, QLineEdit))
    assert context.text() == "96"
