"""Who was asked to come online for a waiting case, and who of staff looks after it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class Nudge(models.Model):
    """One notice of one round: to a doctor, or to staff when ``doctor`` is null.

    A round in which nobody could be asked, and the last one, have the row without a doctor.
    """

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="nudges",
        db_index=False,
        verbose_name=_("case"),
    )
    number = models.PositiveSmallIntegerField(_("round"))
    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("doctor"),
    )
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("repeated notice")
        verbose_name_plural = _("repeated notices")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number", "doctor"],
                nulls_distinct=False,
                name="one_nudge_per_round_and_doctor",
            ),
        ]
        indexes = [models.Index(fields=["doctor", "at"], name="nudge_of_doctor")]
        triggers = [
            pgtrigger.Protect(
                name="nudge_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"round {self.number}"


class StaffCare(models.Model):
    """A member of staff took a case in hand; its end alone can be written, once."""

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="cares",
        db_index=False,
        verbose_name=_("case"),
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("staff"),
    )
    started_at = models.DateTimeField(_("started at"), default=now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case in hand")
        verbose_name_plural = _("cases in hand")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(ended_at=None), name="one_hand_per_case"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="care_ends_after_it_began",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="care_is_fixed", exclude=["ended_at"]),
            pgtrigger.Protect(name="care_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"care #{self.pk}"
