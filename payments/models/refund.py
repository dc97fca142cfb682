"""Money on its way back, and income that was earned."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.core.models import PublicModel
from clinic.settings import rules
from payments.enums import (
    RefundDestination,
    RefundReason,
    RefundSource,
    RefundStatus,
    RequestState,
)
from payments.models.order import PaymentAttempt, PaymentOrder


class Refund(PublicModel):
    """One refund of one attempt. Where its money was taken from is kept to put it back."""

    order = models.ForeignKey(
        PaymentOrder, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("order")
    )
    attempt = models.ForeignKey(
        PaymentAttempt, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("attempt")
    )
    out_refund_no = models.CharField(_("refund number"), max_length=64, unique=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    from_doctor_fen = models.BigIntegerField(_("taken from the doctor (fen)"), default=0)
    from_income_fen = models.BigIntegerField(_("taken from income (fen)"), default=0)
    reason = models.CharField(_("reason"), max_length=20, choices=RefundReason.choices)
    source = models.CharField(_("source"), max_length=20, choices=RefundSource.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=RefundStatus.choices, default=RefundStatus.REQUESTED
    )
    destination = models.CharField(
        _("goes to"),
        max_length=10,
        choices=RefundDestination.choices,
        default=RefundDestination.ORIGIN,
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    gateway_refund_id = models.CharField(_("provider's number"), max_length=40, blank=True)
    submitted_at = models.DateTimeField(_("sent at"), null=True)
    completed_at = models.DateTimeField(_("completed at"), null=True)
    next_try_at = models.DateTimeField(_("next step at"), null=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    failure = models.CharField(_("failure"), max_length=60, blank=True)
    billed_on = models.DateField(_("on the bill of"), null=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="refund_step_due",
            ),
            models.Index(
                fields=["completed_at"],
                condition=Q(completed_at__isnull=False),
                name="refund_by_completion",
            ),
            models.Index(
                fields=["billed_on"],
                condition=Q(billed_on__isnull=False),
                name="refund_by_bill",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "reason"],
                condition=Q(source="system") & ~Q(status="failed"),
                name="refund_by_rule_once",
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(source__in=["auto_late", "auto_duplicate"]) & ~Q(status="failed"),
                name="refund_of_stray_money_once",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="refund_amount_sane"),
            models.CheckConstraint(
                condition=Q(
                    from_doctor_fen__gte=0,
                    from_income_fen__gte=0,
                    amount_fen__gte=F("from_doctor_fen") + F("from_income_fen"),
                ),
                name="refund_parts_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(requested_by=None)
                | ~Q(approved_by=F("requested_by")),
                name="refund_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.out_refund_no

    @property
    def is_stray_money(self) -> bool:
        """Whether the money never belonged to the order."""
        return self.source in {RefundSource.AUTO_LATE, RefundSource.AUTO_DUPLICATE}


class RefundRequest(PublicModel):
    """A payer's request to get money of an order back; staff decide. No money moves by it."""

    order = models.ForeignKey(
        PaymentOrder,
        on_delete=models.PROTECT,
        related_name="refund_requests",
        verbose_name=_("order"),
    )
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    reason = models.CharField(
        _("the payer's words"), max_length=rules.REFUND_WORDS_MAX_CHARS, default="", blank=True
    )
    state = models.CharField(
        _("state"), max_length=12, choices=RequestState.choices, default=RequestState.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    refund = models.OneToOneField(
        Refund,
        on_delete=models.PROTECT,
        null=True,
        related_name="request",
        verbose_name=_("refund"),
    )

    class Meta:
        verbose_name = _("refund request")
        verbose_name_plural = _("refund requests")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="waiting"), name="refund_request_one_waiting"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_request_of_money"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, refund=None)
                | Q(state="granted", decided_at__isnull=False, refund__isnull=False)
                | Q(state="refused", decided_at__isnull=False, refund=None),
                name="refund_request_says_what_became_of_it",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class BalanceOffer(PublicModel):
    """An offer to put a stuck refund on the payer's balance: proposed, consented, approved.

    Two people of staff and the payer have to agree before money moves.
    """

    refund = models.OneToOneField(
        Refund, on_delete=models.PROTECT, related_name="balance_offer", verbose_name=_("refund")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    consented_at = models.DateTimeField(_("consented at"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)

    class Meta:
        verbose_name = _("refund to balance")
        verbose_name_plural = _("refunds to balance")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="balance_offer_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & Q(consented_at__isnull=False),
                name="balance_offer_needs_consent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.refund)


class RecognisedIncome(models.Model):
    """The split of an order's money between doctor and clinic once the service was done."""

    order = models.OneToOneField(
        PaymentOrder, on_delete=models.PROTECT, related_name="income", verbose_name=_("order")
    )
    doctor_user_public_id = models.UUIDField(_("doctor's account"))
    doctor_fen = models.BigIntegerField(_("doctor (fen)"))
    clinic_fen = models.BigIntegerField(_("clinic (fen)"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("recognised income")
        verbose_name_plural = _("recognised income")
        constraints = [
            models.CheckConstraint(
                condition=Q(doctor_fen__gte=0, clinic_fen__gte=0), name="income_parts_sane"
            )
        ]

    def __str__(self) -> str:
        return f"{self.doctor_fen}+{self.clinic_fen}"
