"""A member of an archive before it is written anywhere."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from core.sentences import N_, Sentence

DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError,
    OverflowError, IndexError, RuntimeError,
)  # fmt: skip
"""What the standard library raises for damaged archives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` as the archive calls it, with "/" between its parts; "" is the archive itself.

    `problem`: why it cannot be written. `open`: its bytes; to be called before the next entry is
    asked for. `packed`: its size in the archive, in bytes, where that is known.
    """

    name: str
    problem: Sentence | None = None
    open: Callable[[], IO[bytes]] | None = None
    packed: int | None = None


def cut_off() -> Sentence:
    text = N_("Verdicts", "the archive is damaged or cut off: what comes after this is lost")
    return Sentence("Verdicts", text)
