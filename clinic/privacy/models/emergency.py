"""Reading one patient's data without a right to it, for a told reason and a short time."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.models import PublicModel
from clinic.privacy.enums import EmergencyReason
from clinic.settings import rules


class EmergencyAccess(PublicModel):
    """Who opened whose data, why, and till when; what was read stands in the audit log.

    Only ``told_at``, when the patient was told, is ever written later.
    """

    reader = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("reader")
    )
    role = models.CharField(_("role"), max_length=20)
    patient = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("patient")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=EmergencyReason)
    words = models.CharField(_("in own words"), max_length=rules.EMERGENCY_WORDS_MAX_CHARS)
    ends_at = models.DateTimeField(_("ends at"))
    told_at = models.DateTimeField(_("patient told at"), null=True, editable=False)

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("created_at")), name="emergency_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(reader=F("patient")), name="emergency_is_about_another"
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "-id"], name="emergency_of_reader"),
            models.Index(fields=["patient", "-id"], name="emergency_of_patient"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="emergency_untold"),
        ]
        triggers = [
            pgtrigger.Protect(name="emergency_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="emergency_is_written_once", exclude=["told_at"]),
        ]

    def __str__(self) -> str:
        return f"emergency {self.public_id}"
