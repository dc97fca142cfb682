"""Money that no provider reports."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from payments.enums import ProofKind
from payments.models.order import PaymentAttempt


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

    class Meta:
        verbose_name = _("offline payment")
        verbose_name_plural = _("offline payments")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="offline_proof_once")
        ]

    def __str__(self) -> str:
        return self.reference
