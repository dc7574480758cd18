"""The job that reads text into a corpus; it can be paused at any moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import cast

from core.corpus.adopting import PARTS, adopt
from core.corpus.build import Collection, build
from core.corpus.gathering import GivenFile, Stopped, gather, settings_of
from core.corpus.kept import keep_first_edition, kept
from core.corpus.leaving import leaving
from core.corpus.library import MANIFEST, CorpusLibrary
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.corpus.pool import Pool, Task, new_texts
from core.corpus.progress_log import ProgressLog
from core.corpus.readers.registry import BY_EXTENSION, PLAIN_KINDS
from core.corpus.scan import Found, scan
from core.corpus.store import TEXTS
from core.corpus.sweeping import sweep
from core.corpus.verdicts import refused
from core.errors import Damaged, PathMissing
from core.files import delete_folder, read_json, write_json
from core.home import Home, clean_name, free_folder
from core.jobs.context import WorkerContext, WorkOutcome
from core.jobs.kinds import ReadJob

CHOICES = ("encodings", "mappings")
_WAIT_SECONDS = 0.1
_ALONE_BYTES = 2 << 20
"""So little plain text is read in this process: starting another takes longer."""
_FIRST_BYTES, _TASK_BYTES, _TASK_FILES = 1 << 20, 16 << 20, 256


def run(context: WorkerContext) -> WorkOutcome:
    """Worker function of the job kind "read"."""
    job = cast(ReadJob, context.config)
    context.started()
    last = ""

    def say(phase: str, done: float, total: float | None, unit: str, detail: str = "") -> None:
        nonlocal last
        if phase != last:
            context.phase(phase)
            last = phase
        context.progress(done, total, unit, detail=detail)

    parts = context.folder.path / PARTS
    reading = Reading(context.home, job, parts, say)
    with leaving(context, reading.clean_up):
        manifest = reading.run(lambda: context.asked() is not None)
    if manifest is None:
        return "cancelled" if context.asked() == "cancel" else "paused"
    delete_folder(parts)  # All of it is in the corpus now.
    context.result({"corpus": manifest.name, "totals": manifest.totals.model_dump(mode="json")})
    return "done"


def read_corpus_now(home: Home, job: ReadJob, scratch: Path) -> CorpusManifest:
    """Read in this process, without a worker; `scratch` is an empty folder for parts."""
    manifest = Reading(home, job, scratch, lambda *_: None).run(lambda: False)
    assert manifest is not None
    return manifest


class Reading:
    """First files to texts, each file once; then `build`.

    Raises (from `run`):
        PathMissing: A new source is not there.
        EmptyCorpus: No file has text.
        BadName, NameTaken: The corpus cannot be called so.
    """

    def __init__(
        self, home: Home, job: ReadJob, parts_folder: Path, say: Callable[..., None]
    ) -> None:
        self._library = CorpusLibrary(home)
        self._job = job
        self._parts = parts_folder
        self._say = say
        self._log = ProgressLog(parts_folder)
        self._old: CorpusManifest | None = None
        self._fresh: Path | None = None
        self._broken = set[str]()

    def clean_up(self) -> None:
        """Take away a corpus that is half made; what was read for it stays with the run."""
        if self._fresh is not None and not (self._fresh / MANIFEST).exists():
            delete_folder(self._fresh)

    def run(self, stop: Callable[[], bool]) -> CorpusManifest | None:
        """The corpus, or None when `stop` said so. Readings of one corpus go one after another, so
        that none forgets the sources that another has just added."""
        name = clean_name(self._job.corpus)
        turn = self._library.turn(name)
        while not turn.acquire():
            self._say("scanning", 0, None, "files")
            if stop():
                return None
            time.sleep(_WAIT_SECONDS)
        try:
            return self._run(stop)
        finally:
            turn.release()

    def _run(self, stop: Callable[[], bool]) -> CorpusManifest | None:
        if self._library.exists(self._job.corpus):
            self._old = self._library.get(self._job.corpus)
        sources = self._sources()
        adopt(self._library.home, self._job.corpus, self._parts)
        folder = self._folder()
        if not (folder / MANIFEST).exists():
            self._fresh = folder
        else:
            self._keep_choices(folder)  # However this reading ends, the next one knows them.
        try:
            manifest = self._made(folder, sources, stop)
            before = self._old.snapshot if self._old else ""
            sweep(self._library.home, folder, manifest, before)
            return manifest
        except Stopped:
            return None
        finally:
            self.clean_up()

    def _made(self, folder: Path, sources: list[str], stop: Callable[[], bool]) -> CorpusManifest:
        """The corpus. Files whose texts turn out to be damaged in the store are read anew."""
        while True:
            verdicts = self._read_all(folder, sources, stop)
            folder.mkdir(parents=True, exist_ok=True)
            self._keep_choices(folder)
            found = Collection(verdicts, self._parts, sources, frozenset(self._broken))
            try:
                return build(
                    folder, self._job, found, self._old, self._latest,
                    lambda phase, done, total: self._say(phase, done, total, "documents"), stop,
                )  # fmt: skip
            except Damaged as error:
                path = Path(str(error.values.get("path", "")))
                if path.name in self._broken or path.parent not in (folder / TEXTS, self._parts):
                    raise
                self._broken.add(path.name)

    def _latest(self) -> CorpusManifest | None:
        """The manifest with what the user has noted since this reading began."""
        return self._library.get(self._job.corpus) if self._old else None

    def _sources(self) -> list[str]:
        """Old sources first, without those that lie in another one of them; but with those that came
        before it and of which something is noted: whose weight, whose licence would it be?"""
        for path in self._job.paths:
            if not Path(path).exists():
                raise PathMissing("paths", path=path)
        known = [source.path for source in self._old.sources] if self._old else []
        wanted = dict.fromkeys([*known, *self._job.paths])
        kept = [path for path in wanted if path not in self._job.dropped]
        folders = {path: place for place, path in enumerate(kept) if Path(path).is_dir()}
        noted = {
            s.path for s in (self._old.sources if self._old else []) if s.weight != 1 or s.licence
        }

        def own(place: int, path: str) -> bool:
            above = [folders[p] for p in map(str, Path(path).parents) if p in folders]
            return not above or (path in noted and place < min(above))

        return [path for place, path in enumerate(kept) if own(place, path)]

    def _folder(self) -> Path:
        """Where the corpus lies or will lie."""
        folder = self._library.folder(self._job.corpus)
        return folder if folder.is_dir() else free_folder(folder.parent, folder.name)

    # ---- what the user chose, for this reading and later ones --------------------------------

    def _choices(self, name: str) -> dict[str, object]:
        file = self._library.folder(self._job.corpus) / f"{name}.json"
        try:
            chosen: dict[str, object] = dict(read_json(file))
        except (OSError, ValueError, TypeError):  # None were chosen, or the file is damaged.
            chosen = {}
        return {**chosen, **getattr(self._job, name)}

    def _keep_choices(self, folder: Path) -> None:
        for name in CHOICES:
            if getattr(self._job, name):
                write_json(folder / f"{name}.json", self._choices(name))

    # ---- files -------------------------------------------------------------------------------

    def _read_all(
        self, folder: Path, sources: list[str], stop: Callable[[], bool]
    ) -> list[FileVerdict]:
        """The verdicts of all files, in the order of the sources. Raises Stopped."""
        self._say("scanning", 0, None, "files")
        found: list[Found] = []
        for item in scan(sources):
            if len(found) % 256 == 0:
                _check(stop)
            found.append(item)
        files = {str(item.path): self._given(item) for item in found if item.problem is None}
        known = self._known(folder, files)
        wanted = [file for path, file in files.items() if path not in known]
        total = sum(file.bytes for file in files.values()) or 1
        done = total - sum(file.bytes for file in wanted)
        self._say("reading", done, total, "bytes")
        for task in self._tasks(wanted, done, total, len(found), stop):
            if task.verdicts:
                self._log.add(task.verdicts)
            for verdict in task.verdicts:
                known.setdefault(verdict.within or verdict.path, []).append(verdict)
        _check(stop)
        self._say("reading", total, total, "bytes")
        return list(self._in_order(folder, found, known))

    def _given(self, item: Found) -> GivenFile:
        path = str(item.path)
        within = path + "/"
        encodings, mappings = (
            {key: value for key, value in self._chosen[name].items()
             if key == path or key.startswith(within)}
            for name in CHOICES
        )  # fmt: skip
        return GivenFile.model_validate(
            {"path": path, "source": item.source, "bytes": item.bytes, "modified": item.modified,
             "encodings": encodings, "mappings": mappings}
        )  # fmt: skip

    @cached_property
    def _chosen(self) -> dict[str, dict[str, object]]:
        """What the user chose for files, now and before."""
        return {name: self._choices(name) for name in CHOICES}

    def _known(self, folder: Path, files: dict[str, GivenFile]) -> dict[str, list[FileVerdict]]:
        """What is known of files that have not changed since they were read, by path: from this
        reading before it was broken off, else from the corpus."""
        known: dict[str, list[FileVerdict]] = {}
        older = [self._library.files(self._job.corpus)] if self._old else []
        # The last that was read of a file comes first: where a run took over another's twice, or a
        # file was read with other options in between, it stands there several times.
        for lines, places in (
            (reversed(self._log.lines()), (self._parts, folder / TEXTS)), (older, (folder / TEXTS,))
        ):  # fmt: skip
            there = {p.name for place in places if place.is_dir() for p in place.iterdir()}
            there -= self._broken
            for path, own in chain.from_iterable(map(_by_file, lines)):
                file = files.get(path)
                if file is None or path in known:
                    continue
                stamp, settings = file.found().stamp, settings_of(file, self._job.cleaning)
                if all(
                    (v.stamp, v.settings) == (stamp, settings) and (not v.store or v.store in there)
                    for v in own
                ):
                    known[path] = [v.model_copy(update={"source": file.source}) for v in own]
        return known

    def _tasks(
        self, files: list[GivenFile], done: float, total: float, count: int,
        stop: Callable[[], bool],
    ) -> Iterator[Task]:  # fmt: skip
        """Read `files`; yields what is done. Raises Stopped."""
        self._parts.mkdir(parents=True, exist_ok=True)
        begun = set[str]()

        def say(file: GivenFile) -> None:
            begun.add(file.path)
            number = min(count, count - len(files) + len(begun))
            self._say("reading", done, total, "bytes", f"{number}/{count} {Path(file.path).name}")

        tasks = (Task(part, new_texts(self._parts)) for part in _portions(files))
        plain = all(_is_plain(Path(file.path)) for file in files)
        if plain and sum(file.bytes for file in files) <= _ALONE_BYTES:
            finished = self._read_here(tasks, say, stop)
            for task in finished:
                yield task
            return
        with Pool(self._library.home.path, self._job.cleaning) as pool:
            for task in pool.read(tasks, stop, say):
                done += sum(file.bytes for file in task.files)
                self._say("reading", done, total, "bytes")
                yield task

    def _read_here(
        self, tasks: Iterator[Task], say: Callable[[GivenFile], None], stop: Callable[[], bool]
    ) -> Iterator[Task]:
        for task in tasks:

            def beat(number: int, verdict: FileVerdict | None, task: Task = task) -> None:
                _check(stop)
                if verdict is None:
                    say(task.files[number])
                else:
                    task.verdicts.append(verdict)

            gather(task.files, self._job.cleaning, task.out, self._parts / "members", beat)
            yield task

    def _in_order(
        self, folder: Path, found: list[Found], known: dict[str, list[FileVerdict]]
    ) -> Iterator[FileVerdict]:
        for item in found:
            path = str(item.path)
            if path in known:
                yield from known[path]
            elif self._old is not None and not item.path.exists():
                yield from self._of_gone(folder, item)
            elif item.problem is not None:
                yield refused(item)

    def _of_gone(self, folder: Path, item: Found) -> Iterator[FileVerdict]:
        """A source that is gone now keeps the text that was read from it before."""
        assert self._old is not None
        older = [f for f in self._library.files(self._old.name) if f.source == item.source]
        own = [f for f in older if f.verdict == "read" and f.store not in self._broken]
        if not own:
            yield refused(item)
        elif all(verdict.store for verdict in own):
            yield from map(kept, own)
        else:
            yield from keep_first_edition(folder, self._old.snapshot, own, new_texts(self._parts))


def _by_file(verdicts: list[FileVerdict]) -> Iterable[tuple[str, list[FileVerdict]]]:
    """(path, its verdict or those of its members)."""
    by_path: dict[str, list[FileVerdict]] = {}
    for verdict in verdicts:
        by_path.setdefault(verdict.within or verdict.path, []).append(verdict)
    return by_path.items()


def _portions(files: list[GivenFile]) -> Iterator[list[GivenFile]]:
    """Neighbouring files, small portions first: a pause soon after the start loses little."""
    most, portion, held = _FIRST_BYTES, list[GivenFile](), 0
    for file in files:
        if portion and (held + file.bytes > most or len(portion) >= _TASK_FILES):
            yield portion
            most, portion, held = min(_TASK_BYTES, 2 * most), [], 0
        portion.append(file)
        held += file.bytes
    if portion:
        yield portion


def _is_plain(path: Path) -> bool:
    """Whether its name says that reading it needs no process of its own (an archive's does not)."""
    form = BY_EXTENSION.get(path.suffix.casefold())
    return form is not None and form.kind in PLAIN_KINDS


def _check(stop: Callable[[], bool]) -> None:
    if stop():
        raise Stopped
