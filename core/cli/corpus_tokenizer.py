"""corpus tokenizer: the laboratory, in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.cli.elsewhere import elsewhere
from core.cli.output import Output, table
from core.corpus.laboratory import Candidate, Laboratory, Point
from core.corpus.library import CorpusLibrary
from core.errors import UsageError
from core.home import Home
from core.jobs.kinds import MOST_TOKENS, TokenizerChoice
from core.sentences import Sentence
from core.tokenizer.lab.kinds import BYTES

_CURVES = ("bpe", "unigram")
_PHASES = {
    "reading": "reading text", "words": "counting words", "learning": "learning",
    "measuring": "measuring", "counting": "counting tokens",
}  # fmt: skip


def run(options: Any, home: Home, output: Output) -> int:
    """Raises what core.corpus.laboratory does, and UsageError for words that do not go together."""
    _check(options)
    data, lines = elsewhere(lambda stop: _work(options, home, output, stop), output)
    output.result(data, *lines)
    return 0


def _work(
    options: Any, home: Home, output: Output, stop: Callable[[], bool]
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    """The answer as JSON, and in lines."""
    told = ""

    def say(phase: str, share: float | None) -> None:
        nonlocal told
        done = "" if share is None else f" · {100 * share:.0f} %"
        output.progress(_PHASES[phase] + done, now=phase != told)
        told = phase

    library = CorpusLibrary(home)
    laboratory = Laboratory(library, options.name, say=say)
    name = library.get(options.name).name
    data: dict[str, Any] = {"corpus": name}
    lines: list[str] = []
    made = _made(options, laboratory)
    if made is not None:
        data["made"] = made.model_dump(mode="json")
        lines += [f"{made.name} ({made.id}): {_ratios(made)}", *_notes(made)]
    if options.curve:
        data["curve"] = laboratory.curve(options.kind or "bpe")
        lines += _curve(data["curve"])
    if options.compare:
        ids = [candidate.id for candidate in laboratory.candidates()]
        data["compared"] = laboratory.compare(ids, options.compare)
        lines += _compared(data["compared"])
    if options.choose is not None:
        one = options.choose or (made.id if made else "")
        manifest = laboratory.choose(one, stop)
        assert manifest.tokenizer is not None
        data["tokenizer"] = manifest.tokenizer.model_dump(mode="json")
        data["totals"] = manifest.totals.model_dump(mode="json")
        lines.append(
            f"“{name}” has this tokenizer now: {manifest.totals.tokens:,} tokens, "
            f"{manifest.tokenizer.bytes_per_token:.2f} bytes each."
        )
    if not lines:
        found = laboratory.candidates()
        facts = library.get(name).tokenizer
        data["candidates"] = [candidate.model_dump(mode="json") for candidate in found]
        lines = _listed(found, facts.hash if facts else "")
    return data, lines


def _check(options: Any) -> None:
    if options.file and (options.kind or options.vocabulary):
        raise UsageError(
            "file", detail="--import stands alone: the file has its own kind and size."
        )
    if options.curve and options.kind not in (None, *_CURVES):
        raise UsageError("kind", detail=f"A curve is of {' or '.join(_CURVES)}.")
    if options.vocabulary is not None and not BYTES <= options.vocabulary <= MOST_TOKENS:
        detail = f"A vocabulary has from {BYTES} to {MOST_TOKENS:,} tokens."
        raise UsageError("vocabulary", detail=detail)
    if options.choose == "" and not _makes(options):
        detail = "--choose needs an id, or --kind, --vocabulary or --import beside it."
        raise UsageError("choose", detail=detail)


def _makes(options: Any) -> bool:
    """--kind beside --curve says what the curve is of, unless a size is asked for too."""
    alone = options.kind and not (options.curve and options.choose is None)
    return bool(options.file or options.vocabulary or alone)


def _made(options: Any, laboratory: Laboratory) -> Candidate | None:
    if not _makes(options):
        return None
    if options.file:
        file = str(Path(options.file).expanduser().absolute())
        return laboratory.make(TokenizerChoice(kind="imported", file=file))
    kind = options.kind or "bpe"
    return laboratory.make(TokenizerChoice(kind=kind, vocabulary=options.vocabulary))


def _ratios(candidate: Candidate) -> str:
    each = [f"{code} {ratio:.2f}" for code, ratio in sorted(candidate.languages.items())]
    return f"{candidate.bytes_per_token:.2f} bytes per token ({', '.join(each)})"


def _notes(candidate: Candidate) -> list[str]:
    notes = [f"  {Sentence.from_json(limit).english()}" for limit in candidate.limits]
    if candidate.added:
        notes.append(f"  Added, since it lacked them: {' '.join(candidate.added)}")
    return notes


def _listed(found: list[Candidate], current: str) -> list[str]:
    rows = [["", "ID", "NAME", "VOCABULARY", "BYTES/TOKEN", "JA", "EN"]]
    for one in found:
        ratios = [one.languages.get(code) for code in ("ja", "en")]
        rows.append(
            [
                "*" if one.id == current else "", one.id, one.name, f"{one.vocabulary:,}",
                f"{one.bytes_per_token:.2f}", *_numbers(ratios),
            ]
        )  # fmt: skip
    return table(rows, {3, 4, 5, 6})


def _curve(points: list[Point]) -> list[str]:
    rows = [["VOCABULARY", "BYTES/TOKEN", "JA", "EN"]]
    rows += [
        [f"{p['vocabulary']:,}", f"{p['bytes_per_token']:.2f}", *_numbers([p["ja"], p["en"]])]
        for p in points
    ]
    return table(rows, {0, 1, 2, 3})


def _numbers(ratios: list[float | None]) -> list[str]:
    return ["" if ratio is None else f"{ratio:.2f}" for ratio in ratios]


def _compared(found: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for one in found:
        here = one["here"]
        lines.append(
            f"{one['name']}: {here['tokens']} tokens, {here['bytes_per_token']:.2f} bytes each"
        )
        for text in here["texts"]:
            lines.append("  " + "|".join(cell["text"] for cell in text["cells"]))
    return lines
