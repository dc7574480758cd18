"""Filling in blanks: candidates against the model asked directly, and what blanks are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.errors import UsageError
from core.families.distilbert import DistilBertConfig
from core.generation import fill
from core.generation.fill import Blank, Candidate, Filler, blanks_in, filled, guess_cells
from core.models.distilbert import Model, initialise
from core.tokenizer.cells import token_bytes
from core.tokenizer.frame import Frame, frame_of
from core.tokenizer.roles import roles_of
from core.tokenizer.train import train_tokenizer

TEXT = "The little cat is red. The old dog was blue, and the cat saw the dog. "
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。"


def raised(vocabulary: int = 300, context: int = 40) -> tuple[Model, Tokenizer, list[bytes], Frame]:
    """A small encoder that knows nothing in particular, but has strong opinions."""
    tokenizer = train_tokenizer([TEXT * 4, JAPANESE * 4], vocabulary)
    roles = roles_of(tokenizer)
    assert roles is not None
    frame = frame_of(tokenizer, roles)
    assert frame is not None
    model = Model(DistilBertConfig(tokenizer.get_vocab_size(), 2, 32, 2, 48, context))
    initialise(model, 1)
    torch.manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    return model.eval(), tokenizer, token_bytes(tokenizer), frame


def chances(model: Model, frame: Frame, tokens: Sequence[int], place: int) -> np.ndarray:
    with torch.no_grad():
        logits = model(torch.tensor([frame.around(tokens)]))[0, place + 1]
    return logits.double().softmax(-1).numpy()


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("The ____ is red", [(4, 8)]),
        ("今日は＿＿です。□□も", [(3, 5), (8, 10)]),
        ("[MASK] and <mask>, __", [(0, 6), (11, 17), (19, 21)]),
        ("nothing_here, a □", [(16, 17)]),
        ("no blank", []),
    ],
)
def test_blanks_are_found_however_they_are_written(text: str, spans: list[tuple[int, int]]) -> None:
    assert blanks_in(text) == spans


def test_one_token_candidates_have_the_probability_that_the_model_gives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fill, "MOST_TOKENS", 1)
    model, tokenizer, pieces, frame = raised()
    (blank,) = Filler(model, tokenizer, pieces, frame).fill("The ____ is red.")
    assert (blank.start, blank.end) == (4, 8)
    before, after = tokenizer.encode("The").ids, tokenizer.encode(" is red.").ids
    asked = chances(model, frame, [*before, frame.mask, *after], len(before))
    # After a space a word brings its space along.
    wanted = {
        pieces[i].decode().strip(): asked[i]
        for i in frame.ordinary
        if pieces[i].startswith(b" ") and pieces[i].strip()
    }
    best = sorted(wanted.items(), key=lambda item: -item[1])[:8]
    assert [c.text for c in blank.candidates] == [text for text, _ in best]
    assert [c.probability for c in blank.candidates] == pytest.approx([p for _, p in best])


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("日", True),
        ("日、言って", False),
        ("。", True),
        ("don't", True),
        ("3.5", True),
        ("gra,", False),
    ],
)
def test_a_word_stands_without_the_marks_beside_it(word: str, one: bool) -> None:
    assert fill.is_one(word) is one


def test_candidates_of_several_tokens_are_whole_characters_with_the_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fill, "_BEAMS", 400)  # Nothing is cut off: all fillings are looked at.
    monkeypatch.setattr(fill, "MOST_TOKENS", 2)
    model, tokenizer, pieces, frame = raised(vocabulary=275)
    text = "名前は＿＿無い"
    (blank,) = Filler(model, tokenizer, pieces, frame).fill(text, top=10_000)
    before, after = tokenizer.encode("名前は").ids, tokenizer.encode("無い").ids
    place = len(before)
    one = chances(model, frame, [*before, frame.mask, *after], place)
    first = chances(model, frame, [*before, frame.mask, frame.mask, *after], place)
    wanted: dict[str, float] = {}
    opens = [i for i in frame.ordinary.tolist() if pieces[i][:1] not in (b" ", b"\n", b"\t")]

    def note(data: bytes, probability: float) -> None:
        try:
            word = data.decode("utf-8").strip()
        except UnicodeDecodeError:
            return
        if word and fill.is_one(word):
            wanted[word] = max(wanted.get(word, 0.0), probability)

    for token in opens:
        note(pieces[token], one[token])
        second = chances(model, frame, [*before, token, frame.mask, *after], place + 1)
        for other in opens:
            note(pieces[token] + pieces[other], first[token] * second[other])
    got = {c.text: c.probability for c in blank.candidates}
    assert all("\ufffd" not in word for word in got)
    best = sorted(wanted.items(), key=lambda item: -item[1])[:30]
    for word, probability in best:
        assert got[word] == pytest.approx(probability, rel=1e-6)
    assert [c.text for c in blank.candidates[:30]] == [word for word, _ in best]
    assert any(len(tokenizer.encode(word).ids) > 1 for word in got)


def test_other_blanks_are_hidden_while_one_is_filled() -> None:
    model, tokenizer, pieces, frame = raised()
    filler = Filler(model, tokenizer, pieces, frame)
    one, two = filler.fill("The ____ is ____.")
    before = [*tokenizer.encode("The").ids, frame.mask, *tokenizer.encode(" is").ids]
    asked = chances(model, frame, [*before, frame.mask, *tokenizer.encode(".").ids], len(before))
    singles = {  # After a space a word brings its space along.
        pieces[i].decode("utf-8", "replace").strip(): asked[i]
        for i in frame.ordinary
        if pieces[i].startswith(b" ")
    }
    known = [c for c in two.candidates if c.text in singles]
    assert known
    assert all(c.probability >= singles[c.text] - 1e-6 for c in known)
    assert len(one.candidates) == len(two.candidates) == fill.CANDIDATES


def test_a_long_text_is_seen_around_its_blank() -> None:
    model, tokenizer, pieces, frame = raised(context=16)
    text = TEXT * 5 + "The ____ is red. " + TEXT * 5
    (blank,) = Filler(model, tokenizer, pieces, frame).fill(text)
    assert blank.candidates
    at_the_end = Filler(model, tokenizer, pieces, frame).fill(TEXT * 5 + "____")
    assert at_the_end[0].candidates
    assert at_the_end[0].candidates[0].probability <= 1


def test_a_text_without_a_blank_or_with_too_many_is_refused() -> None:
    model, tokenizer, pieces, frame = raised()
    filler = Filler(model, tokenizer, pieces, frame)
    with pytest.raises(UsageError, match="no blank"):
        filler.fill("The cat is red")
    with pytest.raises(UsageError, match="65 blanks"):
        filler.fill("____ " * 65)
    assert filler.fill("____ " * 9, stopped=lambda: True) == []


def test_the_likeliest_candidates_are_written_into_the_text() -> None:
    blanks = [
        Blank(4, 8, [Candidate("cat", 0.6), Candidate("dog", 0.2)]),
        Blank(12, 14, [Candidate("red", 0.3)]),
        Blank(15, 18, []),
    ]
    assert filled("The ____ is __ ___", blanks) == "The cat is red ___"


def test_each_word_of_a_text_is_guessed_while_it_alone_is_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fill, "_TOKENS_AT_ONCE", 60)
    model, tokenizer, pieces, frame = raised()
    tokens = tokenizer.encode("The cat は無い。").ids
    cells = guess_cells(model, pieces, frame, tokens)
    assert "".join(cell.text for cell in cells) == "The cat は無い。"
    first = chances(model, frame, [frame.mask, *tokens[1:]], 0)[tokens[0]]
    assert cells[0].probability == pytest.approx(float(first), rel=1e-4)
    whole = list(itertools.chain.from_iterable(cell.alternatives for cell in cells))
    assert whole
    assert all(0 < probability <= 1 for _, probability in whole)
