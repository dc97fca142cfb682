"""Calls of phone consultations and what the provider reports of them. Never a person's number."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from consultations.enums import CALL_OPEN, CallOutcome, CallSide, CallState
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class PhoneCall(PublicModel):
    """One appointed call. From ``bound_at`` to ``window_until`` both sides reach each other.

    They do so by ``relay_number``, which is the provider's and nobody's own; ``provider_ref`` names
    the binding there. ``outcome`` and ``talk_seconds`` follow from the legs, whenever they come.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="calls", verbose_name=_("case")
    )
    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("doctor")
    )
    try_number = models.PositiveSmallIntegerField(_("try"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(
        _("state"), max_length=10, choices=CallState.choices, default=CallState.PLANNED
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=20,
        choices=CallOutcome.choices,
        default=CallOutcome.NONE,
        blank=True,
    )
    wants_recording = models.BooleanField(_("recording wanted"), default=False)
    recording_agreed_at = models.DateTimeField(_("patient agreed to recording at"), null=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True)
    bound_at = models.DateTimeField(_("bound at"), null=True)
    window_until = models.DateTimeField(_("window until"), null=True)
    provider_ref = models.CharField(_("binding at the provider"), max_length=64, blank=True)
    relay_number = models.CharField(_("relay number"), max_length=30, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    talk_seconds = models.PositiveIntegerField(_("seconds talked"), default=0)

    class Meta:
        verbose_name = _("phone call")
        verbose_name_plural = _("phone calls")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state__in=CALL_OPEN),
                name="one_open_call_per_consultation",
            ),
            models.UniqueConstraint(
                fields=["provider_ref"],
                condition=~Q(provider_ref=""),
                name="one_call_per_binding",
            ),
            models.CheckConstraint(
                condition=~Q(state=CallState.BOUND)
                | (~Q(provider_ref="") & Q(bound_at__isnull=False, window_until__isnull=False)),
                name="bound_call_has_a_binding",
            ),
            models.CheckConstraint(
                condition=(Q(state=CallState.ENDED) & ~Q(outcome="") & Q(ended_at__isnull=False))
                | (~Q(state=CallState.ENDED) & Q(outcome="", ended_at=None)),
                name="ended_call_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "id"], name="call_of_case"),
            models.Index(fields=["due_at"], condition=Q(state__in=CALL_OPEN), name="call_open"),
        ]
        triggers = [pgtrigger.Protect(name="call_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.state} #{self.pk}"

    @property
    def is_recorded(self) -> bool:
        """Say whether the call may be recorded: the doctor wants it and the patient agreed."""
        return self.wants_recording and self.recording_agreed_at is not None


class CallLeg(models.Model):
    """One dialling on a binding as the provider reported it; kept once, however often told."""

    call = models.ForeignKey(
        PhoneCall, on_delete=models.PROTECT, related_name="legs", verbose_name=_("phone call")
    )
    provider_call = models.CharField(_("call at the provider"), max_length=100, unique=True)
    by = models.CharField(_("dialled by"), max_length=10, choices=CallSide.choices)
    started_at = models.DateTimeField(_("started at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    ended_at = models.DateTimeField(_("ended at"))
    cause = models.IntegerField(_("cause at the provider"), default=0)
    recording_ref = models.CharField(_("recording"), max_length=500, blank=True)
    reported_at = models.DateTimeField(_("reported at"), default=now)

    class Meta:
        verbose_name = _("leg of a call")
        verbose_name_plural = _("legs of calls")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(ended_at__gte=F("answered_at")),
                name="leg_ends_after_its_answer",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="leg_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.by} #{self.pk}"
