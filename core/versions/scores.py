"""heldout.json: the final figures of a version, unit by unit, so that two versions can be compared in
pairs without being measured again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.files import read_json, write_json

FILE = "heldout.json"
_MOST_UNITS = 20_000


@dataclass(frozen=True)
class KeptScores:
    """Nats and UTF-8 bytes of each unit (a document, or a block of one) of the unseen text.

    `limit`: about so many tokens of it were scored; `objective`: what was measured.
    """

    objective: str
    snapshot: str
    limit: int
    nats: list[float]
    bytes: list[float]

    def fits(self, other: KeptScores) -> bool:
        """Whether both are of the same units."""
        return (self.objective, self.snapshot) == (other.objective, other.snapshot) and (
            self.bytes == other.bytes
        )


def keep_scores(folder: Path, scores: KeptScores) -> None:
    """Write them into a version's folder; not those of a text of very many documents."""
    if len(scores.nats) <= _MOST_UNITS:
        write_json(folder / FILE, scores.__dict__)


def kept_scores(folder: Path) -> KeptScores | None:
    """None where there are none: made by an earlier edition, or imported."""
    try:
        data: dict[str, Any] = read_json(folder / FILE)
        return KeptScores(
            str(data["objective"]), str(data["snapshot"]), int(data["limit"]),
            [float(n) for n in data["nats"]], [float(b) for b in data["bytes"]],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None
