"""What cleaning takes out of a text or changes in it, as edits, so that a preview can show them."""

from core.corpus.cleaning.edits import applied, counted
from core.corpus.cleaning.passes import cleaned, edits_of

__all__ = ["applied", "cleaned", "counted", "edits_of"]
