"""Verdicts of files that were not opened, or whose reading came to no end; what all of them mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from core.corpus.gathering import GivenFile
from core.corpus.manifest import FileVerdict
from core.corpus.readers.registry import kind_by_name
from core.corpus.scan import Found
from core.errors import EmptyCorpus, NothingReadable
from core.sentences import Sentence


def refused(found: Found) -> FileVerdict:
    """Of a file with a problem that is seen from outside."""
    assert found.problem is not None
    return FileVerdict(
        path=str(found.path), source=found.source, verdict="skipped",
        kind=found.kind or ("" if found.path.is_dir() else kind_by_name(found.path)), bytes=found.bytes,
        modified=found.modified, stamp=found.stamp, reason=found.problem.to_json(),
    )  # fmt: skip


def lost(file: GivenFile, why: Sentence) -> FileVerdict:
    """Of a file that its reader did not survive."""
    return FileVerdict(
        path=file.path, source=file.source, verdict="skipped",
        kind=kind_by_name(PurePath(file.path)), bytes=file.bytes, modified=file.modified,
        stamp=file.found().stamp, reason=why.to_json(),
    )  # fmt: skip


def without_text(field: str, path: str, verdicts: Sequence[FileVerdict]) -> EmptyCorpus:
    """The error for files of which none gives text, with the reason of the first."""
    for verdict in verdicts:
        if verdict.reason:
            reason = Sentence.from_json(verdict.reason)
            name = PurePath(verdict.path).name
            return NothingReadable(field, path=path, files=len(verdicts), name=name, reason=reason)
    return EmptyCorpus(field, path=path, files=len(verdicts))
