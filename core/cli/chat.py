"""chat: continue a text, or write back and forth."""

from __future__ import annotations

import sys
from typing import Any

from core.cli.output import Output
from core.config import build
from core.engine.engine import Engine
from core.engine.resident import ResidentError
from core.errors import UsageError
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
        },
    )
    engine = Engine(home)
    try:
        if options.prompt is not None:
            return _once(engine, entry, options.prompt, settings, output)
        return _converse(engine, entry, settings, output)
    except ResidentError as error:
        raise UsageError("version", detail=str(error)) from error
    finally:
        engine.close()


def _once(
    engine: Engine, entry: VersionEntry, prompt: str, settings: SamplingSettings, output: Output
) -> int:
    text, facts = _generate(engine, entry, {"text": prompt}, settings, output)
    if output.json_only:
        output.result({"version": entry.name, "prompt": prompt, "text": text, **facts})
    else:
        print()
    VersionLibrary(engine.home).update(entry.id, chatted=True)
    return 0


def _converse(
    engine: Engine, entry: VersionEntry, settings: SamplingSettings, output: Output
) -> int:
    """Lines from standard input until it ends; a base version goes on with the text."""
    if entry.manifest.kind == "base":
        print(f"“{entry.manifest.title}” continues what you write. Ctrl-D ends.", file=sys.stderr)
    messages: list[dict[str, str]] = []
    story = ""
    while True:
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            print(file=sys.stderr)
            return 0
        if entry.manifest.kind == "chat":
            messages.append({"role": "user", "content": line.strip()})
            what: dict[str, Any] = {"messages": messages, "mode": "chat"}
        else:
            story += line.rstrip("\n")
            what = {"text": story}
        text, _ = _generate(engine, entry, what, settings, output)
        print(flush=True)
        messages.append({"role": "assistant", "content": text})
        story += text + "\n"


def _generate(
    engine: Engine,
    entry: VersionEntry,
    what: dict[str, Any],
    settings: SamplingSettings,
    output: Output,
) -> tuple[str, dict[str, Any]]:
    pieces: list[str] = []

    def update(data: dict[str, Any]) -> None:
        pieces.append(data["text"])
        if not output.json_only:
            print(data["text"], end="", flush=True)

    params = {"version": entry.id, "settings": settings.model_dump(), **what}
    facts = engine.resident("chat").call("generate", params, update)
    return "".join(pieces), facts
