"""Fetching a model from the Hugging Face hub: only what is needed, only when a user asked for it by name.

The environment may say otherwise: HF_HUB_OFFLINE forbids it, HF_ENDPOINT names another hub.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import CannotImport, NoSpace
from core.families.registry import family_for
from core.files import MARGIN_BYTES
from core.reasons import Unsuitable
from core.sentences import N_, Sentence
from core.versions.hashes import file_hash
from core.versions.importing.small import CHOOSE, checked_config
from core.versions.importing.source import CONFIG, INDEX, WEIGHTS, indexed_files, pickled
from core.versions.llamacpp.parts import are_parts, parts_of

# Plain HTTP goes on where it broke off; nothing is told to anybody.
_QUIET = {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
_NAME = re.compile(r"^([\w.-]{1,96}/[\w.-]{1,96})(?:/([\w.-]{1,200}\.gguf))?(?:@([\w.-]{1,100}))?$")
_SMALL = (
    CONFIG, "generation_config.json", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
    "chat_template.jinja", "README.md", "tokenizer.model",
)  # fmt: skip
_AGAIN = Sentence("Errors", N_("Errors", "What was fetched is kept: try again, or resume the run."))
_SPELLING = Sentence("Errors", N_("Errors", "Check the name on the hub's own page."))
_BY_HAND = Sentence(
    "Errors",
    N_(
        "Errors",
        "Agree to its conditions on the hub and log in (hf auth login), or choose another.",
    ),
)


class _Stopped(Exception):
    """The user stopped the download."""


@dataclass(frozen=True, slots=True)
class HubName:
    """`repository` as OWNER/NAME, one `file` of it (a .gguf), and a `revision`; "" for none."""

    repository: str
    file: str = ""
    revision: str = ""


def hub_name(text: str) -> HubName:
    """Of OWNER/NAME, OWNER/NAME/FILE.gguf, each with @REVISION if wanted. Raises CannotImport."""
    match = _NAME.match(text.removeprefix("hub:"))
    if match is None or ".." in text:
        reason = N_("Errors", "a model on the hub is called OWNER/NAME")
        raise CannotImport("path", path=text[:120], reason=Sentence("Errors", reason), hint=_SPELLING)  # fmt: skip
    return HubName(match[1], match[2] or "", match[3] or "")


def fetch(
    text: str, folder: Path, progress: Callable[[float, float], None], stopped: Callable[[], bool]
) -> Path | None:
    """Fetch what is needed of a model into `folder` (what is there already is not fetched again);
    returns what is to be opened, None when it was stopped.

    Raises:
        CannotImport: It is not there, is no model that can be imported, or the network fails.
        NoSpace
    """
    name = hub_name(text)
    os.environ.update({key: os.environ.get(key, value) for key, value in _QUIET.items()})
    try:
        return _Fetching(name, folder, progress, stopped).all()
    except _Stopped:
        return None
    except Exception as error:
        if isinstance(error, CannotImport | NoSpace):
            raise
        found = _reason(error)
        if found is None:
            raise
        raise CannotImport("path", path=text[:120], reason=found[0], hint=found[1]) from error


class _Fetching:
    def __init__(
        self, name: HubName, folder: Path, progress: Callable[[float, float], None],
        stopped: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._name, self._folder, self._progress, self._stopped = name, folder, progress, stopped
        self._revision = ""
        self._sizes: dict[str, int] = {}
        self._hashes: dict[str, str] = {}
        self._done = self._total = 0

    def all(self) -> Path:
        from huggingface_hub import HfApi

        api = HfApi()
        info = api.model_info(
            self._name.repository, revision=self._name.revision or None, files_metadata=True, timeout=30
        )  # fmt: skip
        self._revision = str(info.sha)
        self._folder = self._folder / self._revision[:12]  # Halves of another revision do not fit.
        files = info.siblings or []
        sizes = {file.rfilename: int(file.size or 0) for file in files}
        self._sizes = {file.rfilename: file.size for file in files if file.size is not None}
        self._hashes = {file.rfilename: file.lfs.sha256 for file in files if file.lfs is not None}
        if self._name.file:
            return self._packed(self._name.file, sizes)
        if CONFIG not in sizes:
            return self._only_gguf(sizes)
        family_for(checked_config(self._get(CONFIG)))  # Before anything large is fetched.
        small = [name for name in _SMALL if name in sizes and name != CONFIG]
        weights = self._weights(sizes)
        self._need({name: sizes.get(name, 0) for name in (*small, *weights)})
        for name in (*small, *weights):
            self._get(name)
        return self._folder

    def _weights(self, sizes: dict[str, int]) -> list[str]:
        if INDEX in sizes:
            index = self._get(INDEX)
            return [name for name in indexed_files(index, beside=sizes) if name in sizes]
        if WEIGHTS in sizes:
            return [WEIGHTS]
        raise pickled(self._name.repository, sizes)

    def _only_gguf(self, sizes: dict[str, int]) -> Path:
        found = sorted(name for name in sizes if name.endswith(".gguf") and "/" not in name)
        if len(found) != 1 and not are_parts(found):
            text = N_("Errors", "it has {count} .gguf files and no config.json")
            hint = N_(
                "Errors", "Name the file as well: hub:OWNER/NAME/FILE.gguf. There are: {names}."
            )
            names = ", ".join(found[:8]) or "—"
            raise CannotImport(
                "path", path=self._name.repository,
                reason=Sentence("Errors", text, {"count": len(found)}),
                hint=Sentence("Errors", hint, {"names": names}) if found else CHOOSE,
            )  # fmt: skip
        return self._packed(found[0], sizes)

    def _packed(self, name: str, sizes: dict[str, int]) -> Path:
        """A .gguf file, with the other parts of the same model."""
        parts = parts_of(name)
        self._need({part: sizes.get(part, 0) for part in parts})
        fetched = [self._get(part) for part in parts]
        return fetched[0]

    def _need(self, sizes: dict[str, int]) -> None:
        """Once to fetch it and once on the shelf. Raises NoSpace."""
        self._total = sum(sizes.values())
        self._folder.mkdir(parents=True, exist_ok=True)
        halves = [self._folder / f"{name}{end}" for name in sizes for end in ("", ".partial")]
        there = sum(path.stat().st_size for path in halves if path.is_file())
        needed = 2 * self._total - there + MARGIN_BYTES
        if shutil.disk_usage(self._folder).free < needed:
            raise NoSpace(path=str(self._folder), needed=needed >> 20)

    def _get(self, name: str) -> Path:
        """A file of the model, begun anew or gone on with. huggingface_hub's own download keeps no
        half of a file when a process ends, so the half is kept here."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.file_download import http_get
        from huggingface_hub.utils import build_hf_headers

        if self._stopped():
            raise _Stopped
        path, size = self._folder / name, self._sizes.get(name)
        if not path.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            half = self._folder / f"{name}.partial"
            url = hf_hub_url(self._name.repository, name, revision=self._revision)
            with half.open("ab") as file:
                begun = file.tell()
                if size is not None and begun > size:
                    file.truncate(begun := 0)
                self._done += begun
                http_get(
                    url, file, resume_size=begun, headers=build_hf_headers(), expected_size=size,
                    displayed_filename=name, tqdm_class=self._bar(),
                )  # fmt: skip
            self._check(half, name)
            half.rename(path)
        else:
            self._done += path.stat().st_size
        self._tell()
        return path

    def _check(self, half: Path, name: str) -> None:
        """Raises CannotImport for bytes that are not what the hub says; the next try begins anew."""
        wanted = self._hashes.get(name)
        if wanted is not None and file_hash(half) != wanted:
            half.unlink()
            text = N_("Errors", "{name} came broken over the network")
            reason = Sentence("Errors", text, {"name": name})
            raise CannotImport("path", path=self._name.repository, reason=reason, hint=_AGAIN)

    def _tell(self) -> None:
        if self._total:
            self._progress(max(0, min(self._done, self._total)), self._total)

    def _bar(self) -> Any:
        """What huggingface_hub takes for a progress bar: tells, and stops where it is wished."""
        fetching = self

        class Bar:
            def __init__(self, *args: Any, **kwargs: Any) -> None: ...

            def update(self, count: int = 1) -> None:
                if fetching._stopped():
                    raise _Stopped
                fetching._done += count
                fetching._tell()

            def __enter__(self) -> Bar:
                return self

            def __exit__(self, *error: object) -> None: ...

            def close(self) -> None: ...

        return Bar


def _reason(error: Exception) -> tuple[Sentence, Sentence] | None:
    """(why, what to do) for what huggingface_hub raises; None for what is a fault of ours."""
    from huggingface_hub import errors

    if isinstance(error, Unsuitable):
        return error.sentence, CHOOSE
    if isinstance(error, errors.OfflineModeIsEnabled):
        text = N_("Errors", "this computer is set to stay offline (HF_HUB_OFFLINE)")
        hint = N_("Errors", "Unset HF_HUB_OFFLINE, or import the model from a folder.")
        return Sentence("Errors", text), Sentence("Errors", hint)
    if isinstance(error, errors.GatedRepoError):
        return Sentence("Errors", N_("Errors", "its maker asks who wants it")), _BY_HAND
    missing = (errors.RepositoryNotFoundError, errors.RevisionNotFoundError, errors.EntryNotFoundError, errors.HFValidationError)  # fmt: skip
    network = type(error).__module__.partition(".")[0] in (
        "httpx",
        "httpx2",
        "httpcore",
        "httpcore2",
    )
    if isinstance(error, missing) and not isinstance(error, errors.LocalEntryNotFoundError):
        return Sentence("Errors", N_("Errors", "the hub knows no such model, file or revision")), _SPELLING  # fmt: skip
    broken = isinstance(error, ConnectionError | TimeoutError | errors.LocalEntryNotFoundError)
    if isinstance(error, errors.HfHubHTTPError) or network or broken or _inconsistent(error):
        words = " ".join(str(error).split())[:160] or type(error).__name__
        text = N_("Errors", "the hub cannot be reached, or broke off ({words})")
        return Sentence("Errors", text, {"words": words}), _AGAIN
    return None


def _inconsistent(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno is None
