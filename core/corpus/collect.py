"""One file: decoded, read, cleaned, judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.corpus import cleaning, encoding, language
from core.corpus.manifest import FileVerdict
from core.corpus.readers import html
from core.corpus.readers.base import NotReadable
from core.corpus.readers.registry import BY_EXTENSION, PLAIN, Format
from core.corpus.scan import Found, os_problem
from core.jobs.kinds import CleaningOptions
from core.sentences import N_, Sentence

_MOST_BAD = 0.02


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A text as the model will read it. `part` counts within its file."""

    source: str
    part: int
    title: str
    text: str
    language: str


@dataclass
class Collected:
    """A file's verdict with its documents; `removed` counts characters by cleaning option."""

    verdict: FileVerdict
    documents: list[CleanDocument] = field(default_factory=list[CleanDocument])
    removed: dict[str, int] = field(default_factory=dict[str, int])
    raw_characters: int = 0


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    bad: int


def decode_file(data: bytes, form: Format, chosen: str | None) -> Decoded | None:
    """The text of a file, with "\\n" line ends; None when it is not text."""
    name = chosen or encoding.detect(data)
    if not chosen and form.kind == "HTML" and name in ("cp1252", "latin-1", None):
        name = html.declared_encoding(data) or name
    if name is None:
        return None
    try:
        text, bad = encoding.decode(data, name)
    except (LookupError, ValueError):
        return None
    return Decoded(cleaning.normalise_newlines(text), encoding.public_name(name), bad)


def collect(found: Found, options: CleaningOptions, chosen_encoding: str | None) -> Collected:
    """Read one file. Never raises for a bad file: its verdict says what is wrong."""
    form = BY_EXTENSION.get(found.path.suffix.casefold(), PLAIN)
    if found.problem is not None:
        return _skipped(found, found.kind or form.kind, found.problem)
    try:
        data = found.path.read_bytes()
    except OSError as error:
        return _skipped(found, form.kind, os_problem(error))
    decoded = decode_file(data, form, chosen_encoding)
    if decoded is None:
        reason = Sentence("Verdicts", N_("Verdicts", "not a text file"))
        return _skipped(found, form.kind, reason)
    if decoded.bad > max(10, len(decoded.text) * _MOST_BAD):
        reason = Sentence(
            "Verdicts", N_("Verdicts", "{count} characters cannot be read as {encoding}"),
            {"count": decoded.bad, "encoding": decoded.encoding},
        )  # fmt: skip
        return _skipped(found, form.kind, reason, decoded.encoding)
    try:
        read = form.read(decoded.text, found.path.name)
    except NotReadable as error:
        return _skipped(found, form.kind, error.sentence, decoded.encoding)
    warning = read.warning or _bad_characters(decoded)
    result = Collected(_verdict(found, form.kind, decoded.encoding, warning))
    for document in read.documents:
        _add(result, found, document.title, document.text, options)
    if not result.documents:
        reason = Sentence("Verdicts", N_("Verdicts", "no text is left after cleaning"))
        return _skipped(found, form.kind, reason, decoded.encoding)
    languages = [d.language for d in result.documents if d.language]
    main = max(set(languages), key=languages.count) if languages else ""
    result.verdict = result.verdict.model_copy(
        update={
            "language": main,
            "characters": sum(len(d.text) for d in result.documents),
            "documents": len(result.documents),
        }
    )
    return result


def _add(result: Collected, found: Found, title: str, text: str, options: CleaningOptions) -> None:
    result.raw_characters += len(text)
    spans = cleaning.removals(text, options)
    for span in spans:
        result.removed[span.reason] = result.removed.get(span.reason, 0) + span.end - span.start
    kept = cleaning.cleaned(text, spans).strip("\n ")
    kept = kept.encode("utf-8", "replace").decode("utf-8") if _has_surrogates(kept) else kept
    if kept:
        result.documents.append(
            CleanDocument(
                str(found.path), len(result.documents), title, kept + "\n", language.detect(kept)
            )
        )


def _has_surrogates(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _bad_characters(decoded: Decoded) -> Sentence | None:
    if not decoded.bad:
        return None
    return Sentence(
        "Verdicts", N_("Verdicts", "{count} characters could not be read"), {"count": decoded.bad}
    )


def _verdict(found: Found, kind: str, encoding_name: str, warning: Sentence | None) -> FileVerdict:
    return FileVerdict(
        path=str(found.path), source=found.source, verdict="read", kind=kind,
        encoding=encoding_name, bytes=found.bytes, warning=warning.to_json() if warning else None,
    )  # fmt: skip


def _skipped(found: Found, kind: str, reason: Sentence, encoding_name: str = "") -> Collected:
    return Collected(
        FileVerdict(
            path=str(found.path),
            source=found.source,
            verdict="skipped",
            kind=kind,
            encoding=encoding_name,
            bytes=found.bytes,
            reason=reason.to_json(),
        )  # fmt: skip
    )
