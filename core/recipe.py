"""The recipe: everything that decides what a training run is. Declared once, used everywhere."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from core.config import Config, setting
from core.reasons import Unsuitable
from core.sentences import N_, Sentence

Objective = Literal["causal", "masked", "chat", "preference", "distil"]
Method = Literal["full", "lora"]
FamilyKey = Literal[
    "qwen3",
    "gpt1",
    "gpt2",
    "gpt3",
    "llama",
    "mistral",
    "qwen2",
    "gemma3",
    "smollm3",
    "mixtral",
    "qwen3_moe",
    "bert",
    "roberta",
    "distilbert",
]

MODEL = N_("Settings", "Model")
LENGTH = N_("Settings", "Length of training")
OPTIMISER = N_("Settings", "Optimiser and schedule")
DATA = N_("Settings", "Text and tokenizer")
SPECIALISING = N_("Settings", "Specialising")
WATCHING = N_("Settings", "Watching and saving")


class Recipe(Config):
    """None means "the app decides"; what it decided is in the job folder's `decisions`."""

    objective: Objective = "causal"
    method: Method = "full"

    # ---- length: at most one of the three ----------------------------------------------------
    minutes: float | None = setting(
        None, group=LENGTH, advanced=False, unit="min", ge=0.2, le=100_000,
        label=N_("Settings", "Minutes"),
        help=N_("Settings", "Wall-clock time of the whole job, from its start to the published version."),
    )  # fmt: skip
    steps: int | None = setting(
        None, group=LENGTH, advanced=False, unit="steps", ge=1, le=100_000_000,
        label=N_("Settings", "Steps"),
        help=N_("Settings", "Number of optimiser steps; each reads one batch."),
    )  # fmt: skip
    epochs: float | None = setting(
        None, group=LENGTH, advanced=False, unit="passes", ge=0.01, le=10_000,
        label=N_("Settings", "Passes"),
        help=N_("Settings", "How often the corpus is read. After about four passes little is gained."),
    )  # fmt: skip

    # ---- model --------------------------------------------------------------------------------
    family: FamilyKey = setting(
        "qwen3", group=MODEL, advanced=False, label=N_("Settings", "Family"),
        help=N_("Settings", "Which published design the model has. Qwen3 is the modern default; the historic ones are as their papers describe them."),
        choices=(
            N_("Settings", "Qwen3"), N_("Settings", "GPT-1"), N_("Settings", "GPT-2"),
            N_("Settings", "GPT-3"), N_("Settings", "Llama"), N_("Settings", "Mistral"),
            N_("Settings", "Qwen2"), N_("Settings", "Gemma 3"), N_("Settings", "SmolLM3"),
            N_("Settings", "Mixtral (experts)"), N_("Settings", "Qwen3-MoE (experts)"),
            N_("Settings", "BERT"), N_("Settings", "RoBERTa"), N_("Settings", "DistilBERT"),
        ),
    )  # fmt: skip
    parameters: int | None = setting(
        None, group=MODEL, advanced=False, unit="parameters", ge=100_000, le=400_000_000,
        label=N_("Settings", "Model size"),
        help=N_("Settings", "Wanted number of parameters; depth and width grow together."),
    )  # fmt: skip
    layers: int | None = setting(
        None, group=MODEL, ge=1, le=128, unit="layers", label=N_("Settings", "Layers"),
        help=N_("Settings", "Number of transformer blocks. Overrides what the size dial chose."),
    )  # fmt: skip
    width: int | None = setting(
        None, group=MODEL, ge=32, le=16_384, unit="", label=N_("Settings", "Width"),
        help=N_("Settings", "Length of the vector that stands for a token; a multiple of the head size."),
    )  # fmt: skip
    feed_forward: int | None = setting(
        None, group=MODEL, ge=32, le=65_536, label=N_("Settings", "Feed-forward width"),
        help=N_("Settings", "Inner width of each block's feed-forward layer: usually about three times the width where it has a gate (Qwen, Llama, Gemma), four times in GPT and BERT."),
    )  # fmt: skip
    heads: int | None = setting(
        None, group=MODEL, ge=1, le=512, label=N_("Settings", "Heads"),
        help=N_("Settings", "How many places a token looks at side by side; usually the width divided by the head size."),
    )  # fmt: skip
    head_size: int | None = setting(
        None, group=MODEL, ge=16, le=256, label=N_("Settings", "Head size"),
        help=N_("Settings", "Width of one attention head: 32 for small models, 64 or 128 for larger."),
    )  # fmt: skip
    kv_heads: int | None = setting(
        None, group=MODEL, ge=1, le=128, label=N_("Settings", "Key/value heads"),
        help=N_("Settings", "Heads that keys and values have; fewer than query heads saves memory in chats."),
    )  # fmt: skip
    context: int | None = setting(
        None, group=MODEL, ge=16, le=32_768, unit="tokens", label=N_("Settings", "Context"),
        help=N_("Settings", "How many tokens the model sees at once."),
    )  # fmt: skip
    tied_embeddings: bool | None = setting(
        None, group=MODEL, label=N_("Settings", "Tied embeddings"),
        help=N_("Settings", "Input and output share one table: saves memory, costs a little quality when small."),
    )  # fmt: skip

    experts: int | None = setting(
        None, group=MODEL, ge=2, le=1024, label=N_("Settings", "Experts"),
        help=N_("Settings", "Feed-forward networks of a sparse block; each token uses only a few of them."),
    )  # fmt: skip
    chosen_experts: int | None = setting(
        None, group=MODEL, ge=1, le=64, label=N_("Settings", "Experts a token"),
        help=N_("Settings", "How many experts compute for each token."),
    )  # fmt: skip

    # ---- text ---------------------------------------------------------------------------------
    tokenizer: Literal["pieces", "characters"] = setting(
        "pieces", group=DATA, label=N_("Settings", "Tokenizer"),
        help=N_("Settings", "What a token is: pieces of words learnt from the text, or single characters (a small table, long sequences; good for experiments)."),
        choices=(N_("Settings", "pieces of words"), N_("Settings", "characters")),
    )  # fmt: skip
    vocabulary: int | None = setting(
        None, group=DATA, ge=300, le=262_144, unit="tokens", label=N_("Settings", "Vocabulary"),
        help=N_("Settings", "Number of different tokens. The app chooses by the size of the corpus."),
    )  # fmt: skip
    batch: int | None = setting(
        None, group=DATA, ge=1, le=65_536, unit="windows", label=N_("Settings", "Batch"),
        help=N_("Settings", "Windows of text for one optimiser step."),
    )  # fmt: skip
    micro_batch: int | None = setting(
        None, group=DATA, ge=1, le=65_536, unit="windows", label=N_("Settings", "Micro-batch"),
        help=N_("Settings", "Windows computed at once; smaller needs less memory, the result is the same."),
    )  # fmt: skip
    seed: int = setting(
        1, group=DATA, ge=0, le=2**31 - 1, label=N_("Settings", "Seed"),
        help=N_("Settings", "The same seed, text and recipe give the same model on the same machine."),
    )  # fmt: skip

    # ---- specialising -------------------------------------------------------------------------
    replay_share: float = setting(
        0.0, group=SPECIALISING, ge=0, le=0.9, label=N_("Settings", "Replay"),
        help=N_("Settings", "Share of the reading that is the parent's own text again, so that less of it is forgotten."),
    )  # fmt: skip
    chat_template: Literal["auto", "chatml", "plain"] = setting(
        "auto", group=SPECIALISING, label=N_("Settings", "Chat template"),
        help=N_("Settings", "How turns of a conversation are written: automatic keeps the parent's own template, or takes ChatML."),
        choices=(N_("Settings", "automatic"), N_("Settings", "ChatML"), N_("Settings", "plain (“Q: … A: …”)")),
    )  # fmt: skip
    preference_loss: Literal["dpo", "simpo"] = setting(
        "dpo", group=SPECIALISING, label=N_("Settings", "Preference method"),
        help=N_("Settings", "DPO compares with the parent version; SimPO needs no reference and prefers by average likelihood."),
        choices=(N_("Settings", "DPO"), N_("Settings", "SimPO (no reference)")),
    )  # fmt: skip
    beta: float | None = setting(
        None, group=SPECIALISING, ge=0.001, le=100, label=N_("Settings", "Beta"),
        help=N_("Settings", "How strongly preferences count: usually 0.1 for DPO, 2 for SimPO."),
    )  # fmt: skip
    margin: float = setting(
        0.5, group=SPECIALISING, ge=0, le=10, label=N_("Settings", "Margin (SimPO)"),
        help=N_("Settings", "By how much the better answer is to be ahead, as a share of beta."),
    )  # fmt: skip
    temperature: float = setting(
        2.0, group=SPECIALISING, ge=0.1, le=20, label=N_("Settings", "Temperature (distilling)"),
        help=N_("Settings", "Softens the teacher's probabilities, so that its second thoughts are learnt too."),
    )  # fmt: skip
    teacher_share: float | None = setting(
        None, group=SPECIALISING, ge=0, le=1, label=N_("Settings", "Weight of the teacher"),
        help=N_("Settings", "Share of the teacher's probabilities in what is minimised; the rest is the text itself."),
    )  # fmt: skip
    hidden_share: float | None = setting(
        None, group=SPECIALISING, ge=0, le=10, label=N_("Settings", "Weight of hidden states"),
        help=N_("Settings", "How much the directions of teacher's and pupil's hidden states are drawn together (both must be equally wide)."),
    )  # fmt: skip
    mask_share: float = setting(
        0.15, group=SPECIALISING, ge=0.01, le=0.9, label=N_("Settings", "Masked share"),
        help=N_("Settings", "Share of the tokens that are to be guessed; of them 80 % are hidden, 10 % replaced, 10 % kept."),
    )  # fmt: skip
    masking: Literal["auto", "static", "dynamic"] = setting(
        "auto", group=SPECIALISING, label=N_("Settings", "Masking"),
        help=N_("Settings", "Static hides the same tokens in each pass (BERT), dynamic draws anew each time (RoBERTa)."),
        choices=(N_("Settings", "as the family does"), N_("Settings", "static"), N_("Settings", "dynamic")),
    )  # fmt: skip
    next_sentence: bool | None = setting(
        None, group=SPECIALISING, label=N_("Settings", "Next-sentence prediction"),
        help=N_("Settings", "Also learn whether the second half of a window follows the first (BERT does)."),
    )  # fmt: skip
    lora_rank: int = setting(
        16, group=SPECIALISING, ge=1, le=1024, label=N_("Settings", "LoRA rank"),
        help=N_("Settings", "Width of the small matrices that LoRA adds: more can learn more and needs more memory."),
    )  # fmt: skip
    lora_alpha: float | None = setting(
        None, group=SPECIALISING, ge=0.01, le=10_000, label=N_("Settings", "LoRA alpha"),
        help=N_("Settings", "Scale of the change, alpha divided by rank; usually twice the rank."),
    )  # fmt: skip
    lora_targets: Literal["all", "attention"] = setting(
        "all", group=SPECIALISING, label=N_("Settings", "LoRA layers"),
        help=N_("Settings", "Which matrices get an adapter: all of every block, or those of attention only."),
        choices=(N_("Settings", "all linear layers"), N_("Settings", "attention only")),
    )  # fmt: skip
    lora_tokens: bool = setting(
        True, group=SPECIALISING, label=N_("Settings", "LoRA: turn tokens"),
        help=N_("Settings", "Learn the tokens between turns too: a version that has never held a conversation does not know them, and its answers would not end."),
    )  # fmt: skip
    dora: bool = setting(
        False, group=SPECIALISING, label=N_("Settings", "DoRA"),
        help=N_("Settings", "Learn length and direction of the weights apart: a little better at low rank, somewhat slower."),
    )  # fmt: skip
    base_precision: Literal["auto", "fp32", "bf16", "int8", "int4"] = setting(
        "auto", group=SPECIALISING, label=N_("Settings", "Precision of the frozen base"),
        help=N_("Settings", "LoRA leaves the parent's weights as they are: int8 and int4 keep them in a fraction of the memory."),
        choices=(N_("Settings", "automatic"), N_("Settings", "fp32"), N_("Settings", "bf16"), N_("Settings", "int8"), N_("Settings", "int4 (CUDA)")),
    )  # fmt: skip

    # ---- optimiser ----------------------------------------------------------------------------
    optimiser: Literal["muon", "adamw"] = setting(
        "muon", group=OPTIMISER, label=N_("Settings", "Optimiser"),
        help=N_("Settings", "Muon for matrices with AdamW for the rest learns fastest; AdamW is the classic."),
        choices=(N_("Settings", "Muon + AdamW"), N_("Settings", "AdamW")),
    )  # fmt: skip
    learning_rate: float | None = setting(
        None, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Learning rate (matrices)"),
        help=N_("Settings", "Size of a step for the weight matrices. Too high: the loss jumps; too low: it crawls."),
    )  # fmt: skip
    embedding_rate: float | None = setting(
        None, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Learning rate (embeddings)"),
        help=N_("Settings", "Size of a step for the token table."),
    )  # fmt: skip
    head_rate: float | None = setting(
        None, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Learning rate (output and norms)"),
        help=N_("Settings", "Size of a step for the output layer and the norms."),
    )  # fmt: skip
    weight_decay: float | None = setting(
        None, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Weight decay"),
        help=N_("Settings", "Pulls matrices towards zero; helps when the same text is read many times. The app chooses 0.1 beyond four passes from scratch, else none."),
    )  # fmt: skip
    dropout: float = setting(
        0.0, group=OPTIMISER, ge=0, le=0.9, label=N_("Settings", "Dropout"),
        help=N_("Settings", "Share of the numbers inside the model that is left out by chance in each training step: helps when the same text is read many times (0.1 in GPT-1 and BERT)."),
    )  # fmt: skip
    momentum: float = setting(
        0.9, group=OPTIMISER, ge=0, le=0.999, label=N_("Settings", "Momentum"),
        help=N_("Settings", "How much of the last direction is kept (Muon)."),
    )  # fmt: skip
    adam_beta2: float | None = setting(
        None, group=OPTIMISER, ge=0, le=0.99999, label=N_("Settings", "Adam's β2"),
        help=N_("Settings", "How much AdamW remembers of how large slopes have been: 0.95 by default, 0.999 in BERT and GPT-1."),
    )  # fmt: skip
    adam_epsilon: float | None = setting(
        None, group=OPTIMISER, ge=1e-12, le=0.1, label=N_("Settings", "Adam's ε"),
        help=N_("Settings", "Added to what AdamW divides by, so that weights with hardly any slope move less; 1e-8 in most papers."),
    )  # fmt: skip
    warmup_steps: int | None = setting(
        None, group=OPTIMISER, ge=0, le=100_000, unit="steps", label=N_("Settings", "Warm-up"),
        help=N_("Settings", "Steps over which the learning rate rises from zero."),
    )  # fmt: skip
    decay_share: float = setting(
        0.6, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Decay share"),
        help=N_("Settings", "Last part of the steps, in which the learning rate falls."),
    )  # fmt: skip
    decay_shape: Literal["linear", "cosine"] = setting(
        "linear", group=OPTIMISER, label=N_("Settings", "Shape of the decay"),
        help=N_("Settings", "How the learning rate falls: in a line, or along half a cosine wave, gently at first and at last (the GPTs, Llama)."),
        choices=(N_("Settings", "in a line"), N_("Settings", "cosine")),
    )  # fmt: skip
    decay_floor: float = setting(
        0.0, group=OPTIMISER, ge=0, le=1, label=N_("Settings", "Decay to"),
        help=N_("Settings", "Share of the learning rate that is left at the end: 0 in most trainings, 0.1 in GPT-3 and Llama 2."),
    )  # fmt: skip
    clip: float = setting(
        1.0, group=OPTIMISER, ge=0, le=1000, label=N_("Settings", "Gradient clipping"),
        help=N_("Settings", "Longest gradient that is used as it is; 0 switches it off."),
    )  # fmt: skip
    precision: Literal["auto", "fp32", "bf16"] = setting(
        "auto", group=OPTIMISER, label=N_("Settings", "Precision"),
        help=N_("Settings", "Number format of matrix products; auto measures which is faster here."),
        choices=(N_("Settings", "automatic"), N_("Settings", "fp32"), N_("Settings", "bf16")),
    )  # fmt: skip

    compile: Literal["auto", "on", "off"] = setting(
        "auto", group=OPTIMISER, label=N_("Settings", "Compile"),
        help=N_("Settings", "Translates the model into machine code first, which takes up to a minute; automatic: on a GPU, where the training is long enough and it is measured to be faster."),
        choices=(N_("Settings", "automatic"), N_("Settings", "on"), N_("Settings", "off")),
    )  # fmt: skip
    activation_checkpointing: Literal["auto", "on", "off"] = setting(
        "auto", group=OPTIMISER, label=N_("Settings", "Activation checkpointing"),
        help=N_("Settings", "Computes each block twice instead of keeping its intermediate results: much less memory, about a third slower."),
        choices=(N_("Settings", "automatic"), N_("Settings", "on"), N_("Settings", "off")),
    )  # fmt: skip
    optimiser_precision: Literal["auto", "fp32", "bf16"] = setting(
        "auto", group=OPTIMISER, label=N_("Settings", "Optimiser memory"),
        help=N_("Settings", "Number format in which the optimiser remembers; bf16 halves its memory and is a little less exact."),
        choices=(N_("Settings", "automatic"), N_("Settings", "fp32"), N_("Settings", "bf16")),
    )  # fmt: skip

    # ---- watching -----------------------------------------------------------------------------
    evaluations: int = setting(
        20, group=WATCHING, ge=1, le=1000, unit="times", label=N_("Settings", "Tests on the way"),
        help=N_("Settings", "How often the model is tested on unseen text while it trains."),
    )  # fmt: skip
    checkpoint_seconds: float = setting(
        45.0, group=WATCHING, ge=1, le=60, unit="s", label=N_("Settings", "Checkpoint every"),
        help=N_("Settings", "Longest time whose work a crash can cost."),
    )  # fmt: skip
    early_stopping: int | None = setting(
        None, group=WATCHING, ge=0, le=1000, unit="tests", label=N_("Settings", "Early stopping"),
        help=N_("Settings", "Tests in a row that are clearly worse than the best, after which the run stops by itself and publishes the best; 0 switches it off."),
    )  # fmt: skip
    checkpoint_gigabytes: float | None = setting(
        None, group=WATCHING, ge=0, le=100_000, unit="GB", label=N_("Settings", "Disk for checkpoints"),
        help=N_("Settings", "Older checkpoints go when all of them take more than this; unset: a tenth of the free disk. The newest, the best and the one before the decay always stay."),
    )  # fmt: skip
    keep_best: bool = setting(
        True, group=WATCHING, label=N_("Settings", "Keep the best"),
        help=N_("Settings", "Publish the state that was best on unseen text, not merely the last."),
    )  # fmt: skip
    prompt: str = setting(
        "", group=WATCHING, advanced=False, label=N_("Settings", "Opening of the samples"),
        help=N_("Settings", "Beginning that the model continues while it trains; empty: taken from unseen text."),
    )  # fmt: skip

    @model_validator(mode="after")
    def _one_length(self) -> Recipe:
        given = [n for n in ("minutes", "steps", "epochs") if getattr(self, n) is not None]
        if len(given) > 1:
            text = N_("Errors", "Choose only one of minutes, steps and passes.")
            raise Unsuitable(Sentence("Errors", text), tuple(given))
        return self
