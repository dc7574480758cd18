"""Names of the languages that texts are told apart in, for people."""

from __future__ import annotations

from collections.abc import Mapping

from core.sentences import N_, Sentence

_NAMES = {
    "ja": N_("Languages", "Japanese"), "en": N_("Languages", "English"),
    "zh": N_("Languages", "Chinese"), "ko": N_("Languages", "Korean"),
    "de": N_("Languages", "German"), "fr": N_("Languages", "French"),
    "es": N_("Languages", "Spanish"), "it": N_("Languages", "Italian"),
    "pt": N_("Languages", "Portuguese"), "nl": N_("Languages", "Dutch"),
    "la": N_("Languages", "Latin"), "ru": N_("Languages", "Russian"),
    "mixed": N_("Languages", "mixed"), "other": N_("Languages", "other"),
    "code": N_("Languages", "code"),
}  # fmt: skip

CODES = tuple(_NAMES)


def language_name(code: str) -> str | Sentence:
    """What people call the language of a code of core.corpus.language; the code where it has no
    name."""
    return Sentence("Languages", _NAMES[code]) if code in _NAMES else code


def language_shares(languages: Mapping[str, float]) -> str | Sentence:
    """ "Japanese 81 %, English 19 %", in the order given; what is less than a hundredth is left out."""
    told: str | Sentence = ""
    for code, share in reversed([item for item in languages.items() if item[1] >= 0.01]):
        percent = f"{share:.0%}".replace("%", " %")
        one = Sentence(
            "Languages", N_("Languages", "{language} {share}"),
            {"language": language_name(code), "share": percent},
        )  # fmt: skip
        pair = N_("Languages", "{one}, {others}")
        told = Sentence("Languages", pair, {"one": one, "others": told}) if told else one
    return told
