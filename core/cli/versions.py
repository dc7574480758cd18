"""versions list | show | import | export | rename | remove."""

from __future__ import annotations

import time
from typing import Any

from core.cli import compare, exchange, reproduce, worth
from core.cli.output import Output, table
from core.home import Home
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.lineage import lineage


def run(options: Any, home: Home, output: Output) -> int:
    library = VersionLibrary(home)
    match options.action:
        case "list":
            _list(library, output)
        case "show":
            entry = library.get(options.name)
            data = {**as_json(entry), "damaged_files": library.verify(entry.id)}
            output.result(data, *_lines(data))
        case "import":
            return exchange.bring(options, home, output)
        case "export":
            return exchange.hand_out(options, home, output)
        case "compare":
            return compare.run(options, library, output)
        case "reproduce":
            return reproduce.run(options, home, output)
        case "worth":
            return worth.run(options, home, output)
        case "merge":
            return exchange.merge(options, home, output)
        case "rename":
            entry = library.rename(options.name, options.new)
            output.result(as_json(entry), f"It is called “{entry.name}” now.")
        case _:
            trashed = library.remove(options.name)
            undo = output.command("trash", "restore", trashed.id)
            message = f"“{options.name}” is in the trash. Undo: {undo}"
            output.result({"removed": options.name, "trash": trashed.id}, message)
    return 0


def _list(library: VersionLibrary, output: Output) -> None:
    nodes = lineage(library.list())
    rows = [["VERSION", "PARAMETERS", "BITS/BYTE", "CORPUS", ""]]
    for node in nodes:
        manifest = node.entry.manifest
        bits, share = manifest.measures.heldout_bits_per_byte, manifest.measures.preference_accuracy
        corpus = " + ".join(pin.name for pin in manifest.corpora[: manifest.own_corpora])
        problem = str(node.entry.problem) if node.entry.problem else ""
        rows.append(
            [
                "  " * node.depth + manifest.title, f"{manifest.measures.parameters:,}",
                _preferred(share) if bits is None else f"{bits:.3f}{' pseudo' * (manifest.kind == 'fill')}", corpus,
                problem,
            ]
        )  # fmt: skip
    train = output.command("train", "--corpus", "PATH", "--name", "NAME")
    lines = table(rows, {1, 2}, f"No version yet. Train one: {train}")
    output.result({"versions": [as_json(node.entry) for node in nodes]}, *lines)


def _lines(data: dict[str, Any]) -> list[str]:
    """What people want to know of a version; --json tells all."""
    unit = "pseudo bits/byte" if data["kind"] == "fill" else "bits/byte"
    what = "answers" if data["objective"] == "chat" else "text"
    parents = ", ".join(f"{p['relation']} from {p['name']}" for p in data["parents"])
    counts = [f", {c['weight']:g}×" if c["weight"] != 1 else "" for c in data["corpora"]]
    corpora = ", ".join(
        f"{c['name']} ({c['characters']:,} characters{count})"
        for c, count in zip(data["corpora"], counts, strict=True)
    )
    rows = {
        "name": data["name"], "kind": f"{data['kind']} ({data['family']})", "comes from": parents,
        "corpus": corpora, "parameters": f"{data['parameters']:,}",
        "training": f"{data['steps']:,} steps, {data['tokens_seen']:,} tokens, {data['seconds']:.0f} s "
        f"on {data['device'] or 'an unknown device'}",
        f"unseen {what}": _measure(unit, data["heldout_bits_per_byte"], data["heldout_low"], data["heldout_high"]),
        f"seen {what}": _measure(unit, data["train_bits_per_byte"]),
        "unseen pairs": _preferred(data["preference_accuracy"]), "note": data["note"],
        "made": time.strftime("%Y-%m-%d %H:%M", time.localtime(data["created"])),
        "folder": data["path"], "problem": data["problem"],
        "damaged files": ", ".join(data["damaged_files"]),
    }  # fmt: skip
    return [f"{key:14}{value}" for key, value in rows.items() if value]


def _preferred(share: float | None) -> str:
    return "" if share is None else f"better answer ahead in {share:.0%}"


def _measure(
    unit: str, bits: float | None, low: float | None = None, high: float | None = None
) -> str:
    if bits is None:
        return ""
    known = low is not None and high is not None and low < high
    interval = f" (95 %: {low:.3f}–{high:.3f})" if known else ""
    return f"{bits:.3f} {unit}{interval}"


def as_json(entry: VersionEntry) -> dict[str, Any]:
    data = entry.manifest.model_dump(mode="json")
    measures = data.pop("measures")
    problem = str(entry.problem) if entry.problem else None
    return {"name": entry.name, "path": str(entry.path), "problem": problem, **measures, **data}
