"""Archives: their members are written to a scratch folder, one at a time, and read there.

Zip, tar, gzip, bzip2 and xz come with Python, which reads them without a foreign library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.corpus import bombs
from core.corpus.readers.faults import NotReadable
from core.corpus.unpack import names, streams, zips
from core.corpus.unpack.entry import DAMAGE, Entry, cut_off
from core.files import friendly_os_errors
from core.sentences import N_, Sentence

_BLOCK = 1 << 20
_HEAD_BYTES = 64 << 10
_PACKAGES = {
    ".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".pptx", ".pptm", ".epub", ".odt", ".ott", ".ods",
    ".odp", ".odg", ".odf", ".jar", ".apk", ".whl", ".key", ".pages", ".numbers", ".npz", ".pt", ".kmz",
}  # fmt: skip
"""Zip files that people do not take for archives."""
_PACKAGE_MEMBERS = {"mimetype", "[Content_Types].xml", "META-INF/container.xml"}
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,12}")
_SYSTEM = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Member:
    """`name`: as the archive calls it, "/" between its parts, once only; "" is the archive itself.
    `file`: where its bytes lie, with its ending; None where `problem` says why it is not read."""

    name: str
    file: Path | None
    problem: Sentence | None = None


def is_archive(path: Path, head: bytes) -> bool:
    """By the first bytes (64 KiB); a document that is a zip file inside is none. Raises OSError."""
    if head.startswith((zips.LOCAL, zips.EMPTY)):
        return not _is_package(path, head)
    return head.startswith(tuple(streams.MAGIC)) or streams.is_tar(head)


def members(
    path: Path, scratch: Path, called: str = "", allowance: bombs.Allowance | None = None
) -> Iterator[Member]:
    """Each file in the archive, written to `scratch` (a folder that is there) under a name of our
    own; the caller deletes it before asking for the next. `called`: the archive's name for people,
    where it lies under another one. `allowance`: that of the archive around it. Files that cannot be read have a problem;
    one with the name "" ends an archive that is damaged, or that expands beyond the limits of
    core.corpus.bombs.

    Raises:
        OSError: The archive cannot be opened.
        NoSpace, NoPermission: `scratch` cannot be written.
    """
    allowance = allowance or bombs.Allowance(path.stat().st_size)
    for name, entry in _entries(path, allowance, called):
        if entry.problem is not None or entry.open is None:
            yield Member(name, None, entry.problem)
            continue
        target = scratch / ("member" + _suffix(name))
        try:
            _write(entry, target, allowance)
        except NotReadable as refused:
            yield Member(name, None, refused.sentence)
            if refused.sentence != bombs.damaged() and refused.sentence.text != _PACKED_WAY:
                yield Member("", None, _not_further())
                return
            continue
        yield Member(name, target)


def member_named(path: Path, name: str, scratch: Path, called: str = "") -> Path:
    """The member that `members` calls `name`, written to `scratch`; `called` as there.

    Raises:
        NotReadable: There is none, or it cannot be read.
        OSError
    """
    allowance = bombs.Allowance(path.stat().st_size)
    for found, entry in _entries(path, allowance, called):
        if found != name or not name:
            continue
        if entry.problem is not None or entry.open is None:
            raise NotReadable(entry.problem or bombs.damaged())
        target = scratch / ("member" + _suffix(name))
        _write(entry, target, bombs.Allowance(allowance.packed))
        return target
    text = N_("Verdicts", "not found in the archive: {name}")
    raise NotReadable(Sentence("Verdicts", text, {"name": name}))


def _entries(
    path: Path, allowance: bombs.Allowance, called: str = ""
) -> Iterator[tuple[str, Entry]]:
    """Every entry under a name of its own; those whose name leads out have a problem."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    zipped = head.startswith((zips.LOCAL, zips.EMPTY))
    seen: set[str] = set()
    for entry in zips.entries(path) if zipped else streams.entries(path, head, called):
        if not allowance.one_more():
            yield "", Entry("", bombs.too_many())
            return
        if not entry.name:
            yield "", entry if entry.problem else Entry("", cut_off())
            continue
        name = _single(entry.name, seen)
        if names.leads_out(name):
            text = N_("Verdicts", "its path leads out of the archive: not opened")
            entry = Entry(name, Sentence("Verdicts", text))
        elif _is_hidden(name):
            entry = Entry(name, Sentence("Verdicts", N_("Verdicts", "a hidden file of the system")))
        yield name, entry


def _single(name: str, seen: set[str]) -> str:
    """`name`, or where an earlier member has it "name (2)"."""
    number, own = 1, name
    while own in seen:
        number += 1
        own = f"{name} ({number})"
        if number > 50:
            own = f"{name} ({len(seen) + 1})"
    seen.add(own)
    return own


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return (
        any(part.startswith(".") for part in parts)
        or "__MACOSX" in parts
        or parts[-1].casefold() in _SYSTEM
    )


def _suffix(name: str) -> str:
    """The ending of a name, where it is plain; nothing else of it goes into a path."""
    suffix = PurePosixPath(name).suffix
    return suffix.casefold() if _SUFFIX.fullmatch(suffix) else ""


def _write(entry: Entry, target: Path, allowance: bombs.Allowance) -> None:
    """Raises NotReadable and leaves no file."""
    assert entry.open is not None
    packed = allowance.packed if entry.packed is None else entry.packed
    written = 0
    try:
        with friendly_os_errors(target), target.open("wb") as out:
            for block in _blocks(entry):
                written += len(block)
                bombs.check(packed, written, bombs.MEMBER_BYTES)
                allowance.check(written)
                out.write(block)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    allowance.unpacked += written


_PACKED_WAY = N_("Verdicts", "packed in a way that cannot be opened: pack it as a usual zip")


def _blocks(entry: Entry) -> Iterator[bytes]:
    assert entry.open is not None
    try:
        with entry.open() as stream:
            while block := stream.read(_BLOCK):
                yield block
    except NotImplementedError as error:
        raise NotReadable(Sentence("Verdicts", _PACKED_WAY)) from error
    except DAMAGE as error:
        raise NotReadable(bombs.damaged()) from error


def _not_further() -> Sentence:
    text = N_("Verdicts", "the archive is not read further: it expands beyond all limits")
    return Sentence("Verdicts", text)


def _is_package(path: Path, head: bytes) -> bool:
    """Whether a zip file is a document of some program."""
    if path.suffix.casefold() in _PACKAGES:
        return True
    found = zips.head_names(head)
    if len(head) >= _HEAD_BYTES or not _PACKAGE_MEMBERS.isdisjoint(found):
        try:
            with zips.opened(path) as archive:
                found = [info.filename for info in archive.infolist()[:4000]]
        except (*DAMAGE, NotReadable):
            pass
    return not _PACKAGE_MEMBERS.isdisjoint(found)
