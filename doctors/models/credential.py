"""Papers that prove a doctor, each review step of them, and the alerts before they end."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.files.models import StoredFile
from doctors.enums import CredentialKind, CredentialReason, CredentialState
from doctors.models.doctor import Doctor

WITH_REASON = (
    CredentialState.REJECTED,
    CredentialState.EXPIRED,
    CredentialState.WITHDRAWN,
    CredentialState.REPLACED,
)


class Credential(PublicModel):
    """One paper of a doctor as he handed it in; a newer one is a new row.

    ``number_sealed`` is AES-GCM text. ``valid_until`` is inclusive, null means without an end.
    ``practising_since`` is told by practising licences alone, ``institution`` by filings. Of a
    kind one is under review and one approved at most; filings may be approved for several places.
    """

    doctor = models.ForeignKey(
        Doctor, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("doctor")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    state = models.CharField(
        _("state"), max_length=10, choices=CredentialState, default=CredentialState.PENDING
    )
    reason = models.CharField(_("reason"), max_length=20, choices=CredentialReason, blank=True)
    number_sealed = models.CharField(_("number, encrypted"), max_length=300, blank=True)
    scope = models.CharField(_("scope of practice"), max_length=120, blank=True)
    institution = models.CharField(_("institution"), max_length=100, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    practising_since = models.DateField(_("practises since"), null=True, blank=True)
    front = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("front")
    )
    back = models.OneToOneField(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("back"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["doctor", "-id"], name="credential_of_doctor"),
            models.Index(fields=["id"], condition=Q(state="pending"), name="credential_to_review"),
            models.Index(
                fields=["valid_until"], condition=Q(state="approved"), name="credential_ending"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "kind"],
                condition=Q(state=CredentialState.PENDING),
                name="credential_one_under_review",
            ),
            models.UniqueConstraint(
                fields=["doctor", "kind"],
                condition=Q(state=CredentialState.APPROVED) & ~Q(kind=CredentialKind.MULTI_SITE),
                name="credential_one_approved",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=WITH_REASON) & ~Q(reason=""))
                | (~Q(state__in=WITH_REASON) & Q(reason="")),
                name="credential_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None)
                | Q(valid_from=None)
                | Q(valid_until__gte=F("valid_from")),
                name="credential_valid_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.public_id)[-6:]}"


class CredentialStep(models.Model):
    """One step of one paper, for ever; the database refuses change and two ways out of a state."""

    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, related_name="steps", verbose_name=_("credential")
    )
    from_state = models.CharField(_("from"), max_length=10, choices=CredentialState, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=CredentialState)
    reason = models.CharField(_("reason"), max_length=20, choices=CredentialReason, blank=True)
    actor = models.CharField(_("actor"), max_length=80)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("step of a credential")
        verbose_name_plural = _("steps of credentials")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "from_state"], name="credential_leaves_a_state_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="credential_steps_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"


class CredentialAlert(models.Model):
    """That doctor and staff were told so many days before a paper ends; each once."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="alerts")
    days = models.PositiveSmallIntegerField(_("days before the end"))
    told_at = models.DateTimeField(_("told at"), default=now)

    class Meta:
        verbose_name = _("expiry alert")
        verbose_name_plural = _("expiry alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "days"], name="credential_alert_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.days}"
