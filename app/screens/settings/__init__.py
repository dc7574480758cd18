"""Settings: language, look, manner of closing, the trash, where things are."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="settings",
    order=6,
    icon="ph.gear-six",
    title=N_("Screens", "Settings"),
    module="app.screens.settings.screen",
    cls="SettingsScreen",
    tab=False,
    needs_corpus=False,
)
