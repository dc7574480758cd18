"""Operations of the chat worker: load, generate, score."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from core.config import build
from core.corpus.conversations import merged
from core.errors import Damaged, UsageError
from core.generation import precision
from core.generation.fill import CANDIDATES, MOST_CANDIDATES, Filler, filled
from core.generation.precision import Findings
from core.generation.stream import Outcome, WrittenCell, exact_cells, score_cells, write
from core.home import Home
from core.models.base import LanguageModel
from core.models.decoder import Decoder, exact_decoder, is_dense
from core.models.devices import choose_device
from core.models.encoder.model import Encoder
from core.models.load import load_model
from core.models.matrices import Precision
from core.models.rotary_decoder.decode import CpuDecoder
from core.models.rotary_decoder.graphed import GraphedDecoder
from core.resident import Operation, Request
from core.sampling import SamplingSettings
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.cells import token_bytes
from core.tokenizer.frame import frame_of
from core.tokenizer.roles import TokenRoles, roles_of
from core.tokenizer.template import ChatTemplate, TemplateFault, choose
from core.versions.library import VersionLibrary
from core.versions.manifest import RESTORE

UPDATE_INTERVAL = 1 / 30
_ROOM_TO_ANSWER = 8
"""An eighth of the context at least is for the answer."""


@dataclass
class Loaded:
    """A version in memory. `model` has the exact weights (on a CPU they stay in the file, mapped),
    `fast` is what it writes with unless exactness is asked for."""

    id: str
    model: LanguageModel
    tokenizer: Any
    pieces: list[bytes]
    roles: TokenRoles
    kind: str
    seconds: float
    fast: Decoder | None
    precision: Precision
    findings: Findings
    filler: Filler | None = None
    """Of an encoder, which writes nothing: it has no decoder."""
    exact: Decoder | None = None
    warning: Sentence | None = None
    """Why a GPU that is there does not write."""
    unfinished: bool = False
    """Whether measuring gave way to another request."""
    folder: Path | None = None
    template: ChatTemplate | None = None
    """Once somebody conversed."""

    @property
    def stops(self) -> set[int]:
        return self.roles.stops | (self.template.stops if self.template else set[int]())

    def without_lead(self, cell: WrittenCell) -> WrittenCell:
        """The first cell of an answer, without the blank that a plain template has before it."""
        if self.template is None or not self.template.lead:
            return cell
        return replace(cell, text=cell.text.lstrip())

    def decoder(self, wanted: str) -> Decoder:
        """For `precision` of the settings. Of an encoder nobody asks it."""
        assert self.fast is not None
        if wanted != "exact" or self.precision == "fp32":
            return self.fast
        if self.exact is None:
            self.exact = exact_decoder(self.model)
        return self.exact

    def facts(self) -> dict[str, Any]:
        exact = sum(p.numel() * p.element_size() for p in self.model.parameters())
        size = self.fast.bytes if isinstance(self.fast, CpuDecoder) else exact
        return {
            "version": self.id, "parameters": self.model.config.parameters, "bytes": size or exact,
            "kind": self.kind, "context": self.model.config.context, "seconds": self.seconds,
            "precision": self.precision, "lost_bits": self.findings.losses.get(self.precision),
            "speedup": self.findings.speedup(self.precision),
            "measured": bool(self.findings.losses), "unfinished": self.unfinished,
            "warning": self.warning.to_json() if self.warning else None,
        }  # fmt: skip


def operations(home: Home) -> dict[str, Operation]:
    service = ChatService(home)
    return {
        "load": service.load,
        "unload": service.unload,
        "generate": service.generate,
        "score": service.score,
        "fill": service.fill,
    }


class ChatService:
    """Keeps the two versions used last, so that comparing needs no reloading."""

    def __init__(self, home: Home) -> None:
        self._library = VersionLibrary(home)
        self._loaded: dict[str, Loaded] = {}

    def load(self, request: Request) -> dict[str, Any]:
        """Take a version into memory, and measure at which precision it should write."""
        loaded = self._get(request.params)
        self._measure(loaded, lambda: request.others_wait() or request.cancelled())
        return loaded.facts()

    def unload(self, request: Request) -> dict[str, Any]:
        self._loaded.clear()
        return {}

    def generate(self, request: Request) -> dict[str, Any]:
        """Stream a continuation, or an answer in a conversation.

        Rounded weights give cells as they write; the answer's `exact_cells` are to take their place
        (None where they were exact, or where `weigh` is false: nobody looks at surprise). `begun`:
        words with which an answer begins. `left_out`: messages that no longer fit.
        """
        params = request.params
        loaded = self._get(params)
        if loaded.filler is not None:
            text = N_("Errors", "This version fills in blanks and continues nothing: give it a text with ____ where a word is missing.")  # fmt: skip
            raise UsageError("version", detail=Sentence("Errors", text))
        settings = build(SamplingSettings, dict(params.get("settings") or {}))
        prompt, left_out = self._prompt(loaded, params)
        begun = bool(params.get("begun"))
        outcome = Outcome()
        waiting: list[WrittenCell] = []
        sent_at = time.monotonic()

        def send() -> None:
            nonlocal waiting, sent_at
            speed = outcome.tokens / outcome.seconds if outcome.seconds else 0.0
            request.update(
                {
                    "text": "".join(cell.text for cell in waiting),
                    "cells": [cell.to_json() for cell in waiting],
                    "tokens": outcome.tokens, "tokens_per_second": speed,
                }
            )  # fmt: skip
            waiting, sent_at = [], time.monotonic()

        first = True
        decoder = loaded.decoder(settings.precision)
        for cell in write(
            decoder, loaded.pieces, prompt, settings, loaded.stops, outcome, request.cancelled
        ):
            waiting.append(loaded.without_lead(cell) if first and not begun else cell)
            if first or time.monotonic() - sent_at >= UPDATE_INTERVAL:
                send()
                first = False
        if waiting:
            send()
        speed = outcome.tokens / outcome.seconds if outcome.seconds else 0.0
        rounded = decoder is loaded.fast and loaded.precision != "fp32"
        cells = None
        if (
            rounded and outcome.tokens and params.get("weigh", True)
        ):  # What is shown of surprise is what the true weights say.
            written = exact_cells(
                loaded.model, loaded.pieces, outcome.all_tokens, outcome.prompt_tokens
            )
            if not begun:
                written[:1] = map(loaded.without_lead, written[:1])
            cells = [cell.to_json() for cell in written]
        return {
            "precision": loaded.precision if rounded else "fp32", "exact_cells": cells,
            "reason": outcome.reason, "tokens": outcome.tokens, "seed": settings.seed,
            "prompt_tokens": outcome.prompt_tokens, "context": loaded.model.config.context,
            "seconds": outcome.seconds, "tokens_per_second": speed,
            "first_token_seconds": outcome.first_token_seconds, "left_out": left_out,
        }  # fmt: skip

    def score(self, request: Request) -> dict[str, Any]:
        """Surprise of each piece of a text (its first `context` tokens)."""
        loaded = self._get(request.params)
        ids = loaded.tokenizer.encode(str(request.params["text"])).ids
        if not ids:
            return {"cells": []}
        if loaded.filler is not None:
            return {"cells": [cell.to_json() for cell in loaded.filler.guesses(ids)]}
        tokens = [loaded.roles.begin, *ids]
        cells = score_cells(loaded.model, loaded.pieces, tokens, 1)
        return {"cells": [cell.to_json() for cell in cells]}

    def fill(self, request: Request) -> dict[str, Any]:
        """Candidates for each blank of `text` (at most `top` each), and the text with the best."""
        loaded, text = self._get(request.params), str(request.params["text"])
        if loaded.filler is None:
            words = N_("Errors", "This version continues texts and fills in no blanks: BERT, RoBERTa and DistilBERT do.")  # fmt: skip
            raise UsageError("version", detail=Sentence("Errors", words))
        begun = time.monotonic()
        top = max(1, min(MOST_CANDIDATES, int(request.params.get("top", CANDIDATES))))
        blanks = loaded.filler.fill(text, top, request.cancelled)
        return {
            "blanks": [blank.to_json() for blank in blanks], "text": filled(text, blanks),
            "seconds": time.monotonic() - begun,
        }  # fmt: skip

    def _prompt(self, loaded: Loaded, params: dict[str, Any]) -> tuple[list[int], int]:
        """(tokens, messages that were left out)."""
        if params.get("mode") == "chat" and loaded.kind == "chat":
            return _chat_prompt(loaded, params)
        text = params.get("text")
        if text is None:  # A base version continues the conversation as one text.
            text = "".join(str(m.get("content", "")) for m in params.get("messages") or [])
        return [loaded.roles.begin, *loaded.tokenizer.encode(str(text)).ids], 0

    def _get(self, params: dict[str, Any]) -> Loaded:
        name = params.get("version")
        if not name:
            text = N_("Errors", "Choose a version to chat with first.")
            raise UsageError("version", detail=Sentence("Errors", text))
        entry = self._library.usable(str(name))
        if entry.id not in self._loaded:
            begun = time.monotonic()
            device, warning = choose_device(str(params.get("device", "auto")))
            model = load_model(entry.path, device)
            tokenizer = tokenizer_files.load(entry.path)
            roles = roles_of(tokenizer, entry.path)
            if roles is None:
                raise Damaged(path=str(entry.path), reason=tokenizer_files.NO_END, hint=RESTORE)
            while len(self._loaded) >= 2:
                self._loaded.pop(next(iter(self._loaded)))
            findings = precision.recall(entry)
            pieces, filler = token_bytes(tokenizer, model.config.vocabulary), None
            fast, kept = _fast_decoder(model, findings)
            if isinstance(model, Encoder):
                filler = _filler(model, tokenizer, pieces, roles)
            self._loaded[entry.id] = Loaded(
                entry.id, model, tokenizer, pieces, roles, entry.manifest.kind,
                time.monotonic() - begun, fast, kept, findings, filler, warning=warning,
                folder=entry.path,
            )  # fmt: skip
        return self._loaded[entry.id]

    def _measure(self, loaded: Loaded, stopped: Callable[[], bool]) -> None:
        """Once for each version on each machine: how fast, and at what loss, it could write."""
        found = loaded.findings
        model = loaded.model
        if not isinstance(loaded.fast, CpuDecoder) or not is_dense(model):
            return
        if found.seconds and found.losses:
            return
        entry, sample = self._library.usable(loaded.id), list[list[int]]()
        if not found.losses:
            sample = precision.unseen_sample(
                self._library.home, entry, model, loaded.tokenizer, loaded.roles.begin
            )
        loaded.fast = precision.measure(model, found, sample, loaded.pieces, stopped)
        loaded.precision = loaded.fast.precision
        loaded.unfinished = bool(sample) and not found.losses
        if found.losses:
            precision.keep(entry, found)


def _filler(model: Encoder, tokenizer: Any, pieces: list[bytes], roles: TokenRoles) -> Filler:
    """Raises UsageError when the tokenizer cannot hide a word."""
    frame = frame_of(tokenizer, roles)
    if frame is None:
        text = N_("Errors", "This version cannot fill in blanks: its tokenizer has no token that hides a word (a mask).")  # fmt: skip
        raise UsageError("version", detail=Sentence("Errors", text))
    return Filler(model, tokenizer, pieces, frame)


def _fast_decoder(model: LanguageModel, findings: Findings) -> tuple[Decoder | None, Precision]:
    """On a GPU bf16; on a CPU what was found to be fastest, and exact until something was. None for
    an encoder."""
    if isinstance(model, Encoder):
        return None, "fp32"
    if not is_dense(model):
        return exact_decoder(model), "fp32"
    if model.embedding.weight.device.type == "cuda":
        return GraphedDecoder(copy.deepcopy(model).to(torch.bfloat16)), "bf16"
    chosen = findings.chosen()
    return CpuDecoder(model, chosen), chosen


def _chat_prompt(loaded: Loaded, params: dict[str, Any]) -> tuple[list[int], int]:
    """The conversation as the version's own template writes it, and what the answer begins with; of
    a long one the latest turns, so that an answer has room. Raises UsageError."""
    context, begun = loaded.model.config.context, str(params.get("begun") or "")
    try:
        if loaded.template is None:
            loaded.template = choose("auto", loaded.tokenizer, loaded.roles, loaded.folder)
        # Who stopped an answer before its first word has written twice in a row.
        messages = merged(params.get("messages") or [])
        tokens, left_out = loaded.template.fitted(messages, context * 3 // 4)
    except TemplateFault as fault:
        text = N_("Errors", "The chat template of this version cannot write that: {reason}.")
        values = {"reason": fault.sentence}
        raise UsageError("messages", detail=Sentence("Errors", text, values)) from fault
    most = context - context // _ROOM_TO_ANSWER
    if len(tokens) > most:
        text = N_("Errors", "This message is too long: with its frame it has {count} tokens, and this version can read {most} before it answers. Shorten it.")  # fmt: skip
        raise UsageError("messages", detail=Sentence("Errors", text, {"count": len(tokens), "most": most}))  # fmt: skip
    if begun:
        tokens += loaded.tokenizer.encode(loaded.template.lead + begun).ids
    return tokens, left_out
