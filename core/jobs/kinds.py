"""The kinds of jobs: a worker looks its function up here by dotted name, so nothing heavy loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from core.config import Config
from core.recipe import Recipe

MOST_DEVICES = 1024
MOST_TOKENS = 262_144
Personal = Literal["mail", "phone", "postal", "my_number", "card", "ip"]
"""Kinds of personal data that cleaning can mask."""


OF_DOCUMENTS = frozenset({"duplicates", "near_duplicates", "least_characters", "languages"})
"""Options of CleaningOptions that leave documents out; the others change characters."""


class CleaningOptions(Config):
    """What reading takes out of texts or changes in them. Each can be seen in the preview first; the
    files themselves are never touched."""

    gutenberg: bool = True
    aozora_ruby: bool = True
    aozora_notes: bool = True
    html_boilerplate: bool = True
    """Navigation, menus, cookie notices and footers of pages."""
    pdf_furniture: bool = True
    """Page numbers and running heads of PDF pages; words hyphenated at line ends are joined."""
    control_characters: bool = True
    mojibake: bool = True
    """Text that was decoded wrongly before it was saved is decoded rightly."""
    unicode: Literal["off", "nfc", "nfkc"] = "nfc"
    """Normal form (Unicode Annex 15); "nfkc" also makes full-width letters and half-width kana usual."""
    personal: list[Personal] = []
    """Kinds of personal data that are masked. Names are not found."""
    least_characters: int = Field(default=0, ge=0)
    """Shorter documents are left out."""
    languages: list[str] = []
    """Only documents in these languages (codes as core.corpus.language has them); empty: all."""
    duplicates: bool = True
    near_duplicates: bool = True
    paragraphs: bool = True
    """Paragraphs that many documents repeat are kept once."""


class TokenizerChoice(Config):
    """A tokenizer that a corpus shall have. `vocabulary`: most tokens in all; None: by the size of
    the text. `file`: absolute path of a tokenizer.json, for "imported" alone."""

    kind: Literal["bpe", "unigram", "characters", "bytes", "imported"] = "bpe"
    vocabulary: int | None = Field(default=None, ge=260, le=MOST_TOKENS)
    file: str = ""


class ReadJob(Config):
    """Read paths into a corpus: verdicts, documents, split, snapshot, tokenizer.

    `paths` are absolute; empty means: read the corpus's sources again (after other cleaning
    options, or a changed encoding). `heldout_share`: 0 holds nothing out. `dropped` names sources that
    the corpus shall no longer have. Chosen by the user, and kept for later readings: `encodings`, of a
    file (by path); `mappings`, which column of a file is what (core.corpus.mapping); `weights`, how
    often a source counts (1 is once).
    """

    corpus: str
    paths: list[str] = []
    cleaning: CleaningOptions = Field(default_factory=CleaningOptions)
    heldout_share: float = Field(default=0.05, ge=0.0, le=0.5)
    vocabulary: int | None = None
    tokenizer: TokenizerChoice | None = None
    """Chosen by the user; None: the corpus's own, or one by the size of the text."""
    encodings: dict[str, str] = {}
    mappings: dict[str, dict[str, str]] = {}
    weights: dict[str, float] = {}
    dropped: list[str] = []


class Extends(Config):
    """What a run goes on from: the state at `step` of `run`, which published `version`."""

    run: str
    step: int
    version: str
    version_id: str


class MixedCorpus(Config):
    """A further corpus of a training, as it was when the training was asked for. `weight`: how often
    its documents count beside the others'; `weights`: of its sources, by path."""

    corpus: str
    corpus_id: str = ""
    snapshot: str
    weight: float = Field(1.0, gt=0, le=100)
    weights: dict[str, float] = {}


class TrainJob(Config):
    """Train one version. The worker writes what it decided into `decisions` before step one.

    `corpus_id` finds a corpus that was renamed since; `tokenizer` is a hash. `devices`: how many
    train together; None is every GPU that can be used, and one CPU. `extends`: a run that is trained
    longer; its state lies in this run's checkpoints from the beginning. `teacher`: a version (id)
    whose probabilities are learnt. `compared_with`: a version (id) that this training is the
    from-scratch counterpart of. `reproduces`: a version (id) that is trained once more, to see
    whether the same comes out. `lessons`: ids of versions whose corrections and votes are learnt.
    `mixed`: further corpora; `weight` and `weights` of the first as theirs.
    """

    version: str
    corpus: str
    corpus_id: str = ""
    snapshot: str
    weight: float = Field(1.0, gt=0, le=100)
    weights: dict[str, float] = {}
    mixed: list[MixedCorpus] = []
    tokenizer: str
    recipe: Recipe
    parent: str | None = None
    teacher: str | None = None
    compared_with: str | None = None
    reproduces: str | None = None
    lessons: list[str] = []
    extends: Extends | None = None
    device: str = "auto"
    devices: int | None = Field(default=None, ge=1, le=MOST_DEVICES)
    title: str = ""
    note: str = ""
    decisions: dict[str, Any] | None = None
    tried: dict[str, Any] | None = None
    """What the first steps are tried with (`micro_batch`, `activation_checkpointing`), while nothing
    is decided: a worker that is killed for want of memory cannot say it any more."""

    @property
    def wanted_device(self) -> str:
        """What the user asked for; left to the app, a run that began on the processor stays there:
        on a GPU its figures would be others."""
        if self.device == "auto" and self.began_on == "cpu":
            return "cpu"
        return self.device

    @property
    def began_on(self) -> str | None:
        """The kind of device of the recorded decisions (cpu, cuda, mps); None before they are made."""
        return ((self.decisions or {}).get("machine") or {}).get("device")


class EvaluateJob(Config):
    """Measure versions (by name) on held-out text, seen text and files.

    `texts` are absolute paths. `opening`: text that every version continues ("" = none).
    `suites`: absolute paths of pairs of sentences that show a bias (core.evaluation.bias).
    """

    versions: list[str]
    heldout: bool = True
    seen: bool = True
    texts: list[str] = []
    suites: list[str] = []
    opening: str = ""
    opening_tokens: int = 80
    seed: int = 1
    device: str = "auto"


class ImportJob(Config):
    """Put a foreign model on the shelf as `version`.

    `path`: absolute; a folder in Hugging Face's form, a .safetensors file with its config beside it,
    or a .gguf file. `hub`: a name on the hub instead, which the user typed and confirmed.
    """

    version: str
    path: str = ""
    hub: str = ""
    title: str = ""


class ExportJob(Config):
    """Write `version` (id) into `to` and test what was written. `to`: an absolute path that is not
    there yet: a folder, for "gguf" a file. "adapter": what LoRA learnt, alone; the others stand alone,
    merged with the base."""

    version: str
    to: str
    format: Literal["hf", "gguf", "ollama", "adapter"]
    quantisation: Literal["f32", "f16", "bf16", "q8_0", "q5_0", "q4_0"] = "q8_0"


class CorpusExportJob(Config):
    """Write the clean texts of `corpus` into `to`: an absolute path that is not there yet, for "text" a
    folder, or with `one_file` a file; for "jsonl" and "parquet" a file."""

    corpus: str
    to: str
    format: Literal["text", "jsonl", "parquet"] = "jsonl"
    side: Literal["all", "train", "heldout"] = "all"
    one_file: bool = False


class CheckJob(Config):
    """Look for the evaluation sets of `paths` (absolute; files or folders) in the text of `corpus` that
    is trained on."""

    corpus: str
    paths: list[str]


class MergeJob(Config):
    """Make a whole version of an adapter and its base."""

    adapter: str
    version: str
    title: str = ""


class MeasureJob(Config):
    """A short measurement of this machine: writes home/machine.json."""

    device: str = "auto"


@dataclass(frozen=True, slots=True)
class JobKind:
    """`function` is called in the worker as `function(context)` with a core.worker.WorkerContext.

    `lasting`: the worker outlives the window when the user wishes (a training); others are
    stopped with it. `queued`: waits for home's queue.lock, one at a time. `follower`: what each
    further rank does, as follower(folder, place, config); none where one process is all there is.
    """

    name: str
    config: type[Config]
    function: str
    lasting: bool = False
    queued: bool = False
    follower: str = ""


KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("read", ReadJob, "core.corpus.reading:run"),
        JobKind(
            "train",
            TrainJob,
            "core.training.job:run",
            lasting=True,
            queued=True,
            follower="core.training.distributed.follow:run",
        ),
        JobKind("evaluate", EvaluateJob, "core.evaluation.job:run"),
        JobKind("measure", MeasureJob, "core.training.measure:run"),
        JobKind("import", ImportJob, "core.exchange.importing:run"),
        JobKind("export", ExportJob, "core.exchange.exporting:run"),
        JobKind("corpus-export", CorpusExportJob, "core.corpus.export:run"),
        JobKind("check", CheckJob, "core.corpus.contamination_job:run"),
        JobKind("merge", MergeJob, "core.exchange.merging:run"),
    )
}
