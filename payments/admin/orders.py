"""Console screens of orders and the tries to pay them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.core.admin import (
    ReadOnlyInline,
    ReasonForm,
    StateAdmin,
    Step,
    money_column,
    state_column,
)
from clinic.core.clock import now
from clinic.core.roles import Role
from payments.admin.roles import MONEY
from payments.admin.words import subject_words
from payments.enums import (
    REFUNDABLE,
    AttemptStatus,
    EventOutcome,
    OrderStatus,
    ProofKind,
    RefundReason,
    RefundSource,
)
from payments.models import (
    PaymentAttempt,
    PaymentHistory,
    PaymentOrder,
    Refund,
)
from payments.services.offline import needs_second_person, take_offline_payment
from payments.services.offline_claims import claim_offline_payment
from payments.services.orders import cancel_order
from payments.services.refunds import (
    request_refund,
)
from payments.services.staff import query_by_staff

ORDER_TONES = {
    OrderStatus.PENDING: "warning",
    OrderStatus.CLOSING: "warning",
    OrderStatus.PAID: "success",
    OrderStatus.PARTIALLY_REFUNDED: "info",
    OrderStatus.REFUNDED: "info",
}


ATTEMPT_TONES = {
    AttemptStatus.SUBMITTED: "warning",
    AttemptStatus.UNKNOWN: "danger",
    AttemptStatus.SUCCEEDED: "success",
    AttemptStatus.FAILED: "danger",
}


class RefundForm(ReasonForm):
    """Asks how much goes back; the note stays in the audit log."""

    reason = None  # type: ignore[assignment]
    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        help_text=_("Leave empty for all that is left."),
        required=False,
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=UnfoldAdminDecimalFieldWidget,
    )


class ProofForm(ReasonForm):
    """Asks for the proof of money that came in at the desk or the bank."""

    reason = forms.CharField(
        label=_("Receipt or transfer number"),
        max_length=60,
        widget=ReasonForm.base_fields["reason"].widget,
    )
    kind = forms.ChoiceField(
        label=_("How it was paid"), choices=ProofKind.choices, widget=UnfoldAdminSelectWidget
    )


def _paid_outside(order: PaymentOrder, actor: Actor, cleaned: dict[str, Any]) -> str | None:
    is_large = needs_second_person(order)
    take = claim_offline_payment if is_large else take_offline_payment
    take(
        order.pk,
        kind=ProofKind(cleaned["kind"]),
        reference=cleaned["reason"],
        received_at=now(),
        actor=actor,
    )
    return gettext("Written down. Another member of staff must confirm it.") if is_large else None


def _refund(order: PaymentOrder, actor: Actor, cleaned: dict[str, Any]) -> None:
    amount = cleaned.get("amount")
    request_refund(
        order_id=order.pk,
        amount_fen=None if amount is None else int(amount * 100),
        reason=RefundReason.STAFF,
        source=RefundSource.STAFF,
        actor=actor,
    )


def _cancel(order: PaymentOrder, actor: Actor, cleaned: dict[str, Any]) -> None:
    cancel_order(order.pk, actor=actor, reason=cleaned["reason"])


def _query(attempt: PaymentAttempt, actor: Actor, _cleaned: dict[str, Any]) -> str | None:
    try:
        outcome = query_by_staff(attempt.pk, actor=actor)
    except AdapterError:
        return gettext("The provider did not answer. Try again later.")
    return None if outcome == EventOutcome.APPLIED else str(outcome.label)


class AttemptInline(ReadOnlyInline):
    """Tries to pay an order."""

    model = PaymentAttempt
    fields = (
        "out_trade_no",
        "provider",
        "channel",
        "shown_amount",
        "status",
        "disposition",
        "succeeded_at",
    )
    readonly_fields = fields
    shown_amount = money_column("amount_fen", _("amount"))


class RefundInline(ReadOnlyInline):
    """Refunds of an order."""

    model = Refund
    fk_name = "order"
    fields = ("out_refund_no", "shown_amount", "reason", "source", "status", "completed_at")
    readonly_fields = fields
    shown_amount = money_column("amount_fen", _("amount"))


class HistoryInline(ReadOnlyInline):
    """What happened to an order."""

    model = PaymentHistory
    fk_name = "order"
    fields = ("created_at", "from_status", "to_status", "actor", "reason", "attempt", "refund")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False


@admin.register(PaymentOrder)
class PaymentOrderAdmin(StateAdmin):
    """What people owe and paid."""

    icon, place = "receipt_long", 10
    list_display = (
        "number",
        "title",
        "payer",
        "shown_amount",
        "shown_status",
        "created_at",
        "paid_at",
    )
    list_filter = ("status", "subject_kind", "created_at")
    list_select_related = ("payer",)
    search_fields = ("number", "public_id", "subject_public_id", "attempts__out_trade_no")
    ordering = ("-id",)
    date_hierarchy = "created_at"
    inlines = (AttemptInline, RefundInline, HistoryInline)
    shown_amount = money_column("amount_fen", _("amount"))
    shown_paid = money_column("paid_fen", _("paid"))
    shown_refunded = money_column("refunded_fen", _("refunded"))
    shown_reserved = money_column("refund_reserved_fen", _("reserved for refunds"))
    shown_status = state_column("status", _("status"), ORDER_TONES)
    fields = (
        "number",
        "public_id",
        "payer",
        "title",
        "shown_subject",
        "subject_public_id",
        "shown_status",
        "shown_amount",
        "shown_paid",
        "shown_reserved",
        "shown_refunded",
        "price_snapshot",
        "created_at",
        "expires_at",
        "paid_at",
        "closed_at",
    )
    readonly_fields = (
        "shown_subject",
        "shown_status",
        "shown_amount",
        "shown_paid",
        "shown_reserved",
        "shown_refunded",
    )
    steps = (
        Step(
            name="refund",
            label=_("Refund"),
            icon="currency_exchange",
            run=_refund,
            roles=MONEY,
            form=RefundForm,
            when=lambda order: order.status in REFUNDABLE and order.left_fen > 0,
            danger=True,
        ),
        Step(
            name="offline",
            label=_("Paid outside"),
            icon="point_of_sale",
            run=_paid_outside,
            roles=MONEY,
            form=ProofForm,
            when=lambda order: order.status == OrderStatus.PENDING and order.amount_fen > 0,
        ),
        Step(
            name="cancel",
            label=_("Cancel"),
            icon="cancel",
            run=_cancel,
            roles=MONEY,
            form=ReasonForm,
            when=lambda order: order.status == OrderStatus.PENDING,
            danger=True,
        ),
    )

    @display(description=_("for"))
    def shown_subject(self, order: PaymentOrder) -> str:
        """What the order pays for, in words."""
        return subject_words(order.subject_kind)


@admin.register(PaymentAttempt)
class PaymentAttemptAdmin(StateAdmin):
    """Tries to pay, each with its number at the provider."""

    icon, place = "payments", 20
    list_display = (
        "out_trade_no",
        "order",
        "provider",
        "channel",
        "shown_amount",
        "shown_status",
        "disposition",
        "created_at",
    )
    list_filter = ("status", "provider", "disposition")
    list_select_related = ("order",)
    search_fields = ("out_trade_no", "gateway_transaction_id", "order__number")
    ordering = ("-id",)
    exclude = ("prepay", "amount_fen", "status")
    readonly_fields = ("shown_amount", "shown_status")
    shown_amount = money_column("amount_fen", _("amount"))
    shown_status = state_column("status", _("status"), ATTEMPT_TONES)
    steps = (
        Step(
            name="query",
            label=_("Ask the provider"),
            icon="sync",
            run=_query,
            roles=MONEY | {Role.CUSTOMER_SERVICE},
            when=lambda attempt: attempt.merchant_id is not None,
            in_list=True,
        ),
    )
