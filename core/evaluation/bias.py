"""Bias by pairs of sentences: how often a version finds the stereotype likelier than its opposite.

CrowS-Pairs (Nangia et al. 2020) and its Japanese translation (Kaneko et al. 2022), and pairs of files
as WinoBias has them (Zhao et al. 2018). 50 % would be no preference. It is a crude measure: Blodgett et
al. 2021 found many flawed pairs, and a model that knows little of either sentence is near 50 % too.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.corpus.tokens import TokenSplit
from core.errors import BadSuite, PathMissing
from core.evaluation.score import Scores
from core.sentences import N_, Sentence

_MOST_PAIRS, _MOST_BYTES = 5_000, 20 << 20
_BRACKETS = re.compile(r"[\[\]]")
_NUMBER = re.compile(r"^\d+\s+")
_WORDS = (("pro-", "anti-"), ("pro_", "anti_"))
Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True)
class Pair:
    """`more` shows the stereotype, `less` its opposite; `kind`: what it is about."""

    more: str
    less: str
    kind: str


@dataclass(frozen=True)
class Suite:
    """Pairs of one file (or of two that belong together)."""

    path: str
    pairs: list[Pair]


def read_suite(path: str) -> Suite:
    """A CSV with `sent_more` and `sent_less`, a JSON list with `stereotype` and `anti-stereotype`, or
    one of two text files whose names differ in “pro-” and “anti-”, line by line.

    Raises:
        PathMissing
        BadSuite: It has none of these shapes.
    """
    file = Path(path)
    if not file.is_file():
        raise PathMissing("suite", path=path)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _bad(path, N_("Errors", "it is larger than 20 MB"))
        text = file.read_text(encoding="utf-8-sig")
        kind = file.suffix.lower()
        read = {".csv": _from_csv, ".json": _from_json}.get(kind)
        pairs = read(text) if read else _from_two(file, text)
    except UnicodeDecodeError as error:
        raise _bad(path, N_("Errors", "it is not UTF-8 text")) from error
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error, RecursionError) as error:
        raise _bad(path, N_("Errors", "its columns or keys are others")) from error
    if len(pairs) < 2:
        raise _bad(path, N_("Errors", "fewer than two pairs are in it"))
    return Suite(path, pairs[:_MOST_PAIRS])


def _bad(path: str, text: str) -> BadSuite:
    return BadSuite("suite", path=path, reason=Sentence("Errors", text))


def _from_csv(text: str) -> list[Pair]:
    rows = csv.DictReader(text.splitlines())
    return [
        Pair(row["sent_more"].strip(), row["sent_less"].strip(), row.get("bias_type") or "")
        for row in rows
    ]


def _from_json(text: str) -> list[Pair]:
    """The translation keeps which sentence was the stereotype, whatever `direction` says."""
    return [
        Pair(str(row["stereotype"]), str(row["anti-stereotype"]), str(row.get("bias_type", "")))
        for row in json.loads(text)
    ]


def _from_two(file: Path, text: str) -> list[Pair]:
    for pro, anti in _WORDS:
        for own, other in ((pro, anti), (anti, pro)):
            partner = file.with_name(file.name.replace(own, other))
            if own in file.name and partner.is_file():
                first, second = _lines(text), _lines(partner.read_text(encoding="utf-8-sig"))
                if len(first) != len(second):
                    raise _bad(str(file), N_("Errors", "it and its partner have different numbers of lines"))  # fmt: skip
                both = (first, second) if own == pro else (second, first)
                pairs = zip(*both, strict=True)
                return [Pair(more, less, "gender") for more, less in pairs if more != less]
    raise _bad(str(file), N_("Errors", "it is neither a CSV with sent_more and sent_less, nor a JSON list with stereotype and anti-stereotype, nor one of two files named pro-… and anti-…"))  # fmt: skip


def _lines(text: str) -> list[str]:
    """Without numbers and brackets."""
    lines = (line.strip() for line in text.splitlines())
    return [_BRACKETS.sub("", _NUMBER.sub("", line)) for line in lines if line]


def measure(
    suite: Suite,
    tokenizer: Tokenizer,
    score: Callable[[TokenSplit, NDArray[np.bool_]], Scores | None],
) -> dict[str, Any] | None:
    """The share of pairs in which the stereotype is likelier, in all and by kind.

    Args:
        score: Nats of each document, in order. Second argument: the tokens that both sentences of a
            pair share, which alone count where an encoder is asked (Nangia et al. 2020, eq. 1). None
            when it was stopped.

    Returns `path`, `pairs`, `share` with `low` and `high` (95 %, Wilson 1927), `ties`, `kinds`
    ({kind: {pairs, share, low, high}}) and `pseudo`: whether an encoder was asked.
    """
    ids = [
        np.array(encoded.ids, np.uint32)
        for encoded in tokenizer.encode_batch_fast(
            [t for p in suite.pairs for t in (p.more, p.less)]
        )
    ]
    offsets = np.cumsum([0, *map(len, ids)], dtype=np.int64)
    sizes = np.array(
        [len(t.encode("utf-8")) for p in suite.pairs for t in (p.more, p.less)], np.int64
    )
    both = [shared(one, two) for one, two in zip(ids[0::2], ids[1::2], strict=True)]
    chosen = np.concatenate([mask for pair in both for mask in pair])
    scores = score(TokenSplit(np.concatenate(ids), offsets, sizes), chosen)
    if scores is None or len(scores.nats) != len(ids):
        return None
    pseudo = bool(scores.details.get("pseudo"))
    nats = scores.nats / scores.tokens if pseudo else scores.nats
    preferred = _preferred(nats[0::2], nats[1::2])
    # The same sentence twice is a tie, though its place in a batch may change its last digits.
    alike = [np.array_equal(one, two) for one, two in zip(ids[0::2], ids[1::2], strict=True)]
    preferred[np.array(alike)] = 0.5
    kinds = np.array([pair.kind for pair in suite.pairs])
    by_kind = {str(kind): _share(preferred[kinds == kind]) for kind in np.unique(kinds) if kind}
    return {
        "path": suite.path, **_share(preferred), "ties": int((preferred == 0.5).sum()),
        "kinds": by_kind if len(by_kind) > 1 else {}, "pseudo": pseudo,
    }  # fmt: skip


def shared(
    one: NDArray[np.uint32], two: NDArray[np.uint32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tokens of each stand in the other too, in order; all of them where none does."""
    first, second = np.zeros(len(one), bool), np.zeros(len(two), bool)
    matcher = SequenceMatcher(None, one.tolist(), two.tolist(), autojunk=False)
    for block in matcher.get_matching_blocks():
        first[block.a : block.a + block.size] = True
        second[block.b : block.b + block.size] = True
    return (first, second) if first.any() else (~first, ~second)


def _preferred(more: NDArray[np.float64], less: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 where the stereotype has fewer nats, 0 where its opposite has, a half where neither."""
    return np.where(more < less, 1.0, np.where(more > less, 0.0, 0.5))


def _share(preferred: NDArray[np.float64]) -> dict[str, Any]:
    low, high = wilson(float(preferred.sum()), len(preferred))
    return {"pairs": len(preferred), "share": float(preferred.mean()), "low": low, "high": high}


def wilson(hits: float, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, square = hits / count, Z * Z
    centre = (share + square / (2 * count)) / (1 + square / count)
    spread = Z * ((share * (1 - share) + square / (4 * count)) / count) ** 0.5
    spread /= 1 + square / count
    return max(0.0, centre - spread), min(1.0, centre + spread)
