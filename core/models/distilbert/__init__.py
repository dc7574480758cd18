"""DistilBERT, as DistilBertForMaskedLM's files have it."""

from core.models.distilbert.model import DistilBert as Model
from core.models.distilbert.student import student_from
from core.models.encoder.init import initialise

__all__ = ["Model", "initialise", "student_from"]
