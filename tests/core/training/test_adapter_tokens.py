"""Adapters that learn to answer: the tokens between turns are trained with them, and answers end."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core import events as ev
from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.exchange import merging
from core.files import read_json, write_json
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import MergeJob, ReadJob, TrainJob
from core.models.decoder import exact_decoder
from core.models.load import load_model
from core.recipe import Recipe
from core.tokenizer import files as tokenizer_files
from core.tokenizer.template import choose
from core.training.prepare import token_roles
from core.versions.again import repetition_job
from core.versions.library import VersionEntry, VersionLibrary
from tests.conftest import SAMPLE_TEXTS
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
ROWS = "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta"


@pytest.fixture
def talking(raised_home: Home) -> Home:
    """With the corpora "Talks", the sample's questions without their stories, and "Pairs"."""
    with (SAMPLE_TEXTS / "questions-en.jsonl").open(encoding="utf-8") as lines:
        asked = [one for line in lines for one in json.loads(line)["questions"]]
    rows = {
        "Talks": [{"instruction": q["question"], "output": q["answer"]} for q in asked],
        "Pairs": [
            {"prompt": q["question"], "chosen": q["answer"], "rejected": other["answer"]}
            for q, other in itertools.pairwise(asked)
        ],
    }
    for name, some in rows.items():
        file = raised_home.path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in some), encoding="utf-8")
        job = ReadJob(corpus=name, paths=[str(file)], heldout_share=0.1)
        read_corpus_now(raised_home, job, raised_home.path / f"parts-{name}")
    return raised_home


def adapting(home: Home, name: str, corpus: str = "Talks", **changes: Any) -> TrainJob:
    manifest = CorpusLibrary(home).get(corpus)
    values = {
        "steps": 12, "batch": 8, "seed": 7, "method": "lora", "lora_rank": 4, "precision": "fp32",
        "objective": "chat", "evaluations": 2,
    }  # fmt: skip
    return TrainJob(
        version=name, corpus=corpus, snapshot=manifest.snapshot, recipe=Recipe(**(values | changes)),
        tokenizer="", parent=VersionLibrary(home).get("Kiku").id, title=name,
    )  # fmt: skip


def ended(entry: VersionEntry, count: int = 8) -> int:
    """How many of the sample's first questions get an answer that ends."""
    model = load_model(entry.path)
    file = entry.path / "tokenizer.json"
    tokenizer = tokenizer_files.load(file)
    roles = token_roles(tokenizer, file)
    template = choose("auto", tokenizer, roles, entry.path)
    with (SAMPLE_TEXTS / "questions-en.jsonl").open(encoding="utf-8") as lines:
        asked = [json.loads(line)["questions"][0]["question"] for line in lines][:count]
    found = 0
    for question in asked:
        tokens = template.prompt([{"role": "user", "content": question}])
        decoder = exact_decoder(model)
        chances = decoder.prompt(tokens)
        while decoder.length < decoder.context:
            token = int(np.argmax(chances))
            if token in template.stops:
                found += 1
                break
            chances = decoder.step(token)
    return found


def logits(entry: VersionEntry) -> torch.Tensor:
    with torch.inference_mode():
        return load_model(entry.path)(torch.arange(1, 33)[None])


def test_answers_end_because_the_tokens_of_turns_are_learnt(
    talking: Home, train_here: Train
) -> None:
    library = VersionLibrary(talking)
    long = {"steps": 90, "batch": 16}
    done = train_here(talking, adapting(talking, "Answers", **long))
    train_here(talking, adapting(talking, "Deaf", lora_tokens=False, **long))
    answers, deaf = library.usable("Answers"), library.usable("Deaf")
    assert ended(answers) >= 6 > 2 >= ended(deaf)
    better, worse = (e.manifest.measures.heldout_bits_per_byte for e in (answers, deaf))
    assert better is not None and worse is not None and better < worse
    facts, [plan] = answers.manifest.adapter, [event.plan for event in done.of(ev.Planned)]
    stored = load_file(answers.path / "adapter_model.safetensors")
    assert facts is not None and facts.tokens == 2 and plan["adapter_tokens"] == [1, 2]
    assert facts.parameters == plan["adapter_parameters"] == sum(t.numel() for t in stored.values())
    assert stored[ROWS].shape == (2, 64)
    config = json.loads((answers.path / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["trainable_token_indices"] == {"embed_tokens": [1, 2], "lm_head": [1, 2]}
    assert deaf.manifest.adapter is not None and deaf.manifest.adapter.tokens == 0


@pytest.mark.parametrize(
    "changes", [{"dora": True}, {"base_precision": "int8", "precision": "bf16", "micro_batch": 4}]
)
def test_a_paused_training_of_answers_goes_on_bit_for_bit(
    talking: Home, train_here: Train, changes: dict[str, object]
) -> None:
    job = adapting(talking, "Whole", **changes)
    whole = train_here(talking, job)

    def ask(context: Any, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step == 6:
            context.folder.ask(context.attempt, "pause")

    decided = whole.folder.read().config["decisions"]  # A busy machine may decide otherwise.
    again = job.model_copy(update={"version": "Parted", "decisions": decided})
    first = train_here(talking, again, ask)
    assert first.outcome == "paused"
    [*kept] = first.folder.checkpoints.glob("step-*")
    assert all("model.embed_tokens.rows.values" in load_file(f / "model.safetensors") for f in kept)
    second = train_here(talking, first.folder)
    assert {**first.losses, **second.losses} == whole.losses
    library = VersionLibrary(talking)
    one, two = (library.get(name).manifest.hashes for name in ("Whole", "Parted"))
    assert one["adapter_model.safetensors"] == two["adapter_model.safetensors"]


def test_merged_stacked_and_preferring_versions_keep_the_rows(
    talking: Home, train_here: Train
) -> None:
    library = VersionLibrary(talking)
    train_here(talking, adapting(talking, "Answers"))
    answers = library.usable("Answers")
    folder = JobFolder.create(
        talking.runs, "merge", "", MergeJob(adapter=answers.id, version="Whole").model_dump()
    )
    config = MergeJob(adapter=answers.id, version="Whole")
    writer = EventWriter(folder, 1)
    try:
        assert (
            merging.run(WorkerContext(talking, folder, folder.read(), config, 1, writer)) == "done"
        )
    finally:
        writer.close()
    torch.testing.assert_close(logits(library.usable("Whole")), logits(answers))
    job = adapting(talking, "Kind", "Pairs", objective="preference", steps=4)
    train_here(talking, job.model_copy(update={"parent": answers.id}))
    kind = library.usable("Kind")
    assert kind.manifest.adapter is not None and kind.manifest.adapter.tokens == 2
    rows = [load_file(e.path / "adapter_model.safetensors")[ROWS] for e in (answers, kind)]
    assert 0 < (rows[0] - rows[1]).abs().max() < 0.5
    plain = adapting(talking, "Reader", objective="causal", steps=2)
    done = train_here(talking, plain.model_copy(update={"parent": answers.id}))
    assert [event.plan["adapter_tokens"] for event in done.of(ev.Planned)] == [[]]


def test_a_run_planned_before_such_rows_were_trained_goes_on_without_them(
    talking: Home, train_here: Train
) -> None:
    job = adapting(talking, "New", steps=2)
    decided = train_here(talking, job).folder.read().config["decisions"]
    decided["plan"].pop("adapter_tokens")
    train_here(talking, job.model_copy(update={"version": "Old", "decisions": decided}))
    facts = VersionLibrary(talking).usable("Old").manifest.adapter
    assert facts is not None and facts.tokens == 0


def test_a_version_from_before_the_setting_is_repeated_without_the_rows(
    talking: Home, train_here: Train
) -> None:
    train_here(talking, adapting(talking, "Old", lora_tokens=False))
    file = talking.versions / "Old" / "version.json"
    data = read_json(file)
    del data["recipe"]["lora_tokens"], data["adapter"]["tokens"]
    del data["decisions"]["plan"]["adapter_tokens"]
    write_json(file, data)
    job = repetition_job(talking, "Old")
    assert job.recipe.lora_tokens is False
    done = train_here(talking, job)
    assert done.of(ev.Result)[0].data["reproduction"]["identical"] is True
    again = VersionLibrary(talking).get(job.version).manifest
    assert again.adapter is not None and again.adapter.tokens == 0
    assert again.recipe["lora_tokens"] is False
    # One of today keeps its rows.
    train_here(talking, adapting(talking, "New"))
    assert repetition_job(talking, "New").recipe.lora_tokens is True
