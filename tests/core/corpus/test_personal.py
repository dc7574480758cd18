"""Personal data is masked where its form tells it, and what looks like it stays."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.cleaning import applied, edits_of
from core.corpus.cleaning.check_digits import is_card, is_my_number
from core.jobs.kinds import CleaningOptions, Personal

ALL = CleaningOptions(personal=list(get_args(Personal)))


def mask(text: str, options: CleaningOptions = ALL) -> str:
    return applied(text, edits_of(text, options))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("連絡先はfoo.bar+x@example.co.jpまで。", "連絡先は[mail]まで。"),
        ("ｆｏｏ＠ｅｘａｍｐｌｅ．ｊｐ", "[mail]"),
        ("<a@b.example.com>, c_d@example.org.", "<[mail]>, [mail]."),
        ("電話03-1234-5678、0466-12-3456、011-123-4567", "電話[phone]、[phone]、[phone]"),
        ("０９０－１２３４－５６７８", "[phone]"),
        ("０３ー１２３４ー５６７８", "[phone]"),
        ("(03)1234-5678 03(1234)5678 （０３）１２３４−５６７８", "[phone] [phone] [phone]"),
        ("09012345678 080 1234 5678", "[phone] [phone]"),
        ("0120-123-456 0800-123-4567", "[phone] [phone]"),
        ("TEL: 0312345678", "TEL: [phone]"),
        ("Tel. 020 7946 0958", "Tel. [phone]"),
        ("+81-3-1234-5678 +819012345678", "[phone] [phone]"),
        ("+44 20 7946 0958, +49 (0) 30 123456", "[phone], [phone]"),
        ("+1 (555) 123-4567 555-234-5678 (555) 234-5678", "[phone] [phone] [phone]"),
        ("〒100-0001 東京都千代田区", "[postal] 東京都千代田区"),
        ("〒１００－０００１", "[postal]"),
        ("郵便番号：1000001", "郵便番号：[postal]"),
        ("100-0001 東京都", "[postal] 東京都"),
        ("220-0012神奈川県横浜市", "[postal]神奈川県横浜市"),
        ("Springfield, IL 62704-1234", "Springfield, IL [postal]"),
        ("マイナンバー 1234 5678 9018", "マイナンバー [my_number]"),
        ("123456789018", "[my_number]"),
        ("１２３４５６７８９０１８", "[my_number]"),
        ("4111 1111 1111 1111", "[card]"),
        ("3782-822463-10005 5555555555554444 3530111333300000", "[card] [card] [card]"),
        ("from 203.0.113.77 and 192.168.10.25:8080", "from [ip] and [ip]:8080"),
        ("2001:db8::1 fe80::1ff:fe23:4567:890a", "[ip] [ip]"),
    ],
)
def test_personal_data_is_masked_by_its_kind(before: str, after: str) -> None:
    assert mask(before) == after
    assert mask(after) == after


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02 01-02-2003 2024/01/02 03:04:05 12:34:56",
        "昭和20年8月15日、1945年から1946年、午後3時15分",
        "価格は1,234,567円、¥12,800、$1,999.99、100-200円",
        "ISBN 978-4-00-310101-8 ISBN 0-306-40615-2 ISBN4-00-310101-4",
        "pp. 123-4567, 12-34頁, 第1234-5678号",
        "バージョン1.2.3.4、8.8.8.8、127.0.0.1、version 10.0.1",
        "123-4567は積ではない",
        "std::vector a::b ::1 10:20:30:40",
        "@name git@localhost logo@2x.png @media 3@4",
        "202401311259 20240131125900 1700000000000",
        "123456789012 000000000000 4111111111111112 1234567890123456",
        "x+12345 1+2345678 3.14159265358979 0.0312345678",
        "IN 12345 THE 90210 OR 97201",
        "1-2-3 10-20-30 0-0-0 007",
        "(1234) 5678-9012",
        "図1-2-3456 表03-12",
    ],
)
def test_numbers_that_only_look_like_personal_data_stay(text: str) -> None:
    assert mask(text) == text


def test_only_what_was_chosen_is_masked() -> None:
    text = "a@example.com 03-1234-5678"
    assert mask(text, CleaningOptions(personal=["mail"])) == "[mail] 03-1234-5678"
    assert mask(text, CleaningOptions()) == text


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_makes_a_my_number(digits: str) -> None:
    """Written down from the ordinance, place by place: weights 6 5 4 3 2 7 6 5 4 3 2."""
    rest = sum(int(d) * w for d, w in zip(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
    right = 0 if rest <= 1 else 11 - rest
    fitting = {d for d in range(10) if is_my_number(f"{digits}{d}")}
    assert fitting <= {right}


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("4242424242424242", True),
        ("4242424242424241", False),
        ("2223003122003222", True),
        ("30569309025904", True),
        ("6011111111111117", True),
        ("6200000000000005", True),
        ("9784003101018", False),
        ("0000000000000000", False),
    ],
)
def test_a_card_has_a_brand_and_a_check_digit(digits: str, valid: bool) -> None:
    assert is_card(digits) == valid


@given(st.text("0123456789-+() .@:aＡ０１－〒\n", max_size=60))
def test_masks_are_stable(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Section 17.3.2.26 and §\u00a017.3.2.7; version 10.15.7.1、第10.2.3.14節", None),
        ("host 10.15.7.1", "host [ip]"),
        ("4111 1111 1111 1112", None),
        ("1234 5678 9018", "[my_number]"),
        ("git@github.com:a/b.git, ver@jsarticle.cls, en@quot.header", None),
        ("Tel. 555-0123, 電話 23-4567", "Tel. [phone], 電話 [phone]"),
        ("Tél. 01 23 45 67 89", "Tél. [phone]"),
        ("London SW1A 1AA, Flat B1 2CD", "London [postal], Flat B1 2CD"),
    ],
)
def test_what_only_looks_like_it_stays(before: str, after: str | None) -> None:
    assert mask(before) == (after or before)
