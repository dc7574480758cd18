"""The window: seconds to the first paint, memory, stalls of the event loop while a training uses
every core, and what single clicks cost; beside a blank PySide6 window under the same load.

`python -m tests.benchmarks window [--long]`: 20 s of steady state, or 60 s.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from core.corpus.library import CorpusLibrary
from core.engine.engine import Engine
from core.home import Home
from core.jobs.kinds import ReadJob, TrainJob
from core.recipe import Recipe
from tests.benchmarks.common import ROOT, Row, long_run

PAIRS = 5
SAMPLE = ROOT / "resources" / "sample" / "stories"

_FIRST_PAINT = """
import json, sys, time, psutil
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seconds:
            self.seconds = time.time() - psutil.Process().create_time()
        return False
    seconds = 0.0

app = QApplication([])
watch = Watch()
app.installEventFilter(watch)
if len(sys.argv) > 1:
    from pathlib import Path
    from app.desktop import build
    from core.home import Home
    window = build(app, Home(Path(sys.argv[1])))
    window.show()
    QTimer.singleShot(0, lambda: window.begin([]))
else:
    window = QWidget()
    window.resize(1440, 900)
    window.show()
def end():
    memory = psutil.Process().memory_info().rss / 1e6
    if len(sys.argv) > 1:
        window.leave("keep")
    print(json.dumps({"seconds": watch.seconds, "memory": memory, "torch": "torch" in sys.modules}))
    app.quit()
QTimer.singleShot(4000, end)
app.exec()
"""

_STEADY = """
import json, sys, time, psutil
import numpy as np
from pathlib import Path
from PySide6.QtCore import QEvent, QTimer, Qt
from PySide6.QtWidgets import QApplication, QWidget

seconds = float(sys.argv[1])
app = QApplication([])
window = None
if len(sys.argv) > 2:
    from app.desktop import build
    from core.home import Home
    window = build(app, Home(Path(sys.argv[2])))
    window.resize(1440, 900)
    window.show()
    window.begin([])
else:
    blank = QWidget()
    blank.resize(1440, 900)
    blank.show()

def let(span):
    end = time.perf_counter() + span
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.002)

clicks = {}
def click(name, act):
    let(0.4)
    costs = []
    for _ in range(3):
        began = time.perf_counter()
        act()
        app.sendPostedEvents()
        app.processEvents()
        costs.append((time.perf_counter() - began) * 1000)
        let(0.25)
    clicks[name] = sorted(costs)[1]

SCREENS = ("corpus", "training", "evaluation", "chat", "version", "settings")
first = {}
if window is not None:
    let(1.5)
    for name in SCREENS:
        began = time.perf_counter()
        window.go(name)
        app.processEvents()
        first[name] = (time.perf_counter() - began) * 1000
        let(0.6)
    window.go("training")
let(2.0)
gaps = []
last = time.perf_counter()
def tick():
    global last
    now = time.perf_counter()
    gaps.append(now - last)
    last = now
timer = QTimer()
timer.setTimerType(Qt.TimerType.PreciseTimer)
timer.timeout.connect(tick)
timer.start(5)
QTimer.singleShot(int(seconds * 1000), lambda: app.exit(0))  # quit() would ask the window
last = time.perf_counter()
app.exec()
timer.stop()
stalls = np.maximum(0.0, np.array(gaps) * 1000 - 5)
if window is not None:
    def alone(name):
        window.go("settings" if name != "settings" else "chat")
        let(0.3)
        began = time.perf_counter()
        window.go(name)
        app.sendPostedEvents()
        app.processEvents()
        return (time.perf_counter() - began) * 1000
    for name in SCREENS:
        clicks[f"tab {name}"] = sorted(alone(name) for _ in range(3))[1]
    window.go("training")
    click("theme", window._toggle_theme)
    turn = iter(["ja", "en"] * 9)
    click("language", lambda: window.set_language(next(turn)))
    click("fold the shelf", window._toggle_shelf)
    click("guide", window._toggle_guide)
    turn2 = iter(["expert", "plain"] * 9)
    click("plain or expert", lambda: window._set_detail(next(turn2)))
    view = window.shelf.view
    click("version on the shelf", lambda: view.clicked.emit(view.model().index(0, 0)))
    window.go("training")
    plot = window.screen_named("training").view.loss
    kinds = iter(["loss", "bits"] * 9)
    click("bits or loss", lambda: plot.set_unit(next(kinds)))
print(json.dumps({
    "longest": float(stalls.max()), "p999": float(np.quantile(stalls, 0.999)),
    "ticks": len(gaps), "clicks": clicks, "first": first,
    "memory": psutil.Process().memory_info().rss / 1e6, "torch": "torch" in sys.modules,
}))
sys.stdout.flush()
if window is not None:
    window.leave("keep")
"""


def run() -> list[Row]:
    seconds = 60.0 if long_run() else 20.0
    with tempfile.TemporaryDirectory(prefix="terakoya-bench-") as temporary:
        home = Home(Path(temporary)).prepare()
        engine = Engine(home)
        try:
            _raise(engine, home)
            rows = _first_paint(home)
            training = _start_training(engine, home)
            ours = _script(_STEADY, str(seconds), str(home.path))
            blank = _script(_STEADY, str(seconds))
            alive = engine.record(training).active
        finally:
            engine.close(keep_trainings=False)
    assert alive, "the training ended before the measurement did"
    return rows + _steady_rows(ours, blank, seconds)


def _raise(engine: Engine, home: Home) -> None:
    """The sample as a corpus, and a small version of it, so that every tab has something to show."""
    read = engine.submit("read", ReadJob(corpus="Sample", paths=[str(SAMPLE)]), "Sample")
    assert engine.wait(read).state == "done", engine.record(read).error
    run_id = engine.submit(
        "train", _job(home, "First", Recipe(steps=60, parameters=500_000)), "First"
    )
    assert engine.wait(run_id).state == "done", engine.record(run_id).error


def _job(home: Home, name: str, recipe: Recipe) -> TrainJob:
    corpus = CorpusLibrary(home).get("Sample")
    tokenizer = corpus.tokenizer.hash if corpus.tokenizer else ""
    return TrainJob(
        version=name, corpus="Sample", snapshot=corpus.snapshot, tokenizer=tokenizer,
        recipe=recipe, title=name,
    )  # fmt: skip


def _start_training(engine: Engine, home: Home) -> str:
    recipe = Recipe(steps=1_000_000, parameters=1_000_000, evaluations=1000)
    run_id = engine.submit("train", _job(home, "Long", recipe), "Long")
    while len(engine.record(run_id).metrics) < 10 and engine.record(run_id).active:
        engine.wait(run_id, 0.2)
    return run_id


def _script(code: str, *arguments: str) -> dict[str, Any]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, check=True, timeout=300,
    )  # fmt: skip
    return json.loads(done.stdout.strip().splitlines()[-1])


def _first_paint(home: Home) -> list[Row]:
    """Paired runs: ours, blank, ours, blank …"""
    pairs = [(_script(_FIRST_PAINT, str(home.path)), _script(_FIRST_PAINT)) for _ in range(PAIRS)]

    def row(name: str, key: str, unit: str, target: str) -> Row:
        ours, blank = (statistics.median(pair[side][key] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[0][key] / pair[1][key] for pair in pairs)
        return Row(
            name=name, value=ours, unit=unit, target=target,
            against=f"blank window {blank:.3g} {unit}", ratio=ratio,
        )  # fmt: skip

    imported = float(any(pair[0]["torch"] for pair in pairs))
    return [
        row("first paint", "seconds", "s", "≤ 1.5"),
        row("memory four seconds later", "memory", "MB", "≤ 250"),
        Row(name="torch imported", value=imported, unit="runs", target="0"),
    ]


def _steady_rows(ours: dict[str, Any], blank: dict[str, Any], seconds: float) -> list[Row]:
    note = f"{seconds:.0f} s, 5 ms timer, training on every core"
    rows: list[Row] = []
    for name, key, target in (
        ("longest stall", "longest", "≤ 100"),
        ("99.9th percentile of stalls", "p999", "≤ 20"),
    ):
        rows.append(
            Row(
                name=name, value=ours[key], unit="ms", target=target, note=note,
                against=f"blank window {blank[key]:.3g} ms",
                ratio=ours[key] / blank[key] if blank[key] else None,
            )
        )  # fmt: skip
    rows.append(
        Row(name="memory with every tab open", value=ours["memory"], unit="MB", target="≤ 250",
            against=f"blank window {blank['memory']:.3g} MB", ratio=ours["memory"] / blank["memory"])
    )  # fmt: skip
    for name, cost in ours["first"].items():
        rows.append(Row(name=f"first opening of {name}", value=cost, unit="ms"))
    for name, cost in ours["clicks"].items():
        rows.append(Row(name=f"click: {name}", value=cost, unit="ms", target="≤ 100"))
    return rows
