"""Edits of one text: bringing them in order, making them, and making one pass upon another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from core.corpus.readers.base import Edit


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` with `edits` made, which are in order and do not overlap."""
    if not edits:
        return text
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces.append(text[position : edit.start])
        pieces.append(edit.text)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def merged(found: Iterable[Edit]) -> list[Edit]:
    """In order and cut so that no two overlap; the earlier one, and of those the longer, stays whole.
    What a replacement is cut to takes its text out: only one of them can be put there."""
    result: list[Edit] = []
    position = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= position:
            result.append(edit)
        elif edit.end > position:
            result.append(Edit(position, edit.end, edit.reason))
        position = max(position, edit.end)
    return result


def composed(first: list[Edit], middle: str, second: list[Edit]) -> list[Edit]:
    """The edits of the original text that do what `first` does and then `second` does to `middle`,
    the text in between. Where they touch the same characters they become one, for the second's
    reason."""
    if not first or not second:
        return first or second
    result: list[Edit] = []
    i = j = shift = 0  # A place in the middle text is `shift` behind its place in the original.
    while i < len(first) and j < len(second):
        one, two = first[i], second[j]
        start = one.start + shift
        if start + len(one.text) <= two.start:
            result.append(one)
            shift += len(one.text) - (one.end - one.start)
            i += 1
        elif two.end <= start:
            result.append(Edit(two.start - shift, two.end - shift, two.reason, two.text))
            j += 1
        else:
            begin, end, before, k = min(start, two.start), two.end, shift, j
            while True:
                if i < len(first) and first[i].start + shift < end:
                    end = max(end, first[i].start + shift + len(first[i].text))
                    shift += len(first[i].text) - (first[i].end - first[i].start)
                    i += 1
                elif j < len(second) and second[j].start < end:
                    end = max(end, second[j].end)
                    j += 1
                else:
                    break
            inner = [Edit(e.start - begin, e.end - begin, e.reason, e.text) for e in second[k:j]]
            text = applied(middle[begin:end], inner)
            result.append(Edit(begin - before, end - shift, two.reason, text))
    result += first[i:]
    result += [Edit(e.start - shift, e.end - shift, e.reason, e.text) for e in second[j:]]
    return result


def counted(edits: Iterable[Edit]) -> Counter[str]:
    """Characters removed or changed, by option; of personal data also by kind ("personal_mail")."""
    counts: Counter[str] = Counter()
    for edit in edits:
        counts[edit.reason] += edit.end - edit.start
    for reason in [reason for reason in counts if reason.startswith("personal_")]:
        counts["personal"] += counts[reason]
    return counts
