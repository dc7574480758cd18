"""What the chat says of the precision that a version writes at, and the choice of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from app.screens.chat.answering import Answering
from app.screens.chat.inspector import Inspector
from app.screens.chat.precision import PrecisionChoice
from app.widgets.controls import Label
from core.chats import Message
from core.sampling import SamplingSettings
from core.sentences import Sentence
from core.versions.library import VersionEntry
from core.versions.manifest import VersionManifest


def sentence(widget: PrecisionChoice) -> str:
    return widget.findChildren(Label)[-1].text()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ""),
        ({"precision": "int8", "lost_bits": 0.0021, "speedup": 2.06, "measured": True},
         "int8 weights: +0.002 bits/byte, 2.1× faster"),
        ({"precision": "bf16", "lost_bits": -0.0004, "speedup": 1.8, "measured": True},
         "bf16 weights: 0.000 bits/byte, 1.8× faster"),
        ({"precision": "bf16", "lost_bits": None, "speedup": None}, "bf16 weights"),
        ({"precision": "fp32", "measured": True},
         "fp32 weights: rounding them would gain too little or lose too much"),
        ({"precision": "fp32", "measured": False},
         "fp32 weights: what rounding them costs has not been measured"),
    ],
    ids=str,
)  # fmt: skip
def test_the_inspector_says_what_the_precision_costs_and_gains(
    qtbot: QtBot, facts: dict[str, Any], told: str
) -> None:
    widget = PrecisionChoice()
    qtbot.addWidget(widget)
    widget.retranslate()
    widget.show_facts(facts)
    assert sentence(widget) == told


def test_the_inspector_says_why_a_gpu_does_not_write(qtbot: QtBot) -> None:
    widget = PrecisionChoice()
    qtbot.addWidget(widget)
    widget.retranslate()
    warning = Sentence("Warnings", "It works on the processor.").to_json()
    widget.show_facts({"precision": "bf16", "warning": warning})
    assert sentence(widget) == "bf16 weights\nIt works on the processor."


def test_exact_is_a_choice_that_is_kept_and_told(qtbot: QtBot) -> None:
    inspector = Inspector(SamplingSettings())
    qtbot.addWidget(inspector)
    changes: list[str] = []
    inspector.settings_changed.connect(lambda: changes.append(inspector.settings().precision))
    inspector.precision.show_facts({"precision": "int8", "lost_bits": 0.001, "speedup": 3.0})
    inspector.precision._choice.button(1).click()
    assert changes == ["exact"]
    assert sentence(inspector.precision) == "fp32 weights, exactly as they were trained"
    again = Inspector(inspector.settings())
    qtbot.addWidget(again)
    assert again.settings().precision == "exact"


class Spoken:
    """A bridge whose version says what the test wants."""

    def chat(
        self, operation: str, params: Any, done: Any, failed: Any = None, update: Any = None
    ) -> int:
        self.done, self.update = done, update
        return 5

    def cancel_chat(self, number: int) -> None: ...


def test_an_ended_answer_carries_what_the_true_weights_say(qtbot: QtBot) -> None:
    manifest = VersionManifest(id="v", name="V", title="V", created=0.0)
    entry, bridge = VersionEntry(manifest, Path("V")), cast(Any, Spoken())
    answering = Answering(bridge)
    begun = Message(role="version", text="so", cells=[{"text": "so", "probability": 0.9}])
    answering.begin(entry, SamplingSettings(), [Message(role="user", text="a")], begun)
    answering.ask(entry, SamplingSettings())
    bridge.update({"text": "x", "cells": [{"text": "x", "probability": 0.5}], "tokens": 1})
    assert answering.messages[-1].cells[-1]["probability"] == 0.5
    bridge.done({"reason": "end", "tokens": 1, "exact_cells": [{"text": "x", "probability": 0.4}]})
    last = answering.messages[-1]
    assert [(c["text"], c["probability"]) for c in last.cells] == [("so", 0.9), ("x", 0.4)]
    assert last.text == "sox"
