"""The job "check": evaluation sets are looked for in the text of a corpus."""

from __future__ import annotations

import time
from typing import cast

from core.corpus.contamination_report import check
from core.corpus.library import CorpusLibrary
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import CheckJob


def run(context: WorkerContext) -> WorkOutcome:
    """Search as a CheckJob says, and keep the report in the folder of the corpus.

    Phase: checking. Emits as `result`: corpus, snapshot, documents (that were searched), items, found,
    seconds.

    Raises:
        NotFound, Damaged: There is no such corpus, or it is broken.
        PathMissing, NoItems: There is nothing to look for.
    """
    job = cast(CheckJob, context.config)
    begun = time.monotonic()
    context.started()
    context.phase("checking")
    report = check(
        CorpusLibrary(context.home), job.corpus, job.paths,
        lambda done, total: context.progress(done, total, "documents"), context.stopping,
    )  # fmt: skip
    if report is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    context.result(
        {
            "corpus": job.corpus, "snapshot": report.snapshot, "documents": report.documents,
            "items": sum(suite.items for suite in report.suites),
            "found": sum(suite.found for suite in report.suites),
            "seconds": time.monotonic() - begun,
        }
    )  # fmt: skip
    return "done"
