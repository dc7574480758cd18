"""From texts to a corpus: duplicates, sides, snapshot, tokenizer, figures."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpus import duplicates, remainders, repeats, split
from core.corpus.assign import TextTable, assign
from core.corpus.catalogue import Catalogue, load
from core.corpus.choosing import Choice, choose
from core.corpus.copies import write_copies
from core.corpus.gathering import Stopped
from core.corpus.hashes import places_of, table_of
from core.corpus.library import FILES, MANIFEST
from core.corpus.listing import Listing, by_block, by_document
from core.corpus.manifest import Baselines, CorpusManifest, FileVerdict
from core.corpus.recount import recounted
from core.corpus.repeats import Repeated
from core.corpus.statistics import Statistics
from core.corpus.store import SIDES, TEXTS, Snapshot, SnapshotWriter
from core.corpus.sums import sources_of, totals_of
from core.corpus.tokenizing import tokenizer_for
from core.corpus.verdicts import without_text
from core.corpus.weights import carried
from core.errors import Damaged
from core.files import atomic_file, friendly_os_errors, write_json
from core.jobs.kinds import ReadJob

_SHORT_BYTES = 400
"""Some 400 letters, or 130 Japanese characters."""
Say = Callable[[str, float, float | None], None]
"""phase, done, total"""


@dataclass
class Collection:
    """What reading found: verdicts, whose texts lie in the corpus or in `parts`; the sources."""

    files: list[FileVerdict]
    parts: Path
    sources: list[str]
    broken: frozenset[str] = frozenset()
    """Names of files of texts that are damaged: no verdict names them."""


def build(
    folder: Path,
    job: ReadJob,
    collection: Collection,
    old: CorpusManifest | None,
    latest: Callable[[], CorpusManifest | None],
    say: Say,
    stop: Callable[[], bool],
) -> CorpusManifest:
    """Write snapshot, tokenizer, tokens, manifest.

    Args:
        old: The corpus as it was when the reading began, which texts and sides go on from.
        latest: Gives the same with what the user has noted since: reading may take hours.

    Raises:
        EmptyCorpus: No document has text.
        Stopped: `stop` said so; the corpus is as it was.
    """

    def check() -> None:
        if stop():
            raise Stopped

    say("writing", 0, None)
    places = (folder / TEXTS, collection.parts)
    with TextTable(collection.parts / "texts.sketches") as table:
        catalogue = load(collection.files, places, table)
    check()
    known = _known(folder, old, catalogue)
    choice = choose(catalogue, job.cleaning, known)
    check()
    blocks = _blocks(catalogue, choice, old)
    again = Repeated()
    if job.cleaning.paragraphs:
        again = repeats.find(catalogue, np.flatnonzero(choice.keep), collection.parts, check)
        choice.keep[[number for number, kept in again.ranges.items() if not kept]] = False
    apart, sides = _apart(catalogue), known
    if old is not None and job.heldout_share != old.heldout_share:  # Sides are asked for anew.
        apart, sides = apart | (known != split.OUT), np.full_like(known, split.OUT)
    found = assign(
        table, 0.0 if blocks else job.heldout_share, duplicates.NEAR, choice.keep, sides,
        job.cleaning.near_duplicates, apart, catalogue.side_keys(),
    )  # fmt: skip
    check()
    if again.ranges and not blocks:
        alike = remainders.trained_and_unseen(
            catalogue, again.ranges, found.codes, collection.parts, check
        )
        found.codes[alike] = split.OUT
        found.near += len(alike)
    chosen = np.flatnonzero(found.codes != split.OUT)
    if blocks:
        listing = by_block(
            catalogue, chosen, again.ranges, job.heldout_share, blocks, collection.parts, check
        )
    else:
        listing = by_document(catalogue, found.codes, again.ranges)
    if not len(listing.rows):
        where = ", ".join(collection.sources[:3])
        raise without_text("paths", where, collection.files)
    snapshot = _publish(folder, catalogue, listing, collection.broken)
    write_copies(folder, snapshot, catalogue, choice, found.stands_for, again)
    statistics = Statistics(Snapshot(folder, snapshot), listing, catalogue)
    say("tokenizer", 0, None)
    size = statistics.bytes_by_side["train"] or statistics.bytes
    tokenizer_file, facts = tokenizer_for(folder, snapshot, size, job, latest(), check)
    check()
    manifest = CorpusManifest(
        id=old.id if old else str(uuid.uuid4()), name=job.corpus,
        created=old.created if old else time.time(), changed=time.time(),
        sources=carried(sources_of(collection.sources, collection.files), (), job.weights),
        cleaning=job.cleaning, removed=_removed(collection.files, choice, again),
        heldout_share=job.heldout_share,
        heldout_by="block" if blocks else "document", heldout_block=blocks,
        totals=totals_of(collection.files, statistics, choice, found.near + listing.near),
        languages=statistics.languages(), lengths=statistics.lengths(),
        median_length=statistics.median_length(), snapshot=snapshot,
        baselines=Baselines(gzip=statistics.gzip_bits_per_byte()),
    )  # fmt: skip
    manifest = recounted(
        folder,
        manifest,
        facts,
        tokenizer_file,
        stop,
        lambda done, total: say("counting", done, total),
    )
    check()
    with atomic_file(folder / FILES, "w") as lines:
        for verdict in collection.files:
            lines.write(verdict.model_dump_json() + "\n")
    noted = latest()
    if noted is not None:
        sources = carried(manifest.sources, noted.sources, job.weights)
        manifest = manifest.model_copy(update={"sources": sources})
    write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    return manifest


def _known(folder: Path, old: CorpusManifest | None, catalogue: Catalogue) -> split.Codes:
    """The side of each text that the corpus has already, else split.OUT: int8 [texts]."""
    codes = np.full(len(catalogue.texts), split.OUT, np.int8)
    if old is None or not old.snapshot or old.heldout_by == "block":
        return codes
    try:
        rows = [
            (row["hash"], SIDES.index(row["split"]))
            for row in Snapshot(folder, old.snapshot).rows(["hash", "split"])
        ]
    except Damaged:
        return codes
    places = places_of(catalogue.table.hashes, table_of([name for name, _ in rows]))
    sides = np.array([side for _, side in rows], np.int8)
    return np.where(places >= 0, sides[places], codes).astype(np.int8)


def _apart(catalogue: Catalogue) -> NDArray[np.bool_]:
    """Texts that are never merged with near ones: conversations ask in the same words, and of two
    short sentences that differ in one word each says something of its own."""
    return catalogue.texts["shaped"] | (catalogue.texts["bytes"] < _SHORT_BYTES)


def _blocks(catalogue: Catalogue, choice: Choice, old: CorpusManifest | None) -> int:
    """The length of the blocks that are split where a split by document would be a lottery; 0 for
    documents. A corpus that is read again keeps its way, so that what was unseen stays unseen."""
    lengths = catalogue.texts["characters"][choice.keep]
    documents = not split.few(lengths.tolist())
    if old is not None and old.snapshot:
        documents = old.heldout_by == "document" and len(lengths) >= split.FEW_DOCUMENTS
    if documents:
        return 0
    return (old.heldout_block if old else 0) or split.block_length(int(lengths.sum()))


def _publish(folder: Path, catalogue: Catalogue, listing: Listing, broken: frozenset[str]) -> str:
    """Move the texts into the corpus, and list what was chosen of them; returns the snapshot's name,
    which is the hash of what it lists."""
    used = np.unique(listing.rows["file"])
    with friendly_os_errors(folder):
        (folder / TEXTS).mkdir(parents=True, exist_ok=True)
        for number, path in enumerate(catalogue.paths):  # Those of copies too: read once is enough.
            target = folder / TEXTS / path.name
            if path != target:
                _bring(path, target)
                catalogue.paths[number] = target
    files = [f"{TEXTS}/{catalogue.paths[number].name}" for number in used.tolist()]
    listing.rows["file"] = np.searchsorted(used, listing.rows["file"])
    name = _digest(catalogue, listing)
    if not _is_whole(folder, name, broken):  # What it names never changes.
        writer = SnapshotWriter(folder, files)
        writer.add(listing.rows, listing.ranges)
        writer.publish(name)
    return name


def _is_whole(folder: Path, name: str, broken: frozenset[str]) -> bool:
    """Whether this state is there, with all that it names."""
    try:
        state = Snapshot(folder, name)
        there = all(path.is_file() and path.name not in broken for path in state.paths)
        return there and len(state.index) == state.documents
    except Damaged:
        return False


def _bring(path: Path, target: Path) -> None:
    """A second name costs nothing, and the first stays for a reading that is broken off here."""
    try:
        target.hardlink_to(path)
    except FileExistsError:
        return
    except OSError:  # A disk that knows no second names.
        path.replace(target)


def _digest(catalogue: Catalogue, listing: Listing) -> str:
    """Of the texts, their ids, sides and order; not of the files that they happen to lie in."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(_bytes(catalogue.texts["digest"][listing.text]))
    digest.update(_bytes(listing.rows["id"]) + _bytes(listing.rows["side"]))
    for place, ranges in enumerate(listing.ranges):
        if ranges:
            digest.update(f"{place}:{list(ranges)}".encode())
    return digest.hexdigest()


def _bytes(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values).tobytes()


def _removed(files: list[FileVerdict], choice: Choice, found: Repeated) -> dict[str, int]:
    removed: dict[str, int] = {}
    for file in files:
        for name, count in file.removed.items():
            removed[name] = removed.get(name, 0) + count
    removed.update(choice.removed)
    if found.characters:
        removed["paragraphs"] = found.characters
    return removed
