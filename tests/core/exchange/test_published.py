"""Well-known models as strangers download them: published configurations and names of tensors, random
weights; what is imported computes what transformers computes, beyond windows and first contexts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from core.home import Home
from core.models.load import load_model
from tests.core.exchange import foreign
from tests.core.exchange.published import CONTEXT, PUBLISHED, Published

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
Weights = dict[str, torch.Tensor]


def _frequencies(weights: Weights, config: dict[str, Any]) -> Weights:
    extra = {f"model.layers.{n}.self_attn.rotary_emb.inv_freq": torch.ones(8) for n in range(3)}
    return weights | extra


def _both_tables(weights: Weights, config: dict[str, Any]) -> Weights:
    return weights | {"lm_head.weight": weights["model.embed_tokens.weight"].clone()}


def _images(weights: Weights, config: dict[str, Any]) -> Weights:
    """As the first release wrote them."""

    def old(name: str) -> str:
        for new, before in (
            ("model.language_model.", "language_model.model."),
            ("model.vision_tower.", "vision_tower."),
            ("model.multi_modal_projector.", "multi_modal_projector."),
        ):
            if name.startswith(new):
                return before + name.removeprefix(new)
        return name

    return {old(name): w for name, w in weights.items() if name != "lm_head.weight"}


def _new_images(weights: Weights, config: dict[str, Any]) -> Weights:
    return {name: w for name, w in weights.items() if name != "lm_head.weight"}


def _gpt(weights: Weights, config: dict[str, Any]) -> Weights:
    """Without their prefix, and with buffers of masks."""
    bare = {name.removeprefix("transformer."): w for name, w in weights.items()}
    causal = torch.ones(1, 1, CONTEXT, CONTEXT).tril()
    return bare | {f"h.{n}.attn.bias": causal.clone() for n in range(config["n_layer"])}


def _neo(weights: Weights, config: dict[str, Any]) -> Weights:
    causal = torch.ones(1, 1, CONTEXT, CONTEXT, dtype=torch.uint8).tril()
    for layer in range(config["num_layers"]):
        name = f"transformer.h.{layer}.attn.attention."
        weights |= {name + "bias": causal.clone(), name + "masked_bias": torch.tensor(-1e9)}
    return weights


def _bert(weights: Weights, config: dict[str, Any]) -> Weights:
    def old(name: str) -> str:
        if "LayerNorm" not in name:
            return name
        return name.replace(".weight", ".gamma").replace(".bias", ".beta")

    others = {
        "bert.embeddings.position_ids": torch.arange(CONTEXT)[None],
        "cls.predictions.decoder.weight": weights["bert.embeddings.word_embeddings.weight"].clone(),
    }
    return {old(name): w for name, w in weights.items()} | others


def _roberta(weights: Weights, config: dict[str, Any]) -> Weights:
    others = {
        "roberta.embeddings.position_ids": torch.arange(CONTEXT)[None],
        "roberta.pooler.dense.weight": torch.ones(64, 64), "roberta.pooler.dense.bias": torch.ones(64),
        "lm_head.decoder.weight": weights["roberta.embeddings.word_embeddings.weight"].clone(),
        "lm_head.decoder.bias": weights["lm_head.bias"].clone(),
    }  # fmt: skip
    return weights | others


def _distilbert(weights: Weights, config: dict[str, Any]) -> Weights:
    table = weights["distilbert.embeddings.word_embeddings.weight"].clone()
    return weights | {"vocab_projector.weight": table}


CHANGES: dict[str, Callable[[Weights, dict[str, Any]], Weights]] = {
    "": lambda weights, config: weights, "frequencies": _frequencies, "both tables": _both_tables,
    "images": _images, "new images": _new_images, "gpt": _gpt, "neo": _neo, "bert": _bert, "roberta": _roberta,
    "distilbert": _distilbert,
}  # fmt: skip


def published(folder: Path, model: Published) -> Any:
    """The folder as it is downloaded; returns transformers' model of it in fp32."""
    config = model.scaled
    kind = getattr(transformers, config["architectures"][0])
    theirs = foreign.randomised(kind(transformers.AutoConfig.for_model(**config)), model.family)
    dtype = getattr(torch, config.get("torch_dtype", "float32"))
    with torch.no_grad():
        for weight in theirs.parameters():
            weight.copy_(weight.to(dtype))
    copy.deepcopy(theirs).to(dtype).save_pretrained(folder, max_shard_size="100MB")
    file = folder / "model.safetensors"
    save_file(CHANGES[model.names](load_file(file), config), file, {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    foreign.TOKENIZERS.get(model.family, foreign.byte_level)().save(str(folder / "tokenizer.json"))
    return theirs


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_model_computes_what_transformers_computes(
    name: str, tmp_path: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    model = PUBLISHED[name]
    theirs = published(tmp_path / "from", model)
    done = bring(empty_home, tmp_path / "from")
    assert (done.outcome, done.result["family"]) == ("done", model.family)
    assert done.warnings == (["images"] if "vision_config" in model.config else [])
    torch.manual_seed(1)
    ids = torch.randint(6, foreign.VOCABULARY, (2, CONTEXT - 2))
    with torch.inference_mode():
        wanted = theirs(ids).logits
        gap = (load_model(Path(done.result["path"]))(ids) - wanted).abs().max()
    assert gap < 1e-4 * max(1.0, float(wanted.abs().max()) / 10)
    auto: Any = transformers.AutoModelForCausalLM
    if done.result["kind"] == "fill":
        auto = transformers.AutoModelForMaskedLM
    again, told = auto.from_pretrained(
        done.result["path"], output_loading_info=True, dtype=torch.float32
    )
    assert not any(told[key] for key in ("missing_keys", "mismatched_keys", "unexpected_keys"))
    with torch.inference_mode():
        assert (again.eval()(ids).logits - wanted).abs().max() < 1e-3
