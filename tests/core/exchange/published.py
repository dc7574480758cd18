"""config.json of well-known models as their makers published them, and what of it is made smaller.

Kept: every key, and every value that is no size. Windows and the contexts for which rotations were made
shrink with the context, so that a short text reaches beyond them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CONTEXT = 96
_SPEC: dict[str, Any] = {"initializer_range": 0.02, "use_cache": True}
_LINE: dict[str, Any] = {**_SPEC, "hidden_act": "silu"}
_SMALL: dict[str, Any] = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": CONTEXT, "vocab_size": 512,
}  # fmt: skip
_SUMMARY: dict[str, Any] = {
    "summary_activation": None, "summary_first_dropout": 0.1, "summary_proj_to_labels": True,
    "summary_type": "cls_index", "summary_use_proj": True,
    "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
}  # fmt: skip
_ENCODER: dict[str, Any] = {
    "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1,
    "hidden_size": 768, "initializer_range": 0.02, "intermediate_size": 3072,
    "num_attention_heads": 12, "num_hidden_layers": 12,
}  # fmt: skip
_SMALL_ENCODER: dict[str, Any] = {
    "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4, "num_hidden_layers": 2,
    "max_position_embeddings": CONTEXT, "vocab_size": 512,
}  # fmt: skip
_SMALL_DISTIL: dict[str, Any] = {
    "dim": 64, "hidden_dim": 128, "n_heads": 4, "n_layers": 2, "max_position_embeddings": CONTEXT,
    "vocab_size": 512,
}  # fmt: skip
_SMALL_GPT: dict[str, Any] = {
    "n_ctx": CONTEXT, "n_positions": CONTEXT, "n_embd": 64, "n_head": 4, "n_layer": 2,
    "vocab_size": 512,
}  # fmt: skip


@dataclass(frozen=True)
class Published:
    """`config`: as published. `small`: what is changed of it; no key is new. `names`: a change of
    the tensors' names in tests.core.exchange.test_published."""

    family: str
    config: dict[str, Any]
    small: dict[str, Any] = field(default_factory=dict[str, Any])
    names: str = ""

    @property
    def scaled(self) -> dict[str, Any]:
        assert set(self.small) <= set(self.config), set(self.small) - set(self.config)
        ids = {k: _small_ids(v) for k, v in self.config.items() if k.endswith("_token_id")}
        return {**self.config, **ids, **self.small}


def _small_ids(given: Any) -> Any:
    if isinstance(given, list):
        return [min(token, 2) for token in given]
    return given if given is None else min(given, 2)


def _smollm2(heads: int, kv_heads: int, width: int, inner: int, layers: int) -> Published:
    config: dict[str, Any] = {
        **_LINE, "architectures": ["LlamaForCausalLM"], "attention_bias": False,
        "attention_dropout": 0.0, "bos_token_id": 0, "eos_token_id": 0, "hidden_size": width,
        "intermediate_size": inner, "is_llama_config": True, "max_position_embeddings": 8192,
        "model_type": "llama", "num_attention_heads": heads, "num_hidden_layers": layers,
        "num_key_value_heads": kv_heads, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
        "rope_interleaved": False, "rope_scaling": None, "rope_theta": 100000,
        "tie_word_embeddings": True, "torch_dtype": "bfloat16", "vocab_size": 49152,
    }  # fmt: skip
    same = {"num_attention_heads": heads, "num_key_value_heads": kv_heads}
    return Published("llama", config, {**_SMALL, "hidden_size": 8 * heads, **same})


def _mistral(window: int | None, theta: float, rows: int) -> Published:
    config: dict[str, Any] = {
        **_LINE, "architectures": ["MistralForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
        "hidden_size": 4096, "intermediate_size": 14336, "max_position_embeddings": 32768,
        "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32,
        "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": theta,
        "sliding_window": window, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
        "vocab_size": rows,
    }  # fmt: skip
    return Published("mistral", config, {**_SMALL, "sliding_window": window and 11})


_LLAMA2: dict[str, Any] = {
    **_LINE, "_name_or_path": "meta-llama/Llama-2-7b-hf", "architectures": ["LlamaForCausalLM"],
    "bos_token_id": 1, "eos_token_id": 2, "hidden_size": 4096, "intermediate_size": 11008,
    "max_position_embeddings": 4096, "model_type": "llama", "num_attention_heads": 32,
    "num_hidden_layers": 32, "num_key_value_heads": 32, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
    "rope_scaling": None, "tie_word_embeddings": False, "torch_dtype": "float16",
    "vocab_size": 32000,
}  # fmt: skip
_TINY_LLAMA: dict[str, Any] = {
    **_LLAMA2, "attention_bias": False, "hidden_size": 2048, "intermediate_size": 5632,
    "max_position_embeddings": 2048, "num_hidden_layers": 22, "num_key_value_heads": 4,
    "rope_theta": 10000.0, "torch_dtype": "bfloat16",
}  # fmt: skip
_LLAMA3_ROPE: dict[str, Any] = {
    "factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
    "original_max_position_embeddings": 8192, "rope_type": "llama3",
}  # fmt: skip
_LLAMA32: dict[str, Any] = {
    **_LINE, "architectures": ["LlamaForCausalLM"], "attention_bias": False,
    "attention_dropout": 0.0, "bos_token_id": 128000, "eos_token_id": 128001, "head_dim": 64,
    "hidden_size": 2048, "intermediate_size": 8192, "max_position_embeddings": 131072,
    "mlp_bias": False, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 16,
    "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
    "rope_scaling": _LLAMA3_ROPE, "rope_theta": 500000.0, "tie_word_embeddings": True,
    "torch_dtype": "bfloat16", "vocab_size": 128256,
}  # fmt: skip
_SMOLLM3: dict[str, Any] = {
    **_LINE, "architectures": ["SmolLM3ForCausalLM"], "attention_bias": False,
    "attention_dropout": 0.0, "bos_token_id": 128000, "eos_token_id": 128012,
    "pad_token_id": 128004, "hidden_size": 2048, "intermediate_size": 11008,
    "layer_types": ["full_attention"] * 36, "max_position_embeddings": 65536,
    "max_window_layers": 28, "mlp_bias": False, "model_type": "smollm3",
    "no_rope_layer_interval": 4, "no_rope_layers": [1, 1, 1, 0] * 9, "num_attention_heads": 16,
    "num_hidden_layers": 36, "num_key_value_heads": 4, "pretraining_tp": 2, "rms_norm_eps": 1e-06,
    "rope_scaling": None, "rope_theta": 5000000.0, "sliding_window": None,
    "use_sliding_window": False, "torch_dtype": "bfloat16", "vocab_size": 128256,
}  # fmt: skip
_QWEN25: dict[str, Any] = {
    **_LINE, "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0,
    "bos_token_id": 151643, "eos_token_id": 151643, "hidden_size": 896, "intermediate_size": 4864,
    "max_position_embeddings": 32768, "max_window_layers": 24, "model_type": "qwen2",
    "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
    "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
    "tie_word_embeddings": True, "torch_dtype": "bfloat16", "use_mrope": False,
    "use_sliding_window": False, "vocab_size": 151936,
}  # fmt: skip
_QWEN3: dict[str, Any] = {
    **_LINE, "architectures": ["Qwen3ForCausalLM"], "attention_bias": False,
    "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151645, "head_dim": 128,
    "hidden_size": 1024, "intermediate_size": 3072, "max_position_embeddings": 40960,
    "max_window_layers": 28, "model_type": "qwen3", "num_attention_heads": 16,
    "num_hidden_layers": 28, "num_key_value_heads": 8, "rms_norm_eps": 1e-06, "rope_scaling": None,
    "rope_theta": 1000000, "sliding_window": None, "tie_word_embeddings": True,
    "torch_dtype": "bfloat16", "use_sliding_window": False, "vocab_size": 151936,
}  # fmt: skip
_QWEN3_MOE: dict[str, Any] = {
    **_QWEN3, "architectures": ["Qwen3MoeForCausalLM"], "decoder_sparse_step": 1,
    "hidden_size": 2048, "intermediate_size": 6144, "max_window_layers": 48, "mlp_only_layers": [],
    "model_type": "qwen3_moe", "moe_intermediate_size": 768, "norm_topk_prob": True,
    "num_attention_heads": 32, "num_experts": 128, "num_experts_per_tok": 8,
    "num_hidden_layers": 48, "num_key_value_heads": 4, "output_router_logits": False,
    "rope_theta": 1000000.0, "router_aux_loss_coef": 0.001, "tie_word_embeddings": False,
}  # fmt: skip
_MIXTRAL: dict[str, Any] = {
    **_mistral(None, 1000000.0, 32000).config, "architectures": ["MixtralForCausalLM"],
    "attention_dropout": 0.0, "model_type": "mixtral", "num_experts_per_tok": 2,
    "num_local_experts": 8, "output_router_logits": False, "router_aux_loss_coef": 0.02,
}  # fmt: skip
_GEMMA_1B: dict[str, Any] = {
    **_SPEC, "architectures": ["Gemma3ForCausalLM"], "attention_bias": False,
    "attention_dropout": 0.0, "attn_logit_softcapping": None, "bos_token_id": 2,
    "cache_implementation": "hybrid", "eos_token_id": [1, 106], "final_logit_softcapping": None,
    "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 1152,
    "intermediate_size": 6912, "max_position_embeddings": 32768, "model_type": "gemma3_text",
    "num_attention_heads": 4, "num_hidden_layers": 26, "num_key_value_heads": 1, "pad_token_id": 0,
    "query_pre_attn_scalar": 256, "rms_norm_eps": 1e-06, "rope_local_base_freq": 10000,
    "rope_scaling": None, "rope_theta": 1000000, "sliding_window": 512,
    "sliding_window_pattern": 6, "torch_dtype": "bfloat16", "vocab_size": 262144,
}  # fmt: skip
_SIX = ["sliding_attention"] * 5 + ["full_attention"]
_GEMMA_270M: dict[str, Any] = {
    **{k: v for k, v in _GEMMA_1B.items() if k not in ("cache_implementation", "sliding_window_pattern")},
    "_sliding_window_pattern": 6, "eos_token_id": 1, "hidden_size": 640, "intermediate_size": 2048,
    "layer_types": _SIX * 3, "num_hidden_layers": 18, "rope_local_base_freq": 10000.0,
    "rope_theta": 1000000.0, "use_bidirectional_attention": False,
}  # fmt: skip
_SMALL_GEMMA: dict[str, Any] = {
    **_SMALL, "num_hidden_layers": 7, "num_key_value_heads": 1, "head_dim": 24,
    "query_pre_attn_scalar": 24, "sliding_window": 13,
}  # fmt: skip
_GEMMA_4B: dict[str, Any] = {
    "architectures": ["Gemma3ForConditionalGeneration"], "boi_token_index": 255999,
    "eoi_token_index": 256000, "eos_token_id": [1, 106], "image_token_index": 262144,
    "initializer_range": 0.02, "mm_tokens_per_image": 256, "model_type": "gemma3",
    "text_config": {
        "hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text",
        "num_hidden_layers": 34, "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
        "sliding_window": 1024,
    },
    "torch_dtype": "bfloat16",
    "vision_config": {
        "hidden_size": 1152, "image_size": 896, "intermediate_size": 4304,
        "model_type": "siglip_vision_model", "num_attention_heads": 16, "num_hidden_layers": 27,
        "patch_size": 14, "vision_use_head": False,
    },
}  # fmt: skip
_SMALL_4B: dict[str, Any] = {
    "text_config": {
        **_GEMMA_4B["text_config"], "hidden_size": 16, "intermediate_size": 32,
        "num_hidden_layers": 7, "sliding_window": 13,
    },
    "vision_config": {
        **_GEMMA_4B["vision_config"], "hidden_size": 16, "image_size": 56, "intermediate_size": 24,
        "num_attention_heads": 2, "num_hidden_layers": 1,
    },
    "mm_tokens_per_image": 4,
}  # fmt: skip
_GPT2: dict[str, Any] = {
    **_SUMMARY, "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"],
    "attn_pdrop": 0.1, "bos_token_id": 50256, "embd_pdrop": 0.1, "eos_token_id": 50256,
    "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": 1024,
    "n_embd": 768, "n_head": 12, "n_layer": 12, "n_positions": 1024, "resid_pdrop": 0.1,
    "vocab_size": 50257,
}  # fmt: skip
_GPT1: dict[str, Any] = {
    **_SUMMARY, "afn": "gelu", "architectures": ["OpenAIGPTLMHeadModel"], "attn_pdrop": 0.1,
    "embd_pdrop": 0.1, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05,
    "model_type": "openai-gpt", "n_ctx": 512, "n_embd": 768, "n_head": 12, "n_layer": 12,
    "n_positions": 512, "n_special": 0, "predict_special_tokens": True, "resid_pdrop": 0.1,
    "vocab_size": 40478,
}  # fmt: skip
_GPT_NEO: dict[str, Any] = {
    **_SPEC, **_SUMMARY, "activation_function": "gelu_new", "architectures": ["GPTNeoForCausalLM"],
    "attention_dropout": 0, "attention_layers": ["global", "local"] * 6,
    "attention_types": [[["global", "local"], 6]], "bos_token_id": 50256, "embed_dropout": 0,
    "eos_token_id": 50256, "gradient_checkpointing": False, "hidden_size": 768,
    "intermediate_size": None, "layer_norm_epsilon": 1e-05, "max_position_embeddings": 2048,
    "model_type": "gpt_neo", "num_heads": 12, "num_layers": 12, "resid_dropout": 0,
    "vocab_size": 50257, "window_size": 256,
}  # fmt: skip
_BERT: dict[str, Any] = {
    **_ENCODER, "architectures": ["BertForMaskedLM"], "gradient_checkpointing": False,
    "layer_norm_eps": 1e-12, "max_position_embeddings": 512, "model_type": "bert",
    "pad_token_id": 0, "position_embedding_type": "absolute", "type_vocab_size": 2,
    "use_cache": True, "vocab_size": 30522,
}  # fmt: skip
_ROBERTA: dict[str, Any] = {
    **_ENCODER, "architectures": ["RobertaForMaskedLM"], "bos_token_id": 0, "eos_token_id": 2,
    "layer_norm_eps": 1e-05, "max_position_embeddings": 514, "model_type": "roberta",
    "pad_token_id": 1, "type_vocab_size": 1, "vocab_size": 50265,
}  # fmt: skip
_DISTIL: dict[str, Any] = {
    "activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1,
    "dim": 768, "dropout": 0.1, "hidden_dim": 3072, "initializer_range": 0.02,
    "max_position_embeddings": 512, "model_type": "distilbert", "n_heads": 12, "n_layers": 6,
    "pad_token_id": 0, "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False,
    "tie_weights_": True, "vocab_size": 30522,
}  # fmt: skip

PUBLISHED: dict[str, Published] = {
    "SmolLM2-135M": _smollm2(9, 3, 576, 1536, 30),
    "SmolLM2-360M": _smollm2(15, 5, 960, 2560, 32),
    "SmolLM3-3B": Published("smollm3", _SMOLLM3, {
        **_SMALL, "num_hidden_layers": 5, "layer_types": ["full_attention"] * 5,
        "no_rope_layers": [1, 1, 1, 0, 1]}),
    "TinyLlama-1.1B": Published("llama", _TINY_LLAMA, _SMALL),
    "Llama-2-7b": Published("llama", _LLAMA2, {**_SMALL, "num_key_value_heads": 4}, "frequencies"),
    "Llama-3.2-1B": Published("llama", _LLAMA32, {
        **_SMALL, "head_dim": 16,
        "rope_scaling": {**_LLAMA3_ROPE, "original_max_position_embeddings": 24}}),
    "Mistral-7B-v0.1": _mistral(4096, 10000.0, 32000),
    "Mistral-7B-v0.3": _mistral(None, 1000000.0, 32768),
    "Qwen2.5-0.5B": Published("qwen2", _QWEN25, {
        **_SMALL, "max_window_layers": 3, "sliding_window": CONTEXT}),
    "Qwen3-0.6B": Published("qwen3", _QWEN3, {**_SMALL, "head_dim": 32}, "both tables"),
    "Qwen3-30B-A3B": Published("qwen3_moe", _QWEN3_MOE, {
        **_SMALL, "head_dim": 32, "moe_intermediate_size": 32, "num_experts": 8,
        "num_experts_per_tok": 3}),
    "Mixtral-8x7B": Published("mixtral", _MIXTRAL, _SMALL),
    "gemma-3-270m": Published("gemma3", _GEMMA_270M, {
        **_SMALL_GEMMA, "layer_types": [*_SIX, "sliding_attention"]}),
    "gemma-3-1b": Published("gemma3", _GEMMA_1B, _SMALL_GEMMA),
    "gemma-3-4b": Published("gemma3", _GEMMA_4B, _SMALL_4B, "images"),
    "gemma-3-4b, saved anew": Published("gemma3", _GEMMA_4B, _SMALL_4B, "new images"),
    "gpt2": Published("gpt2", _GPT2, _SMALL_GPT, "gpt"),
    "openai-gpt": Published("gpt1", _GPT1, _SMALL_GPT, "gpt"),
    "gpt-neo-125m": Published("gpt3", _GPT_NEO, {
        "hidden_size": 64, "num_heads": 4, "num_layers": 4, "vocab_size": 512,
        "attention_layers": ["global", "local"] * 2, "attention_types": [[["global", "local"], 2]],
        "max_position_embeddings": CONTEXT, "window_size": 16}, "neo"),
    "bert-base-uncased": Published("bert", _BERT, _SMALL_ENCODER, "bert"),
    "roberta-base": Published("roberta", _ROBERTA, {
        **_SMALL_ENCODER, "max_position_embeddings": CONTEXT + 2}, "roberta"),
    "distilbert-base-uncased": Published("distilbert", _DISTIL, _SMALL_DISTIL, "distilbert"),
    "distilbert-base-multilingual-cased": Published("distilbert", {
        **_DISTIL, "output_past": True, "vocab_size": 119547}, _SMALL_DISTIL),
}  # fmt: skip
