"""contamination.json: what was found of evaluation sets in the training text of a corpus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from core.config import Config
from core.corpus.contamination import EXCERPT, SHARE, Found, search
from core.corpus.library import CorpusLibrary
from core.corpus.store import Snapshot
from core.files import read_json, write_json

if TYPE_CHECKING:
    from core.corpus.contamination_items import Item

FILE = "contamination.json"
_MOST_MATCHES = 100


class Match(Config):
    """An item that was found. `item`: its row in the file, from 1. `share`: of its runs of words.
    `source`, `title`, `excerpt`: the document that has most of it, and what is there."""

    item: int
    text: str
    share: float
    source: str
    title: str
    excerpt: str


class SuiteReport(Config):
    """One evaluation file. `short`: items that are too short to be looked for. `matches`: those with
    the largest shares, at most 100."""

    path: str
    items: int
    found: int
    short: int
    matches: list[Match] = []


class ContaminationReport(Config):
    """`snapshot`: what was searched: the text of the corpus that is trained on, of that reading."""

    snapshot: str
    checked: float
    documents: int
    suites: list[SuiteReport]


def check(
    library: CorpusLibrary,
    corpus: str,
    paths: list[str],
    say: Callable[[int, int], None],
    stop: Callable[[], bool] = lambda: False,
) -> ContaminationReport | None:
    """Search the evaluation files of `paths` in a corpus, and keep the report in its folder.

    Args:
        say: Told (documents looked at, of how many).

    Returns:
        None when `stop` said so; nothing is kept then.

    Raises:
        NotFound, Damaged, PathMissing, NoItems
    """
    manifest = library.get(corpus)
    folder = library.folder(corpus)
    snapshot = Snapshot(folder, manifest.snapshot)
    from core.corpus.contamination_items import items_of  # With all readers of files.

    suites = {file: items for path in paths for file, items in items_of(path).items()}
    texts = [item.text for items in suites.values() for item in items]
    trained = 0

    def documents() -> Iterator[tuple[str, str, str]]:
        nonlocal trained
        for number, row in enumerate(snapshot.rows(["source", "title", "text", "split"])):
            if number % 64 == 0:
                say(number, snapshot.documents)
            if row["split"] == "train":
                trained += 1
                yield row["source"], row["title"], row["text"]

    found = search(texts, documents(), stop)
    if found is None:
        return None
    results = iter(found)
    reports = [
        _report(path, items, [next(results) for _ in items]) for path, items in suites.items()
    ]
    report = ContaminationReport(
        snapshot=manifest.snapshot, checked=time.time(), documents=trained, suites=reports
    )
    write_json(folder / FILE, report.model_dump(mode="json"))
    return report


def last_report(library: CorpusLibrary, corpus: str) -> ContaminationReport | None:
    """What the last check of this reading of the corpus found; None where there is none."""
    try:
        data = read_json(library.folder(corpus) / FILE)
        report = ContaminationReport.model_validate(data)
    except (OSError, ValueError, ValidationError):
        return None
    return report if report.snapshot == library.get(corpus).snapshot else None


def _report(path: str, items: list[Item], results: list[Found | None]) -> SuiteReport:
    """A row counts once, by the text of it that was found best."""
    rows = {item.row for item in items}
    best: dict[int, Match] = {}
    looked: set[int] = set()
    for item, found in zip(items, results, strict=True):
        if found is None:
            continue
        looked.add(item.row)
        earlier = best.get(item.row)
        if found.place is None or found.share < SHARE or (earlier and earlier.share >= found.share):
            continue
        best[item.row] = Match(
            item=item.row, text=item.text[:EXCERPT], share=found.share,
            source=found.place.source, title=found.place.title, excerpt=found.place.excerpt,
        )  # fmt: skip
    matches = sorted(best.values(), key=lambda match: (-match.share, match.item))
    return SuiteReport(
        path=str(Path(path)), items=len(rows), found=len(best), short=len(rows - looked),
        matches=matches[:_MOST_MATCHES],
    )  # fmt: skip
