"""What a doctor plans to ask after the end of a case, and what came of it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.settings import rules
from consultations.enums import FollowUpState
from consultations.models.consultation import Consultation


class FollowUp(PublicModel):
    """One date of a follow-up plan. ``text`` is the doctor's question to the patient.

    The moments say when the patient was reminded and when it ended, answered or not.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("case")
    )
    due_at = models.DateTimeField(_("due at"))
    text = models.TextField(_("question"), max_length=rules.FOLLOW_UP_TEXT_MAX_CHARS)
    state = models.CharField(
        _("state"), max_length=12, choices=FollowUpState.choices, default=FollowUpState.PLANNED
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FollowUpState.PLANNED, reminded_at=None, ended_at=None)
                | Q(state=FollowUpState.REMINDED, reminded_at__isnull=False, ended_at=None)
                | (
                    Q(state__in=[FollowUpState.ANSWERED, FollowUpState.MISSED])
                    & Q(reminded_at__isnull=False, ended_at__isnull=False)
                )
                | Q(state=FollowUpState.CANCELLED, ended_at__isnull=False),
                name="follow_up_moments_fit_its_state",
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "due_at"], name="follow_up_of_case"),
            models.Index(
                fields=["due_at"],
                condition=Q(state=FollowUpState.PLANNED),
                name="follow_up_planned",
            ),
            models.Index(
                fields=["reminded_at"],
                condition=Q(state=FollowUpState.REMINDED),
                name="follow_up_reminded",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="follow_up_moves",
                field="state",
                transitions=[
                    ("planned", "reminded"),
                    ("planned", "cancelled"),
                    ("reminded", "answered"),
                    ("reminded", "missed"),
                    ("reminded", "cancelled"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} #{self.pk}"
