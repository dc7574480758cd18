"""The data sheet of what a version is trained on: kept with the run when it begins, since a corpus may
be read again while it trains; put into the version when that is published."""

from __future__ import annotations

import re
from pathlib import Path

from core.corpus.datasheet import data_sheet
from core.corpus.library import CorpusLibrary
from core.errors import TerakoyaError
from core.files import write_text
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.versions.library import VersionEntry
from core.versions.manifest import SHEET

_BETWEEN = "\n---\n\n"
_STATE = re.compile(r"State of the text: `([^`\n]+)`")


def keep_sheet(context: WorkerContext, job: TrainJob) -> None:
    """Write the sheets of the run's corpora into its folder, once."""
    place = context.folder.path / SHEET
    if not place.exists():
        write_text(place, _own(CorpusLibrary(context.home), job))


def write_sheet(folder: Path, context: WorkerContext, before: list[VersionEntry]) -> None:
    """Put the run's sheet into a version's `folder`, and behind it those that `before`, the versions
    that it comes from, have of other text. A run of an earlier edition has kept none."""
    place = context.folder.path / SHEET
    if not place.is_file():
        return
    sections = _sections(place)
    for version in before:
        known = {_state(section) for section in sections}
        sections += [s for s in _sections(version.path / SHEET) if _state(s) not in known]
    if any(sections):
        write_text(folder / SHEET, _BETWEEN.join(s for s in sections if s))


def _own(library: CorpusLibrary, job: TrainJob) -> str:
    wanted = [(job.corpus, job.corpus_id, job.snapshot)]
    wanted += [(one.corpus, one.corpus_id, one.snapshot) for one in job.mixed]
    found: list[str] = []
    for name, corpus_id, snapshot in wanted:
        try:
            found.append(data_sheet(library, library.find(name, corpus_id).name, snapshot))
        except TerakoyaError:  # The corpus is gone: the run has its tokens, and no more is known.
            continue
    return _BETWEEN.join(found)


def _sections(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split(_BETWEEN)
    except (OSError, ValueError):
        return []


def _state(section: str) -> str:
    """Which state of which text a section is of."""
    found = _STATE.search(section)
    return found[1] if found else section
