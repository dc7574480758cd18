"""The tokenizer of a corpus, learned from a sample of its training text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.corpus.manifest import TokenizerFacts
from core.corpus.store import Snapshot
from core.files import write_text
from core.tokenizer import files as tokenizer_files
from core.tokenizer.characters import character_tokenizer
from core.tokenizer.sizes import vocabulary_for
from core.tokenizer.train import SAMPLE_BYTES, train_tokenizer

_CHUNK = 1 << 16


def make_tokenizer(
    folder: Path, snapshot: str, size: int, vocabulary: int | None, characters: bool = False
) -> tuple[Path, TokenizerFacts]:
    """Train on a sample that is spread over the whole training text; unseen text is never looked at.

    Args:
        size: Bytes of the training text.
        vocabulary: Tokens that are wanted; None: by the size.
        characters: One token for each character.

    Returns tokenizer.json's path in the corpus folder, and what the manifest says of it.
    """
    keep = min(1.0, SAMPLE_BYTES / max(1, size))

    def sample() -> Iterator[str]:
        rng = np.random.default_rng(0)
        for row in Snapshot(folder, snapshot).rows(["text", "split"]):
            if row["split"] != "train":
                continue
            for start in range(0, len(row["text"]), _CHUNK):
                if keep >= 1.0 or rng.random() < keep:
                    yield row["text"][start : start + _CHUNK]

    if characters:
        tokenizer = character_tokenizer(sample(), vocabulary)
    else:
        tokenizer = train_tokenizer(sample(), vocabulary or vocabulary_for(size))
    text = tokenizer_files.to_text(tokenizer)
    name = tokenizer_files.tokenizer_hash(text)
    file = folder / "tokenizers" / name / tokenizer_files.TOKENIZER_FILE
    if not file.exists():
        write_text(file, text)
    probe = next(iter(sample()), "") or " "
    ratio = len(probe.encode()) / max(1, len(tokenizer.encode(probe).ids))
    facts = TokenizerFacts(hash=name, vocabulary=tokenizer.get_vocab_size(), bytes_per_token=ratio)
    return file, facts
