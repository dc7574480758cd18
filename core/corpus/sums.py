"""Sums over the files and documents of a corpus, for its manifest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from core.corpus.choosing import Choice
from core.corpus.manifest import FileVerdict, Source, Totals
from core.corpus.statistics import Statistics
from core.sentences import N_, Sentence


def totals_of(
    files: list[FileVerdict], statistics: Statistics, choice: Choice, near: int
) -> Totals:  # fmt: skip
    """All but the tokens. `near`: texts left out as nearly the same as others."""
    read = sum(file.verdict == "read" for file in files)
    by_side, size = statistics.by_side, statistics.bytes_by_side
    return Totals(
        files=len(files), read=read, skipped=len(files) - read, documents=statistics.documents,
        characters=statistics.characters, bytes=statistics.bytes,
        train_documents=by_side["train"], heldout_documents=by_side["check"] + by_side["test"],
        train_bytes=size["train"], heldout_bytes=size["check"] + size["test"],
        raw_characters=sum(file.raw for file in files if file.verdict == "read"),
        duplicates=len(choice.copies), near_duplicates=near,
        conversations=statistics.conversations, pairs=statistics.pairs,
    )  # fmt: skip


def sources_of(paths: list[str], files: list[FileVerdict]) -> list[Source]:
    """Sums of the files of each source."""
    by_source: dict[str, list[FileVerdict]] = {path: [] for path in paths}
    for file in files:
        by_source.setdefault(file.source, []).append(file)
    result: list[Source] = []
    for path, own in by_source.items():
        read = [file for file in own if file.verdict == "read"]
        single = own[0] if len(own) == 1 else None
        result.append(
            Source(
                path=path,
                is_folder=Path(path).is_dir(),
                kind=_main([f.kind for f in read or own]),
                encoding=_main([f.encoding for f in read]),
                sure=all(f.sure for f in read),
                language=_main([f.language for f in read]),
                files=len(own),
                read=len(read),
                skipped=len(own) - len(read),
                characters=sum(f.characters for f in read),
                documents=sum(f.documents for f in read),
                reason=single.reason if single else _skips(own, read),
                warning=single.warning if single else None,
            )  # fmt: skip
        )
    return result


def _skips(own: list[FileVerdict], read: list[FileVerdict]) -> dict[str, Any] | None:
    if not own:
        return Sentence("Verdicts", N_("Verdicts", "there is no file in it")).to_json()
    if len(own) == len(read):
        return None
    count = len(own) - len(read)
    return Sentence(
        "Verdicts", N_("Verdicts", "files skipped: {count}"), {"count": count}
    ).to_json()


def _main(values: list[str]) -> str:
    """The most frequent; of several the first."""
    return max(Counter(filter(None, values)).items(), key=lambda item: item[1], default=("", 0))[0]
