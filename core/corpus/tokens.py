"""Token ids of a snapshot: encoded once for each tokenizer, then memory mapped."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.corpus.split import Side
from core.corpus.store import Snapshot
from core.errors import Damaged
from core.files import publish_folder
from core.tokenizer import files as tokenizer_files
from core.tokenizer.special import END_OF_TEXT

SIDES: tuple[Side, ...] = ("train", "check", "test")
_BATCH_CHARACTERS = 2_000_000
Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class TokenSplit:
    """Tokens of one side.

    `tokens`: uint16 [total]; every document ends with the end-of-text token. `offsets`: int64
    [documents + 1]. `bytes`: int64 [documents], UTF-8 bytes of each document's text.
    """

    tokens: NDArray[np.uint16]
    offsets: NDArray[np.int64]
    bytes: NDArray[np.int64]

    @property
    def documents(self) -> int:
        return len(self.bytes)


class TokenStore:
    """The folder `tokens/<tokenizer hash>-<snapshot hash>/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def split(self, side: Side) -> TokenSplit:
        """Raises Damaged."""
        try:
            tokens = np.load(self.folder / f"{side}.npy", mmap_mode="r", allow_pickle=False)
            offsets = np.load(self.folder / f"{side}-offsets.npy", allow_pickle=False)
            sizes = np.load(self.folder / f"{side}-bytes.npy", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise Damaged(
                path=str(self.folder / f"{side}.npy"),
                reason=type(error).__name__,
                hint="Delete the folder “tokens” of the corpus; it is made again.",
            ) from error
        return TokenSplit(tokens, offsets, sizes)


def open_tokens(
    corpus_folder: Path,
    snapshot: str,
    tokenizer_file: Path,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> TokenStore | None:
    """The token store of a snapshot, encoded now if nobody did before.

    Args:
        progress: Called with documents done and in all.
        stop: Asked between batches; when it says yes, None is returned and nothing is left.

    Raises:
        Damaged: A document file or the tokenizer is broken.
    """
    tokenizer = tokenizer_files.load(tokenizer_file)
    name = tokenizer_files.tokenizer_hash(tokenizer_files.to_text(tokenizer))
    folder = corpus_folder / "tokens" / f"{name}-{snapshot}"
    if folder.is_dir():
        return TokenStore(folder)
    temporary = corpus_folder / "tokens" / f".{name}-{uuid.uuid4().hex[:8]}"
    temporary.mkdir(parents=True)
    try:
        if not _encode(Snapshot(corpus_folder, snapshot), tokenizer, temporary, progress, stop):
            return None
        if not folder.is_dir():
            publish_folder(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return TokenStore(folder)


def _encode(
    snapshot: Snapshot,
    tokenizer: Tokenizer,
    folder: Path,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> bool:
    end = tokenizer.token_to_id(END_OF_TEXT)
    pieces: dict[str, list[NDArray[np.uint16]]] = {side: [] for side in SIDES}
    lengths: dict[str, list[int]] = {side: [] for side in SIDES}
    sizes: dict[str, list[int]] = {side: [] for side in SIDES}
    done = 0
    for batch in _batches(snapshot):
        if stop and stop():
            return False
        texts = [text for _, text, _ in batch]
        for (side, _, size), encoded in zip(batch, tokenizer.encode_batch_fast(texts), strict=True):
            ids = np.array([*encoded.ids, end], dtype=np.uint16)
            pieces[side].append(ids)
            lengths[side].append(len(ids))
            sizes[side].append(size)
        done += len(batch)
        if progress:
            progress(done, snapshot.documents)
    for side in SIDES:
        joined = np.concatenate(pieces[side]) if pieces[side] else np.empty(0, np.uint16)
        np.save(folder / f"{side}.npy", joined, allow_pickle=False)
        offsets = np.concatenate([[0], np.cumsum(lengths[side], dtype=np.int64)])
        np.save(folder / f"{side}-offsets.npy", offsets.astype(np.int64), allow_pickle=False)
        np.save(folder / f"{side}-bytes.npy", np.array(sizes[side], np.int64), allow_pickle=False)
    return True


def _batches(snapshot: Snapshot) -> Iterator[list[tuple[str, str, int]]]:
    """(side, text, bytes) in batches of about two million characters."""
    batch: list[tuple[str, str, int]] = []
    characters = 0
    for row in snapshot.rows(["text", "split", "bytes"]):
        batch.append((row["split"], row["text"], row["bytes"]))
        characters += len(row["text"])
        if characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
