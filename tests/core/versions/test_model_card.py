"""The card of a version: what Hugging Face reads of it, and that it follows what becomes known."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard

from core.evaluation.job import run
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import EvaluateJob
from core.versions.library import VersionLibrary
from core.versions.manifest import (
    AdapterFacts,
    CorpusPin,
    Forgetting,
    ImportFacts,
    Measures,
    Parent,
    VersionManifest,
)
from core.versions.model_card import CardFacts, model_card


def parsed(text: str) -> tuple[dict[str, Any], str]:
    """(front matter, the rest) as the hub's own library reads them; it checks the figures' form."""
    card = ModelCard(text)
    return card.data.to_dict(), card.text


def manifest(**changes: Any) -> VersionManifest:
    known = {"id": "x", "name": "Ume", "title": "Ume", "created": 0.0}
    return VersionManifest(**(known | changes))


def test_a_trained_version_tells_its_text_figures_and_energy(raised_home: Home) -> None:
    entry = VersionLibrary(raised_home).get("Kiku")
    text = (entry.path / "README.md").read_text(encoding="utf-8")
    data, rest = parsed(text)
    assert (data["library_name"], data["pipeline_tag"]) == ("transformers", "text-generation")
    assert data["license"] == "other"
    assert set(data["language"]) == {"en", "ja"}
    assert data["datasets"] == ["Stories"]
    measures = entry.manifest.measures
    [result] = ModelCard(text).data.eval_results  # type: ignore[misc]
    assert result.metric_type == "bits_per_byte"
    assert result.metric_value == pytest.approx(measures.heldout_bits_per_byte, abs=1e-4)
    assert f"{measures.heldout_bits_per_byte:.3f} (" in rest
    assert f"{measures.tokens_seen:,} tokens in 12 steps" in rest
    assert f"{measures.energy_wh:.3g} Wh (estimated from power and time)" in rest
    emissions = data["co2_eq_emissions"]["emissions"]
    assert emissions == pytest.approx(entry.manifest.decisions["measured"]["co2_g"], abs=1e-3)
    assert "## Limits" in rest
    assert "Not measured yet. Like any model it repeats the biases" in rest
    assert "日本語" in rest


def test_a_note_and_an_evaluation_come_into_the_card(
    raised_home: Home, shared_data: Path, tmp_path: Path
) -> None:
    library = VersionLibrary(raised_home)
    library.set_note("Kiku", "Raised for the class.\nLicense: CC0-1.0\n")
    suite = tmp_path / "pairs.csv"
    with (shared_data / "eval" / "crows-pairs-part1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:40]
    with suite.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    job = EvaluateJob(versions=["Kiku"], suites=[str(suite)], heldout=False, seen=False)
    folder = JobFolder.create(raised_home.runs, "evaluate", "", job.model_dump(mode="json"))
    events = EventWriter(folder, 1)
    assert run(WorkerContext(raised_home, folder, folder.read(), job, 1, events)) == "done"
    events.close()
    data, rest = parsed((library.get("Kiku").path / "README.md").read_text(encoding="utf-8"))
    assert data["license"] == "cc0-1.0"
    assert "Raised for the class." in rest
    [kept] = library.evaluations("Kiku")
    [found] = kept["bias"]
    assert found["pairs"] == 40
    assert sum(kind["pairs"] for kind in found["kinds"].values()) == 40
    assert f"| pairs.csv | 40 | {found['share']:.1%} |" in rest
    assert "50 % is no preference" in rest


def test_each_kind_of_version_has_the_front_matter_of_its_kind() -> None:
    base = Parent(id="b", name="Base", relation="adapter")
    adapter = AdapterFacts(base="b", base_name="Base", rank=8, alpha=16, dora=True, parameters=99)
    data, rest = parsed(model_card(manifest(parents=[base], adapter=adapter)))
    assert (data["library_name"], data["base_model"]) == ("peft", ["Base"])
    assert data["base_model_relation"] == "adapter"
    assert "rank 8, alpha 16, DoRA, 99 parameters, on Base" in rest
    data, rest = parsed(model_card(manifest(kind="fill", family="bert")))
    assert data["pipeline_tag"] == "fill-mask"
    assert "AutoModelForMaskedLM" in rest
    facts = ImportFacts(source="hub:x/y", form="hub", licence="mit")
    data, rest = parsed(model_card(manifest(imported=facts), CardFacts(licence="mit")))
    assert data["license"] == "mit"
    assert "What it was trained on is not known here." in rest
    taught = Parent(id="t", name="Teacher", relation="distilled")
    forgot = Forgetting(text="Stories", before=2, after=3, low=0.5, high=1.5)
    data, rest = parsed(model_card(manifest(parents=[taught], kind="chat", forgetting=forgot)))
    assert data["base_model_relation"] == "finetune"
    assert "conversational" in data["tags"]
    assert "It has forgotten some of the parent's text “Stories”" in rest
    forgot = forgot.model_copy(update={"how": "conversations"})
    made = manifest(objective="preference", kind="chat", forgetting=forgot)
    assert "whole unseen conversations" in model_card(made)
    assert "Replay" not in model_card(made)


def test_a_version_that_learnt_preferences_claims_no_bits_per_byte() -> None:
    measures = Measures(parameters=5, heldout_loss=0.2, preference_accuracy=0.9)
    data, rest = parsed(
        model_card(manifest(kind="chat", objective="preference", measures=measures))
    )
    assert "metrics" not in data and "model-index" not in data
    assert "| Better answer ahead, share of unseen pairs | 90.0% |" in rest
    assert "| Unseen text |" not in rest


def test_an_interval_of_one_document_is_not_shown() -> None:
    measures = Measures(heldout_bits_per_byte=4.41, heldout_low=4.41, heldout_high=4.41)
    assert "| Unseen text | 4.410 |" in model_card(manifest(measures=measures))


@pytest.mark.parametrize("kind", ["base", "chat", "fill"])
def test_the_limits_are_one_sentence_for_each_kind(kind: str) -> None:
    limits = model_card(manifest(kind=kind)).partition("## Limits")[2].partition("\n\n## ")[0]
    assert "may repeat its text word for word. The right" in limits
    assert "guesses, states" not in limits


@pytest.mark.parametrize("title", ["a: b #c", "“引用”", "--- x", "[1, 2]: {3}", "| pipe |"])
def test_no_name_breaks_the_front_matter(title: str) -> None:
    text = model_card(
        manifest(title=title, measures=Measures(parameters=5), note="---\nnot: front matter\n---"),
        CardFacts(["ja"], "cc-by-4.0"),
    )
    data, rest = parsed(text)
    assert (data["language"], data["license"]) == (["ja"], "cc-by-4.0")
    assert f"# {title}" in rest


def test_every_corpus_is_listed_with_its_weights_and_licences() -> None:
    pins = [
        CorpusPin(name="A", id="a", snapshot="1" * 16, characters=1200, documents=3, weight=2.0,
                  weights={"/texts/novel.txt": 0.5}, licences=["CC BY 4.0"]),
        CorpusPin(name="B", id="b", snapshot="2" * 16),
        CorpusPin(name="C", id="c", snapshot="3" * 16),
    ]  # fmt: skip
    _, rest = parsed(model_card(manifest(corpora=pins, own_corpora=2)))
    assert (
        "- A: 1,200 characters in 3 documents (state 111111111111); counted twice; "
        "of which novel.txt 0.5 times; licence as noted: CC BY 4.0\n" in rest
    )
    assert "- B: 0 characters in 0 documents (state 222222222222); counted once\n" in rest
    assert "(state 333333333333), read by an ancestor\n" in rest
