"""Mail: a message (.eml) or many (mbox), each with its subject and what was written.

The standard library takes messages apart; what it does not know of old Japanese mail (letters of
Windows in ISO-2022-JP, charsets without a name) is decoded as files are. Quoted replies stay.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser

from core.corpus import encoding
from core.corpus.readers import html
from core.corpus.readers.base import Document, Edit, InputFile, NotReadable
from core.sentences import N_, Sentence

LARGEST = 64 << 20
"""Bytes of a message; of a larger one, which has a large attachment, the beginning is read."""
_BEGINNING = 16 << 20
_LONGEST_LINE = 1 << 20
_LONGEST_HEADER = 64 << 10
_LONGEST_HEAD = 1 << 20
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_WRITTEN = ("text/plain", "text/html")
_MOST_PARTS = 2_000
_DEEPEST = 50
"""The standard parser asks of every line whether it ends any of the parts that it lies in."""
_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))', re.IGNORECASE)
_BETWEEN_PARTS = re.compile(rb"^--(.{1,202}?)[ \t]*\r?$", re.MULTILINE)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9\-]*):[ \t]")
_SURE = {b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to", b"x-mailer"}
_USUAL = {b"from", b"to", b"date", b"subject", b"cc", b"reply-to"}
_POSTMARK = re.compile(rb"From \S.*\d\d:\d\d.*\d{4}")
_FAULTS = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the standard parser raises on malformed messages."""
_BLANKS = re.compile(r"\s+")
_CHARSETS = {
    "iso-2022-jp": ("iso2022_jp_ext", "iso2022_jp_2004"), "shift_jis": ("cp932",),
    "shift-jis": ("cp932",), "x-sjis": ("cp932",), "gb2312": ("gb18030",), "ks_c_5601-1987": ("cp949",),
    "us-ascii": (), "unknown-8bit": (),
}  # fmt: skip
"""What is meant by a charset, where the standard one is too narrow; () for none."""


def looks(head: bytes) -> bool:
    """A postmark line as mbox has it, or headers of which some no person would write."""
    if _POSTMARK.match(head.split(b"\n", 1)[0]):
        return b"\n" in head and _HEADER.match(head.split(b"\n", 2)[1]) is not None
    names = set[bytes]()
    for line in head[:16384].replace(b"\r\n", b"\n").split(b"\n"):
        if not line:
            break
        found = _HEADER.match(line)
        if found is None and not line.startswith((b" ", b"\t")):
            return False
        if found is not None:
            names.add(found[1].lower())
    return bool(names & _SURE) and bool(names & _USUAL)


def read(file: InputFile) -> Iterator[Document]:
    """A document for each message. Raises NotReadable where none has text."""
    found = left_out = attachments = large = deep = 0
    seen: list[str] = []
    for raw, is_whole in _messages(file):
        large += not is_whole
        if _is_too_deep(raw):
            deep += 1
            continue
        document, attached = _document(raw, seen)
        attachments += attached
        if document is None:
            left_out += 1
        else:
            found += 1
            yield document
    if deep:
        text = N_("Verdicts", "messages whose parts are nested too deeply: {count}")
        file.warn(Sentence("Verdicts", text, {"count": deep}))
    if large:
        text = N_("Verdicts", "messages larger than {megabytes} MB, of which only the beginning was read: {count}")  # fmt: skip
        values = {"count": large, "megabytes": LARGEST >> 20}
        file.warn(Sentence("Verdicts", text, values))
    if not found:
        nothing = Sentence("Verdicts", N_("Verdicts", "no text in the mail"))
        raise NotReadable(file.warning or nothing)
    file.encoding = encoding.public_name(max(seen, key=seen.count)) if seen else "ASCII"
    if left_out:
        text = N_("Verdicts", "messages without text that can be read: {count}")
        file.warn(Sentence("Verdicts", text, {"count": left_out}))
    if attachments:
        text = N_("Verdicts", "attachments left out: {count}")
        file.warn(Sentence("Verdicts", text, {"count": attachments}))


# ---- messages of a file --------------------------------------------------------------------------


def _messages(file: InputFile) -> Iterator[tuple[bytes, bool]]:
    """(bytes, whether they are all) of each message."""
    lines, size, blank, is_mbox = list[bytes](), 0, True, False
    with file.path.open("rb") as stream:
        while line := stream.readline(_LONGEST_LINE):
            if blank and line.startswith(b"From ") and _POSTMARK.match(line):
                if lines:
                    yield b"".join(lines), size <= LARGEST
                lines, size, blank, is_mbox = [], 0, False, True
                continue
            blank = not line.strip()
            if is_mbox and line.startswith(b">From "):
                line = line[1:]
            if size <= LARGEST:
                lines.append(line)
                size += len(line)
                if size > LARGEST:
                    lines = [b"".join(lines)[:_BEGINNING]]
    if lines:
        yield b"".join(lines), size <= LARGEST


def _is_too_deep(raw: bytes) -> bool:
    """Whether parts lie in parts in parts, deeper than in any true mail."""
    names = {found[1] or found[2] for found in _BOUNDARY.finditer(raw)}
    if len(names) <= _DEEPEST:
        return False
    inside: list[bytes] = []
    for found in _BETWEEN_PARTS.finditer(raw):
        name, ends = found[1], False
        if name not in names:
            name, ends = name.removesuffix(b"--"), True
        if name in inside:
            del inside[inside.index(name) + (not ends) :]
        elif name in names and not ends:
            inside.append(name)
            if len(inside) > _DEEPEST:
                return True
    return False


def _document(raw: bytes, seen: list[str]) -> tuple[Document | None, int]:
    """(the message as a text, attachments). `seen` gets its encoding."""
    end = _HEAD_END.search(raw)
    if (end.start() if end else len(raw)) > _LONGEST_HEAD:
        return None, 0
    try:
        message = BytesParser(policy=email.policy.compat32).parsebytes(raw)
        subject = _subject(message)
        text, edits, attached = _body(message, seen)
    except _FAULTS:
        return None, 0
    if not text.strip():
        return None, attached
    before = f"{subject}\n\n" if subject else ""
    shifted = tuple(e._replace(start=e.start + len(before), end=e.end + len(before)) for e in edits)
    return Document(f"{before}{text.rstrip()}\n", subject, edits=shifted), attached


def _subject(message: Message) -> str:
    """Decoded; bytes beyond ASCII that no charset is told for are decoded as files are."""
    named = (value for name, value in message.raw_items() if name.casefold() == "subject")
    value = str(next(named, ""))[:_LONGEST_HEADER]
    parts: list[str] = []
    for part, charset in decode_header(value):
        data = part.encode("ascii", "surrogateescape") if isinstance(part, str) else part
        parts.append(_decoded(data, charset)[0])
    return _BLANKS.sub(" ", "".join(parts)).strip()


# ---- what was written ----------------------------------------------------------------------------


def _body(message: Message, seen: list[str]) -> tuple[str, tuple[Edit, ...], int]:
    """(text, what cleaning may take out of it, attachments). Raises what the standard parser
    raises."""
    texts: list[str] = []
    edits: list[Edit] = []
    attached = length = 0
    for number, part in enumerate(_leaves(message)):
        kind = part.get_content_type()
        if (
            number >= _MOST_PARTS
            or kind not in _WRITTEN
            or part.get_content_disposition() == "attachment"
        ):
            attached += 1
            continue
        payload = part.get_payload(decode=True)
        text, name = _decoded(payload if isinstance(payload, bytes) else b"", _charset(part))
        marked: tuple[Edit, ...] = ()
        if kind == "text/html":
            text, _, marked = html.parsed(text)
        if text.strip():
            seen.append(name)
            texts.append(text.strip("\n"))
            edits += (e._replace(start=e.start + length, end=e.end + length) for e in marked)
            length += len(texts[-1]) + 2
    return "\n\n".join(texts), tuple(edits), attached


def _leaves(part: Message) -> Iterator[Message]:
    """Parts that have no parts; of alternatives the one in plain text, else the last, which is meant
    to be the best. Forwarded messages are attachments."""
    children = part.get_payload()
    if part.get_content_type() == "message/rfc822" or not isinstance(children, list):
        yield part
        return
    parts = [child for child in children if isinstance(child, Message)]
    if part.get_content_type() == "multipart/alternative" and parts:
        plain = (p for p in parts if any(q.get_content_type() == "text/plain" for q in p.walk()))
        parts = [next(plain, parts[-1])]
    for child in parts:
        yield from _leaves(child)


def _charset(part: Message) -> str | None:
    charset = part.get_content_charset()
    return str(charset) if charset else None


def _decoded(data: bytes, charset: str | None) -> tuple[str, str]:
    """(text with "\\n" line ends, encoding): as it is told where that fits, else as it looks."""
    name = (charset or "us-ascii").casefold()
    for candidate in (name, *_CHARSETS.get(name, ())):
        if candidate in _CHARSETS and not _CHARSETS[candidate]:
            continue
        try:
            text, bad = encoding.decode(data, candidate)
        except (LookupError, ValueError):
            continue
        if not bad:
            return _lines(text), candidate
    found = encoding.detect(data) or "latin-1"
    text, _ = encoding.decode(data, found)
    return _lines(text), found


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
