"""From collected parts to a corpus: duplicates, sides, snapshot, tokenizer, figures."""

from __future__ import annotations

import hashlib
import time
import uuid
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.corpus import duplicates, split
from core.corpus.assign import Assignment, TextTable, assign, first_of_each
from core.corpus.conversations import is_pair
from core.corpus.library import FILES, MANIFEST
from core.corpus.manifest import (
    Baselines,
    CorpusManifest,
    FileVerdict,
    Source,
    Totals,
)
from core.corpus.statistics import Statistics, baselines
from core.corpus.store import DocumentWriter, Snapshot, read_rows
from core.corpus.tokenizing import tokenizer_for
from core.corpus.tokens import open_tokens
from core.errors import EmptyCorpus
from core.files import atomic_file, write_json
from core.jobs.kinds import ReadJob
from core.sentences import N_, Sentence

EXACT_TOKENS_BELOW = 256 << 20
"""Corpora up to this many bytes are encoded when read; larger ones when training begins."""
Say = Callable[[str, float, float | None], None]
"""phase, done, total"""


@dataclass
class Collection:
    """What the first pass found: parts (Parquet files of texts), verdicts, and sums."""

    parts: list[Path]
    scratch: Path
    files: list[FileVerdict]
    removed: dict[str, int]
    raw_characters: int
    sources: list[str]


@dataclass
class Sides:
    """How the texts of a collection are split; in blocks of `block` characters unless that is 0.

    `keep`: for each document whether it takes part. `assignment`: for each document, or for each
    block of the documents that take part. `cuts`: where the blocks of each of these end.
    """

    keep: list[bool]
    block: int
    assignment: Assignment
    cuts: list[array[int]] = field(default_factory=list["array[int]"])


class Stopped(Exception):
    """The user asked for a stop."""


def build(
    folder: Path,
    job: ReadJob,
    collection: Collection,
    old: CorpusManifest | None,
    say: Say,
    stop: Callable[[], bool],
) -> CorpusManifest | None:
    """Write snapshot, tokenizer, tokens, manifest; None when `stop` said so (nothing changed).

    Raises:
        EmptyCorpus: No document has text.
    """
    try:
        return _build(folder, job, collection, old, say, stop)
    except Stopped:
        return None


def _build(
    folder: Path,
    job: ReadJob,
    collection: Collection,
    old: CorpusManifest | None,
    say: Say,
    stop: Callable[[], bool],
) -> CorpusManifest:
    say("writing", 0, None)
    sides = decide(collection, job, old, stop)
    if not any(sides.assignment.sides):
        where = ", ".join(collection.sources[:3])
        raise EmptyCorpus("paths", path=where, files=len(collection.files))
    statistics, snapshot, kinds = _write_documents(folder, collection, sides, say, stop)
    say("tokenizer", 0, None)
    size = statistics.bytes_by_side["train"] or statistics.bytes
    tokenizer_file, facts = tokenizer_for(
        folder, snapshot, size, job, old, lambda: _check(stop)
    )
    _check(stop)
    figures = Baselines(gzip=statistics.gzip_bits_per_byte())
    counts = {
        side: int(size / facts.bytes_per_token) for side, size in statistics.bytes_by_side.items()
    }
    if statistics.bytes <= EXACT_TOKENS_BELOW:
        store = open_tokens(
            folder, snapshot, tokenizer_file, lambda d, t: say("counting", d, t), stop
        )
        if store is None:
            raise Stopped
        figures = baselines(store, facts.vocabulary, figures.gzip)
        counts = {side: len(store.split(side).tokens) for side in ("train", "check", "test")}
        ratio = statistics.bytes / max(1, sum(counts.values()))
        facts = facts.model_copy(update={"bytes_per_token": ratio})
    manifest = CorpusManifest(
        id=old.id if old else str(uuid.uuid4()), name=job.corpus,
        created=old.created if old else time.time(), changed=time.time(),
        sources=_sources(collection.sources, collection.files), cleaning=job.cleaning,
        removed=collection.removed, heldout_share=job.heldout_share,
        heldout_by="block" if sides.block else "document", heldout_block=sides.block,
        totals=_totals(collection, statistics, sides.assignment, counts, kinds),
        languages=statistics.languages(), lengths=statistics.lengths(),
        median_length=statistics.median_length(), baselines=figures, snapshot=snapshot,
        tokenizer=facts,
    )  # fmt: skip
    with atomic_file(folder / FILES, "w") as lines:
        for verdict in collection.files:
            lines.write(verdict.model_dump_json() + "\n")
    write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    return manifest


def _check(stop: Callable[[], bool]) -> None:
    if stop():
        raise Stopped


# ---- sides -----------------------------------------------------------------------------------


def decide(
    collection: Collection, job: ReadJob, old: CorpusManifest | None, stop: Callable[[], bool]
) -> Sides:
    """Split by document, or by block where a split by document would be a lottery.

    A corpus that is read again keeps its way, so that what was unseen stays unseen.
    """
    with TextTable(collection.scratch / "documents.sketches") as table:
        for row in read_rows(collection.parts, ["hash", "sketch", "characters"]):
            table.add(row["hash"], row["sketch"], row["characters"])
        keep = [True] * len(table.hashes)
        if job.cleaning.duplicates:
            keep = first_of_each(table.hashes)
        lengths = [n for n, kept in zip(table.lengths, keep, strict=True) if kept]
        documents = not split.few(lengths)
        if old is not None and old.snapshot:
            documents = old.heldout_by == "document" and len(lengths) >= split.FEW_DOCUMENTS
        if documents:
            return Sides(keep, 0, assign(table, job.heldout_share, duplicates.NEAR, keep))
    length = (old.heldout_block if old else 0) or split.block_length(sum(lengths))
    cuts: list[array[int]] = []
    with TextTable(collection.scratch / "blocks.sketches") as blocks:
        rows = read_rows(collection.parts, ["text", "messages"])
        talk = True
        for row, kept in zip(rows, keep, strict=True):
            _check(stop)
            if kept:
                whole = row["messages"] is not None  # A conversation is never cut.
                talk = talk and whole
                ends = [len(row["text"])] if whole else split.cuts(row["text"], length)
                cuts.append(array("q", ends))
                for block in split.pieces(row["text"], ends):
                    blocks.add_text(block)
        near = duplicates.NEAR if talk else duplicates.NEAR_BLOCK
        found = assign(blocks, job.heldout_share, near)
    found.exact = len(keep) - sum(keep)
    return Sides(keep, length, found, cuts)


# ---- documents -------------------------------------------------------------------------------


def _write_documents(
    folder: Path, collection: Collection, sides: Sides, say: Say, stop: Callable[[], bool]
) -> tuple[Statistics, str, Counter[str]]:
    """Second pass: rows of the chosen texts to Parquet; the snapshot is named by its content.

    Returns statistics, its name, and how many conversations and pairs there are."""
    statistics = Statistics()
    kinds = Counter[str]()
    digest = hashlib.blake2b(digest_size=8)
    writer = DocumentWriter(folder / f".documents-{uuid.uuid4().hex[:8]}.parquet")
    total = len(sides.keep)
    try:
        for number, rows in enumerate(_chosen(collection.parts, sides)):
            if number % 64 == 0:
                _check(stop)
                say("writing", number, total)
            for row in rows:
                data = row["text"].encode("utf-8")
                row["bytes"] = len(data)
                digest.update(hashlib.blake2b(data, digest_size=16).digest())
                digest.update(f"{row['id']}{row['split']}{row['title']}".encode())
                if row["messages"] is not None:
                    digest.update(row["messages"].encode())
                    kinds["pairs" if is_pair(row["messages"]) else "conversations"] += 1
                statistics.add(row["text"], data, row["language"], row["split"])
                writer.add(row, len(data))
        writer.close()
        snapshot = digest.hexdigest()
        name = f"documents-{snapshot}-0001.parquet"
        if not (folder / name).exists():  # What a snapshot names never changes.
            writer.path.rename(folder / name)
    finally:
        writer.discard()
    Snapshot.write(folder, snapshot, [name], statistics.documents)
    return statistics, snapshot, kinds


def _chosen(parts: list[Path], sides: Sides) -> Iterator[list[dict[str, Any]]]:
    """For each collected document the rows that go into the corpus."""
    chosen, cuts = iter(sides.assignment.sides), iter(sides.cuts)
    source, count = "", 0
    for row, kept in zip(read_rows(parts), sides.keep, strict=True):
        if row["source"] != source:
            source, count = row["source"], 0
        pieces: list[tuple[split.Side, str, bytes]] = []
        if sides.block and kept:
            pieces = _runs(row["text"], next(cuts), chosen)
        elif not sides.block and (side := next(chosen)) is not None:
            pieces = [(side, row["text"], row["hash"])]
        yield [
            _row(row, count + i, side, text, name) for i, (side, text, name) in enumerate(pieces)
        ]
        count += len(pieces)


def _runs(
    text: str, ends: Sequence[int], sides: Iterator[split.Side | None]
) -> list[tuple[split.Side, str, bytes]]:
    """Neighbouring blocks of one side are one text again."""
    runs: list[tuple[split.Side | None, list[str]]] = []
    for block in split.pieces(text, ends):
        side = next(sides)
        if runs and runs[-1][0] == side:
            runs[-1][1].append(block)
        else:
            runs.append((side, [block]))
    result: list[tuple[split.Side, str, bytes]] = []
    for side, blocks in runs:
        if side is not None:
            run = "".join(blocks)
            result.append((side, run, duplicates.text_hash(duplicates.normalised(run))))
    return result


def _row(
    row: dict[str, Any], part: int, side: split.Side, text: str, text_hash: bytes
) -> dict[str, Any]:
    key = f"{row['source']}#{part}".encode("utf-8", "surrogateescape")
    return {
        "id": hashlib.blake2b(key, digest_size=8).hexdigest(), "source": row["source"],
        "document": row["part"], "part": part, "title": row["title"], "text": text,
        "language": row["language"], "split": side, "characters": len(text), "hash": text_hash,
        "messages": row["messages"],
    }  # fmt: skip


# ---- sums ------------------------------------------------------------------------------------


def _totals(
    collection: Collection,
    statistics: Statistics,
    assignment: Assignment,
    counts: dict[str, int],
    kinds: Counter[str],
) -> Totals:
    files = collection.files
    read = sum(file.verdict == "read" for file in files)
    by_side, size = statistics.by_side, statistics.bytes_by_side
    return Totals(
        files=len(files), read=read, skipped=len(files) - read, documents=statistics.documents,
        characters=statistics.characters, bytes=statistics.bytes, tokens=sum(counts.values()),
        train_documents=by_side["train"], heldout_documents=by_side["check"] + by_side["test"],
        train_tokens=counts.get("train", 0),
        heldout_tokens=counts.get("check", 0) + counts.get("test", 0),
        train_bytes=size["train"], heldout_bytes=size["check"] + size["test"],
        raw_characters=collection.raw_characters, duplicates=assignment.exact,
        near_duplicates=assignment.near, conversations=kinds["conversations"],
        pairs=kinds["pairs"],
    )  # fmt: skip


def _sources(paths: list[str], files: list[FileVerdict]) -> list[Source]:
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
    if len(own) == len(read):
        return None
    count = len(own) - len(read)
    return Sentence("Verdicts", N_("Verdicts", "{count} files skipped"), {"count": count}).to_json()


def _main(values: list[str]) -> str:
    known = [value for value in values if value]
    return max(set(known), key=known.count) if known else ""
