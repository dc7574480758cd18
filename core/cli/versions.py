"""versions list | show | import | export | rename | remove."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.cli.output import Output, table
from core.errors import NotBuiltYet
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
            output.result(data, *[f"{k}: {v}" for k, v in data.items() if v not in (None, "", [])])
        case "import":
            raise NotBuiltYet("path", what="Importing a model", instead="train a new version")
        case "export":
            if options.format != "hf":
                raise NotBuiltYet("format", what="Export as GGUF", instead="use --format hf")
            place = library.export_transformers(
                options.name, Path(options.to).expanduser().absolute()
            )
            output.result({"path": str(place), "format": "hf"}, f"Exported to {place}")
        case "rename":
            entry = library.rename(options.name, options.new)
            output.result(as_json(entry), f"It is called “{entry.name}” now.")
        case _:
            trashed = library.remove(options.name)
            message = (
                f"“{options.name}” is in the trash. Undo with: main.py trash restore {trashed.id}"
            )
            output.result({"removed": options.name, "trash": trashed.id}, message)
    return 0


def _list(library: VersionLibrary, output: Output) -> None:
    nodes = lineage(library.list())
    rows = [["VERSION", "PARAMETERS", "BITS/BYTE", "CORPUS", ""]]
    for node in nodes:
        manifest = node.entry.manifest
        bits = manifest.measures.heldout_bits_per_byte
        corpus = manifest.corpora[0].name if manifest.corpora else ""
        problem = str(node.entry.problem) if node.entry.problem else ""
        rows.append(
            [
                "  " * node.depth + manifest.title, f"{manifest.measures.parameters:,}",
                "" if bits is None else f"{bits:.3f}", corpus, problem,
            ]
        )  # fmt: skip
    output.result({"versions": [as_json(node.entry) for node in nodes]}, *table(rows, {1, 2}))


def as_json(entry: VersionEntry) -> dict[str, Any]:
    data = entry.manifest.model_dump(mode="json")
    measures = data.pop("measures")
    problem = str(entry.problem) if entry.problem else None
    return {"name": entry.name, "path": str(entry.path), "problem": problem, **measures, **data}
