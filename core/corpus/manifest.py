"""corpus.json and files.jsonl: what a corpus is, without opening its texts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from core.config import Config
from core.jobs.kinds import CleaningOptions
from core.sentences import N_, Sentence

SCHEMA = 1
READ_AGAIN = Sentence("Errors", N_("Errors", "Read the corpus again."))
Verdict = Literal["read", "skipped"]


class FileVerdict(Config):
    """One line of files.jsonl: what became of one file, or of a member of an archive, whose path goes
    on behind the archive's. `reason` and `warning` are Sentences as JSON. `sure`: whether the encoding
    is beyond doubt. `shape`: which form of conversations was recognised. `modified`: the file's time
    in ns when it was read (0 of an earlier edition). `within`: the archive that it is a member of, and
    `stamp`: size and time of the file on the disk, by which a change is seen. `settings`: under which
    it was read. `raw`, `removed`: characters before cleaning, and what each option took of them.
    `store`: the file of texts that has its documents, `rows` of them from row `first` on."""

    path: str
    source: str = ""
    verdict: Verdict
    reason: dict[str, Any] | None = None
    kind: str = ""
    encoding: str = ""
    sure: bool = True
    shape: str = ""
    language: str = ""
    bytes: int = 0
    modified: int = 0
    characters: int = 0
    documents: int = 0
    warning: dict[str, Any] | None = None
    within: str = ""
    stamp: str = ""
    settings: str = ""
    raw: int = 0
    removed: dict[str, int] = {}
    store: str = ""
    first: int = 0
    rows: int = 0


LENGTH_BINS_PER_DECADE = 6


class Source(Config):
    """A file or folder that the user added, with the sums of its files. `weight`: how often its
    documents count in training. `licence`: what the user notes of it."""

    path: str
    is_folder: bool
    weight: float = 1.0
    licence: str = ""
    kind: str = ""
    encoding: str = ""
    sure: bool = True
    language: str = ""
    files: int = 0
    read: int = 0
    skipped: int = 0
    characters: int = 0
    documents: int = 0
    reason: dict[str, Any] | None = None
    warning: dict[str, Any] | None = None


class Totals(Config):
    """Sums over the documents that are in (after cleaning and merging duplicates)."""

    files: int = 0
    read: int = 0
    skipped: int = 0
    documents: int = 0
    characters: int = 0
    bytes: int = 0
    tokens: int = 0
    train_documents: int = 0
    heldout_documents: int = 0
    train_tokens: int = 0
    heldout_tokens: int = 0
    train_bytes: int = 0
    heldout_bytes: int = 0
    raw_characters: int = 0
    duplicates: int = 0
    near_duplicates: int = 0
    conversations: int = 0
    """Documents that are conversations with an answer, of both sides."""
    pairs: int = 0
    """Documents that are a better and a worse answer to the same."""


class Baselines(Config):
    """Bits per byte of simple predictors on held-out text: they answer "is my loss good?"."""

    unigram: float | None = None
    gzip: float | None = None


class TokenizerFacts(Config):
    """The corpus's tokenizer; `hash` names its folder. `chosen`: by the user, so it stays when the
    corpus is read again. `trained_bytes`: of the training text when it was learned (0 of earlier
    editions, and of imported ones)."""

    hash: str
    vocabulary: int
    bytes_per_token: float
    kind: Literal["bpe", "unigram", "characters", "bytes", "imported"] = "bpe"
    chosen: bool = False
    trained_bytes: int = 0


class CorpusManifest(Config):
    schema_version: int = SCHEMA
    id: str
    name: str
    created: float
    changed: float
    sources: list[Source] = []
    cleaning: CleaningOptions = Field(default_factory=CleaningOptions)
    removed: dict[str, int] = {}
    """Characters (documents for duplicates) that each cleaning option removed."""
    heldout_share: float = 0.05
    heldout_by: Literal["document", "block"] = "document"
    heldout_block: int = 0
    """Mean characters of a block; kept when the corpus is read again, so that sides stay."""
    totals: Totals = Field(default_factory=Totals)
    languages: dict[str, float] = {}
    """Language code -> share of characters."""
    lengths: list[int] = []
    """Documents per bin of characters: bin i holds [10^(i/6), 10^((i+1)/6))."""
    median_length: float = 0.0
    baselines: Baselines = Field(default_factory=Baselines)
    snapshot: str = ""
    tokenizer: TokenizerFacts | None = None
