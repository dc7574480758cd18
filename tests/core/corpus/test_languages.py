"""Every real text has the language that its source states."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from core.corpus.cleaning import applied, edits_of
from core.corpus.language import detect
from core.corpus.readers.base import InputFile
from core.corpus.readers.registry import format_of
from core.jobs.kinds import CleaningOptions

UNREADABLE = {"binary container", "binary", "empty"}
NOT_PROSE = {
    "messy/html/noisy-meta-encoding-1.html",  # Arabic in a charset that it does not declare.
    "messy/text-euc-jp/ruby-manual-spec-bnf.txt",  # A grammar with one line of Japanese.
    "messy/text/multi-language.txt",
    "instruct/ja-instruction-ja-empty-utterances.jsonl",
}


def language_of(path: Path) -> str:
    """The language of most characters."""
    file = InputFile(path)
    found: Counter[str] = Counter()
    for document in format_of(path, file.head).read(file):
        text = applied(document.text, edits_of(document.text, CleaningOptions(), document.edits))
        found[detect(text)] += len(text)
    return found.most_common(1)[0][0]


def test_real_texts_have_the_language_that_is_stated(shared_data: Path) -> None:
    with (shared_data / "sources.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong: dict[str, str] = {}
    for row in rows:
        if row["encoding"] in UNREADABLE or row["file"] in NOT_PROSE:
            continue
        if int(row["bytes"]) > 300_000:
            continue  # Of long texts the smaller ones are enough.
        found = language_of(shared_data / row["file"])
        if found != row["language"]:
            wrong[row["file"]] = found
    assert wrong == {}
