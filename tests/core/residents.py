"""Waiting for a resident process's answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from core.engine.resident import ResidentClient


def until(client: ResidentClient, condition: Callable[[], object]) -> None:
    """Hear what `client` says until `condition` holds."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "no answer came"
        client.poll()
        time.sleep(0.01)
