"""config.json of the modern families: published spellings are read, what is not built is refused."""

from __future__ import annotations

from typing import Any

import pytest
from transformers import AutoConfig

from core.families.registry import FAMILIES, config_for, family_of
from core.families.rotary import RotaryConfig
from core.families.shape import Shape
from core.reasons import Unsuitable
from core.tokenizer.roles import TokenRoles

LINE = [key for key, family in FAMILIES.items() if issubclass(family.config, RotaryConfig)]
ROLES = TokenRoles(end=1, begin=2, pad=0)
LINEAR: dict[str, Any] = {"rope_type": "linear", "factor": 0.0}


def usual(key: str) -> RotaryConfig:
    config = family_of(key).config.from_shape(Shape(7, 64, 4, 2, 16, 96, True, key), 300, 128)
    assert isinstance(config, RotaryConfig)
    return config


def written(key: str, **changes: Any) -> dict[str, Any]:
    return {**usual(key).to_transformers(ROLES), **changes}


@pytest.mark.parametrize("key", LINE)
def test_a_config_survives_being_written_and_transformers_reads_the_same(key: str) -> None:
    config, data = usual(key), written(key)
    assert config_for(data) == config
    theirs = AutoConfig.for_model(**data)
    assert config_for(theirs.to_dict()) == config
    assert config.shape.family == key


@pytest.mark.parametrize("key", LINE)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"auto_map": {"AutoModel": "theirs.Model"}}, "program code of its own"),
        ({"quantization_config": {"quant_method": "gptq"}}, "gptq"),
        ({"hidden_act": "relu", "hidden_activation": "relu"}, "relu"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "yarn"),
        ({"rope_scaling": {"type": "dynamic", "factor": 4.0}}, "dynamic"),
        ({"num_key_value_heads": 3}, "cannot share"),
        ({"hidden_size": 1 << 40}, "not between"),
        ({"rms_norm_eps": float("nan")}, "above zero"),
        ({"num_hidden_layers": 0}, "not between"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_not_built_is_refused_in_a_sentence(
    key: str, change: dict[str, Any], words: str
) -> None:
    data = written(key, **change)
    if "num_hidden_layers" in change:
        data.pop("layer_types", None)
    with pytest.raises(Unsuitable, match=words):
        config_for(data)


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("llama", {"rope_scaling": LINEAR}, "factor"),
        ("llama", {"partial_rotary_factor": 0.5, "rope_scaling": {"partial_rotary_factor": 0.5}}, "partial"),
        ("llama", {"num_attention_heads": 6, "num_key_value_heads": 6}, "divided"),
        ("mistral", {"sliding_window": 0}, "sliding_window"),
        ("qwen2", {"layer_types": ["full_attention"] * 6 + ["other"]}, "other"),
        ("qwen2", {"layer_types": ["sliding_attention"], "use_sliding_window": True,
                   "sliding_window": 8}, "layer_types"),
        ("gemma3", {"final_logit_softcapping": 30.0}, "final_logit_softcapping"),
        ("gemma3", {"use_bidirectional_attention": True}, "bidirectional"),
        ("gemma3", {"query_pre_attn_scalar": 0}, "query_pre_attn_scalar"),
        ("smollm3", {"no_rope_layers": [1]}, "no_rope_layers"),
        ("mixtral", {"num_experts_per_tok": 9}, "cannot be chosen"),
        ("mixtral", {"num_local_experts": 1 << 20}, "num_experts"),
        ("qwen3_moe", {"num_experts_per_tok": 0}, "cannot be chosen"),
    ],
    ids=str,
)  # fmt: skip
def test_a_familys_own_bad_entries_are_named(key: str, change: dict[str, Any], words: str) -> None:
    with pytest.raises(Unsuitable, match=words):
        config_for(written(key, **change))


def test_llama_3_is_read_as_published() -> None:
    config = config_for(
        {
            "model_type": "llama", "hidden_act": "silu", "hidden_size": 2048, "head_dim": 64,
            "intermediate_size": 8192, "max_position_embeddings": 131072, "mlp_bias": False,
            "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8,
            "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": True,
            "rope_scaling": {
                "factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                "original_max_position_embeddings": 8192, "rope_type": "llama3",
            },
            "torch_dtype": "bfloat16", "vocab_size": 128256,
        }
    )  # fmt: skip
    assert config.parameters == 1_235_814_400  # As its model card has it: 1.23B.


def test_the_sparse_families_say_what_is_known_of_gpt_4() -> None:
    for key in ("mixtral", "qwen3_moe"):
        note = family_of(key).note
        assert note is not None
        assert "GPT-4's own design is unpublished" in note.english()
