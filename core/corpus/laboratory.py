"""The tokenizer laboratory of a corpus: candidates that are made, measured, compared and chosen.

Candidates lie in `tokenizers/<hash>/` of the corpus folder, with what was measured of them beside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tokenizers import Tokenizer

from core.config import Config
from core.corpus.language import detect
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, TokenizerFacts
from core.corpus.recount import recounted
from core.corpus.tokenizing import Sample, in_pieces, keep, sample, sample_bytes, wanted_vocabulary
from core.errors import NotFound
from core.files import read_json, write_json
from core.home import clean_name
from core.jobs.kinds import TokenizerChoice
from core.sentences import N_, Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.lab.compare import splits
from core.tokenizer.lab.importing import imported
from core.tokenizer.lab.kinds import limits, train
from core.tokenizer.lab.measure import SIZES, measure, smaller
from core.tokenizer.lab.unigram import most_likely

VERSION = "version:"
"""Begins the id of a version's tokenizer; others are hashes."""
_FACTS = "laboratory.json"
_CURVE = "curve-{kind}-{snapshot}.json"
_LANGUAGES = ("ja", "en")
Point = dict[str, Any]
Say = Callable[[str, float | None], None]
"""What goes on ("reading", "words", "learning", "measuring" or "counting"), and which share of that is
done (None: nobody knows)."""


class Candidate(Config):
    """A tokenizer as the laboratory measured it. `id`: a hash, or "version:" and a name.
    `languages`: bytes per token of training text that it was not learned from, by language code.
    `limits`: Sentences as JSON. `added`: special tokens that an imported one lacked. `snapshot`: the
    state of the corpus that it was measured on, empty as long as it was not."""

    id: str
    name: str
    kind: str
    vocabulary: int
    bytes_per_token: float
    languages: dict[str, float] = {}
    limits: list[dict[str, Any]] = []
    added: list[str] = []
    trained_bytes: int = 0
    snapshot: str = ""


class Laboratory:
    """Of one corpus. Samples and the largest BPE are kept while the corpus stays as it is.

    Args:
        measures: Whether tokenizers are measured where nobody did yet; else they have no figures.
        say: Hears what goes on.

    Raises (from everything):
        NotFound, Damaged, NewerDocument: The corpus or the tokenizer.
    """

    def __init__(
        self,
        library: CorpusLibrary,
        name: str,
        measures: bool = True,
        say: Say = lambda phase, share: None,
    ) -> None:
        self._library = library
        self.name, self._measures, self._say = name, measures, say
        self._snapshot = ""
        self._kept: Sample | None = None
        self._largest: dict[str, Tokenizer] = {}
        self._known: dict[str, Candidate] = {}

    # ---- making ------------------------------------------------------------------------------

    def make(self, choice: TokenizerChoice) -> Candidate:
        """Learn a tokenizer from the training text, or import one, and measure it.

        Raises:
            CannotImport, PathMissing: The file is no tokenizer.
        """
        manifest = self._current()
        added: list[str] = []
        if choice.kind == "imported":
            tokenizer, added = imported(Path(choice.file))
            name = Path(choice.file).parent.name or Path(choice.file).name
        else:
            tokenizer = self._learned(choice, manifest.totals.train_bytes)
            name = _name(choice.kind, tokenizer)
        _, found = keep(self._folder, tokenizer)
        candidate = _unmeasured(found, name, choice.kind, tokenizer).model_copy(
            update={"added": added, "trained_bytes": manifest.totals.train_bytes}
        )
        candidate = self._measure(candidate, tokenizer)
        self._remember(candidate)
        return candidate

    def _remember(self, candidate: Candidate) -> None:
        place = self._folder / "tokenizers" / candidate.id / _FACTS
        write_json(place, candidate.model_dump(mode="json"))
        self._known[candidate.id] = candidate

    def _learned(self, choice: TokenizerChoice, size: int) -> Tokenizer:
        wanted = wanted_vocabulary(choice, size)
        largest = self._largest.get("bpe")
        if choice.kind == "bpe" and largest is not None and wanted <= largest.get_vocab_size():
            return smaller(largest, wanted)
        return self._trained(choice.kind, wanted)

    def _trained(self, kind: str, vocabulary: int) -> Tokenizer:
        texts = self._texts(kind) if kind != "bytes" else []
        if kind == "unigram":  # It looks through all texts before it begins.
            self._say("learning", None)
            return train(kind, texts, vocabulary)
        return train(kind, self._told(texts), vocabulary)

    def _told(self, texts: Sequence[str]) -> Iterator[str]:
        """The texts, with words about how many of them a trainer took; when it has them all, it learns
        for a while without a sign of life."""
        done, total = 0, max(1, sum(map(len, texts)))

        def tell() -> None:
            self._say("words", done / total)

        for piece in in_pieces(texts, tell):
            yield piece
            done += len(piece)
        self._say("learning", None)

    def _texts(self, kind: str) -> list[str]:
        """What a tokenizer of this kind is learned from."""
        taught = self._sample().taught
        share = sample_bytes(kind) / max(1, sum(len(text.encode("utf-8")) for text in taught))
        return taught if share >= 1.0 else taught[:: max(1, round(1 / share))]

    # ---- measuring ---------------------------------------------------------------------------

    def curve(self, kind: str) -> list[Point]:
        """[{vocabulary, bytes_per_token, ja, en}] by vocabulary; ja and en are None where the corpus
        has no such text. BPE is exact (core.tokenizer.lab.measure.smaller); a smaller Unigram is
        taken as the likeliest pieces of the largest, which falls a little short of one by itself."""
        manifest = self._current()
        place = self._folder / "tokenizers" / _CURVE.format(kind=kind, snapshot=manifest.snapshot)
        try:
            return list(read_json(place)["points"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        largest = self._largest.get(kind) or self._trained(kind, SIZES[-1])
        self._largest[kind] = largest
        most = largest.get_vocab_size()
        part = smaller if kind == "bpe" else most_likely
        points: list[Point] = []
        sizes = [*(size for size in SIZES if size < most), most]
        for number, size in enumerate(sizes):
            self._say("measuring", number / len(sizes))
            found = measure(part(largest, size), self._sample().held_back)
            by_language = {code: found.languages.get(code) for code in _LANGUAGES}
            points.append(
                {"vocabulary": size, "bytes_per_token": found.bytes_per_token, **by_language}
            )
        write_json(place, {"points": points})
        return points

    def compare(self, ids: Sequence[str], texts: Sequence[str]) -> list[dict[str, Any]]:
        """For each id a Candidate as JSON, `chosen`, `ja` and `en` (of the corpus's text, or None),
        and the cells of `texts` with their counts (core.tokenizer.lab.compare.splits)."""
        manifest = self._current()
        current = manifest.tokenizer.hash if manifest.tokenizer else ""
        codes = [detect(text) or "other" for text in texts]
        found: list[dict[str, Any]] = []
        for one in ids:
            candidate = self.candidate(one)
            row = candidate.model_dump(mode="json") | {"chosen": one == current}
            row |= {code: candidate.languages.get(code) for code in _LANGUAGES}
            found.append(row | {"here": splits(self._tokenizer(one), texts, codes)})
        return found

    def candidates(self) -> list[Candidate]:
        """The corpus's own tokenizer first, then what was tried, then those of versions."""
        self._current()
        return [self.candidate(one) for one in self._ids()]

    def _ids(self) -> list[str]:
        manifest = self._library.get(self.name)
        ids = [manifest.tokenizer.hash] if manifest.tokenizer else []
        tried = sorted((self._folder / "tokenizers").glob(f"*/{_FACTS}"))
        ids += [path.parent.name for path in tried]
        versions = sorted(self._library.home.versions.glob(f"*/{tokenizer_files.TOKENIZER_FILE}"))
        ids += [f"{VERSION}{path.parent.name}" for path in versions if path.parent.name[0] != "."]
        return list(dict.fromkeys(ids))

    def candidate(self, one: str) -> Candidate:
        """What is known of a tokenizer; measured now if it was not yet."""
        manifest = self._current()
        known = self._known.get(one) or self._read(one, manifest.tokenizer)
        if known.snapshot == manifest.snapshot:
            return known
        if not self._measures:  # Figures of another text are none.
            nothing = {"bytes_per_token": 0.0, "languages": {}, "snapshot": ""}
            return known.model_copy(update=nothing)
        measured = self._measure(known, self._tokenizer(one))
        if one.startswith(VERSION):
            self._known[one] = measured
        else:
            self._remember(measured)
        return measured

    def _read(self, one: str, facts: TokenizerFacts | None) -> Candidate:
        """What was written down, or what the tokenizer itself tells."""
        self._file(one)
        try:
            return Candidate.model_validate(read_json(self._folder / "tokenizers" / one / _FACTS))
        except (OSError, ValueError, ValidationError):
            tokenizer = self._tokenizer(one)
            kind = facts.kind if facts and facts.hash == one else _kind(tokenizer)
            name = one.removeprefix(VERSION) if VERSION in one else _name(kind, tokenizer)
            return _unmeasured(one, name, kind, tokenizer)

    def _measure(self, candidate: Candidate, tokenizer: Tokenizer) -> Candidate:
        texts = self._sample().held_back
        self._say("measuring", None)
        found = measure(tokenizer, texts)
        return candidate.model_copy(
            update={
                "bytes_per_token": found.bytes_per_token, "languages": found.languages,
                "snapshot": self._snapshot,
            }
        )  # fmt: skip

    # ---- choosing ----------------------------------------------------------------------------

    def choose(self, one: str, stop: Callable[[], bool] | None = None) -> CorpusManifest:
        """Make it the corpus's tokenizer; its tokens are counted anew. Versions that were trained
        keep theirs, and trainings that run theirs. Where `stop` says so the corpus stays as it is."""
        manifest = self._current()
        candidate = self.candidate(one)
        if manifest.tokenizer is not None:
            self._remember(self.candidate(manifest.tokenizer.hash))  # One may go back to it.
        if one.startswith(VERSION):
            file = str(self._file(one))
            candidate = self.make(TokenizerChoice(kind="imported", file=file))
        facts = TokenizerFacts.model_validate(
            {
                "hash": candidate.id, "vocabulary": candidate.vocabulary, "kind": candidate.kind,
                "bytes_per_token": candidate.bytes_per_token, "chosen": True,
                "trained_bytes": candidate.trained_bytes,
            }
        )  # fmt: skip
        changed = recounted(
            self._folder, manifest, facts, self._file(candidate.id), stop,
            lambda done, total: self._say("counting", done / max(1, total)),
        )  # fmt: skip
        if stop is not None and stop():
            return manifest
        return self._library.set_tokenizer(self.name, changed)

    # ---- where things are --------------------------------------------------------------------

    @property
    def _folder(self) -> Path:
        return self._library.folder(self.name)

    def _current(self) -> CorpusManifest:
        manifest = self._library.get(self.name)
        if manifest.snapshot != self._snapshot:
            self._snapshot, self._kept = manifest.snapshot, None
            self._largest.clear()
            self._known.clear()
        return manifest

    def _sample(self) -> Sample:
        """Of the corpus as it was when `_current` looked."""
        if self._kept is None:

            def told(done: float, total: float) -> None:
                self._say("reading", done / max(1, total))

            totals = self._library.get(self.name).totals
            size = totals.train_bytes or totals.bytes
            self._kept = sample(self._folder, self._snapshot, size, told)
        return self._kept

    def _file(self, one: str) -> Path:
        """Raises NotFound for what is no name of a tokenizer."""
        name = one.removeprefix(VERSION)
        base = self._folder / "tokenizers" / one
        if name != one:
            base = self._library.home.versions / clean_name(name)
        if (name == one and not one.isalnum()) or not base.is_dir():
            what = Sentence("Errors", N_("Errors", "tokenizer"))
            names = ", ".join(self._ids()[:5])
            hint = Sentence("Errors", N_("Errors", "Known: {names}."), {"names": names})
            raise NotFound("tokenizer", what=what, name=name, hint=hint)
        return base / tokenizer_files.TOKENIZER_FILE

    def _tokenizer(self, one: str) -> Tokenizer:
        return tokenizer_files.load(self._file(one))


def _unmeasured(one: str, name: str, kind: str, tokenizer: Tokenizer) -> Candidate:
    return Candidate(
        id=one, name=name, kind=kind, vocabulary=tokenizer.get_vocab_size(), bytes_per_token=0.0,
        limits=[sentence.to_json() for sentence in limits(tokenizer)],
    )  # fmt: skip


def _kind(tokenizer: Tokenizer) -> str:
    """Of a tokenizer that nobody wrote anything of."""
    model = json.loads(tokenizer.to_str())["model"].get("type")
    return {"BPE": "bpe", "Unigram": "unigram"}.get(str(model), "imported")


def _name(kind: str, tokenizer: Tokenizer) -> str:
    """Short, and the same in every language."""
    names = {"bpe": "BPE", "unigram": "Unigram", "characters": "UTF-8", "bytes": "byte"}
    return f"{names.get(kind, 'tokenizer.json')} {tokenizer.get_vocab_size():,}"
