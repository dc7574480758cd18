"""What was measured, arranged for the eye: versions × texts, openings, differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.versions.library import VersionEntry


@dataclass(frozen=True)
class Score:
    """A version on a text. Bits per byte with a 95 % interval; perplexity for each token."""

    path: str
    kind: str
    bits: float
    low: float
    high: float
    perplexity: float
    trained_on: bool
    best: bool = False
    unclear: bool = False
    pseudo: bool = False
    """Of a version that fills in blanks: each token was hidden in turn, which is another measure."""
    accuracy: float | None = None
    """Share of hidden tokens that it guessed right."""
    unknown: float = 0.0
    """Share of the text's tokens that stand for characters which its tokenizer does not know."""

    @property
    def margin(self) -> float:
        return (self.high - self.low) / 2


@dataclass
class Line:
    """One version's results; `opening` is what it wrote."""

    entry: VersionEntry
    scores: dict[str, Score] = field(default_factory=dict[str, Score])
    opening: str = ""
    prompt: str = ""
    speed: float | None = None
    measured: bool = False

    def of_kind(self, kind: str) -> Score | None:
        return next((s for s in self.scores.values() if s.kind == kind), None)

    @property
    def pair(self) -> tuple[Score, Score] | None:
        """(seen, unseen) of one corpus: texts of different corpora say nothing about memory."""
        seen = self.of_kind("seen")
        if seen is None:
            return None
        corpus = seen.path.partition(":")[2]
        unseen = (s for s in self.scores.values() if s.kind == "heldout")
        found = next((s for s in unseen if s.path.partition(":")[2] == corpus), None)
        return None if found is None else (seen, found)

    @property
    def gap(self) -> float | None:
        """Bits per byte that unseen text costs more than seen text of the same corpus."""
        return None if self.pair is None else self.pair[1].bits - self.pair[0].bits


def lines_of(
    entries: list[VersionEntry], result: dict[str, Any] | None, kept: dict[str, dict[str, Any]]
) -> list[Line]:
    """`result` of a run that is shown now, else the newest evaluation `kept` with each version."""
    found: list[Line] = []
    for entry in entries:
        line = Line(entry)
        document = _of_result(result, entry.id) or kept.get(entry.id)
        if document is not None:
            line.measured = True
            unclear = _unclear(document.get("comparisons") or [], entry.name)
            for row in document.get("texts") or []:
                if row.get("bits_per_byte") is None:
                    continue
                line.scores[row["path"]] = Score(
                    row["path"], row["kind"], row["bits_per_byte"], row["low"] or 0.0,
                    row["high"] or 0.0, row.get("perplexity") or 0.0, bool(row.get("trained_on")),
                    bool(row.get("best")), row["path"] in unclear, bool(row.get("pseudo")),
                    row.get("masked_accuracy"), row.get("unknown") or 0.0,
                )  # fmt: skip
            opening = document.get("opening") or {}
            line.opening, line.prompt = opening.get("text", ""), opening.get("prompt", "")
            line.speed = opening.get("tokens_per_second")
        found.append(line)
    return found


def _of_result(result: dict[str, Any] | None, version_id: str) -> dict[str, Any] | None:
    for version in (result or {}).get("versions", []):
        if version["id"] == version_id:
            return {**version, "comparisons": (result or {}).get("comparisons", [])}
    return None


def _unclear(comparisons: list[dict[str, Any]], name: str) -> set[str]:
    """Texts on which this version differs from the best by less than the noise."""
    return {c["path"] for c in comparisons if c["version"] == name and c["low"] <= 0}


def heldout_paths(lines: list[Line]) -> list[str]:
    """Unseen texts that any of the versions was measured on, in the order of the versions."""
    found: list[str] = []
    for line in lines:
        found += [p for p, s in line.scores.items() if s.kind == "heldout" and p not in found]
    return found


def corpus_name(path: str) -> str:
    """The corpus of `heldout:<corpus>@<snapshot>`."""
    return path.partition(":")[2].rpartition("@")[0]


def text_name(path: str) -> str:
    """A short name of a text."""
    return Path(path).name or path
