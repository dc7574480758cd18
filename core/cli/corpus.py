"""corpus add | list | show | remove; changes and refresh are in corpus_watch, export and sheet in corpus_share,
weight and licence in corpus_sources, check in corpus_check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from core.cli.columns import mappings_of
from core.cli.corpus_cleaning import cleaning_of
from core.cli.encodings import encodings_of
from core.cli.follow import follow, working
from core.cli.output import Output, counted, shortened, table
from core.cli.paths import absolute
from core.config import build
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.engine.engine import Engine
from core.errors import PathMissing
from core.home import Home, clean_name
from core.jobs.kinds import OF_DOCUMENTS, CleaningOptions, ReadJob
from core.sentences import Sentence

_MOST_COLUMNS = 60
_SUM = "personal"
"""Of what its kinds count one by one."""


def run(options: Any, home: Home, output: Output) -> int:
    library = CorpusLibrary(home)
    if options.action == "add":
        return _add(options, home, library, output)
    if options.action == "list":
        corpora = library.list()
        rows = [["NAME", "DOCUMENTS", "CHARACTERS", "TOKENS"]]
        rows += [_row(corpus) for corpus in corpora]
        problems = [str(problem) for problem in library.problems()]
        data = {"corpora": [_json(c) for c in corpora], "problems": problems}
        add = output.command("corpus", "add", "NAME", "PATH")
        output.result(data, *table(rows, {1, 2, 3}, f"No corpus yet. Add one: {add}"), *problems)
    elif options.action == "show":
        show(library, options.name, output)
    elif options.action == "tokenizer":
        from core.cli import corpus_tokenizer

        return corpus_tokenizer.run(options, home, output)
    elif options.action in ("export", "sheet"):
        from core.cli import corpus_share

        share = corpus_share.export if options.action == "export" else corpus_share.sheet
        return share(options, home, output)
    elif options.action == "check":
        from core.cli import corpus_check

        return corpus_check.run(options, home, output)
    elif options.action in ("weight", "licence"):
        from core.cli import corpus_sources

        note = corpus_sources.weight if options.action == "weight" else corpus_sources.licence
        return note(options, home, output)
    elif options.action in ("changes", "refresh"):
        from core.cli import corpus_watch

        act = corpus_watch.tell if options.action == "changes" else corpus_watch.refresh
        return act(options, home, output)
    else:
        trashed = library.remove(options.name)
        undo = output.command("trash", "restore", trashed.id)
        message = f"“{options.name}” is in the trash. Undo: {undo}"
        output.result({"removed": options.name, "trash": trashed.id}, message)
    return 0


def _add(options: Any, home: Home, library: CorpusLibrary, output: Output) -> int:
    name = clean_name(options.name)
    home.prepare()
    paths = [absolute(path) for path in options.paths]
    for path in paths:
        if not Path(path).exists():
            raise PathMissing("paths", path=path)
    job = job_of(
        library, name, paths, options.encoding, options.map, options.heldout, options.vocabulary,
        options.clean,
    )  # fmt: skip
    with working(home) as engine:
        read_job(engine, job, output)
    show(library, name, output)
    return 0


def job_of(
    library: CorpusLibrary,
    name: str,
    paths: list[str],
    encodings: Sequence[str] = (),
    maps: Sequence[str] = (),
    heldout: float | None = None,
    vocabulary: int | None = None,
    clean: Sequence[str] = (),
) -> ReadJob:
    """A reading of `paths` into a corpus, which keeps its cleaning and its split where it is there
    already. `encodings`, `maps`: words about single files; `clean`: about the cleaning. Raises
    UsageError, PathMissing."""
    values: dict[str, Any] = {"corpus": name, "paths": paths, "vocabulary": vocabulary}
    sources, cleaning = list(paths), CleaningOptions()
    if library.exists(name):
        manifest = library.get(name)
        cleaning = manifest.cleaning
        values["heldout_share"] = manifest.heldout_share
        sources += [source.path for source in manifest.sources]
    if heldout is not None:
        values["heldout_share"] = heldout
    values["cleaning"] = cleaning_of(clean, cleaning)
    chosen = encodings_of(encodings, sources)
    mappings = mappings_of(maps, sources, chosen)
    return build(ReadJob, {**values, "encodings": chosen, "mappings": mappings})


def read_job(engine: Engine, job: ReadJob, output: Output) -> None:
    """Do a reading in the foreground. Raises Stopped, or what the reading raised."""
    run_id = engine.submit("read", job, job.corpus)
    follow(engine, run_id, output)
    library = CorpusLibrary(engine.home)
    totals = library.get(job.corpus).totals
    if totals.skipped:
        why = output.command("corpus", "show", job.corpus)
        were = "was" if totals.skipped == 1 else "were"
        of = f"{totals.skipped:,} of {counted(totals.files, 'file')}"
        note = f"Note: {of} {were} skipped. The reasons: {why}"
        print(note, file=sys.stderr)
    if unsure := len(_unsure(library.files(job.corpus))):
        which = output.command("corpus", "show", job.corpus)
        choose = output.command("corpus", "refresh", job.corpus, "--encoding", "FILE=NAME")
        of = "is a guess" if unsure == 1 else "are guesses"
        note = f"Note: {counted(unsure, 'encoding')} {of}, marked “?” in: {which}"
        print(f"{note}\nChoose another where the text is wrong: {choose}", file=sys.stderr)


def _unsure(files: list[FileVerdict]) -> list[FileVerdict]:
    """Those whose encoding is not beyond doubt."""
    return [file for file in files if file.encoding and not file.sure]


def show(library: CorpusLibrary, name: str, output: Output) -> None:
    """Totals, and every file with its verdict."""
    corpus = library.get(name)
    files = library.files(name)
    data = {
        **_json(corpus),
        "unsure": len(_unsure(files)),
        "files": [
            {
                "path": f.path, "verdict": f.verdict,
                "reason": Sentence.from_json(f.reason).english() if f.reason else None,
                "warning": Sentence.from_json(f.warning).english() if f.warning else None,
                "kind": f.kind, "shape": f.shape, "encoding": f.encoding, "sure": f.sure,
                "language": f.language,
                "characters": f.characters, "documents": f.documents, "bytes": f.bytes,
            }
            for f in files
        ],
    }  # fmt: skip
    # The verdict last: a long reason would part the columns after it.
    rows = [["FILE", "KIND", "ENCODING", "LANGUAGE", "CHARACTERS", "DOCUMENTS", "VERDICT"]]
    for file in files:
        told = file.reason or file.warning
        verdict = f"{file.verdict}: {Sentence.from_json(told).english()}" if told else file.verdict
        sure = file.encoding if file.sure else f"{file.encoding}?"
        rows.append(
            [
                _place(file), f"{file.kind} {file.shape}".strip(), sure, file.language,
                f"{file.characters:,}", f"{file.documents:,}", verdict,
            ]
        )  # fmt: skip
    output.result(data, *table(rows, {4, 5}), "", _summary(corpus), *_cleaned(corpus.removed))


def _place(file: FileVerdict) -> str:
    """Where it lies in its source, which tells files of one name apart; the end of it, where it is
    long."""
    path, source = PurePath(file.path), PurePath(file.source)
    inside = path.relative_to(source) if path != source and path.is_relative_to(source) else None
    return shortened(str(inside or path.name), _MOST_COLUMNS)


def _summary(corpus: CorpusManifest) -> str:
    totals = corpus.totals
    counts = (
        f"{totals.read:,} of {counted(totals.files, 'file')} read",
        counted(totals.documents, "document"),
        counted(totals.characters, "character"),
        counted(totals.tokens, "token"),
    )
    are = "is" if totals.heldout_documents == 1 else "are"
    part = "document" if corpus.heldout_by == "document" else "block"
    unseen = f"{counted(totals.heldout_documents, part)} {are} kept unseen"
    return f"{corpus.name}: {', '.join(counts)}; {unseen} ({corpus.heldout_share:.0%} of the text was asked for)."


def _cleaned(removed: dict[str, int]) -> list[str]:
    """What cleaning did, in characters and in documents."""
    lines: list[str] = []
    for unit in ("characters", "documents"):
        counts = [
            f"{name.replace('_', ' ')} {count:,}"
            for name, count in removed.items()
            if count and (name in OF_DOCUMENTS) == (unit == "documents") and name != _SUM
        ]
        if counts:
            lines.append(f"Taken out or changed by cleaning, in {unit}: {', '.join(counts)}.")
    return lines


def _json(corpus: CorpusManifest) -> dict[str, Any]:
    data = corpus.model_dump(mode="json")
    return {"corpus": corpus.name, "totals": data.pop("totals"), **data}


def _row(corpus: CorpusManifest) -> list[str]:
    totals = corpus.totals
    return [
        corpus.name,
        f"{corpus.totals.documents:,}",
        f"{totals.characters:,}",
        f"{totals.tokens:,}",
    ]
