"""The tokenizer of a foreign model as the standard files, whatever it came as."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from core.errors import CannotImport
from core.files import write_json, write_text
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence
from core.tokenizer.files import CONFIG_FILE, TOKENIZER_FILE
from core.tokenizer.roles import TokenRoles, roles_of
from core.tokenizer.train import QWEN2_PATTERN
from core.versions.importing import sentencepiece
from core.versions.importing.small import checked_config, small_json

TEMPLATE_FILE = "chat_template.jinja"
GENERATION = "generation_config.json"
_MOST_TOKENIZER = 256 << 20
_MOST_TEMPLATE = 1 << 20
_ROLES = (
    "bos_token",
    "eos_token",
    "unk_token",
    "sep_token",
    "pad_token",
    "cls_token",
    "mask_token",
)
_TOKENIZER = Sentence("Errors", N_("Errors", "it is not a tokenizer that this program reads"))
_GET = Sentence("Errors", N_("Errors", "Get tokenizer.json of the same model and put it into the folder."))  # fmt: skip
_CONVERT = Sentence(
    "Errors",
    N_(
        "Errors",
        "Have tokenizer.json made once: in Python with transformers and sentencepiece, "
        "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).",
    ),
)


_WITHOUT = Sentence(
    "Errors",
    N_("Errors", "Choose a model that comes with tokenizer.json: such a tokenizer needs no dictionary."),
)  # fmt: skip
_DICTIONARIES = ("mecab", "sudachi", "jumanpp")


@dataclass
class Vocabulary:
    """A tokenizer ready to be stored. `text` of tokenizer.json, `config` of tokenizer_config.json,
    `template` of conversations where the model has one, `generation` of generation_config.json."""

    text: str
    tokenizer: Tokenizer
    config: dict[str, Any]
    place: Path
    """Where it came from, to name it."""
    template: str | None = None
    generation: dict[str, Any] = field(default_factory=dict[str, Any])
    end_stands_in: bool = False
    """Whether the model has no token for the end of a text, and its unknown token stands for it."""

    @property
    def size(self) -> int:
        """One more than the largest id."""
        return max(self.tokenizer.get_vocab().values(), default=-1) + 1

    def roles(self, folder: Path) -> TokenRoles | None:
        """After `write` into `folder`."""
        return roles_of(self.tokenizer, folder)

    def write(self, folder: Path) -> None:
        write_text(folder / TOKENIZER_FILE, self.text)
        write_json(folder / CONFIG_FILE, self.config)


def vocabulary_of(folder: Path, config: dict[str, Any]) -> Vocabulary:
    """From tokenizer.json, else from the older files of the same tokenizer.

    Args:
        config: config.json of the model.

    Raises:
        CannotImport: There is none that can be read without the program that made it.
    """
    named = _named(folder)
    if (folder / TOKENIZER_FILE).is_file():
        text, tokenizer = _read(folder / TOKENIZER_FILE)
    elif (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file():
        tokenizer = _byte_pairs(folder, named, config)
        text = tokenizer.to_str(pretty=False)
    elif (folder / "vocab.txt").is_file():
        tokenizer = _word_pieces(folder, named, config)
        text = tokenizer.to_str(pretty=False)
    elif model := next((folder / n for n in sentencepiece.FILES if (folder / n).is_file()), None):
        tokenizer = _sentence_pieces(model, named)
        text = tokenizer.to_str(pretty=False)
    else:
        text = N_("Errors", "there is no tokenizer.json in it")
        raise CannotImport("path", path=str(folder), reason=Sentence("Errors", text), hint=_GET)
    found = Vocabulary(
        text, tokenizer, named, folder, _template(folder, named), _generation(folder)
    )
    return with_roles(found, config)


def with_roles(found: Vocabulary, config: dict[str, Any]) -> Vocabulary:
    """Names the tokens that config.json only numbers, so that `roles_of` finds an end."""
    for role in ("bos", "eos", "pad"):
        given = config.get(f"{role}_token_id")
        first = given[0] if isinstance(given, list) and given else given
        token = found.tokenizer.id_to_token(first) if type(first) is int and first >= 0 else None
        if token is not None:
            found.config.setdefault(f"{role}_token", token)
    first = first_of(found.text)
    if first not in (None, "[CLS]", found.config.get("cls_token")):
        found.config.setdefault("bos_token", first)
    if not _has_end(found):
        token = found.config.get("unk_token") or "<unk>"
        if found.tokenizer.token_to_id(str(token)) is not None:
            found.config["eos_token"], found.end_stands_in = token, True
    found.config.setdefault("tokenizer_class", "PreTrainedTokenizerFast")
    found.config.pop("chat_template", None)
    if found.template is not None:
        found.config["chat_template"] = found.template
    return found


def first_of(text: str) -> str | None:
    """The token that a tokenizer.json itself puts before every text."""
    frame = json.loads(text).get("post_processor") or {}
    for step in frame.get("processors") or [frame]:
        first = (step.get("single") or [{}])[0] if step.get("type") == "TemplateProcessing" else {}
        if "SpecialToken" in first:
            return str(first["SpecialToken"].get("id"))
    return None


def _has_end(found: Vocabulary) -> bool:
    named = found.config.get("eos_token")
    if isinstance(named, str) and found.tokenizer.token_to_id(named) is not None:
        return True
    return roles_of(found.tokenizer) is not None


def _named(folder: Path) -> dict[str, Any]:
    """tokenizer_config.json, with what special_tokens_map.json says beside it; tokens as text."""
    data: dict[str, Any] = {}
    if (folder / CONFIG_FILE).is_file():
        data = checked_config(folder / CONFIG_FILE)
    if (folder / "special_tokens_map.json").is_file():
        others = small_json(folder / "special_tokens_map.json")
        data |= {r: others[r] for r in _ROLES if others.get(r) and not data.get(r)}
    for role in _ROLES:
        value = data.get(role)
        if isinstance(value, dict):
            data[role] = value.get("content")
        if role in data and not isinstance(data[role], str):
            del data[role]
    return data


def _read(file: Path) -> tuple[str, Tokenizer]:
    try:
        if file.stat().st_size > _MOST_TOKENIZER:
            raise Unsuitable(
                Sentence("Errors", N_("Errors", "it is far too large for such a file"))
            )
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CannotImport("path", path=str(file), reason=reason_of(error), hint=_GET) from error
    try:
        return text, Tokenizer.from_str(text)
    except Exception as error:  # The library raises bare Exception.
        raise CannotImport("path", path=str(file), reason=_TOKENIZER, hint=_GET) from error


def _template(folder: Path, named: dict[str, Any]) -> str | None:
    """chat_template.jinja, else the one of tokenizer_config.json (of several, the default)."""
    if (folder / TEMPLATE_FILE).is_file():
        try:
            if (folder / TEMPLATE_FILE).stat().st_size > _MOST_TEMPLATE:
                text = N_("Errors", "it is far too large for such a file")
                raise Unsuitable(Sentence("Errors", text))
            return (folder / TEMPLATE_FILE).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            file = str(folder / TEMPLATE_FILE)
            raise CannotImport("path", path=file, reason=reason_of(error), hint=_GET) from error
    given = named.get("chat_template")
    if isinstance(given, list):
        given = {str(t.get("name")): t.get("template") for t in given if isinstance(t, dict)}
    if isinstance(given, dict):
        given = given.get("default")
    return given if isinstance(given, str) and given.strip() else None


def _generation(folder: Path) -> dict[str, Any]:
    file = folder / GENERATION
    return checked_config(file) if file.is_file() else {}


# ---- older files ---------------------------------------------------------------------------------


def _byte_pairs(folder: Path, named: dict[str, Any], config: dict[str, Any]) -> Tokenizer:
    """vocab.json and merges.txt, as GPT-1, GPT-2, RoBERTa and Qwen have them."""
    vocabulary, merges = _vocabulary(folder / "vocab.json"), _merges(folder / "merges.txt")
    kind = f"{named.get('tokenizer_class', '')} {config.get('model_type', '')}".casefold()
    try:
        if "openai" in kind:
            return _gpt1(vocabulary, merges, named)
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    except Exception as error:
        file = str(folder / "merges.txt")
        raise CannotImport("path", path=file, reason=_TOKENIZER, hint=_GET) from error
    space = bool(named.get("add_prefix_space", False))
    if "qwen" in kind:
        tokenizer.normalizer = normalizers.NFC()
        split = pre_tokenizers.Split(Regex(QWEN2_PATTERN), "isolated")
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=space)
    tokenizer.decoder = decoders.ByteLevel()
    usual = ("<s>", "<pad>", "</s>", "<unk>", "<mask>") if "roberta" in kind else ("<|endoftext|>",)
    _add_special(tokenizer, folder, named, usual)
    if "roberta" in kind:
        for role, token in (
            ("bos_token", "<s>"), ("cls_token", "<s>"), ("eos_token", "</s>"), ("sep_token", "</s>"),
            ("pad_token", "<pad>"), ("unk_token", "<unk>"), ("mask_token", "<mask>"),
        ):  # fmt: skip
            named.setdefault(role, token)
        ends: list[Any] = [
            (t, tokenizer.token_to_id(t)) for t in (named["sep_token"], named["cls_token"])
        ]
        tokenizer.post_processor = processors.RobertaProcessing(ends[0], ends[1], True, space)
    return tokenizer


def _gpt1(
    vocabulary: dict[str, int], merges: list[tuple[str, str]], named: dict[str, Any]
) -> Tokenizer:
    """GPT-1's lower-casing byte pairs with word ends (Radford et al. 2018)."""
    unknown = str(named.setdefault("unk_token", "<unk>"))
    model = models.BPE(
        vocab=vocabulary,
        merges=merges,
        unk_token=unknown,
        end_of_word_suffix="</w>",
        fuse_unk=False,
    )
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens([AddedToken(unknown, normalized=False, special=True)])
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.BPEDecoder(suffix="</w>")
    return tokenizer


def _word_pieces(folder: Path, named: dict[str, Any], config: dict[str, Any]) -> Tokenizer:
    """vocab.txt, as BERT has it (Devlin et al. 2018)."""
    classes = f"{named.get('tokenizer_class', '')} {config.get('tokenizer_class', '')}".casefold()
    if "japanese" in classes or str(named.get("word_tokenizer_type")) in _DICTIONARIES:
        text = N_("Errors", "its tokenizer needs a dictionary of Japanese that is not part of it")
        raise CannotImport("path", path=str(folder), reason=Sentence("Errors", text), hint=_WITHOUT)
    lines = _lines(folder / "vocab.txt")
    vocabulary = {token: index for index, token in enumerate(lines)}
    for role, token in (
        ("unk_token", "[UNK]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"),
        ("cls_token", "[CLS]"), ("mask_token", "[MASK]"),
    ):  # fmt: skip
        named.setdefault(role, token)
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=str(named["unk_token"])))  # pyright: ignore[reportCallIssue]
    lower = bool(named.get("do_lower_case", True))
    accents = named.get("strip_accents")
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=lower, strip_accents=accents if isinstance(accents, bool) else None,
        handle_chinese_chars=bool(named.get("tokenize_chinese_chars", True)),
    )  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    _add_special(tokenizer, folder, named, ())
    cls, sep = str(named["cls_token"]), str(named["sep_token"])
    ids = [(token, tokenizer.token_to_id(token)) for token in (cls, sep)]
    if all(index is not None for _, index in ids):
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{cls} $A {sep}", pair=f"{cls} $A {sep} $B:1 {sep}:1",
            special_tokens=[(token, int(index or 0)) for token, index in ids],
        )  # fmt: skip
    return tokenizer


def _sentence_pieces(file: Path, named: dict[str, Any]) -> Tokenizer:
    """tokenizer.model, as Llama 2, Mistral and Gemma have it."""
    from core.versions.llamacpp.vocabulary import from_gguf

    try:
        found = sentencepiece.read_pieces(file)
        begins = bool(named.get("add_bos_token", True))
        _, tokenizer, own = from_gguf(sentencepiece.as_gguf(found, begins), "")
    except (OSError, Unsuitable) as error:
        raise CannotImport("path", path=str(file), reason=reason_of(error), hint=_CONVERT) from error  # fmt: skip
    for role, token in own.items():
        named.setdefault(role, token)
    _add_special(tokenizer, file.parent, named, _named_special(tokenizer, named))
    return tokenizer


def _named_special(tokenizer: Tokenizer, named: dict[str, Any]) -> tuple[str, ...]:
    """Those that tokenizer_config.json calls special; what it numbers after the others is added."""
    listed: Any = named.get("added_tokens_decoder") or {}
    special: list[str] = []
    for number in sorted(int(key) for key in listed if str(key).isdecimal()):
        entry: Any = listed[str(number)]
        token = str(entry.get("content") or "") if isinstance(entry, dict) else ""
        if token and number == tokenizer.get_vocab_size():
            tokenizer.add_tokens([AddedToken(token, normalized=False)])
        if token and entry.get("special"):
            special.append(token)
    return tuple(special)


def _add_special(
    tokenizer: Tokenizer, folder: Path, named: dict[str, Any], usual: tuple[str, ...]
) -> None:
    """Those in the vocabulary, and those that added_tokens.json numbers after it, in that order."""
    if (folder / "added_tokens.json").is_file():
        added = small_json(folder / "added_tokens.json")
        numbered = sorted((n, str(t)) for t, n in added.items() if type(n) is int)
        tokenizer.add_special_tokens([AddedToken(t, special=True) for _, t in numbered])
        if any(tokenizer.token_to_id(token) != number for number, token in numbered):
            file = str(folder / "added_tokens.json")
            raise CannotImport("path", path=file, reason=_TOKENIZER, hint=_GET)
    tokens = [str(named[role]) for role in _ROLES if named.get(role)] + list(usual)
    known = [token for token in dict.fromkeys(tokens) if tokenizer.token_to_id(token) is not None]
    tokenizer.add_special_tokens(
        [AddedToken(t, lstrip=t == "<mask>", normalized=False, special=True) for t in known]
    )


def _vocabulary(file: Path) -> dict[str, int]:
    data = small_json(file)
    if not all(type(value) is int and value >= 0 for value in data.values()):
        raise CannotImport("path", path=str(file), reason=_TOKENIZER, hint=_GET)
    return data


def _merges(file: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in _lines(file):
        left, space, right = line.partition(" ")
        if line.startswith("#version") or not line:
            continue
        if not space or not left or not right:
            text = N_("Errors", "the line “{line}” in it is no pair of tokens")
            reason = Sentence("Errors", text, {"line": line[:60]})
            raise CannotImport("path", path=str(file), reason=reason, hint=_GET)
        found.append((left, right))
    return found


def _lines(file: Path) -> list[str]:
    try:
        if file.stat().st_size > _MOST_TOKENIZER:
            raise Unsuitable(
                Sentence("Errors", N_("Errors", "it is far too large for such a file"))
            )
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CannotImport("path", path=str(file), reason=reason_of(error), hint=_GET) from error
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
