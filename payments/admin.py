"""Console screens of money: everything is read-only, steps call the services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.core.admin import (
    HouseAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReasonForm,
    StateAdmin,
    Step,
    money_column,
    state_column,
)
from clinic.core.clock import clinic_time, now
from clinic.core.console import Figure, list_link, shows_figures
from clinic.core.money import display_fen
from clinic.core.roles import Role
from payments.enums import (
    OPEN_ATTEMPT,
    REFUNDABLE,
    AttemptStatus,
    Disposition,
    EventOutcome,
    OrderStatus,
    Provider,
    RefundReason,
    RefundSource,
    RefundStatus,
)
from payments.models import (
    GatewayEvent,
    LedgerAccount,
    LedgerPosting,
    LedgerTransaction,
    MerchantConfig,
    PaymentAttempt,
    PaymentHistory,
    PaymentOrder,
    PriceRule,
    RecognisedIncome,
    Refund,
)
from payments.services.orders import cancel_order
from payments.services.prices import end_predecessor
from payments.services.refunds import (
    approve_refund,
    reject_refund,
    request_refund,
    retry_refund,
    settle_refund_by_staff,
)
from payments.services.staff import query_by_staff

MONEY = frozenset({Role.ADMIN, Role.FINANCE})
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
REFUND_TONES = {
    RefundStatus.REQUESTED: "warning",
    RefundStatus.APPROVED: "info",
    RefundStatus.SUBMITTED: "info",
    RefundStatus.PROCESSING: "info",
    RefundStatus.SUCCEEDED: "success",
    RefundStatus.FAILED: "danger",
    RefundStatus.NEEDS_STAFF: "danger",
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


class EvidenceForm(ReasonForm):
    """Asks for the reference number of money returned outside."""

    reason = forms.CharField(
        label=_("Reference number"),
        max_length=40,
        widget=ReasonForm.base_fields["reason"].widget,
    )


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


def _approve(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve_refund(refund.pk, actor=actor)


def _reject(refund: Refund, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject_refund(refund.pk, actor=actor, reason=cleaned["reason"])


def _retry(refund: Refund, actor: Actor, _cleaned: dict[str, Any]) -> None:
    retry_refund(refund.pk, actor=actor)


def _settle(refund: Refund, actor: Actor, cleaned: dict[str, Any]) -> None:
    settle_refund_by_staff(refund.pk, actor=actor, evidence=cleaned["reason"])


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


class PostingInline(ReadOnlyInline):
    """The legs of a booking."""

    model = LedgerPosting
    fields = ("account", "shown_amount", "sequence", "shown_balance")
    readonly_fields = fields
    show_change_link = False
    shown_amount = money_column("amount_fen", _("amount"))
    shown_balance = money_column("balance_after_fen", _("balance after"))


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
        "subject_kind",
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
            when=lambda attempt: attempt.provider == Provider.WECHAT_V3,
            in_list=True,
        ),
    )


@admin.register(Refund)
class RefundAdmin(StateAdmin):
    """Money on its way back; large refunds by hand wait for a second person."""

    icon, place = "undo", 30
    list_display = (
        "out_refund_no",
        "order",
        "shown_amount",
        "reason",
        "source",
        "shown_status",
        "created_at",
        "completed_at",
    )
    list_filter = ("status", "reason", "source")
    list_select_related = ("order",)
    search_fields = ("out_refund_no", "public_id", "order__number")
    ordering = ("-id",)
    exclude = ("amount_fen", "from_doctor_fen", "from_income_fen", "status")
    readonly_fields = ("shown_status", "shown_amount", "shown_doctor", "shown_income")
    shown_amount = money_column("amount_fen", _("amount"))
    shown_doctor = money_column("from_doctor_fen", _("taken from the doctor"))
    shown_income = money_column("from_income_fen", _("taken from income"))
    shown_status = state_column("status", _("status"), REFUND_TONES)
    steps = (
        Step(
            name="approve",
            label=_("Approve"),
            icon="check",
            run=_approve,
            roles=MONEY,
            when=lambda refund: refund.status == RefundStatus.REQUESTED,
        ),
        Step(
            name="retry",
            label=_("Send again"),
            icon="replay",
            run=_retry,
            roles=MONEY,
            when=lambda refund: refund.status == RefundStatus.NEEDS_STAFF,
        ),
        Step(
            name="settle",
            label=_("Returned outside"),
            icon="task_alt",
            run=_settle,
            roles=MONEY,
            form=EvidenceForm,
            when=lambda refund: refund.status == RefundStatus.NEEDS_STAFF,
        ),
        Step(
            name="reject",
            label=_("Give up"),
            icon="close",
            run=_reject,
            roles=MONEY,
            form=ReasonForm,
            when=lambda refund: refund.status in {RefundStatus.REQUESTED, RefundStatus.NEEDS_STAFF},
            danger=True,
        ),
    )


@admin.register(PriceRule)
class PriceRuleAdmin(HouseAdmin):
    """Prices. A new one ends the open one before it; what overlaps otherwise is refused."""

    icon, place = "sell", 40
    list_display = (
        "service",
        "scope",
        "shown_target",
        "shown_amount",
        "valid_from",
        "valid_until",
        "is_active",
    )
    list_filter = ("service", "scope", "is_active")
    ordering = ("-id",)
    fields = (
        "service",
        "scope",
        "doctor_public_id",
        "level",
        "department_code",
        "amount_fen",
        "valid_from",
        "valid_until",
        "is_active",
        "note",
    )
    shown_amount = money_column("amount_fen", _("amount"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002 Django's form
        """A stored price can only be ended."""
        return self.fields[:7] if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Make room for a new price before it is stored."""
        if not change:
            end_predecessor(obj)
        super().save_model(request, obj, form, change)

    @display(description=_("for"))
    def shown_target(self, rule: PriceRule) -> str:
        """Whom the price is for."""
        return str(rule.doctor_public_id or rule.level or rule.department_code or "")


@admin.register(GatewayEvent)
class GatewayEventAdmin(ReadOnlyAdmin):
    """What providers told us; the sealed body names the payer and is not shown."""

    icon, place = "webhook", 50
    list_display = (
        "received_at",
        "kind",
        "merchant",
        "shown_outcome",
        "deliveries",
        "processed_at",
    )
    list_filter = ("outcome", "kind")
    list_select_related = ("merchant",)
    search_fields = ("gateway_event_id", "dedup_key")
    ordering = ("-id",)
    exclude = ("body_sealed", "headers")
    shown_outcome = state_column(
        "outcome",
        _("outcome"),
        {
            EventOutcome.APPLIED: "success",
            EventOutcome.RECEIVED: "warning",
            EventOutcome.MISMATCH: "danger",
            EventOutcome.UNKNOWN_NUMBER: "danger",
        },
    )


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin):
    """Bookings; their legs sum to zero."""

    icon, place = "account_balance", 60
    list_display = ("created_at", "kind", "key", "order", "refund")
    list_filter = ("kind",)
    list_select_related = ("order", "refund")
    search_fields = ("key", "order__number")
    ordering = ("-id",)
    inlines = (PostingInline,)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnlyAdmin):
    """Accounts of the ledger."""

    icon, place = "account_balance_wallet", 70
    list_display = ("code", "kind", "shown_balance", "created_at")
    list_filter = ("kind",)
    search_fields = ("code",)
    ordering = ("id",)
    exclude = ("balance_fen",)
    readonly_fields = ("shown_balance",)
    shown_balance = money_column("balance_fen", _("balance"))


@admin.register(RecognisedIncome)
class RecognisedIncomeAdmin(ReadOnlyAdmin):
    """How the money of completed services was split."""

    icon, place = "pie_chart", 80
    list_display = ("order", "shown_doctor", "shown_clinic", "created_at")
    list_select_related = ("order",)
    search_fields = ("order__number", "doctor_user_public_id")
    ordering = ("-id",)
    shown_doctor = money_column("doctor_fen", _("doctor"))
    shown_clinic = money_column("clinic_fen", _("clinic"))


@admin.register(MerchantConfig)
class MerchantConfigAdmin(HouseAdmin):
    """Merchant accounts; secrets are named, never stored."""

    icon, place = "storefront", 90
    list_display = ("name", "provider", "merchant_number", "is_active", "active_from")
    list_filter = ("provider", "is_active")
    ordering = ("id",)


@shows_figures(order=20, roles=MONEY)
def money_figures() -> list[Figure]:
    """Money of the clinic's day and what waits for staff."""
    midnight = clinic_time(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    paid = PaymentOrder.objects.filter(paid_at__gte=midnight).values_list("paid_fen", flat=True)
    returned = Refund.objects.filter(
        status=RefundStatus.SUCCEEDED, completed_at__gte=midnight
    ).values_list("amount_fen", flat=True)
    waiting = Refund.objects.filter(
        Q(status=RefundStatus.REQUESTED) | Q(status=RefundStatus.NEEDS_STAFF)
    ).count()
    odd = PaymentAttempt.objects.filter(
        Q(disposition=Disposition.MISMATCH) | Q(status__in=OPEN_ATTEMPT, poll_count__gt=10)
    ).count()
    return [
        Figure(
            _("Paid today"),
            display_fen(sum(paid)),
            _n(len(paid)),
            icon="payments",
            link=list_link("payments.PaymentOrder", "status__exact=paid"),
        ),
        Figure(
            _("Refunded today"),
            display_fen(sum(returned)),
            _n(len(returned)),
            icon="undo",
            link=list_link("payments.Refund"),
        ),
        Figure(
            _("Refunds for staff"),
            str(waiting),
            _("approve or decide"),
            icon="gavel",
            tone="warning" if waiting else "",
            link=list_link("payments.Refund", f"status__exact={RefundStatus.NEEDS_STAFF}"),
        ),
        Figure(
            _("Odd payments"),
            str(odd),
            _("do not match or stay open"),
            icon="report",
            tone="danger" if odd else "",
            link=list_link("payments.PaymentAttempt"),
        ),
    ]


def _n(count: int) -> str:
    return ngettext("%(count)s payment", "%(count)s payments", count) % {"count": count}
