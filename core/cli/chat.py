"""chat: continue a text, or write back and forth."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from core.cli.follow import working
from core.cli.lessons import HELP, LessonLines, story_of
from core.cli.output import Output
from core.config import build
from core.engine.engine import Engine
from core.engine.resident import ResidentError
from core.errors import TerakoyaError, UsageError
from core.home import Home
from core.sampling import SamplingSettings
from core.versions.library import VersionEntry, VersionLibrary


def run(options: Any, home: Home, output: Output) -> int:
    entry = VersionLibrary(home).usable(options.version)
    settings = build(
        SamplingSettings,
        {
            "temperature": options.temperature,
            "seed": options.seed,
            "max_tokens": options.max_tokens,
            "precision": "exact" if options.exact else "automatic",
        },
    )
    with working(home) as engine:
        try:
            if entry.manifest.kind == "fill":
                _fill(engine, entry, options.prompt, output)
            elif options.prompt is not None:
                _once(engine, entry, readable(options.prompt), settings, output)
            else:
                _converse(engine, entry, settings, output)
        except ResidentError as error:
            raise UsageError("version", detail=str(error)) from error
    return 0


def readable(text: str) -> str:
    """`text` without what the terminal sent that is no text (bytes that are not UTF-8)."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _once(
    engine: Engine, entry: VersionEntry, prompt: str, settings: SamplingSettings, output: Output
) -> None:
    asked: dict[str, Any] = {"text": prompt}
    if entry.manifest.kind == "chat":
        asked = {"messages": [{"role": "user", "content": prompt}], "mode": "chat"}
    text, facts = _generate(engine, entry, asked, settings, output)
    if output.json_only:
        output.result({"version": entry.name, "prompt": prompt, "text": text, **facts})
    else:
        print()
    _note_chatted(engine, entry)


def _fill(engine: Engine, entry: VersionEntry, prompt: str | None, output: Output) -> None:
    """Blanks of the prompt, or of each line from standard input until it ends."""
    if prompt is None and sys.stdin.isatty():
        print(f"“{entry.manifest.title}” fills in blanks: write ____ where a word is missing. Ctrl-D ends.", file=sys.stderr)  # fmt: skip
    lines = iter(_ask, "") if prompt is None else [readable(prompt)]
    found: list[dict[str, Any]] = []
    for line in lines:
        text = line.rstrip("\n")
        asked = {"version": entry.id, "text": text}
        facts = engine.resident("chat").call("fill", asked, lambda data: None)
        answer = {"prompt": text, "text": facts["text"], "blanks": facts["blanks"]}
        found.append(answer)
        if not output.json_only:
            print(_sheet(answer), flush=True)
    if found:
        _note_chatted(engine, entry)
    if output.json_only:
        whole = found[0] if prompt is not None else {"sheets": found}
        output.result({"version": entry.name, **whole})


def _sheet(answer: dict[str, Any]) -> str:
    """The filled text, then the candidates of each blank with their probabilities."""
    lines = [answer["text"]]
    for number, blank in enumerate(answer["blanks"], 1):
        words = [f"{c['text']} {c['probability']:.1%}" for c in blank["candidates"]]
        lines.append(f"  {number}: {' · '.join(words)}")
    return "\n".join(lines)


def _converse(
    engine: Engine, entry: VersionEntry, settings: SamplingSettings, output: Output
) -> None:
    """Lines from standard input until it ends; a base version goes on with the text."""
    chat = entry.manifest.kind == "chat"
    what = "answers you" if chat else "continues what you write"
    if sys.stdin.isatty():
        print(f"“{entry.manifest.title}” {what}. Ctrl-C stops it, Ctrl-D ends.", file=sys.stderr)
        print(HELP, file=sys.stderr)
    messages: list[dict[str, str]] = []
    # A script that reads the result says everything to the version.
    lessons = None if output.json_only else LessonLines(engine.home, entry.id, story=not chat)
    left_out = 0
    while line := _ask():
        if lessons is not None and lessons.take(line, messages):
            continue
        said = line.strip() if chat else line.rstrip("\n")
        if chat and not said:
            continue
        messages.append({"role": "user", "content": said})
        asked = {"messages": messages, "mode": "chat"} if chat else {"text": story_of(messages)}
        text, stopped = "", False
        try:
            text, facts = _generate(engine, entry, asked, settings, output)
            left_out = _note_left_out(left_out, facts["left_out"])
        except ResidentError as error:
            if not sys.stdin.isatty():
                raise
            print(error, file=sys.stderr)  # Somebody is there to say it otherwise.
            messages.pop()
            continue
        except KeyboardInterrupt as interrupt:
            if type(interrupt) is not KeyboardInterrupt or not sys.stdin.isatty():
                raise
            stopped = True
        if not output.json_only:
            print(" …" if stopped else "", flush=True)
        messages.append({"role": "assistant", "content": text})
    if messages:
        _note_chatted(engine, entry)
    if output.json_only:
        output.result({"version": entry.name, "messages": messages, "seed": settings.seed})


def _note_left_out(before: int, now: int) -> int:
    if now > before:
        print(f"(The conversation has grown too long for this version: it answered without the first {now} messages.)", file=sys.stderr)  # fmt: skip
    return now


def _ask() -> str:
    """The next line with its end, or "" when there is no more."""
    someone = sys.stdin.isatty()
    if someone:
        print("> ", end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line and someone:
        print(file=sys.stderr)
    return readable(line)


def _note_chatted(engine: Engine, entry: VersionEntry) -> None:
    with contextlib.suppress(TerakoyaError, OSError):  # A shelf that is read-only can be read.
        VersionLibrary(engine.home).update(entry.id, chatted=True)


def _generate(
    engine: Engine,
    entry: VersionEntry,
    what: dict[str, Any],
    settings: SamplingSettings,
    output: Output,
) -> tuple[str, dict[str, Any]]:
    """What the version writes (shown while it does), and the facts of it. Raises ResidentError."""
    pieces: list[str] = []

    def update(data: dict[str, Any]) -> None:
        pieces.append(data["text"])
        if not output.json_only:
            print(data["text"], end="", flush=True)

    params = {
        "version": entry.id, "settings": settings.model_dump(), "weigh": False, **what
    }  # fmt: skip
    facts = engine.resident("chat").call("generate", params, update)
    facts.pop("exact_cells", None)
    return "".join(pieces), facts
