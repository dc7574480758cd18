"""A BERT from the corpus to the shelf, as a user raises one: trained, measured beside a decoder,
asked to fill in, loaded by transformers."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from core import events as ev
from core.engine.engine import Engine
from core.errors import UsageError
from core.evaluation.job import run as evaluate_job
from core.generation.service import operations
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import EvaluateJob
from core.models.load import load_model
from core.resident import Request
from core.tokenizer import files as tokenizer_files
from core.tokenizer.frame import frame_of
from core.tokenizer.roles import roles_of
from core.versions.library import VersionLibrary
from tests.conftest import train_job

RECIPE: dict[str, Any] = {"family": "bert", "objective": "masked", "evaluations": 2}


@pytest.fixture(scope="module")
def _with_encoder(_raised: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """(a home in which "Ume", a BERT, stands beside Kiku, its run)."""
    path = tmp_path_factory.mktemp("encoder") / "home"
    shutil.copytree(_raised, path)
    home = Home(path)
    engine = Engine(home)
    try:
        number = engine.submit("train", train_job(home, "Stories", "Ume", **RECIPE), "Ume")
        assert engine.wait(number, 180).state == "done", engine.record(number).error
        return path, engine.record(number).id
    finally:
        engine.close(keep_trainings=False)


@pytest.fixture
def home(_with_encoder: tuple[Path, str]) -> Home:
    return Home(_with_encoder[0])


def ask(home: Home, operation: str, **params: Any) -> dict[str, Any]:
    return operations(home)[operation](Request(1, {"version": "Ume", **params}, lambda data: None))


def test_the_run_tells_pseudo_figures_a_sheet_and_guesses(_with_encoder: tuple[Path, str]) -> None:
    path, number = _with_encoder
    events = list(EventReader(JobFolder(Home(path).runs / number)).poll())
    measured = [e for e in events if isinstance(e, ev.Evaluated)]
    assert len(measured) >= 3
    assert all(e.details["pseudo"] and 0 <= e.details["masked_accuracy"] <= 1 for e in measured)
    vocabulary = load_model(Home(path).versions / "Ume").config.vocabulary
    assert measured[0].loss == pytest.approx(math.log(vocabulary), abs=1e-2)
    first = next(e for e in events if isinstance(e, ev.Metrics)).columns["loss"][0]
    assert first == pytest.approx(math.log(vocabulary) + math.log(2), abs=0.05)
    sheets = [e for e in events if isinstance(e, ev.Sampled)]
    assert sheets
    assert all("____" in e.prompt and "____" not in e.text for e in sheets)
    guesses = [e for e in events if isinstance(e, ev.Guessed)]
    assert guesses
    assert all(0 < cell["probability"] <= 1 for cell in guesses[-1].cells)


def test_the_version_knows_that_it_fills_in(home: Home) -> None:
    entry = VersionLibrary(home).usable("Ume")
    assert entry.manifest.kind == "fill"
    assert entry.manifest.family == "bert"
    assert entry.manifest.objective == "masked"
    assert entry.manifest.measures.masked_accuracy is not None
    assert (entry.path / "README.md").is_file()


def test_its_folder_is_bert_for_transformers_with_the_same_frame_around_texts(home: Home) -> None:
    folder = home.versions / "Ume"
    theirs, info = transformers.BertForPreTraining.from_pretrained(folder, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    own = tokenizer_files.load(folder)
    roles = roles_of(own, folder)
    assert roles is not None
    frame = frame_of(own, roles)
    assert frame is not None
    text = "Once upon a time 昔々"
    given = tokenizer(text, return_tensors="pt")
    assert given["input_ids"][0].tolist() == frame.around(own.encode(text).ids)
    assert tokenizer.mask_token_id == frame.mask
    pair = tokenizer("one", "two")
    assert pair["token_type_ids"][-1] == 1
    masked = transformers.AutoModelForMaskedLM.from_pretrained(folder).eval()
    with torch.no_grad():
        wanted = load_model(folder)(given["input_ids"])
        assert torch.allclose(masked(**given).logits, wanted, atol=1e-4)
        assert torch.allclose(theirs.eval()(**given).prediction_logits, wanted, atol=1e-4)


def test_the_chat_worker_fills_in_and_says_why_it_does_not_continue(home: Home) -> None:
    facts = ask(home, "load")
    assert facts["kind"] == "fill"
    answer = ask(home, "fill", text="The ____ went to the ____.", top=3)
    assert [(b["start"], b["end"]) for b in answer["blanks"]] == [(4, 8), (21, 25)]
    for blank in answer["blanks"]:
        assert 1 <= len(blank["candidates"]) <= 3
        chances = [c["probability"] for c in blank["candidates"]]
        assert chances == sorted(chances, reverse=True)
    best = [b["candidates"][0]["text"] for b in answer["blanks"]]
    assert answer["text"] == f"The {best[0]} went to the {best[1]}."
    with pytest.raises(UsageError, match="fills in blanks"):
        ask(home, "generate", text="Once")
    cells = ask(home, "score", text="Once upon a time")["cells"]
    assert "".join(cell["text"] for cell in cells) == "Once upon a time"
    with pytest.raises(UsageError, match="continues texts"):
        ask(home, "fill", version="Kiku", text="The ____")


def test_beside_a_decoder_an_encoder_is_measured_and_never_compared(home: Home) -> None:
    job = EvaluateJob(versions=["Ume", "Kiku"], opening="The ____ is red", opening_tokens=4)
    folder = JobFolder.create(home.runs, "evaluate", "", job.model_dump(mode="json"))
    writer = EventWriter(folder, 1)
    try:
        assert evaluate_job(WorkerContext(home, folder, folder.read(), job, 1, writer)) == "done"
    finally:
        writer.close()
    [result] = [e for e in EventReader(folder).poll() if isinstance(e, ev.Result)]
    ume, kiku = result.data["versions"]
    assert all(row["pseudo"] and row["masked_accuracy"] is not None for row in ume["texts"])
    assert all(not row["pseudo"] and row["masked_accuracy"] is None for row in kiku["texts"])
    assert {row["kind"] for row in ume["texts"]} == {"heldout", "seen"}
    assert result.data["comparisons"] == []
    assert not any(row.get("best") for v in (ume, kiku) for row in v["texts"])
    assert "____" not in ume["opening"]["text"]
    [kept] = (home.versions / "Ume" / "evaluations").glob("*.json")
    assert json.loads(kept.read_text())["texts"] == ume["texts"]
