"""Mail becomes documents: subject and what was written, whatever its charset."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.readers import mail
from core.corpus.readers.base import Document, InputFile, NotReadable
from core.corpus.readers.registry import format_of
from tests.core.corpus.given import read_data

HEADERS = b"From: a@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0900\nMIME-Version: 1.0\n"
PLAIN = b"Content-Type: text/plain; charset="


def read(data: bytes, name: str = "a.eml") -> tuple[list[Document], InputFile]:
    return read_data(mail.read, data, name)


def text_of(data: bytes) -> str:
    (document,), _ = read(data)
    return document.text


def message(subject: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "a@example.org", subject, "<1@x>"
    made["Date"] = "Mon, 1 Jan 2024 10:00:00 +0900"
    made.set_content(text)
    return made


def test_a_message_gives_its_subject_and_text() -> None:
    data = message(
        "学校の件について、長い件名をつける" * 3, "本文です。\n> 引用\nまた。\n"
    ).as_bytes()
    (document,), _ = read(data)
    assert document.title == "学校の件について、長い件名をつける" * 3
    assert document.text == f"{document.title}\n\n本文です。\n> 引用\nまた。\n"
    assert mail.looks(data)


@pytest.mark.parametrize(
    ("charset", "encoding", "body"),
    [
        (b"ISO-2022-JP", "iso2022_jp", "お元気ですか。"), (b"Shift_JIS", "cp932", "㈱寺子屋①です。"),
        (b"iso-2022-jp", "iso2022_jp_ext", "半角ｶﾅもあります。"), (b"EUC-JP", "euc_jp", "お元気ですか。"),
        (b"utf-8", "utf-8", "お元気ですか。"), (b"no-such-thing", "utf-8", "お元気ですか。"),
        (b"us-ascii", "utf-8", "お元気ですか。"), (b"iso-8859-1", "latin-1", "Ça va? Très bien."),
        (b"rot13", "utf-8", "お元気ですか。"),
    ],
)  # fmt: skip
def test_charsets_are_decoded_as_they_are_meant(charset: bytes, encoding: str, body: str) -> None:
    data = HEADERS + b"Subject: s\n" + PLAIN + charset + b"\n\n" + body.encode(encoding) + b"\n"
    assert text_of(data) == f"s\n\n{body}\n"


def test_a_subject_in_bytes_without_a_charset_is_read() -> None:
    data = HEADERS + "Subject: こんにちは\n\nbody\n".encode()
    assert text_of(data) == "こんにちは\n\nbody\n"


def test_plain_text_is_preferred_and_attachments_are_counted() -> None:
    made = message("s", "plain words\n")
    made.add_alternative("<p>page words</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment("attached", filename="a.txt")
    (document,), file = read(made.as_bytes())
    assert document.text == "s\n\nplain words\n"
    assert file.warning is not None
    assert file.warning.english() == "attachments left out: 2"


def test_a_page_is_read_as_pages_are() -> None:
    made = message("s", "")
    made.set_content("<p>One <b>bold</b></p><style>p{}</style><p>Two</p>", subtype="html")
    assert text_of(made.as_bytes()) == "s\n\nOne bold\n\nTwo\n"


def test_a_mailbox_gives_each_of_its_messages(tmp_path: Path) -> None:
    mark = b"From a@example.org Mon Jan  1 10:00:00 2024\n"
    parts = [message(f"s{i}", f"text {i}\n\nFrom here on.\n").as_bytes() for i in range(5)]
    data = b"\n".join(mark + part.replace(b"\nFrom here", b"\n>From here") for part in parts)
    assert mail.looks(data)
    documents, file = read(data, "Inbox")
    assert [d.text for d in documents] == [f"s{i}\n\ntext {i}\n\nFrom here on.\n" for i in range(5)]
    assert file.warning is None
    (tmp_path / "Inbox").write_bytes(data)
    assert format_of(tmp_path / "Inbox", data).kind == "Mail"


def test_of_a_message_that_is_too_large_the_beginning_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "LARGEST", 1 << 20)
    monkeypatch.setattr(mail, "_BEGINNING", 1 << 10)
    mark = b"From a@example.org Mon Jan  1 10:00:00 2024\n"
    data = b"\n".join(mark + HEADERS + b"\n" + b"words " * n + b"\n" for n in (1, 200_000, 2))
    documents, file = read(data, "a.mbox")
    assert [len(d.text.split()) < 200 for d in documents] == [True] * 3
    assert [len(documents[0].text.split()), len(documents[2].text.split())] == [1, 2]
    assert file.warning is not None
    assert file.warning.english() == (
        "messages larger than 1 MB, of which only the beginning was read: 1"
    )


@pytest.mark.parametrize(
    "data",
    [
        HEADERS + b"\n", b"Subject: " + b"=?x?b?" * 5000 + b"\n\n",
        HEADERS + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 50,
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
        HEADERS + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n",
        b"X: " + b"a" * 2_000_000,
    ],
    ids=["no body", "broken subject", "empty parts", "deep", "a picture", "long header"],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_mail_without_text_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        read(data)
    assert refused.value.sentence.english() == "no text in the mail"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"Received: by x\nFrom: a\n\nbody", True), (b"Dear Hana,\nFrom: me\n", False),
        (b"From: me\nSubject: a note that I keep\n\nwords", False), (b"", False),
        (b"From here on it was dark: 10:00 in 2024\nand so on", False),
    ],
)  # fmt: skip
def test_notes_that_look_a_little_like_mail_are_none(head: bytes, found: bool) -> None:
    assert mail.looks(head) is found


@given(st.lists(st.sampled_from(
    [b"From a@b Mon Jan  1 10:00:00 2024\n", b"Subject: =?utf-8?q?=E3?=\n", b"\n", b"--b\n", b"--b--\n",
     b"Content-Type: multipart/alternative; boundary=\"b\"\n", b"Content-Type: text/html; charset=x\n",
     b"Content-Transfer-Encoding: base64\n", b"Content-Type: message/rfc822\n", b"words \xff\xe3\n",
     b"Content-Disposition: ;;=\n", b"<p>\n", b">From x\n"]), max_size=25))  # fmt: skip
def test_any_mail_is_read_or_refused(lines: list[bytes]) -> None:
    try:
        documents, _ = read(b"".join(lines))
    except NotReadable:
        return
    assert all(document.text.strip() for document in documents)
