"""Documents to token ids on the disk: in batches, on all cores, copied where they are known."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from core.corpus.split import Side
from core.corpus.store import Snapshot
from core.corpus.token_reuse import EncodedBefore
from core.files import friendly_os_errors
from core.tokenizer.encoder import TextEncoder, Tokens
from core.tokenizer.ranks import LLAMA3_PATTERN, QWEN2_PATTERN

SIDES: tuple[Side, ...] = ("train", "check", "test")
_BATCH_CHARACTERS = 1_000_000
_PIECE_CHARACTERS = 50_000
_LETTER_END = r"(?<=[A-Za-zぁ-んァ-ヶ一-龠])(?=[ .,、。])"
_WORD_END = re.compile(_LETTER_END)
_WORD_OR_LINE_END = re.compile(rf"\n(?=\S)|{_LETTER_END}")
_T = TypeVar("_T")
Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a document. `known`: the tokens of all of it, where they were found. `size` and
    `key` (UTF-8 bytes and hash of the whole text) come with a document's last piece."""

    side: Side
    text: str
    known: Tokens | None = None
    size: int | None = None
    key: bytes = b""


def write_tokens(
    snapshot: Snapshot,
    encoder: TextEncoder,
    end: int,
    folder: Path,
    before: EncodedBefore,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> bool:
    """Write the arrays of all sides into `folder`; False when `stop` said so.

    Args:
        end: The token that ends every document.
        before: Documents that are encoded already.
    """
    done = 0
    with contextlib.ExitStack() as stack:
        writers = {
            side: stack.enter_context(_SideWriter(folder, side, end, encoder.type.str))
            for side in SIDES
        }
        lines = encoder.pattern in (QWEN2_PATTERN, LLAMA3_PATTERN)
        ends = _WORD_OR_LINE_END if lines else _WORD_END
        for batch in _read_ahead(_batches(snapshot, before, ends)):
            if stop and stop():
                return False
            encoded = iter(encoder.encode([piece.text for piece in batch if piece.known is None]))
            for piece in batch:
                writer = writers[piece.side]
                writer.add(next(encoded) if piece.known is None else piece.known)
                if piece.size is not None:
                    writer.end_document(piece.size, piece.key)
                    done += 1
            if progress:
                progress(done, snapshot.documents)
        for writer in writers.values():
            writer.finish()
    return True


class _SideWriter:
    """Writes the four arrays of one side; the tokens go to the disk as they come."""

    def __init__(self, folder: Path, side: str, end: int, number: str) -> None:
        """`end`: the token that ends every document; `number`: NumPy's word for a token's type."""
        self._end = np.array([end], number)
        self._folder, self._side, self._number = folder, side, number
        self._raw = folder / f"{side}.raw"
        self._ends = array("q", [0])
        self._sizes = array("q")
        self._keys = bytearray()
        self._total = 0

    def __enter__(self) -> _SideWriter:
        self._file = self._raw.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, ids: Tokens) -> None:
        with friendly_os_errors(self._raw):
            self._file.write(np.ascontiguousarray(ids).data)
        self._total += len(ids)

    def end_document(self, size: int, key: bytes) -> None:
        """`size`: UTF-8 bytes of its text; `key`: the text's hash, 16 bytes."""
        self.add(self._end)
        self._ends.append(self._total)
        self._sizes.append(size)
        self._keys += key

    def finish(self) -> None:
        arrays = {
            "offsets": np.array(self._ends, np.int64),
            "bytes": np.array(self._sizes, np.int64),
            "hashes": np.frombuffer(self._keys, "<u8").reshape(-1, 2),
        }
        with friendly_os_errors(self._raw):
            for name, values in arrays.items():
                np.save(self._folder / f"{self._side}-{name}.npy", values)
            self._file.close()
            with (self._folder / f"{self._side}.npy").open("wb") as whole:
                header = {"descr": self._number, "fortran_order": False, "shape": (self._ends[-1],)}
                np.lib.format.write_array_header_1_0(whole, header)
                with self._raw.open("rb") as raw:
                    shutil.copyfileobj(raw, whole, 1 << 22)
            self._raw.unlink()


def _read_ahead(items: Iterable[_T]) -> Iterator[_T]:
    """The items; the next one is made on a thread of its own while one is worked on."""
    waiting, none = iter(items), object()
    with ThreadPoolExecutor(1, "read-ahead") as pool:
        following = pool.submit(next, waiting, none)
        while (item := following.result()) is not none:
            following = pool.submit(next, waiting, none)
            yield item  # type: ignore[misc]


def _batches(
    snapshot: Snapshot, before: EncodedBefore, ends: re.Pattern[str]
) -> Iterator[list[_Piece]]:
    """Pieces of documents in batches of about a million characters. `ends`: where a text is cut."""
    batch: list[_Piece] = []
    characters = 0
    for row in snapshot.rows(["text", "split", "bytes"]):
        for piece in _pieces_of(row, before, ends):
            batch.append(piece)
            characters += len(piece.text) if piece.known is None else len(piece.known)
            if characters >= _BATCH_CHARACTERS:
                yield batch
                batch, characters = [], 0
    if batch:
        yield batch


def _pieces_of(
    row: dict[str, Any], before: EncodedBefore, ends: re.Pattern[str]
) -> Iterator[_Piece]:
    text, side, size = row["text"], row["split"], row["bytes"]
    key = hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()
    known = before.find(key, size)
    if known is not None:
        yield _Piece(side, "", known, size, key)
        return
    pieces = list(_pieces(text, ends))
    for piece in pieces[:-1]:
        yield _Piece(side, piece)
    yield _Piece(side, pieces[-1], None, size, key)


def _pieces(text: str, ends: re.Pattern[str] = _WORD_OR_LINE_END) -> Iterator[str]:
    """Cut a long text where the tokenizer cuts too: after a letter before a space or stop, which is
    the end of a word everywhere, and after a line end before a visible character where the pattern
    is Qwen2's or Llama 3's. So the tokens are those of the whole text, several cores can work, and
    memory stays small."""
    start = 0
    while len(text) - start > _PIECE_CHARACTERS:
        cut = ends.search(text, start + _PIECE_CHARACTERS)
        if cut is None:
            break
        yield text[start : cut.end()]
        start = cut.end()
    yield text[start:]
