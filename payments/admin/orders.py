"""Console screens of orders and the tries to pay them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanWidget,
)

from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.columns import money_column, state_column
from clinic.core.history_rows import ActorInline
from clinic.core.links import account_link
from clinic.core.money import display_fen
from clinic.core.screens import ReadOnlyInline
from clinic.core.steps import ReasonForm, StateAdmin, Step
from payments.admin.roles import MONEY
from payments.admin.words import reason_words, source_words, status_words, subject_words
from payments.enums import (
    REFUNDABLE,
    OrderStatus,
    ProofKind,
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
from payments.services.refunds import refund_by_staff
from payments.titles import title_words

ORDER_TONES = {
    OrderStatus.PENDING: "warning",
    OrderStatus.CLOSING: "warning",
    OrderStatus.PAID: "success",
    OrderStatus.PARTIALLY_REFUNDED: "info",
    OrderStatus.REFUNDED: "info",
}


class RefundForm(ReasonForm):
    """Asks how much goes back, or for a tick for all of it, and why."""

    amount = forms.DecimalField(
        label=_("Amount (yuan)"),
        required=False,
        max_digits=9,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        widget=UnfoldAdminDecimalFieldWidget,
    )
    is_all = forms.BooleanField(
        label=_("All that is left"), required=False, widget=UnfoldBooleanWidget
    )
    field_order = ("amount", "is_all", "reason")


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
    refund_by_staff(
        order.pk,
        amount_fen=None if amount is None else int(amount * 100),
        is_all=cleaned["is_all"],
        why=cleaned["reason"],
        actor=actor,
    )


def _cancel(order: PaymentOrder, actor: Actor, cleaned: dict[str, Any]) -> None:
    cancel_order(order.pk, actor=actor, reason=cleaned["reason"])


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


class HistoryInline(ActorInline):
    """What happened to an order."""

    model = PaymentHistory
    fk_name = "order"
    fields = (
        "created_at",
        "shown_from",
        "shown_to",
        "shown_actor",
        "shown_why",
        "shown_attempt",
        "shown_refund",
    )
    readonly_fields = fields
    ordering = ("id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the numbers of attempts and refunds along."""
        return super().get_queryset(request).select_related("attempt", "refund")

    @display(description=_("from"))
    def shown_from(self, row: PaymentHistory) -> str:
        """The state before, in words."""
        return status_words(row, row.from_status)

    @display(description=_("to"))
    def shown_to(self, row: PaymentHistory) -> str:
        """The state after, in words."""
        return status_words(row, row.to_status)

    @display(description=_("reason"))
    def shown_why(self, row: PaymentHistory) -> str:
        """Why, in words."""
        return reason_words(row.reason)

    @display(description=_("Payment attempt"))
    def shown_attempt(self, row: PaymentHistory) -> str:
        """The number of the try to pay."""
        return str(row.attempt or "-")

    @display(description=_("Refund"))
    def shown_refund(self, row: PaymentHistory) -> str:
        """The number of the refund."""
        return str(row.refund or "-")


@admin.register(PaymentOrder)
class PaymentOrderAdmin(StateAdmin):
    """What people owe and paid."""

    icon, place = "receipt_long", 10
    list_display = (
        "number",
        "shown_title",
        "shown_payer",
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
        "shown_payer",
        "shown_title",
        "shown_subject",
        "subject_public_id",
        "shown_status",
        "shown_amount",
        "shown_paid",
        "shown_reserved",
        "shown_refunded",
        "shown_price",
        "created_at",
        "expires_at",
        "paid_at",
        "closed_at",
    )
    readonly_fields = (
        "shown_payer",
        "shown_title",
        "shown_subject",
        "shown_price",
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

    @display(description=_("payer"))
    def shown_payer(self, order: PaymentOrder) -> str:
        """Who pays, masked, and the way to the account: whoever opens that is noted."""
        return account_link(order.payer)

    @display(description=_("title"), ordering="title")
    def shown_title(self, order: PaymentOrder) -> str:
        """What it is for, in the reader's language."""
        return title_words(order.title)

    @display(description=_("price as of the order"))
    def shown_price(self, order: PaymentOrder) -> str:
        """The frozen price and the kind of rule it came from."""
        kept = order.price_snapshot
        source = str(kept.get("source", ""))
        return f"{display_fen(int(kept.get('amount_fen', 0)))} · {source_words(source)}"

    @display(description=_("for"))
    def shown_subject(self, order: PaymentOrder) -> str:
        """What the order pays for, in words."""
        return subject_words(order.subject_kind)
