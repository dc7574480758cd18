"""The corpora of a home, as their manifests tell them. Imports nothing heavy."""

from __future__ import annotations

import contextlib
import hashlib
import unicodedata
from collections.abc import Generator, Iterator
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from core.corpus.manifest import READ_AGAIN, SCHEMA, CorpusManifest, FileVerdict
from core.corpus.weights import LEAST, MOST
from core.errors import BadName, BeingRead, Damaged, NewerDocument, NotFound, UsageError
from core.files import FileLock, read_json, write_json
from core.home import MAX_BYTES, MAX_CHARACTERS, Home, Trash, Trashed, clean_name, free_folder
from core.reasons import reason_of
from core.sentences import N_, Sentence

MANIFEST = "corpus.json"
FILES = "files.jsonl"
_LOCKS = ".locks"
_CORPUS = Sentence("Errors", N_("Errors", "corpus"))


class CorpusLibrary:
    """Lists, finds, renames and removes corpora."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def folder(self, name: str) -> Path:
        return self.home.corpora / clean_name(name)

    def list(self) -> list[CorpusManifest]:
        """Newest first; damaged ones are left out (see `problems`)."""
        found = [m for m in map(self._try, self._folders()) if isinstance(m, CorpusManifest)]
        return sorted(found, key=lambda m: -m.changed)

    def problems(self) -> list[Damaged | NewerDocument]:
        """Corpus folders that cannot be read, each with its error."""
        results = map(self._try, self._folders())
        return [r for r in results if isinstance(r, (Damaged, NewerDocument))]

    def get(self, name: str) -> CorpusManifest:
        """Raises NotFound, Damaged or NewerDocument."""
        folder = self.home.corpora / unicodedata.normalize("NFC", name)
        if not (folder / MANIFEST).is_file():
            raise NotFound("corpus", what=_CORPUS, name=name, hint=self._known())
        return _load(folder)

    def find(self, name: str, corpus_id: str = "") -> CorpusManifest:
        """By id where there is one (a renamed corpus is found), else by name. Raises as `get`."""
        known = (m for m in self.list() if corpus_id and m.id == corpus_id)
        return next(known, None) or self.get(name)

    def exists(self, name: str) -> bool:
        return (self.home.corpora / unicodedata.normalize("NFC", name) / MANIFEST).is_file()

    def files(self, name: str) -> list[FileVerdict]:
        """The verdict of every file, in the order of reading. Raises Damaged."""
        return list(self.each_file(name))

    def each_file(self, name: str) -> Iterator[FileVerdict]:
        """As `files`, one after another: of many files they take some 3 kB each."""
        path = self.folder(name) / FILES
        if not path.is_file():
            return
        try:
            with path.open(encoding="utf-8") as lines:
                for line in lines:
                    yield FileVerdict.model_validate_json(line)
        except (OSError, ValueError) as error:
            raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error

    def create_name(self, wanted: str) -> str:
        """A clean, free name near `wanted` (for example the name of a dropped folder)."""
        base = "".join(" " if c in '/\\:*?"<>|' or ord(c) < 32 else c for c in wanted)
        base = unicodedata.normalize("NFC", base).strip(" .")[: MAX_CHARACTERS - 4]
        while len(base.encode("utf-8", "replace")) > MAX_BYTES - 4:
            base = base[:-1]
        try:
            base = clean_name(base.strip())
        except BadName:
            base = "corpus"
        name, number = base, 2
        taken = {p.name.casefold() for p in self._folders()}
        while name.casefold() in taken:
            name, number = f"{base} {number}", number + 1
        return name

    def ensure_free(self, name: str) -> Path:
        """The folder that a new corpus would get. Raises BadName or NameTaken."""
        return free_folder(self.home.corpora, name)

    def turn(self, name: str) -> FileLock:
        """Whoever holds it may change the corpus called so, or make it."""
        key = hashlib.blake2b(name.casefold().encode("utf-8"), digest_size=8).hexdigest()
        return FileLock(self.home.corpora / _LOCKS / f"{key}.lock")

    @contextlib.contextmanager
    def _turns(self, *names: str) -> Generator[None]:
        """Raises BeingRead where a reading holds one of them."""
        with contextlib.ExitStack() as stack:
            for name in {name.casefold(): name for name in names}.values():
                turn = self.turn(name)
                if not turn.acquire():
                    raise BeingRead("corpus", name=name)
                stack.callback(turn.release)
            yield

    def rename(self, name: str, new: str) -> CorpusManifest:
        """Raises NotFound, BadName, NameTaken or BeingRead."""
        manifest = self.get(name)
        target = self.home.corpora / clean_name(new)
        with self._turns(name, target.name):
            if new.casefold() != name.casefold():
                target = free_folder(self.home.corpora, new)
            changed = manifest.model_copy(update={"name": target.name})
            self.folder(name).rename(target)
            write_json(target / MANIFEST, changed.model_dump(mode="json"))
        return changed

    def remove(self, name: str) -> Trashed:
        """Raises NotFound or BeingRead."""
        self.get(name)
        with self._turns(name):
            return Trash(self.home).put(self.folder(name))

    def set_weight(self, name: str, path: str, weight: float) -> CorpusManifest:
        """Let a source count `weight` times in trainings that begin from here on: nothing is read
        again. Raises NotFound (the corpus, or a source of it), UsageError for what is no weight."""
        if not LEAST <= weight <= MOST:
            text = N_("Errors", "A source counts between {least} and {most} times.")
            values = {"least": f"{LEAST:g}", "most": f"{MOST:g}"}
            raise UsageError("weight", detail=Sentence("Errors", text, values))
        return self._note(name, path, {"weight": weight})

    def set_licence(self, name: str, path: str, licence: str) -> CorpusManifest:
        """Note under which terms a source may be used; "" for none. Raises NotFound."""
        return self._note(name, path, {"licence": " ".join(licence.split())})

    def set_tokenizer(self, name: str, changed: CorpusManifest) -> CorpusManifest:
        """Write the tokenizer and the figures in tokens of `changed`. Raises NotFound."""
        known = self.get(name)
        fields = ("tokenizer", "totals", "baselines")
        if known.snapshot == changed.snapshot:  # Else it was read again meanwhile, with its own.
            known = known.model_copy(update={field: getattr(changed, field) for field in fields})
            write_json(self.folder(name) / MANIFEST, known.model_dump(mode="json"))
        return known

    def _note(self, name: str, path: str, values: dict[str, Any]) -> CorpusManifest:
        """A source is found by its path, or by the last part of it where that is clear."""
        manifest = self.get(name)
        wanted = {path, PurePath(path).as_posix(), Path(path).expanduser().absolute().as_posix()}
        known = {PurePath(source.path).as_posix() for source in manifest.sources}
        found = known & wanted or {one for one in known if PurePath(one).name == path}
        if len(found) != 1:
            what = Sentence("Errors", N_("Errors", "source of the corpus “{name}”"), {"name": name})
            text, values = N_("Errors", "It has: {names}."), {"names": ", ".join(sorted(known)[:5])}
            raise NotFound("path", what=what, name=path, hint=Sentence("Errors", text, values))
        sources = [
            source.model_copy(update=values if PurePath(source.path).as_posix() in found else {})
            for source in manifest.sources
        ]
        changed = manifest.model_copy(update={"sources": sources})
        write_json(self.folder(name) / MANIFEST, changed.model_dump(mode="json"))
        return changed

    def tokenizer_file(self, name: str, tokenizer: str = "") -> Path:
        """tokenizer.json of the corpus's present tokenizer, or of the one with that hash."""
        manifest = self.get(name)
        wanted = tokenizer or (manifest.tokenizer.hash if manifest.tokenizer else "")
        if not wanted:
            what = Sentence("Errors", N_("Errors", "corpus with a tokenizer"))
            raise NotFound("corpus", what=what, name=name, hint=READ_AGAIN)
        return self.folder(name) / "tokenizers" / wanted / "tokenizer.json"

    def _known(self) -> Sentence:
        """What there is instead of a corpus that was not found."""
        known = ", ".join(m.name for m in self.list()[:5])
        if known:
            return Sentence("Errors", N_("Errors", "Known: {names}."), {"names": known})
        text = N_("Errors", "Add one with: corpus add NAME PATH, or in the window.")
        return Sentence("Errors", text)

    def _folders(self) -> list[Path]:
        if not self.home.corpora.is_dir():
            return []
        return sorted(p for p in self.home.corpora.iterdir() if p.is_dir() and p.name[0] != ".")

    def _try(self, folder: Path) -> CorpusManifest | Damaged | NewerDocument | None:
        if not (folder / MANIFEST).exists() and not (folder / FILES).exists():
            return None  # A reading that has not finished yet.
        try:
            return _load(folder)
        except (Damaged, NewerDocument) as error:
            return error


def _load(folder: Path) -> CorpusManifest:
    path = folder / MANIFEST
    try:
        data = read_json(path)
        if data.get("schema_version", 1) > SCHEMA:
            raise NewerDocument(path=str(path))
        manifest = CorpusManifest.model_validate(data)
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        raise Damaged(path=str(path), reason=reason_of(error), hint=READ_AGAIN) from error
    return manifest.model_copy(update={"name": folder.name})
