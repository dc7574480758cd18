"""corpus check: whether evaluation sets are in the training text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.cli.output import Output, table
from core.cli.paths import absolute
from core.corpus.contamination_report import SuiteReport, check
from core.corpus.library import CorpusLibrary
from core.home import Home

_SHOWN = 10


def run(options: Any, home: Home, output: Output) -> int:
    """Raises NotFound, Damaged, PathMissing or NoItems."""
    paths = [absolute(path) for path in options.against]

    def say(done: int, total: int) -> None:
        output.progress(f"Looked at {done:,} of {total:,} documents")

    report = check(CorpusLibrary(home), options.name, paths, say)
    output.end_progress()
    assert report is not None
    rows = [["FILE", "ITEMS", "FOUND", "TOO SHORT"]]
    for suite in report.suites:
        counts = (suite.items, suite.found, suite.short)
        rows.append([Path(suite.path).name, *(f"{count:,}" for count in counts)])
    lines = table(rows, {1, 2, 3})
    for suite in report.suites:
        lines += _places(suite)
    lines += ["", f"Searched: {report.documents:,} documents that are trained on."]
    output.result({"corpus": options.name, **report.model_dump(mode="json")}, *lines)
    return 0


def _places(suite: SuiteReport) -> list[str]:
    """Both places of what was found, the first few."""
    lines: list[str] = []
    for match in suite.matches[:_SHOWN]:
        where = f"{Path(match.source).name} ({match.title})" if match.title else match.source
        lines += ["", f"{Path(suite.path).name}, item {match.item} ({match.share:.0%}) in {where}:"]
        lines += [
            f"    {' '.join(match.text.split())}",
            f"    … {' '.join(match.excerpt.split())} …",
        ]
    if suite.found > _SHOWN:
        lines.append(f"… and {suite.found - _SHOWN:,} more of {Path(suite.path).name}")
    return lines
