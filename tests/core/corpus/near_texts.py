"""Texts that are more or less alike, and plain code that says how much."""

from __future__ import annotations

import random

import numpy as np

from core.corpus.duplicates import SHINGLE, normalised, sketch
from core.corpus.near import similarities

WORDS = [
    f"{a}{b}"
    for a in ("mo", "ka", "ri", "to", "shi", "ne", "lu")
    for b in ("ra", "mi", "son", "k", "e")
]
KANA = (
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
)
KANJI = "日月火水木金土山川田人口手足目耳花草虫魚鳥犬猫車道町村森林空雨雪風音色本文字学校先生"


def prose(seed: int, words: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def japanese(seed: int, characters: int) -> str:
    return "".join(random.Random(seed).choices(KANA + KANJI, k=characters))


def edited(text: str, seed: int, share: float, language: str = "en") -> str:
    """With a share of its words (Japanese: characters) replaced, here and there."""
    rng = random.Random(seed)
    units = list(text) if language == "ja" else text.split()
    others = KANA + KANJI if language == "ja" else WORDS
    for place in rng.sample(range(len(units)), round(len(units) * share)):
        units[place] = rng.choice(others)
    return ("" if language == "ja" else " ").join(units)


def shingles(text: str) -> set[bytes]:
    data = text.encode("utf-8", "surrogatepass")
    return {data[i : i + SHINGLE] for i in range(len(data) - SHINGLE + 1)}


def exact(one: str, two: str) -> float:
    a, b = shingles(normalised(one)), shingles(normalised(two))
    return len(a & b) / max(1, len(a | b))


def estimate(one: str, two: str) -> float:
    tables = [np.stack([sketch(normalised(text))]) for text in (one, two)]
    return float(similarities(*tables)[0])
