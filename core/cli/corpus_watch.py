"""corpus changes | refresh: what is new in the folders of a corpus, and reading it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.cli.corpus import job_of, read_job, show
from core.cli.follow import working
from core.cli.output import Output
from core.corpus.library import CorpusLibrary
from core.corpus.watch import changes, worth_reading_again
from core.home import Home

_MOST_LINES = 20


def tell(options: Any, home: Home, output: Output) -> int:
    """Print what changed since the corpus was read."""
    found = changes(CorpusLibrary(home), options.name)
    lines: list[str] = []
    for word, paths in asdict(found).items():
        lines += [f"{word:8} {path}" for path in paths[:_MOST_LINES]]
        if len(paths) > _MOST_LINES:
            lines.append(f"{word:8} … and {len(paths) - _MOST_LINES:,} more")
    if lines:
        lines.append(f"Read them: {output.command('corpus', 'refresh', options.name)}")
    else:
        lines = [f"Nothing changed since “{options.name}” was read."]
    output.result({"corpus": options.name, **asdict(found)}, *lines)
    return 0


def refresh(options: Any, home: Home, output: Output) -> int:
    """Read what changed, what may give more than it did, and what is to be read or cleaned in another
    way; else cleaning and split stay as they were."""
    library = CorpusLibrary(home)
    manifest = library.get(options.name)
    job = job_of(library, manifest.name, [], options.encoding, options.map, clean=options.clean)
    chosen = job.encodings or job.mappings or job.cleaning != manifest.cleaning
    if chosen or changes(library, options.name) or worth_reading_again(library, options.name):
        home.prepare()
        with working(home) as engine:
            read_job(engine, job, output)
    else:
        output.text(f"Nothing changed since “{options.name}” was read.")
    show(library, options.name, output)
    return 0
