"""Whole trainings of adapters: what is trained, saved, resumed, stacked and refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from core import events as ev
from core.corpus.library import CorpusLibrary
from core.errors import BaseMissing, UsageError
from core.home import Home, Trash
from core.jobs.kinds import TrainJob
from core.models.load import load_model
from core.recipe import Recipe
from core.versions.library import ADAPTER_FILES, VersionEntry, VersionLibrary
from core.versions.manifest import SHEET
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
TOKENS = torch.arange(5, 37)[None]


def adapting(home: Home, name: str, parent: str = "Kiku", **changes: object) -> TrainJob:
    """The job of an adapter on `parent`."""
    manifest = CorpusLibrary(home).get("Stories")
    assert manifest.tokenizer is not None
    values: dict[str, object] = {
        "steps": 12, "batch": 4, "seed": 7, "method": "lora", "lora_rank": 4, "precision": "fp32",
    }  # fmt: skip
    return TrainJob(
        version=name, corpus="Stories", snapshot=manifest.snapshot,
        tokenizer=manifest.tokenizer.hash, recipe=Recipe(**(values | changes)),  # type: ignore[arg-type]
        parent=VersionLibrary(home).get(parent).id, title=name,
    )  # fmt: skip


def logits(entry: VersionEntry) -> torch.Tensor:
    with torch.inference_mode():
        return load_model(entry.path)(TOKENS)


@pytest.mark.parametrize("changes", [{}, {"dora": True}, {"base_precision": "int8"}])
def test_an_adapter_learns_and_its_base_stays_as_it_is(
    raised_home: Home, train_here: Train, changes: dict[str, object]
) -> None:
    base = VersionLibrary(raised_home).get("Kiku")
    before = {file.name: file.read_bytes() for file in base.path.iterdir() if file.is_file()}
    job = adapting(raised_home, "Small", steps=30, batch=8, evaluations=1, learning_rate=0.03, **changes)  # fmt: skip
    done = train_here(raised_home, job)
    assert done.outcome == "done"
    first, last = (event.loss for event in done.of(ev.Evaluated))
    assert last < first - 0.03
    assert {
        file.name: file.read_bytes() for file in base.path.iterdir() if file.is_file()
    } == before
    small = VersionLibrary(raised_home).usable("Small")
    assert not (small.path / "model.safetensors").exists()
    assert set(small.manifest.hashes) == {*ADAPTER_FILES, SHEET}
    facts = small.manifest.adapter
    assert facts is not None and (facts.base, facts.rank, facts.alpha) == (base.id, 4, 8.0)
    assert [(p.id, p.relation) for p in small.manifest.parents] == [(base.id, "adapter")]
    stored = load_file(small.path / "adapter_model.safetensors")
    assert facts.parameters == sum(tensor.numel() for tensor in stored.values())
    [plan] = [event.plan for event in done.of(ev.Planned)]
    assert plan["base_precision"] == changes.get("base_precision", "working")
    assert plan["adapter_parameters"] == facts.parameters
    assert (logits(small) - logits(base)).abs().max() > 0.01


@pytest.mark.parametrize(
    "changes", [{"dora": True}, {"base_precision": "int8", "precision": "bf16"}]
)
def test_a_paused_training_goes_on_bit_for_bit(
    raised_home: Home, train_here: Train, changes: dict[str, object]
) -> None:
    job = adapting(raised_home, "Whole", evaluations=2, **changes)
    whole = train_here(raised_home, job)

    def ask(context: Any, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step == 6:
            context.folder.ask(context.attempt, "pause")

    decided = whole.folder.read().config["decisions"]  # A busy machine may decide otherwise.
    again = job.model_copy(update={"version": "Parted", "decisions": decided})
    first = train_here(raised_home, again, ask)
    assert first.outcome == "paused"
    for checkpoint in first.folder.checkpoints.glob("step-*"):
        held = load_file(checkpoint / "model.safetensors")
        assert held and all(".lora_" in name or name.endswith(".change") for name in held)
    second = train_here(raised_home, first.folder)
    assert {**first.losses, **second.losses} == whole.losses
    library = VersionLibrary(raised_home)
    one, two = (library.get(name).manifest.hashes for name in ("Whole", "Parted"))
    assert one["adapter_model.safetensors"] == two["adapter_model.safetensors"]


def test_adapters_stand_on_adapters_and_whole_trainings_too(
    raised_home: Home, train_here: Train
) -> None:
    train_here(raised_home, adapting(raised_home, "One"))
    train_here(raised_home, adapting(raised_home, "Two", parent="One", dora=True))
    library = VersionLibrary(raised_home)
    one, two = library.get("One"), library.usable("Two")
    assert two.manifest.adapter is not None and two.manifest.adapter.base == one.id
    library.rename("One", "First")
    library.rename("Kiku", "Chrysanthemum")
    changed = logits(library.usable("Two"))
    assert (changed - logits(library.get("First"))).abs().max() > 0.001
    train_here(raised_home, adapting(raised_home, "Full", parent="Two", method="full", learning_rate=0.0, embedding_rate=0.0, head_rate=0.0))  # fmt: skip
    full = library.usable("Full")
    assert (full.path / "model.safetensors").is_file() and full.manifest.adapter is None
    assert torch.allclose(logits(full), changed, atol=1e-5)


def test_a_base_that_is_gone_is_named_and_its_return_mends_all(
    raised_home: Home, train_here: Train
) -> None:
    train_here(raised_home, adapting(raised_home, "One", steps=2))
    train_here(raised_home, adapting(raised_home, "Two", parent="One", steps=2))
    library = VersionLibrary(raised_home)
    path = library.get("Two").path
    gone = library.remove("Kiku")
    for name in ("One", "Two"):
        with pytest.raises(BaseMissing, match="“Kiku”"):
            library.usable(name)
    with pytest.raises(BaseMissing, match="“Kiku”"):
        load_model(path)
    Trash(raised_home).restore(gone.id)
    assert logits(library.usable("Two")).isfinite().all()
    shutil.rmtree(library.get("One").path)
    with pytest.raises(BaseMissing, match="“One”"):
        library.usable("Two")


def test_what_no_adapter_can_be_is_refused_before_anything_starts(
    raised_home: Home, train_here: Train
) -> None:
    with pytest.raises(UsageError, match="int8"):
        train_here(raised_home, adapting(raised_home, "No", base_precision="int4"))
    without = adapting(raised_home, "No").model_copy(update={"parent": None})
    with pytest.raises(UsageError, match="LoRA adds to a version"):
        train_here(raised_home, without)
