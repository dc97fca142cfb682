"""Words of common phrases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PhraseType(TextChoices):
    """Where in the work a phrase is used."""

    DIAGNOSIS = "diagnosis", _("Diagnosis")
    ADVICE = "advice", _("Advice")
    SYMPTOM = "symptom", _("Symptom")
    HISTORY = "history", pgettext_lazy("medicine", "History")
    TREATMENT = "treatment", _("Treatment principle")
    GREETING = "greeting", _("Greeting")
    FOLLOW_UP = "follow_up", _("Follow-up")
