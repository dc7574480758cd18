"""A note of a process means that one and no other, whatever became of its number."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import psutil
import pytest

from core.processes import living, note

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's ways")


def test_this_process_is_found_by_its_note() -> None:
    assert living(note()) == psutil.Process(os.getpid())


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "another-computer"}, {"boot": "another start of this one"}, {"ticks": 5},
        {"pid": 1}, {"pid": 2**22 + 5}, {"pid": "x"}, {"pid": None}, {"pid": -3}, {"ticks": None},
    ],
)  # fmt: skip
@linux
def test_a_number_that_belongs_to_another_process_now_is_nobodys(changes: dict[str, Any]) -> None:
    assert living({**note(), **changes}) is None


@linux
def test_a_clock_that_was_set_back_hides_nobody() -> None:
    assert living({**note(), "started": 12.0}) == psutil.Process()


def test_notes_of_older_programs_are_judged_by_their_start() -> None:
    now = note()
    old = {key: now[key] for key in ("pid", "started", "host")}
    assert living(old) == psutil.Process()
    assert living({**old, "started": now["started"] - 60}) is None
    assert living({}) is None


def test_a_process_that_has_ended_is_gone() -> None:
    code = "import json; from core.processes import note; print(json.dumps(note()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    import json

    assert living(json.loads(done.stdout)) is None
