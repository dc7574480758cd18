"""One training on several corpora, and on sources that count differently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from core import events as ev
from core.corpus import pinned
from core.corpus.library import CorpusLibrary
from core.corpus.mixture import JoinedStore, Part, joined
from core.corpus.reading import read_corpus_now
from core.corpus.store import Snapshot
from core.corpus.tokens import TokenSplit, open_tokens
from core.errors import Damaged
from core.evaluation.job import _until_found
from core.evaluation.texts import EvaluationText, training_hashes
from core.home import Home
from core.jobs.context import WorkerContext
from core.jobs.extend import create_extension, extension_job
from core.jobs.kinds import MixedCorpus, ReadJob, TrainJob
from core.training.watch import take
from core.versions.again import counterpart_job, repetition_job
from core.versions.library import VersionLibrary
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


@pytest.fixture
def two(raised_home: Home) -> Home:
    """A home with "Stories", and "Others": 60 other texts in two folders, and 30 of "Stories". Half of
    "Others" is held out, and so are some of those on which "Stories" trains."""
    library = CorpusLibrary(raised_home)
    rows = Snapshot(library.folder("Stories"), library.get("Stories").snapshot).rows()
    known = [row["text"] for row in rows if row["split"] == "train"][:30]
    folder = raised_home.path / "others"
    folder.mkdir()
    for number in range(60):
        text = f"Letter {number}. " + " ".join(f"word{(number * 7 + i) % 97}" for i in range(80))
        name = folder / ("even" if number % 2 == 0 else "odd") / f"{number}.txt"
        name.parent.mkdir(exist_ok=True)
        name.write_text(text, encoding="utf-8")
    for number, text in enumerate(known):
        (folder / "odd" / f"copy-{number}.txt").write_text(text, encoding="utf-8")
    paths = [str(folder / "even"), str(folder / "odd")]
    job = ReadJob(corpus="Others", paths=paths, heldout_share=0.5)
    read_corpus_now(raised_home, job, raised_home.path / "parts")
    return raised_home


def unseen_anywhere(parts: list[Part]) -> set[bytes]:
    rows = [row for part in parts for row in Snapshot(part.folder, part.snapshot).rows()]
    return {row["hash"] for row in rows if row["split"] != "train"}


def mixed_job(home: Home, make: MakeJob, weight: float = 1.0, **recipe: object) -> TrainJob:
    library = CorpusLibrary(home)
    others = library.get("Others")
    job = make(home, "Stories", "Mix", steps=24, evaluations=3, **recipe)
    even = str(home.path / "others" / "even")
    more = MixedCorpus(
        corpus="Others", corpus_id=others.id, snapshot=others.snapshot, weight=weight,
        weights={even: 0.5},
    )  # fmt: skip
    return job.model_copy(update={"mixed": [more], "corpus_id": library.get("Stories").id})


def test_both_are_read_and_stand_in_the_version(
    two: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    done = train_here(two, mixed_job(two, make_train_job, 2.0))
    assert "left-out" in [warned.code for warned in done.of(ev.Warned)]
    [planned] = done.of(ev.Planned)
    parts = planned.plan["parts"]
    assert [(part["corpus"], part["weight"], part["files"]) for part in parts] == [
        ("Stories", 1.0, []), ("Others", 2.0, []), ("Others", 1.0, ["even"]),
    ]  # fmt: skip
    whole = sum(part["tokens"] * part["weight"] for part in parts)
    assert parts[0]["passes"] == pytest.approx(24 * 4 * 64 / whole, rel=1e-3)
    pins = VersionLibrary(two).get("Mix").manifest.corpora
    assert [(pin.name, pin.weight) for pin in pins] == [("Stories", 1.0), ("Others", 2.0)]
    assert list(pins[1].weights.values()) == [0.5]
    manifest = VersionLibrary(two).get("Mix").manifest
    assert manifest.own_corpora == 2
    library = CorpusLibrary(two)
    texts = [Part(pin.name, library.folder(pin.name), pin.snapshot) for pin in pins]
    assert not training_hashes(two, manifest) & unseen_anywhere(texts)
    known: dict[str, EvaluationText | None] = {}
    columns = list(_until_found(VersionLibrary(two).get("Mix"), known))
    assert [pin.name for pin in columns] == ["Stories", "Others"]


def paused_at_8(home: Home, job: TrainJob, train: Train) -> Trained:
    def pause(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Evaluated) and event.step == 8 and context.attempt == 1:
            context.folder.ask(context.attempt, "pause")

    found = train(home, job, pause)
    assert found.outcome == "paused"
    return found


def test_a_resume_is_the_same_run_bit_for_bit(
    two: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = mixed_job(two, make_train_job, 0.5)
    first = paused_at_8(two, job, train_here)
    second = train_here(two, first.folder)
    decisions = {**first.folder.read().config["decisions"], "fixed": True}
    whole = train_here(two, job.model_copy(update={"version": "Mix again", "decisions": decisions}))
    assert min(second.losses) > 1
    assert {**first.losses, **second.losses} == whole.losses
    library = VersionLibrary(two)
    one, again = (
        load_file(library.get(name).path / "model.safetensors") for name in ("Mix", "Mix again")
    )
    assert all(np.array_equal(one[name].numpy(), again[name].numpy()) for name in one)


def test_repeating_it_reads_the_same_texts_with_the_same_weights(
    two: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = mixed_job(two, make_train_job, 2.0)
    train_here(two, job)
    again = repetition_job(two, "Mix")
    assert again.mixed == job.mixed and again.snapshot == job.snapshot
    done = train_here(two, again)
    assert done.of(ev.Result)[0].data["reproduction"]["identical"] is True
    specialised = make_train_job(two, "Stories", "Special", steps=4, evaluations=1)
    parent = VersionLibrary(two).get("Mix").id
    train_here(two, specialised.model_copy(update={"parent": parent, "mixed": job.mixed}))
    assert counterpart_job(two, "Special").mixed == job.mixed
    pins = VersionLibrary(two).get("Special").manifest.corpora
    assert [pin.name for pin in pins] == ["Stories", "Others"]  # The parent's are the same ones.


def test_a_resume_keeps_to_the_rows_that_were_noted(
    two: Home, make_train_job: MakeJob, train_here: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However other editions find what is nearly the same."""
    job = mixed_job(two, make_train_job, 0.5)
    first = paused_at_8(two, job, train_here)
    noted = first.folder.path / "apart.npz"
    rows = noted.read_bytes()

    def all_of_the_second(states: list[Snapshot]) -> list[np.ndarray]:
        return [np.full(state.documents, number == 1) for number, state in enumerate(states)]

    monkeypatch.setattr(pinned, "left_out", all_of_the_second)
    noted.rename(noted.with_suffix(".away"))
    with pytest.raises(Damaged, match="nobody noted which texts this run does not read"):
        train_here(two, first.folder)
    noted.write_bytes(rows[:-40])
    with pytest.raises(Damaged, match="Start a new run"):
        train_here(two, first.folder)
    noted.write_bytes(rows)
    second = train_here(two, first.folder)
    assert second.outcome == "done"
    decisions = {**first.folder.read().config["decisions"], "fixed": True}
    monkeypatch.undo()
    whole = train_here(two, job.model_copy(update={"version": "Mix again", "decisions": decisions}))
    assert {**first.losses, **second.losses} == whole.losses
    longer = extension_job(first.folder, "Mix longer", steps=4)
    made = create_extension(first.folder, longer)
    assert (made.path / "apart.npz").read_bytes() == rows


def test_what_one_keeps_unseen_is_trained_on_in_none(two: Home, tmp_path: Path) -> None:
    library = CorpusLibrary(two)
    names = ("Stories", "Others")
    parts = [Part(n, library.folder(n), library.get(n).snapshot) for n in names]
    file = library.tokenizer_file("Stories")
    stores = [open_tokens(part.folder, part.snapshot, file) for part in parts]
    store = joined(tmp_path, [store for store in stores if store is not None], parts)
    assert isinstance(store, JoinedStore)
    unseen = unseen_anywhere(parts)
    rows = [row for part in parts for row in Snapshot(part.folder, part.snapshot).rows()]
    trained = [row["hash"] for row in rows if row["split"] == "train"]
    train = store.split("train")
    assert train.documents == len(trained)
    assert train.weights is not None
    left_out = [h for h, weight in zip(trained, train.weights, strict=True) if weight == 0]
    assert left_out and set(left_out) == set(trained) & unseen
    for side in ("check", "test"):
        assert store.split(side).documents == sum(row["split"] == side for row in rows)


def test_one_corpus_that_counts_once_is_left_as_it_is(raised_home: Home, tmp_path: Path) -> None:
    library = CorpusLibrary(raised_home)
    part = Part("Stories", library.folder("Stories"), library.get("Stories").snapshot)
    store = open_tokens(part.folder, part.snapshot, library.tokenizer_file("Stories"))
    assert store is not None and joined(tmp_path, [store], [part]) is store


def test_the_curve_is_over_unseen_text_in_the_shares_of_the_corpora() -> None:
    """Of 100 documents of weight 2 and 100 of weight 1, passages of two to one."""
    tokens = np.repeat([1, 2], 50_000).astype(np.uint16)
    offsets = np.arange(0, 100_001, 500)
    weights = np.repeat([2.0, 1.0], 100)
    split = TokenSplit(tokens, offsets, np.diff(offsets), "check", weights)
    pieces = [b"", b"a", b"b"]
    for limit in (12_000, 10**6):
        taken = take(split, limit, pieces)
        first, second = (int((taken.tokens == token).sum()) for token in (1, 2))
        assert first / second == pytest.approx(2, rel=0.15)
        assert first <= 50_000
    assert len(take(split, 10**6, pieces).tokens) == pytest.approx(75_000, rel=0.05)
