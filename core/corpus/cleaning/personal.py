"""Personal data that has a form: it is replaced by its kind in brackets, "[mail]", so that the sentence
around it stays one, and a model learns that something stood there. Names have no form.

Where a form alone says little (a phone number without hyphens, a postal code), a word beside it must
say what it is: dates, prices, ISBNs, pages and versions have the same digits.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence

from core.corpus.cleaning.check_digits import is_card, is_my_number
from core.corpus.cleaning.edits import merged
from core.corpus.readers.base import Edit
from core.jobs.kinds import Personal

_Span = tuple[int, int]

_WIDE = (*range(0xFF10, 0xFF1B), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_SIGNS = dict(zip("（）＋．＠＿－‐‑‒–—―−ー　", "()+.@_--------- ", strict=True))
_USUAL = str.maketrans({chr(wide): chr(wide - 0xFEE0) for wide in _WIDE} | _SIGNS)

_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?!git@)[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"(?!(?:png|jpe?g|gif|svg|webp|css|js|json|cls|sty|header)\b)[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_NOT_BEFORE, _NOT_AFTER = r"(?<![A-Za-z0-9.,/_-])", r"(?![A-Za-z0-9_]|[-./,]\d)"
_JAPANESE_PHONE = re.compile(
    _NOT_BEFORE
    + r"(?:0[1-9]\d{0,3}-\d{1,4}-\d{3,4}|\(0[1-9]\d{0,3}\) ?\d{1,4}-\d{4}|0[1-9]\d{0,3}\(\d{1,4}\)\d{4}"
    r"|0[5789]0[- ]?\d{4}[- ]?\d{4})" + _NOT_AFTER
)
_INTERNATIONAL_PHONE = re.compile(
    r"(?<![A-Za-z0-9.,/_)+-])\+[1-9]\d{0,2}(?:[ .-]?\(\d{1,4}\)|[ .-]?\d{1,4}){1,5}[ .-]?\d{2,4}"
    + _NOT_AFTER
)
_AMERICAN_PHONE = re.compile(
    _NOT_BEFORE + r"(?:1[-. ])?(?:\([1-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}" + _NOT_AFTER
)
_NAMED_PHONE = re.compile(
    r"(?:(?<![A-Za-z\[])(?:t[eé]l|fax|phone|mobile|call)|電話|携帯|ファックス|ﾌｧｯｸｽ|☎|℡)[^\d\n()+]{0,10}"
    r"([+(]?\d(?:[ ().-]{0,2}\d){5,14})" + _NOT_AFTER,
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(r"\d{2,4}-\d{4}")
_POSTAL = re.compile(
    r"〒 ?\d{3}-?\d{4}(?!\d)|郵便番号[:： ]{0,3}(\d{3}-?\d{4})(?!\d)|"
    + _NOT_BEFORE
    + r"(\d{3}-\d{4})(?=[ \n]{0,3}(?:北海道|東京都|京都府|大阪府|[一-龠]{2,3}県))"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|"
    "NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_ZIP = re.compile(rf"(?<=[A-Za-z], )(?:{_STATES}) {{1,2}}(\d{{5}}(?:-\d{{4}})?){_NOT_AFTER}")
_POSTCODE = re.compile(r"(?<=[A-Za-z,] )[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])")
_TWELVE = re.compile(
    _NOT_BEFORE + r"(?<!\d{4} )(?:\d{12}|\d{4}([ -])\d{4}\1\d{4}(?! \d{4}))" + _NOT_AFTER
)
_CARD = re.compile(
    _NOT_BEFORE
    + r"(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5})"
    + _NOT_AFTER
)
_IP_4 = re.compile(r"(?<![A-Za-z0-9._-])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_-]|\.\d)")
_NUMBERED = re.compile(
    r"(?:§+|sections?|sec\.|clauses?|chapters?|parts?|figures?|versions?|ver\.|release|第|節|章|版|バージョン) ?$",
    re.IGNORECASE,
)
_LONGEST_NUMBERED = 12
_IP_6 = re.compile(r"(?<![A-Za-z0-9:.])[0-9A-Fa-f]{3,4}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4}(?![A-Za-z0-9:])")  # fmt: skip


def edits(text: str, kinds: Sequence[Personal]) -> list[Edit]:
    """Masks the `kinds`; the reasons are "personal_mail" and so on."""
    plain = text.translate(_USUAL)  # Each character has its place in both.
    found = [
        Edit(start, end, f"personal_{kind}", f"[{kind}]")
        for kind in kinds
        for start, end in _FINDERS[kind](plain)
    ]
    return merged(found)


def _mails(text: str) -> Iterator[_Span]:
    return (match.span() for match in _MAIL.finditer(text)) if "@" in text else iter(())


def _phones(text: str) -> Iterator[_Span]:
    for match in _JAPANESE_PHONE.finditer(text):
        if _digits(match.group()) in (10, 11):
            yield match.span()
    for match in _INTERNATIONAL_PHONE.finditer(text):
        number = match.group()
        while _digits(number) > 15 and " " in number:  # Another number follows.
            number = number.rpartition(" ")[0]
        if 9 <= _digits(number) <= 15:
            yield match.start(), match.start() + len(number)
    for match in _AMERICAN_PHONE.finditer(text):
        yield match.span()
    for match in _NAMED_PHONE.finditer(text):
        if 9 <= _digits(match[1]) <= 15 or _LOCAL_PHONE.fullmatch(match[1]):
            yield match.span(1)


def _postals(text: str) -> Iterator[_Span]:
    for match in _POSTAL.finditer(text):
        yield match.span(match.lastindex or 0)
    for match in _ZIP.finditer(text):
        yield match.span(1)
    for match in _POSTCODE.finditer(text):
        yield match.span()


def _my_numbers(text: str) -> Iterator[_Span]:
    for match in _TWELVE.finditer(text):
        if is_my_number(re.sub(r"\D", "", match.group())):
            yield match.span()


def _cards(text: str) -> Iterator[_Span]:
    for match in _CARD.finditer(text):
        if is_card(re.sub(r"\D", "", match.group())):
            yield match.span()


def _addresses(text: str) -> Iterator[_Span]:
    """Those of one machine: no loopback, no mask, no version of four digits, and no section's number."""
    for match in _IP_4.finditer(text):
        parts = [int(part) for part in match.group().split(".")]
        before = text[max(0, match.start() - _LONGEST_NUMBERED) : match.start()].replace(
            "\xa0", " "
        )
        if (
            max(parts) < 256
            and parts[0] not in (0, 127, 255)
            and max(parts) > 9
            and not _NUMBERED.search(before)
        ):
            yield match.span()
    for match in _IP_6.finditer(text):
        try:
            ipaddress.IPv6Address(match.group())
        except ValueError:
            continue
        yield match.span()


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


_FINDERS: dict[Personal, Callable[[str], Iterator[_Span]]] = {
    "mail": _mails, "phone": _phones, "postal": _postals, "my_number": _my_numbers, "card": _cards,
    "ip": _addresses,
}  # fmt: skip
