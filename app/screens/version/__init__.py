"""The page of one version: cover, lineage, colophon, files, export, note."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="version",
    order=5,
    icon="ph.book",
    title=N_("Screens", "Version"),
    module="app.screens.version.screen",
    cls="VersionScreen",
    tab=False,
)
