"""The sample's stories, of which the pictured user's files are made."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample" / "stories"


def stories(language: str, first: int, count: int) -> list[dict[str, str]]:
    """Rows of the sample: {title, text}."""
    path = SAMPLE / f"stories-{language}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows[first : first + count]
