"""The device card names what it shows: the GPU that works, of several, or the processor."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.shell.device_card import DeviceCard
from core.hardware import Gpu, Usage, cpu_name

GPU = Gpu("NVIDIA H100", 80 << 30, 40 << 30, 350.0, 61.0, 0.9)


def test_one_of_several_gpus_is_named_as_that(qtbot: QtBot) -> None:
    card = DeviceCard()
    qtbot.addWidget(card)
    for gpu, count, name in (
        (None, 0, cpu_name()), (GPU, 1, "NVIDIA H100"), (GPU, 4, "NVIDIA H100 (the busiest of 4)"),
    ):  # fmt: skip
        card.show_usage(Usage(8 << 30, 4 << 30, 0.5, gpu, None, count))
        assert card.accessibleName().startswith(f"{name}: ")
