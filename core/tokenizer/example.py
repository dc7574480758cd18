"""How a version will write a conversation, for a screen to show before it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import BadTemplate
from core.sentences import N_, Sentence
from core.tokenizer.cells import CellGrouper, token_bytes
from core.tokenizer.files import TOKENIZER_FILE, load
from core.tokenizer.roles import roles_of
from core.tokenizer.template import ChatTemplate, Message, choose


def example_of(folder: Path, wanted: str, messages: list[Message]) -> dict[str, Any]:
    """{kind: own | chatml | plain, cells: [{text, trained, special}]} of `messages` in the template
    that a recipe's `chat_template` means for the version in `folder`.

    Raises:
        Damaged: Its tokenizer cannot be read.
        BadTemplate: The template cannot be used with it.
    """
    tokenizer = load(folder / TOKENIZER_FILE)
    roles = roles_of(tokenizer, folder)
    if roles is None:
        reason = Sentence("Errors", N_("Errors", "the version's tokenizer has no tokens for turns"))
        raise BadTemplate("chat_template", reason=reason)
    template = choose(wanted, tokenizer, roles, folder)
    return {"kind": template.kind, "cells": preview(template, messages, token_bytes(tokenizer))}


def preview(
    template: ChatTemplate, messages: Sequence[Message], pieces: Sequence[bytes]
) -> list[dict[str, Any]]:
    """Cells of a conversation for a screen: {text, trained, special}, in order.

    Args:
        pieces: The bytes of every token (core.tokenizer.cells.token_bytes).
    """
    rendered = template.rendered(messages)
    specials = template.specials
    cells: list[dict[str, Any]] = []
    grouper, before = CellGrouper(pieces), False

    def add(text: str, trained: bool, special: bool = False) -> None:
        cells.append({"text": text, "trained": trained, "special": special})

    for token, trained in zip(rendered.tokens, rendered.trained, strict=True):
        if (trained != before or token in specials) and (rest := grouper.flush()):
            add(rest.text, before)
        before = trained
        if token in specials:
            add(specials[token], trained, True)
        elif cell := grouper.feed(token):
            add(cell.text, trained)
    if rest := grouper.flush():
        add(rest.text, before)
    return cells
