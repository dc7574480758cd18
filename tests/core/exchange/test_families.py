"""Every family: published as transformers writes it, imported, exported, and read by others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, BertForPreTraining

from core.families.registry import FAMILIES
from core.home import Home
from core.models.load import load_model
from core.versions.library import VersionLibrary
from tests.core.exchange import foreign

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
GGUF = ("qwen3", "qwen2", "llama", "mistral", "smollm3", "gemma3", "mixtral", "qwen3_moe", "gpt2")
IN_TRANSFORMERS = ("qwen3", "qwen2", "mistral", "gemma3", "gpt2")
"""Of those, what transformers reads from GGUF as well (of Llama 3 it drops the stretched rotation)."""
NOT_READ: dict[str, dict[str, Any]] = {
    "gpt2": {"n_positions": foreign.CONTEXT}, "qwen3": {"head_dim": 16},
    "gemma3": {"query_pre_attn_scalar": 16},
}  # fmt: skip
"""What transformers leaves at its own defaults, whatever the file says."""


def tokens() -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randint(6, foreign.VOCABULARY, (2, 48))


def theirs(model: Any, ids: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        answer = model(ids)
    return answer.prediction_logits if "prediction_logits" in answer else answer.logits


def ours(folder: Path, ids: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return load_model(folder)(ids)


def test_every_family_has_a_model_to_be_tested_with() -> None:
    assert set(foreign.MODELS) == set(FAMILIES)


@pytest.mark.parametrize("family", foreign.MODELS)
def test_an_imported_folder_computes_what_transformers_computes_and_loads_there(
    family: str, tmp_path: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    dtype = torch.bfloat16 if family in ("qwen2", "gpt2", "mixtral") else torch.float32
    model = foreign.save(tmp_path / "from", family, dtype, shards="120KB")
    done = bring(empty_home, tmp_path / "from")
    assert done.outcome == "done"
    kind = "fill" if FAMILIES[family].kind == "encoder" else "base"
    assert (done.result["family"], done.result["kind"]) == (family, kind)
    folder = Path(done.result["path"])
    ids = tokens()
    ours_ = ours(folder, ids)
    assert (ours_ - theirs(model, ids)).abs().max() < 1e-4
    auto = AutoModelForMaskedLM if kind == "fill" else AutoModelForCausalLM
    auto = BertForPreTraining if family == "bert" else auto
    again, told = auto.from_pretrained(folder, output_loading_info=True, dtype=torch.float32)
    assert not any(told[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert (theirs(again.eval(), ids) - ours_).abs().max() < 1e-4
    size = sum(p.numel() for p in model.parameters())
    assert done.result["parameters"] == size


@pytest.mark.parametrize("family", GGUF)
def test_a_family_goes_out_as_gguf_and_comes_back_the_same(
    family: str, tmp_path: Path, empty_home: Home, bring: Callable[..., Any],
    hand_out: Callable[..., Any],
) -> None:  # fmt: skip
    foreign.save(tmp_path / "from", family)
    guest = Path(bring(empty_home, tmp_path / "from").result["path"])
    file = tmp_path / "out" / "guest.gguf"
    done = hand_out(empty_home, "Guest", file, "gguf", "f32")
    assert done.checks == {"reloaded": True, "logits": True, "tokenizer": True}
    assert done.result["max_logit_difference"] < 1e-4
    again = Path(bring(empty_home, file, "Back").result["path"])
    ids = tokens()[:, :40]  # As far as every window reaches.
    assert (ours(again, ids) - ours(guest, ids)).abs().max() < 1e-4
    if family in IN_TRANSFORMERS:
        model = AutoModelForCausalLM.from_pretrained(
            file.parent, gguf_file=file.name, dtype=torch.float32, **NOT_READ.get(family, {})
        )
        assert (theirs(model.eval(), ids) - ours(guest, ids)).abs().max() < 1e-4


@pytest.mark.parametrize("quantisation", ["f16", "bf16", "q8_0", "q5_0", "q4_0"])
def test_each_number_format_is_what_the_gguf_package_reads(
    quantisation: str, tmp_path: Path, empty_home: Home, bring: Callable[..., Any],
    hand_out: Callable[..., Any],
) -> None:  # fmt: skip
    model = foreign.save(tmp_path / "from", "qwen3", template=foreign.CHATML)
    bring(empty_home, tmp_path / "from")
    file = tmp_path / "guest.gguf"
    done = hand_out(empty_home, "Guest", file, "gguf", quantisation)
    assert set(done.checks) >= {"logits", "tokenizer", "template"}
    # Of drawn weights 4 bits leave too little to be called the same.
    failed = {name for name, ok in done.checks.items() if not ok}
    assert failed == ({"logits"} if quantisation == "q4_0" else set())
    reader = GGUFReader(file)
    kinds = {tensor.name: tensor.tensor_type.name for tensor in reader.tensors}
    assert kinds["blk.0.attn_q.weight"] == quantisation.upper()
    table = "Q8_0" if quantisation in ("q5_0", "q4_0") else quantisation.upper()
    assert kinds["token_embd.weight"] == table
    assert kinds["blk.1.attn_norm.weight"] == "F32"
    state = model.state_dict()
    loose = {"f16": 1e-3, "bf16": 8e-3, "q8_0": 8e-3, "q5_0": 0.07, "q4_0": 0.14}[quantisation]
    for tensor in reader.tensors:
        if tensor.name in ("token_embd.weight", "blk.1.ffn_down.weight"):
            name = {"token_embd.weight": "model.embed_tokens.weight"}.get(
                tensor.name, "model.layers.1.mlp.down_proj.weight"
            )
            true = state[name].numpy()
            gap = np.abs(dequantize(tensor.data, tensor.tensor_type).reshape(true.shape) - true)
            assert gap.max() <= loose * np.abs(true).max()
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["general.architecture"] == "qwen3"
    assert fields["tokenizer.ggml.model"] == "gpt2" and fields["tokenizer.ggml.pre"] == "qwen2"
    assert fields["tokenizer.chat_template"] == foreign.CHATML
    assert fields["tokenizer.ggml.add_bos_token"] is False
    written = json.loads((tmp_path / "from" / "tokenizer.json").read_text(encoding="utf-8"))
    listed = fields["tokenizer.ggml.tokens"]
    assert all(listed[index] == token for token, index in written["model"]["vocab"].items())
    assert len(listed) == foreign.ROWS
    assert listed[fields["tokenizer.ggml.eos_token_id"]] == "<|im_end|>"
    types = fields["tokenizer.ggml.token_type"]
    assert [types[i] for i in (0, 1, 2, 3, foreign.ROWS - 1)] == [3, 3, 3, 1, 5]


@pytest.mark.parametrize("family", ["gpt1", "gpt3", "bert"])
def test_what_llama_cpp_does_not_compute_is_refused_by_name(
    family: str, tmp_path: Path, empty_home: Home, bring: Callable[..., Any],
    hand_out: Callable[..., Any],
) -> None:  # fmt: skip
    from core.errors import CannotExport

    foreign.save(tmp_path / "from", family)
    bring(empty_home, tmp_path / "from")
    with pytest.raises(CannotExport, match=rf"{family}.*Export it as a Hugging Face folder"):
        hand_out(empty_home, "Guest", tmp_path / "out" / "x.gguf", "gguf")
    assert list((tmp_path / "out").iterdir()) == []
    hand_out(empty_home, "Guest", tmp_path / "whole", "hf")
    assert (tmp_path / "whole" / "model.safetensors").is_file()
    assert VersionLibrary(empty_home).get("Guest").problem is None


def _as_gpt2_was_published(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    bare = {name.removeprefix("transformer."): w for name, w in weights.items()}
    causal = torch.ones(1, 1, foreign.CONTEXT, foreign.CONTEXT).tril()
    return bare | {f"h.{n}.attn.bias": causal.clone() for n in range(foreign.LAYERS)}


def _as_bert_was_published(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    def old(name: str) -> str:
        if "LayerNorm" not in name:
            return name
        return name.replace(".weight", ".gamma").replace(".bias", ".beta")

    places = {"bert.embeddings.position_ids": torch.arange(foreign.CONTEXT)[None]}
    return {old(name): w for name, w in weights.items()} | places


def _as_roberta_was_published(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    pooler = {"roberta.pooler.dense.weight": torch.ones(8, 8)}
    places = {"roberta.embeddings.position_ids": torch.arange(foreign.CONTEXT)[None]}
    return weights | pooler | places


def _with_both_tables(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A tied table written twice, and buffers that older files have."""
    frequencies = {"model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(8)}
    return weights | {"lm_head.weight": weights["model.embed_tokens.weight"].clone()} | frequencies


@pytest.mark.parametrize(
    ("family", "change"),
    [
        ("gpt2", _as_gpt2_was_published), ("bert", _as_bert_was_published),
        ("roberta", _as_roberta_was_published), ("qwen2", _with_both_tables),
    ],
)  # fmt: skip
def test_names_of_published_files_are_understood(
    family: str, change: Callable[[Any], Any], tmp_path: Path, empty_home: Home,
    bring: Callable[..., Any],
) -> None:  # fmt: skip
    model = foreign.save(tmp_path / "from", family)
    file = tmp_path / "from" / "model.safetensors"
    save_file(change(load_file(file)), file)
    folder = Path(bring(empty_home, file).result["path"])
    assert (ours(folder, tokens()) - theirs(model, tokens())).abs().max() < 1e-4
    assert set(load_file(folder / file.name)) <= set(model.state_dict())


def test_a_model_named_otherwise_is_only_renamed_and_keeps_its_bytes(
    tmp_path: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    foreign.save(tmp_path / "from", "llama", torch.float16)
    readme = "---\nlanguage: ja\nlicense: apache-2.0  # free\n---\n# A model\n"
    (tmp_path / "from" / "README.md").write_text(readme, encoding="utf-8")
    done = bring(empty_home, tmp_path / "from" / "config.json")
    assert (done.result["dtype"], done.result["licence"]) == ("F16", "apache-2.0")
    before = load_file(tmp_path / "from" / "model.safetensors")
    after = load_file(Path(done.result["path"]) / "model.safetensors")
    assert before.keys() == after.keys()
    assert all(torch.equal(before[n], after[n]) and after[n].dtype == torch.float16 for n in before)
    manifest = VersionLibrary(empty_home).get("Guest").manifest
    assert manifest.imported is not None and manifest.parents == []
    source = tmp_path / "from" / "model.safetensors"
    assert manifest.imported.hashes == {
        source.name: hashlib.sha256(source.read_bytes()).hexdigest()
    }
    assert VersionLibrary(empty_home).verify("Guest") == []
