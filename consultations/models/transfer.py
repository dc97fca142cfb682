"""Offers of a doctor, or of staff for him, to give a case over to a colleague."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.settings import rules
from consultations.enums import DeclineReason, TransferReason, TransferState
from consultations.models.consultation import Consultation
from doctors.models import Doctor


class Transfer(PublicModel):
    """An offer and what became of it. Until ``answer_by`` the case stays with ``from_doctor``.

    ``actor`` is a label without personal data. The database keeps an offer that has ended.
    """

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("case")
    )
    from_doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("from")
    )
    to_doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="+", verbose_name=_("to")
    )
    reason = models.CharField(_("reason"), max_length=20, choices=TransferReason.choices)
    note = models.TextField(
        _("note for the colleague"), max_length=rules.TRANSFER_NOTE_MAX_CHARS, blank=True
    )
    actor = models.CharField(_("offered by"), max_length=80)
    state = models.CharField(
        _("state"), max_length=12, choices=TransferState.choices, default=TransferState.OFFERED
    )
    decline_reason = models.CharField(
        _("why declined"), max_length=20, choices=DeclineReason.choices, blank=True
    )
    answer_by = models.DateTimeField(_("answer by"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state=TransferState.OFFERED),
                name="one_open_transfer_per_consultation",
            ),
            models.CheckConstraint(
                condition=~Q(from_doctor=F("to_doctor")), name="transfer_to_another_doctor"
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.OFFERED, ended_at=None)
                | (~Q(state=TransferState.OFFERED) & Q(ended_at__isnull=False)),
                name="transfer_ends_with_a_state",
            ),
        ]
        indexes = [
            models.Index(fields=["to_doctor", "-id"], name="transfer_to_doctor"),
            models.Index(fields=["from_doctor", "-id"], name="transfer_from_doctor"),
            models.Index(
                fields=["answer_by"],
                condition=Q(state=TransferState.OFFERED),
                name="transfer_open",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="transfer_end_is_final",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=TransferState.OFFERED.value),
            ),
            pgtrigger.Protect(name="transfer_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.state} #{self.pk}"
