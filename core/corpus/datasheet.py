"""The data sheet of a corpus: what it consists of, where that comes from, what was done to it.

In the sections of Gebru et al. 2018 ("Datasheets for Datasets") for which there are facts, and nothing
that is not known. It goes where versions go, so folders of the user's machine are never named.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict, Source
from core.corpus.naming import last_name, names_of
from core.corpus.sheet_parts import (
    MOST_ROWS,
    amount_of,
    bullets,
    cell,
    cleaning_rows,
    contamination_lines,
    shares,
    table,
)
from core.corpus.store import Snapshot
from core.files import read_json
from core.sentences import Sentence

CONTAMINATION = "contamination.json"


def data_sheet(library: CorpusLibrary, name: str, snapshot: str = "") -> str:
    """Markdown, English first and a few lines of Japanese at the end.

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
    parts = [
        f"# Data sheet: {manifest.name}", _opening(manifest.snapshot), _composition(manifest),
        _sources(manifest, files), _skipped(files), _cleaning(manifest), _split(manifest),
        contamination_lines(_contamination(library, manifest)), _distribution(manifest),
        _maintenance(manifest), _japanese(manifest),
    ]  # fmt: skip
    return _joined(parts)


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(snapshot: str) -> str:
    return (
        "Written by Terakoya from what it knows of this text, in the sections of Gebru et al. 2018 "
        f"for which there are facts. State of the text: `{snapshot}`."
    )


# ---- composition ---------------------------------------------------------------------------------


def _composition(manifest: CorpusManifest) -> str:
    totals = manifest.totals
    tokenizer = manifest.tokenizer
    tokens = f"{totals.tokens:,}" if totals.tokens else ""
    if tokenizer is not None and tokens:
        tokens += f" ({tokenizer.vocabulary:,} in the vocabulary, {tokenizer.bytes_per_token:.2f} bytes each)"  # fmt: skip
    rows = [
        ("Documents", f"{totals.documents:,}"),
        ("Characters", f"{totals.characters:,}, of {totals.raw_characters:,} that were read"),
        ("Bytes (UTF-8)", f"{totals.bytes:,}"), ("Tokens", tokens),
        ("Median length", f"{manifest.median_length:,.0f} characters"),
        ("Languages", shares(manifest.languages)),
        ("Conversations", f"{totals.conversations:,}" if totals.conversations else ""),
        ("Pairs of a better and a worse answer", f"{totals.pairs:,}" if totals.pairs else ""),
    ]  # fmt: skip
    return "## Composition\n\n" + table(["", ""], rows)


# ---- collection ----------------------------------------------------------------------------------


def _sources(manifest: CorpusManifest, files: list[FileVerdict]) -> str:
    of_source: dict[str, list[FileVerdict]] = {}
    for file in files:
        of_source.setdefault(file.source, []).append(file)
    rows = [
        (
            cell(last_name(source.path)), _licence(source), f"{source.read:,} of {source.files:,}",
            f"{source.documents:,}", f"{source.characters:,}",
            _most(f.kind for f in of_source.get(source.path, []) if f.verdict == "read"),
            _most(f.encoding for f in of_source.get(source.path, []) if f.verdict == "read"),
            f"{source.weight:g}",
        )
        for source in manifest.sources[:MOST_ROWS]
    ]  # fmt: skip
    head = ["Source", "Licence noted", "Files read", "Documents", "Characters", "Formats", "Encodings", "Weight"]  # fmt: skip
    more = len(manifest.sources) - len(rows)
    rest = f"\n\nAnd {more:,} more sources." if more > 0 else ""
    unsure = sum(1 for f in files if f.verdict == "read" and not f.sure)
    guess = f"\n\nOf {unsure:,} files the encoding is a guess." if unsure else ""
    return f"## Collection\n\nFiles that the user chose on one computer.\n\n{table(head, rows)}{rest}{guess}"


def _licence(source: Source) -> str:
    return cell(source.licence.strip()) or "not noted"


def _most(values: Iterable[str]) -> str:
    """Each value with how often, the most frequent first."""
    counts = Counter(value for value in values if value).most_common(6)
    return ", ".join(f"{value} {count:,}" for value, count in counts)


def _skipped(files: list[FileVerdict]) -> str:
    reasons = Counter(_reason(f.reason) for f in files if f.verdict == "skipped")
    warnings = Counter(_reason(f.warning) for f in files if f.verdict == "read" and f.warning)
    parts: list[str] = []
    for title, found in (("Files that were skipped", reasons), ("Files that were read in part or with a remark", warnings)):  # fmt: skip
        if found:
            rows = [f"{count:,} × {cell(reason)}" for reason, count in found.most_common(MOST_ROWS)]
            parts.append(f"{title}:\n\n{bullets(rows)}")
    return "\n\n".join(parts)


def _reason(data: dict[str, Any] | None) -> str:
    """A verdict's reason in English, with the last names of paths that it has."""
    if data is None:
        return "no reason known"
    return _without_folders(Sentence.from_json(data)).english()


def _without_folders(sentence: Sentence) -> Sentence:
    values = {
        name: _without_folders(value) if isinstance(value, Sentence)
        else last_name(value) if isinstance(value, str) and _is_path(value) else value
        for name, value in sentence.values.items()
    }  # fmt: skip
    return Sentence(sentence.context, sentence.text, values)


def _is_path(value: str) -> bool:
    return PurePath(value).is_absolute() or value[1:3] in (":\\", ":/") or value.startswith("\\\\")


# ---- cleaning and split --------------------------------------------------------------------------


def _cleaning(manifest: CorpusManifest) -> str:
    rows = cleaning_rows(manifest.cleaning, manifest.removed)
    totals = manifest.totals
    lines = [
        table(["What reading does", "Setting", "Taken out or changed"], rows),
        f"Copies that were left out: {totals.duplicates:,} exact, {totals.near_duplicates:,} near. "
        "The files themselves were not touched.",
    ]
    if manifest.cleaning.personal:
        kinds = ", ".join(kind.replace("_", " ") for kind in manifest.cleaning.personal)
        lines.append(f"Personal data that was looked for and masked: {kinds}. Names of people were not looked for.")  # fmt: skip
    else:
        lines.append("Personal data was not looked for.")
    return "## Cleaning\n\n" + "\n\n".join(lines)


def _split(manifest: CorpusManifest) -> str:
    totals = manifest.totals
    if not totals.heldout_documents:
        return "## Split\n\nNothing is held out."
    how = "by document" if manifest.heldout_by == "document" else f"in blocks of about {manifest.heldout_block:,} characters"  # fmt: skip
    return (
        f"## Split\n\n{totals.train_documents:,} texts to train on, {totals.heldout_documents:,} kept "
        f"unseen ({amount_of(totals.heldout_bytes, totals.bytes)} of the bytes; asked for "
        f"{100 * manifest.heldout_share:.0f} %), split {how} by a hash of the text, near copies on one side."
    )


def _contamination(library: CorpusLibrary, manifest: CorpusManifest) -> dict[str, Any] | None:
    """The report of a search for evaluation items, where it was made of this state."""
    try:
        found = read_json(library.folder(manifest.name) / CONTAMINATION)
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or found.get("snapshot", manifest.snapshot) != manifest.snapshot:
        return None
    return found


# ---- the rest ------------------------------------------------------------------------------------


def _distribution(manifest: CorpusManifest) -> str:
    noted = list(dict.fromkeys(s.licence.strip() for s in manifest.sources if s.licence.strip()))
    without = sum(1 for s in manifest.sources if not s.licence.strip())
    words = f"Licences that the user noted: {'; '.join(cell(one) for one in noted)}. " if noted else ""  # fmt: skip
    if without:
        words += f"Of {without:,} sources no licence is noted. "
    return f"## Distribution\n\n{words}Whether the text, or a model of it, may be passed on depends on the rights in every source."


def _maintenance(manifest: CorpusManifest) -> str:
    rows = [
        ("First read", _day(manifest.created)), ("Last read", _day(manifest.changed)),
        ("Fingerprint of the texts", f"`{manifest.snapshot}`"), ("Corpus", f"`{manifest.id}`"),
        ("Tokenizer", f"`{manifest.tokenizer.hash}`" if manifest.tokenizer else ""),
    ]  # fmt: skip
    return "## Maintenance\n\n" + table(["", ""], rows)


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _japanese(manifest: CorpusManifest) -> str:
    totals = manifest.totals
    noted = sum(1 for s in manifest.sources if s.licence.strip())
    return (
        f"## 日本語\n\nコーパス「{manifest.name}」のデータシート。資料 {len(manifest.sources):,} 件、文書 "
        f"{totals.documents:,} 件、{totals.characters:,} 字。未学習として取り分けた文書は "
        f"{totals.heldout_documents:,} 件。ライセンスの覚え書きがある資料は {noted:,} 件。\n"
        "人の名前は伏せていません。人に渡す前に、すべての資料の権利を確かめてください。"
    )


# ---- an earlier state ----------------------------------------------------------------------------


def _earlier(library: CorpusLibrary, manifest: CorpusManifest, snapshot: str) -> str:
    """What the texts of a state tell that is not the present one."""
    sources, sides, languages = Counter[str](), Counter[str](), Counter[str]()
    characters = documents = 0
    named = _top(names_of(manifest))
    columns = ["source", "split", "language", "characters"]
    for row in Snapshot(library.folder(manifest.name), snapshot).rows(columns):
        documents += 1
        characters += row["characters"]
        sources[named(row["source"])] += row["characters"]
        sides[row["split"]] += 1
        languages[row["language"] or "other"] += row["characters"]
    whole = max(1, characters)
    rows = [
        ("Texts", f"{documents:,}"), ("Characters", f"{characters:,}"),
        ("Languages", shares({code: n / whole for code, n in languages.most_common()})),
        ("To train on", f"{sides['train']:,}"),
        ("Kept unseen", f"{sides['check'] + sides['test']:,}"),
    ]  # fmt: skip
    of_source = [(cell(name), f"{n:,}") for name, n in sources.most_common(MOST_ROWS)]
    parts = [
        f"# Data sheet: {manifest.name}", _opening(snapshot),
        "The corpus has been read again since, so only what the texts themselves tell is said.",
        "## Composition\n\n" + table(["", ""], rows),
        "## Collection\n\n" + table(["Source", "Characters"], of_source),
    ]  # fmt: skip
    return _joined(parts)


def _top(named: Callable[[str], str]) -> Callable[[str], str]:
    """The source's own name only."""
    return lambda path: named(path).split("/", 1)[0]
