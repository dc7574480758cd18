"""Adapters as versions: merged into whole ones, brought in from peft, refused without their base."""

from __future__ import annotations

import itertools
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from core.cli.main import main
from core.cli.parser import split
from core.errors import BaseMissing, CannotExport, CannotImport, UsageError
from core.exchange import exporting, merging
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import ExportJob, MergeJob
from core.models.adapters.adapt import adapt, adapter_of
from core.models.adapters.peft_files import write_peft
from core.models.load import load_model
from core.versions.library import ADAPTER_FILES, VersionEntry, VersionLibrary
from core.versions.manifest import AdapterFacts, Parent, VersionManifest
from core.versions.publish import publish

TOKENS = torch.arange(5, 37)[None]


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        found = model(TOKENS)
    return found if isinstance(found, torch.Tensor) else found.logits


def put_adapter(home: Home, name: str, base: VersionEntry, dora: bool = False) -> VersionEntry:
    """An adapter version on `base`, with drawn values."""
    model = load_model(base.path)
    adapt(model, 4, 8, dora=dora, seed=1)
    torch.manual_seed(len(name))
    with torch.no_grad():
        for weight in model.parameters():
            if weight.requires_grad:
                weight.add_(0.1 * torch.randn_like(weight))
    adapter = adapter_of(model, dict(model.named_parameters()))

    def write(folder: Path) -> None:
        for file in ADAPTER_FILES[2:]:
            shutil.copyfile(base.path / file, folder / file)
        write_peft(folder, model, adapter, str(base.path))

    facts = AdapterFacts(base=base.id, base_name=base.name, rank=4, alpha=8.0, dora=dora)
    parents = [Parent(id=base.id, name=base.name, relation="adapter")]
    manifest = base.manifest.model_copy(
        update={"id": f"id-{name}", "name": name, "title": name, "run": f"run-{name}",
                "adapter": facts, "parents": parents}
    )  # fmt: skip
    publish(home, VersionManifest.model_validate(manifest.model_dump()), write)
    return VersionLibrary(home).usable(name)


def do(home: Home, kind: str, config: Any) -> list[Any]:
    folder = JobFolder.create(home.runs, kind, "", config.model_dump(mode="json"))
    writer = EventWriter(folder, 1)
    try:
        work = merging.run if kind == "merge" else exporting.run
        assert work(WorkerContext(home, folder, folder.read(), config, 1, writer)) == "done"
    finally:
        writer.close()
    reader = EventReader(folder)
    return list(itertools.chain.from_iterable(iter(reader.poll, [])))


def test_stacked_adapters_merge_into_a_whole_version(raised_home: Home) -> None:
    library = VersionLibrary(raised_home)
    one = put_adapter(raised_home, "One", library.get("Kiku"))
    two = put_adapter(raised_home, "Two", one, dora=True)
    expected = logits(load_model(two.path))
    assert (expected - logits(load_model(one.path))).abs().max() > 0.01
    do(raised_home, "merge", MergeJob(adapter=two.id, version="Whole"))
    whole = library.usable("Whole")
    assert [(p.id, p.relation) for p in whole.manifest.parents] == [
        (two.id, "merged"), (one.id, "merged"),
    ]  # fmt: skip
    assert whole.manifest.adapter is None and not (whole.path / "adapter_config.json").exists()
    assert library.verify("Whole") == []
    torch.testing.assert_close(logits(load_model(whole.path)), expected, rtol=0, atol=1e-4)
    from transformers import AutoModelForCausalLM

    theirs = AutoModelForCausalLM.from_pretrained(whole.path).eval()
    torch.testing.assert_close(logits(theirs), expected, rtol=0, atol=1e-4)


def test_only_adapters_are_merged_and_only_on_their_base(raised_home: Home) -> None:
    library = VersionLibrary(raised_home)
    kiku = library.get("Kiku")
    with pytest.raises(UsageError, match="“Kiku” is a whole version already"):
        do(raised_home, "merge", MergeJob(adapter=kiku.id, version="Whole"))
    one = put_adapter(raised_home, "One", kiku)
    library.remove("Kiku")
    with pytest.raises(BaseMissing, match="“Kiku”"):
        do(raised_home, "merge", MergeJob(adapter=one.id, version="Whole"))
    assert [entry.name for entry in library.list()] == ["One"]


def test_the_command_merges_and_says_so(
    raised_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    put_adapter(raised_home, "One", VersionLibrary(raised_home).get("Kiku"))
    words = [
        "versions",
        "merge",
        "One",
        "--name",
        "Whole",
        "--home",
        str(raised_home.path),
        "--json",
    ]
    assert main(split(words)) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "Whole"
    assert VersionLibrary(raised_home).usable("Whole").manifest.adapter is None


def test_an_adapter_is_exported_whole(raised_home: Home, tmp_path: Path) -> None:
    one = put_adapter(raised_home, "One", VersionLibrary(raised_home).get("Kiku"), dora=True)
    do(raised_home, "export", ExportJob(version=one.id, to=str(tmp_path / "out"), format="hf"))
    from transformers import AutoModelForCausalLM

    theirs = AutoModelForCausalLM.from_pretrained(tmp_path / "out").eval()
    torch.testing.assert_close(logits(theirs), logits(load_model(one.path)), rtol=0, atol=1e-4)


def test_a_merged_export_says_so_and_its_card_speaks_of_no_adapter(
    raised_home: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    one = put_adapter(raised_home, "One", VersionLibrary(raised_home).get("Kiku"))
    VersionLibrary(raised_home).set_note(one.id, "A note.")  # It writes the card.
    assert "Peft" in (one.path / "README.md").read_text(encoding="utf-8")
    done = hand_out(raised_home, one.id, tmp_path / "out", "hf")
    assert done.result["merged_with"] == "Kiku"
    card = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "Peft" not in card and "AutoModelForCausalLM" in card and "A note." in card
    done = hand_out(raised_home, "Kiku", tmp_path / "whole", "hf")
    assert "merged_with" not in done.result


@pytest.mark.parametrize("dora", [False, True])
def test_an_adapter_alone_is_exported_for_peft(
    raised_home: Home, tmp_path: Path, hand_out: Callable[..., Any], bring: Callable[..., Any],
    dora: bool,
) -> None:  # fmt: skip
    kiku = VersionLibrary(raised_home).get("Kiku")
    one = put_adapter(raised_home, "One", kiku, dora)
    done = hand_out(raised_home, one.id, tmp_path / "out", "adapter")
    assert set(done.checks) >= {"hashes", "reloaded", "logits", "tokenizer"}
    assert all(done.checks.values())
    assert (done.result["needs"], done.result["base_path"]) == ("Kiku", str(kiku.path))
    assert not (tmp_path / "out" / "model.safetensors").exists()
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(kiku.path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = PeftModel.from_pretrained(base, tmp_path / "out").eval()
    ours = logits(load_model(one.path))
    torch.testing.assert_close(logits(theirs), ours, rtol=0, atol=1e-4)
    bring(raised_home, tmp_path / "out", "Back")
    back = VersionLibrary(raised_home).get("Back")
    torch.testing.assert_close(logits(load_model(back.path)), ours, rtol=0, atol=1e-4)


def test_a_whole_version_is_no_adapter(
    raised_home: Home, tmp_path: Path, hand_out: Callable[..., Any]
) -> None:
    with pytest.raises(CannotExport, match="a whole version, not an adapter"):
        hand_out(raised_home, "Kiku", tmp_path / "out", "adapter")
    assert not (tmp_path / "out").exists()


def peft_adapter(base: Path, folder: Path, named: str, tokens: Any = None) -> Any:
    """An adapter that peft makes and saves, with rows of `tokens`; returns its model."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = AutoModelForCausalLM.from_pretrained(base)
        config = LoraConfig(
            r=4, lora_alpha=8, target_modules="all-linear", use_dora=True,
            trainable_token_indices=tokens,
        )  # fmt: skip
        model = get_peft_model(plain, config).eval()
        torch.manual_seed(3)
        with torch.no_grad():
            for name, weight in model.named_parameters():
                if "lora_B" in name or "tokens_delta" in name:
                    weight.normal_(std=0.1)
        model.save_pretrained(folder)
    file = folder / "adapter_config.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(data | {"base_model_name_or_path": named}), encoding="utf-8")
    return model


@pytest.mark.parametrize("tokens", [None, {"embed_tokens": [1, 9], "lm_head": [1, 9]}])
def test_an_adapter_of_peft_comes_in_on_the_base_that_it_names(
    tokens: Any, raised_home: Home, bring: Callable[..., Any], tmp_path: Path
) -> None:
    kiku = VersionLibrary(raised_home).get("Kiku")
    theirs = peft_adapter(kiku.path, tmp_path / "adapter", "somebody/Kiku", tokens)
    done = bring(raised_home, tmp_path / "adapter")
    guest = VersionLibrary(raised_home).usable("Guest")
    assert guest.manifest.adapter is not None and guest.manifest.adapter.base == kiku.id
    assert guest.manifest.adapter.tokens == (2 if tokens else 0)
    assert done.result["base"] == "Kiku"
    torch.testing.assert_close(logits(load_model(guest.path)), logits(theirs), rtol=0, atol=1e-4)


def test_rows_of_tokens_that_the_base_lacks_are_refused_in_one_sentence(
    raised_home: Home, bring: Callable[..., Any], tmp_path: Path
) -> None:
    kiku = VersionLibrary(raised_home).get("Kiku")
    peft_adapter(kiku.path, tmp_path / "adapter", "somebody/Kiku", [1, 9])
    file = tmp_path / "adapter" / "adapter_config.json"
    data = json.loads(file.read_text(encoding="utf-8")) | {"trainable_token_indices": [1, 99999]}
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CannotImport, match=r"embed_tokens.*does not fit this base"):
        bring(raised_home, tmp_path / "adapter")
    assert [entry.name for entry in VersionLibrary(raised_home).list()] == ["Kiku"]


def test_an_adapter_without_its_base_is_refused_and_leaves_nothing(
    raised_home: Home, bring: Callable[..., Any], tmp_path: Path
) -> None:
    kiku = VersionLibrary(raised_home).get("Kiku")
    peft_adapter(kiku.path, tmp_path / "adapter", "somebody/Other")
    with pytest.raises(CannotImport, match=r"“somebody/Other”.*Import the base first"):
        bring(raised_home, tmp_path / "adapter")
    (tmp_path / "adapter" / "adapter_model.safetensors").rename(tmp_path / "adapter" / "adapter_model.bin")  # fmt: skip
    with pytest.raises(CannotImport, match="pickle"):
        bring(raised_home, tmp_path / "adapter")
    assert [entry.name for entry in VersionLibrary(raised_home).list()] == ["Kiku"]
