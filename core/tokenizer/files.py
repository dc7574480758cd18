"""Loading and saving tokenizers as the standard files that transformers reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokenizers import Tokenizer

from core.errors import Damaged
from core.files import write_json, write_text
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, MASK

TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "tokenizer_config.json"
NO_END = Sentence("Errors", N_("Errors", "it has no token for the end of a text"))
_NO_TOKENIZER = Sentence("Errors", N_("Errors", "it is not a tokenizer"))
_RESTORE = Sentence("Errors", N_("Errors", "Restore it from a copy, or read the corpus again."))


def load(path: Path) -> Tokenizer:
    """Load tokenizer.json (or the folder that holds it). User text never becomes special tokens,
    none are put around it, and it is never cut or filled up, whatever a foreign file says.

    Raises:
        Damaged: The file is missing or is no tokenizer.
    """
    file = path / TOKENIZER_FILE if path.is_dir() else path
    try:
        tokenizer = Tokenizer.from_str(file.read_text(encoding="utf-8"))
    except Exception as error:  # The library raises bare Exception.
        reason = reason_of(error) if isinstance(error, OSError) else _NO_TOKENIZER
        raise Damaged(path=str(file), reason=reason, hint=_RESTORE) from error
    tokenizer.encode_special_tokens = True
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if tokenizer.num_special_tokens_to_add(is_pair=False):
        tokenizer.post_processor = None  # Whoever frames a text does it by core.tokenizer.roles.
    return tokenizer


def to_text(tokenizer: Tokenizer) -> str:
    """The canonical content of tokenizer.json: equal tokenizers give equal text."""
    return tokenizer.to_str(pretty=False)


def tokenizer_hash(text: str) -> str:
    """Short name of a tokenizer: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def save_transformers(folder: Path, tokenizer_text: str, context: int) -> None:
    """Write tokenizer.json and tokenizer_config.json for AutoTokenizer."""
    write_text(folder / TOKENIZER_FILE, tokenizer_text)
    write_json(
        folder / CONFIG_FILE,
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": END_OF_TEXT,
            "eos_token": END_OF_TEXT,
            "pad_token": END_OF_TEXT,
            "mask_token": MASK,
            "model_max_length": context,
            "clean_up_tokenization_spaces": False,
            "chat_template": CHAT_TEMPLATE,
        },
    )
