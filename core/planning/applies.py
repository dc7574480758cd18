"""Which settings have a meaning for what is trained, and which choices go together.

One source of truth for the form (which shows only what applies), the command line and the worker.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.config import label_of
from core.errors import FieldFault
from core.families.registry import family_of
from core.planning.adapters import TALKS
from core.planning.shape import FOUR_TIMES
from core.recipe import Recipe
from core.sentences import N_, Sentence, Value

SHAPE = frozenset(
    ("family", "parameters", "layers", "width", "feed_forward", "heads", "head_size", "kv_heads",
     "tied_embeddings", "experts", "chosen_experts", "tokenizer", "vocabulary")
)  # fmt: skip
"""What a version that goes on cannot change."""
_LORA = frozenset(
    ("lora_rank", "lora_alpha", "lora_targets", "lora_tokens", "dora", "base_precision")
)
_ALL_WEIGHTS = frozenset(("optimiser", "momentum", "embedding_rate", "head_rate"))
"""LoRA trains with AdamW and one rate."""
_BY_OBJECTIVE = {
    "masked": frozenset(("mask_share", "masking", "next_sentence")),
    "chat": frozenset(("chat_template",)),
    "preference": frozenset(("chat_template", "preference_loss", "beta", "margin")),
    "distil": frozenset(("temperature", "teacher_share", "hidden_share")),
    "causal": frozenset[str](),
}
_SPECIAL = _LORA | frozenset().union(*_BY_OBJECTIVE.values()) | {"replay_share"}
_KEPT = frozenset(("family", "tokenizer", "experts", "chosen_experts"))
_SPARSE = ("mixtral", "qwen3_moe")


def applies(name: str, recipe: Recipe, goes_on: bool) -> bool:
    """Whether the setting `name` means anything for this recipe. `goes_on`: from a version."""
    if name in SHAPE and goes_on:
        return False
    if name in ("tokenizer", "vocabulary") and recipe.objective == "distil":
        return False  # The teacher's.
    if name in ("experts", "chosen_experts"):
        return recipe.family in _SPARSE
    if name == "kv_heads":
        return family_of(recipe.family).config.gated
    if name == "tied_embeddings":
        return family_of(recipe.family).kind == "decoder"
    if name == "feed_forward":
        return recipe.family not in FOUR_TIMES
    if name == "lora_tokens":
        return recipe.method == "lora" and recipe.objective in TALKS
    if name in _LORA:
        return recipe.method == "lora"
    if name in _ALL_WEIGHTS and recipe.method == "lora":
        return False
    if name == "momentum":
        return recipe.optimiser == "muon"
    if name in ("decay_shape", "decay_floor"):
        return recipe.decay_share > 0
    if name == "replay_share":
        return goes_on and recipe.objective in ("causal", "chat", "masked")
    if name == "margin":
        return recipe.objective == "preference" and recipe.preference_loss == "simpo"
    if name == "next_sentence":
        return recipe.objective == "masked" and (goes_on or recipe.family == "bert")
    if name in _SPECIAL:
        return name in _BY_OBJECTIVE[recipe.objective]
    return True


def without_effect(names: Iterable[str], recipe: Recipe, parent: str | None) -> list[FieldFault]:
    """Which of the settings `names`, chosen by hand, would be ignored in silence.

    Args:
        parent: The family of the version that is gone on from, if any. That its sizes cannot change
            is planning.check's to say.
    """
    found: list[FieldFault] = []
    for name in names:
        values: dict[str, Value] = {"name": label_of(Recipe, name)}
        if parent is not None and name in _KEPT:
            if name == "family" and recipe.family == parent:
                continue
            text = N_("Errors", "{name} cannot change when a version goes on: leave it to the app, or train from scratch.")  # fmt: skip
            found.append((name, Sentence("Errors", text, values)))
        elif not (parent is not None and name in SHAPE) and not applies(name, recipe, bool(parent)):
            text = N_("Errors", "{name} has no effect on this training: leave it out.")
            found.append((name, Sentence("Errors", text, values)))
    return found


def combination(
    recipe: Recipe, goes_on: bool, teacher: bool, family: str | None = None
) -> list[FieldFault]:
    """What does not go together, by field. `family`: the parent's, where one is gone on from."""
    key = family or recipe.family
    encoder = family_of(key).kind == "encoder"
    found: list[FieldFault] = []

    def fault(field: str, text: str) -> None:
        found.append((field, Sentence("Errors", text)))

    if encoder and recipe.objective in ("causal", "chat", "preference"):
        fault("objective", N_("Errors", "This family fills in blanks and continues nothing: choose the objective masked, or another family."))  # fmt: skip
    if not encoder and recipe.objective == "masked":
        fault("objective", N_("Errors", "Only BERT, RoBERTa and DistilBERT fill in blanks: choose one of them as family, or the objective causal."))  # fmt: skip
    if recipe.objective == "masked" and encoder and recipe.next_sentence and key != "bert":
        fault("next_sentence", N_("Errors", "Only BERT learns whether one segment follows another: switch next-sentence prediction off, or choose BERT."))  # fmt: skip
    if recipe.objective in ("chat", "preference") and not goes_on:
        fault("objective", N_("Errors", "Conversations are taught to a version that can already write: choose one to go on from (--from)."))  # fmt: skip
    if recipe.method == "lora" and not goes_on:
        fault("method", N_("Errors", "LoRA adds to a version: choose one to go on from (--from), or train all weights."))  # fmt: skip
    if recipe.method == "lora" and recipe.base_precision == "fp32" and recipe.precision == "bf16":
        fault("base_precision", N_("Errors", "A base in fp32 is computed in fp32: leave the precision to the app, or choose bf16 for the base."))  # fmt: skip
    if recipe.objective == "distil" and not teacher:
        fault("teacher", N_("Errors", "Distilling needs a teacher: choose the version to learn from (--teacher)."))  # fmt: skip
    if recipe.objective != "distil" and teacher:
        fault("teacher", N_("Errors", "A teacher is only asked when distilling: choose the objective distil, or no teacher."))  # fmt: skip
    return found
