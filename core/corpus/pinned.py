"""Which texts a run does not read, because another of its corpora keeps them unseen: found once, when
it begins, and written down in its folder, so that it goes on with the same rows however they are found
by then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.corpus.apart import Mask, left_out, the_same
from core.corpus.store import Snapshot
from core.errors import Damaged
from core.files import atomic_file
from core.jobfolder import START_AGAIN, JobFolder
from core.reasons import reason_of
from core.sentences import N_, Sentence

OWN, REPLAYED = "apart.npz", "apart-replay.npz"
"""In a run's folder: of its own corpora, and of those together with its parent's."""
_NAMES = "states"


def left_out_by(run: Path, name: str, states: Sequence[Snapshot]) -> list[Mask]:
    """As core.corpus.apart.left_out gives them: bool [documents] of each state.

    Args:
        run: The run's folder; `name`: OWN or REPLAYED.

    Raises:
        Damaged: What was written down is broken, or of other states; or the run has taken steps and
            wrote nothing down, and texts would be left out that are only nearly the same, which an
            earlier edition read.
    """
    file = run / name
    if len(states) < 2 and (name == OWN or not file.exists()):
        return left_out(states)
    if file.exists():
        return _read(file, states)
    gone = left_out(states)
    if JobFolder(run).has_checkpoint and not _equal(gone, the_same(states)):
        text = N_("Errors", "nobody noted which texts this run does not read, and now they would be others")  # fmt: skip
        raise Damaged(path=str(file), reason=Sentence("Errors", text), hint=START_AGAIN)
    with atomic_file(file) as out:
        packed = {str(number): np.packbits(mask) for number, mask in enumerate(gone)}
        np.savez(out, allow_pickle=False, **{_NAMES: _names(states)}, **packed)
    return gone


def _read(file: Path, states: Sequence[Snapshot]) -> list[Mask]:
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as data:
            if data[_NAMES].tolist() != _names(states).tolist():
                text = N_("Errors", "some of the corpora that this run reads are gone or others")
                raise Damaged(path=str(file), reason=Sentence("Errors", text), hint=START_AGAIN)
            return [
                np.unpackbits(data[str(number)], count=state.documents).astype(bool)
                for number, state in enumerate(states)
            ]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise Damaged(path=str(file), reason=reason_of(error), hint=START_AGAIN) from error


def _names(states: Sequence[Snapshot]) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.array([state.name for state in states], np.str_)


def _equal(some: Sequence[Mask], others: Sequence[Mask]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(some, others, strict=True))
