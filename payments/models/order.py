"""Orders and the tries to pay them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.core.money import MAX_AMOUNT_FEN
from payments.enums import AttemptStatus, Channel, Disposition, OrderStatus, Provider
from payments.models.gateway import MerchantConfig

# The lock makes an order wait for who is removing the person, and the person's removal for it.
HAS_PERSON = """
PERFORM 1 FROM accounts_user WHERE id = NEW.payer_id AND anonymised_at IS NULL FOR KEY SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'The payer has no person any more'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'order_has_a_person';
END IF;
RETURN NEW;
"""


class PaymentOrder(PublicModel):
    """What one person owes for one thing, at a price frozen when the order was made."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="payment_orders",
        verbose_name=_("payer"),
    )
    subject_kind = models.CharField(_("for"), max_length=30)
    subject_public_id = models.UUIDField(_("subject"))
    title = models.CharField(_("title"), max_length=120)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    paid_fen = models.BigIntegerField(_("paid (fen)"), default=0)
    refund_reserved_fen = models.BigIntegerField(_("reserved for refunds (fen)"), default=0)
    refunded_fen = models.BigIntegerField(_("refunded (fen)"), default=0)
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.PENDING
    )
    price_snapshot = models.JSONField(_("price as of the order"), default=dict)
    expires_at = models.DateTimeField(_("expires at"))
    paid_at = models.DateTimeField(_("paid at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        indexes = [
            models.Index(fields=["payer", "-id"], name="order_by_payer"),
            models.Index(fields=["subject_kind", "subject_public_id"], name="order_by_subject"),
            models.Index(
                fields=["expires_at"],
                condition=Q(status__in=["pending", "closing"]),
                name="order_unpaid",
            ),
            models.Index(fields=["subject_kind", "paid_at"], name="order_by_paid_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_public_id"],
                condition=~Q(status__in=["closed", "refunded"]),
                name="order_one_live_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen__lte=MAX_AMOUNT_FEN),
                name="order_amount_sane",
            ),
            models.CheckConstraint(
                condition=Q(paid_fen=0) | Q(paid_fen=F("amount_fen")), name="order_paid_whole"
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_fen__gte=0,
                    refund_reserved_fen__gte=F("refunded_fen"),
                    paid_fen__gte=F("refund_reserved_fen"),
                ),
                name="order_refunds_within_paid",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["pending", "closing", "closed"])
                | Q(paid_fen=0, paid_at=None),
                name="order_unpaid_has_no_money",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["paid", "partially_refunded", "refunded"])
                | Q(paid_fen=F("amount_fen"), paid_at__isnull=False),
                name="order_paid_has_money",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
                name="order_closed_says_when",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="order_has_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=HAS_PERSON,
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def left_fen(self) -> int:
        """What could still be refunded."""
        return self.paid_fen - self.refund_reserved_fen


class PaymentAttempt(PublicModel):
    """One try to pay an order, with a trade number of its own at the provider."""

    order = models.ForeignKey(
        PaymentOrder, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("order")
    )
    provider = models.CharField(_("provider"), max_length=20, choices=Provider.choices)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    merchant = models.ForeignKey(
        MerchantConfig,
        on_delete=models.PROTECT,
        null=True,
        related_name="attempts",
        verbose_name=_("merchant"),
    )
    out_trade_no = models.CharField(_("trade number"), max_length=32, unique=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    status = models.CharField(
        _("status"), max_length=12, choices=AttemptStatus.choices, default=AttemptStatus.CREATED
    )
    disposition = models.CharField(
        _("money"), max_length=12, choices=Disposition.choices, default=Disposition.NONE
    )
    gateway_transaction_id = models.CharField(_("provider's number"), max_length=40, blank=True)
    prepay = models.JSONField(_("prepared payment"), default=dict)
    time_expire = models.DateTimeField(_("payable until"))
    succeeded_at = models.DateTimeField(_("succeeded at"), null=True)
    next_poll_at = models.DateTimeField(_("next query at"), null=True)
    poll_count = models.PositiveIntegerField(_("queries"), default=0)
    failure = models.CharField(_("failure"), max_length=60, blank=True)
    billed_on = models.DateField(_("on the bill of"), null=True)

    class Meta:
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        indexes = [
            models.Index(
                fields=["next_poll_at"],
                condition=Q(next_poll_at__isnull=False),
                name="attempt_poll_due",
            ),
            models.Index(
                fields=["merchant", "succeeded_at"],
                condition=Q(succeeded_at__isnull=False),
                name="attempt_by_success",
            ),
            models.Index(
                fields=["merchant", "billed_on"],
                condition=Q(billed_on__isnull=False),
                name="attempt_by_bill",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "gateway_transaction_id"],
                condition=~Q(gateway_transaction_id=""),
                name="attempt_gateway_number_once",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(disposition="applied"),
                name="attempt_one_applied_per_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["created", "submitted", "unknown"]),
                name="attempt_one_open_per_order",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="attempt_amount_sane"),
            models.CheckConstraint(
                condition=~Q(disposition__in=["applied", "duplicate", "late"])
                | Q(status="succeeded"),
                name="attempt_money_means_succeeded",
            ),
            models.CheckConstraint(
                condition=Q(provider__in=["free", "balance", "offline"])
                | Q(merchant__isnull=False),
                name="attempt_outside_has_merchant",
            ),
        ]

    def __str__(self) -> str:
        return self.out_trade_no
