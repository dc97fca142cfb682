"""Every move of every consultation, for ever."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.enums import Reason, State
from consultations.models.consultation import Consultation


class ConsultationEvent(models.Model):
    """One move. ``actor`` is a label without personal data; the database refuses change."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="history", verbose_name=_("case")
    )
    from_state = models.CharField(_("from"), max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=State.choices)
    actor = models.CharField(_("actor"), max_length=80)
    reason = models.CharField(_("reason"), max_length=40, choices=Reason.choices)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("move of a consultation")
        verbose_name_plural = _("moves of consultations")
        indexes = [models.Index(fields=["consultation", "id"], name="consultation_history")]
        triggers = [
            pgtrigger.Protect(
                name="history_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"
