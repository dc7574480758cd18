"""What is shown of an encoder while it trains: an unseen sentence with blanks and what it fills in,
and its guess at each word of an unseen passage."""

from __future__ import annotations

import re

from core.corpus.tokens import TokenSplit
from core.generation.fill import BLANK, Filler, blanks_in, filled
from core.generation.stream import WrittenCell
from core.models.encoder.model import Encoder
from core.tokenizer.cells import group
from core.tokenizer.frame import frame_of
from core.training.prepare import Prepared

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_EVERY, _MOST = 4, 3
_SHEET_TOKENS, _GUESS_TOKENS = 48, 60


class Sheet:
    """Made once for a run; `model` is the one that trains."""

    def __init__(self, prepared: Prepared, unseen: TokenSplit) -> None:
        """Raises ValueError when the tokenizer cannot hide a token."""
        assert isinstance(prepared.model, Encoder)
        frame = frame_of(prepared.tokenizer, prepared.roles)
        if frame is None:
            raise ValueError("no mask")
        self._model, self._pieces = prepared.model, prepared.pieces
        self._filler = Filler(prepared.model, prepared.tokenizer, prepared.pieces, frame)
        first = unseen.tokens[: int(unseen.offsets[1])].tolist()
        known = set(frame.ordinary.tolist())
        self._tokens = [token for token in first if token in known]
        chosen = prepared.job.recipe.prompt
        self.text = chosen if blanks_in(chosen) else self._blanked()

    def filled(self) -> str:
        """The sheet with what fits best."""
        return filled(self.text, self._filler.fill(self.text, top=1))

    def guesses(self) -> list[WrittenCell]:
        """Each word of the passage, guessed while it alone is hidden."""
        tokens = self._tokens[: min(_GUESS_TOKENS, self._model.config.context - 2)]
        return self._filler.guesses(tokens) if tokens else []

    def _blanked(self) -> str:
        """The beginning of the passage with every fourth word left blank; where words are not
        apart, every fourth cell."""
        cells = group(self._tokens[: min(_SHEET_TOKENS, self._model.config.context)], self._pieces)
        text = "".join(cell.text for cell in cells).strip()
        text = text.split("\n\n")[0].replace("\n", " ")
        spans = [found.span() for found in _LATIN.finditer(text)]
        if len(spans) < _EVERY:
            spans = []
            at = 0
            for cell in cells:
                word = cell.text.strip()
                place = text.find(word, at) if word else -1
                if place >= 0:
                    at = place + len(word)
                    spans += [(place, at)] if _WORD.fullmatch(word) else []
        chosen = spans[_EVERY // 2 :: _EVERY][:_MOST] or spans[:1]
        for start, end in reversed(chosen):
            text = text[:start] + BLANK + text[end:]
        return text if chosen else f"{text} {BLANK}"
