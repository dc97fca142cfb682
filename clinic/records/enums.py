"""Words of medical records."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """The kind of care that a record is of; the care itself lives in a room above."""

    CONSULTATION = "consultation", _("Consultation")
    APPOINTMENT = "appointment", _("Appointment")


class State(models.TextChoices):
    """A record is written, then signed once and for all."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


class CodeSystem(models.TextChoices):
    """Tables of diagnoses."""

    TCM_DISEASE = "tcm_disease", _("TCM disease (GB/T 15657)")
    TCM_PATTERN = "tcm_pattern", _("TCM pattern (GB/T 15657)")
    ICD10 = "icd10", "ICD-10"
    ICD11 = "icd11", "ICD-11"


# What the doctor writes, in the order in which a record is printed.
TEXTS: Final = (
    "chief_complaint",
    "present_history",
    "past_history",
    "allergies",
    "looking",
    "listening",
    "asking",
    "palpation",
    "tongue",
    "pulse",
    "diagnosis",
    "principle",
    "advice",
)
