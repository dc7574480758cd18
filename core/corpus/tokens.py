"""Token ids of a snapshot: encoded once for each tokenizer, then memory mapped."""

from __future__ import annotations

import contextlib
import re
import shutil
import uuid
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from core.corpus.split import Side
from core.corpus.store import Snapshot
from core.errors import Damaged
from core.files import friendly_os_errors, publish_folder
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.roles import roles_of

SIDES: tuple[Side, ...] = ("train", "check", "test")
_BATCH_CHARACTERS = 1_000_000
_PIECE_CHARACTERS = 50_000
_WORD_END = re.compile(r"\n(?=\S)|(?<=[A-Za-zぁ-んァ-ヶ一-龠])(?=[ .,、。])")
Progress = Callable[[float, float], None]


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
    with friendly_os_errors(temporary):
        temporary.mkdir(parents=True)
    try:
        rows = Snapshot(corpus_folder, snapshot)
        beside = tokenizer_file.parent
        if not _encode(rows, tokenizer, beside, temporary, progress, stop):
            return None
        if not folder.is_dir():
            publish_folder(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return TokenStore(folder)


def _encode(
    snapshot: Snapshot,
    tokenizer: Tokenizer,
    beside: Path,
    folder: Path,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> bool:
    """`beside`: the folder of the tokenizer's file, which may say what its tokens are for."""
    roles = roles_of(tokenizer, beside)
    if roles is None:
        raise Damaged(
            path=tokenizer_files.TOKENIZER_FILE, reason=tokenizer_files.NO_END,
            hint=Sentence("Errors", N_("Errors", "Use another tokenizer.")),
        )  # fmt: skip
    end = roles.end
    number = "<u2" if tokenizer.get_vocab_size() <= 1 << 16 else "<u4"
    done = 0
    with contextlib.ExitStack() as stack:
        writers = {
            side: stack.enter_context(_SideWriter(folder, side, end, number)) for side in SIDES
        }
        for batch in _batches(snapshot):
            if stop and stop():
                return False
            encoded = tokenizer.encode_batch_fast([text for _, text, _ in batch])
            for (side, _, size), piece in zip(batch, encoded, strict=True):
                writers[side].add(piece.ids)
                if size is not None:
                    writers[side].end_document(size)
                    done += 1
            if progress:
                progress(done, snapshot.documents)
        for writer in writers.values():
            writer.finish()
    return True


class _SideWriter:
    """Writes the three arrays of one side; the tokens go to the disk as they come."""

    def __init__(self, folder: Path, side: str, end: int, number: str) -> None:
        """`end`: the token that ends every document; `number`: NumPy's word for a token's type."""
        self._end, self._number = end, number
        self._folder, self._side = folder, side
        self._raw = folder / f"{side}.raw"
        self._ends = array("q", [0])
        self._sizes = array("q")
        self._total = 0

    def __enter__(self) -> _SideWriter:
        self._file = self._raw.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, ids: list[int]) -> None:
        with friendly_os_errors(self._raw):
            self._file.write(np.array(ids, self._number).tobytes())
        self._total += len(ids)

    def end_document(self, size: int) -> None:
        """`size`: UTF-8 bytes of its text."""
        self.add([self._end])
        self._ends.append(self._total)
        self._sizes.append(size)

    def finish(self) -> None:
        offsets = np.array(self._ends, np.int64)
        with friendly_os_errors(self._raw):
            np.save(self._folder / f"{self._side}-offsets.npy", offsets)
            np.save(self._folder / f"{self._side}-bytes.npy", np.array(self._sizes, np.int64))
            self._file.close()
            with (self._folder / f"{self._side}.npy").open("wb") as whole:
                header = {"descr": self._number, "fortran_order": False, "shape": (self._ends[-1],)}
                np.lib.format.write_array_header_1_0(whole, header)
                with self._raw.open("rb") as raw:
                    shutil.copyfileobj(raw, whole, 1 << 22)
            self._raw.unlink()


def _batches(snapshot: Snapshot) -> Iterator[list[tuple[Side, str, int | None]]]:
    """(side, piece of a document, the document's bytes after its last piece) in batches of about
    a million characters."""
    batch: list[tuple[Side, str, int | None]] = []
    characters = 0
    for row in snapshot.rows(["text", "split", "bytes"]):
        pieces = list(_pieces(row["text"]))
        for number, piece in enumerate(pieces, 1):
            batch.append((row["split"], piece, row["bytes"] if number == len(pieces) else None))
            characters += len(piece)
            if characters >= _BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    if batch:
        yield batch


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text where the tokenizer cuts too: after a line end before a visible character,
    and after a letter before a space or stop (both are ends of words in Qwen2's pattern). So the
    tokens are those of the whole text, several cores can work, and memory stays small."""
    start = 0
    while len(text) - start > _PIECE_CHARACTERS:
        cut = _WORD_END.search(text, start + _PIECE_CHARACTERS)
        if cut is None:
            break
        yield text[start : cut.end()]
        start = cut.end()
    yield text[start:]
