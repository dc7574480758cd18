"""version.json: who a version is, where it comes from, what was measured."""

from __future__ import annotations

from typing import Any, Literal

from core.config import Config
from core.sentences import N_, Sentence

SCHEMA = 1
SHEET = "data-sheet.md"
"""What is known of the text that a version was trained on (core.corpus.datasheet)."""
RESTORE = Sentence("Errors", N_("Errors", "Restore it from a copy, or remove this version."))
Relation = Literal[
    "continued", "fine-tuned", "adapter", "merged", "distilled", "imported", "succeeds"
]
SpineColour = Literal["gunjo", "yamabuki", "aotake", "nezumi", "murasaki", "enji"]


class Parent(Config):
    """An edge of the lineage; the name is only a memory, the id is the reference."""

    id: str
    name: str
    relation: Relation


class CorpusPin(Config):
    """The text that a version was trained on: enough to tell seen from unseen later. `weight`: how
    often its documents counted beside those of other corpora; `weights`: of its sources, by path;
    `licences`: what the user noted of its sources then."""

    name: str
    id: str
    snapshot: str
    characters: int = 0
    documents: int = 0
    weight: float = 1.0
    weights: dict[str, float] = {}
    licences: list[str] = []


class Measures(Config):
    """Figures of the run. `loss` in nats per token, on all held-out text of the test part (of a
    training on preferences: in nats per pair, and there are no bits per byte). None where nothing was
    held out; no interval where it is a single document."""

    parameters: int = 0
    steps: int = 0
    tokens_seen: int = 0
    epochs: float = 0.0
    seconds: float = 0.0
    heldout_loss: float | None = None
    heldout_bits_per_byte: float | None = None
    heldout_low: float | None = None
    heldout_high: float | None = None
    train_bits_per_byte: float | None = None
    masked_accuracy: float | None = None
    """Of an encoder: the share of hidden words that it guesses (0–1). Its loss and bits per byte are
    pseudo-perplexity's and never compared with a decoder's."""
    preference_accuracy: float | None = None
    """Share of held-out pairs whose better answer is ahead (of a training on preferences)."""
    best_step: int | None = None
    tokens_per_second: float | None = None
    energy_wh: float | None = None
    energy_measured: bool = False


class AdapterFacts(Config):
    """A version that is only an adapter: what it sits on, by id, and what it adds. `tokens`: how many
    have rows of their own in the tables of tokens."""

    base: str
    base_name: str
    rank: int
    alpha: float
    dora: bool = False
    targets: list[str] = []
    parameters: int = 0
    tokens: int = 0


class ImportFacts(Config):
    """Where an imported version comes from, and how it was checked."""

    source: str
    form: Literal["hf", "safetensors", "gguf", "hub"]
    tensors: int = 0
    hashes: dict[str, str] = {}
    licence: str = ""
    note: str = ""


class Forgetting(Config):
    """The parent's unseen text before and after, in bits per byte; `low` and `high` bound the
    difference (positive: worse) at 95 %, None where the text is too short to know. `how`: a text, the
    whole of conversations as a text (a chat version's own figure is of answers only), or each token
    of a text hidden in turn (pseudo bits per byte)."""

    text: str
    before: float
    after: float
    low: float | None
    high: float | None
    how: Literal["text", "conversations", "hidden"] = "text"

    @property
    def verdict(self) -> Literal["better", "worse", "unclear"]:
        """Only a difference beyond the interval is one."""
        if self.low is None or self.high is None:
            return "unclear"
        if self.high < 0:
            return "better"
        return "worse" if self.low > 0 else "unclear"


class VersionManifest(Config):
    schema_version: int = SCHEMA
    id: str
    name: str
    """Name of the folder; `title` is what the user reads (the same unless changed)."""
    title: str
    series: str = ""
    edition: int = 1
    colour: SpineColour = "gunjo"
    created: float
    kind: Literal["base", "chat", "fill"] = "base"
    """Continues text, answers, or fills in blanks (an encoder)."""
    objective: str = "causal"
    adapter: AdapterFacts | None = None
    imported: ImportFacts | None = None
    forgetting: Forgetting | None = None
    compared_with: str | None = None
    """Id of the version whose from-scratch counterpart this is."""
    reproduces: str | None = None
    """Id of the version that this one is trained again from."""
    family: str = "qwen3"
    parents: list[Parent] = []
    corpora: list[CorpusPin] = []
    """Own corpora first, then those of the ancestors: everything that it has seen."""
    own_corpora: int = 1
    """How many of `corpora` it read itself."""
    recipe: dict[str, Any] = {}
    decisions: dict[str, Any] = {}
    measures: Measures = Measures()
    hashes: dict[str, str] = {}
    """File name -> SHA-256, to find damage."""
    run: str = ""
    device: str = ""
    note: str = ""
    chatted: bool = False
