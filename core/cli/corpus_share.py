"""corpus export | sheet: what leaves Terakoya of a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output, counted
from core.corpus.datasheet import data_sheet
from core.corpus.library import CorpusLibrary
from core.errors import NameTaken, UsageError
from core.files import friendly_os_errors, write_text
from core.home import Home
from core.jobs.kinds import CorpusExportJob

_ENDINGS = {"text": "", "jsonl": ".jsonl", "parquet": ".parquet"}


def export(options: Any, home: Home, output: Output) -> int:
    """The clean texts in a form that other programs read. Raises what core.corpus.export does."""
    manifest = CorpusLibrary(home).get(options.name)
    if options.one_file and options.format != "text":
        raise UsageError("one_file", detail="--one-file goes with --format text.")
    place = Path(options.to).expanduser().absolute()
    ending = ".txt" if options.one_file else _ENDINGS[options.format]
    if place.is_dir():
        place = place / f"{manifest.name}{ending}"
    job = CorpusExportJob(
        corpus=manifest.name, to=str(place), format=options.format, side=options.side,
        one_file=options.one_file,
    )  # fmt: skip
    with working(home) as engine:
        record = follow(engine, engine.submit("corpus-export", job, manifest.name), output)
    result = record.result or {}
    texts, characters = result.get("documents", 0), result.get("characters", 0)
    size = f"{counted(texts, 'text')}, {counted(characters, 'character')}"
    output.result(result, f"Exported to {result.get('path')}: {size}.")
    return 0


def sheet(options: Any, home: Home, output: Output) -> int:
    """The data sheet, printed or written to a file that is not there yet."""
    text = data_sheet(CorpusLibrary(home), options.name)
    if options.to is None:
        output.result({"corpus": options.name, "sheet": text}, text.rstrip("\n"))
        return 0
    place = Path(options.to).expanduser().absolute()
    if place.exists():
        raise NameTaken("to", name=str(place))
    with friendly_os_errors(place):
        write_text(place, text)
    output.result({"corpus": options.name, "path": str(place)}, f"Written to {place}")
    return 0
