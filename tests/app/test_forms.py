"""Forms are derived from a configuration's declaration, and put an error at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.forms.form import ConfigForm
from app.forms.numbers import parse_number, show_number
from app.forms.units import UNITS
from app.theme.manager import ThemeManager
from core.config import Config, build, setting, settings_of
from core.errors import UsageError
from core.recipe import Recipe


class Oven(Config):
    """A configuration with every kind of setting."""

    degrees: int = setting(
        180, label="Heat", help="How hot.", unit="steps", group="A", ge=50, le=300
    )
    hours: float | None = setting(None, label="Time", help="How long.", group="B", ge=0.1)
    fan: bool = setting(False, label="Fan", help="Moves the air.", group="A", advanced=False)
    light: bool | None = setting(None, label="Light", help="Shines.", group="B")
    shelf: Literal["top", "middle"] = setting(
        "middle", label="Shelf", help="Where.", group="A", choices=("Top", "Middle")
    )
    note: str = setting("", label="Note", help="Words.", group="B")
    hidden: int = 3


@pytest.fixture
def form(qtbot: QtBot, theme: ThemeManager) -> ConfigForm:
    made = ConfigForm(Oven)
    qtbot.addWidget(made)
    theme.adopt(made)
    return made


def type_into(qtbot: QtBot, form: ConfigForm, name: str, text: str) -> None:
    """Keys for ASCII; other text is committed as an input method does."""
    field = form.field(name)
    field.clear()
    if text.isascii():
        qtbot.keyClicks(field, text)
        return
    event = QInputMethodEvent()
    event.setCommitString(text)
    QCoreApplication.sendEvent(field, event)


# ---- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,024", 1024), ("２０４８", 2048), ("25M", 25_000_000), ("6万", 60_000), ("1.5k", 1500),
        ("1e3", 1000), ("−5", -5), (" 7 ", 7), ("0.5", None), ("x", None), ("", None), ("1e999", None),
    ],
)  # fmt: skip
def test_whole_numbers_are_read_as_people_type_them(text: str, value: int | None) -> None:
    assert parse_number(text, whole=True) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("2.3e-4", 0.00023), ("０．６", 0.6), ("nan", None), ("inf", None), ("1億", 1e8)],
)
def test_fractions_are_read_as_people_type_them(text: str, value: float | None) -> None:
    assert parse_number(text, whole=False) == value


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_shown_number_reads_back_as_the_same_number(number: int | float) -> None:
    assert parse_number(show_number(number), whole=isinstance(number, int)) == number


# ---- values ----------------------------------------------------------------------------------


def test_a_fresh_form_holds_the_defaults_of_the_declared_settings(form: ConfigForm) -> None:
    assert build(Oven, form.values()) == Oven()
    assert "hidden" not in form.names()
    assert form.non_default() == []


def test_fields_stand_in_the_order_of_their_groups(form: ConfigForm) -> None:
    assert form.names() == ["degrees", "fan", "shelf", "hours", "light", "note"]


def test_what_the_user_enters_comes_back_as_values_of_its_kind(
    qtbot: QtBot, form: ConfigForm
) -> None:
    type_into(qtbot, form, "degrees", "２００")
    type_into(qtbot, form, "hours", "1.5")
    type_into(qtbot, form, "note", "かりっと")
    form.field("fan").click()
    values = form.values()
    assert build(Oven, values) == Oven(degrees=200, hours=1.5, note="かりっと", fan=True)
    assert isinstance(values["degrees"], int)
    assert sorted(form.non_default()) == ["degrees", "fan", "hours", "note"]


def test_an_emptied_field_is_left_to_the_app_or_falls_back_to_its_default(
    qtbot: QtBot, form: ConfigForm
) -> None:
    form.set_values({"hours": 2.0, "degrees": 90})
    form.field("hours").clear()
    form.field("degrees").clear()
    assert form.values()["hours"] is None
    assert form.values()["degrees"] == 180
    assert form.field("degrees").placeholderText() == "180"


def test_setting_values_emits_nothing_and_editing_emits_changed(
    qtbot: QtBot, form: ConfigForm
) -> None:
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"degrees": 100, "light": True, "fan": True, "shelf": "top", "note": "x"})
    assert form.values()["light"] is True
    assert form.values()["shelf"] == "top"
    with qtbot.waitSignal(form.changed):
        qtbot.keyClicks(form.field("degrees"), "1")
    with qtbot.waitSignal(form.changed):
        form.reset()
    assert form.values()["note"] == ""


def test_a_form_shows_only_the_settings_it_is_asked_for(qtbot: QtBot, theme: ThemeManager) -> None:
    form = ConfigForm(Oven, include=lambda found: not found.advanced)
    qtbot.addWidget(form)
    theme.adopt(form)
    assert form.names() == ["fan"]


def test_settings_that_mean_nothing_now_are_hidden_with_their_heading_and_keep_their_values(
    qtbot: QtBot, form: ConfigForm
) -> None:
    form.show()
    qtbot.waitExposed(form)
    everything = form.names()
    kept = everything[-1]
    before = form.values()
    form.show_only([kept])
    assert form.shown_names() == [kept]
    assert [name for name in everything if form.field(name).isVisible()] == [kept]
    headings = [x for x in form.findChildren(QLabel) if x.property("role") == "head"]
    assert sum(label.isVisible() for label in headings) <= 1
    assert form.values() == before
    hidden = next(name for name in everything if name != kept)
    assert not form.set_error(hidden, "This is said nowhere.")
    form.show_only(everything)
    assert form.shown_names() == everything
    assert all(form.field(name).isVisible() for name in everything)


def test_what_the_app_would_choose_stands_in_the_empty_field(form: ConfigForm) -> None:
    form.show_decisions({"hours": 0.25, "light": True, "degrees": 7})
    assert form.field("hours").placeholderText() == "auto 0.25"
    assert form.field("light").currentText() == "auto yes"
    assert form.values()["hours"] is None
    assert form.values()["degrees"] == 180


# ---- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("degrees", "301", "From 50 to 300."),
        ("degrees", "49", "From 50 to 300."),
        ("degrees", "hot", "This is not a whole number."),
        ("hours", "0", "At least 0.1."),
        ("hours", "long", "This is not a number."),
    ],
)
def test_a_bad_entry_is_told_at_its_field_once_the_field_is_left(
    qtbot: QtBot, form: ConfigForm, name: str, text: str, sentence: str
) -> None:
    type_into(qtbot, form, name, text)
    assert form.error(name) == ""
    qtbot.keyClick(form.field(name), Qt.Key.Key_Return)
    assert form.error(name) == sentence
    assert form.problems() == {name: sentence}
    assert form.field(name).property("invalid") == "true"
    assert sentence in form.field(name).accessibleDescription()


def test_a_bad_entry_is_refused_by_name_when_the_configuration_is_built(
    qtbot: QtBot, form: ConfigForm
) -> None:
    type_into(qtbot, form, "degrees", "hot")
    with pytest.raises(UsageError) as caught:
        build(Oven, form.values())
    assert caught.value.field == "degrees"


def test_mending_a_bad_entry_takes_its_error_away_at_once(qtbot: QtBot, form: ConfigForm) -> None:
    type_into(qtbot, form, "degrees", "9")
    assert not form.check()
    qtbot.keyClicks(form.field("degrees"), "9")
    assert form.error("degrees") == ""
    assert form.check()


def test_an_error_from_outside_stands_at_its_field_until_it_is_edited(
    qtbot: QtBot, form: ConfigForm
) -> None:
    assert form.set_error("hours", "Not with the fan on.")
    assert not form.set_error("nothing", "…")
    form.check()
    assert form.error("hours") == "Not with the fan on."
    qtbot.keyClicks(form.field("hours"), "1")
    assert form.error("hours") == ""


def test_the_first_faulty_field_gets_the_focus(qtbot: QtBot, form: ConfigForm) -> None:
    form.show()
    form.field("hours").setText("-1")
    form.field("degrees").setText("1")
    assert not form.check()
    assert form.focusWidget() is form.field("degrees")


def test_a_locked_form_can_be_read_but_not_changed(form: ConfigForm) -> None:
    form.set_locked(True)
    assert not any(form.field(name).isEnabled() for name in form.names())
    form.set_locked(False)
    assert all(form.field(name).isEnabled() for name in form.names())


def test_scrolling_over_a_choice_does_not_change_it(form: ConfigForm) -> None:
    choice = form.field("shelf")
    before = choice.value()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QCoreApplication.sendEvent(choice, wheel)
    assert choice.value() == before


# ---- the recipe's form -----------------------------------------------------------------------


def test_the_recipe_survives_its_form(qtbot: QtBot, theme: ThemeManager) -> None:
    form = ConfigForm(Recipe)
    qtbot.addWidget(form)
    theme.adopt(form)
    recipe = Recipe(
        minutes=2.5, layers=3, learning_rate=2.3e-4, optimiser="adamw", tied_embeddings=False,
        seed=2**31 - 1, keep_best=False, prompt="先生は",
    )  # fmt: skip
    form.set_values(recipe.model_dump())
    assert build(Recipe, form.values()) == recipe


def test_every_field_of_the_recipe_has_a_name_and_a_help_for_screen_readers(
    qtbot: QtBot, theme: ThemeManager
) -> None:
    form = ConfigForm(Recipe)
    qtbot.addWidget(form)
    theme.adopt(form)
    for found in settings_of(Recipe):
        field = form.field(found.name)
        assert found.label in field.accessibleName()
        assert found.help in field.accessibleDescription()
        assert found.help in field.toolTip()
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_every_unit_of_the_recipe_can_be_translated() -> None:
    assert {found.unit for found in settings_of(Recipe)} - {""} <= set(UNITS)


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.5])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_in_the_recipe_form_is_cut_in_the_narrow_column(
    qapp: QApplication, qtbot: QtBot, theme: ThemeManager, speak: Callable[[str], None],
    scale: float, language: str,
) -> None:  # fmt: skip
    speak(language)
    theme.set_scale(scale)
    form = ConfigForm(Recipe)
    qtbot.addWidget(form)
    theme.adopt(form)
    form.show()
    qtbot.waitExposed(form)
    form.resize(224, form.heightForWidth(224))  # As a scroll area does, once fonts are known.
    qapp.processEvents()
    for label in form.findChildren(QLabel):
        if label.isVisible():
            assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()
    for name in form.names():
        field = form.field(name)
        assert field.mapTo(form, field.rect().topRight()).x() <= form.width()


def test_the_form_changes_language_by_itself(
    qapp: QApplication, qtbot: QtBot, theme: ThemeManager, speak: Callable[[str], None]
) -> None:
    form = ConfigForm(Recipe)
    qtbot.addWidget(form)
    theme.adopt(form)
    english = form.field("layers").accessibleName()
    form.field("layers").setText("200")
    form.check()
    speak("ja")
    qapp.processEvents()
    assert form.field("layers").accessibleName() != english
    assert form.error("layers") == "1から128まで。"
    speak("en")
    qapp.processEvents()
    assert form.field("layers").accessibleName() == english
    most = next(found.maximum for found in settings_of(Recipe) if found.name == "layers")
    assert form.error("layers") == f"From 1 to {most}."
