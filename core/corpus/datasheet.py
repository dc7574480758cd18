"""The data sheet of a corpus: what it consists of, where that comes from, what was done to it.

In the sections of Gebru et al. 2018 ("Datasheets for Datasets") for which there are facts, and nothing
that is not known. It goes where versions go, so folders of the user's machine are never named.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from core.corpus.contamination_report import last_report
from core.corpus.language_names import language_shares
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict, Source
from core.corpus.naming import last_name, names_of
from core.corpus.sheet_cleaning import cleaning, contamination
from core.corpus.sheet_parts import (
    MOST_ROWS,
    Block,
    Bullets,
    Heading,
    Paragraph,
    Table,
    Words,
    cell,
    markdown,
    share_of,
)
from core.corpus.store import Snapshot
from core.sentences import N_, Sentence


def data_sheet(library: CorpusLibrary, name: str, snapshot: str = "") -> str:
    """Markdown, English first and a few lines of Japanese at the end. Arguments and errors as
    `sheet_of`."""
    return markdown([*sheet_of(library, name, snapshot), *_japanese(library.get(name))])


def sheet_of(library: CorpusLibrary, name: str, snapshot: str = "") -> list[Block]:
    """The sheet in sentences.

    Args:
        snapshot: The state of the corpus that is meant. Of one that is not the present one only
            what its texts tell is said.

    Raises:
        NotFound, Damaged, NewerDocument: There is no such corpus or state, or it is broken.
    """
    manifest = library.get(name)
    if snapshot and snapshot != manifest.snapshot:
        return _earlier(library, manifest, snapshot)
    files = library.files(manifest.name)
    return [
        *_opening(manifest.name, manifest.snapshot), *_composition(manifest),
        *_sources(manifest, files), *_skipped(files), *cleaning(manifest), *_split(manifest),
        *contamination(last_report(library, manifest.name)), *_distribution(manifest),
        *_maintenance(manifest),
    ]  # fmt: skip


def _opening(name: str, snapshot: str) -> list[Block]:
    title = Sentence("Sheet", N_("Sheet", "Data sheet: {name}"), {"name": cell(name)})
    text = N_("Sheet", "Written by Terakoya from what it knows of this text, in the sections of Gebru et al. 2018 for which there are facts. State of the text: `{state}`")  # fmt: skip
    return [Heading(title, 1), Paragraph([Sentence("Sheet", text, {"state": snapshot})])]


# ---- composition ---------------------------------------------------------------------------------


def _composition(manifest: CorpusManifest) -> list[Block]:
    totals = manifest.totals
    of_raw = N_("Sheet", "{count}, of {raw} that were read")
    characters = {"count": f"{totals.characters:,}", "raw": f"{totals.raw_characters:,}"}
    median = {"count": f"{manifest.median_length:,.0f}"}
    rows: list[list[Words]] = [
        [Sentence("Sheet", N_("Sheet", "Documents")), f"{totals.documents:,}"],
        [Sentence("Sheet", N_("Sheet", "Characters")), Sentence("Sheet", of_raw, characters)],
        [Sentence("Sheet", N_("Sheet", "Bytes (UTF-8)")), f"{totals.bytes:,}"],
        [Sentence("Sheet", N_("Sheet", "Tokens")), _tokens(manifest)],
        [Sentence("Sheet", N_("Sheet", "Median length")), Sentence("Sheet", N_("Sheet", "{count} characters"), median)],
        [Sentence("Sheet", N_("Sheet", "Languages")), language_shares(manifest.languages)],
        [Sentence("Sheet", N_("Sheet", "Conversations")), f"{totals.conversations:,}" if totals.conversations else ""],
        [Sentence("Sheet", N_("Sheet", "Pairs of a better and a worse answer")), f"{totals.pairs:,}" if totals.pairs else ""],
    ]  # fmt: skip
    return [Heading(Sentence("Sheet", N_("Sheet", "Composition"))), Table([], rows)]


def _tokens(manifest: CorpusManifest) -> Words:
    count, tokenizer = manifest.totals.tokens, manifest.tokenizer
    if tokenizer is None or not count:
        return f"{count:,}" if count else ""
    text = N_("Sheet", "{count} ({vocabulary} in the vocabulary, {bytes} bytes each)")
    values = {
        "count": f"{count:,}", "vocabulary": f"{tokenizer.vocabulary:,}",
        "bytes": f"{tokenizer.bytes_per_token:.2f}",
    }  # fmt: skip
    return Sentence("Sheet", text, values)


# ---- collection ----------------------------------------------------------------------------------


def _sources(manifest: CorpusManifest, files: list[FileVerdict]) -> list[Block]:
    of_source: dict[str, list[FileVerdict]] = {}
    for file in files:
        if file.verdict == "read":
            of_source.setdefault(file.source, []).append(file)
    rows: list[list[Words]] = []
    for source in manifest.sources[:MOST_ROWS]:
        own = of_source.get(source.path, [])
        counts = {"read": f"{source.read:,}", "all": f"{source.files:,}"}
        rows.append(
            [
                cell(last_name(source.path)), _licence(source),
                Sentence("Sheet", N_("Sheet", "{read} of {all}"), counts), f"{source.documents:,}",
                f"{source.characters:,}", _most(f.kind for f in own),
                _most(f.encoding for f in own), f"{source.weight:g}",
            ]
        )  # fmt: skip
    head: list[Words] = [
        Sentence("Sheet", N_("Sheet", "Source")), Sentence("Sheet", N_("Sheet", "Licence noted")),
        Sentence("Sheet", N_("Sheet", "Files read")), Sentence("Sheet", N_("Sheet", "Documents")),
        Sentence("Sheet", N_("Sheet", "Characters")), Sentence("Sheet", N_("Sheet", "Formats")),
        Sentence("Sheet", N_("Sheet", "Encodings")), Sentence("Sheet", N_("Sheet", "Weight")),
    ]  # fmt: skip
    notes: list[Words] = []
    if more := len(manifest.sources) - len(rows):
        text = N_("Sheet", "And {count} more sources.")
        notes.append(Sentence("Sheet", text, {"count": f"{more:,}"}))
    if unsure := sum(1 for f in files if f.verdict == "read" and not f.sure):
        text = N_("Sheet", "Of {count} files the encoding is a guess.")
        notes.append(Sentence("Sheet", text, {"count": f"{unsure:,}"}))
    who = Sentence("Sheet", N_("Sheet", "Files that the user chose on one computer."))
    return [
        Heading(Sentence("Sheet", N_("Sheet", "Collection"))), Paragraph([who]),
        Table(head, rows, (2, 3, 4, 7)),
        *([Paragraph(notes)] if notes else []),
    ]  # fmt: skip


def _licence(source: Source) -> Words:
    return cell(source.licence.strip()) or Sentence("Sheet", N_("Sheet", "not noted"))


def _most(values: Iterable[str]) -> str:
    """Each value with how often, the most frequent first."""
    counts = Counter(value for value in values if value).most_common(6)
    return ", ".join(f"{value} {count:,}" for value, count in counts)


def _skipped(files: list[FileVerdict]) -> list[Block]:
    skipped = [f.reason for f in files if f.verdict == "skipped"]
    warned = [f.warning for f in files if f.verdict == "read" and f.warning]
    titles = (
        (N_("Sheet", "Files that were skipped:"), skipped),
        (N_("Sheet", "Files that were read in part or with a remark:"), warned),
    )
    blocks: list[Block] = []
    for title, reasons in titles:
        if reasons:
            blocks += [Paragraph([Sentence("Sheet", title)]), Bullets(_counted(reasons))]
    return blocks


def _counted(reasons: Iterable[dict[str, Any] | None]) -> list[tuple[Words, ...]]:
    """How often each, as it is said; the most frequent first."""
    unknown = Sentence("Sheet", N_("Sheet", "no reason known"))
    said = [unknown if r is None else _without_folders(Sentence.from_json(r)) for r in reasons]
    known = {one.english(): one for one in said}
    counts = Counter(one.english() for one in said).most_common(MOST_ROWS)
    return [(f"{count:,} ×", known[english]) for english, count in counts]


def _without_folders(sentence: Sentence) -> Sentence:
    """With the last names of paths that it has, and nothing that Markdown would take for its own."""
    values = {
        name: _without_folders(value) if isinstance(value, Sentence)
        else cell(last_name(value) if _is_path(value) else value) if isinstance(value, str) else value
        for name, value in sentence.values.items()
    }  # fmt: skip
    return Sentence(sentence.context, sentence.text, values)


def _is_path(value: str) -> bool:
    return PurePath(value).is_absolute() or value[1:3] in (":\\", ":/") or value.startswith("\\\\")


# ---- split and overlap ---------------------------------------------------------------------------


def _split(manifest: CorpusManifest) -> list[Block]:
    totals = manifest.totals
    heading = Heading(Sentence("Sheet", N_("Sheet", "Split")))
    if not totals.heldout_documents:
        return [heading, Paragraph([Sentence("Sheet", N_("Sheet", "Nothing is held out."))])]
    text = N_("Sheet", "{train} texts to train on, {heldout} kept unseen ({share} of the bytes; asked for {asked} %).")  # fmt: skip
    values = {
        "train": f"{totals.train_documents:,}", "heldout": f"{totals.heldout_documents:,}",
        "share": share_of(totals.heldout_bytes, totals.bytes),
        "asked": f"{100 * manifest.heldout_share:.0f}",
    }  # fmt: skip
    how = Sentence("Sheet", N_("Sheet", "Split by document, by a hash of the text; near copies stand on one side."))  # fmt: skip
    if manifest.heldout_by == "block":
        blocks = N_("Sheet", "Split in blocks of about {count} characters, by a hash of the text; near copies stand on one side.")  # fmt: skip
        how = Sentence("Sheet", blocks, {"count": f"{manifest.heldout_block:,}"})
    return [heading, Paragraph([Sentence("Sheet", text, values), how])]


# ---- the rest ------------------------------------------------------------------------------------


def _distribution(manifest: CorpusManifest) -> list[Block]:
    noted = list(dict.fromkeys(s.licence.strip() for s in manifest.sources if s.licence.strip()))
    without = sum(1 for s in manifest.sources if not s.licence.strip())
    words: list[Words] = []
    if noted:
        text = N_("Sheet", "Licences that the user noted: {licences}.")
        words.append(Sentence("Sheet", text, {"licences": "; ".join(map(cell, noted))}))
    if without:
        text = N_("Sheet", "Sources without a noted licence: {count}.")
        words.append(Sentence("Sheet", text, {"count": f"{without:,}"}))
    words.append(Sentence("Sheet", N_("Sheet", "Whether the text, or a model of it, may be passed on depends on the rights in every source.")))  # fmt: skip
    return [Heading(Sentence("Sheet", N_("Sheet", "Distribution"))), Paragraph(words)]


def _maintenance(manifest: CorpusManifest) -> list[Block]:
    tokenizer = f"`{manifest.tokenizer.hash}`" if manifest.tokenizer else ""
    rows: list[list[Words]] = [
        [Sentence("Sheet", N_("Sheet", "First read")), _day(manifest.created)],
        [Sentence("Sheet", N_("Sheet", "Last read")), _day(manifest.changed)],
        [Sentence("Sheet", N_("Sheet", "Fingerprint of the texts")), f"`{manifest.snapshot}`"],
        [Sentence("Sheet", N_("Sheet", "Corpus")), f"`{manifest.id}`"],
        [Sentence("Sheet", N_("Sheet", "Tokenizer")), tokenizer],
    ]
    return [Heading(Sentence("Sheet", N_("Sheet", "Maintenance"))), Table([], rows)]


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _japanese(manifest: CorpusManifest) -> list[Block]:
    text = (
        f"コーパス「{cell(manifest.name)}」のデータシート。人の名前は伏せていません。"
        "人に渡す前に、すべての資料の権利を確かめてください。"
    )
    return [Heading("日本語"), Paragraph([text])]


# ---- an earlier state ----------------------------------------------------------------------------


def _earlier(library: CorpusLibrary, manifest: CorpusManifest, snapshot: str) -> list[Block]:
    """What the texts of a state tell that is not the present one."""
    sources, sides, languages = Counter[str](), Counter[str](), Counter[str]()
    characters = documents = 0
    named = names_of(manifest)
    columns = ["source", "split", "language", "characters"]
    for row in Snapshot(library.folder(manifest.name), snapshot).rows(columns):
        documents += 1
        characters += row["characters"]
        sources[named(row["source"]).split("/", 1)[0]] += row["characters"]
        sides[row["split"]] += 1
        languages[row["language"] or "other"] += row["characters"]
    whole = max(1, characters)
    known = language_shares({code: n / whole for code, n in languages.most_common()})
    rows: list[list[Words]] = [
        [Sentence("Sheet", N_("Sheet", "Texts")), f"{documents:,}"],
        [Sentence("Sheet", N_("Sheet", "Characters")), f"{characters:,}"],
        [Sentence("Sheet", N_("Sheet", "Languages")), known],
        [Sentence("Sheet", N_("Sheet", "To train on")), f"{sides['train']:,}"],
        [Sentence("Sheet", N_("Sheet", "Kept unseen")), f"{sides['check'] + sides['test']:,}"],
    ]
    head = [
        Sentence("Sheet", N_("Sheet", "Source")), Sentence("Sheet", N_("Sheet", "Characters")),
    ]  # fmt: skip
    of_source = [[cell(name), f"{n:,}"] for name, n in sources.most_common(MOST_ROWS)]
    again = N_("Sheet", "The corpus has been read again since, so only what the texts themselves tell is said.")  # fmt: skip
    return [
        *_opening(manifest.name, snapshot), Paragraph([Sentence("Sheet", again)]),
        Heading(Sentence("Sheet", N_("Sheet", "Composition"))), Table([], rows),
        Heading(Sentence("Sheet", N_("Sheet", "Collection"))), Table(head, of_source, (1,)),
    ]  # fmt: skip
