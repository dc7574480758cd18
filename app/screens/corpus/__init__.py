"""Corpus tab: drop text, see what was read, clean it, keep a part unseen."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="corpus",
    order=1,
    icon="ph.stack",
    title=N_("Screens", "Corpus"),
    module="app.screens.corpus.screen",
    cls="CorpusScreen",
    needs_corpus=False,
)
