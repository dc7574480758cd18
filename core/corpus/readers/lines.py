"""Lines of a text that comes in pieces, none longer than memory allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONGEST = 32 << 20
"""Characters."""


def lines(
    pieces: Iterable[tuple[int, str]], longest: int = LONGEST
) -> Iterator[tuple[int, str | None]]:
    """(number, line without its end); None in place of a line that is longer than `longest`.

    Args:
        pieces: As InputFile.pieces gives them; a line may go on in the next piece.
    """
    number, parts, held = 1, list[str](), 0
    for _, text in pieces:
        start = 0
        while (end := text.find("\n", start)) >= 0:
            if held:
                parts.append(text[start:end])
                yield number, "".join(parts) if held + end - start <= longest else None
                parts, held = [], 0
            else:
                yield number, text[start:end] if end - start <= longest else None
            number += 1
            start = end + 1
        if start < len(text):
            held += len(text) - start
            if held <= longest:
                parts.append(text[start:])
            else:
                parts = []
    if held:
        yield number, "".join(parts) if held <= longest else None
