"""versions import, export and merge."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output
from core.errors import PathMissing, UsageError
from core.home import Home
from core.jobs.kinds import ExportJob, ImportJob, MergeJob
from core.versions.adapters import ADAPTER_CONFIG
from core.versions.library import VersionLibrary, good_version_name

HUB = "hub:"
_UNFIT = re.compile(r'[/\\:*?"<>|\x00-\x1f]+')
_CHECKS = {
    "hashes": "every file is whole", "reloaded": "it loads again", "logits": "it predicts the same",
    "logits-rounded": "it predicts much the same, but rounding to so few bits changes some of it",
    "tokenizer": "it cuts text alike", "template": "conversations look the same",
}  # fmt: skip


def bring(options: Any, home: Home, output: Output) -> int:
    """A folder, a file, or hub:OWNER/NAME."""
    library = VersionLibrary(home)
    given = str(options.path)
    hub = given.removeprefix(HUB) if given.startswith(HUB) else ""
    if hub and not options.yes:
        again = output.command("versions", "import", given, "--yes")
        detail = f"This asks {hub} from the Hugging Face hub over the network. If you want that: {again}"  # fmt: skip
        raise UsageError("yes", detail=detail)
    path = "" if hub else str(Path(given).expanduser().absolute())
    if path and not Path(path).exists():
        raise PathMissing("path", path=path)
    if options.name:
        name = good_version_name(options.name)
        library.ensure_free(name)
    else:
        name = library.free_name(_suggested(hub or path))
    home.prepare()
    job = ImportJob(version=name, path=path, hub=hub, title=name)
    with working(home) as engine:
        record = follow(engine, engine.submit("import", job, name), output)
    result = record.result or {}
    size = f"{result.get('parameters', 0):,} parameters, {result.get('bytes', 0) / 1e6:,.1f} MB ({result.get('dtype')})"  # fmt: skip
    chat = output.command("chat", result.get("version", name))
    licence = result.get("licence") or "not stated: ask before you pass it on"
    output.result(
        result,
        f"“{result.get('version')}” is on the shelf: {result.get('family')}, {size}.",
        f"Licence: {licence}.", f"Talk to it: {chat}",
    )  # fmt: skip
    return 0


def _suggested(given: str) -> str:
    path = Path(given.partition("@")[0])
    stem = path.stem if path.suffix in (".gguf", ".safetensors") else path.name
    if stem in ("model", "config.json", "config"):
        stem = path.parent.name
    return _UNFIT.sub(" ", stem).strip(" .")[:70].strip(" .") or "model"


def hand_out(options: Any, home: Home, output: Output) -> int:
    """As a folder, a GGUF file, or a folder for Ollama; tested before it gets its name."""
    entry = VersionLibrary(home).usable(options.name)
    place = Path(options.to).expanduser().absolute()
    if options.format == "gguf" and place.is_dir():
        place = place / f"{entry.name}-{options.quantisation}.gguf"
    if place.resolve().is_relative_to(home.path.resolve()):
        detail = f"{place} is inside Terakoya's own folder. Choose one outside it."
        raise UsageError("to", detail=detail)
    if below := next((one for one in place.parents if one.is_file()), None):
        raise UsageError("to", detail=f"{below} is a file, not a folder. Choose another place.")
    job = ExportJob(
        version=entry.id, to=str(place), format=options.format, quantisation=options.quantisation
    )
    with working(home) as engine:
        record = follow(engine, engine.submit("export", job, entry.name), output)
    result = record.result or {}
    lines = [f"Exported to {place}", *map(_line, result.get("checks", []))]
    coarse = options.format in ("gguf", "ollama") and options.quantisation in ("q4_0", "q5_0")
    if coarse and any(c["name"] == "logits" and not c["ok"] for c in result.get("checks", [])):
        lines.append("So few bits change much of what it predicts: --quantisation q8_0 keeps more.")
    if merged := result.get("merged_with"):
        lines.append(f"It is an adapter: its base “{merged}” is merged in, so this stands alone. The adapter by itself: --format adapter.")  # fmt: skip
    if needed := result.get("needs"):
        lines.append(f"It is the adapter alone, as peft reads it. It needs its base, “{needed}”, in the folder that {ADAPTER_CONFIG} names: {result['base_path']}")  # fmt: skip
    if "context" in result:
        lines.append(f"The other program sees {result['context']:,} tokens at once.")
    if options.format == "ollama":
        lines.append(f"Next: ollama create {_suggested(entry.name)} -f {place / 'Modelfile'}")
    output.result(result, *lines)
    return 0


def merge(options: Any, home: Home, output: Output) -> int:
    """An adapter and its base as one whole version."""
    library = VersionLibrary(home)
    entry = library.usable(options.name)
    name = good_version_name(options.new)
    library.ensure_free(name)
    with working(home) as engine:
        job = MergeJob(adapter=entry.id, version=name, title=name)
        record = follow(engine, engine.submit("merge", job, name), output)
    result = record.result or {}
    size = f"{result.get('parameters', 0):,} parameters"
    output.result(
        result, f"“{result.get('version')}” is on the shelf: {size}. {result.get('path')}"
    )
    return 0


def _line(check: dict[str, Any]) -> str:
    figures = f" ({check['detail']})" if check["detail"] else ""
    name = check["name"] + "-rounded" * bool(check.get("rounded"))
    yes = "about" if check.get("rounded") else "yes" if check["ok"] else "NO"
    return f"{yes:>5}  {_CHECKS.get(name, name)}{figures}"
