"""A note of a process means that one and no other, whatever became of its number."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.processes import living, loading, note

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


ENDING = """
import atexit, sys, threading, time
from core.processes import end_without_teardown

class Kept:
    def __del__(self):
        print("taken apart")

kept = Kept()

def work():
    time.sleep(0.2)
    print("its thread")

def main():
    threading.Thread(target=work).start()
    atexit.register(print, "what was registered")
    sys.stdout.write("unfinished line;")
    return %s

end_without_teardown(main)
"""


@pytest.mark.parametrize(("result", "code"), [("0", 0), ("3", 3), ("1 / 0", 1)])
def test_a_process_ends_with_its_code_after_its_threads_and_what_was_registered(
    result: str, code: int
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDING % result],
        capture_output=True, text=True, check=False, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.returncode == code
    assert ended.stdout == "unfinished line;its thread\nwhat was registered\n"
    assert ("ZeroDivisionError" in ended.stderr) == (result == "1 / 0")


def test_nothing_is_collected_while_modules_are_loaded() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
