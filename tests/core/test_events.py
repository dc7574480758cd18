"""Every event comes back from its line; what is no event is passed over."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import events as ev

EXAMPLES: list[ev.Event] = [
    ev.Started(from_step=3, pid=1, device="cpu"),
    ev.Phase(name="training"),
    ev.Progress(done=1, total=2, unit="files", eta=0.5, detail="漢字.txt"),
    ev.Planned(plan={"steps": 3}),
    ev.Metrics(columns={"step": [1, 2], "loss": [0.5, None]}),
    ev.Evaluated(step=1, loss=2.0, bits_per_byte=1.5, best=True),
    ev.Sampled(step=1, prompt="a", text="b\n\u2028c"),
    ev.Guessed(step=1, cells=[{"text": "a", "probability": 0.5}]),
    ev.Checkpoint(step=1, path="checkpoints/x"),
    ev.Published(version="v", version_id="id", path="p"),
    ev.Result(data={"a": [1]}),
    ev.Measured(data={"seconds_forecast": 60.0, "memory_peak": None, "energy_source": "rapl"}),
    ev.Health(step=3, findings=[{"code": "plateau", "level": "note"}]),
    ev.Forgetting(data={"text": "old", "before": 1.4, "after": None}),
    ev.RolledBack(step=9, to_step=4, reason="not-a-number", factor=0.5),
    ev.Warned(code="x", sentence={"context": "c", "text": "t"}),
    ev.Heartbeat(),
    ev.Ended(outcome="died", code="worker-died", values={"cause": "SIGKILL"}),
]


def test_every_kind_of_event_has_an_example() -> None:
    assert {type(e) for e in EXAMPLES} == set(ev._TYPES.values())


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda e: e.event)
def test_an_event_comes_back_from_its_line(event: ev.Event) -> None:
    line = ev.encode(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    again = ev.decode(line)
    assert type(again) is type(event)
    assert again == event


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_becomes_null(number: float) -> None:
    line = ev.encode(ev.Metrics(columns={"step": [1], "loss": [number]}))
    assert json.loads(line)["columns"] == {"step": [1], "loss": [None]}
    line = ev.encode(ev.Result(data={"deep": [{"x": number}]}))
    assert json.loads(line)["data"] == {"deep": [{"x": None}]}


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"not json\n", b"[]\n", b"null\n", b'"x"\n', b'{"event": "from the future"}\n',
     b'{"event": "phase"}\n', b'{"event": ["phase"]}\n', b'{"event": {}}\n', b"\xff\xfe\n", b"{}\n",
     b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_event_is_passed_over(line: bytes) -> None:
    assert ev.decode(line) is None


def test_fields_of_a_later_version_are_ignored() -> None:
    line = b'{"event": "phase", "name": "x", "v": 9, "colour": "red"}\n'
    event = ev.decode(line)
    assert isinstance(event, ev.Phase)
    assert event.name == "x"


@given(
    st.text(),
    st.recursive(
        st.none() | st.floats() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
        max_leaves=6,
    ),
)
def test_any_text_and_data_fits_into_one_line(text: str, data: Any) -> None:
    for event in (ev.Sampled(step=1, prompt=text, text=text), ev.Result(data={"x": data})):
        line = ev.encode(event)
        assert line.count(b"\n") == 1
        assert type(ev.decode(line)) is type(event)


def test_a_lone_surrogate_in_a_file_name_does_not_stop_the_events() -> None:
    event = ev.decode(ev.encode(ev.Progress(done=1, detail="bad\udcff.txt")))
    assert isinstance(event, ev.Progress)
    assert "bad" in event.detail
