"""Everything by keyboard, everything with a name, nothing cut: on every screen, at every size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.widgets.controls import ElidedLabel, IconLabel
from app.window import Window
from core import events as ev
from core.home import Home
from tests.app.support import Opener, ScriptedRun, shown, spoken_name, until

SIZES = [(1440, 900), (1100, 720), (960, 600)]
SCREENS = ("corpus", "training", "evaluation", "chat", "version", "settings")
CONTROLS = (
    QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractSlider, QAbstractSpinBox,
)  # fmt: skip


@pytest.fixture
def busy_home(raised_home: Home, instant_chat: None) -> Home:
    """Banners, curves, samples and guesses are all there."""
    run = ScriptedRun(raised_home).begin().tell_cost_and_health().steps(1, 30).test(30, 2.5)
    run.write(
        ev.Sampled(step=30, prompt="One day, ", text="a fox came home and slept"),
        ev.Guessed(step=30, cells=[{"text": "fox", "probability": 0.5, "rank": 1}]),
        ev.Checkpoint(step=30, path="checkpoints/step-00000030"),
    )
    run.end("paused")
    return raised_home


def visit(window: Window, qtbot: QtBot) -> Iterator[str]:
    """Each screen in turn, laid out."""
    for name in SCREENS:
        window.go(name)
        if name == "chat":
            until(qtbot, lambda: window.screen_named("chat")._loaded)  # type: ignore[attr-defined]
        if name == "training":
            form = window.screen_named("training").form  # type: ignore[attr-defined]
            until(qtbot, lambda form=form: form.plan() is not None and not form._timer.isActive())
        settle(qtbot)
        yield name


def settle(qtbot: QtBot) -> None:
    """Let every layout that was asked for be done: one may ask for another."""
    for _ in range(5):
        qtbot.wait(10)
        QApplication.sendPostedEvents()


def controls(root: QWidget) -> Iterator[QWidget]:
    for widget in shown(root):
        inner = isinstance(widget.parentWidget(), (QComboBox, QAbstractSpinBox, QLineEdit))
        if isinstance(widget, CONTROLS) and not isinstance(widget, QScrollBar) and not inner:
            yield widget


def words(widget: QWidget) -> str:
    return (
        f"{type(widget).__name__} {spoken_name(widget)!r} in {type(widget.parentWidget()).__name__}"
    )


# ---- names and keys --------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_control_has_a_name_for_screen_readers(
    qtbot: QtBot, open_window: Opener, busy_home: Home, language: str
) -> None:
    window = open_window(busy_home, language=language, detail="expert")
    nameless = [
        f"{name}: {words(control)}"
        for name in visit(window, qtbot)
        for control in controls(window)
        if not spoken_name(control)
    ]
    assert not nameless, "\n".join(nameless)


def test_every_enabled_control_is_reached_by_tab(
    qtbot: QtBot, open_window: Opener, busy_home: Home
) -> None:
    window = open_window(busy_home, detail="expert")
    missed: list[str] = []
    for name in visit(window, qtbot):
        window.setFocus()
        reached: set[QWidget] = set()
        for _ in range(400):
            qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
            now = window.focusWidget()
            if now is None or (now in reached and len(reached) > 1):
                break
            reached.add(now)
        for control in controls(window):
            exclusive = isinstance(control, QAbstractButton) and control.group() is not None
            if control.isEnabled() and control not in reached and not exclusive:
                missed.append(f"{name}: {words(control)}")
    assert not missed, "\n".join(missed)


def test_arrows_move_within_a_group_of_choices(qtbot: QtBot, window: Window) -> None:
    window.go("settings")
    screen = window.screen_named("settings")
    theme = screen._theme  # type: ignore[attr-defined]
    theme.button(theme.index()).setFocus()
    qtbot.keyClick(theme.button(theme.index()), Qt.Key.Key_Left)
    assert window.focusWidget() in [theme.button(i) for i in range(3)]


def test_targets_are_at_least_24_pixels_high(
    qtbot: QtBot, open_window: Opener, busy_home: Home
) -> None:
    window = open_window(busy_home)
    small = [
        f"{name}: {words(control)} is {control.width()}x{control.height()}"
        for name in visit(window, qtbot)
        for control in controls(window)
        if isinstance(control, (QAbstractButton, QComboBox, QLineEdit))
        and control.property("kind") != "link"
        and min(control.width(), control.height()) < 24
    ]
    assert not small, "\n".join(small)


# ---- nothing cut -----------------------------------------------------------------------------


def is_cut(widget: QWidget) -> str:
    """Why a text cannot be read whole, or ""."""
    if isinstance(widget, (IconLabel, ElidedLabel)):
        return ""  # The one has no text, the other tells the whole in its hint.
    if isinstance(widget, QLabel):
        if not widget.text():
            return ""
        if widget.wordWrap():
            wanted = widget.heightForWidth(widget.width())
            return f"needs {wanted} px of height" if wanted > widget.height() + 1 else ""
        hint = widget.sizeHint()
        if hint.width() > widget.width() + 1:
            return f"needs {hint.width()} px of width"
        return f"needs {hint.height()} px of height" if hint.height() > widget.height() + 1 else ""
    if isinstance(widget, (QPushButton, QCheckBox)) and widget.text():
        metrics = widget.fontMetrics()
        text = metrics.horizontalAdvance(widget.text().replace("&&", "&"))
        icon = 0 if widget.icon().isNull() else widget.iconSize().width() + 4
        padding = 0 if widget.property("kind") in ("link", "seg") else 8
        if text + icon + padding > widget.width() + 1:
            return f"needs {text + icon + padding} px of width"
    if isinstance(widget, QComboBox):
        return ""  # The list shows the whole.
    return ""


def leaves_its_parent(widget: QWidget) -> bool:
    """Whether a part lies outside an ancestor that does not scroll."""
    area = QRect(QPoint(0, 0), widget.size())
    child, parent = widget, widget.parentWidget()
    while parent is not None and not isinstance(parent.parentWidget(), QScrollArea):
        area.translate(child.pos())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(area):
            return True
        if parent.isWindow():
            return False
        child, parent = parent, parent.parentWidget()
    return False


def sideways(widget: QWidget) -> bool:
    """Whether a part is cut at the side of a scroll area that scrolls up and down only."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if parent is None:
        return False
    view = parent.viewport()
    left = widget.mapTo(view, QPoint(0, 0)).x()
    return left < -1 or left + widget.width() > view.width() + 1


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_is_cut_on_any_screen(
    qtbot: QtBot, open_window: Opener, busy_home: Home, language: str, size: tuple[int, int]
) -> None:
    window = open_window(busy_home, language=language, size=size)
    assert (window.width(), window.height()) == size
    cut: list[str] = []
    for name in visit(window, qtbot):
        for widget in shown(window):
            if not isinstance(widget, (QLabel, QAbstractButton)):
                continue
            reason = is_cut(widget)
            if not reason and spoken_name(widget):
                reason = "leaves its parent" if leaves_its_parent(widget) else reason
                reason = "is cut at the side" if sideways(widget) else reason
            if reason:
                cut.append(f"{name}: {words(widget)} {widget.width()}x{widget.height()} {reason}")
    assert not cut, "\n".join(cut)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_is_cut_on_the_first_run_and_the_tour(
    qtbot: QtBot, open_window: Opener, empty_home: Home, language: str
) -> None:
    cut: list[str] = []
    for size in SIZES:
        window = open_window(empty_home, language=language, size=size)
        screen = window.screen_named("corpus")
        for page in (screen.first, screen.tour):  # type: ignore[attr-defined]
            screen._stack.setCurrentWidget(page)  # type: ignore[attr-defined]
            settle(qtbot)
            cut += [
                f"{size} {type(page).__name__}: {words(label)} {is_cut(label)}"
                for label in shown(page)
                if isinstance(label, (QLabel, QAbstractButton)) and is_cut(label)
            ]
        open_window.close(window)
    assert not cut, "\n".join(cut)
