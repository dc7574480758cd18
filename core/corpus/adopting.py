"""What a reading that was broken off has read, for another reading of the same corpus: whoever gives
the command again, instead of resuming, loses nothing."""

from __future__ import annotations

import contextlib
from pathlib import Path

from core.corpus.progress_log import ProgressLog
from core.errors import Damaged, NewerDocument
from core.files import delete_folder, friendly_os_errors
from core.home import Home
from core.jobfolder import JobFolder

PARTS = "parts"


def adopt(home: Home, corpus: str, parts: Path) -> None:
    """Move texts and verdicts of other runs that read `corpus` to `parts`. To be called in the turn of
    that corpus (see core.corpus.reading): then none of them is reading.

    Raises:
        NoSpace, NoPermission
    """
    if not home.runs.is_dir():
        return
    for other in sorted(home.runs.glob(f"*/{PARTS}")):
        if other == parts or not _reads(other.parent, corpus):
            continue
        lines = ProgressLog(other).lines()
        if lines:
            with friendly_os_errors(parts):
                parts.mkdir(parents=True, exist_ok=True)
                for path in other.glob("*.parquet"):
                    path.replace(parts / path.name)
            ProgressLog(parts).add(*lines)
        with contextlib.suppress(OSError):
            delete_folder(other)


def _reads(run: Path, corpus: str) -> bool:
    try:
        job = JobFolder(run).read()
    except (Damaged, NewerDocument):
        return False
    name = str(job.config.get("corpus", ""))
    return job.kind == "read" and name.casefold() == corpus.casefold()
