"""corpus weight | licence: what the user says of a source."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from core.cli.output import Output
from core.corpus.library import CorpusLibrary
from core.home import Home


def weight(options: Any, home: Home, output: Output) -> int:
    """Raises NotFound or UsageError."""
    changed = CorpusLibrary(home).set_weight(options.name, options.path, options.factor)
    factors = {source.path: source.weight for source in changed.sources}
    words = ", ".join(f"{PurePath(path).name} {factor:g}×" for path, factor in factors.items())
    output.result({"corpus": changed.name, "weights": factors}, f"{changed.name}: {words}")
    return 0


def licence(options: Any, home: Home, output: Output) -> int:
    """Raises NotFound."""
    changed = CorpusLibrary(home).set_licence(options.name, options.path, options.licence)
    noted = {source.path: source.licence for source in changed.sources}
    words = [f"{PurePath(path).name}: {text or 'not noted'}" for path, text in noted.items()]
    output.result({"corpus": changed.name, "licences": noted}, *words)
    return 0
