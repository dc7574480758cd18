"""What is corrected and voted in a chat becomes a lesson, and can be taken back."""

from __future__ import annotations

import pytest

from app.screens.chat.screen import ChatScreen
from app.window import Window
from core.chats import Chat, ChatLibrary, Message
from core.home import Home
from core.lessons import Lesson, LessonBook
from core.versions.library import VersionLibrary
from tests.app.support import Opener

ASKED, SAID = "On the road my breath", " rised white."


@pytest.fixture
def screen(open_window: Opener, raised_home: Home) -> ChatScreen:
    """A conversation of one question and one answer."""
    version = VersionLibrary(raised_home).get("Kiku").id
    messages = [
        Message(role="user", text=ASKED), Message(role="version", text=SAID, version=version),
    ]  # fmt: skip
    ChatLibrary(raised_home).save(Chat(id="winter", version=version).with_messages(messages))
    window: Window = open_window(raised_home, chat="winter")
    window.go("chat")
    found = window.screen_named("chat")
    assert isinstance(found, ChatScreen)
    return found


def lessons(screen: ChatScreen) -> list[Lesson]:
    home = screen.context.home
    return LessonBook(home).list(VersionLibrary(home).get("Kiku").id)


def answer(screen: ChatScreen) -> Message:
    """As it is on the disk."""
    return ChatLibrary(screen.context.home).get("winter").messages[1]


def test_a_correction_is_kept_as_a_lesson_and_drawn_in_red(screen: ChatScreen) -> None:
    screen.view.action.emit("edit", 1)
    screen.send(" rose white.")
    (lesson,) = lessons(screen)
    assert (lesson.kind, lesson.rejected, lesson.corrected) == ("corrected", SAID, "rose white.")
    assert lesson.prompt == [{"role": "user", "content": ASKED}]
    assert answer(screen).rejected == SAID and answer(screen).lesson == lesson.id
    shown = screen.view._blocks[1].layout.cells
    assert [c["text"] for c in shown if c.get("removed")] == ["rised"]
    assert [c["text"] for c in shown if c.get("added")] == ["rose"]
    assert screen.list.lessons.isVisible()


def test_a_second_correction_takes_the_place_of_the_first(screen: ChatScreen) -> None:
    for better in (" rose white.", " rose like smoke."):
        screen.view.action.emit("edit", 1)
        screen.send(better)
    (lesson,) = lessons(screen)
    assert (lesson.rejected, lesson.corrected) == (SAID, "rose like smoke.")


def test_undo_gives_back_what_the_version_wrote(screen: ChatScreen) -> None:
    screen.view.action.emit("edit", 1)
    screen.send(" rose white.")
    screen.view.action.emit("undo", 1)
    assert lessons(screen) == []
    assert (answer(screen).text, answer(screen).rejected, answer(screen).lesson) == (SAID, "", "")
    assert not screen.list.lessons.isVisible()


def test_an_answer_that_was_not_changed_is_no_lesson(screen: ChatScreen) -> None:
    screen.view.action.emit("edit", 1)
    screen.send(SAID)
    assert lessons(screen) == []


@pytest.mark.parametrize(("name", "vote"), [("up", 1), ("down", -1)])
def test_a_vote_is_a_lesson_until_it_is_pressed_again(
    screen: ChatScreen, name: str, vote: int
) -> None:
    screen.view.action.emit(name, 1)
    (lesson,) = lessons(screen)
    assert (lesson.kind, lesson.vote, answer(screen).vote) == ("vote", vote, vote)
    screen.view.action.emit(name, 1)
    assert lessons(screen) == [] and answer(screen).vote == 0


def test_who_changes_their_mind_leaves_one_vote(screen: ChatScreen) -> None:
    screen.view.action.emit("up", 1)
    screen.view.action.emit("down", 1)
    assert [lesson.vote for lesson in lessons(screen)] == [-1]


def test_the_way_to_the_training_brings_the_lessons_along(screen: ChatScreen) -> None:
    asked: list[tuple[str, dict[str, object]]] = []
    screen.context.navigator.requested.connect(lambda *words: asked.append(words))
    screen.view.action.emit("up", 1)
    screen.list.lessons.train_wanted.emit()
    assert asked[-1][0] == "training"
    assert asked[-1][1]["lessons"] is True and asked[-1][1]["mode"] == "specialise"
