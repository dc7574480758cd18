"""The sample corpus: made again to the byte, varied, true to its questions, and kept when read."""

from __future__ import annotations

import collections
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from core.corpus import duplicates
from core.corpus.language import detect
from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.corpus.split import position
from core.home import Home
from core.jobs.kinds import ReadJob
from resources.sample.composing import BadSchema, Story, read_schema
from resources.sample.generate import ENGLISH, JAPANESE, LANGUAGES, TEXTS, Language, tell, write

CODES = [language.code for language in LANGUAGES]
FILES = sorted(path.name for path in TEXTS.glob("*.jsonl"))
# The 440 kanji of the first three school years (学年別漢字配当表), in the table's order.
KANJI = set(
    "一右雨円王音下火花貝学気九休玉金空月犬見五口校左三山子四糸字耳七車手十出女小上森人水正生青夕石赤千川先早草足村大男"
    "竹中虫町天田土二日入年白八百文木本名目立力林六"
    "引羽雲園遠何科夏家歌画回会海絵外角楽活間丸岩顔汽記帰弓牛魚京強教近兄形計元言原戸古午後語工公広交光考行高黄合谷国黒"
    "今才細作算止市矢姉思紙寺自時室社弱首秋週春書少場色食心新親図数西声星晴切雪船線前組走多太体台地池知茶昼長鳥朝直通弟"
    "店点電刀冬当東答頭同道読内南肉馬売買麦半番父風分聞米歩母方北毎妹万明鳴毛門夜野友用曜来里理話"
    "悪安暗医委意育員院飲運泳駅央横屋温化荷界開階寒感漢館岸起期客究急級宮球去橋業曲局銀区苦具君係軽血決研県庫湖向幸港"
    "号根祭皿仕死使始指歯詩次事持式実写者主守取酒受州拾終習集住重宿所暑助昭消商章勝乗植申身神真深進世整昔全相送想息速族"
    "他打対待代第題炭短談着注柱丁帳調追定庭笛鉄転都度投豆島湯登等動童農波配倍箱畑発反坂板皮悲美鼻筆氷表秒病品負部服福物"
    "平返勉放味命面問役薬由油有遊予羊洋葉陽様落流旅両緑礼列練路和"
)


@pytest.fixture(scope="module", params=LANGUAGES, ids=CODES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture(scope="module")
def told(language: Language) -> list[Story]:
    """All stories of a language, those that stand alone first."""
    alone, asked = tell(language)
    return alone + asked


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TEXTS / name).read_text("utf-8").splitlines()]


# ---- the files -------------------------------------------------------------------------------


def test_making_the_sample_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in TEXTS.iterdir()}


def test_the_sample_has_about_one_megabyte_and_as_many_stories_in_both_languages() -> None:
    size = sum(path.stat().st_size for path in TEXTS.iterdir())
    assert 900_000 <= size <= 1_300_000
    for kind in ("stories", "questions"):
        counts = {code: len(_rows(f"{kind}-{code}.jsonl")) for code in CODES}
        assert len(set(counts.values())) == 1, counts
    asked = sum(len(row["questions"]) for c in CODES for row in _rows(f"questions-{c}.jsonl"))
    assert asked >= 300


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_title_and_a_text_in_its_language(name: str) -> None:
    code = name.removesuffix(".jsonl")[-2:]
    for row in _rows(name):
        assert row["title"].strip() and row["text"].strip()
        assert detect(row["text"]) == code
        assert unicodedata.is_normalized("NFC", row["text"])
        assert not re.search(r"[{}\[\]|*]", row["title"] + row["text"]), row["text"]


def test_no_story_comes_twice() -> None:
    texts = [row["text"].split("\n\n")[0] for name in FILES for row in _rows(name)]
    assert len(set(texts)) == len(texts)


# ---- the language ----------------------------------------------------------------------------


def test_english_sentences_begin_with_capitals_and_articles_fit(told: list[Story]) -> None:
    if told[0].text[0] > "z":
        pytest.skip("Japanese has neither")
    for story in told:
        assert not re.search(r"(^|[a-z]\. )\"?[a-z]", story.text), story.text
        assert not re.search(r"\b[Aa] [aeio]|\b[Aa]n [^aeiouh]", story.text), story.text
        assert not re.search(r"\b(\w+) \1\b(?<!that that)", story.text), story.text
        assert not re.search(r"\s{2}|\s[.,!?]|[.,]{2}", story.text), story.text
        assert story.text.count('"') % 2 == 0, story.text


def test_pronouns_agree_with_the_only_child_of_a_title(told: list[Story]) -> None:
    """In a story that names one child by title, "his" or "her" before the first other name is
    that child's."""
    if told[0].text[0] > "z":
        pytest.skip("Japanese says the names again")
    vocabulary = read_schema(TEXTS.parent / "schemas/en/vocabulary.txt", {}).slots["person"]
    her = {person["name"]: person["his"] for person in vocabulary}
    for story in told:
        found = re.match(r"[^.!?]*?\b(\w+)\b[^.!?]*?\b(his|her)\b", story.text)
        names = [word for word in re.findall(r"\w+", story.text.split(".")[0]) if word in her]
        if found and len(set(names)) == 1:
            assert found[2] == her[names[0]], story.text


def test_japanese_uses_kanji_of_the_first_three_years_and_ends_its_sentences_politely(
    told: list[Story],
) -> None:
    if told[0].text[0] <= "z":
        pytest.skip("for Japanese")
    assert len(KANJI) == 440
    for story in told:
        kanji = {c for c in story.text if "\u4e00" <= c <= "\u9fff"}
        assert kanji <= KANJI, (kanji - KANJI, story.text)
        assert story.text.count("「") == story.text.count("」")
        assert not re.search(r"。。|、。|、、|[a-zA-Z]", story.text), story.text
        spoken = re.sub(r"「[^」]*」", "", story.text)
        for sentence in spoken.rstrip("。").split("。"):
            polite = r"(です|でした|ます|ました|ません|ませんでした|でしょう|もう一度|ところが)$"
            assert re.search(polite, sentence), (sentence, story.text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("聞こえ", "聞え"), ("友だち", "ともだち"), ("二人", "ふたり"), ("子ども", "子供"),
     ("わかり", "分かり"), ("たね", "種"), ("つくえ", "机"), ("わらい", "笑い"), ("うごき", "動き"),
     ("たすけ", "助け"), ("言いました", "いいました"), ("見つけ", "みつけ")],
)  # fmt: skip
def test_japanese_writes_a_word_in_one_way(one: str, other: str) -> None:
    alone, asked = tell(JAPANESE)
    text = "".join(story.text for story in alone + asked)
    assert one in text
    assert other not in text


# ---- variety ---------------------------------------------------------------------------------


def test_names_plots_and_words_are_many_but_the_vocabulary_stays_small(told: list[Story]) -> None:
    assert len({story.kind for story in told}) >= 14
    counts = collections.Counter(story.kind for story in told)
    assert max(counts.values()) == min(counts.values())
    assert len({story.title for story in told}) >= 60
    words = {word for story in told for word in re.findall(r"[a-z']+", story.text.lower())}
    assert not words or 600 <= len(words) <= 1200
    characters = {c for story in told for c in story.text}
    assert len(characters) <= 420


def test_unseen_stories_are_really_unseen(language: Language, told: list[Story]) -> None:
    """Of the stories that the corpus keeps unseen, a fifth of the runs of eight words (a tenth of
    those of sixteen Japanese characters) stand in no seen story, and none is nearly a seen one."""
    hashes = [duplicates.text_hash(duplicates.normalised(story.text)) for story in told]
    unseen = [s for s, h in zip(told, hashes, strict=True) if position(h) < 0.05]
    seen = [s for s, h in zip(told, hashes, strict=True) if position(h) >= 0.05]
    assert len(unseen) >= 20
    known = {run for story in seen for run in _runs(language, story.text)}
    runs = [run for story in unseen for run in _runs(language, story.text)]
    share = sum(run in known for run in runs) / len(runs)
    assert share <= (0.8 if language is ENGLISH else 0.9)
    shingles = [_shingles(story.text) for story in seen]
    for story in unseen:
        own = _shingles(story.text)
        assert max(len(own & other) / len(own | other) for other in shingles) < 0.6, story.text


def _runs(language: Language, text: str) -> list[tuple[str, ...] | str]:
    if language is ENGLISH:
        words = text.split()
        return [tuple(words[i : i + 8]) for i in range(len(words) - 7)]
    return [text[i : i + 16] for i in range(len(text) - 15)]


def _shingles(text: str) -> set[str]:
    return {text[i : i + 16] for i in range(len(text) - 15)}


# ---- questions -------------------------------------------------------------------------------


def test_every_answer_states_a_fact_of_its_story(told: list[Story]) -> None:
    for story in told:
        assert 1 <= len(story.questions) <= 4, story.text
        plain = story.text.casefold()
        for question in story.questions:
            assert question.fact.casefold() in plain, (question, story.text)
            assert question.fact.casefold() in question.answer.casefold()
            assert question.question.endswith(("?", "か。"))
            assert question.answer.endswith((".", "。"))


def test_questions_stand_below_their_story_and_beside_it_as_data(language: Language) -> None:
    for row in _rows(f"questions-{language.code}.jsonl"):
        _, *pairs = row["text"].split("\n\n")
        said = [
            f"{language.question}{pair['question']}\n{language.answer}{pair['answer']}"
            for pair in row["questions"]
        ]
        assert pairs == said


# ---- in the program --------------------------------------------------------------------------


def test_the_corpus_keeps_nearly_every_story_and_shows_its_title(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    manifest = read_corpus_now(home, ReadJob(corpus="sample", paths=[str(TEXTS)]), tmp_path)
    rows = [row for name in FILES for row in _rows(name)]
    totals = manifest.totals
    assert (totals.read, totals.skipped, totals.duplicates) == (4, 0, 0)
    assert totals.documents >= 0.96 * len(rows)  # Some stories are near others.
    assert 0.03 < totals.heldout_documents / totals.documents < 0.08
    assert set(manifest.languages) == {"en", "ja"}
    folder = CorpusLibrary(home).folder("sample")
    from core.corpus.store import Snapshot

    titles = {row["title"] for row in Snapshot(folder, manifest.snapshot).rows(["title"])}
    assert titles <= {row["title"] for row in rows}


# ---- schemas ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@thing bare where\nred ball\n", "1 fields for 2"),
        ("Q Who was it?\nIt was Tom.\n", "an answer"),
        ("<\nIt rained.\n", "not closed"),
        ("It rained.\n>\n", "closes nothing"),
    ],
)
def test_a_schema_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSchema, match=message) as caught:
        read_schema(path, {})
    assert "broken.txt" in str(caught.value)
