"""What a data sheet says of cleaning, and of evaluation sets found in the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.corpus.contamination_report import ContaminationReport
from core.corpus.manifest import CorpusManifest
from core.corpus.naming import last_name
from core.corpus.sheet_parts import Block, Heading, Paragraph, Table, Words, cell
from core.sentences import N_, Sentence

_LABELS = {
    "gutenberg": N_("Sheet", "Frames of Project Gutenberg"),
    "aozora_ruby": N_("Sheet", "Readings (ruby) of Aozora Bunko"),
    "aozora_notes": N_("Sheet", "Notes and colophons of Aozora Bunko"),
    "html_boilerplate": N_("Sheet", "Menus and footers of pages"),
    "pdf_furniture": N_("Sheet", "Page numbers, running heads and hyphens of PDFs"),
    "control_characters": N_("Sheet", "Control characters"),
    "mojibake": N_("Sheet", "Wrongly decoded text"),
    "unicode": N_("Sheet", "Unicode normal form"),
    "personal": N_("Sheet", "Personal data"),
    "least_characters": N_("Sheet", "Shortest document"),
    "languages": N_("Sheet", "Languages that are kept"),
    "duplicates": N_("Sheet", "Exact copies"),
    "near_duplicates": N_("Sheet", "Near copies"),
    "paragraphs": N_("Sheet", "Repeated paragraphs"),
}
_PERSONAL = {
    "mail": N_("Sheet", "mail addresses"), "phone": N_("Sheet", "phone numbers"),
    "postal": N_("Sheet", "postal codes"), "my_number": N_("Sheet", "My Number"),
    "card": N_("Sheet", "card numbers"), "ip": N_("Sheet", "IP addresses"),
}  # fmt: skip
_IN_DOCUMENTS = {"duplicates", "near_duplicates", "least_characters", "languages"}
_ON, _OFF, _ALL = (
    Sentence("Sheet", word) for word in (N_("Sheet", "on"), N_("Sheet", "off"), N_("Sheet", "all"))
)


def cleaning(manifest: CorpusManifest) -> list[Block]:
    """Every option with its count, and what stands below under names of its own."""
    options, removed = manifest.cleaning.model_dump(), manifest.removed
    rows: list[list[Words]] = [
        [_label(name), _setting(name, value), _count(name, removed)]
        for name, value in options.items()
    ]
    rows += [[_label(name), "", _count(name, removed)] for name in removed if name not in options]
    head = [
        Sentence("Sheet", N_("Sheet", "What reading does")), Sentence("Sheet", N_("Sheet", "Setting")),
        Sentence("Sheet", N_("Sheet", "Taken out or changed")),
    ]  # fmt: skip
    totals = manifest.totals
    copies = N_("Sheet", "Copies that were left out: {exact} exact, {near} near.")
    values = {"exact": f"{totals.duplicates:,}", "near": f"{totals.near_duplicates:,}"}
    untouched = Sentence("Sheet", N_("Sheet", "The files themselves were not touched."))
    return [
        Heading(Sentence("Sheet", N_("Sheet", "Cleaning"))), Table(head, rows),
        Paragraph([Sentence("Sheet", copies, values), untouched]), Paragraph([_personal(manifest)]),
    ]  # fmt: skip


def _personal(manifest: CorpusManifest) -> Sentence:
    kinds = manifest.cleaning.personal
    if not kinds:
        return Sentence("Sheet", N_("Sheet", "Personal data was not looked for."))
    text = N_("Sheet", "Personal data that was looked for and masked: {kinds}. Names of people were not looked for.")  # fmt: skip
    return Sentence("Sheet", text, {"kinds": _listed([*map(_kind, kinds)])})


def _kind(kind: str) -> Words:
    """A kind of personal data, or a language, as a setting has it."""
    known = _PERSONAL.get(kind)
    return Sentence("Sheet", known) if known else cell(kind)


def _listed(words: list[Words]) -> Words:
    """One after the other."""
    first, *rest = words
    if not rest:
        return first
    return Sentence("Sheet", N_("Sheet", "{one}, {more}"), {"one": first, "more": _listed(rest)})


def _label(name: str) -> Words:
    if name.startswith("personal_"):
        text = N_("Sheet", "Of it: {kind}")
        return Sentence("Sheet", text, {"kind": _kind(name.removeprefix("personal_"))})
    known = _LABELS.get(name)
    return Sentence("Sheet", known) if known else cell(name.replace("_", " "))


def _setting(name: str, value: Any) -> Words:
    if isinstance(value, bool):
        return _ON if value else _OFF
    if isinstance(value, list):
        known = [_kind(str(one)) for one in value]
        return _listed(known) if known else _ALL if name == "languages" else _OFF
    if isinstance(value, int):
        text = N_("Sheet", "{count} characters")
        return Sentence("Sheet", text, {"count": f"{value:,}"}) if value else _OFF
    return str(value).upper() if value != "off" else _OFF


def _count(name: str, removed: Mapping[str, int]) -> Words:
    count = removed.get(name)
    if not count:
        return ""
    texts = N_("Sheet", "{count} documents"), N_("Sheet", "{count} characters")
    return Sentence("Sheet", texts[name not in _IN_DOCUMENTS], {"count": f"{count:,}"})


def contamination(report: ContaminationReport | None) -> list[Block]:
    """What was found of the user's evaluation sets in the text to train on."""
    rows: list[list[Words]] = [
        [cell(last_name(one.path)), f"{one.items:,}", f"{one.found:,}"]
        for one in (report.suites if report else [])
    ]
    if not rows:
        return []
    head = [
        Sentence("Sheet", N_("Sheet", "Evaluation set")), Sentence("Sheet", N_("Sheet", "Items")),
        Sentence("Sheet", N_("Sheet", "Found in the text to train on")),
    ]  # fmt: skip
    return [
        Heading(Sentence("Sheet", N_("Sheet", "Overlap with evaluation sets"))), Table(head, rows),
    ]  # fmt: skip
