"""Token ids of a snapshot: encoded once for each tokenizer, then memory mapped."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.corpus.split import Side
from core.corpus.store import Snapshot
from core.corpus.token_reuse import EncodedBefore, newest
from core.corpus.token_writing import SIDES, Progress, write_tokens
from core.errors import Damaged
from core.files import friendly_os_errors, publish_folder
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.encoder import TextEncoder
from core.tokenizer.roles import roles_of

__all__ = ["SIDES", "TokenSplit", "TokenStore", "open_tokens"]


@dataclass(frozen=True)
class TokenSplit:
    """Tokens of one side.

    `tokens`: uint16 [total] (uint32 beyond 65,536 different ones); every document ends with the end-of-text token. `offsets`: int64
    [documents + 1]. `bytes`: int64 [documents], UTF-8 bytes of each document's text.
    """

    tokens: NDArray[np.uint16 | np.uint32]
    offsets: NDArray[np.int64]
    bytes: NDArray[np.int64]
    side: Side | None = None
    """Which side of a corpus these tokens are (a part of); None: of none."""
    weights: NDArray[np.float64] | None = None
    """float64 [documents]: how often a pass reads each; None: all of them once. Such tokens may be
    core.corpus.runs.Runs, which slice as an array does."""

    @property
    def documents(self) -> int:
        return len(self.bytes)


class TokenStore:
    """The folder `tokens/<tokenizer hash>-<snapshot hash>/`.

    A side stays open once it was asked for: a corpus may be renamed or trashed meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[Side, TokenSplit] = {}

    def split(self, side: Side) -> TokenSplit:
        """Raises Damaged."""
        if side not in self._open:
            self._open[side] = self._load(side)
        return self._open[side]

    def _load(self, side: Side) -> TokenSplit:
        try:
            tokens = np.load(self.folder / f"{side}.npy", mmap_mode="r", allow_pickle=False)
            offsets = np.load(self.folder / f"{side}-offsets.npy", allow_pickle=False)
            sizes = np.load(self.folder / f"{side}-bytes.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise Damaged(
                path=str(self.folder / f"{side}.npy"),
                reason=reason_of(error),
                hint=Sentence(
                    "Errors",
                    N_("Errors", "Delete the folder “tokens” of the corpus; it is made again."),
                ),
            ) from error
        return TokenSplit(tokens, offsets, sizes, side)


def open_tokens(
    corpus_folder: Path,
    snapshot: str,
    tokenizer_file: Path,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> TokenStore | None:
    """The token store of a snapshot, encoded now if nobody did before. Documents that an earlier
    snapshot has too are not encoded again.

    Args:
        progress: Called with documents done and in all.
        stop: Asked between batches; when it says yes, None is returned and nothing is left.

    Raises:
        Damaged: A document file or the tokenizer is broken.
    """
    tokenizer = tokenizer_files.load(tokenizer_file)
    name = tokenizer_files.tokenizer_hash(tokenizer_files.to_text(tokenizer))
    stores = corpus_folder / "tokens"
    folder = stores / f"{name}-{snapshot}"
    if folder.is_dir():
        return TokenStore(folder)
    roles = roles_of(tokenizer, tokenizer_file.parent)
    if roles is None:
        raise Damaged(
            path=tokenizer_files.TOKENIZER_FILE, reason=tokenizer_files.NO_END,
            hint=Sentence("Errors", N_("Errors", "Use another tokenizer.")),
        )  # fmt: skip
    temporary = stores / f".{name}-{uuid.uuid4().hex[:8]}"
    with friendly_os_errors(temporary):
        temporary.mkdir(parents=True)
    before = EncodedBefore(newest(stores, name))
    encoder = TextEncoder(tokenizer)
    try:
        rows = Snapshot(corpus_folder, snapshot)
        if not write_tokens(rows, encoder, roles.end, temporary, before, progress, stop):
            return None
        if not folder.is_dir():
            publish_folder(temporary, folder)
    finally:
        encoder.close()
        shutil.rmtree(temporary, ignore_errors=True)
    return TokenStore(folder)
