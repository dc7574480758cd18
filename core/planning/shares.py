"""How often the parts of a mixed text are read: a part of weight w, w times in each pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.corpus.manifest import CorpusManifest
from core.corpus.weights import weights_of
from core.sentences import N_, Sentence

USEFUL_PASSES = 4.0
"""Reading the same text more often gains little (Muennighoff et al. 2023)."""
_NAMED = 2
_SHOWN = 4


@dataclass(frozen=True)
class Share:
    """A part of the text of a training: a corpus, or those of its sources that count `weight` times.
    `files`: names of these sources; empty: it is (the rest of) the corpus."""

    corpus: str
    tokens: int
    weight: float = 1.0
    files: tuple[str, ...] = ()


def shares_of(
    corpora: Sequence[tuple[CorpusManifest, float]], tokens: Sequence[int]
) -> tuple[Share, ...]:
    """What a training reads of each corpus, from their manifests; empty where all of it counts once.

    Args:
        corpora: Each with its weight.
        tokens: That each has to train on. Of a source: by its share of the characters.
    """
    found: list[Share] = []
    for (corpus, weight), count in zip(corpora, tokens, strict=True):
        whole = max(1, sum(source.characters for source in corpus.sources))
        factors = weights_of(corpus)
        sums: dict[float, float] = {}
        for source in corpus.sources:
            sums[source.weight] = sums.get(source.weight, 0.0) + source.characters
        counts = {factor: round(count * size / whole) for factor, size in sums.items()}
        found += split_shares(corpus.name, weight, factors, counts or {1.0: count})
    return tuple(found) if len(corpora) > 1 or any(share.weight != 1.0 for share in found) else ()


def split_shares(
    corpus: str, weight: float, factors: Mapping[str, float], tokens: Mapping[float, int]
) -> list[Share]:
    """Shares of one corpus of that weight.

    Args:
        factors: Of its sources, by path, where they are not 1.
        tokens: To train on, by the factor of their source.
    """
    found: list[Share] = []
    for factor, count in sorted(tokens.items(), key=lambda one: (one[0] != 1.0, -one[0])):
        names = sorted(PurePath(path).name for path, value in factors.items() if value == factor)
        files = () if factor == 1.0 else tuple(names)
        found.append(Share(corpus, count, weight * factor, files))
    return found


def passes_to_json(shares: Iterable[Share], passes: float) -> list[dict[str, Any]]:
    """For the plan: {corpus, files, weight, tokens, passes}. `passes`: of what counts once."""
    return [
        {
            "corpus": share.corpus, "files": list(share.files), "weight": share.weight,
            "tokens": share.tokens, "passes": share.weight * passes,
        }
        for share in shares
    ]  # fmt: skip


def passes_sentence(parts: Sequence[Mapping[str, Any]]) -> Sentence | None:
    """“A 1.8 passes · B 0.9 passes”; None where there are no parts."""
    words = [
        Sentence(
            "Plan",
            N_("Plan", "{name} {count} passes"),
            {"name": part_name(part), "count": _count(part["passes"])},
        )
        for part in parts[:_SHOWN]
    ]
    if not words:
        return None
    more = len(parts) - _SHOWN
    if more > 0:
        words.append(Sentence("Plan", N_("Plan", "{count} more"), {"count": more}))
    line = words[0]
    for word in words[1:]:
        line = Sentence("Plan", N_("Plan", "{one} · {two}"), {"one": line, "two": word})
    return line


def _count(passes: float) -> str:
    return f"{passes:.1f}" if passes >= 0.1 else f"{passes:.2g}"


def part_name(part: Mapping[str, Any]) -> str | Sentence:
    files: list[str] = list(part["files"])
    if not files:
        return str(part["corpus"])
    if len(files) <= _NAMED:
        return ", ".join(files)
    values = {"name": files[0], "count": len(files) - 1}
    return Sentence("Plan", N_("Plan", "{name} and {count} more"), values)


def often_read(parts: Sequence[Mapping[str, Any]]) -> Sentence | None:
    """A caution where a part is read more often than is useful."""
    most = max(parts, key=lambda part: part["passes"], default=None)
    if most is None or most["passes"] <= USEFUL_PASSES:
        return None
    return Sentence(
        "Plan",
        N_("Plan", "{name} is read {count} times: beyond about four passes of the same text little is "
                   "learned from it, and it is learned by heart. Give it a smaller weight, or train "
                   "shorter."),
        {"name": part_name(most), "count": f"{most['passes']:.1f}"},
    )  # fmt: skip
