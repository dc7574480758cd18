"""The training job: what it decides, keeps, tells and publishes."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from core import events as ev
from core.corpus.library import CorpusLibrary
from core.errors import CorpusTooSmall, Damaged, Diverged, NoSpace, NotFound, UnknownDevice
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import TrainJob
from core.models.load import load_model
from core.objectives.batch import Batch
from core.objectives.causal import Causal
from core.planning.plan import Plan
from core.sentences import Sentence
from core.tokenizer import files as tokenizer_files
from core.training import prepare, probe
from core.training.checkpoint import KEEP, Checkpoints
from core.training.stepper import Stepper
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


def asks(step: int, what: str) -> Callable[[WorkerContext, ev.Event], None]:
    """Ask for `what` once the metrics have reached `step`."""

    def ask(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and event.columns["step"][-1] >= step:  # type: ignore[operator]
            context.folder.ask(context.attempt, what)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def job(raised_home: Home, make_train_job: MakeJob) -> TrainJob:
    return make_train_job(raised_home, "Stories", "Ume", steps=30, evaluations=3)


# ---- what is published ---------------------------------------------------------------------------


def test_a_published_version_loads_in_transformers_with_our_ids_and_logits(
    raised_home: Home,
) -> None:
    folder = VersionLibrary(raised_home).get("Kiku").path
    theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ours, our_tokenizer = load_model(folder), tokenizer_files.load(folder)
    text = "The cat sat by the river. 猫は川のそばにいました。\n\n“Hello!”  🐈 naïve"
    ids = our_tokenizer.encode(text).ids
    assert tokenizer(text)["input_ids"] == ids
    assert tokenizer.decode(ids) == text == our_tokenizer.decode(ids)
    window = torch.tensor([ids[: ours.config.context]])
    with torch.no_grad():
        assert (theirs(window).logits - ours(window)).abs().max() < 1e-4
    assert tokenizer.model_max_length == ours.config.context
    assert theirs.generation_config.eos_token_id == [
        our_tokenizer.token_to_id("<|endoftext|>"), our_tokenizer.token_to_id("<|im_end|>"),
    ]  # fmt: skip


def test_every_file_of_a_version_is_standard_and_its_hash_is_kept(raised_home: Home) -> None:
    library = VersionLibrary(raised_home)
    entry = library.get("Kiku")
    assert {p.name for p in entry.path.iterdir()} >= {
        "model.safetensors", "config.json", "generation_config.json", "tokenizer.json",
        "tokenizer_config.json", "version.json", "metrics.jsonl", "README.md",
    }  # fmt: skip
    assert library.verify("Kiku") == []
    text = (entry.path / "metrics.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert any("metrics" in row for row in rows)
    assert any("bits_per_byte" in row for row in rows)


def test_the_figures_of_a_run_agree_with_each_other(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    assert sorted(done.losses) == list(range(1, 31))
    [plan] = [event.plan for event in done.of(ev.Planned)]
    result = done.of(ev.Result)[0].data
    assert result["parameters"] == plan["parameters"]
    assert result["tokens_seen"] == 30 * plan["batch"] * plan["context"]
    first = done.of(ev.Evaluated)[0]
    assert first.step == 0
    assert first.loss == pytest.approx(math.log(plan["vocabulary"]), abs=1e-3)
    assert result["heldout_loss"] < first.loss
    assert [e.step for e in done.of(ev.Evaluated)] == [0, 10, 20, 30]
    entry = VersionLibrary(raised_home).get("Ume")
    assert entry.manifest.measures.heldout_bits_per_byte == result["heldout_bits_per_byte"]
    assert entry.manifest.measures.heldout_low < result["heldout_bits_per_byte"]
    weights = load_file(entry.path / "model.safetensors")
    assert sum(w.numel() for w in weights.values()) == plan["parameters"]


def test_going_on_from_a_version_keeps_its_shape_and_remembers_it(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    parent = VersionLibrary(raised_home).get("Kiku")
    done = train_here(raised_home, job.model_copy(update={"parent": parent.id}))
    first = done.of(ev.Evaluated)[0]
    assert first.loss < math.log(done.of(ev.Planned)[0].plan["vocabulary"]) - 0.1
    entry = VersionLibrary(raised_home).get("Ume")
    assert [(p.id, p.relation) for p in entry.manifest.parents] == [(parent.id, "continued")]
    assert load_model(entry.path).config == load_model(parent.path).config
    assert entry.manifest.series == parent.manifest.series


def test_a_batch_that_takes_long_is_timed_by_its_pieces(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_LONG_SECONDS", 0.0)
    taken: list[int] = []
    step = Stepper.step

    def counted(self: Stepper, batch: Batch, micro: int, factor: float) -> object:
        taken.append(len(batch.inputs))
        return step(self, batch, micro, factor)

    monkeypatch.setattr(Stepper, "step", counted)
    changes = {"steps": 2, "batch": 8, "micro_batch": 2}
    job = job.model_copy(update={"recipe": job.recipe.model_copy(update=changes)})
    done = train_here(raised_home, job)
    assert taken == [8, 8]  # None of them to measure.
    assert done.of(ev.Planned)[-1].plan["step_seconds"] > 0


def test_the_best_state_is_published_not_merely_the_last(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Stepper.step

    def spoiled(self: Stepper, batch: object, micro: int, factor: float) -> object:
        result = step(self, batch, micro, factor)  # type: ignore[arg-type]
        if self.optimiser.steps > 24:  # The end of the run goes wrong.
            with torch.no_grad():
                for weight in self.masters.values():
                    weight.add_(torch.randn_like(weight) * 0.5)
            self._sync()
        return result

    monkeypatch.setattr(Stepper, "step", spoiled)
    done = train_here(raised_home, job)
    losses = {e.step: e.loss for e in done.of(ev.Evaluated)}
    assert losses[30] > losses[20]
    measures = VersionLibrary(raised_home).get("Ume").manifest.measures
    assert measures.best_step == 20
    assert measures.heldout_loss < losses[30]


def test_a_name_that_was_taken_meanwhile_gets_a_number_and_a_warning(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    def take(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Phase) and event.name == "evaluating":
            shutil.copytree(raised_home.versions / "Kiku", raised_home.versions / "Ume")

    done = train_here(raised_home, job, take)
    assert done.of(ev.Published)[0].version == "Ume 2"
    assert [warning.code for warning in done.of(ev.Warned)] == ["name-taken"]
    entry = VersionLibrary(raised_home).get("Ume 2")
    assert (entry.manifest.name, entry.manifest.title) == ("Ume 2", "Ume 2")
    assert entry.manifest.run == done.folder.id


# ---- asking --------------------------------------------------------------------------------------


def test_a_pause_leaves_a_checkpoint_and_a_resume_goes_on_from_it(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    job = job.model_copy(update={"recipe": job.recipe.model_copy(update={"steps": 200})})
    paused = train_here(raised_home, job, asks(5, "pause"))
    assert paused.outcome == "paused"
    step = paused.of(ev.Checkpoint)[-1].step
    assert 5 <= step < 200
    resumed = train_here(raised_home, paused.folder)
    assert resumed.of(ev.Started)[0].from_step == step
    assert min(resumed.losses) == step + 1
    assert resumed.outcome == "done"


def test_finish_cools_down_and_publishes(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    job = job.model_copy(update={"recipe": job.recipe.model_copy(update={"steps": 5000})})
    done = train_here(raised_home, job, asks(20, "finish"))
    assert done.outcome == "done"
    last = max(done.losses)
    assert last < 200
    rates = [r for e in done.of(ev.Metrics) for r in e.columns["rate"]]
    assert rates[-1] < 0.2 * max(rates)
    assert VersionLibrary(raised_home).get("Ume").manifest.measures.steps == last


def test_a_pause_after_a_finish_is_heard(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    def ask(context: WorkerContext, event: ev.Event) -> None:
        asks(400, "finish")(context, event)
        if isinstance(event, ev.Phase) and event.name == "evaluating":
            context.folder.ask(context.attempt, "pause")
            context._asked_at = 0.0  # Read the wish at once.

    job = job.model_copy(update={"recipe": job.recipe.model_copy(update={"steps": 9000})})
    paused = train_here(raised_home, job, ask)
    assert paused.outcome == "paused"
    assert not (raised_home.versions / "Ume").exists()
    done = train_here(raised_home, paused.folder)  # It was to be finished, and is.
    assert done.outcome == "done"
    assert done.losses == {}


def test_a_cancel_publishes_nothing_and_keeps_the_folder(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    done = train_here(raised_home, job, asks(3, "cancel"))
    assert done.outcome == "cancelled"
    assert not (raised_home.versions / "Ume").exists()
    assert done.folder.job_file.is_file()


def test_a_wish_for_another_attempt_is_ignored(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    def ask(context: WorkerContext, event: ev.Event) -> None:
        context.folder.ask(context.attempt + 1, "pause")

    assert train_here(raised_home, job, ask).outcome == "done"


# ---- checkpoints ---------------------------------------------------------------------------------


def test_the_checkpoint_before_the_decay_outlives_the_run(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    done = train_here(raised_home, job)
    decay = done.of(ev.Planned)[0].plan["decay_from"]
    assert 0 < decay < 30
    kept = done.folder.checkpoints / f"step-{decay:08d}"
    assert (kept / KEEP).exists()
    assert [e.step for e in done.of(ev.Checkpoint) if e.reason == "decay"] == [decay]


def test_a_run_falls_back_to_an_older_checkpoint_when_the_newest_is_damaged(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    paused = train_here(raised_home, job, asks(25, "pause"))
    newest = sorted(paused.folder.checkpoints.glob("step-*"))[-1]
    file = newest / "optimizer.safetensors"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x10
    file.write_bytes(data)
    resumed = train_here(raised_home, paused.folder)
    older, damaged = resumed.of(ev.Started)[0].from_step, int(newest.name[5:])
    assert older < damaged
    said = [w for w in resumed.of(ev.Warned) if w.code == "checkpoint-damaged"]
    assert [Sentence.from_json(w.sentence).values for w in said] == [
        {"step": damaged, "older": older}
    ]
    assert resumed.outcome == "done"


def test_without_any_whole_checkpoint_a_run_begins_again_with_the_same_decisions(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    paused = train_here(raised_home, job, asks(5, "pause"))
    for folder in paused.folder.checkpoints.glob("*"):
        (folder / "model.safetensors").unlink(missing_ok=True)
    before = paused.folder.read().config["decisions"]["plan"]
    again = train_here(raised_home, paused.folder)
    assert again.of(ev.Started)[0].from_step == 0
    said = [Sentence.from_json(w.sentence).english() for w in again.of(ev.Warned)]
    assert any("the run begins again" in words for words in said)
    assert again.folder.read().config["decisions"]["plan"] == before
    common = set(paused.losses) & set(again.losses)
    assert common
    assert all(paused.losses[s] == again.losses[s] for s in common)


def test_a_loss_that_is_no_number_ends_with_the_best_state_published(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Stepper.step

    def poisoned(self: Stepper, batch: object, micro: int, factor: float) -> object:
        if self.optimiser.steps >= 14:
            for weight in self.masters.values():
                weight.fill_(math.nan)
            self._sync()
        return step(self, batch, micro, factor)  # type: ignore[arg-type]

    monkeypatch.setattr(Stepper, "step", poisoned)
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    codes = [warning.code for warning in done.of(ev.Warned)]
    assert codes == ["step-skipped", "rolled-back"] * 3 + ["step-skipped", "diverged"]
    weights = load_file(raised_home.versions / "Ume" / "model.safetensors")
    assert all(bool(torch.isfinite(w).all()) for w in weights.values())
    for folder in done.folder.checkpoints.glob("step-*"):
        saved = load_file(folder / "model.safetensors")
        assert all(bool(torch.isfinite(w).all()) for w in saved.values())


def test_a_loss_that_is_no_number_from_the_start_is_said_in_a_sentence(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(self: Stepper, batch: object, micro: int, factor: float) -> object:
        for weight in self.masters.values():
            weight.fill_(math.nan)
        self._sync()
        return step(self, batch, micro, factor)  # type: ignore[arg-type]

    step = Stepper.step
    monkeypatch.setattr(Stepper, "step", poisoned)
    with pytest.raises(Diverged, match="lower learning rate"):
        train_here(raised_home, job)


# ---- bad input -----------------------------------------------------------------------------------


def test_an_unknown_device_is_named_with_what_there_is(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    with pytest.raises(UnknownDevice, match="“tpu” is not available here"):
        train_here(raised_home, job.model_copy(update={"device": "tpu"}))


def test_a_corpus_too_small_for_its_context_says_how_much_is_needed(
    raised_home: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = make_train_job(raised_home, "Stories", "Ume", context=8192)
    tokens = CorpusLibrary(raised_home).get("Stories").totals.train_tokens
    if tokens > 8192:
        short = Plan(**{**_plan_of(raised_home), "context": tokens + 10})
        store = _store_of(raised_home, job)
        with pytest.raises(CorpusTooSmall, match="choose a shorter context"):
            prepare._check_size(job, short, store, Causal())
    else:
        with pytest.raises(CorpusTooSmall, match="choose a shorter context"):
            train_here(raised_home, job)


def _plan_of(home: Home) -> dict[str, object]:
    [run] = [p for p in home.runs.iterdir() if "-train-" in p.name]
    return JobFolder(run).read().config["decisions"]["plan"]


def _store_of(home: Home, job: TrainJob) -> prepare.TokenStore:
    library = CorpusLibrary(home)
    store = prepare.open_tokens(
        library.folder(job.corpus), job.snapshot, library.tokenizer_file(job.corpus, job.tokenizer)
    )
    assert store is not None
    return store


def test_a_disk_without_room_is_seen_before_the_first_step(
    raised_home: Home, job: TrainJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "disk_free", lambda _: 1 << 20)
    with pytest.raises(NoSpace, match="Free at least"):
        train_here(raised_home, job)
    monkeypatch.undo()
    [folder] = [p for p in raised_home.runs.iterdir() if JobFolder(p).read().title == "Ume"]
    assert train_here(raised_home, JobFolder(folder)).outcome == "done"


@pytest.mark.parametrize("damage", ["missing", "cut", "lying header"])
def test_a_parent_with_damaged_weights_is_refused_with_its_file(
    raised_home: Home, job: TrainJob, train_here: Train, damage: str
) -> None:
    parent = VersionLibrary(raised_home).get("Kiku")
    file = parent.path / "model.safetensors"
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:1000])
    else:
        file.write_bytes((1 << 60).to_bytes(8, "little") + file.read_bytes()[8:])
    with pytest.raises(Damaged, match=r"model\.safetensors"):
        train_here(raised_home, job.model_copy(update={"parent": parent.id}))


def test_a_corpus_that_is_gone_is_said_in_a_sentence(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    with pytest.raises(NotFound, match="corpus called “Nowhere”"):
        train_here(raised_home, job.model_copy(update={"corpus": "Nowhere"}))


def test_a_token_file_that_was_damaged_is_named(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    [folder] = (raised_home.corpora / "Stories" / "tokens").iterdir()
    (folder / "train.npy").write_bytes(b"\x93NUMPY nothing")
    with pytest.raises(Damaged, match=r"train\.npy"):
        train_here(raised_home, job)


def test_checkpoints_of_a_run_hold_what_its_weights_were(
    raised_home: Home, job: TrainJob, train_here: Train
) -> None:
    done = train_here(raised_home, job)
    loaded = Checkpoints(done.folder.checkpoints).newest()
    assert loaded is not None
    published = load_file(raised_home.versions / "Ume" / "model.safetensors")
    assert loaded[0].best_step == 30
    assert all(np.array_equal(published[n], loaded[1][n]) for n in published)
