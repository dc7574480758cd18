"""The tokenizer of a corpus: kept, chosen by the user, or learned from a sample of its training text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from core.corpus.language import detect
from core.corpus.manifest import CorpusManifest, TokenizerFacts
from core.corpus.store import Snapshot
from core.corpus.token_writing import Progress
from core.files import write_text
from core.jobs.kinds import MOST_TOKENS, ReadJob, TokenizerChoice
from core.tokenizer import files as tokenizer_files
from core.tokenizer.characters import MOST_CHARACTERS
from core.tokenizer.lab.importing import imported
from core.tokenizer.lab.kinds import BYTES, train
from core.tokenizer.lab.unigram import SAMPLE_BYTES as UNIGRAM_BYTES
from core.tokenizer.sizes import vocabulary_for
from core.tokenizer.train import SAMPLE_BYTES

_CHUNK = 1 << 16
_SHORT = 1 << 11
_KEPT_BELOW = 1.2
"""A corpus that grew by less than this factor keeps its tokenizer, and so the tokens it has."""
_HELD_BACK = 16
"""One of so many chunks of a sample measures tokenizers instead of teaching them."""
_MOST_HELD_BACK = 1 << 20


def tokenizer_for(
    folder: Path,
    snapshot: str,
    size: int,
    job: ReadJob,
    old: CorpusManifest | None,
    check: Callable[[], None] = lambda: None,
) -> tuple[Path, TokenizerFacts]:
    """tokenizer.json's path in the corpus folder and what the manifest says of it, for a reading.

    The user's choice counts, of now or before. Else the tokenizer stays while the corpus has about
    the size it had when it was learned, and while no text was unseen then less than it is now.

    Args:
        size: Bytes of the training text.
        check: Called several times a second while text is looked at; what it raises ends that.

    Raises:
        CannotImport, PathMissing: The file that was chosen is no tokenizer.
    """
    if job.tokenizer is not None:
        return make_tokenizer(folder, snapshot, size, job.tokenizer, True, check)
    known = old.tokenizer if old else None
    if job.vocabulary is not None and (known is None or known.vocabulary != job.vocabulary):
        choice = TokenizerChoice(vocabulary=min(max(job.vocabulary, BYTES), MOST_TOKENS))
        return make_tokenizer(folder, snapshot, size, choice, True, check)
    if old is not None and known is not None:
        file = folder / "tokenizers" / known.hash / tokenizer_files.TOKENIZER_FILE
        learned_of = known.trained_bytes or old.totals.train_bytes
        alike = learned_of / _KEPT_BELOW < size < learned_of * _KEPT_BELOW
        sides_stay = old.heldout_share == job.heldout_share
        if file.is_file() and (known.chosen or (alike and sides_stay)):
            return file, known
    return make_tokenizer(folder, snapshot, size, TokenizerChoice(), False, check)


def make_tokenizer(
    folder: Path,
    snapshot: str,
    size: int,
    choice: TokenizerChoice,
    chosen: bool = False,
    check: Callable[[], None] = lambda: None,
) -> tuple[Path, TokenizerFacts]:
    """Learn on a sample that is spread over the whole training text; unseen text is never looked at.

    Args:
        size: Bytes of the training text.
        chosen: Whether the user wanted this one.
        check: As in tokenizer_for.

    Returns tokenizer.json's path in the corpus folder, and what the manifest says of it.
    """
    if choice.kind == "imported":
        tokenizer, _ = imported(Path(choice.file))
    else:
        texts = training_text(folder, snapshot, size, sample_bytes(choice.kind))
        texts = in_pieces(texts, check)
        tokenizer = train(choice.kind, texts, wanted_vocabulary(choice, size))
    file, name = keep(folder, tokenizer)
    probe = next(training_text(folder, snapshot, size), "") or " "
    ratio = len(probe.encode()) / max(1, len(tokenizer.encode(probe).ids))
    facts = TokenizerFacts(
        hash=name, vocabulary=tokenizer.get_vocab_size(), bytes_per_token=ratio, kind=choice.kind,
        chosen=chosen, trained_bytes=0 if choice.kind == "imported" else size,
    )  # fmt: skip
    return file, facts


def keep(folder: Path, tokenizer: Tokenizer) -> tuple[Path, str]:
    """Write tokenizer.json into the corpus folder; returns its path and the tokenizer's hash."""
    text = tokenizer_files.settled_text(tokenizer)
    name = tokenizer_files.tokenizer_hash(text)
    file = folder / "tokenizers" / name / tokenizer_files.TOKENIZER_FILE
    if not file.exists():
        write_text(file, text)
    return file, name


def wanted_vocabulary(choice: TokenizerChoice, size: int) -> int:
    """Most tokens that `choice` means for a training text of `size` bytes. A tokenizer of characters
    has as many as there are unless told otherwise."""
    if choice.vocabulary is not None:
        return choice.vocabulary
    return MOST_CHARACTERS if choice.kind == "characters" else vocabulary_for(size)


def sample_bytes(kind: str) -> int:
    """How much text teaches a tokenizer of this kind."""
    return UNIGRAM_BYTES if kind == "unigram" else SAMPLE_BYTES


def training_text(
    folder: Path,
    snapshot: str,
    size: int,
    most: int = SAMPLE_BYTES,
    chunk: int = _CHUNK,
    progress: Progress = lambda done, total: None,
) -> Iterator[str]:
    """Chunks of `chunk` characters from all over the training text of `size` bytes, about `most`
    bytes in all; the same ones each time. `progress` hears of the documents that were looked at."""
    share = min(1.0, most / max(1, size))
    rng = np.random.default_rng(0)
    documents = Snapshot(folder, snapshot)
    for number, row in enumerate(documents.rows(["text", "split"])):
        text = row["text"] if row["split"] == "train" else ""
        for start in range(0, len(text), chunk):
            progress(number + start / len(text), documents.documents)
            if share >= 1.0 or rng.random() < share:
                yield text[start : start + chunk]


def in_pieces(texts: Iterable[str], check: Callable[[], None]) -> Iterator[str]:
    """The texts in short pieces, cut at line ends where there are some: the library takes 256 at once
    and is deaf until they are done."""
    for text in texts:
        start = 0
        while start < len(text):
            check()
            end = text.rfind("\n", start, start + _SHORT) + 1
            end = end if end > start else start + _SHORT
            yield text[start:end]
            start = end


@dataclass(frozen=True)
class Sample:
    """`taught`: what tokenizers are learned from. `held_back`: training text, by language code, that
    they are measured on instead (unseen text has no part in choosing)."""

    taught: list[str]
    held_back: dict[str, list[str]]


def sample(
    folder: Path, snapshot: str, size: int, progress: Progress = lambda done, total: None
) -> Sample:
    """A sample of the training text of `size` bytes, parted by chunks. A text of one chunk is both."""
    taught: list[str] = []
    held_back: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    chunk = max(500, min(_CHUNK, size // (8 * _HELD_BACK)))
    texts = training_text(folder, snapshot, size, chunk=chunk, progress=progress)
    for number, text in enumerate(texts):
        code = detect(text) or "other" if number % _HELD_BACK == _HELD_BACK // 2 else ""
        if code and sizes.get(code, 0) < _MOST_HELD_BACK:
            held_back.setdefault(code, []).append(text)
            sizes[code] = sizes.get(code, 0) + len(text.encode("utf-8"))
        else:
            taught.append(text)
    if not held_back:
        held_back = {detect("".join(taught)) or "other": taught}
    return Sample(taught, held_back)
