"""evaluate: versions on held-out text, seen text, files, and pairs of sentences that show a bias."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output, table
from core.cli.paths import absolute
from core.errors import PathMissing
from core.home import Home
from core.jobs.kinds import EvaluateJob
from core.versions.library import VersionLibrary


def run(options: Any, home: Home, output: Output) -> int:
    library = VersionLibrary(home)
    names = [library.usable(name).name for name in options.versions]
    texts, suites = _paths("text", options.text), _paths("suite", options.suite)
    home.prepare()
    given = bool(texts or suites)
    job = EvaluateJob(
        versions=names, texts=texts, suites=suites, heldout=not given, seen=not given,
        device=options.device,
    )  # fmt: skip
    with working(home) as engine:
        record = follow(engine, engine.submit("evaluate", job, ", ".join(names)), output)
    result = record.result or {"versions": []}
    lines = table(_rows(result), {2, 3, 4}) if texts or not suites else []
    output.result(result, *lines, *(table(_bias_rows(result), {2, 3, 4}) if suites else []))
    return 0


def _paths(field: str, words: list[str]) -> list[str]:
    """Absolute paths. Raises PathMissing."""
    paths = [absolute(word) for word in words]
    for path in paths:
        if not Path(path).exists():
            raise PathMissing(field, path=path)
    return paths


def _bias_rows(result: dict[str, Any]) -> list[list[str]]:
    """How often the stereotype is likelier; 50 % is no preference."""
    rows = [["VERSION", "PAIRS OF SENTENCES", "PAIRS", "STEREOTYPE", "95 %", ""]]
    for version in result["versions"]:
        for found in version["bias"]:
            parts = {Path(found["path"]).name: found, **found["kinds"]}
            for name, part in parts.items():
                clear = part["low"] > 0.5 or part["high"] < 0.5
                interval = f"{part['low']:.1%}–{part['high']:.1%}"
                verdict = "" if clear else "no clear preference"
                label = name if part is found else f"  {name}"
                cells = [version["name"], label, f"{part['pairs']:,}", f"{part['share']:.1%}"]
                rows.append([*cells, interval, verdict])
    return rows


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
            column = ["" if guessed is None else _guessed(text)] if encoders else []
            if text.get("pseudo"):
                unknown = text.get("unknown") or 0.0
                left_out = f"{unknown:.0%} unknown, left out" if unknown >= 0.01 else ""
                remark = ", ".join(filter(None, ("pseudo", left_out, remark)))
            rows.append(
                [
                    version["name"], _label(text), f"{text['bits_per_byte']:.3f}",
                    _interval(text), f"{text['perplexity']:.1f}",
                    f"{text['tokens']:,}", *column, remark,
                ]
            )  # fmt: skip
    return rows


def _interval(text: dict[str, Any]) -> str:
    """Empty where a single document cannot tell what chance does."""
    return f"{text['low']:.3f}–{text['high']:.3f}" if text["low"] < text["high"] else ""


def _guessed(text: dict[str, Any]) -> str:
    """The share of hidden words, with half the width of its interval."""
    low, high = text.get("masked_low"), text.get("masked_high")
    half = "" if low is None or high is None else f" ±{50 * (high - low):.1f}"
    return f"{text['masked_accuracy']:.1%}{half}"


def _label(text: dict[str, Any]) -> str:
    """The file, or which part of which corpus ("heldout:NAME@snapshot")."""
    words = {"heldout": "unseen text of", "seen": "seen text of"}
    if text["kind"] not in words:
        return Path(text["path"]).name
    return f"{words[text['kind']]} {text['path'].partition(':')[2].rpartition('@')[0]}"
