"""The signed record of a completed consultation."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.settings import rules
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class ConsultationRecord(models.Model):
    """What the doctor found and advised. Signing is storing: the database refuses any change."""

    consultation = models.OneToOneField(
        Consultation, on_delete=models.PROTECT, related_name="record", verbose_name=_("case")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="records", verbose_name=_("doctor")
    )
    diagnosis = models.TextField(_("diagnosis"), max_length=rules.RECORD_MAX_CHARS)
    advice = models.TextField(_("advice"), max_length=rules.RECORD_MAX_CHARS)
    signed_at = models.DateTimeField(_("signed at"), default=now)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        triggers = [
            pgtrigger.Protect(
                name="record_is_signed", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"record #{self.pk}"
