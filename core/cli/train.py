"""train: read the text if need be, train in the foreground, publish."""

from __future__ import annotations

import difflib
import os
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.cli import corpus as corpus_command
from core.cli.follow import follow, working
from core.cli.output import Output
from core.cli.paths import absolute
from core.config import build, parse_assignments
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.corpus.taught import read_lessons
from core.corpus.weights import LEAST, MOST, pinned
from core.engine.engine import Engine
from core.engine.record import JobRecord
from core.errors import PathMissing, UnknownDevice, UsageError, all_faults
from core.hardware import nvidia_driver
from core.home import Home
from core.jobfolder import JobFolder
from core.jobs.kinds import TrainJob
from core.lessons import PASSES
from core.planning.applies import combination, without_effect
from core.planning.check import require
from core.planning.machine import load_machine
from core.planning.plan import Text, make_plan
from core.planning.presets import preset_settings, trainable
from core.planning.pupil import fit_teacher
from core.planning.shares import often_read, passes_sentence
from core.planning.text import shape_of_version, text_of
from core.reasons import Unsuitable
from core.recipe import Recipe
from core.sentences import Sentence
from core.versions.library import VersionEntry, VersionLibrary, good_version_name

_LEAST_MINUTES = 0.2


def run(options: Any, home: Home, output: Output) -> int:
    begun = time.monotonic()
    if not options.name:
        raise UsageError("name", detail="Give the new version a name: --name NAME.")
    if options.lessons and not options.parent:
        raise UsageError("lessons", detail="Lessons are a version's: say which one goes on (--from VERSION).")  # fmt: skip
    if not options.corpus and not options.lessons:
        raise UsageError("corpus", detail="Say what to read: --corpus NAME or --corpus PATH.")
    name = good_version_name(options.name)
    recipe = _recipe(options)
    chosen = list(parse_assignments(Recipe, options.set))
    if not options.parent:  # A parent's family is only known further on.
        mismatched = combination(recipe, False, bool(options.teacher))
        mismatched = mismatched or without_effect(chosen, recipe, None)
        if mismatched:
            raise all_faults(mismatched)
    factors = _factors(options.share)
    if not _are_read_already(options.corpus, home):  # Else all faults are told together, below.
        require(recipe, goes_on=bool(options.parent))
    if options.device == "cuda" and not nvidia_driver() and options.start:
        raise UnknownDevice("device", device="cuda", available="cpu")
    home.prepare()
    versions = VersionLibrary(home)
    versions.ensure_free(name)
    parent = versions.usable(options.parent) if options.parent else None
    teacher = versions.usable(options.teacher) if options.teacher else None
    if parent is not None:
        family = parent.manifest.family
        mismatched = combination(recipe, True, bool(teacher), family)
        mismatched = mismatched or without_effect(chosen, recipe, family)
        if mismatched:
            raise all_faults(mismatched)
    with working(home) as engine:
        if parent is not None and not options.corpus:
            title = parent.manifest.title
            corpora = [read_lessons(home, parent.id, title, f"Lessons of {title}")]
        else:
            corpora = _corpora(options.corpus, name, recipe, engine, output)
        weighted = _weighted(corpora, factors)
        text = _refuse_impossible(recipe, weighted, parent, home, teacher)
        if options.start:
            recipe = _less_what_reading_took(recipe, time.monotonic() - begun)
        job = train_job(
            name,
            weighted,
            recipe,
            parent.id if parent else None,
            options.device,
            options.devices,
            teacher.id if teacher else None,
            [parent.id] if options.lessons and parent else [],
        )
        _tell_passes(recipe, text, parent, home)
        if not options.start:
            return _leave_to_others(job, home, output)
        record = follow(engine, engine.submit("train", job, name), output)
    return conclude(record, output, begun)


def _leave_to_others(job: TrainJob, home: Home, output: Output) -> int:
    """Make the job's folder and leave: torchrun, or a machine with more devices, does the rest."""
    data = job.model_dump(mode="json")
    folder = JobFolder.create(home.runs, "train", job.version, data)
    output.result({"run": folder.id, "folder": str(folder.path)}, str(folder.path))
    return 0


def train_job(
    name: str, corpora: Sequence[tuple[CorpusManifest, float]], recipe: Recipe,
    parent: str | None, device: str = "auto", devices: int | None = None,
    teacher: str | None = None, lessons: list[str] | None = None,
) -> TrainJob:  # fmt: skip
    """The job that trains `name` on what the corpora are now, each with how often it counts."""
    first = corpora[0][0]
    tokenizer = first.tokenizer.hash if first.tokenizer else ""
    return TrainJob(
        version=name, **pinned(corpora), tokenizer=tokenizer, recipe=recipe, parent=parent,
        device=device, devices=devices, title=name, teacher=teacher, lessons=lessons or [],
    )  # fmt: skip


def _factors(words: list[str]) -> dict[str, float]:
    """NAME=FACTOR as given with --share; a name may hold an equals sign itself. Raises UsageError."""
    found: dict[str, float] = {}
    for word in words:
        name, _, factor = word.rpartition("=")
        try:
            value = float(factor)
        except ValueError:
            value = 0.0
        if not name or not LEAST <= value <= MOST:
            detail = f"--share takes NAME=FACTOR with a factor from {LEAST:g} to {MOST:g}, such as Letters=2, not “{word}”."  # fmt: skip
            raise UsageError("share", detail=detail)
        found[unicodedata.normalize("NFC", name)] = value
    return found


def _weighted(
    corpora: list[CorpusManifest], factors: dict[str, float]
) -> list[tuple[CorpusManifest, float]]:
    """Raises UsageError where a factor is of no corpus that is read."""
    names = [corpus.name for corpus in corpora]
    for name in factors:
        if name not in names:
            raise UsageError("share", detail=f"“{name}” is not among the corpora that are read: {', '.join(names)}.")  # fmt: skip
    return [(corpus, factors.get(corpus.name, 1.0)) for corpus in corpora]


def _tell_passes(recipe: Recipe, text: Text, parent: VersionEntry | None, home: Home) -> None:
    """Where parts of the text count differently: how often each is read, by the forecast."""
    if not text.shares:
        return
    kept = shape_of_version(parent.manifest) if parent else None
    shape, context = kept[:2] if kept else (None, None)
    machine = load_machine(home)
    plan = make_plan(recipe, text, machine, shape, context, continues=parent is not None)
    words = passes_sentence(plan.parts)
    lines = [words] if words is not None else []
    lines += [often] if (often := often_read(plan.parts)) is not None else []
    for line in lines:
        print(line.english(), file=sys.stderr)


def conclude(record: JobRecord, output: Output, begun: float) -> int:
    """Print what was published."""
    result = dict(record.result or {})
    result["seconds"] = time.monotonic() - begun
    result["run"] = record.id
    line = (
        f"“{result['version']}” is on the shelf: {result['parameters']:,} parameters, "
        f"{_measured(result, _objective(record))}, {result['seconds']:.0f} s. {result['path']}"
    )
    lines = [line]
    if forgetting := result.get("forgetting"):
        lines.append(Sentence.from_json(forgetting["sentence"]).english())
    output.result(result, *lines)
    return 0


def _measured(result: dict[str, Any], objective: str) -> str:
    """The final figure, in the words of what was learnt."""
    bits, guessed = result.get("heldout_bits_per_byte"), result.get("masked_accuracy")
    preferred = result.get("preference_accuracy")
    if preferred is not None:
        return f"prefers the better answer in {preferred:.0%} of unseen pairs"
    if bits is None:
        return "nothing was held out to measure it on"
    if guessed is not None:
        return f"guesses {guessed:.1%} of hidden words, {bits:.3f} pseudo bits/byte on unseen text"
    return f"{bits:.3f} bits/byte on unseen {'answers' if objective == 'chat' else 'text'}"


def _objective(record: JobRecord) -> str:
    return str((record.job.config.get("recipe") or {}).get("objective") or "causal")


def _recipe(options: Any) -> Recipe:
    values = {**_preset(options.preset), **parse_assignments(Recipe, options.set)}
    values |= {"method": options.method}
    if options.objective is not None or "objective" not in values:
        values["objective"] = options.objective or ("chat" if options.lessons else "causal")
    if options.lessons and values["objective"] not in ("chat", "preference"):
        detail = "Lessons are answers: give --objective chat or --objective preference, or leave --lessons out."  # fmt: skip
        raise UsageError("objective", detail=detail)
    for field in ("minutes", "steps", "epochs"):
        if getattr(options, field) is not None:
            values[field] = getattr(options, field)
    if options.seed is not None:
        values["seed"] = options.seed
    if all(values.get(field) is None for field in ("minutes", "steps", "epochs")):
        # A few lessons are known by heart long before ten minutes are over.
        alone = options.lessons and not options.corpus
        values |= {"epochs": PASSES} if alone else {"minutes": 10.0}
    return build(Recipe, values)


def _preset(key: str | None) -> dict[str, Any]:
    """The settings of a preset. Raises UsageError for one that is not known or cannot be trained."""
    if not key:
        return {}
    try:
        return preset_settings(key)
    except Unsuitable as error:
        near = difflib.get_close_matches(key, [preset.key for preset in trainable()], 3, 0.3)
        hint = f" Near it: {', '.join(near)}." if near else ""
        raise UsageError(
            "preset", detail=f"{error.sentence.english().rstrip('.')}.{hint} See: plan --list"
        ) from error


def _are_read_already(words: list[str], home: Home) -> bool:
    library = CorpusLibrary(home)
    return bool(words) and all(_is_corpus(word, library) for word in words)


def _is_corpus(word: str, library: CorpusLibrary) -> bool:
    return not is_path(word, library) and library.exists(word)


def _refuse_impossible(
    recipe: Recipe, corpora: list[tuple[CorpusManifest, float]], parent: VersionEntry | None,
    home: Home, teacher: VersionEntry | None = None,
) -> Text:  # fmt: skip
    """What is read. Raises one UsageError that names everything which cannot be."""
    if teacher is not None:
        fit_teacher(teacher, parent, recipe)
    kept = shape_of_version(parent.manifest) if parent else None
    shape, vocabulary = (kept[0], kept[2]) if kept else (None, None)
    (corpus, weight), *mixed = corpora
    text = text_of(corpus, recipe, vocabulary, mixed, weight)
    require(recipe, text, load_machine(home), shape, goes_on=parent is not None)
    return text


def _less_what_reading_took(recipe: Recipe, seconds: float) -> Recipe:
    if recipe.minutes is None:
        return recipe
    left = max(_LEAST_MINUTES, recipe.minutes - seconds / 60)
    return recipe.model_copy(update={"minutes": left})


def _corpora(
    words: list[str], name: str, recipe: Recipe, engine: Engine, output: Output
) -> list[CorpusManifest]:
    """Corpora by name, or one that is read now from paths and named after the version."""
    library = CorpusLibrary(engine.home)
    words = list(dict.fromkeys(words))
    if not any(is_path(word, library) for word in words) and (
        len(words) == 1 or all(library.exists(word) for word in words)
    ):
        return [library.get(word) for word in words]
    paths = [absolute(word) for word in words]
    for word, path in zip(words, paths, strict=True):
        if not Path(path).exists():
            if library.exists(word):
                detail = f"Give corpora, or files and folders, not both: read the files into a corpus first, then give it beside “{word}”."  # fmt: skip
                raise UsageError("corpus", detail=detail)
            raise PathMissing("corpus", path=word)
    corpus_name = name if _is_read_from(library, name, paths) else library.create_name(name)
    job = corpus_command.job_of(library, corpus_name, paths, vocabulary=recipe.vocabulary)
    corpus_command.read_job(engine, job, output)
    return [library.get(corpus_name)]


def _is_read_from(library: CorpusLibrary, name: str, paths: list[str]) -> bool:
    """Whether an earlier try already read a corpus of that name from the same paths."""
    if not library.exists(name):
        return False
    return {source.path for source in library.get(name).sources} == set(paths)


def is_path(word: str, library: CorpusLibrary) -> bool:
    """An existing path that contains a separator is a path, else a corpus name, else a path."""
    separators = [s for s in (os.sep, os.altsep) if s]
    if any(s in word for s in separators):
        return True
    return not library.exists(word) and Path(word).exists()
