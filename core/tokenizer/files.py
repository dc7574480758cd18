"""Loading and saving tokenizers as the standard files that transformers reads."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from tokenizers import Tokenizer, processors

from core.errors import Damaged
from core.files import friendly_os_errors, read_json, write_json, write_text
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles
from core.tokenizer.special import CHAT_TEMPLATE, END_OF_TEXT, MASK

TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "tokenizer_config.json"
NO_END = Sentence("Errors", N_("Errors", "it has no token for the end of a text"))
_TEMPLATE_FILE = "chat_template.jinja"
_KEPT = (
    TOKENIZER_FILE, _TEMPLATE_FILE, "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "vocab.txt", "tokenizer.model",
)  # fmt: skip
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


def settled_text(tokenizer: Tokenizer) -> str:
    """The content that stays the same when it is loaded and saved again: the library reads long
    fractions (the scores of other programs' Unigram) a little inexactly."""
    text = to_text(tokenizer)
    for _ in range(8):
        again = to_text(Tokenizer.from_str(text))
        if again == text:
            break
        text = again
    return text


def tokenizer_hash(text: str) -> str:
    """Short name of a tokenizer: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def save_transformers(
    folder: Path, tokenizer_text: str, context: int, parent: Path | None = None,
    template: str | None = None,
) -> None:  # fmt: skip
    """Write tokenizer.json and tokenizer_config.json for AutoTokenizer.

    Args:
        parent: Folder of a version that the tokenizer comes from: its files are kept as they are.
        template: The chat template; None: the parent's, else ChatML.
    """
    if parent is not None and (parent / CONFIG_FILE).is_file():
        _keep(parent, folder, context, template)
        return
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
            "chat_template": template or CHAT_TEMPLATE,
        },
    )


def _keep(parent: Path, folder: Path, context: int, template: str | None) -> None:
    """Everything of the parent's tokenizer, with the template that was chosen."""
    for name in _KEPT:
        if (parent / name).is_file() and not (template and name == _TEMPLATE_FILE):
            with friendly_os_errors(folder / name):
                shutil.copyfile(parent / name, folder / name)
    try:
        config = dict(read_json(parent / CONFIG_FILE))
    except (OSError, ValueError, TypeError) as error:
        path = str(parent / CONFIG_FILE)
        raise Damaged(path=path, reason=reason_of(error), hint=_RESTORE) from error
    config["model_max_length"] = context
    if template:
        config["chat_template"] = template
    write_json(folder / CONFIG_FILE, config)


def save_encoder(
    folder: Path, tokenizer_text: str, context: int, roles: TokenRoles, pad: int, segments: bool
) -> None:
    """The same for an encoder, whose texts are framed as in training: a classifier token before, a
    separator after each segment (core.tokenizer.frame).

    Args:
        pad: Id of the token that batches are filled up with.
        segments: Whether the model is told which segment a token belongs to.
    """
    tokenizer = Tokenizer.from_str(tokenizer_text)
    classifier = roles.begin if roles.classifier is None else roles.classifier
    separator = roles.end if roles.separator is None else roles.separator
    ids = {
        "bos_token": roles.begin, "eos_token": roles.end, "cls_token": classifier,
        "sep_token": separator, "pad_token": pad, "mask_token": roles.mask,
        "unk_token": roles.unknown,
    }  # fmt: skip
    named = {role: tokenizer.id_to_token(i) for role, i in ids.items() if i is not None}
    first, last = named["cls_token"], named["sep_token"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first}:0 $A:0 {last}:0",
        pair=f"{first}:0 $A:0 {last}:0 $B:1 {last}:1",
        special_tokens=list({first: classifier, last: separator}.items()),
    )
    write_text(folder / TOKENIZER_FILE, to_text(tokenizer))
    inputs = ["input_ids", *(["token_type_ids"] if segments else []), "attention_mask"]
    write_json(
        folder / CONFIG_FILE,
        {
            "tokenizer_class": "PreTrainedTokenizerFast", **named, "model_max_length": context,
            "clean_up_tokenization_spaces": False, "model_input_names": inputs,
        },
    )  # fmt: skip
