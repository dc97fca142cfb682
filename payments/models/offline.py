"""Money that no provider reports."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from payments.enums import ClaimState, ProofKind
from payments.models.order import PaymentAttempt, PaymentOrder


class OfflineProof(PublicModel):
    """What staff saw of a payment outside: one receipt pays one order, once."""

    attempt = models.OneToOneField(
        PaymentAttempt, on_delete=models.PROTECT, related_name="proof", verbose_name=_("attempt")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ProofKind.choices)
    reference = models.CharField(_("receipt or transfer number"), max_length=60)
    received_at = models.DateTimeField(_("received at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )

    class Meta:
        verbose_name = _("offline payment")
        verbose_name_plural = _("offline payments")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="offline_proof_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("confirmed_by")),
                name="offline_proof_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OfflineClaim(PublicModel):
    """A large payment outside that one person reported; a second one confirms it."""

    order = models.ForeignKey(
        PaymentOrder,
        on_delete=models.PROTECT,
        related_name="offline_claims",
        verbose_name=_("order"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ProofKind.choices)
    reference = models.CharField(_("receipt or transfer number"), max_length=60)
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(
        _("state"), max_length=12, choices=ClaimState.choices, default=ClaimState.WAITING
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("reported by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("reported offline payment")
        verbose_name_plural = _("reported offline payments")
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="waiting"),
                name="offline_claim_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=~Q(state="rejected"),
                name="offline_claim_receipt_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("claimed_by")),
                name="offline_claim_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
