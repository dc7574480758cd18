"""Byte-level BPE trained on a corpus, in the form that Qwen2's tokenizer has.

Japanese has no spaces: with Qwen2's pattern a whole clause is one "word". The merges are therefore
learned on text split further at changes of script and at a length cap; the file keeps the standard
pattern, which no merge contradicts (docs: learning.md, "Tokenizer").
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from core.tokenizer.ranks import QWEN2_PATTERN
from core.tokenizer.special import SPECIAL_TOKENS

_JAPANESE = r"\p{Han}々〆ヵヶ\p{Hiragana}\p{Katakana}ー、。，．「」『』（）！？…・―"
SCRIPT_PATTERN = (
    r"[\p{Han}々〆ヵヶ]{1,6}|\p{Hiragana}{1,8}|[\p{Katakana}ー]{1,12}|[、。，．「」『』（）！？…・―]{1,8}"
    rf"|[^{_JAPANESE}]{{1,40}}"
)
"""Runs of one script, capped: an endless line of letters must not be one endless word."""
SAMPLE_BYTES = 24 << 20


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Learn up to `vocabulary` tokens (256 bytes and the special tokens among them) from `texts`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated"),
            pre_tokenizers.Split(Regex(SCRIPT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return standard_form(tokenizer)


def standard_form(tokenizer: Tokenizer) -> Tokenizer:
    """Give the learned merges the published pre-tokenizer and decoder."""
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.encode_special_tokens = True
    return tokenizer
