"""Exports as their receivers see them, and imported versions in daily use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from transformers import AutoTokenizer

from core.corpus.library import CorpusLibrary
from core.engine.engine import Engine
from core.errors import CannotExport, Damaged, NameTaken, UsageError
from core.exchange import checking, exporting
from core.files import read_json, write_json
from core.home import Home
from core.jobs.kinds import EvaluateJob, TrainJob
from core.recipe import Recipe
from core.tokenizer import files
from core.tokenizer.roles import TokenRoles
from core.tokenizer.special import CHAT_TEMPLATE
from core.tokenizer.template import PLAIN_TEMPLATE, ChatTemplate
from core.versions.exporting.ollama import turns_of
from core.versions.library import VersionLibrary
from tests.core.exchange import foreign

GEMMA = (
    "{{ bos_token }}{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] }}<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
STRANGE = (
    "{% for m in messages %}{{ loop.index }}) {{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}{{ messages | length + 1 }}) {% endif %}"
)


@pytest.fixture
def guest(tmp_path: Path, empty_home: Home, bring: Callable[..., Any]) -> Home:
    foreign.save(tmp_path / "from", "qwen3", template=foreign.CHATML)
    assert bring(empty_home, tmp_path / "from").result["kind"] == "chat"
    return empty_home


def test_a_folder_is_the_version_file_by_file(
    guest: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    done = hand_out(guest, "Guest", tmp_path / "new" / "out", "hf")
    assert done.checks == dict.fromkeys(
        ("hashes", "reloaded", "logits", "tokenizer", "template"), True
    )
    assert done.result["max_logit_difference"] == 0 and done.result["same_best_token"] == 1
    for name in done.result["files"]:
        source = guest.versions / "Guest" / name
        assert (tmp_path / "new" / "out" / name).read_bytes() == source.read_bytes()
    theirs = AutoTokenizer.from_pretrained(tmp_path / "new" / "out")
    said = theirs.apply_chat_template(list(checking.CONVERSATION), tokenize=False)
    assert said.startswith("<|im_start|>user\nWhat is 2 + 2?<|im_end|>\n")


def test_ollama_gets_a_modelfile_that_writes_conversations_alike(
    guest: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    done = hand_out(guest, "Guest", tmp_path / "out", "ollama", "q8_0")
    assert done.result["files"] == ["Modelfile", "model.gguf"] and all(done.checks.values())
    text = (tmp_path / "out" / "Modelfile").read_text(encoding="utf-8")
    assert text.startswith("FROM ./model.gguf\n")
    assert 'PARAMETER stop "<|im_end|>"' in text and f"PARAMETER num_ctx {foreign.CONTEXT}" in text
    template = re.search(r'TEMPLATE """(.*?)"""', text, re.DOTALL)
    assert template is not None and "{{ range .Messages }}" in template[1]
    assert template[1].endswith("<|im_start|>assistant\n")


@pytest.mark.parametrize(
    ("text", "without"),
    [(CHAT_TEMPLATE, ""), (PLAIN_TEMPLATE, ""), (GEMMA, "<s>"), (STRANGE, None)],
    ids=["ChatML", "plain", "Gemma", "numbered"],
)
def test_a_template_is_written_for_ollama_where_it_can_be(text: str, without: str | None) -> None:
    tokenizer = foreign.byte_level(("<s>", "</s>", "<|im_start|>", "<|im_end|>"))
    template = ChatTemplate(text, "own", tokenizer, TokenRoles(end=1, begin=0, pad=1))
    turns = turns_of(template, without or "")
    if without is None:
        assert turns is None
        return
    assert turns is not None
    for length in (1, 3):
        said = checking.CONVERSATION[:length]
        assert without + turns.text_of(said) == template.text_of(said, prompt=True)
        assert _go(turns.go(), said) == turns.text_of(said)


def _go(template: str, messages: Any) -> str:
    """The few words of Go's templates that ours are made of."""
    begin, end = template.index("{{ range .Messages }}"), template.rindex("{{ end }}{{ end }}")
    inner = template[begin + len("{{ range .Messages }}") : end]
    arms = re.split(r'\{\{ (?:else )?if eq \.Role "(\w+)" \}\}', inner)[1:]
    by_role = dict(zip(arms[::2], arms[1::2], strict=True))
    said = [by_role[m["role"]].replace("{{ .Content }}", m["content"]) for m in messages]
    return template[:begin] + "".join(said) + template[end + len("{{ end }}{{ end }}") :]


def test_an_export_is_refused_where_something_is_or_the_version_is_damaged(
    guest: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    (tmp_path / "x.gguf").write_text("mine")
    with pytest.raises(NameTaken):
        hand_out(guest, "Guest", tmp_path / "x.gguf", "gguf")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("mine")
    with pytest.raises(NameTaken):
        hand_out(guest, "Guest", tmp_path / "full", "hf")
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["diary.txt"]
    with pytest.raises(UsageError, match="inside Terakoya's own folder"):
        hand_out(guest, "Guest", guest.versions / "Guest" / "x.gguf", "gguf")
    data = (guest.versions / "Guest" / "model.safetensors").read_bytes()
    (guest.versions / "Guest" / "model.safetensors").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(Damaged, match="its content has changed"):
        hand_out(guest, "Guest", tmp_path / "y.gguf", "gguf")
    assert (tmp_path / "x.gguf").read_text() == "mine" and not (tmp_path / "y.gguf").exists()


@pytest.mark.parametrize("form", ["hf", "gguf", "ollama"])
@pytest.mark.parametrize("phase", ["exporting", "testing"])
def test_a_cancelled_export_leaves_nothing(
    form: str, phase: str, guest: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    def ask(context: Any, event: Any) -> None:
        if getattr(event, "name", "") == phase:
            context.asked = lambda: "cancel"

    done = hand_out(guest, "Guest", tmp_path / "out" / "x", form, ask=ask)
    if phase == "exporting":
        assert done.outcome == "cancelled" and list((tmp_path / "out").iterdir()) == []
    else:
        assert done.outcome == "done"


def test_a_wrong_export_is_seen_on_the_spot(
    guest: Home, tmp_path: Path, hand_out: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of the queries in another order: a file that loads and computes something else."""
    true = exporting._array

    def turned(data: Any, file: Any, name: str) -> Any:
        array = true(data, file, name)
        return np.roll(array, 1, axis=0) if ".q_proj." in name else array

    monkeypatch.setattr(exporting, "_array", turned)
    checks = hand_out(guest, "Guest", tmp_path / "x.gguf", "gguf", "f16").checks
    assert checks["reloaded"] and not checks["logits"] and checks["tokenizer"]


def test_numbers_that_16_bits_cannot_hold_are_seen(
    tmp_path: Path, empty_home: Home, bring: Callable[..., Any], hand_out: Callable[..., Any]
) -> None:
    foreign.save(tmp_path / "from", "qwen3")
    file = tmp_path / "from" / "model.safetensors"
    weights = load_file(file)
    weights["model.layers.0.mlp.up_proj.weight"] = (
        weights["model.layers.0.mlp.up_proj.weight"] * 1e6
    )
    save_file(weights, file)
    bring(empty_home, tmp_path / "from")
    assert not hand_out(empty_home, "Guest", tmp_path / "x.gguf", "gguf", "f16").checks["logits"]
    assert hand_out(empty_home, "Guest", tmp_path / "y.gguf", "gguf", "bf16").checks["logits"]


def test_a_tokenizer_that_llama_cpp_has_no_name_for_is_refused(
    guest: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    folder = guest.versions / "Guest"
    text = (
        (folder / "tokenizer.json").read_text(encoding="utf-8").replace("\\\\p{N}|", "\\\\p{N}{2}|")
    )
    (folder / "tokenizer.json").write_text(text, encoding="utf-8")
    manifest = read_json(folder / "version.json")
    write_json(folder / "version.json", {**manifest, "hashes": {}})
    with pytest.raises(CannotExport, match=r"no tokenizer of its kind \(pre_tokenizer Split"):
        hand_out(guest, "Guest", tmp_path / "x.gguf", "gguf")


def test_an_imported_version_is_measured_trained_on_and_exported_again(
    raised_home: Home, tmp_path: Path, bring: Callable[..., Any], hand_out: Callable[..., Any]
) -> None:
    """In real workers, on the corpus of the home."""
    foreign.save(tmp_path / "from", "llama")
    guest = bring(raised_home, tmp_path / "from").result
    corpus = CorpusLibrary(raised_home).get("Stories")
    own = files.to_text(files.load(raised_home.versions / "Guest"))
    assert guest["kind"] == "base"
    story = tmp_path / "story.txt"
    story.write_text(
        "Once upon a time there was a little cat. むかしむかし。\n" * 20, encoding="utf-8"
    )
    engine = Engine(raised_home)
    try:
        job = EvaluateJob(versions=["Guest"], heldout=False, seen=False, texts=[str(story)])
        measured = engine.submit("evaluate", job)
        recipe = Recipe(minutes=None, steps=4, batch=4, seed=7)
        train = TrainJob(
            version="Child", corpus="Stories", snapshot=corpus.snapshot, tokenizer=files.tokenizer_hash(own),
            recipe=recipe, parent=guest["id"], title="Child",
        )  # fmt: skip
        trained = engine.submit("train", train, "Child")
        assert engine.wait(measured, 120).state == "done", engine.record(measured).error
        assert engine.wait(trained, 120).state == "done", engine.record(trained).error
        [row] = (engine.record(measured).result or {})["versions"][0]["texts"]
        assert 0 < row["bits_per_byte"] < 40
    finally:
        engine.close(keep_trainings=False)
    child = VersionLibrary(raised_home).get("Child").manifest
    assert child.family == "llama" and child.parents[0].id == guest["id"]
    assert child.measures.parameters == guest["parameters"]
    mine, theirs = (read_json(raised_home.versions / n / "tokenizer_config.json") for n in ("Child", "Guest"))  # fmt: skip
    assert mine.get("bos_token") == theirs.get("bos_token") == "<s>"
    assert all(hand_out(raised_home, "Child", tmp_path / "c.gguf", "gguf", "bf16").checks.values())
