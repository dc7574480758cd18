"""What the tests of the window share: opening and closing it, finding controls, scripted runs."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.desktop import build
from app.preferences import Preferences
from app.theme.palette import active
from app.window import Window
from core import events as ev
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.jobs.kinds import KINDS
from core.training.findings import finding

WidgetT = TypeVar("WidgetT", bound=QWidget)
PATIENCE = 30_000
"""Milliseconds that a condition may take on a busy machine before the test gives up."""


def keep_from_the_collector() -> None:
    """What lives stays, torch above all: the end of each window would look through it."""
    gc.collect()
    gc.freeze()


class Opener:
    """Opens windows and closes what is still open."""

    def __init__(self, app: QApplication, qtbot: QtBot) -> None:
        self._app, self._qtbot = app, qtbot
        self._open: list[Window] = []
        if (
            gc.get_freeze_count() == 0
        ):  # A window before gave back what was kept from the collector.
            keep_from_the_collector()

    def __call__(
        self, home: Home, language: str = "en", size: tuple[int, int] = (1440, 900),
        paths: list[str] | None = None, **preferences: Any,
    ) -> Window:  # fmt: skip
        """Show the window as main.py does; returns when old runs have been read."""
        kept: dict[str, Any] = {"theme": "light", "closing": "pause", "window": list(size)}
        Preferences(home).set(**(kept | {"language": language} | preferences))
        window = build(self._app, home)
        self._open.append(window)
        window.resize(*size)
        window.show()
        with self._qtbot.waitSignal(window.context.bridge.versions_changed, timeout=PATIENCE):
            window.begin(paths or [])
        self._app.processEvents()
        return window

    def close(self, window: Window, answer: str = "pause") -> None:
        """Close as the user does who gave `answer`."""
        self._open.remove(window)
        window.leave(answer)  # type: ignore[arg-type]
        self.forget(window)

    def forget(self, window: Window) -> None:
        """Free a window that has been closed."""
        if window in self._open:
            self._open.remove(window)
        window.close()
        theme = window.context.theme
        window.language.set("en")
        window.context.bridge.deleteLater()
        window.deleteLater()
        theme._images.cleanup()
        theme.deleteLater()
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[arg-type]
        self._app.processEvents()
        gc.collect()  # Here, and not on a thread of the next test.

    def close_all(self) -> None:
        for window in list(self._open):
            self.close(window)
        active.scale = 1.0


# ---- finding and pressing --------------------------------------------------------------------


def shown(root: QWidget, kind: type[WidgetT] = QWidget) -> Iterator[WidgetT]:  # type: ignore[assignment]
    """Every visible widget of a kind under `root`."""
    for widget in root.findChildren(kind):
        if widget.isVisible():
            yield widget


def named(root: QWidget, name: str, kind: type[WidgetT] = QWidget) -> WidgetT:  # type: ignore[assignment]
    """The visible control that a screen reader calls `name`."""
    found = [w for w in shown(root, kind) if spoken_name(w) == name]
    if len(found) != 1:
        known = sorted({spoken_name(w) for w in shown(root, kind)} - {""})
        raise AssertionError(f"{len(found)} controls are called {name!r}; there are: {known}")
    return found[0]


def spoken_name(widget: QWidget) -> str:
    """What a screen reader says: the accessible name, else the text."""
    text = getattr(widget, "text", None)
    plain = text() if callable(text) else ""
    return (widget.accessibleName() or str(plain)).replace("&&", "&").strip()


def press(qtbot: QtBot, root: QWidget, name: str) -> None:
    """Click the button called `name` with the mouse."""
    button = named(root, name, QAbstractButton)
    assert button.isEnabled(), f"{name!r} cannot be pressed"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def question(window: QWidget) -> QDialog:
    """The dialog that is open over the window."""
    found = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    assert len(found) == 1, f"{len(found)} dialogs are open"
    return found[0]


def fill_in(qtbot: QtBot, window: QWidget, text: str, button: str = "Save") -> str:
    """Write into the open dialog and press a button; the fault it tells, if it stays open."""
    dialog = question(window)
    (field,) = [*shown(dialog, QLineEdit), *shown(dialog, QPlainTextEdit)]
    field.clear()
    if isinstance(field, QLineEdit):
        field.insert(text)
    else:
        field.insertPlainText(text)
    press(qtbot, dialog, button)
    if not dialog.isVisible():
        return ""
    fault = " ".join(label.text() for label in shown(dialog, QLabel) if label.property("tone"))
    press(qtbot, dialog, "Cancel")
    return fault


def until(qtbot: QtBot, condition: Callable[[], object], timeout: int = PATIENCE) -> None:
    """Let the window work until `condition` holds."""
    qtbot.waitUntil(lambda: bool(condition()), timeout=timeout)


def copy_version(home: Home, name: str, new: str) -> str:
    """Another version with the same files, one second younger; returns its id."""
    shutil.copytree(home.versions / name, home.versions / new)
    path = home.versions / new / "version.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data |= {"id": "second", "name": new, "title": new, "created": data["created"] + 1}
    path.write_text(json.dumps(data), encoding="utf-8")
    return "second"


# ---- scripted runs ---------------------------------------------------------------------------


def train_config(title: str, corpus: str = "Stories", **changes: Any) -> dict[str, Any]:
    """The configuration of a training that only its events tell of."""
    values = {
        "version": title, "corpus": corpus, "snapshot": "s", "tokenizer": "t", "title": title,
        "recipe": {"steps": 100},
    }  # fmt: skip
    return KINDS["train"].config.model_validate(values | changes).model_dump(mode="json")


class ScriptedRun:
    """A job folder whose worker is the test: real events, no training.

    While the script runs, the test holds the worker's lock, so that the run counts as alive.
    """

    def __init__(self, home: Home, title: str = "Ume", kind: str = "train", **config: Any) -> None:
        values = config or train_config(title)
        self.folder = JobFolder.create(home.runs, kind, title, values)
        self._lock = self.folder.rank_lock(0)
        self._lock.acquire()
        self.folder.write_rank(0)
        self._writer = EventWriter(self.folder, 1)

    @property
    def id(self) -> str:
        return self.folder.id

    def write(self, *events: ev.Event) -> ScriptedRun:
        for event in events:
            self._writer.write(event)
        return self

    def begin(self) -> ScriptedRun:
        plan = {"steps": 100, "parameters": 120_000, "context": 64, "batch": 4}
        return self.write(
            ev.Started(from_step=0, pid=os.getpid(), device="cpu"), ev.Planned(plan=plan),
            ev.Phase(name="training"),
        )  # fmt: skip

    def steps(self, first: int, last: int) -> ScriptedRun:
        """Metrics of some steps, the loss falling from 6 nats."""
        numbers = list(range(first, last + 1))
        columns: dict[str, list[float | int | None]] = {
            "step": list(numbers), "loss": [6 - 0.03 * n for n in numbers],
            "rate": [0.02] * len(numbers), "gradient_norm": [0.5] * len(numbers),
            "tokens": [256 * n for n in numbers], "tokens_per_second": [5000.0] * len(numbers),
        }  # fmt: skip
        return self.write(
            ev.Metrics(columns=columns), ev.Progress(done=last, total=100, unit="steps", eta=90.0)
        )

    def tell_cost_and_health(self) -> ScriptedRun:
        """A plan with all its figures, what was measured, and two findings."""
        plan = {
            "steps": 100, "parameters": 120_000, "context": 64, "batch": 4, "micro_batch": 2,
            "layers": 1, "precision": "bf16", "threads": 2, "device": "cpu", "compiled": True,
            "seconds": 100.0, "step_seconds": 0.05, "memory_bytes": 5e8, "energy_wh": 0.8,
        }  # fmt: skip
        measured = {
            "seconds_forecast": 100.0, "seconds_now": 140.0, "memory_forecast": 5e8,
            "memory_peak": 6e8, "watts": 30.0, "energy_wh": 0.4, "energy_source": "estimate",
            "co2_g": 0.2, "cost": 0.01, "currency": "JPY",
        }  # fmt: skip
        found = [finding("slow-busy", percent="60"), finding("learning")]
        return self.write(
            ev.Planned(plan=plan), ev.Measured(data=measured),
            ev.Health(step=1, findings=[one.to_json() for one in found]),
        )  # fmt: skip

    def test(self, step: int, bits: float, best: bool = True) -> ScriptedRun:
        return self.write(ev.Evaluated(step=step, loss=bits * 2, bits_per_byte=bits, best=best))

    def end(self, outcome: str, code: str = "", **values: Any) -> ScriptedRun:
        """The worker's last word, and its end."""
        self.write(ev.Ended(outcome=outcome, code=code, values=values))  # type: ignore[arg-type]
        return self.vanish()

    def vanish(self) -> ScriptedRun:
        """The end of the worker, without a word."""
        self._writer.close()
        self._lock.release()
        return self

    def __enter__(self) -> ScriptedRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        self.vanish()
