"""Limits for what expands: a small archive may not fill the disk or the memory."""

from __future__ import annotations

from dataclasses import dataclass

from core.corpus.readers.faults import NotReadable
from core.sentences import N_, Sentence

MEMBER_BYTES = 2 << 30
WHOLE_BYTES = 20 << 30
MEMBERS = 200_000
FREE_BYTES = 64 << 20
"""Up to this size the ratio does not count: an empty table compresses a thousandfold."""
RATIO = 200


def is_bomb(packed: int, unpacked: int) -> bool:
    """Whether `packed` bytes that became `unpacked` ones were made to do harm."""
    return unpacked > FREE_BYTES and unpacked > RATIO * max(packed, 1)


def check(packed: int, unpacked: int, most: int = MEMBER_BYTES) -> None:
    """Raises NotReadable where `unpacked` bytes are too many."""
    if is_bomb(packed, unpacked):
        text = N_("Verdicts", "expands more than {ratio}-fold, as bombs do: not opened")
        raise NotReadable(Sentence("Verdicts", text, {"ratio": RATIO}))
    if unpacked > most:
        text = N_("Verdicts", "unpacks to more than {megabytes} MB: not opened")
        raise NotReadable(Sentence("Verdicts", text, {"megabytes": most >> 20}))


@dataclass
class Allowance:
    """What a file of `packed` bytes may unpack to, the archives within it together: ten layers of
    ten members each are ten thousand million."""

    packed: int
    unpacked: int = 0
    members: int = 0

    def one_more(self) -> bool:
        """Whether another member may be opened."""
        self.members += 1
        return self.members <= MEMBERS

    def check(self, more: int) -> None:
        """Raises NotReadable where `more` bytes are too many."""
        check(self.packed, self.unpacked + more, WHOLE_BYTES)


def too_many() -> Sentence:
    text = N_("Verdicts", "holds more than {count} files: the rest is not opened")
    return Sentence("Verdicts", text, {"count": MEMBERS})


def damaged() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "damaged or cut off"))


def needs_password() -> Sentence:
    return Sentence("Verdicts", N_("Verdicts", "needs a password: save it without one"))
