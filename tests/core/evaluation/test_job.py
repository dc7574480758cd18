"""The evaluation job: versions side by side on held-out text, seen text and files."""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.corpus.library import CorpusLibrary
from core.corpus.taught import read_lessons
from core.errors import EmptyCorpus, NotFound, PairsNotText, PathMissing, UnknownDevice
from core.evaluation.job import _shortened, run
from core.evaluation.texts import EvaluationText
from core.files import read_json, write_json
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import EvaluateJob
from core.lessons import LessonBook
from core.versions.library import VersionLibrary
from core.versions.manifest import CorpusPin


@pytest.fixture
def two(raised_home: Home) -> Home:
    """Beside Kiku stands Worse: its weights with noise."""
    folder = raised_home.versions / "Worse"
    shutil.copytree(raised_home.versions / "Kiku", folder)
    manifest = read_json(folder / "version.json")
    write_json(folder / "version.json", {**manifest, "id": "worse", "title": "Worse"})
    weights = load_file(folder / "model.safetensors")
    torch.manual_seed(0)
    noisy = {name: w + 0.3 * torch.randn_like(w) for name, w in weights.items()}
    save_file(noisy, folder / "model.safetensors", metadata={"format": "pt"})
    return raised_home


@pytest.fixture
def evaluate() -> Callable[..., dict[str, Any]]:
    """evaluate(home, **job): the result of the job, done in this process."""

    def work(home: Home, **fields: Any) -> dict[str, Any]:
        job = EvaluateJob(**fields)
        folder = JobFolder.create(home.runs, "evaluate", "", job.model_dump(mode="json"))
        writer = EventWriter(folder, 1)
        try:
            assert run(WorkerContext(home, folder, folder.read(), job, 1, writer)) == "done"
        finally:
            writer.close()
        [result] = [e for e in EventReader(folder).poll() if e.event == "result"]
        return result.data  # type: ignore[attr-defined]

    return work


def rows_of(result: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    [version] = [v for v in result["versions"] if v["name"] == name]
    return {row["kind"]: row for row in version["texts"]}


def test_the_better_of_two_is_called_best_with_a_difference_that_excludes_zero(
    two: Home, evaluate: Callable[..., dict[str, Any]]
) -> None:
    result = evaluate(two, versions=["Worse", "Kiku"], opening="The cat", opening_tokens=12)
    kiku, worse = rows_of(result, "Kiku"), rows_of(result, "Worse")
    assert kiku["heldout"]["bits_per_byte"] < worse["heldout"]["bits_per_byte"]
    assert kiku["heldout"].get("best") is True
    assert not worse["heldout"].get("best")
    [comparison] = result["comparisons"]
    assert (comparison["version"], comparison["against"]) == ("Worse", "Kiku")
    assert 0 < comparison["low"] < comparison["difference"] < comparison["high"]
    wanted = worse["heldout"]["bits_per_byte"] - kiku["heldout"]["bits_per_byte"]
    assert comparison["difference"] == pytest.approx(wanted, rel=1e-6)
    pin = VersionLibrary(two).get("Kiku").manifest.corpora[0]
    for rows in (kiku, worse):
        assert rows["heldout"]["path"] == f"heldout:Stories@{pin.snapshot}"
        assert rows["seen"]["trained_on"]
        assert not rows["heldout"]["trained_on"]
        for row in rows.values():
            assert row["low"] < row["bits_per_byte"] < row["high"]
            assert row["perplexity"] == pytest.approx(math.exp(row["loss"]))
            bits = row["loss"] * row["tokens"] / math.log(2) / row["bytes"]
            assert row["bits_per_byte"] == pytest.approx(bits)
    assert [v["opening"]["prompt"] for v in result["versions"]] == ["The cat"] * 2


def test_results_are_kept_with_each_version_and_can_be_read_again(
    two: Home, evaluate: Callable[..., dict[str, Any]]
) -> None:
    result = evaluate(two, versions=["Kiku", "Worse", "Kiku"], seen=False)
    assert [v["name"] for v in result["versions"]] == ["Kiku", "Worse"]
    for name in ("Kiku", "Worse"):
        [kept] = VersionLibrary(two).evaluations(name)
        assert kept["with"] == ["Kiku", "Worse"]
        assert kept["texts"] == list(rows_of(result, name).values())


def test_a_file_of_ones_own_is_measured_by_its_cleaned_bytes(
    raised_home: Home, evaluate: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    text = "The fox and the crow went to the river. きつねは川へ行きました。\n" * 40
    (tmp_path / "fox.txt").write_text(text, encoding="utf-8")
    result = evaluate(
        raised_home, versions=["Kiku"], heldout=False, seen=False, texts=[str(tmp_path / "fox.txt")]
    )
    [row] = result["versions"][0]["texts"]
    assert row["kind"] == "file"
    assert row["path"] == str(tmp_path / "fox.txt")
    assert abs(row["bytes"] - len(text.encode())) <= 1
    assert not row["trained_on"]


def test_a_file_that_was_trained_on_is_flagged_and_nobody_is_best_on_it(
    two: Home, evaluate: Callable[..., dict[str, Any]], little_texts: Path
) -> None:
    library = CorpusLibrary(two)
    whole = [f.path for f in library.files("Stories") if f.verdict == "read"]
    result = evaluate(two, versions=["Kiku", "Worse"], heldout=False, seen=False, texts=whole[:6])
    flagged = [row["trained_on"] for row in result["versions"][0]["texts"]]
    assert any(flagged)
    for version in result["versions"]:
        assert not [r for r in version["texts"] if r.get("best") and r["trained_on"]]


@pytest.mark.parametrize(
    ("fields", "error", "part"),
    [
        ({"versions": ["Nobody"]}, NotFound, "“Nobody”"),
        ({"versions": ["Kiku"], "texts": ["/nowhere.txt"]}, PathMissing, r"/nowhere\.txt"),
        ({"versions": ["Kiku"], "device": "tpu"}, UnknownDevice, "“tpu”"),
    ],
    ids=["version", "file", "device"],
)
def test_bad_input_is_a_sentence(
    raised_home: Home, evaluate: Callable[..., dict[str, Any]], fields: dict[str, Any],
    error: type[Exception], part: str,
) -> None:  # fmt: skip
    with pytest.raises(error, match=part):
        evaluate(raised_home, **fields)


def test_a_version_that_learnt_lessons_last_is_measured_on_the_text_before_them(
    raised_home: Home, evaluate: Callable[..., dict[str, Any]]
) -> None:
    """All lessons are learnt, so nothing of them is unseen."""
    kiku = VersionLibrary(raised_home).get("Kiku")
    asked = [{"role": "user", "content": "Who came?"}]
    LessonBook(raised_home).correct(kiku.id, asked, "A bat.", "A cat came.")
    lessons = read_lessons(raised_home, kiku.id, "Kiku", "Lessons of Kiku")
    assert lessons.totals.heldout_documents == 0
    pin = CorpusPin(id=lessons.id, name=lessons.name, snapshot=lessons.snapshot)
    VersionLibrary(raised_home).update(kiku.id, corpora=[pin, *kiku.manifest.corpora])
    texts = rows_of(evaluate(raised_home, versions=["Kiku"]), "Kiku")
    assert texts["heldout"]["path"].startswith("heldout:Stories@")
    assert texts["seen"]["path"].startswith("seen:Lessons of Kiku@")


def test_a_version_whose_corpus_is_gone_says_so(
    raised_home: Home, evaluate: Callable[..., dict[str, Any]]
) -> None:
    CorpusLibrary(raised_home).remove("Stories")
    with pytest.raises(EmptyCorpus, match="Kiku"):
        evaluate(raised_home, versions=["Kiku"])


def test_seen_text_is_a_fair_sample_and_not_the_first_source() -> None:
    documents = [f"Document {number}. " + "x" * 200 for number in range(400)]
    hashes = [hashlib.sha256(text.encode()).digest() for text in documents]
    seen = EvaluationText("seen:S@1", "seen", documents, hashes)
    unseen = EvaluationText("heldout:S@1", "heldout", documents[:40], hashes[:40])
    sample = _shortened(seen, [unseen])
    assert sample.bytes == unseen.bytes
    places = [documents.index(d) for d in sample.documents[:-1]]
    assert min(places) < 100
    assert max(places) > 300
    assert 120 < sum(places) / len(places) < 280


def test_pairs_that_are_given_as_a_text_are_pointed_to_the_suites(
    raised_home: Home, shared_data: Path, evaluate: Callable[..., dict[str, Any]]
) -> None:
    pairs = shared_data / "eval" / "crows-pairs-part1.csv"
    with pytest.raises(PairsNotText, match="evaluate --suite"):
        evaluate(raised_home, versions=["Kiku"], texts=[str(pairs)], heldout=False, seen=False)
