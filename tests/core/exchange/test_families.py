"""Every family: published as transformers writes it, imported, exported, and read by others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
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
    assert all(done.checks.values()) and set(done.checks) >= {"logits", "tokenizer", "template"}
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
