"""Money without an order whose meaning was found out later."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from payments.enums import ClaimState, ClearingTarget
from payments.models.reconciliation import ReconciliationItem


class SuspenseClearing(PublicModel):
    """What one person says that a movement was, until a second one confirms it.

    ``amount_fen`` is what stands in suspense: positive came to us, negative left us.
    """

    item = models.ForeignKey(
        ReconciliationItem,
        on_delete=models.PROTECT,
        related_name="clearings",
        verbose_name=_("movement"),
    )
    target = models.CharField(_("what it was"), max_length=20, choices=ClearingTarget.choices)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    why = models.CharField(_("reason"), max_length=120)
    state = models.CharField(
        _("state"), max_length=12, choices=ClaimState.choices, default=ClaimState.WAITING
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
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
        verbose_name = _("explained movement")
        verbose_name_plural = _("explained movements")
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=~Q(state="rejected"), name="suspense_clearing_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
                name="suspense_clearing_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.item.number
