"""The cards of the training tab by themselves: plan and reality, health, devices, how it computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.screens.training.devices import (
    DeviceChoice,
    computing_text,
    device_text,
    machine_for,
)
from app.screens.training.health_card import HealthCard
from app.screens.training.length_picker import LengthPicker
from app.screens.training.mini_cards import MiniCards
from app.screens.training.reality import reality_of
from app.screens.training.reality_card import RealityCard
from app.theme.manager import ThemeManager
from core import accelerators
from core import events as ev
from core.engine.record import JobRecord
from core.hardware import Device, cpu_name
from core.jobfolder import Job
from core.planning.machine import Machine
from core.sentences import Sentence
from core.training.findings import finding
from tests.app.support import shown

PLAN: dict[str, Any] = {
    "steps": 1000, "batch": 32, "micro_batch": 8, "context": 128, "step_seconds": 0.16,
    "seconds": 200.0, "memory_bytes": 500e6, "energy_wh": 2.0, "precision": "bf16", "threads": 2,
    "device": "cpu",
}  # fmt: skip
MEASURED: dict[str, Any] = {
    "seconds_forecast": 200.0, "seconds_now": 280.0, "memory_forecast": 500e6,
    "memory_peak": 530e6, "watts": 36.0, "energy_wh": 1.4, "energy_source": "estimate",
    "co2_g": 0.66, "cost": 0.04, "currency": "EUR",
}  # fmt: skip
WARNING = Sentence("Errors", "Only a test.")


def record(*events: ev.Event, title: str = "Ume") -> JobRecord:
    """A run that these events tell of."""
    made = JobRecord(Job("run", "train", title, 0.0, {}))
    for event in (ev.Started(attempt=1, time=100.0, device=cpu_name()), *events):
        made.apply(event)
    return made


def health(*codes: str, step: int = 5, **values: Any) -> ev.Health:
    return ev.Health(step=step, findings=[finding(code, **values).to_json() for code in codes])


def steps(speed: float, eta: float | None = 60.0) -> tuple[ev.Event, ...]:
    columns: dict[str, list[float | int | None]] = {"step": [1], "tokens_per_second": [speed]}
    return ev.Metrics(columns=columns), ev.Progress(done=1, total=2, unit="steps", eta=eta)


@pytest.mark.parametrize(
    ("decay", "half", "end"),
    [
        ({"shape": "linear", "floor": 0.0}, 0.01, 0.0),
        ({"shape": "cosine", "floor": 0.1}, 0.011, 0.002),
    ],
)
def test_the_rate_that_is_to_come_falls_as_the_run_will(
    put: Callable[[QWidget], None], decay: dict[str, Any], half: float, end: float
) -> None:
    """Drawn from the newest step on: constant up to step 400, then down to step 1,000."""
    columns: dict[str, list[float | int | None]] = {"step": [100, 200], "rate": [0.02, 0.02]}
    plan = {**PLAN, "warmup": 10, "decay_from": 400, "decay": decay}
    cards = MiniCards()
    put(cards)
    cards.show_record(record(ev.Planned(plan=plan), ev.Metrics(columns=columns)))
    x, y = cards.rate.plot._future.getData()
    assert (x[0], x[1], x[-1]) == (200, 400, 1000)
    assert (y[0], y[1], y[-1]) == pytest.approx((0.02, 0.02, end))
    assert np.interp(700, x, y) == pytest.approx(half, rel=0.01)


@pytest.fixture
def put(qtbot: QtBot, theme: ThemeManager) -> Callable[[QWidget], None]:
    """Show a card in a window of its own."""

    def show(card: QWidget) -> None:
        frame = QWidget()
        card.setParent(frame)
        card.resize(640, 400)
        qtbot.addWidget(frame)
        theme.adopt(frame)
        frame.resize(640, 400)
        card.retranslate()  # type: ignore[attr-defined]
        frame.show()

    return show


# ---- plan and reality ------------------------------------------------------------------------


def test_each_figure_stands_beside_its_forecast_with_the_difference_and_a_word(
    put: Callable[[QWidget], None],
) -> None:
    card = RealityCard()
    put(card)
    card.show_record(record(ev.Planned(plan=PLAN), ev.Measured(data=MEASURED), *steps(15_000)))
    told = {
        f.label.text(): (f.planned.full_text(), f.value.full_text(), f.word.full_text())
        for f in (card.time, card.speed, card.memory, card.energy)
    }
    assert told == {
        "Time": ("3 min 20 s", "4 min 40 s", "longer +40 %"),
        "Speed": ("25.6k tok/s", "15.0k tok/s", "slower −41 %"),  # noqa: RUF001
        "Memory": ("500 MB", "530 MB", "on plan +6 %"),
        "Energy": ("2.0 Wh", "≈ 2.0 Wh", "on plan"),  # 1.4 Wh and a minute of 36 W.
    }
    assert card.time.word.property("tone") == "warn"
    assert card.memory.word.property("tone") == "ok"
    hint = card.energy.value.toolTip()
    assert "Estimated" in hint
    assert "1.4 Wh, 0.7 g of CO₂, €0.04" in hint
    assert "Time: 4 min 40 s (planned 3 min 20 s), longer +40 %" in card.accessibleName()


def test_a_slower_run_says_why_as_far_as_its_health_knows(
    put: Callable[[QWidget], None],
) -> None:
    card = RealityCard()
    put(card)
    run = record(ev.Planned(plan=PLAN), ev.Measured(data=MEASURED), *steps(25_000))
    card.show_record(run)
    assert "A step takes longer" in card._why.text()
    run.apply(health("diverging", "slow-hot", percent="60"))
    card.show_record(run)
    assert card._why.text() == (
        "It trains at 60 % of its usual speed: the computer is hot and slows itself down."
    )
    run.apply(health("slow-hot", percent="60"))  # The first finding stands in the card of health.
    card.show_record(run)
    assert not card._why.isVisible()


def test_what_is_not_measured_yet_is_no_number_and_no_verdict(
    put: Callable[[QWidget], None],
) -> None:
    card = RealityCard()
    put(card)
    card.show_record(record())
    assert not card.isVisible()  # Nothing is planned.
    card.show_record(record(ev.Planned(plan=PLAN), *steps(26_000)))
    assert card.isVisible()
    assert (card.time.value.full_text(), card.time.word.full_text()) == ("—", "not yet known")
    assert card.speed.word.full_text() == "on plan +2 %"
    nothing = dict.fromkeys(MEASURED)
    card.show_record(record(ev.Planned(plan=PLAN), ev.Measured(data=nothing), *steps(26_000)))
    assert card.energy.value.full_text() == "—"


def test_a_run_of_an_older_terakoya_is_compared_by_what_its_events_tell() -> None:
    run = record(ev.Planned(plan=PLAN), ev.Ended(outcome="done", time=320.0))
    found = reality_of(run)
    assert found is not None
    assert found.time.real == 220.0
    assert found.time.verdict == "planned"
    assert found.memory.real is None
    assert found.memory.verdict == ""
    assert reality_of(record(ev.Planned(plan={"steps": 5}))) is None


def test_an_ended_run_shows_the_energy_it_took_not_a_forecast() -> None:
    events = ev.Planned(plan=PLAN), ev.Measured(data=MEASURED), *steps(25_000)
    going, ended = (
        reality_of(record(*events)),
        reality_of(record(*events, ev.Ended(outcome="done"))),
    )
    assert going is not None
    assert ended is not None
    assert going.energy.real == pytest.approx(1.4 + 36 * 60 / 3600)
    assert ended.energy.real == 1.4


def test_the_table_is_turned_over_where_it_is_narrow(
    qtbot: QtBot, put: Callable[[QWidget], None]
) -> None:
    card = RealityCard()
    put(card)
    card.show_record(record(ev.Planned(plan=PLAN), ev.Measured(data=MEASURED), *steps(25_000)))
    qtbot.waitUntil(lambda: card.speed.label.mapTo(card, card.rect().topLeft()).x() > 200)
    assert card.time.label.mapTo(card, card.rect().topLeft()).y() < card.time.value.y()
    card.resize(330, 400)
    qtbot.waitUntil(lambda: card.time.value.y() < card.speed.value.y())
    assert card.time.value.x() > card.time.planned.x()


# ---- health ----------------------------------------------------------------------------------


def test_the_most_important_finding_is_told_in_words_and_the_others_on_demand(
    qtbot: QtBot, put: Callable[[QWidget], None]
) -> None:
    card = HealthCard()
    put(card)
    run = record(health("learning", "slow-busy", percent="64"))
    run.apply(ev.Warned(code="x", step=3, sentence=WARNING.to_json()))
    run.apply(ev.Warned(code="x", step=4, sentence=WARNING.to_json()))
    card.show_record(run)
    told = [label.text() for label in shown(card, QLabel) if label.text()]
    assert told == [
        "<b>Watch out</b>: It trains at 64 % of its usual speed: another program keeps the processor "
        "busy. Nothing is lost: it only takes longer."
    ]
    assert card.property("surface") == "warn"
    assert card._more.text() == "2 more"
    qtbot.mouseClick(card._more, Qt.MouseButton.LeftButton)
    told = [label.text() for label in shown(card, QLabel) if label.text()]
    assert told[1] == "<b>This happened</b> (step 4): Only a test."
    assert told[2].startswith("<b>All is well</b>: It learns well")
    card.show_record(record())
    assert not card.isVisible()


def test_what_a_finding_says_is_never_taken_for_markup(put: Callable[[QWidget], None]) -> None:
    card = HealthCard()
    put(card)
    sentence = Sentence("Errors", "<i>{name}</i>", {"name": "<img src=x>"})
    card.show_record(record(ev.Warned(code="x", sentence=sentence.to_json())))
    (told,) = [label.text() for label in shown(card, QLabel) if label.text()]
    assert told == "<b>This happened</b>: &lt;i&gt;&lt;img src=x&gt;&lt;/i&gt;"


def test_screen_readers_hear_a_new_finding_of_the_running_training_once_and_politely(
    put: Callable[[QWidget], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, object]] = []

    def hear(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            heard.append((event.message(), event.politeness()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(hear))
    card = HealthCard()
    put(card)
    run = record(health("diverging"))
    card.show_record(run)
    card.show_record(run)
    ((message, politeness),) = heard
    assert message.startswith("Trouble: The loss rises")
    assert politeness == QAccessible.AnnouncementPoliteness.Polite
    run.apply(ev.Ended(outcome="paused"))
    run.health = health("overfitting", percent="4", step=3)
    card.show_record(run)
    assert len(heard) == 1


# ---- devices ---------------------------------------------------------------------------------

CARD = Device("cuda:0", "CUDA", "NVIDIA GeForce RTX 4090", 24 << 30)
TWIN = Device("cuda:1", "CUDA", "NVIDIA GeForce RTX 4090", 24 << 30)
OLD = Device("", "CUDA", "NVIDIA GeForce GTX 750", 2 << 30, fault=accelerators.cpu_build())
CPU = Device("cpu", "CPU", cpu_name(), 16 << 30)


def test_a_device_is_chosen_only_where_there_is_a_choice(
    put: Callable[[QWidget], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")  # Elsewhere GPUs do not train together.
    choice = DeviceChoice()
    put(choice)
    choice.show_devices([CPU])
    assert not choice.isVisible()
    choice.show_devices([CARD, TWIN, CPU])
    assert choice.combo.isVisible()
    labels = [choice.combo.itemText(i) for i in range(choice.combo.count())]
    assert labels[0] == "automatic: 2 × NVIDIA GeForce RTX 4090"  # noqa: RUF001
    assert choice.value() == "auto"
    choice.show_devices([CARD, OLD, CPU])  # Not all can be used: one trains alone.
    assert choice.combo.itemText(0) == "automatic: NVIDIA GeForce RTX 4090"
    apple = Device("mps", "Metal", "Apple M3", 16 << 30)
    choice.show_devices([apple, CPU])  # That GPU is only taken where it is chosen.
    assert choice.combo.itemText(0) == f"automatic: {cpu_name()}"
    choice.choose("cpu")
    choice.show_devices([CARD, CPU])
    assert choice.value() == "cpu"  # Kept.
    choice.show_devices([CPU])
    assert choice.value() == "auto"


def test_a_gpu_that_cannot_be_used_says_why_beside_the_plan(
    put: Callable[[QWidget], None],
) -> None:
    choice = DeviceChoice()
    put(choice)
    choice.show_devices([OLD, CPU])
    (told,) = [label.text() for label in shown(choice, QLabel) if label.text()]
    assert told.startswith("NVIDIA GeForce GTX 750: This PyTorch is built for the processor only.")
    assert not choice.combo.isVisible()


def test_a_plan_counts_with_the_device_that_will_be_used() -> None:
    measured = Machine(device="cpu", threads=2, gflops_fp32=200, gflops_bf16=400, measured=True)
    assert machine_for("auto", measured, []) is measured
    assert machine_for("auto", measured, [OLD, CPU]) is measured
    fast = machine_for("auto", measured, [CARD, CPU])
    assert (fast.device, fast.name, fast.memory_bytes) == ("cuda", CARD.name, 24 << 30)
    assert 50_000 < fast.gflops_bf16 < 165_000  # The maker says 165 TFLOP/s, dense, fp32 sums.
    assert machine_for("cpu", fast, [CARD, CPU]).device == "cpu"
    assert machine_for("cuda:0", fast, [CARD, CPU]) is fast


def test_how_and_on_what_a_run_computes_is_told_in_one_line(
    put: Callable[[QWidget], None],
) -> None:
    plan = PLAN | {"compiled": True, "optimiser_precision": "bf16"}
    assert computing_text(plan) == (
        "bf16 · 2 threads · compiled · micro-batch 8 × 4 · optimiser in bf16"  # noqa: RUF001
    )
    assert computing_text({"batch": 4, "micro_batch": 4, "precision": "fp32"}) == "fp32 · batch 4"
    assert computing_text({}) == ""
    assert device_text(CARD.name, 2, [CARD, TWIN, CPU]) == "2 × NVIDIA GeForce RTX 4090"  # noqa: RUF001
    assert device_text(cpu_name(), 2, []) == f"{cpu_name()}, 2 processes"
    assert device_text("cpu", 1, []) == cpu_name()
    assert device_text("", 1, []) == ""


# ---- length ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "fault"),
    [
        ("0.3", 0.3, ""),
        ("5000", 5000, ""),  # Beyond the slider, within the recipe.
        ("0.1", 10, "From 0.2 to 100,000."),
        ("a while", 10, "This is not a number."),
    ],
)
def test_every_length_that_a_recipe_allows_can_be_typed_and_another_is_told_in_words(
    qtbot: QtBot, put: Callable[[QWidget], None], typed: str, value: float, fault: str
) -> None:
    picker = LengthPicker()
    put(picker)
    picker.slider.field.setFocus()
    picker.slider.field.selectAll()
    qtbot.keyClicks(picker.slider.field, typed)
    qtbot.keyClick(picker.slider.field, Qt.Key.Key_Return)
    assert picker.value() == value
    assert picker.slider.error() == fault
    assert (picker.slider.field.property("invalid") == "true") == bool(fault)
    picker.slider.slider.setValue(3)
    assert picker.slider.error() == ""
