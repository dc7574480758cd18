"""Ingredients of objectives that learn from conversations: a corpus that was read, a tiny parent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.corpus.tokens import open_tokens
from core.families.registry import family_of
from core.files import write_json
from core.home import Home
from core.jobs.kinds import ReadJob
from core.models.base import LanguageModel
from core.models.load import CONFIG, WEIGHTS, save_weights
from core.models.registry import build, initialise
from core.objectives.base import Ingredients
from core.planning.dial import Shape
from core.recipe import Recipe
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.roles import roles_of
from core.versions.library import VersionEntry
from core.versions.manifest import VersionManifest

CONTEXT = 64


def ingredients(
    home: Home, rows: Sequence[Any], context: int = CONTEXT, lessons: Sequence[str] = (),
    seed: int = 0, **recipe: Any,
) -> Ingredients:  # fmt: skip
    """A corpus of `rows`, read now, and a fresh tiny version as parent."""
    home.prepare()
    file = home.path / "talks.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    job = ReadJob(corpus="Talks", paths=[str(file)], heldout_share=0.2, vocabulary=320)
    read_corpus_now(home, job, home.path / "parts")
    library = CorpusLibrary(home)
    manifest = library.get("Talks")
    folder = library.folder("Talks")
    tokenizer_file = library.tokenizer_file("Talks")
    tokenizer = tokenizer_files.load(tokenizer_file)
    roles = roles_of(tokenizer)
    store = open_tokens(folder, manifest.snapshot, tokenizer_file)
    assert store is not None and roles is not None
    run = home.runs / "run"
    run.mkdir(parents=True, exist_ok=True)
    return Ingredients(
        home, run, folder, manifest.snapshot, store, tokenizer, tokenizer_file,
        token_bytes(tokenizer), roles, Recipe(context=context, **recipe),
        parent(home, tokenizer.get_vocab_size(), context, seed), None, torch.device("cpu"),
        lambda done, total: None, lambda: False, tuple(lessons),
    )  # fmt: skip


def parent(home: Home, vocabulary: int, context: int, seed: int = 0) -> VersionEntry:
    folder = home.versions / "Parent"
    folder.mkdir(parents=True, exist_ok=True)
    model = tiny_model(vocabulary, context, seed)
    save_weights(model, folder / WEIGHTS)
    roles = {"end": 0, "begin": 0, "pad": 0}
    from core.tokenizer.roles import TokenRoles

    write_json(folder / CONFIG, model.config.to_transformers(TokenRoles(**roles)))
    manifest = VersionManifest(id="parent-id", name="Parent", title="Parent", created=0.0)
    return VersionEntry(manifest, folder)


def tiny_model(vocabulary: int, context: int = CONTEXT, seed: int = 0) -> LanguageModel:
    shape = Shape(
        layers=1, width=64, heads=2, kv_heads=2, head_size=32, feed_forward=128, tied=True
    )
    model = build(family_of("qwen3").config.from_shape(shape, vocabulary, context))
    initialise(model, seed)
    return model


def with_recipe(given: Ingredients, **changes: Any) -> Ingredients:
    return replace(given, recipe=given.recipe.model_copy(update=changes))


def gsm8k(shared_data: Path, count: int, longest: int = 160) -> list[dict[str, str]]:
    """The first short questions of GSM8K with their answers."""
    with (shared_data / "instruct" / "en-gsm8k-test.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [r for r in rows if len(r["question"]) + len(r["answer"]) < longest][:count]
