"""The times in which the clock of a case stood still."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.enums import HoldBy, HoldEnd, HoldReason
from consultations.models.consultation import Consultation


class Hold(models.Model):
    """A case is on hold from ``started_at`` to ``ended_at``, at the longest to ``until``."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="holds", verbose_name=_("case")
    )
    by = models.CharField(_("by"), max_length=10, choices=HoldBy.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=HoldReason.choices)
    started_at = models.DateTimeField(_("started at"), default=now)
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_why = models.CharField(
        _("why ended"), max_length=12, choices=HoldEnd.choices, default=HoldEnd.NONE, blank=True
    )

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(ended_at__isnull=True),
                name="one_open_hold_per_consultation",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="hold_has_time"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__gte=F("started_at")) & ~Q(ended_why="")),
                name="hold_ends_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["consultation", "id"], name="hold_of_case")]
        triggers = [
            pgtrigger.Protect(
                name="hold_end_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="hold_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.by} #{self.pk}"
