"""Tiny models of other people: made by transformers with random weights, and real tokenizers."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)
from tokenizers.processors import TemplateProcessing

from core.tokenizer.train import QWEN2_PATTERN

ROOT = Path(__file__).resolve().parents[3]
VOCABULARY, ROWS, WIDTH, LAYERS, HEADS, CONTEXT = 480, 512, 64, 2, 4, 96
_MODERN: dict[str, Any] = {
    "vocab_size": ROWS, "hidden_size": WIDTH, "intermediate_size": 96, "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS, "num_key_value_heads": 2, "max_position_embeddings": CONTEXT,
    "tie_word_embeddings": False,
}  # fmt: skip
_GPT: dict[str, Any] = {
    "vocab_size": ROWS, "n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS, "n_positions": CONTEXT,
}  # fmt: skip
_ENCODER: dict[str, Any] = {
    "vocab_size": ROWS, "hidden_size": WIDTH, "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS, "intermediate_size": 128, "max_position_embeddings": CONTEXT,
}  # fmt: skip
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "qwen3": ("Qwen3ForCausalLM", {**_MODERN, "head_dim": 16}),
    "qwen2": ("Qwen2ForCausalLM", {**_MODERN, "tie_word_embeddings": True}),
    "llama": ("LlamaForCausalLM", {**_MODERN, "rope_parameters": {
        "rope_type": "llama3", "rope_theta": 500_000.0, "factor": 8.0, "low_freq_factor": 1.0,
        "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}),
    "mistral": ("MistralForCausalLM", {**_MODERN, "sliding_window": 40}),
    "smollm3": ("SmolLM3ForCausalLM", {**_MODERN, "num_hidden_layers": 4,
        "no_rope_layer_interval": 4, "use_sliding_window": False, "pad_token_id": 0}),
    "gemma3": ("Gemma3ForCausalLM", {**_MODERN, "head_dim": 16, "sliding_window": 24,
        "num_hidden_layers": 6, "query_pre_attn_scalar": 16, "tie_word_embeddings": True}),
    "mixtral": ("MixtralForCausalLM", {**_MODERN, "num_local_experts": 4, "sliding_window": None}),
    "qwen3_moe": ("Qwen3MoeForCausalLM", {**_MODERN, "head_dim": 16, "num_experts": 4,
        "num_experts_per_tok": 2, "moe_intermediate_size": 32, "norm_topk_prob": True,
        "decoder_sparse_step": 1}),
    "gpt1": ("OpenAIGPTLMHeadModel", _GPT),
    "gpt2": ("GPT2LMHeadModel", _GPT),
    "gpt3": ("GPTNeoForCausalLM", {"vocab_size": ROWS, "hidden_size": WIDTH, "num_layers": LAYERS,
        "num_heads": HEADS, "max_position_embeddings": CONTEXT, "window_size": 16,
        "attention_types": [[["global", "local"], 1]], "intermediate_size": 128}),
    "bert": ("BertForPreTraining", _ENCODER),
    "roberta": ("RobertaForMaskedLM", {**_ENCODER, "max_position_embeddings": CONTEXT + 2,
        "pad_token_id": 1}),
    "distilbert": ("DistilBertForMaskedLM", {"vocab_size": ROWS, "dim": WIDTH, "n_layers": LAYERS,
        "n_heads": HEADS, "hidden_dim": 128, "max_position_embeddings": CONTEXT}),
}  # fmt: skip
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def texts() -> Iterator[str]:
    for language in ("en", "ja"):
        path = ROOT / "resources" / "sample" / "stories" / f"stories-{language}.jsonl"
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in itertools.islice(lines, 60))


def byte_level(
    special: tuple[str, ...] = ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])  # fmt: skip
    return _trained(tokenizer, special, pre_tokenizers.ByteLevel.alphabet(), decoders.ByteLevel())


def gpt2_like() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    return _trained(tokenizer, ("<|endoftext|>",), alphabet, decoders.ByteLevel())


def sentence_piece() -> Tokenizer:
    """As Llama 2 has it: "▁" for spaces, bytes for what is unknown, <s> before every text."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    space = [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    tokenizer.normalizer = normalizers.Sequence(space)
    special = ("<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)))
    back = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    made = _trained(
        tokenizer, special, [], decoders.Sequence([*back, decoders.Strip(" ", 1, 0)]), 100
    )
    data = json.loads(made.to_str())
    data["added_tokens"] = data["added_tokens"][:3]  # Bytes are no special tokens.
    made = Tokenizer.from_str(json.dumps(data))
    made.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return made


def word_piece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # pyright: ignore
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        texts(), trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special, limit_alphabet=200, show_progress=False)
    )  # fmt: skip
    return tokenizer


def _trained(
    tokenizer: Tokenizer,
    special: tuple[str, ...],
    alphabet: list[str],
    decoder: Any,
    letters: int = 300,
) -> Tokenizer:
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[AddedToken(t, normalized=False, special=True) for t in special],
        initial_alphabet=alphabet, limit_alphabet=letters, show_progress=False,
    )  # fmt: skip
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.decoder = decoder
    return tokenizer


TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    "bert": word_piece, "distilbert": word_piece, "gpt2": gpt2_like, "llama": sentence_piece,
    "mistral": sentence_piece, "mixtral": sentence_piece,
}  # fmt: skip


def random_model(family: str, seed: int = 5) -> Any:
    """Every weight random, so that nothing hides behind a one or a zero."""
    name, sizes = MODELS[family]
    kind = getattr(transformers, name)
    torch.manual_seed(seed)
    return randomised(kind(kind.config_class(**sizes)), family)


def randomised(model: Any, family: str) -> Any:
    """`model` with random weights; norms around one, as it is stored in the family's files."""
    with torch.no_grad():
        for key, weight in model.named_parameters():
            shift = (
                1.0
                if "norm" in key.casefold() and family != "gemma3" and key.endswith("weight")
                else 0.0
            )
            weight.copy_(torch.randn_like(weight) * (0.02 if weight.ndim < 2 else 0.12) + shift)
    return model.eval()


def save(
    folder: Path, family: str, dtype: torch.dtype = torch.float32, template: str | None = None,
    shards: str = "5GB",
) -> Any:  # fmt: skip
    """A folder as it would come from the hub; returns the model in fp32."""
    model = random_model(family)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(weight.to(dtype))
    # Casting a model would round its rotation's frequencies as well.
    copy.deepcopy(model).to(dtype).save_pretrained(folder, max_shard_size=shards)
    TOKENIZERS.get(family, byte_level)().save(str(folder / "tokenizer.json"))
    if template is not None:
        config = {
            "chat_template": template,
            "eos_token": "<|im_end|>",
            "bos_token": "<|endoftext|>",
        }
        (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return model
