"""Which doctor had which case when, and every try to find one."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from consultations.enums import How, Outcome, Trigger
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class Assignment(models.Model):
    """A doctor has a case from ``started_at`` to ``ended_at``, and takes one place meanwhile.

    Only the end can be written, once; the database refuses every other change.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("case")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("doctor")
    )
    how = models.CharField(_("how"), max_length=20, choices=How.choices)
    strategy = models.CharField(_("strategy"), max_length=40)
    step = models.CharField(_("step of the strategy"), max_length=40)
    started_at = models.DateTimeField(_("started at"), default=now)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_why = models.CharField(_("why ended"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(ended_at__isnull=True),
                name="one_open_assignment_per_consultation",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__gte=F("started_at")) & ~Q(ended_why="")),
                name="assignment_ends_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["doctor"], condition=Q(ended_at__isnull=True), name="assignment_open"
            ),
            models.Index(fields=["consultation", "id"], name="assignment_of_case"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="assignment_start_is_fixed", exclude=["ended_at", "ended_why"]),
            pgtrigger.Protect(
                name="assignment_end_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="assignment_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.how} #{self.pk}"


class AssignmentAttempt(models.Model):
    """One try to find a doctor: what set it off, which rule was used and how it ended.

    ``reason`` is the step that found the doctor, or the code why nobody was found.
    """

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="assignment_attempts",
        verbose_name=_("case"),
    )
    at = models.DateTimeField(_("at"), default=now)
    trigger = models.CharField(_("set off by"), max_length=20, choices=Trigger.choices)
    strategy = models.CharField(_("strategy"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=40)
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("doctor")
    )

    class Meta:
        verbose_name = _("try to assign")
        verbose_name_plural = _("tries to assign")
        indexes = [models.Index(fields=["consultation", "-id"], name="attempt_of_case")]
        triggers = [
            pgtrigger.Protect(
                name="attempt_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
