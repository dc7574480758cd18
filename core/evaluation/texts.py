"""The texts that versions are measured on: held-out, seen, and files dropped in."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from tokenizers import Tokenizer

from core.corpus import duplicates
from core.corpus.library import CorpusLibrary
from core.corpus.loose import texts_of
from core.corpus.store import Snapshot
from core.corpus.tokens import TokenSplit
from core.corpus.verdicts import without_text
from core.errors import BadSuite, PairsNotText, PathMissing, TerakoyaError
from core.evaluation.bias import read_suite
from core.evaluation.overlap import SHARE, shared
from core.home import Home
from core.jobs.kinds import CleaningOptions
from core.versions.manifest import CorpusPin, VersionManifest

MOST_BYTES = 400_000
TextKind = Literal["heldout", "seen", "file"]


@dataclass(frozen=True)
class EvaluationText:
    """Documents under a name; `hashes` of their normalised texts."""

    path: str
    kind: TextKind
    documents: list[str]
    hashes: list[bytes]

    @property
    def bytes(self) -> int:
        return sum(len(d.encode("utf-8")) for d in self.documents)


def corpus_text(
    home: Home, pin: CorpusPin, kind: Literal["heldout", "seen"]
) -> EvaluationText | None:
    """The test part (or as much training text) of a snapshot; None when the corpus is gone.

    Of more than `MOST_BYTES` a fair sample: the documents with the smallest hashes, which do not
    depend on the order of the sources.
    """
    folder = _folder_of(home, pin)
    if folder is None:
        return None
    snapshot = Snapshot(folder, pin.snapshot)
    wanted = ("test",) if kind == "heldout" else ("train",)
    last = _last_hash(snapshot, wanted)
    documents: list[str] = []
    hashes: list[bytes] = []
    size = 0
    for row in snapshot.rows(["text", "split", "bytes", "hash"]):
        if row["split"] not in wanted or (last is not None and row["hash"] > last):
            continue
        if size >= MOST_BYTES:
            break
        text = row["text"]
        if size + row["bytes"] > MOST_BYTES:  # The last one is cut: the rest was not looked at.
            text = text.encode("utf-8")[: MOST_BYTES - size].decode("utf-8", "ignore")
        documents.append(text)
        hashes.append(row["hash"])
        size += len(text.encode("utf-8"))
    if not documents:
        return None
    return EvaluationText(f"{kind}:{folder.name}@{pin.snapshot}", kind, documents, hashes)


def _last_hash(snapshot: Snapshot, wanted: tuple[str, ...]) -> bytes | None:
    """The largest hash that is read; None where everything is."""
    sizes = sorted(
        (row["hash"], row["bytes"])
        for row in snapshot.rows(["split", "bytes", "hash"]) if row["split"] in wanted
    )  # fmt: skip
    total = 0
    for found, size in sizes:
        total += size
        if total >= MOST_BYTES:
            return found
    return None


def file_text(home: Home, path: str, stop: Callable[[], bool] = lambda: False) -> EvaluationText:
    """A file (also an archive) or folder, cleaned as a corpus would be.

    Raises:
        PathMissing, EmptyCorpus
        PairsNotText: It has the form of a suite: of its pairs every second sentence would be lost.
        Stopped: `stop` said so.
    """
    if not Path(path).exists():
        raise PathMissing("text", path=path)
    if Path(path).is_file() and _is_suite(path):
        raise PairsNotText("text", path=path)
    documents, verdicts = texts_of(home, path, CleaningOptions(), stop)
    if not documents:
        raise without_text("text", path, verdicts)
    hashes = [duplicates.text_hash(duplicates.normalised(d)) for d in documents]
    return EvaluationText(path, "file", documents, hashes)


def _is_suite(path: str) -> bool:
    try:
        read_suite(path)
    except (BadSuite, PathMissing):
        return False
    return True


def training_hashes(home: Home, manifest: VersionManifest) -> set[bytes]:
    """Hashes of everything that a version and its ancestors were trained on, where still known. Of
    several corpora a version reads nothing that one of them keeps unseen (core.corpus.mixture)."""
    own = manifest.corpora[: manifest.own_corpora]
    trained, unseen = _hashes(home, own)
    if len(own) > 1:
        trained -= unseen
    return trained | _hashes(home, manifest.corpora[manifest.own_corpora :])[0]


def _hashes(home: Home, pins: Sequence[CorpusPin]) -> tuple[set[bytes], set[bytes]]:
    """(trained on, unseen) in these corpora."""
    trained: set[bytes] = set()
    unseen: set[bytes] = set()
    for pin in pins:
        folder = _folder_of(home, pin)
        if folder is None:
            continue
        with contextlib.suppress(TerakoyaError):
            for row in Snapshot(folder, pin.snapshot).rows(["split", "hash"]):
                (trained if row["split"] == "train" else unseen).add(row["hash"])
    return trained, unseen


def was_trained_on(
    home: Home, manifest: VersionManifest, text: EvaluationText, hashes: set[bytes]
) -> bool:
    """Whether a version read `text` in training: documents whole (`hashes`, see
    `training_hashes`), or half of it in pieces, as long texts are cut into blocks."""
    if text.kind == "seen" or any(h in hashes for h in text.hashes):
        return True
    return text.kind == "file" and shared(text.documents, _training_texts(home, manifest)) >= SHARE


def _training_texts(home: Home, manifest: VersionManifest) -> Iterator[str]:
    for pin in manifest.corpora:
        folder = _folder_of(home, pin)
        if folder is None:
            continue
        try:
            for row in Snapshot(folder, pin.snapshot).rows(["split", "text"]):
                if row["split"] == "train":
                    yield row["text"]
        except TerakoyaError:
            continue


def encode(text: EvaluationText, tokenizer: Tokenizer, end_of_text: int) -> TokenSplit:
    """Documents as tokens, each ended."""
    encoded = tokenizer.encode_batch_fast(text.documents)
    pieces = [np.array([*e.ids, end_of_text], np.uint32) for e in encoded]
    offsets = np.concatenate([[0], np.cumsum([len(p) for p in pieces])]).astype(np.int64)
    sizes = np.array([len(d.encode("utf-8")) for d in text.documents], np.int64)
    return TokenSplit(np.concatenate(pieces), offsets, sizes)


def _folder_of(home: Home, pin: CorpusPin) -> Path | None:
    """The corpus folder by id: a renamed corpus is found, another one of the same name is not."""
    for corpus in CorpusLibrary(home).list():
        if corpus.id == pin.id:
            folder = home.corpora / corpus.name
            return folder if (folder / "snapshots" / f"{pin.snapshot}.json").is_file() else None
    return None
