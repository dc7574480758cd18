"""What the evaluation job asks of an encoder instead of a decoder."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from core.corpus.tokens import TokenSplit
from core.errors import Damaged, UsageError
from core.evaluation.pseudo import EXACT_TOKENS, by_known_document, pseudo_score, sample
from core.evaluation.score import Scores, Units
from core.generation.fill import Filler, blanks_in, filled
from core.models.encoder.model import Encoder
from core.sentences import N_, Sentence
from core.tokenizer.frame import Frame, frame_of
from core.tokenizer.roles import TokenRoles
from core.versions.library import VersionEntry
from core.versions.manifest import RESTORE

_NO_MASK = Sentence("Errors", N_("Errors", "its tokenizer has no token that hides a word (a mask)"))


class EncoderMeasure:
    """Pseudo-perplexity and masked accuracy of one version; blanks that it fills in."""

    def __init__(
        self, entry: VersionEntry, model: Encoder, tokenizer: Any, pieces: list[bytes],
        roles: TokenRoles,
    ) -> None:  # fmt: skip
        """Raises Damaged when the tokenizer cannot hide a word."""
        frame = frame_of(tokenizer, roles)
        if frame is None:
            raise Damaged(path=str(entry.path), reason=_NO_MASK, hint=RESTORE)
        self._model, self._frame, self._name = model, frame, entry.manifest.title
        self._filler = Filler(model, tokenizer, pieces, frame)

    @property
    def frame(self) -> Frame:
        return self._frame

    def score(
        self, split: TokenSplit, units: Units | None, stop: Callable[[], bool],
        progress: Callable[[int, int], None],
    ) -> Scores:  # fmt: skip
        """Exact, on a sample of tokens spread over the whole text; `progress`: hidden so far, in
        all. Raises UsageError when the tokenizer knows nothing of the text."""
        units = units or by_known_document(split, self._frame)
        chosen = sample(split, self._frame, units, EXACT_TOKENS)
        total = int(chosen.sum())
        if not total:
            text = N_("Errors", "“{name}” cannot read this text: its tokenizer knows none of its characters. Measure it on text of the kind that it was trained on.")  # fmt: skip
            raise UsageError("text", detail=Sentence("Errors", text, {"name": self._name}))
        return pseudo_score(
            self._model, split, self._frame, chosen, False, units, stop,
            lambda done: progress(done, total),
        )  # fmt: skip

    def opening(self, text: str) -> dict[str, Any] | None:
        """The text with its blanks filled in; None where it has none."""
        if not blanks_in(text):
            return None
        begun = time.monotonic()
        blanks = self._filler.fill(text)
        return {
            "prompt": text, "text": filled(text, blanks),
            "blanks": [blank.to_json() for blank in blanks],
            "seconds": time.monotonic() - begun,
        }  # fmt: skip
