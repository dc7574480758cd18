"""Published models as their papers describe them, each with its source."""

from __future__ import annotations

from dataclasses import replace

from core.planning.preset import Preset, Training

_GPT1 = "Radford et al. 2018, Improving Language Understanding by Generative Pre-Training"
_GPT2 = "Radford et al. 2019, Language Models are Unsupervised Multitask Learners, table 2"
_GPT1_NOTE = (
    "100 passes of BooksCorpus, about a billion tokens. The paper names neither Adam's β2 and ε nor a "
    "clipping: those of its published fine-tuning code are taken."
)
_GPT2_NOTE = (
    "The paper gives neither the optimiser and its schedule nor how often WebText was read: GPT-3's "
    "rate of the same size, Adam and cosine, GPT-1's weight decay, and one pass of its 40 GB, about 9 "
    "billion tokens, are assumed. The configuration that others load its weights with names a dropout "
    "of 0.1; the paper names none."
)
_GPT3 = "Brown et al. 2020, Language Models are Few-Shot Learners, table 2.1"
_BERT = "Devlin et al. 2018, BERT: Pre-training of Deep Bidirectional Transformers"
_GPT3_NOTE = (
    "The cosine took 260 of the 300 billion tokens, and a tenth of the rate remained; here it takes "
    "the whole training. The batch, which grew over the first 4 to 12 billion tokens, is whole at once."
)
_BERT_NOTE = (
    "A million steps; nine in ten of them read 128 tokens instead of 512. Adam's ε and the clipping are "
    "those of its published code."
)
_ROBERTA = "Liu et al. 2019, RoBERTa: A Robustly Optimized BERT Pretraining Approach, table 9"
_ROBERTA_NOTE = "500,000 steps of 8,192 windows; masked anew in each pass, no pairs of sentences."
_DISTIL = "Sanh et al. 2019, DistilBERT, a distilled version of BERT: smaller, faster, cheaper"
_DISTIL_NOTE = (
    "To be taught by BERT: objective distil, temperature 2. The paper names a batch of up to 4,000 "
    "windows; Adam, the schedule, the clipping and three passes are those of its published code."
)
_SMOL_NOTE = "Batch, Adam's ε, weight decay and clipping are those of its published configuration."
_K2 = "Kimi Team 2025, Kimi K2: Open Agentic Intelligence"
_SWITCH = "Fedus, Zoph and Shazeer 2021, Switch Transformers, table 9"
_XL_NOTE = "As printed: 24 heads of 128 are wider than the model; it is built with 16, which fit."
_13B_NOTE = "As printed: a width of 5,140 does not divide into 40 heads; it is built with 5,120."
_UNSAID = "The paper does not say how much was read: 20 tokens a weight are assumed."

_COSINE = Training(
    warmup_tokens=375e6, weight_decay=0.1, decay_share=1.0, decay_shape="cosine", decay_floor=0.1,
    adam_beta2=0.95, adam_epsilon=1e-8, clip=1.0,
)  # fmt: skip
"""GPT-3's (appendix B): a rise over 375 million tokens, then a cosine to a tenth; no dropout is named."""
_BERTS = Training(
    warmup_steps=10_000, weight_decay=0.01, decay_share=1.0, decay_shape="linear", adam_beta2=0.999,
    adam_epsilon=1e-6, clip=1.0, dropout=0.1,
)  # fmt: skip
_ROBERTAS = replace(_BERTS, adam_beta2=0.98, clip=0.0)


def _gpt2(
    key: str, name: str, layers: int, width: int, heads: int, millions: float, rate: float
) -> Preset:
    return Preset(
        key, name, layers, width, heads, 64, 4 * width, 1024, 50_257, millions * 1e6, 9e9,
        512 * 1024, rate, _GPT2, _GPT2_NOTE, family="gpt2",
        training=replace(_COSINE, weight_decay=0.01),
    )  # fmt: skip


def _gpt3(
    key: str, name: str, layers: int, width: int, heads: int, head_size: int, billions: float,
    batch: float, rate: float, note: str = "",
) -> Preset:  # fmt: skip
    return Preset(
        key, name, layers, width, heads, head_size, 4 * width, 2048, 50_257, billions * 1e9, 300e9,
        int(batch * 1e6), rate, _GPT3, f"{note} {_GPT3_NOTE}".strip(), family="gpt3",
        training=_COSINE,
    )  # fmt: skip


def _encoder(
    key: str, name: str, layers: int, width: int, vocabulary: int, millions: float, tokens: float,
    batch: int, rate: float, source: str, note: str, training: Training = _BERTS,
) -> Preset:  # fmt: skip
    return Preset(
        key, name, layers, width, width // 64, 64, 4 * width, 512, vocabulary, millions * 1e6,
        tokens, batch * 512, rate, source, note, family=key.partition("-")[0], training=training,
    )  # fmt: skip


HISTORIC: tuple[Preset, ...] = (
    Preset(
        "gpt1", "GPT-1", 12, 768, 12, 64, 3072, 512, 40_478, 116.5e6, 100e9, 64 * 512, 2.5e-4, _GPT1,
        _GPT1_NOTE, family="gpt1",
        training=Training(
            warmup_steps=2000, weight_decay=0.01, decay_share=1.0, decay_shape="cosine",
            decay_floor=0.0, adam_beta2=0.999, adam_epsilon=1e-8, clip=1.0, dropout=0.1,
        ),
    ),
    _encoder("bert-base", "BERT-base", 12, 768, 30_522, 110, 131.072e9, 256, 1e-4, _BERT, _BERT_NOTE),
    _encoder("bert-large", "BERT-large", 24, 1024, 30_522, 336, 131.072e9, 256, 1e-4, _BERT, _BERT_NOTE),
    _encoder(
        "roberta-base", "RoBERTa-base", 12, 768, 50_265, 125, 2097e9, 8192, 6e-4, _ROBERTA,
        _ROBERTA_NOTE, replace(_ROBERTAS, warmup_steps=24_000),
    ),
    _encoder(
        "roberta-large", "RoBERTa-large", 24, 1024, 50_265, 355, 2097e9, 8192, 4e-4, _ROBERTA,
        _ROBERTA_NOTE, replace(_ROBERTAS, warmup_steps=30_000),
    ),
    _encoder(
        "distilbert", "DistilBERT", 6, 768, 30_522, 67, 10e9, 4000, 5e-4, _DISTIL, _DISTIL_NOTE,
        Training(
            warmup_steps=244, weight_decay=0.0, decay_share=0.95, decay_shape="linear",
            adam_beta2=0.98, adam_epsilon=1e-6, clip=5.0, dropout=0.1,
        ),  # A twentieth of its 4,883 steps.
    ),
    _gpt2("gpt2-124m", "GPT-2 small", 12, 768, 12, 124.4, 6e-4),
    _gpt2("gpt2-355m", "GPT-2 medium", 24, 1024, 16, 354.8, 3e-4),
    _gpt2("gpt2-774m", "GPT-2 large", 36, 1280, 20, 774.0, 2.5e-4),
    _gpt2("gpt2-1.5b", "GPT-2 XL", 48, 1600, 25, 1557.6, 2e-4),
    _gpt3("gpt3-125m", "GPT-3 Small", 12, 768, 12, 64, 0.125, 0.5, 6.0e-4),
    _gpt3("gpt3-350m", "GPT-3 Medium", 24, 1024, 16, 64, 0.356, 0.5, 3.0e-4),
    _gpt3("gpt3-760m", "GPT-3 Large", 24, 1536, 16, 96, 0.760, 0.5, 2.5e-4),
    _gpt3("gpt3-1.3b", "GPT-3 XL", 24, 2048, 24, 128, 1.32, 1.0, 2.0e-4, _XL_NOTE),
    _gpt3("gpt3-2.7b", "GPT-3 2.7B", 32, 2560, 32, 80, 2.65, 1.0, 1.6e-4),
    _gpt3("gpt3-6.7b", "GPT-3 6.7B", 32, 4096, 32, 128, 6.66, 2.0, 1.2e-4),
    _gpt3("gpt3-13b", "GPT-3 13B", 40, 5140, 40, 128, 12.85, 2.0, 1.0e-4, _13B_NOTE),
    _gpt3("gpt3-175b", "GPT-3 175B", 96, 12_288, 96, 128, 174.6, 3.2, 0.6e-4),
)  # fmt: skip


def _modern(
    key: str, name: str, family: str, sizes: tuple[int, ...], tied: bool, billions: float,
    tokens: float | None, batch: float, rate: float | None, source: str, note: str = "", *,
    training: Training | None = None, experts: tuple[int, int] = (0, 0),
    active: float | None = None,
) -> Preset:  # fmt: skip
    """`sizes`: layers, width, heads, key/value heads, head size, feed-forward, context, vocabulary."""
    layers, width, heads, kv_heads, head_size, inner, context, vocabulary = sizes
    said = _UNSAID if tokens is None else ""
    return Preset(
        key, name, layers, width, heads, head_size, inner, context, vocabulary, billions * 1e9,
        tokens or 20e9 * billions, int(batch), rate, source, " ".join(filter(None, (note, said))),
        active=active, learned_positions=False, family=family, kv_heads=kv_heads, tied=tied,
        training=training or Training(), experts=experts[0], chosen=experts[1],
    )  # fmt: skip


_LLAMA2 = Training(
    warmup_steps=2000, weight_decay=0.1, decay_share=1.0, decay_shape="cosine", decay_floor=0.1,
    adam_beta2=0.95, adam_epsilon=1e-5, clip=1.0,
)  # fmt: skip
_SMOL2 = Training(
    warmup_steps=2000, weight_decay=0.01, decay_share=0.2, decay_shape="linear", adam_beta2=0.95,
    adam_epsilon=1e-8, clip=1.0,
)  # fmt: skip
_SMOL3 = replace(_SMOL2, weight_decay=0.1, decay_share=0.1, adam_epsilon=None)
_NO_RATE = "The paper names no learning rate: the app chooses."

MODERN: tuple[Preset, ...] = (
    _modern(
        "llama2-7b", "Llama 2 7B", "llama", (32, 4096, 32, 32, 128, 11_008, 4096, 32_000), False,
        6.738, 2e12, 4e6, 3e-4, "Touvron et al. 2023, Llama 2: Open Foundation and Fine-Tuned Chat "
        "Models, section 2.2", training=_LLAMA2,
    ),
    _modern(
        "llama3.2-1b", "Llama 3.2 1B", "llama", (16, 2048, 32, 8, 64, 8192, 8192, 128_256), True,
        1.236, 9e12, 4e6, None, "Meta 2024, Llama 3.2 model card", "Cut out of the model of 8 "
        "billion weights and distilled; neither rate nor batch is published.",
    ),
    _modern(
        "mistral-7b", "Mistral 7B", "mistral", (32, 4096, 32, 8, 128, 14_336, 8192, 32_000), False,
        7.242, None, 4e6, None, "Jiang et al. 2023, Mistral 7B, table 1", _NO_RATE,
    ),
    _modern(
        "qwen2.5-0.5b", "Qwen2.5 0.5B", "qwen2", (24, 896, 14, 2, 64, 4864, 4096, 151_936), True,
        0.494, 18e12, 4e6, None, "Qwen Team 2024, Qwen2.5 Technical Report", _NO_RATE,
    ),
    _modern(
        "qwen3-0.6b", "Qwen3 0.6B", "qwen3", (28, 1024, 16, 8, 128, 3072, 4096, 151_936), True,
        0.596, 36e12, 4e6, None, "Qwen Team 2025, Qwen3 Technical Report, table 1", _NO_RATE,
    ),
    _modern(
        "gemma3-270m", "Gemma 3 270M", "gemma3", (18, 640, 4, 1, 256, 2048, 8192, 262_144), True,
        0.268, 6e12, 4e6, None, "Google 2025, Gemma 3 model card", _NO_RATE,
    ),
    _modern(
        "gemma3-1b", "Gemma 3 1B", "gemma3", (26, 1152, 4, 1, 256, 6912, 8192, 262_144), True,
        1.0, 2e12, 4e6, None, "Gemma Team 2025, Gemma 3 Technical Report, table 1", _NO_RATE,
    ),
    _modern(
        "smollm2-135m", "SmolLM2 135M", "llama", (30, 576, 9, 3, 64, 1536, 2048, 49_152), True,
        0.1345, 2e12, 512 * 2048, 3e-3, "Ben Allal et al. 2025, SmolLM2: When Smol Goes Big, appendix",
        _SMOL_NOTE, training=_SMOL2,
    ),
    _modern(
        "smollm2-360m", "SmolLM2 360M", "llama", (32, 960, 15, 5, 64, 2560, 2048, 49_152), True,
        0.3618, 4e12, 768 * 2048, 3e-3, "Ben Allal et al. 2025, SmolLM2: When Smol Goes Big, appendix",
        _SMOL_NOTE, training=_SMOL2,
    ),
    _modern(
        "smollm3-3b", "SmolLM3 3B", "smollm3", (36, 2048, 16, 4, 128, 11_008, 4096, 128_256), True,
        3.075, 11.2e12, 2.36e6, 2e-4, "Hugging Face 2025, SmolLM3: smol, multilingual, long-context "
        "reasoner", "Its table of tokens had no weight decay; here all matrices have.",
        training=_SMOL3,
    ),
    _modern(
        "mixtral-8x7b", "Mixtral 8x7B", "mixtral", (32, 4096, 32, 8, 128, 14_336, 32_768, 32_000),
        False, 46.7, None, 4e6, None, "Jiang et al. 2024, Mixtral of Experts, table 1",
        f"2 experts of 8 a token. {_NO_RATE}", experts=(8, 2), active=12.9e9,
    ),
    _modern(
        "qwen3-30b-a3b", "Qwen3 30B-A3B", "qwen3_moe", (48, 2048, 32, 4, 128, 768, 4096, 151_936),
        False, 30.5, 36e12, 4e6, None, "Qwen Team 2025, Qwen3 Technical Report, table 2",
        f"8 experts of 128 a token. {_NO_RATE}", experts=(128, 8), active=3.3e9,
    ),
)  # fmt: skip

BEYOND: tuple[Preset, ...] = (
    Preset(
        "switch-c", "Switch-C, 2,048 experts", 30, 2080, 32, 64, 6144, 512, 32_128, 1571e9, 524.3e9,
        1 << 20, None, _SWITCH,
        "15 + 15 layers; one expert of 2,048 a token; 500,000 steps are assumed.", 1.6e9,
        learned_positions=False,
    ),
    Preset(
        "kimi-k2", "Kimi K2, 384 experts", 61, 7168, 64, 128, 2048, 4096, 163_840, 1040e9, 15.5e12,
        67_000_000, 2e-4, _K2, "8 experts of 384 and a shared one a token.", 32.6e9,
        learned_positions=False,
    ),
)  # fmt: skip
"""Of families that are not built here: they can be planned, but not trained."""
