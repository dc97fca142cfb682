"""Comparing our books with the daily bills of providers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from payments.enums import BillKind, ItemState, RunStatus, Verdict
from payments.models.gateway import MerchantConfig
from payments.models.order import PaymentAttempt
from payments.models.refund import Refund


class ReconciliationRun(PublicModel):
    """One merchant's day, compared as often as wanted until it is signed off."""

    merchant = models.ForeignKey(
        MerchantConfig, on_delete=models.PROTECT, related_name="runs", verbose_name=_("merchant")
    )
    bill_date = models.DateField(_("day"))
    status = models.CharField(
        _("status"), max_length=12, choices=RunStatus.choices, default=RunStatus.RUNNING
    )
    started_at = models.DateTimeField(_("started at"), default=now)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    failure = models.CharField(_("failure"), max_length=60, blank=True)
    line_count = models.PositiveIntegerField(_("lines of the bill"), default=0)
    matched_count = models.PositiveIntegerField(_("agreeing lines"), default=0)
    gateway_paid_fen = models.BigIntegerField(_("paid, by the bill (fen)"), default=0)
    gateway_refunded_fen = models.BigIntegerField(_("refunded, by the bill (fen)"), default=0)
    gateway_fee_fen = models.BigIntegerField(_("fees, by the bill (fen)"), default=0)
    gateway_payout_fen = models.BigIntegerField(_("paid out to the bank (fen)"), default=0)
    our_paid_fen = models.BigIntegerField(_("paid, by our books (fen)"), default=0)
    our_refunded_fen = models.BigIntegerField(_("refunded, by our books (fen)"), default=0)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("signed off by"),
    )
    signed_off_at = models.DateTimeField(_("signed off at"), null=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "bill_date"], name="reconciliation_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(status="signed_off", signed_off_at__isnull=False)
                | ~Q(status="signed_off") & Q(signed_off_at=None),
                name="reconciliation_signed_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_date}"


class BillRow(models.Model):
    """One line of a bill while it is compared; removed when the comparison ends."""

    run = models.ForeignKey(ReconciliationRun, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10, choices=BillKind.choices)
    number = models.CharField(max_length=64)
    trade_number = models.CharField(max_length=64)
    gateway_number = models.CharField(max_length=64)
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("line of a bill")
        verbose_name_plural = _("lines of bills")
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "number"], name="bill_row_once")
        ]

    def __str__(self) -> str:
        return self.number


class ReconciliationItem(PublicModel):
    """One difference. A day with open ones cannot be signed off."""

    run = models.ForeignKey(
        ReconciliationRun, on_delete=models.PROTECT, related_name="items", verbose_name=_("day")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BillKind.choices)
    verdict = models.CharField(_("difference"), max_length=14, choices=Verdict.choices)
    number = models.CharField(_("number"), max_length=64)
    gateway_number = models.CharField(_("provider's number"), max_length=64, blank=True)
    gateway_fen = models.BigIntegerField(_("by the bill (fen)"), null=True)
    our_fen = models.BigIntegerField(_("by our books (fen)"), null=True)
    attempt = models.ForeignKey(
        PaymentAttempt,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("attempt"),
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("refund")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ItemState.choices, default=ItemState.OPEN
    )
    resolution = models.CharField(_("resolution"), max_length=120, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True)

    class Meta:
        verbose_name = _("reconciliation item")
        verbose_name_plural = _("reconciliation items")
        indexes = [
            models.Index(fields=["run"], condition=Q(state="open"), name="reconciliation_item_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "verdict", "number"], name="reconciliation_item_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | ~Q(resolution="") & Q(resolved_at__isnull=False),
                name="reconciliation_item_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed")
                | Q(proposed_by__isnull=False, verdict="unexplained", resolved_by=None),
                name="reconciliation_item_proposed_by",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None)
                | Q(resolved_by=None)
                | ~Q(proposed_by=F("resolved_by")),
                name="reconciliation_item_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.number
