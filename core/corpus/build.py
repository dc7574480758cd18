"""From collected parts to a corpus: duplicates, sides, snapshot, tokenizer, figures."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus import duplicates, split
from core.corpus.library import FILES, MANIFEST
from core.corpus.manifest import (
    Baselines,
    CorpusManifest,
    FileVerdict,
    Source,
    TokenizerFacts,
    Totals,
)
from core.corpus.statistics import Statistics, baselines
from core.corpus.store import DocumentWriter, Snapshot, read_rows
from core.corpus.tokens import open_tokens
from core.errors import EmptyCorpus
from core.files import atomic_file, write_json, write_text
from core.jobs.kinds import ReadJob
from core.tokenizer import files as tokenizer_files
from core.tokenizer.sizes import vocabulary_for
from core.tokenizer.train import SAMPLE_BYTES, train_tokenizer

EXACT_TOKENS_BELOW = 256 << 20
"""Corpora up to this many bytes are encoded when read; larger ones when training begins."""
Say = Callable[[str, float, float | None], None]
"""phase, done, total"""


@dataclass
class Part:
    """What is remembered of a document between the passes (about 0.6 kB)."""

    hash: bytes
    sketch: Any
    characters: int


@dataclass
class Decision:
    """Side of every collected document (None: left out), or block mode."""

    sides: list[split.Side | None]
    by_block: bool
    exact: int = 0
    near: int = 0


@dataclass
class Built:
    manifest: CorpusManifest
    files: list[FileVerdict] = field(default_factory=list[FileVerdict])


def decide(parts: list[Part], share: float, merge: bool) -> Decision:
    """Sides for collected documents; equal and near-equal ones never stand on both sides."""
    keep: list[int] = []
    seen: set[bytes] = set()
    exact = 0
    for index, part in enumerate(parts):
        if merge and part.hash in seen:
            exact += 1
            continue
        seen.add(part.hash)
        keep.append(index)
    sides: list[split.Side | None] = [None] * len(parts)
    if len(keep) < split.FEW_DOCUMENTS:
        for index in keep:
            sides[index] = "train"
        return Decision(sides, True, exact)
    chosen = split.sides([parts[i].hash for i in keep], share)
    for index, side in zip(keep, chosen, strict=True):
        sides[index] = side
    near = 0
    for one, two in duplicates.near_pairs([parts[i].sketch for i in keep]):
        first, second = sides[keep[one]], sides[keep[two]]
        if first and second and first != second:
            # Near both sides: the training copy goes, so that the unseen text stays unseen.
            loser = one if first == "train" else two
            sides[keep[loser]] = None
            near += 1
    return Decision(sides, False, exact, near)


def build(
    folder: Path,
    job: ReadJob,
    parts_files: list[Path],
    parts: list[Part],
    files: list[FileVerdict],
    removed: dict[str, int],
    raw_characters: int,
    sources: list[str],
    corpus_id: str,
    created: float,
    say: Say,
    stop: Callable[[], bool],
) -> CorpusManifest | None:
    """Write snapshot, tokenizer, tokens, manifest; None when `stop` said so (nothing changed).

    Raises:
        EmptyCorpus: No document has text.
    """
    decision = decide(parts, job.heldout_share, job.cleaning.duplicates)
    if not any(decision.sides):
        where = ", ".join(sources[:3])
        raise EmptyCorpus("paths", path=where, files=len(files))
    say("writing", 0, None)
    statistics, snapshot, kept_files = _write_documents(folder, job, parts_files, decision)
    if stop():
        return None
    say("tokenizer", 0, None)
    tokenizer_file, facts = _make_tokenizer(folder, job, snapshot, statistics)
    totals = _totals(files, statistics, decision, raw_characters)
    if stop():
        return None
    figures = Baselines(gzip=statistics.gzip_bits_per_byte())
    if statistics.bytes <= EXACT_TOKENS_BELOW:
        store = open_tokens(
            folder, snapshot, tokenizer_file, lambda d, t: say("counting", d, t), stop
        )
        if store is None:
            return None
        figures = baselines(store, facts.vocabulary, figures.gzip)
        counts = {side: len(store.split(side).tokens) for side in ("train", "check", "test")}
        facts = facts.model_copy(
            update={"bytes_per_token": statistics.bytes / max(1, sum(counts.values()))}
        )
    else:
        counts = {
            side: int(size / facts.bytes_per_token)
            for side, size in statistics.bytes_by_side.items()
        }
    totals = totals.model_copy(
        update={
            "tokens": sum(counts.values()),
            "train_tokens": counts.get("train", 0),
            "heldout_tokens": counts.get("check", 0) + counts.get("test", 0),
        }
    )
    manifest = CorpusManifest(
        id=corpus_id, name=job.corpus, created=created, changed=time.time(),
        sources=_sources(sources, files), cleaning=job.cleaning, removed=removed,
        heldout_share=job.heldout_share, heldout_by="block" if decision.by_block else "document",
        totals=totals, languages=statistics.languages(), lengths=statistics.lengths(),
        median_length=statistics.median_length(), baselines=figures, snapshot=snapshot,
        tokenizer=facts,
    )  # fmt: skip
    with atomic_file(folder / FILES, "w") as lines:
        for verdict in kept_files or files:
            lines.write(verdict.model_dump_json() + "\n")
    write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    return manifest


def _write_documents(
    folder: Path, job: ReadJob, parts_files: list[Path], decision: Decision
) -> tuple[Statistics, str, list[FileVerdict]]:
    """Second pass: rows of the chosen documents to Parquet; names the snapshot by its content."""
    statistics = Statistics()
    digest = hashlib.blake2b(digest_size=8)
    temporary = folder / f".documents-{uuid.uuid4().hex[:8]}.parquet"
    writer = DocumentWriter(temporary)
    try:
        for row in _chosen_rows(parts_files, decision, job.heldout_share):
            digest.update(row["hash"] + row["split"].encode())
            statistics.add(row["text"], row["bytes"], row["language"], row["split"])
            writer.add(row, row["bytes"])
        writer.close()
        snapshot = digest.hexdigest()
        name = f"documents-{snapshot}-0001.parquet"
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    Snapshot.write(folder, snapshot, [name], statistics.documents)
    return statistics, snapshot, []


def _chosen_rows(
    parts_files: list[Path], decision: Decision, share: float
) -> Iterator[dict[str, Any]]:
    pairs = zip(read_rows(parts_files), decision.sides, strict=True)
    if decision.by_block:
        yield from _block_rows([row for row, side in pairs if side is not None], share)
        return
    for row, side in pairs:
        if side is not None:
            yield _row(row, row["part"], row["text"], side, row["hash"])


def _block_rows(rows: list[dict[str, Any]], share: float) -> Iterator[dict[str, Any]]:
    """Few documents: contiguous blocks are kept unseen; neighbours on one side stay one document."""
    length = split.block_length(sum(len(row["text"]) for row in rows))
    cut = [split.blocks(row["text"], length) for row in rows]
    hashes = [duplicates.text_hash(duplicates.normalised(b)) for blocks in cut for b in blocks]
    sides = iter(split.sides(hashes, share))
    for row, blocks in zip(rows, cut, strict=True):
        runs: list[tuple[split.Side, list[str]]] = []
        for block in blocks:
            side = next(sides)
            if runs and runs[-1][0] == side:
                runs[-1][1].append(block)
            else:
                runs.append((side, [block]))
        for part, (run_side, texts) in enumerate(runs):
            text = "".join(texts)
            name = duplicates.text_hash(duplicates.normalised(text))
            yield _row(row, part, text, run_side, name)


def _row(
    row: dict[str, Any], part: int, text: str, side: split.Side, text_hash: bytes
) -> dict[str, Any]:
    key = f"{row['source']}#{part}".encode()
    return {
        "id": hashlib.blake2b(key, digest_size=8).hexdigest(), "source": row["source"],
        "part": part, "title": row["title"], "text": text, "language": row["language"],
        "split": side, "characters": len(text), "bytes": len(text.encode("utf-8")),
        "hash": text_hash,
    }  # fmt: skip


def _make_tokenizer(
    folder: Path, job: ReadJob, snapshot: str, statistics: Statistics
) -> tuple[Path, TokenizerFacts]:
    """Train on a sample of the training text that is spread over the whole corpus."""
    size = statistics.bytes_by_side["train"] or statistics.bytes
    vocabulary = job.vocabulary or vocabulary_for(size)
    keep = min(1.0, SAMPLE_BYTES / max(1, size))
    rng = np.random.default_rng(0)

    def sample() -> Iterator[str]:
        for row in Snapshot(folder, snapshot).rows(["text", "split"]):
            if row["split"] != "train":
                continue
            for start in range(0, len(row["text"]), 1 << 16):
                if keep >= 1.0 or rng.random() < keep:
                    yield row["text"][start : start + (1 << 16)]

    tokenizer = train_tokenizer(sample(), vocabulary)
    text = tokenizer_files.to_text(tokenizer)
    name = tokenizer_files.tokenizer_hash(text)
    place = folder / "tokenizers" / name
    write_text(place / tokenizer_files.TOKENIZER_FILE, text)
    probe = next(iter(sample()), "") or " "
    ratio = len(probe.encode()) / max(1, len(tokenizer.encode(probe).ids))
    facts = TokenizerFacts(hash=name, vocabulary=tokenizer.get_vocab_size(), bytes_per_token=ratio)
    return place / tokenizer_files.TOKENIZER_FILE, facts


def _totals(
    files: list[FileVerdict], statistics: Statistics, decision: Decision, raw_characters: int
) -> Totals:
    read = sum(file.verdict == "read" for file in files)
    unseen = statistics.bytes_by_side["check"] + statistics.bytes_by_side["test"]
    return Totals(
        files=len(files), read=read, skipped=len(files) - read, documents=statistics.documents,
        characters=statistics.characters, bytes=statistics.bytes,
        train_documents=statistics.by_side["train"],
        heldout_documents=statistics.by_side["check"] + statistics.by_side["test"],
        train_bytes=statistics.bytes_by_side["train"], heldout_bytes=unseen,
        raw_characters=raw_characters, duplicates=decision.exact, near_duplicates=decision.near,
    )  # fmt: skip


def _sources(paths: list[str], files: list[FileVerdict]) -> list[Source]:
    """Sums of the files of each source."""
    result: list[Source] = []
    for path in paths:
        own = [file for file in files if file.source == path]
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
    from core.sentences import N_, Sentence

    if len(own) == len(read):
        return None
    count = len(own) - len(read)
    return Sentence("Verdicts", N_("Verdicts", "{count} files skipped"), {"count": count}).to_json()


def _main(values: list[str]) -> str:
    known = [value for value in values if value]
    return max(set(known), key=known.count) if known else ""
