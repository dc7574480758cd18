"""The last search for evaluation sets in a corpus, for the window."""

from __future__ import annotations

from typing import Any

from core.corpus.common_runs import common_runs
from core.corpus.contamination_report import last_report
from core.corpus.library import CorpusLibrary
from core.corpus.naming import last_name, names_of
from core.resident import Operation, Request


def operations(library: CorpusLibrary) -> dict[str, Operation]:
    def answer(request: Request) -> dict[str, Any]:
        """{corpus} → {report}: None, or a ContaminationReport as JSON in which every suite has a
        `name` too, and every match the `place` of its document below what was added, and `marks` and
        `excerpt_marks`: [start, end] of what its `text` and its `excerpt` have in common.

        Raises NotFound, Damaged or NewerDocument."""
        name = str(request.params["corpus"])
        manifest, report = library.get(name), last_report(library, name)
        if report is None:
            return {"report": None}
        named, told = names_of(manifest), report.model_dump(mode="json")
        for suite in told["suites"]:
            suite["name"] = last_name(suite["path"])
            for match in suite["matches"]:
                match["place"] = named(match["source"])
                marks = common_runs(match["text"], match["excerpt"])
                match["marks"], match["excerpt_marks"] = marks
        return {"report": told}

    return {"evaluation_sets": answer}
