"""Everything a run needs before its first step: text, tokenizer, decisions, model."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from tokenizers import Tokenizer
from torch import Tensor

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import READ_AGAIN, CorpusManifest
from core.corpus.mixture import JoinedStore, Part, joined
from core.corpus.tokenizing import make_tokenizer
from core.corpus.tokens import SIDES, TokenStore, open_tokens
from core.errors import CorpusTooSmall, Damaged, NoSpace, UsageError
from core.files import write_json
from core.hardware import disk_free
from core.jobs.context import WorkerContext
from core.jobs.kinds import TokenizerChoice, TrainJob
from core.jobs.ranks import own_place
from core.models.base import LanguageModel
from core.models.devices import device_name, measure_machine
from core.objectives.base import Ingredients, Objective
from core.objectives.registry import make_objective
from core.planning.adapters import effective
from core.planning.check import require
from core.planning.machine import best_of, in_home, is_fresh, load_machine
from core.planning.plan import Plan, Text, make_plan
from core.planning.pupil import teacher_config
from core.planning.teaching import Teaching
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.roles import TokenRoles, roles_of
from core.training import adapters
from core.training.batches import Batches
from core.training.compiling import compile_blocks
from core.training.distributed.forecast import with_memory_of_ranks
from core.training.distributed.together import (
    machine_of_all,
    note_ranks,
    own_device,
    ranks,
    sharded_stepper,
)
from core.training.mixing import shares_in
from core.training.optimiser import Adam, Rates
from core.training.origin import Sizes, build_model, config_of, origin_of, sizes_of
from core.training.probe import settle
from core.training.stepper import Stepper
from core.versions.library import VersionEntry, VersionLibrary

_PROBE_STEPS = 4
_SLOW_SECONDS = 1.0
_LONG_SECONDS = 10.0


@dataclass(frozen=True)
class Opened:
    """The texts of a run as tokens; `parts` of them, the first corpus first, as `corpora`."""

    corpora: list[CorpusManifest]
    parent: VersionEntry | None
    tokenizer_file: Path
    store: TokenStore
    parts: tuple[Part, ...]


@dataclass
class Prepared:
    """The parts of a run, put together. `corpora`: all that it reads, the first first."""

    job: TrainJob
    corpora: list[CorpusManifest]
    parent: VersionEntry | None
    tokenizer: Tokenizer
    tokenizer_text: str
    pieces: list[bytes]
    roles: TokenRoles
    store: TokenStore
    device: torch.device
    plan: Plan
    decisions: dict[str, Any]
    objective: Objective
    stepper: Stepper
    origin: VersionEntry | None = None
    """Without a parent: the version whose sizes and tokenizer the model has."""

    @property
    def corpus(self) -> CorpusManifest:
        return self.corpora[0]

    @property
    def end_of_text(self) -> int:
        return self.roles.end

    @property
    def model(self) -> LanguageModel:
        """The whole model as it is after the last step."""
        return self.stepper.model


def open_text(context: WorkerContext, job: TrainJob) -> Opened | None:
    """The texts of a run; None when the user stopped it. Raises the errors of bad corpora."""
    library = CorpusLibrary(context.home)
    corpus = library.find(job.corpus, job.corpus_id)
    more = [library.find(one.corpus, one.corpus_id) for one in job.mixed]
    parent = VersionLibrary(context.home).usable(job.parent) if job.parent else None
    given = parent or origin_of(context, job)
    if given is not None:
        tokenizer_file = given.path / tokenizer_files.TOKENIZER_FILE
    else:
        tokenizer_file = _tokenizer_file(context, job, library, corpus)
    parts = [
        Part(corpus.name, library.folder(corpus.name), job.snapshot, job.weight, job.weights)
    ] + [
        Part(found.name, library.folder(found.name), one.snapshot, one.weight, one.weights)
        for found, one in zip(more, job.mixed, strict=True)
    ]  # fmt: skip
    context.phase("tokenizing")
    stores: list[TokenStore] = []
    for part in parts:
        store = open_tokens(
            part.folder, part.snapshot, tokenizer_file,
            lambda done, total: context.progress(done, total, "documents"),
            context.stopping,
        )  # fmt: skip
        if store is None:
            return None
        stores.append(store)
    text = joined(context.folder.path, stores, parts)
    if job.decisions is None and isinstance(text, JoinedStore) and text.left_out:
        told = N_("Warnings", "Texts that are not trained on, because another corpus keeps the same or nearly the same unseen: {count}.")  # fmt: skip
        context.warn("left-out", Sentence("Warnings", told, {"count": text.left_out}))
    return Opened([corpus, *more], parent, tokenizer_file, text, tuple(parts))


def _tokenizer_file(
    context: WorkerContext, job: TrainJob, library: CorpusLibrary, corpus: CorpusManifest
) -> Path:
    """The corpus's tokenizer; or one of another size or kind, where the recipe wants that, trained
    now on the same training text and written down, so that a resumed run repeats it."""
    known = corpus.tokenizer
    wanted, characters = job.recipe.vocabulary, job.recipe.tokenizer == "characters"
    as_known = known is None or (
        wanted in (None, known.vocabulary) and (not characters or known.kind == "characters")
    )
    if known is None or as_known or job.tokenizer != known.hash:
        return library.tokenizer_file(corpus.name, job.tokenizer)
    context.phase("tokenizer")
    choice = TokenizerChoice(kind="characters" if characters else "bpe", vocabulary=wanted)
    file, facts = make_tokenizer(
        library.folder(corpus.name), job.snapshot, corpus.totals.train_bytes, choice
    )
    context.folder.update_config({"tokenizer": facts.hash})
    if wanted is not None and facts.vocabulary < wanted:
        text = N_(
            "Warnings", "The text gives a vocabulary of {count} tokens, not the {wanted} asked for."
        )
        values = {"count": facts.vocabulary, "wanted": wanted}
        context.warn("vocabulary", Sentence("Warnings", text, values))
    return file


def prepare(context: WorkerContext, job: TrainJob) -> Prepared | None:
    """Raises the errors of bad corpora, versions and devices; None when the user stopped it."""
    device = own_device(job.wanted_device, own_place())
    if job.recipe.method == "lora":
        adapters.require_possible(context, job, device)
    _require_one_device(context, job)
    opened = open_text(context, job)
    if opened is None:
        return None
    parent, tokenizer_file, store = opened.parent, opened.tokenizer_file, opened.store
    tokenizer = tokenizer_files.load(tokenizer_file)
    roles = token_roles(tokenizer, tokenizer_file)
    for side in SIDES:
        store.split(side)  # From here on the run needs the corpus's folder no more.
    train = store.split("train")
    objective = make_objective(
        Ingredients(
            context.home, context.folder.path,
            opened.parts[0].folder, job.snapshot, store, tokenizer,
            tokenizer_file, token_bytes(tokenizer), roles, job.recipe, parent,
            _teacher(context, job), device,
            lambda done, total: context.progress(done, total, "documents"), context.stopping,
            tuple(job.lessons), opened.parts,
        )
    )  # fmt: skip
    if context.stopping():
        return None
    if job.decisions is None:
        for code, sentence in objective.remarks():
            context.warn(code, sentence)
    text = Text(
        train_tokens=objective.text_tokens(store),
        # A published parent's table may have rows that stand for no token.
        vocabulary=config_of(parent).vocabulary if parent else tokenizer.get_vocab_size(),
        median_document_tokens=len(train.tokens) / max(1, train.documents),
        bytes_per_token=float(train.bytes.sum()) / max(1, len(train.tokens)),
        check_tokens=len(store.split("check").tokens),
        turn_tokens=tuple(objective.template.written) if objective.template else (),
        shares=shares_in(opened.parts, store),
    )  # fmt: skip
    origin = None if parent else origin_of(context, job)
    decisions = job.decisions
    if decisions is None:
        sizes = sizes_of(job, parent, origin, text.vocabulary)
        decisions = _decide(context, job, text, sizes, device)
    note_ranks(context, decisions)
    plan = Plan(**decisions["plan"])
    _check_size(job, plan, store, objective)
    torch.set_num_threads(plan.threads)
    if job.decisions is None:
        _check_disk(context, plan)
        tried = ("micro_batch", "activation_checkpointing")
        context.folder.update_config({"tried": {name: getattr(plan, name) for name in tried}})

    def make(plan: Plan) -> Stepper:
        model = build_model(job, plan, parent, device, origin)
        return make_stepper(model, plan, job, objective)

    if job.decisions is None:
        decisions = settle(
            context, job, decisions, make, objective, text, lambda: _seconds_left(job)
        )
        plan = Plan(**decisions["plan"])
        if ranks() > 1:
            plan = with_memory_of_ranks(context, job, decisions, plan)
    stepper = make(plan)
    if decisions.get("compiled") and ranks() == 1:  # Blocks gathered one by one run as written.
        batches = Batches(objective.source(plan.context, plan.micro_batch, 0), 0)
        with contextlib.closing(batches):
            compile_blocks(context, stepper, batches.get(0), plan.micro_batch)
    return Prepared(
        job, opened.corpora, parent, tokenizer, tokenizer_files.to_text(tokenizer),
        token_bytes(tokenizer, stepper.model.config.vocabulary), roles, store, device, plan,
        decisions, objective, stepper, origin,
    )  # fmt: skip


def _require_one_device(context: WorkerContext, job: TrainJob) -> None:
    """Several devices minimise the loss of the next token only. Raises UsageError; says it where they
    were wanted and are left alone."""
    if job.recipe.objective == "causal" or job.recipe.method == "lora":
        return
    if ranks() > 1:
        text = N_("Errors", "This objective is trained on one device: start this training without torchrun.")  # fmt: skip
        raise UsageError("devices", detail=Sentence("Errors", text))
    if (job.devices or 1) > 1 and job.decisions is None:
        text = N_("Warnings", "This objective is trained on one device; the others are left alone.")
        context.warn("one-device", Sentence("Warnings", text))


def token_roles(tokenizer: Tokenizer, file: Path) -> TokenRoles:
    """What the special tokens are for. Raises Damaged when nothing ends a text."""
    found = roles_of(tokenizer, file.parent)
    if found is None:
        raise Damaged(path=str(file), reason=tokenizer_files.NO_END, hint=READ_AGAIN)
    return found


def _teacher(context: WorkerContext, job: TrainJob) -> VersionEntry | None:
    return VersionLibrary(context.home).usable(job.teacher) if job.teacher else None


def _decide(
    context: WorkerContext, job: TrainJob, text: Text, sizes: Sizes, device: torch.device
) -> dict[str, Any]:  # fmt: skip
    """First decisions, from what is known of the machine (measured now if nobody did)."""
    context.phase("measuring")
    machine = load_machine(context.home)
    known = machine.name == device_name(device)  # The folder may come from another computer.
    if not known or not is_fresh(context.home, machine, device.type):
        machine = best_of(machine, measure_machine(device))
        write_json(context.home.machine_file, machine.model_dump(mode="json"))
    machine = machine_of_all(in_home(machine, context.home))
    require(job.recipe, text, machine, sizes.kept)
    plan = make_plan(
        job.recipe, text, machine, sizes.shape, sizes.context, _seconds_left(job), sizes.rule,
        _teaching(context, job), job.parent is not None,
    )  # fmt: skip
    return {
        **sizes.decisions,
        "torch": torch.__version__,
        "plan": plan.to_json(),
        "anchors": [],
        "machine": machine.model_dump(mode="json"),
        "ranks": ranks(),
    }


def _teaching(context: WorkerContext, job: TrainJob) -> Teaching | None:
    teacher = _teacher(context, job)
    return Teaching.of(teacher_config(teacher)) if teacher else None


def _seconds_left(job: TrainJob) -> float | None:
    """Of a run in minutes: what is left since this process began."""
    if job.recipe.minutes is None:
        return None
    return job.recipe.minutes * 60 - (time.time() - psutil.Process().create_time())


def _check_disk(context: WorkerContext, plan: Plan) -> None:
    """Refuse at the beginning what would fail at its first checkpoint. Raises NoSpace."""
    if disk_free(context.home.path) < plan.disk_bytes:
        raise NoSpace(path=str(context.home.path), needed=max(1, plan.disk_bytes >> 20))


def _check_size(job: TrainJob, plan: Plan, store: TokenStore, objective: Objective) -> None:
    train, check = len(store.split("train").tokens), len(store.split("check").tokens)
    needed = plan.context + 2 if objective.reads_windows else 0
    least = 2 if objective.reads_windows else 0  # What it holds out is its own.
    if train < needed or check < least:
        raise CorpusTooSmall(
            "corpus", name=job.corpus, tokens=train, heldout=check, needed=needed, needed_heldout=2
        )


def first_state(prepared: Prepared) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Weights and optimiser's state as they were before the first step."""
    cpu = torch.device("cpu")
    model = build_model(prepared.job, prepared.plan, prepared.parent, cpu, prepared.origin)
    weights = {name: weight.detach() for name, weight in model.named_parameters()}
    state = prepared.stepper.optimiser.state()
    return weights, {name: torch.zeros_like(tensor) for name, tensor in state.items()}


def make_stepper(model: LanguageModel, plan: Plan, job: TrainJob, objective: Objective) -> Stepper:
    dtype = torch.bfloat16 if plan.precision == "bf16" else torch.float32
    recipe = effective(job.recipe)
    older = plan.continues is None and job.parent and not plan.adapter_parameters
    share = 0.3 if older else 1.0  # Rates in plans of before do not allow for a parent's weights.
    decay = recipe.weight_decay if plan.weight_decay is None else plan.weight_decay
    rates = Rates(plan.matrix_rate * share, plan.embedding_rate * share, plan.head_rate * share)
    make = Stepper if ranks() == 1 else sharded_stepper()
    model.use_dropout(recipe.dropout, recipe.seed)
    return make(
        model, dtype, rates, recipe.optimiser, recipe.momentum, decay or 0.0, recipe.clip,
        state_dtype=torch.bfloat16 if plan.optimiser_precision == "bf16" else torch.float32,
        checkpointing=plan.activation_checkpointing, objective=objective, adam=Adam.of(recipe),
    )  # fmt: skip
