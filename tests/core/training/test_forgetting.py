"""The guard against forgetting, and the parent's text again where replay is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import events as ev
from core.corpus.reading import read_corpus_now
from core.corpus.store import Snapshot
from core.errors import CannotReplay
from core.files import read_json, write_json
from core.home import Home
from core.jobs.context import WorkerContext
from core.jobs.kinds import ReadJob, TrainJob
from core.models.load import load_model
from core.sentences import Sentence, signed
from core.tokenizer import files as tokenizer_files
from core.training.forgetting import FILE
from core.versions.forgetting import verdict_sentence
from core.versions.library import VersionLibrary
from core.versions.manifest import Forgetting
from tests.core.training.conftest import Trained

Train = Callable[..., Trained]
MakeJob = Callable[..., TrainJob]


@pytest.fixture
def numbers(raised_home: Home, tmp_path: Path) -> Home:
    """Beside the stories stands a corpus of a language of digits, which drives all else out."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "digits"
    folder.mkdir()
    for index in range(24):
        lines = [" ".join(str(n) for n in rng.integers(0, 1000, 12)) for _ in range(40)]
        (folder / f"{index:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    read_corpus_now(raised_home, ReadJob(corpus="Digits", paths=[str(folder)]), scratch)
    return raised_home


def going_on(home: Home, make_job: MakeJob, corpus: str, name: str, **changes: object) -> TrainJob:
    kiku = VersionLibrary(home).get("Kiku")
    fresh = {"layers": None, "width": None, "head_size": None, "feed_forward": None}
    job = make_job(home, corpus, name, **(fresh | changes))
    return job.model_copy(update={"parent": kiku.id})


def test_what_was_forgotten_is_measured_on_the_parents_own_unseen_text(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = going_on(numbers, make_train_job, "Digits", "Forgot", steps=40, learning_rate=0.2)
    done = train_here(numbers, job)
    entry = VersionLibrary(numbers).get("Forgot")
    found = entry.manifest.forgetting
    assert found is not None
    assert found.text == "Stories"
    assert found.verdict == "worse"
    assert 0 < found.low < found.after - found.before < found.high
    first, last = done.of(ev.Forgetting)
    assert (first.data["before"], first.data["after"]) == (found.before, None)
    assert last.data["verdict"] == "worse"
    result = done.of(ev.Result)[0].data["forgetting"]
    assert result == last.data
    assert Sentence.from_json(result["sentence"]) == verdict_sentence(found)
    assert "forgotten some of the parent's text “Stories”" in verdict_sentence(found).english()


def test_the_measure_before_is_that_of_the_parents_file(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    """An independent sum: the parent's published weights, token by token in float64."""
    import torch

    job = going_on(numbers, make_train_job, "Digits", "Short", steps=2, precision="fp32")
    done = train_here(numbers, job)
    kept = json.loads((done.folder.path / FILE).read_text(encoding="utf-8"))
    kiku = VersionLibrary(numbers).get("Kiku")
    model = load_model(kiku.path).double()
    end = tokenizer_files.load(kiku.path).token_to_id("<|endoftext|>")
    nats, context = 0.0, model.config.context
    for begin, stop in zip(kept["offsets"][:-1], kept["offsets"][1:], strict=True):
        tokens = [end, *kept["tokens"][begin:stop]]
        for start in range(0, len(tokens) - 1, context):
            window = torch.tensor([tokens[start : start + context + 1]])
            with torch.no_grad():
                chances = model(window[:, :-1]).log_softmax(-1)
            nats -= float(chances.gather(-1, window[:, 1:, None]).sum())
    assert sum(kept["nats"]) == pytest.approx(nats, rel=1e-5)


def test_a_resumed_run_compares_with_what_was_measured_at_its_beginning(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = going_on(numbers, make_train_job, "Digits", "Whole", steps=30)
    whole = train_here(numbers, job)
    decided = whole.folder.read().config["decisions"]  # A busy machine may decide otherwise.
    again = {"version": "Parts", "decisions": {**decided, "fixed": True}}

    def ask(context: WorkerContext, event: ev.Event) -> None:
        if isinstance(event, ev.Metrics) and event.columns["step"][-1] >= 4:  # type: ignore[operator]
            context.folder.ask(context.attempt, "pause")

    parts = train_here(numbers, job.model_copy(update=again), ask)
    if parts.outcome == "paused":
        VersionLibrary(numbers).update("Kiku", note="changed meanwhile")
        parts = train_here(numbers, parts.folder)
    assert parts.of(ev.Forgetting)[-1].data == whole.of(ev.Forgetting)[-1].data


def test_a_run_from_nothing_has_nothing_to_forget(raised_home: Home) -> None:
    assert VersionLibrary(raised_home).get("Kiku").manifest.forgetting is None


def test_replay_keeps_more_of_what_the_parent_knew(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    after: dict[float, float] = {}
    for share in (0.0, 0.5):
        name = f"Share {share}"
        job = going_on(
            numbers, make_train_job, "Digits", name, steps=40, batch=8, learning_rate=0.1,
            replay_share=share,
        )  # fmt: skip
        done = train_here(numbers, job)
        after[share] = done.of(ev.Forgetting)[-1].data["after"]
        facts = done.of(ev.Planned)[0].plan["objective"]
        assert facts.get("replay_share", 0.0) == share
    train = [
        row for row in Snapshot(
            numbers.corpora / "Stories", VersionLibrary(numbers).get("Kiku").manifest.corpora[0].snapshot
        ).rows(["split"])
        if row["split"] == "train"
    ]  # fmt: skip
    assert facts["replay_tokens"] > len(train)
    assert after[0.5] < after[0.0] - 0.1


def test_a_parent_whose_texts_are_unknown_or_gone_cannot_be_replayed(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    job = going_on(numbers, make_train_job, "Digits", "None", steps=2, replay_share=0.5)
    (numbers.corpora / "Stories").rename(numbers.path / "elsewhere")
    with pytest.raises(CannotReplay, match="the corpus Stories is gone") as caught:
        train_here(numbers, job)
    assert caught.value.field == "replay_share"
    VersionLibrary(numbers).update("Kiku", corpora=[])
    with pytest.raises(CannotReplay, match="nobody knows which texts it was"):
        train_here(numbers, job.model_copy(update={"version": "None 2"}))


def test_one_short_document_proves_nothing(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    """However much worse it is: nobody knows what chance does."""
    job = going_on(numbers, make_train_job, "Digits", "One", steps=20, learning_rate=0.2)

    def shorten(context: WorkerContext, event: ev.Event) -> None:
        file = context.folder.path / FILE
        if not isinstance(event, ev.Forgetting) or event.data["after"] is not None:
            return
        kept = json.loads(file.read_text(encoding="utf-8"))
        size = min(int(kept["offsets"][1]), 20)
        kept |= {"tokens": kept["tokens"][:size], "offsets": [0, size]}
        kept |= {"bytes": [60], "nats": kept["nats"][:1]}
        file.write_text(json.dumps(kept), encoding="utf-8")

    done = train_here(numbers, job, shorten)
    last = done.of(ev.Forgetting)[-1].data
    assert (last["verdict"], last["low"], last["high"]) == ("unclear", None, None)
    sentence = Sentence.from_json(last["sentence"]).english()
    assert "cannot be told" in sentence and "so little of it was held out" in sentence
    found = VersionLibrary(numbers).get("One").manifest.forgetting
    assert found is not None and found.verdict == "unclear"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.2, -0.1, "better"), (0.1, 0.2, "worse"), (-0.1, 0.1, "unclear")],
)
def test_only_a_change_beyond_the_noise_is_one(low: float, high: float, verdict: str) -> None:
    found = Forgetting(text="本", before=2.0, after=2.0 + (low + high) / 2, low=low, high=high)
    assert found.verdict == verdict
    words = verdict_sentence(found).english()
    assert f"95 %: {signed(low, 3)} to {signed(high, 3)}" in words


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("text", "3.000 bits per byte on unseen text (less"),
        ("conversations", "3.000 bits per byte on whole unseen conversations, the questions too"),
        ("hidden", "3.000 pseudo bits per byte on unseen text"),
    ],
)
def test_the_sentence_says_what_was_measured_and_advises_what_can_be_done(
    how: Any, words: str
) -> None:
    found = Forgetting(text="本", before=2.0, after=3.0, low=0.5, high=1.5, how=how)
    assert words in verdict_sentence(found).english()
    assert verdict_sentence(found, "chat").english().endswith("Replay keeps more of it.")
    for objective in ("preference", "distil"):  # Replay is refused there.
        told = verdict_sentence(found, objective).english()
        assert told.endswith(" A lower learning rate or fewer steps keep more of it.")


def test_conversations_of_a_chat_parent_are_measured_as_text_and_called_so(
    numbers: Home, make_train_job: MakeJob, train_here: Train
) -> None:
    version = numbers.versions / "Kiku" / "version.json"
    write_json(version, read_json(version) | {"kind": "chat"})
    corpus = numbers.corpora / "Stories" / "corpus.json"
    known = read_json(corpus)
    known["totals"]["conversations"] = known["totals"]["documents"]
    write_json(corpus, known)
    done = train_here(numbers, going_on(numbers, make_train_job, "Digits", "Short", steps=2))
    first, last = done.of(ev.Forgetting)
    assert first.data["how"] == last.data["how"] == "conversations"
    found = VersionLibrary(numbers).get("Short").manifest.forgetting
    assert found is not None and found.how == "conversations"
