"""Chat tab: talk with any version, see how sure it was of every token."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="chat",
    order=4,
    icon="ph.chats-circle",
    title=N_("Screens", "Chat"),
    module="app.screens.chat.screen",
    cls="ChatScreen",
)
