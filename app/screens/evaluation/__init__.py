"""Evaluation tab: has it learned, or only memorised? Versions side by side on the same text."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="evaluation",
    order=3,
    icon="ph.clipboard-text",
    title=N_("Screens", "Evaluation"),
    module="app.screens.evaluation.screen",
    cls="EvaluationScreen",
)
