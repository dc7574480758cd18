"""Tokenizers in GGUF's metadata and back: byte-level BPE ("gpt2") and SentencePiece's BPE ("llama").

llama.cpp knows the pattern that cuts text into words by a name (`tokenizer.ggml.pre`), so a tokenizer
with a pattern of its own cannot go there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gguf import TokenType
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

from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.tokenizer.roles import TokenRoles
from core.tokenizer.train import QWEN2_PATTERN
from core.versions.importing.vocabulary import first_of

LLAMA3_PATTERN = QWEN2_PATTERN.replace(r"\p{N}|", r"\p{N}{1,3}|", 1)
_SPLITS = {QWEN2_PATTERN: ("qwen2", "qwen2"), LLAMA3_PATTERN: ("llama-bpe", "smaug-bpe")}
"""Pattern → its name when whole words are looked up before merging, and when not."""
_PATTERNS = {
    "qwen2": QWEN2_PATTERN, "deepseek-r1-qwen": QWEN2_PATTERN, "llama3": LLAMA3_PATTERN,
    "llama-v3": LLAMA3_PATTERN, "llama-bpe": LLAMA3_PATTERN, "smaug-bpe": LLAMA3_PATTERN,
    "dbrx": LLAMA3_PATTERN, "falcon3": LLAMA3_PATTERN,
}  # fmt: skip
_WHOLE_WORDS = ("llama3", "llama-v3", "llama-bpe", "falcon3")
_GPT2 = ("gpt-2", "phi-2", "default", "")
_BYTE = "<0x{:02X}>"
_SPACE = "\u2581"
_LEAST_SCORE = -1000.0


# ---- out -----------------------------------------------------------------------------------------


def to_gguf(text: str, rows: int, roles: TokenRoles, adds_begin: bool) -> dict[str, Any]:
    """Metadata under `tokenizer.ggml.`, for a tokenizer.json.

    Args:
        rows: Of the embedding; ids that no token has are filled up.
        adds_begin: Whether the text's beginning has a token of its own by itself.

    Raises:
        Unsuitable: llama.cpp has no such tokenizer.
    """
    parts = json.loads(text)
    model = parts.get("model") or {}
    if model.get("type") != "BPE":
        raise _unknown(str(model.get("type")))
    if model.get("end_of_word_suffix") or model.get("continuing_subword_prefix"):
        raise _unknown("BPE, end_of_word_suffix")
    found = _sentence_piece(parts) if model.get("byte_fallback") else _byte_level(parts)
    tokens, types = _tokens(parts, rows, bool(model.get("byte_fallback")))
    found |= {"tokens": tokens, "token_type": types}
    scores = found.pop("scores_of", None)
    if scores is not None:
        normal = {TokenType.NORMAL}
        found["scores"] = [
            scores.get(token, _LEAST_SCORE * 100 if kind in normal else 0.0)
            if kind in normal else (_LEAST_SCORE if kind == TokenType.USER_DEFINED else 0.0)
            for token, kind in zip(tokens, types, strict=True)
        ]  # fmt: skip
    ids = {
        "bos_token_id": roles.begin, "eos_token_id": roles.end, "padding_token_id": roles.pad,
        "unknown_token_id": roles.unknown, "mask_token_id": roles.mask,
        "eot_token_id": roles.turn_ends[0] if roles.turn_ends else None,
    }  # fmt: skip
    found |= {name: value for name, value in ids.items() if value is not None}
    return {**found, "add_bos_token": adds_begin, "add_eos_token": False}


def adds_begin(text: str, named: dict[str, Any]) -> bool:
    """Whether a tokenizer puts a token before every text, by tokenizer.json and its config."""
    if first_of(text) is not None:
        return True
    return named.get("add_bos_token") is True and bool(named.get("bos_token"))


def _byte_level(parts: dict[str, Any]) -> dict[str, Any]:
    if parts.get("normalizer") not in (None, {"type": "NFC"}):
        raise _unknown(f"normalizer {parts['normalizer'].get('type')}")
    merges = [m if isinstance(m, str) else " ".join(m) for m in parts["model"]["merges"]]
    return {"model": "gpt2", "pre": _pre(parts), "merges": merges}


def _pre(parts: dict[str, Any]) -> str:
    cut = parts.get("pre_tokenizer") or {}
    steps = cut["pretokenizers"] if cut.get("type") == "Sequence" else [cut]
    kinds = [step.get("type") for step in steps]
    if kinds and kinds[-1] == "ByteLevel" and not steps[-1].get("add_prefix_space"):
        own = steps[-1].get("use_regex", True)
        if kinds == ["ByteLevel"] and own:
            return "gpt-2"
        if kinds == ["Digits", "ByteLevel"] and own and steps[0].get("individual_digits"):
            return "smollm"
        if kinds == ["Split", "ByteLevel"] and not own and steps[0].get("behavior") == "Isolated":
            names = _SPLITS.get(str((steps[0].get("pattern") or {}).get("Regex")))
            if names:
                return names[0 if parts["model"].get("ignore_merges") else 1]
    raise _unknown("pre_tokenizer " + ", ".join(map(str, kinds)))


def _sentence_piece(parts: dict[str, Any]) -> dict[str, Any]:
    """Each token scores by the first merge that makes it, as SentencePiece counts them."""
    before = json.dumps(parts.get("normalizer"), ensure_ascii=False)
    if parts.get("normalizer") and not all(
        step.get("type") in ("Prepend", "Replace") for step in _steps(parts["normalizer"])
    ):
        raise _unknown("normalizer")
    scores: dict[str, float] = {}
    for rank, merge in enumerate(parts["model"]["merges"]):
        left, right = merge.split(" ", 1) if isinstance(merge, str) else merge
        scores.setdefault(left + right, -float(rank + 1))
    prefix = '"Prepend"' in before or (parts.get("pre_tokenizer") or {}).get("prepend_scheme") in ("always", "first")  # fmt: skip
    return {"model": "llama", "pre": "default", "scores_of": scores, "add_space_prefix": prefix}


def _steps(part: dict[str, Any]) -> list[dict[str, Any]]:
    return part["normalizers"] if part.get("type") == "Sequence" else [part]


def _tokens(parts: dict[str, Any], rows: int, byte_fallback: bool) -> tuple[list[str], list[int]]:
    tokens = [f"[PAD{index}]" for index in range(rows)]
    types = [int(TokenType.UNUSED)] * rows
    unknown = parts["model"].get("unk_token")
    for token, index in parts["model"]["vocab"].items():
        tokens[index] = token
        types[index] = int(TokenType.NORMAL)
        if byte_fallback and len(token) == 6 and token.startswith("<0x"):
            types[index] = int(TokenType.BYTE)
        if byte_fallback and token == unknown:
            types[index] = int(TokenType.UNKNOWN)
    for added in parts.get("added_tokens") or []:
        index = int(added["id"])
        tokens[index] = added["content"]
        if types[index] != TokenType.UNKNOWN:
            special = bool(added.get("special"))
            types[index] = int(TokenType.CONTROL if special else TokenType.USER_DEFINED)
    return tokens, types


# ---- in ------------------------------------------------------------------------------------------


def from_gguf(
    values: Mapping[str, Any], architecture: str
) -> tuple[str, Tokenizer, dict[str, Any]]:
    """(tokenizer.json, the tokenizer, tokenizer_config.json without a template).

    Raises:
        Unsuitable: It has none, or one of another kind.
    """

    def value(name: str, usual: Any = None) -> Any:
        return values.get(f"tokenizer.ggml.{name}", usual)

    tokens, types = value("tokens"), value("token_type")
    if not isinstance(tokens, list) or not tokens:
        raise Unsuitable(Sentence("Errors", N_("Errors", "it has no tokenizer")))
    types = types if isinstance(types, list) and len(types) == len(tokens) else [1] * len(tokens)
    try:
        if value("model") == "gpt2":
            tokenizer = _from_byte_level(tokens, types, value)
        elif value("model") == "llama":
            tokenizer = _from_sentence_piece(tokens, types, value, architecture)
        else:
            raise _unknown(str(value("model")))
    except Unsuitable:
        raise
    except Exception as error:  # The library raises bare Exception.
        text = N_("Errors", "its tokenizer is not what it should be")
        raise Unsuitable(Sentence("Errors", text)) from error
    spaced = value("model") == "llama" and not _prefixed(value, architecture)
    _add_special(tokenizer, tokens, types, spaced)
    named: dict[str, Any] = {}
    for role, name in (
        ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("unk", "unknown_token_id"),
        ("pad", "padding_token_id"), ("mask", "mask_token_id"), ("cls", "cls_token_id"),
        ("sep", "seperator_token_id"),
    ):  # fmt: skip
        index = value(name)
        if type(index) is int and 0 <= index < len(tokens):
            named[f"{role}_token"] = tokens[index]
    if value("add_bos_token") and "bos_token" in named:
        begin = named["bos_token"]
        frame = processors.TemplateProcessing(
            single=f"{begin} $A", pair=f"{begin} $A {begin} $B",
            special_tokens=[(begin, tokens.index(begin))],
        )  # fmt: skip
        tokenizer.post_processor = frame
    return tokenizer.to_str(pretty=False), tokenizer, named


def _from_byte_level(tokens: list[str], types: list[int], value: Any) -> Tokenizer:
    pre = str(value("pre", ""))
    vocabulary = _vocabulary(tokens, types)
    merges: list[tuple[str, str]] = []
    for merge in value("merges") or []:
        left, _, right = str(merge).partition(" ")
        if left + right in vocabulary and left in vocabulary and right in vocabulary:
            merges.append((left, right))
    whole = pre in _WHOLE_WORDS
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=whole))
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    if pre in _PATTERNS:
        split = pre_tokenizers.Split(Regex(_PATTERNS[pre]), "isolated")
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, plain])
    elif pre == "smollm":
        digits = pre_tokenizers.Digits(individual_digits=True)
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, byte_level])
    elif pre in _GPT2:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        raise _unknown(f"tokenizer.ggml.pre {pre[:40]}")
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _from_sentence_piece(
    tokens: list[str], types: list[int], value: Any, architecture: str
) -> Tokenizer:
    scores = value("scores")
    if not isinstance(scores, list) or len(scores) != len(tokens):
        raise Unsuitable(Sentence("Errors", N_("Errors", "its tokenizer has no scores")))
    vocabulary = _vocabulary(tokens, types)
    unknown = next((t for t, k in zip(tokens, types, strict=True) if k == TokenType.UNKNOWN), None)
    merges = _merges(vocabulary, types, scores)
    model = models.BPE(
        vocab=vocabulary, merges=merges, unk_token=unknown, fuse_unk=True,
        byte_fallback=_BYTE.format(0) in vocabulary,
    )  # fmt: skip
    tokenizer = Tokenizer(model)
    replace = normalizers.Replace(" ", _SPACE)
    prefixed = _prefixed(value, architecture)
    steps = [normalizers.Prepend(_SPACE), replace] if prefixed else [replace]
    tokenizer.normalizer = normalizers.Sequence(steps)
    back: list[Any] = [decoders.Replace(_SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    if prefixed:
        back.append(decoders.Strip(" ", 1, 0))
    tokenizer.decoder = decoders.Sequence(back)  # pyright: ignore[reportArgumentType]
    return tokenizer


def _prefixed(value: Any, architecture: str) -> bool:
    return bool(value("add_space_prefix", not architecture.startswith("gemma")))


def _merges(
    vocabulary: dict[str, int], types: list[int], scores: list[float]
) -> list[tuple[str, str]]:
    """Every way in which two tokens make a third, the highest score first: what SentencePiece does
    by scores, a list of merges does by its order."""
    found: list[tuple[float, int, int, str, str]] = []
    for token, index in vocabulary.items():
        if types[index] != TokenType.NORMAL:
            continue
        for cut in range(1, len(token)):
            left, right = vocabulary.get(token[:cut]), vocabulary.get(token[cut:])
            if left is not None and right is not None:
                found.append((-scores[index], left, right, token[:cut], token[cut:]))
    return [(left, right) for *_, left, right in sorted(found)]


def _vocabulary(tokens: list[str], types: list[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, (token, kind) in enumerate(zip(tokens, types, strict=True)):
        if kind != TokenType.UNUSED:
            found.setdefault(str(token), index)
    return found


def _add_special(tokenizer: Tokenizer, tokens: list[str], types: list[int], spaced: bool) -> None:
    """`spaced`: whether a text's spaces are "▁" when such a token of several of them is looked for."""
    for kind, special in ((TokenType.CONTROL, True), (TokenType.UNKNOWN, True), (TokenType.USER_DEFINED, False)):  # fmt: skip
        added = [
            AddedToken(
                token, normalized=not special and spaced and _SPACE in token, special=special
            )
            for token, found in zip(tokens, types, strict=True)
            if found == kind and token
        ]
        (tokenizer.add_special_tokens if special else tokenizer.add_tokens)(added)


def _unknown(name: str) -> Unsuitable:
    text = N_("Errors", "llama.cpp and this program share no tokenizer of its kind ({name})")
    return Unsuitable(Sentence("Errors", text, {"name": name[:80]}))
