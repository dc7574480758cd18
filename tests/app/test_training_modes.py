"""The four ways to start a training: which settings each shows, and what it asks of the engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.screens.training.modes import MODES, mode_of
from app.screens.training.pupil_choice import pupil_settings
from app.screens.training.screen import TrainingScreen
from app.window import Window
from core.families.registry import FAMILIES
from core.families.shape import Shape
from core.jobs.kinds import TrainJob
from core.lessons import LessonBook
from core.planning.presets import preset_settings
from core.versions.library import VersionLibrary
from tests.app.support import press, shown, spoken_name, until


def planned(qtbot: QtBot, window: Window, mode: str = "") -> TrainingScreen:
    """The training tab, its plan made for the way to start that is pressed."""
    window.go("training")
    screen = window.screen_named("training")
    assert isinstance(screen, TrainingScreen)
    if mode:
        card = screen.form.start.cards[mode]  # type: ignore[index]
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    settle(qtbot, screen)
    return screen


def settle(qtbot: QtBot, screen: TrainingScreen) -> None:
    until(qtbot, lambda: not screen.form._timer.isActive())


def pick(qtbot: QtBot, box: QComboBox, data: str) -> None:
    index = box.findData(data)
    assert index >= 0, data
    box.setCurrentIndex(index)
    box.activated.emit(index)


@pytest.fixture
def submitted(window: Window, monkeypatch: pytest.MonkeyPatch) -> list[TrainJob]:
    """What the window would have started."""
    jobs: list[TrainJob] = []

    def submit(kind: str, config: TrainJob, title: str) -> str:
        jobs.append(config)
        return "none"

    monkeypatch.setattr(window.context.bridge, "submit", submit)
    return jobs


_CONTROLS = {
    "Family", "Size", "Model size", "Version to start from", "Teacher", "Size of the pupil",
    "Do not forget: 10 % of its old text",
}  # fmt: skip
_OF_MODE = {
    "new": {"Family", "Size", "Model size"},
    "continue": {"Version to start from", "Do not forget: 10 % of its old text"},
    "specialise": {"Version to start from", "Do not forget: 10 % of its old text"},
    "distil": {"Teacher", "Size of the pupil"},
}


@pytest.mark.parametrize("mode", MODES)
def test_each_way_to_start_shows_only_the_settings_that_apply(
    qtbot: QtBot, window: Window, mode: str
) -> None:
    screen = planned(qtbot, window, mode)
    form = screen.form
    assert form.plan() is not None
    names = {spoken_name(w) for kind in (QComboBox, QLineEdit, QAbstractButton) for w in shown(form, kind)}  # fmt: skip
    assert names & _CONTROLS == _OF_MODE[mode]
    assert form.learn.learnt.isVisible() == (mode == "specialise")
    expert = set(form._expert.shown_names())
    assert ("layers" in expert) == (mode in ("new", "distil"))
    assert ("replay_share" in expert) == (mode in ("continue", "specialise"))
    assert ("temperature" in expert) == (mode == "distil")
    assert not {"lora_rank", "beta", "chat_template", "mask_share"} & expert


def test_lora_brings_its_settings_and_keeps_what_was_typed_there(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    screen = planned(qtbot, window, "specialise")
    form = screen.form
    press(qtbot, form, "LoRA")
    settle(qtbot, screen)
    assert {"lora_rank", "dora", "base_precision"} <= set(form._expert.shown_names())
    assert "optimiser" not in form._expert.shown_names()  # LoRA has its own.
    form._expert.set_values({"lora_rank": 4})
    press(qtbot, form, "Do not forget: 10 % of its old text")
    press(qtbot, form, "Start training")
    (job,) = submitted
    assert (job.recipe.method, job.recipe.lora_rank, job.recipe.replay_share) == ("lora", 4, 0.1)
    assert job.parent == VersionLibrary(window.context.home).get("Kiku").id
    form.set_name("Another")
    qtbot.mouseClick(form.start.cards["continue"], Qt.MouseButton.LeftButton)
    settle(qtbot, screen)
    assert form.name() == "Another"
    press(qtbot, form, "Start training")
    assert submitted[1].recipe.method == "full"
    assert submitted[1].recipe.lora_rank == 16  # What does not apply is not handed on.
    qtbot.mouseClick(form.start.cards["specialise"], Qt.MouseButton.LeftButton)
    assert form._expert.field("lora_rank").value() == 4


def test_what_the_corpus_does_not_hold_cannot_be_learnt_and_the_reason_is_said(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    screen = planned(qtbot, window, "specialise")
    learn = screen.form.learn
    assert [learn.learnt.button(i).isEnabled() for i in range(3)] == [True, False, False]
    assert any("no conversations" in label.text() for label in shown(learn, QLabel))
    corpora = window.context.corpora.list()
    totals = corpora[0].totals.model_copy(update={"conversations": 12, "pairs": 3})
    screen.form.show_choices(
        [corpora[0].model_copy(update={"totals": totals})], window.context.versions.list()
    )
    settle(qtbot, screen)
    press(qtbot, learn, "Chats")
    assert any("12 conversations" in label.text() for label in shown(learn, QLabel))
    settle(qtbot, screen)
    assert "chat_template" in screen.form._expert.shown_names()
    until(qtbot, learn._template.isVisible)  # The library worker rendered it.
    assert "ChatML" in learn._template.text()
    assert "How are you?" in learn._template.text()
    learnt = "".join(re.findall("<b>(.*?)</b>", learn._template.text()))
    assert "I am well." in learnt
    assert "How are you?" not in learnt
    press(qtbot, screen.form, "Start training")
    press(qtbot, learn, "Preferences")
    settle(qtbot, screen)
    assert {"preference_loss", "beta"} <= set(screen.form._expert.shown_names())
    press(qtbot, screen.form, "Start training")
    assert [job.recipe.objective for job in submitted] == ["chat", "preference"]
    screen.form.show_choices(corpora, window.context.versions.list())
    assert learn.objective() == "causal"  # Nothing of the kind is there any more,


def test_lessons_of_the_version_are_offered_and_can_be_left_out(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    kiku = VersionLibrary(window.context.home).get("Kiku")
    asked = [{"role": "user", "content": "Who came?"}]
    LessonBook(window.context.home).correct(kiku.id, asked, "A bat.", "A cat.")
    screen = planned(qtbot, window, "specialise")
    learn = screen.form.learn
    press(qtbot, learn, "Chats")
    settle(qtbot, screen)
    press(qtbot, screen.form, "Start training")
    assert submitted[0].lessons == [kiku.id]
    press(qtbot, learn, "1 lesson from the chat")
    settle(qtbot, screen)
    press(qtbot, screen.form, "Start training")
    assert len(submitted) == 1
    assert "nothing to learn from" in learn._error.text()


def test_training_with_the_lessons_alone_needs_no_other_text(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    """What the chat tab's button asks for: the lessons are read as a text of their own."""
    home = window.context.home
    kiku = VersionLibrary(home).get("Kiku")
    asked = [{"role": "user", "content": "Who came?"}]
    LessonBook(home).correct(kiku.id, asked, "A bat.", "A cat.")
    LessonBook(home).vote(kiku.id, [*asked, {"role": "user", "content": "Well?"}], "Yes.", 1)
    window.context.navigator.go(
        "training", **{"from": kiku.id, "mode": "specialise", "lessons": True}
    )
    screen = planned(qtbot, window)
    form, learn = screen.form, screen.form.learn
    until(qtbot, lambda: form.corpus_name() == "Lessons of Kiku")
    settle(qtbot, screen)
    assert learn.objective() == "chat"
    assert any("from 2 conversations;" in label.text() for label in shown(learn, QLabel))
    press(qtbot, form, "Start training")
    (job,) = submitted
    manifest = window.context.corpora.get("Lessons of Kiku")
    assert (job.corpus, job.snapshot) == (manifest.name, manifest.snapshot)
    assert (job.parent, job.lessons, job.recipe.objective) == (kiku.id, [kiku.id], "chat")
    assert (job.recipe.epochs, job.recipe.minutes) == (20, None)  # As at the command line.
    assert (manifest.totals.pairs, manifest.totals.conversations) == (1, 1)
    assert manifest.totals.heldout_documents == 0
    # Another lesson, and once more: the same text, read again.
    LessonBook(home).vote(kiku.id, asked, "A cow.", 1)
    window.context.navigator.go(
        "training", **{"from": kiku.id, "mode": "specialise", "lessons": True}
    )
    until(qtbot, lambda: window.context.corpora.get("Lessons of Kiku").totals.documents == 3)
    assert len(window.context.corpora.list()) == 2


def test_without_a_lesson_the_form_says_where_they_come_from(qtbot: QtBot, window: Window) -> None:
    kiku = VersionLibrary(window.context.home).get("Kiku")
    window.context.navigator.go(
        "training", **{"from": kiku.id, "mode": "specialise", "lessons": True}
    )
    screen = window.screen_named("training")
    assert isinstance(screen, TrainingScreen)
    said = "There are no lessons from chats with “Kiku” yet: correct one of its answers"
    until(qtbot, lambda: any(said in label.text() for label in shown(screen.form, QLabel)))


def test_a_pupil_follows_its_teacher_in_all_but_its_size(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    screen = planned(qtbot, window, "distil")
    form = screen.form
    plan = form.plan()
    teacher = VersionLibrary(window.context.home).get("Kiku")
    kept = teacher.manifest.decisions["plan"]
    assert plan is not None
    assert (plan.vocabulary, plan.context) == (kept["vocabulary"], kept["context"])
    press(qtbot, form, "Start training")
    assert (submitted[0].teacher, submitted[0].parent) == (teacher.id, None)
    assert submitted[0].recipe.objective == "distil"
    assert submitted[0].recipe.layers is None  # Half is what the app takes by itself.
    form.pupil.share.field.setText("400")
    form.pupil.share.field.editingFinished.emit()
    settle(qtbot, screen)
    assert form.plan() is None
    assert form.pupil.share.error() == "From 5 to 100."


def test_the_pupils_share_is_one_of_layers_where_the_teacher_has_several() -> None:
    deep, flat = (Shape(n, 64, 2, 2, 32, 128, True) for n in (12, 1))
    assert pupil_settings(deep, 1000, 50) == {}
    assert pupil_settings(deep, 1000, 25) == {"layers": 3}
    assert pupil_settings(deep, 1000, 5) == {"layers": 1}
    assert pupil_settings(flat, 1000, 25) == {"parameters": 250}


# ---- families and presets --------------------------------------------------------------------


def test_every_family_stands_under_its_heading_and_gpt_4_is_told_but_not_chosen(
    qtbot: QtBot, window: Window
) -> None:
    box = planned(qtbot, window).form.model.family.combo
    rows = [(box.itemText(i), box.itemData(i)) for i in range(box.count())]
    assert {key for _, key in rows if key} == set(FAMILIES)
    headings = [text for text, key in rows if not key]
    assert headings == ["Modern", "Historic", "GPT-4 (unpublished)", "Fill in blanks", "Sparse experts"]  # fmt: skip
    order = [key or text for text, key in rows]
    assert order.index("gpt1") < order.index("gpt2") < order.index("gpt3")
    assert order.index("gpt3") + 1 == order.index("GPT-4 (unpublished)")
    assert order.index("Fill in blanks") < order.index("bert") < order.index("mixtral")
    for index, (_, key) in enumerate(rows):
        item = box.model().index(index, 0)
        assert bool(item.flags() & Qt.ItemFlag.ItemIsSelectable) == bool(key)
    assert "OpenAI 2023" in box.itemData(order.index("GPT-4 (unpublished)"), Qt.ItemDataRole.ToolTipRole)  # fmt: skip


def test_every_family_can_be_planned_and_its_settings_follow(
    qtbot: QtBot, window: Window, submitted: list[TrainJob]
) -> None:
    screen = planned(qtbot, window, "new")
    for key, family in FAMILIES.items():
        pick(qtbot, screen.form.model.family.combo, key)
        settle(qtbot, screen)
        plan = screen.form.plan()
        assert plan is not None, key
        assert plan.family == key
        encoder = family.kind == "encoder"
        assert ("mask_share" in screen.form._expert.shown_names()) == encoder
        press(qtbot, screen.form, "Start training")
        recipe = submitted[-1].recipe
        assert (recipe.family, recipe.objective) == (key, "masked" if encoder else "causal")


def test_a_preset_fills_in_the_expert_settings_and_the_dial_takes_them_back(
    qtbot: QtBot, window: Window
) -> None:
    screen = planned(qtbot, window, "new")
    form = screen.form
    pick(qtbot, form.model.family.combo, "gpt2")
    before = form._expert.values()
    pick(qtbot, form.model.preset, "gpt2-school")
    settle(qtbot, screen)
    wanted = preset_settings("gpt2-school")
    values = form._expert.values()
    assert {n: values[n] for n in ("layers", "width", "head_size", "context")} == {
        n: wanted[n] for n in ("layers", "width", "head_size", "context")
    }
    assert not form.model.dial.isVisible()
    plan = form.plan()
    assert plan is not None
    assert (plan.layers, plan.width, plan.context) == (4, 128, 128)
    form._expert.set_values({"layers": 3})  # By hand.
    pick(qtbot, form.model.preset, "")
    settle(qtbot, screen)
    assert form._expert.values() == before | {"layers": 3}
    assert form.model.dial.isVisible()


def test_a_size_that_no_such_computer_trains_is_planned_honestly(
    qtbot: QtBot, window: Window
) -> None:
    screen = planned(qtbot, window, "new")
    form = screen.form
    pick(qtbot, form.model.family.combo, "gpt3")
    pick(qtbot, form.model.preset, "gpt3-175b")
    form._expert.set_values(
        {"vocabulary": None, "context": 64}
    )  # The corpus is too small for these.
    form._refresh()
    settle(qtbot, screen)
    plan = form.plan()
    assert plan is not None
    assert plan.parameters > 170e9
    assert plan.over_memory
    press(qtbot, form.plan_card, "Choose a size that fits")
    plan = form.plan()
    assert plan is not None
    assert not plan.over_memory
    assert form.model.preset_key() == ""


# ---- what a run was --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "mode"),
    [
        ({"recipe": {}}, "new"),
        ({"recipe": {"objective": "masked", "family": "bert"}}, "new"),
        ({"recipe": {}, "parent": "a"}, "continue"),
        ({"recipe": {"objective": "masked"}, "parent": "a"}, "continue"),
        ({"recipe": {"replay_share": 0.1}, "parent": "a"}, "specialise"),
        ({"recipe": {"method": "lora"}, "parent": "a"}, "specialise"),
        ({"recipe": {"objective": "chat"}, "parent": "a"}, "specialise"),
        ({"recipe": {}, "parent": "a", "lessons": ["a"]}, "specialise"),
        ({"recipe": {"objective": "distil"}, "teacher": "a"}, "distil"),
    ],
)
def test_the_way_a_run_was_started_is_known_from_its_configuration(
    config: dict[str, Any], mode: str
) -> None:
    assert mode_of(config) == mode


def test_another_screen_can_lead_to_each_way_with_its_version(qtbot: QtBot, window: Window) -> None:
    kiku = VersionLibrary(window.context.home).get("Kiku")
    for mode in ("continue", "specialise", "distil"):
        window.context.navigator.go("training", **{"from": kiku.id, "mode": mode})
        screen = planned(qtbot, window)
        assert screen.form.mode() == mode
        wanted = screen.form.wanted()
        found = wanted.teacher if mode == "distil" else wanted.parent
        assert found is not None
        assert found.id == kiku.id
