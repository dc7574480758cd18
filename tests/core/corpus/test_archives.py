"""Members of archives are written one at a time, whatever the archive tries."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import archives, bombs
from core.corpus.archives import Member
from core.corpus.readers.base import NotReadable

MESSY = Path(__file__).resolve().parents[4] / "shared" / "data" / "messy"
FILES = {"a.txt": b"alpha", "folder/b.md": "日本語".encode(), "folder/c": b""}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def streamed_zip(files: dict[str, bytes]) -> bytes:
    """With the sizes after the members, as programs write that cannot seek."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def unpacked(
    tmp_path: Path, data: bytes, name: str = "x.zip"
) -> tuple[dict[str, bytes], list[Member]]:
    """(what was read, the members with a problem); nothing may be left in the scratch folder."""
    path = tmp_path / name
    path.write_bytes(data)
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    assert archives.is_archive(path, data[: 64 << 10])
    read: dict[str, bytes] = {}
    problems: list[Member] = []
    for member in archives.members(path, scratch):
        if member.file is None:
            problems.append(member)
            continue
        assert member.file.parent == scratch
        read[member.name] = member.file.read_bytes()
        member.file.unlink()
    assert not list(scratch.iterdir())
    return read, problems


PACKED = {
    "x.zip": zipped(FILES),
    "stored.zip": zipped(FILES, zipfile.ZIP_STORED),
    "streamed.zip": streamed_zip(FILES),
    "x.tar": tarred(FILES),
    "old.tar": tarred(FILES, tarfile.USTAR_FORMAT),
    "x.tar.gz": gzip.compress(tarred(FILES)),
    "x.tbz2": bz2.compress(tarred(FILES)),
    "x.tar.xz": lzma.compress(tarred(FILES)),
}


@pytest.mark.parametrize("name", PACKED)
def test_every_member_is_read(tmp_path: Path, name: str) -> None:
    read, problems = unpacked(tmp_path, PACKED[name], name)
    assert read == FILES
    assert not problems


@pytest.mark.parametrize("name", PACKED)
def test_a_member_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name])
    file = archives.member_named(path, "folder/b.md", tmp_path)
    assert file.read_text(encoding="utf-8") == "日本語"
    assert file.suffix == ".md"
    with pytest.raises(NotReadable, match="not found"):
        archives.member_named(path, "none", tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "member"),
    [
        ("diary.txt.gz", gzip.compress(b"text"), "diary.txt"),
        ("diary.txt.bz2", bz2.compress(b"text"), "diary.txt"),
        ("diary.txt.xz", lzma.compress(b"text"), "diary.txt"),
        ("two.txt.gz", gzip.compress(b"te") + gzip.compress(b"xt"), "two.txt"),
        ("two.txt.xz", lzma.compress(b"te") + lzma.compress(b"xt"), "two.txt"),
        ("without an ending", gzip.compress(b"text"), "without an ending"),
    ],
)
def test_a_single_packed_file_is_called_without_its_last_ending(
    tmp_path: Path, name: str, data: bytes, member: str
) -> None:
    assert unpacked(tmp_path, data, name) == ({member: b"text"}, [])


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("文章1.txt".encode("cp932"), "文章1.txt"),
        ("表紙/ソース一覧.txt".encode("cp932"), "表紙/ソース一覧.txt"),  # Ends in a backslash byte.
        ("メモ.txt".encode("cp932"), "メモ.txt"),
        ("日記.txt".encode(), "日記.txt"),
        ("Wörter.txt".encode("cp437"), "Wörter.txt"),
        ("résumé.txt".encode("cp437"), "résumé.txt"),
        ("Übergrößen/Maß.txt".encode("cp437"), "Übergrößen/Maß.txt"),
        (b"windows\\path.txt", "windows/path.txt"),
    ],
)
def test_names_without_a_declared_encoding_are_read_right(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    mark = b"N" * len(raw)
    data = zipped({mark.decode(): b"x"}).replace(mark, raw)
    assert unpacked(tmp_path, data) == ({name: b"x"}, [])


def test_the_names_of_a_japanese_windows_zip_are_read() -> None:
    path = MESSY / "zip" / "entry-names-shift-jis.zip"
    if not path.exists():
        pytest.skip("needs ../shared/data")
    names = [name for name, _ in archives._entries(path, bombs.Allowance(1000))]
    assert names == ["文章1.txt", "文章2.txt"]


@pytest.mark.parametrize(
    "name", ["../up.txt", "/absolute.txt", "a/../../b.txt", "C:/x.txt", "..\\up.txt", "c:x.txt"]
)
def test_no_path_leads_out(tmp_path: Path, name: str) -> None:
    for data in (zipped({name: b"evil", "good.txt": b"good"}), tarred({name: b"evil", "good.txt": b"good"})):  # fmt: skip
        read, problems = unpacked(tmp_path, data)
        assert read == {"good.txt": b"good"}
        assert ["out of the archive" in str(p.problem) for p in problems] == [True]
    assert {path.name for path in tmp_path.rglob("*")} == {"x.zip", "scratch"}


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"kind {kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    read, problems = unpacked(tmp_path, out.getvalue(), "x.tar")
    assert not read
    assert len(problems) == 4

    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zip_archive:
        zip_archive.writestr(link, "/etc/passwd")
    read, problems = unpacked(tmp_path, out.getvalue())
    assert not read
    assert len(problems) == 1


def test_an_encrypted_member_needs_a_password_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = bytearray(zipped({"secret.txt": b"x", "open.txt": b"y"}))
    data[6] |= 1
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    read, problems = unpacked(tmp_path, bytes(data))
    assert read == {"open.txt": b"y"}
    assert [p.problem for p in problems] == [bombs.needs_password()]


def test_a_member_whose_bytes_are_damaged_leaves_the_others(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"alpha" * 50, "b.txt": b"beta"}, zipfile.ZIP_STORED)
    read, problems = unpacked(tmp_path, data.replace(b"alphaalpha", b"alphaALPHA", 1))
    assert read == {"b.txt": b"beta"}
    assert [(p.name, p.problem) for p in problems] == [("a.txt", bombs.damaged())]


@pytest.mark.parametrize("name", ["x.zip", "stored.zip", "streamed.zip", "x.tar", "x.tar.gz"])
def test_an_archive_that_was_cut_off_gives_what_is_whole(tmp_path: Path, name: str) -> None:
    make = {"x.zip": zipped, "streamed.zip": streamed_zip}.get(name, zipped)
    files = {f"{number}.txt": str(number).encode() * 4000 for number in range(4)}
    data = make(files)
    if name == "stored.zip":
        data = zipped(files, zipfile.ZIP_STORED)
    if ".tar" in name:
        data = tarred(files)
    last = data.index(b"3.txt") + 10
    data = data[:last]
    if name.endswith(".gz"):
        data = gzip.compress(data, 0)[: last - 40]
    read, problems = unpacked(tmp_path, data, name)
    assert list(read) == ["0.txt", "1.txt", "2.txt"]
    assert all(read[key] == files[key] for key in read)
    assert problems[-1].name == ""
    assert "cut off" in str(problems[-1].problem)


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.tar.gz", "bomb.txt.gz", "bomb.txt.xz"])
def test_a_bomb_ends_its_archive_early(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    zeros = bytes(30 << 20)
    data = {
        "bomb.zip": lambda: zipped({"0.txt": zeros, "after.txt": b"x"}),
        "bomb.tar.gz": lambda: gzip.compress(tarred({"0.txt": zeros, "after.txt": b"x"})),
        "bomb.txt.gz": lambda: gzip.compress(zeros),
        "bomb.txt.xz": lambda: lzma.compress(zeros),
    }[name]()
    read, problems = unpacked(tmp_path, data, name)
    assert not read
    assert "bombs" in str(problems[0].problem)
    assert problems[-1].name == ""


def test_many_small_members_of_one_bomb_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 1 << 20)
    data = gzip.compress(tarred({f"{number}.txt": bytes(900 << 10) for number in range(40)}))
    read, problems = unpacked(tmp_path, data, "x.tgz")
    assert 0 < len(read) < 40
    assert problems


def test_what_is_larger_than_the_limits_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "MEMBER_BYTES", 1000)
    monkeypatch.setattr(bombs, "MEMBERS", 2)
    read, problems = unpacked(tmp_path, tarred({"0": b"x", "1": b"y", "2": b"z"}), "x.tar")
    assert list(read) == ["0", "1"]
    assert "more than 2 files" in str(problems[-1].problem and problems[-1].problem.english())
    _, problems = unpacked(tmp_path, zipped({str(number): b"x" for number in range(3)}))
    assert "more than 2 files" in str(problems[-1].problem and problems[-1].problem.english())
    read, problems = unpacked(tmp_path, zipped({"big": bytes(2000)}))
    assert not read
    assert problems[-1].name == ""


def test_folders_without_end_are_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "MEMBERS", 100)
    folder = tarfile.TarInfo("folder")
    folder.type = tarfile.DIRTYPE
    read, problems = unpacked(tmp_path, gzip.compress(folder.tobuf() * 300 + bytes(1024)), "x.tgz")
    assert not read
    assert "more than 100 files" in str(problems[0].problem and problems[0].problem.english())


def test_a_directory_that_lies_about_its_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": b"x"}))
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<HHI", data, end + 8, 0xFFFF - 1, 0xFFFF - 1, 60 << 20)
    read, problems = unpacked(tmp_path, bytes(data))
    assert not read
    assert "more than" in str(problems[0].problem)


def test_a_header_without_an_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 200 << 20
    data = gzip.compress(info.tobuf() + bytes(200 << 20), 1)
    read, problems = unpacked(tmp_path, data, "x.tar.gz")
    assert not read
    assert len(problems) == 1


def test_a_name_that_comes_twice_is_told_apart(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for data in (b"1", b"2"):
            info = tarfile.TarInfo("a.txt")
            info.size = 1
            archive.addfile(info, io.BytesIO(data))
    assert unpacked(tmp_path, out.getvalue(), "x.tar")[0] == {"a.txt": b"1", "a.txt (2)": b"2"}


def test_hidden_files_of_a_system_have_their_reason(tmp_path: Path) -> None:
    read, problems = unpacked(tmp_path, zipped({"__MACOSX/._a": b"x", ".DS_Store": b"y", "./a": b"z"}))  # fmt: skip
    assert read == {"a": b"z"}
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("name", "data", "archive"),
    [
        ("a.zip", zipped({}), True),
        ("a.txt", zipped({"a": b""}), True),
        ("a.docx", zipped({"a": b""}), False),
        ("a.zip", zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), False),
        ("a.bin", zipped({"mimetype": b"application/epub+zip"}), False),
        ("a.zip", zipped({"big": bytes(range(256)) * 500, "mimetype": b"x"}, 0), False),
        ("a.tar", b"not a tar archive" * 100, False),
        ("a.txt", b"", False),
        ("a.gz", b"text", False),
    ],
)
def test_an_archive_is_known_by_its_content(
    tmp_path: Path, name: str, data: bytes, archive: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert archives.is_archive(path, data[: 64 << 10]) is archive


@pytest.mark.parametrize("name", PACKED)
def test_cut_anywhere_it_ends_with_a_problem_or_whole(tmp_path: Path, name: str) -> None:
    data = PACKED[name]
    for tenth in range(1, 10):
        cut = data[: len(data) * tenth // 10]
        path = tmp_path / name
        path.write_bytes(cut)
        if archives.is_archive(path, cut):
            read, _ = unpacked(tmp_path, cut, name)
            assert all(FILES[key] == value for key, value in read.items() if key in FILES)


@settings(max_examples=60, deadline=2000)
@given(
    st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00"]),
    st.binary(max_size=400),
)
def test_random_bytes_behind_each_magic_end_soon(
    tmp_path_factory: pytest.TempPathFactory, magic: bytes, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    path = folder / "x"
    path.write_bytes(magic + noise)
    begun = time.monotonic()
    for member in archives.members(path, folder):
        if member.file is not None:
            member.file.unlink()
    assert time.monotonic() - begun < 2


@settings(max_examples=40, deadline=2000)
@given(st.sampled_from(sorted(PACKED)), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_bytes_changed_anywhere_never_crash(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    data = bytearray(PACKED[name])
    place %= len(data)
    data[place : place + len(noise)] = noise
    path = folder / "x"
    path.write_bytes(bytes(data))
    for member in archives.members(path, folder):
        if member.file is not None:
            member.file.unlink()
