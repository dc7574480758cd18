"""evaluate: versions on held-out text, seen text, and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output, table
from core.errors import NotBuiltYet, PathMissing
from core.home import Home
from core.jobs.kinds import EvaluateJob
from core.versions.library import VersionLibrary


def run(options: Any, home: Home, output: Output) -> int:
    if options.suite:
        raise NotBuiltYet("suite", what="Measuring with a suite", instead="use --text")
    library = VersionLibrary(home)
    names = [library.usable(name).name for name in options.versions]
    texts = [str(Path(text).expanduser().absolute()) for text in options.text]
    for text in texts:
        if not Path(text).exists():
            raise PathMissing("text", path=text)
    home.prepare()
    job = EvaluateJob(
        versions=names, texts=texts, heldout=not texts, seen=not texts, device=options.device
    )
    with working(home) as engine:
        record = follow(engine, engine.submit("evaluate", job, ", ".join(names)), output)
    result = record.result or {"versions": []}
    output.result(result, *table(_rows(result), {2, 3, 4}))
    return 0


def _rows(result: dict[str, Any]) -> list[list[str]]:
    """With a column for encoders, whose figures are pseudo-perplexity's, where there are some."""
    texts = [text for version in result["versions"] for text in version["texts"]]
    encoders = any(text.get("pseudo") for text in texts)
    column = ["MASKED"] if encoders else []
    rows = [["VERSION", "TEXT", "BITS/BYTE", "95 %", "PERPLEXITY", "TOKENS", *column, ""]]
    for version in result["versions"]:
        for text in version["texts"]:
            remark = "trained on it" if text["trained_on"] else ""
            remark = "best" if text.get("best") else remark
            guessed = text.get("masked_accuracy")
            column = ["" if guessed is None else f"{guessed:.1%}"] if encoders else []
            if text.get("pseudo"):
                remark = ", ".join(filter(None, ("pseudo", remark)))
            rows.append(
                [
                    version["name"], _label(text), f"{text['bits_per_byte']:.3f}",
                    f"{text['low']:.3f}–{text['high']:.3f}", f"{text['perplexity']:.1f}",
                    f"{text['tokens']:,}", *column, remark,
                ]
            )  # fmt: skip
    return rows


def _label(text: dict[str, Any]) -> str:
    """The file, or which part of which corpus ("heldout:NAME@snapshot")."""
    words = {"heldout": "unseen text of", "seen": "seen text of"}
    if text["kind"] not in words:
        return Path(text["path"]).name
    return f"{words[text['kind']]} {text['path'].partition(':')[2].rpartition('@')[0]}"
