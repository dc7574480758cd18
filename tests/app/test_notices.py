"""What the tray tells of a training while the user is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.shell.notices import Notices
from app.window import Window
from core import events as ev
from core.home import Home
from tests.app.support import Opener, ScriptedRun, until


class Tray(QObject):
    """The part of QSystemTrayIcon that is used; the offscreen platform has no tray."""

    messageClicked = Signal()
    activated = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []
        self.visible = False

    def show(self) -> None:
        self.visible = True

    def hide(self) -> None:
        self.visible = False

    def setToolTip(self, text: str) -> None:
        del text

    def showMessage(self, title: str, text: str, *_: object) -> None:
        assert self.visible
        self.told.append((title, text))


@pytest.fixture
def tray() -> Iterator[Tray]:
    made = Tray()
    yield made
    made.deleteLater()


def watch(window: Window, tray: Tray, monkeypatch: pytest.MonkeyPatch) -> Notices:
    """The window's notices with our tray; the user works in another program."""
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    window.notices._make = lambda: tray  # type: ignore[assignment, return-value]
    return window.notices


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "“Ume” is on the shelf", "The training has ended: 1.31 bits per byte on unseen text."),
        ("ja", None, "1.31"),
    ],
)  # fmt: skip
def test_a_training_that_is_done_is_told_and_a_click_brings_the_window(
    qtbot: QtBot, open_window: Opener, raised_home: Home, tray: Tray,
    monkeypatch: pytest.MonkeyPatch, language: str, title: str | None, text: str,
) -> None:  # fmt: skip
    with ScriptedRun(raised_home).begin().steps(1, 5).test(5, 1.31) as run:
        window = open_window(raised_home, language)
        watch(window, tray, monkeypatch)
        until(qtbot, lambda: window.context.bridge.active_run("train"))
        run.end("done")
        until(qtbot, lambda: tray.told)
    [(told_title, told_text)] = tray.told
    assert title is None or told_title == title
    assert "Ume" in told_title
    assert text in told_text
    window.go("settings")
    tray.messageClicked.emit()
    assert window.stack.currentWidget() is window.screen_named("training")


def test_a_failure_and_a_full_disk_are_told_and_a_pause_is_not(
    qtbot: QtBot,
    open_window: Opener,
    raised_home: Home,
    tray: Tray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        ScriptedRun(raised_home, "Ume").begin() as run,
        ScriptedRun(raised_home, "Take").begin() as other,
    ):
        window = open_window(raised_home)
        watch(window, tray, monkeypatch)
        bridge = window.context.bridge
        until(qtbot, lambda: len([r for r in bridge.runs("train") if r.active]) == 2)
        run.write(ev.Phase(name="waiting-for-room"))
        until(qtbot, lambda: tray.told)
        run.write(ev.Heartbeat(), ev.Heartbeat())  # The same news is told once.
        other.end("paused")
        until(qtbot, lambda: not bridge.record(other.id).active)  # type: ignore[union-attr]
        run.end("failed", "out-of-memory", device="cpu")
        until(qtbot, lambda: len(tray.told) > 1)
    assert [title for title, _ in tray.told] == [
        "“Ume” waits: the disk is full", "The training of “Ume” has stopped",
    ]  # fmt: skip
    assert tray.told[1][1].startswith("The memory of cpu was not enough.")


def test_nothing_is_told_to_who_looks_or_does_not_want_it(
    qtbot: QtBot,
    open_window: Opener,
    raised_home: Home,
    tray: Tray,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        ScriptedRun(raised_home, "Ume").begin() as run,
        ScriptedRun(raised_home, "Take").begin() as other,
    ):
        window = open_window(raised_home)
        watch(window, tray, monkeypatch)
        bridge = window.context.bridge
        until(qtbot, lambda: len([r for r in bridge.runs("train") if r.active]) == 2)
        monkeypatch.setattr(window, "isActiveWindow", lambda: True)
        run.end("failed", "out-of-memory", device="cpu")
        until(qtbot, lambda: not bridge.record(run.id).active)  # type: ignore[union-attr]
        monkeypatch.setattr(window, "isActiveWindow", lambda: False)
        window.context.preferences.set(end_notices=False)
        other.end("failed", "out-of-memory", device="cpu")
        until(qtbot, lambda: not bridge.record(other.id).active)  # type: ignore[union-attr]
        qtbot.wait(150)
    assert tray.told == []
