"""Commands run in this process: quick, for what needs no worker."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import main


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Run]:
    """run("versions", "list", …): main.py with these words."""
    monkeypatch.setenv("TERAKOYA_HOME", str(tmp_path / "default home"))
    monkeypatch.delenv("TERAKOYA_STARTED_AS", raising=False)
    before = signal.getsignal(signal.SIGTERM)

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = main.main(list(words))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    yield call
    signal.signal(signal.SIGTERM, before)
