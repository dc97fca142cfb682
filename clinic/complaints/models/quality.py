"""Points taken from doctors for justified complaints, and what staff decided about doctors."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.complaints.enums import SanctionKind
from clinic.complaints.models.complaint import Complaint
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.settings import rules
from doctors.models import Doctor


class QualityEntry(models.Model):
    """Points against a doctor. Only ``revoked_at`` can be written, once."""

    doctor = models.ForeignKey(
        Doctor,
        on_delete=models.PROTECT,
        related_name="quality_entries",
        db_index=False,
        verbose_name=_("doctor"),
    )
    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        related_name="quality_entries",
        db_index=False,
        verbose_name=_("complaint ticket"),
    )
    points = models.PositiveSmallIntegerField(_("points"))
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    at = models.DateTimeField(_("at"), default=now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("quality points")
        verbose_name_plural = _("quality points")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(revoked_at=None),
                name="one_entry_in_force_per_complaint",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=rules.QUALITY_POINTS_MAX),
                name="quality_points_in_range",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="quality_points_have_a_reason"),
        ]
        indexes = [models.Index(fields=["doctor", "at"], name="quality_of_doctor")]
        triggers = [
            pgtrigger.ReadOnly(name="quality_points_are_fixed", exclude=["revoked_at"]),
            pgtrigger.Protect(
                name="quality_revoked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
            pgtrigger.Protect(name="quality_points_are_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"-{self.points}"


class Sanction(PublicModel):
    """What staff decided about a doctor's work: a warning, or no new patients until a moment.

    Its end alone can be written, once: ``ended_at`` by time or by whoever lifted it.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="sanctions", verbose_name=_("doctor")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SanctionKind.choices)
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("given by"),
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)
    was_open = models.BooleanField(_("took consultations before"), default=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor"],
                condition=Q(kind=SanctionKind.STOP, ended_at=None),
                name="one_stop_in_force_per_doctor",
            ),
            models.CheckConstraint(
                condition=Q(kind=SanctionKind.WARNING, until=None)
                | Q(kind=SanctionKind.STOP, until__gt=F("created_at")),
                name="stop_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | Q(ended_at__isnull=False),
                name="lifted_sanction_is_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until"],
                condition=Q(kind=SanctionKind.STOP, ended_at=None),
                name="sanction_in_force",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="sanction_is_fixed", exclude=["ended_at", "lifted_by"]),
            pgtrigger.Protect(
                name="sanction_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="sanction_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class DoctorQuality(Doctor):
    """A doctor as the console's screen of quality shows him; no table of its own."""

    class Meta:
        proxy = True
        verbose_name = _("quality of a doctor")
        verbose_name_plural = _("quality of doctors")
