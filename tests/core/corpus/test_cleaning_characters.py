"""Control characters, misread text and normal forms."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus.cleaning import applied, edits_of
from core.corpus.cleaning import mojibake as misread
from core.corpus.cleaning.traits import Trait, traits
from core.corpus.encoding import read
from core.jobs.kinds import CleaningOptions

DEFAULT = CleaningOptions()
KC = CleaningOptions(unicode="nfkc")


def clean(text: str, options: CleaningOptions = DEFAULT) -> str:
    return applied(text, edits_of(text, options))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("zero\u200bwidth\ufeff \u2060joined", "zerowidth joined"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202dleft\u202c \u2066a\u2069", "left a"),
        ("page\x0cpage\x0bline\u2028line\x85end\r\nx\ry", "page\npage\nline\nline\nend\nx\ny"),
        ("lost \ufffd stays\tand tabs\n", "lost \ufffd stays\tand tabs\n"),
        ("家族👨\u200d👩\u200d👧 ❤\ufe0f", "家族👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db", "ab"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
)
def test_control_characters_go_and_what_means_something_stays(before: str, after: str) -> None:
    assert clean(before) == after


@pytest.mark.parametrize(
    "text", ["schön, naïve café — “so it’s”", "日本語とカナと한국어", "Сегодня"]
)
@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_utf_8_that_was_taken_for_another_encoding_is_put_right(text: str, taken_for: str) -> None:
    wrong = text.encode().decode(taken_for, "ignore")
    if wrong.encode(taken_for) == text.encode():
        assert clean(wrong) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It isnâ€™t â€œtrueâ€\x9d.", "It isn’t “true”."),
        ("Ã©tÃ©", "été"),
        ("ÃƒÂ©tÃƒÂ©", "été"),
        ("æ—¥æœ¬èªž", "日本語"),
        ("縺薙ｓ縺ｫ縺｡縺ｯ", "こんにちは"),
        ("A 縺薙ｓ縺ｫ縺｡縺ｯ B", "A こんにちは B"),
        ("縺薙ｌ縺ｯ繝\ufffd繧ｹ繝\ufffd縺ｧ縺\ufffd", "これは\ufffdス\ufffdで\ufffd"),
    ],
)
def test_known_cases_of_misread_text(before: str, after: str) -> None:
    assert clean(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "Café, naïve, «À», l’été à la mer, Ça và, AÑO",
        "„Ä“, „Ö“ und „Ü“: die Umlaute. „Ärger“",
        "“AMANHÃ” e “NÃO” são palavras.",
        "Ångström±2, 5×10², 20 °C, £5, §3, ©2020, «É»",
        "縺れた糸がほつれ、また縺れる。繧繝縁の畳",
        "ﾊﾝｶｸ ｶﾅ",
        "Cela coûte 5 € à l’œuvre…",
    ],
)
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_no_real_text_is_taken_for_misread(shared_data: Path) -> None:
    changed: list[str] = []
    for path in sorted(shared_data.glob("*-pretrain/**/*"))[::3]:
        found = read(path.read_bytes()) if path.is_file() else None
        if found and (misread.western(found[1]) or misread.japanese(found[1])):
            changed.append(path.name)
    assert changed == []


@pytest.mark.parametrize(
    ("before", "nfc", "nfkc"),
    [
        ("か\u3099き\u3099", "がぎ", "がぎ"),
        ("e\u0301te\u0301", "été", "été"),
        ("ＡＢＣ　１２３！？（注）～", "ＡＢＣ　１２３！？（注）～", "ABC　123！？（注）～"),
        ("ｶﾞｷﾞｸﾞ｡｢ﾊﾟ｣", "ｶﾞｷﾞｸﾞ｡｢ﾊﾟ｣", "ガギグ。「パ」"),
        ("…①㈱½x²㎏", "…①㈱½x²㎏", "…①㈱½x²㎏"),
        ("ﬁne 𝐛𝐨𝐥𝐝", "ﬁne 𝐛𝐨𝐥𝐝", "fine bold"),
        ("\u1112\u1161\u11ab", "한", "한"),
        ("\ufa19", "神", "神"),
    ],
)
def test_normal_forms_change_how_text_is_written_and_not_what_it_says(
    before: str, nfc: str, nfkc: str
) -> None:
    assert clean(before) == nfc
    assert clean(before, KC) == nfkc
    assert clean(before, CleaningOptions(unicode="off")) == before


LETTERS = st.text(
    st.sampled_from("aeかきｶﾞ゙\u0301\u0323\u0327\u3099\u1100\u1161\u11a8가\u0958ậ神𝐀\U0001d15e")
)


@given(LETTERS | st.text())
def test_the_runs_make_up_the_normal_form_of_the_whole(text: str) -> None:
    only = CleaningOptions(control_characters=False, mojibake=False, gutenberg=False,
                           aozora_ruby=False, aozora_notes=False)  # fmt: skip
    assert clean(text, only) == unicodedata.normalize("NFC", text)


@given(st.text(max_size=30))
def test_a_text_without_a_trait_is_none_that_its_pass_changes(text: str) -> None:
    has = traits(text)
    if Trait.COMBINING not in has:
        assert unicodedata.is_normalized("NFC", text)
    if Trait.MISREAD not in has:
        assert misread.western(text) == []
    if Trait.MISREAD_KANA not in has:
        assert misread.japanese(text) == []


def test_traits_are_found_across_the_pieces_that_a_text_is_looked_at_in() -> None:
    filler = "あ" * ((1 << 15) - 1)
    assert Trait.MISREAD in traits(filler + "Ã©")
    assert Trait.CONTROL in traits("a" * 100_000 + "\x00")
    assert traits("") == Trait(0)
