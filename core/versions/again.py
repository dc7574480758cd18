"""Trainings that follow from a version: its from-scratch counterpart, and its repetition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import NotComparable, TerakoyaError
from core.files import read_json
from core.home import Home
from core.jobs.kinds import TrainJob
from core.recipe import Recipe
from core.sentences import N_, Sentence
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.manifest import VersionManifest

_NO_RECIPE = Sentence("Errors", N_("Errors", "it was not trained here"))
_NO_ORIGIN = Sentence("Errors", N_("Errors", "it was trained from nothing itself"))
_PREFERENCES = Sentence("Errors", N_("Errors", "preferences are only taught to a version that can already answer"))  # fmt: skip
_SHAPE = (
    "family", "parameters", "layers", "width", "feed_forward", "head_size", "kv_heads",
    "tied_embeddings", "experts", "chosen_experts", "tokenizer", "vocabulary",
)  # fmt: skip
_BEFORE = {"lora_tokens": False}
"""Settings with what was done before they existed, where that is not their default."""
_RATES = ("learning_rate", "embedding_rate", "head_rate", "warmup_steps")


def counterpart_job(home: Home, version: str) -> TrainJob:
    """What trains the from-scratch counterpart of a specialised version (by name or id): the same
    text, tokenizer, sizes, batches and number of steps, the app's usual rates, but no parent and no
    teacher.

    Raises:
        NotFound, Damaged
        NotComparable: It has no parent, or was not trained here.
    """
    library = VersionLibrary(home)
    entry = library.usable(version)
    recipe, plan = _facts(entry)
    if not _origin(entry):
        raise NotComparable("name", name=entry.manifest.title, reason=_NO_ORIGIN)
    if recipe.objective == "preference":
        raise NotComparable("name", name=entry.manifest.title, reason=_PREFERENCES)
    objective = (
        "causal" if recipe.objective == "distil" and not _is_encoder(entry) else recipe.objective
    )
    objective = "masked" if objective == "distil" else objective
    usual = Recipe()
    changes: dict[str, Any] = {name: getattr(usual, name) for name in (*_SHAPE, *_RATES)}
    changes |= {
        "objective": objective, "method": "full", "replay_share": 0.0, "minutes": None, "epochs": None,
        "steps": max(1, entry.manifest.measures.steps), "batch": plan["batch"],
        "context": plan["context"], "precision": plan["precision"],
        "optimiser": usual.optimiser if recipe.method == "lora" else recipe.optimiser,
    }  # fmt: skip
    name = library.free_name(f"{entry.name[:60]} from scratch")
    job = _job_of(home, entry.manifest.run)
    return TrainJob(
        version=name, **_texts(entry.manifest), tokenizer="",
        recipe=recipe.model_copy(update=changes), title=name, compared_with=entry.id,
        lessons=job.lessons if job else [],
    )  # fmt: skip


def repetition_job(home: Home, version: str, name: str | None = None) -> TrainJob:
    """What trains a version once more with every decision as it was recorded.

    Args:
        name: Of the copy; by default the version's own with “again”.

    Raises:
        NotFound, Damaged, BadName, NameTaken
        NotComparable: It was not trained here.
    """
    library = VersionLibrary(home)
    entry = library.usable(version)
    manifest = entry.manifest
    recipe, _ = _facts(entry)
    if name is None:
        name = library.free_name(f"{entry.name[:70]} again")
    library.ensure_free(name)
    decisions = {k: v for k, v in manifest.decisions.items() if k not in ("measured", "finishing")}
    decisions |= {"fixed": True, "roll_backs": []}
    changes: dict[str, Any] = {"minutes": None, "epochs": None, "steps": max(1, manifest.measures.steps)}  # fmt: skip
    changes |= {name: was for name, was in _BEFORE.items() if name not in manifest.recipe}
    parents = {p.relation: p.id for p in manifest.parents if p.relation != "succeeds"}
    teacher = parents.pop("distilled", None)
    job = _job_of(home, manifest.run)
    return TrainJob(
        version=name, **_texts(entry.manifest), tokenizer="",
        recipe=recipe.model_copy(update=changes), title=name, reproduces=entry.id,
        parent=job.parent if job else next(iter(parents.values()), None), teacher=teacher,
        lessons=job.lessons if job else [], compared_with=manifest.compared_with,
        device=decisions.get("machine", {}).get("device", "auto"), decisions=decisions,
    )  # fmt: skip


def _texts(manifest: VersionManifest) -> dict[str, Any]:
    """The corpora that a version itself read, as TrainJob has them."""
    own = [
        {
            "corpus": pin.name, "corpus_id": pin.id, "snapshot": pin.snapshot, "weight": pin.weight,
            "weights": pin.weights,
        }
        for pin in manifest.corpora[: manifest.own_corpora]
    ]  # fmt: skip
    return {**own[0], "mixed": own[1:]}


def run_of(home: Home, *, counterpart_of: str) -> str | None:
    """The id of the newest run that trains the counterpart of a version (id) and has not ended well:
    it is resumed rather than begun again."""
    for folder in sorted(home.runs.iterdir(), reverse=True) if home.runs.is_dir() else ():
        job = _read(folder)
        if job is not None and job.compared_with == counterpart_of and job.reproduces is None:
            return folder.name
    return None


def _facts(entry: VersionEntry) -> tuple[Recipe, dict[str, Any]]:
    """(recipe, plan) of a version that was trained here. Raises NotComparable."""
    manifest = entry.manifest
    plan = manifest.decisions.get("plan")
    if not manifest.recipe or not plan or not manifest.corpora or manifest.imported:
        raise NotComparable("name", name=manifest.title, reason=_NO_RECIPE)
    return Recipe.model_validate(manifest.recipe), plan


def _origin(entry: VersionEntry) -> bool:
    return any(p.relation != "succeeds" for p in entry.manifest.parents)


def _is_encoder(entry: VersionEntry) -> bool:
    return entry.manifest.kind == "fill"


def _job_of(home: Home, run: str) -> TrainJob | None:
    """The job that a version came from, where its run is still there."""
    return _read(home.runs / run) if run else None


def _read(folder: Path) -> TrainJob | None:
    try:
        data = read_json(folder / "job.json")
        return TrainJob.model_validate(data["config"]) if data.get("kind") == "train" else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TerakoyaError):
        return None
