"""Training tab: choose a recipe, watch the loss fall, pause, resume, put the version on the shelf."""

from app.screen import ScreenSpec
from core.sentences import N_

SCREEN = ScreenSpec(
    name="training",
    order=2,
    icon="ph.chart-line",
    title=N_("Screens", "Training"),
    module="app.screens.training.screen",
    cls="TrainingScreen",
)
