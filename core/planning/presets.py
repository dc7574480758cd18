"""Published models as their papers describe them: what the planner can answer for without building
them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """A model and how it was trained.

    `batch_tokens`: tokens of an optimiser step; `tokens`: of the whole training; `active`: weights
    that a token meets, where experts lie idle (None: all). `note` says what the paper leaves open.
    """

    key: str
    name: str
    layers: int
    width: int
    heads: int
    head_size: int
    feed_forward: int
    context: int
    vocabulary: int
    parameters: float
    tokens: float
    batch_tokens: int
    learning_rate: float | None
    source: str
    note: str = ""
    active: float | None = None
    learned_positions: bool = True

    @property
    def active_parameters(self) -> float:
        return self.active or self.parameters


_GPT1 = "Radford et al. 2018, Improving Language Understanding by Generative Pre-Training"
_GPT2 = "Radford et al. 2019, Language Models are Unsupervised Multitask Learners, table 2"
_GPT2_NOTE = (
    "The paper gives neither the learning rate nor how often WebText was read: one pass of its 40 GB, "
    "about 9 billion tokens, is assumed."
)
_GPT3 = "Brown et al. 2020, Language Models are Few-Shot Learners, table 2.1"
_BERT = "Devlin et al. 2018, BERT: Pre-training of Deep Bidirectional Transformers"
_K2 = "Kimi Team 2025, Kimi K2: Open Agentic Intelligence"
_SWITCH = "Fedus, Zoph and Shazeer 2021, Switch Transformers, table 9"
_XL_NOTE = "As printed: 24 heads of 128 are wider than the model; 16 would fit."


def _gpt2(key: str, name: str, layers: int, width: int, heads: int, millions: float) -> Preset:
    return Preset(
        key, name, layers, width, heads, 64, 4 * width, 1024, 50_257, millions * 1e6, 9e9,
        512 * 1024, None, _GPT2, _GPT2_NOTE,
    )  # fmt: skip


def _gpt3(
    key: str, name: str, layers: int, width: int, heads: int, head_size: int, billions: float,
    batch: float, rate: float, note: str = "",
) -> Preset:  # fmt: skip
    return Preset(
        key, name, layers, width, heads, head_size, 4 * width, 2048, 50_257, billions * 1e9, 300e9,
        int(batch * 1e6), rate, _GPT3, note,
    )  # fmt: skip


PRESETS: tuple[Preset, ...] = (
    Preset(
        "gpt1", "GPT-1", 12, 768, 12, 64, 3072, 512, 40_478, 116.5e6, 100e9, 64 * 512, 2.5e-4, _GPT1,
        "100 passes of BooksCorpus, about a billion tokens.",
    ),
    Preset(
        "bert-base", "BERT-base", 12, 768, 12, 64, 3072, 512, 30_522, 110e6, 131.072e9, 256 * 512,
        1e-4, _BERT, "A million steps; nine in ten of them read 128 tokens instead of 512.",
    ),
    _gpt2("gpt2-124m", "GPT-2 small", 12, 768, 12, 124.4),
    _gpt2("gpt2-355m", "GPT-2 medium", 24, 1024, 16, 354.8),
    _gpt2("gpt2-774m", "GPT-2 large", 36, 1280, 20, 774.0),
    _gpt2("gpt2-1.5b", "GPT-2 XL", 48, 1600, 25, 1557.6),
    _gpt3("gpt3-125m", "GPT-3 Small", 12, 768, 12, 64, 0.125, 0.5, 6.0e-4),
    _gpt3("gpt3-350m", "GPT-3 Medium", 24, 1024, 16, 64, 0.356, 0.5, 3.0e-4),
    _gpt3("gpt3-760m", "GPT-3 Large", 24, 1536, 16, 96, 0.760, 0.5, 2.5e-4),
    _gpt3("gpt3-1.3b", "GPT-3 XL", 24, 2048, 24, 128, 1.3, 1.0, 2.0e-4, _XL_NOTE),
    _gpt3("gpt3-2.7b", "GPT-3 2.7B", 32, 2560, 32, 80, 2.65, 1.0, 1.6e-4),
    _gpt3("gpt3-6.7b", "GPT-3 6.7B", 32, 4096, 32, 128, 6.66, 2.0, 1.2e-4),
    _gpt3("gpt3-13b", "GPT-3 13B", 40, 5140, 40, 128, 12.85, 2.0, 1.0e-4),
    _gpt3("gpt3-175b", "GPT-3 175B", 96, 12_288, 96, 128, 174.6, 3.2, 0.6e-4),
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


def dense_parameters(preset: Preset) -> int:
    """Weights of a dense transformer of these sizes, counted: four attention matrices, a two-matrix
    feed-forward layer with biases, norms, tied token table, learned positions."""
    d, f, across = preset.width, preset.feed_forward, preset.heads * preset.head_size
    attention = 4 * d * across + 3 * across + d
    block = attention + 2 * d * f + f + d + 4 * d
    positions = preset.context * d if preset.learned_positions else 0
    return preset.layers * block + preset.vocabulary * d + positions + 2 * d


def preset_of_size(parameters: float) -> Preset:
    """A dense model of any size in GPT-3's proportions, width = 128 · layers, so that 12 · layers ·
    width² are its weights; 20 tokens a parameter (Hoffmann et al. 2022)."""
    layers = max(1, round((parameters / (12 * 128**2)) ** (1 / 3)))
    width = max(64, round((parameters / (12 * layers)) ** 0.5 / 64) * 64)
    context = 2048 if parameters >= 1e8 else 512
    return Preset(
        "size", "A dense model", layers, width, max(1, width // 64), 64, 4 * width, context, 32_768,
        float(parameters), 20.0 * parameters, 500_000 if parameters >= 1e8 else 50_000, None,
        "Brown et al. 2020 (proportions); Hoffmann et al. 2022 (20 tokens a parameter)",
    )  # fmt: skip
