"""Reads of orders."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from clinic.core.actor import Actor
from clinic.core.roles import Role
from payments.enums import (
    OPEN_ATTEMPT,
    Disposition,
    EndedBy,
    OrderStatus,
    RefundDestination,
    RefundSource,
    RefundStatus,
)
from payments.models import (
    PaymentAttempt,
    PaymentHistory,
    PaymentOrder,
    Refund,
    RefundRequest,
)

ODD_AFTER_QUERIES = 10  # half an hour of asking
SEES_ALL = frozenset({Role.FINANCE, Role.ADMIN, Role.CUSTOMER_SERVICE, Role.AUDITOR})


def visible_to(actor: Actor) -> QuerySet[PaymentOrder]:
    """Return the orders an actor may see: his own, or all for money staff."""
    if actor.roles & SEES_ALL:
        return PaymentOrder.objects.all()
    return PaymentOrder.objects.filter(payer_id=actor.user_id or 0)


def orders_of(actor: Actor) -> QuerySet[PaymentOrder]:
    """Return the actor's own orders, newest first."""
    return PaymentOrder.objects.filter(payer_id=actor.user_id or 0).order_by("-pk")


def orders_paid_by(payer_id: int) -> QuerySet[PaymentOrder]:
    """Return the orders of an account, newest first, for rooms above."""
    return PaymentOrder.objects.filter(payer_id=payer_id).order_by("-pk")


def order_of(subject_kind: str, subject_public_id: UUID) -> PaymentOrder | None:
    """Return the order of a subject: the live one, else the newest; None when there is none."""
    live = Case(
        When(status__in=[OrderStatus.CLOSED, OrderStatus.REFUNDED], then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return (
        PaymentOrder.objects.filter(subject_kind=subject_kind, subject_public_id=subject_public_id)
        .order_by(live, "-pk")
        .first()
    )


def get_order(order_id: int) -> PaymentOrder | None:
    """Return an order by its key."""
    return PaymentOrder.objects.filter(pk=order_id).first()


def who_ended(order: PaymentOrder) -> EndedBy | None:
    """Return whose wish ended an unpaid order: its payer's, the clinic's; None when time did."""
    rows = PaymentHistory.objects.filter(
        order=order, attempt=None, refund=None, to_status=OrderStatus.CLOSING
    )
    label = rows.order_by("-pk").values_list("actor", flat=True).first() or ""
    if not label.startswith("user:"):
        return None
    return EndedBy.PATIENT if label == f"user:{order.payer.public_id}" else EndedBy.SYSTEM


def paid_subjects(subject_kind: str, since: datetime) -> QuerySet[PaymentOrder, UUID]:
    """Return the subjects whose order was paid since then and holds money, for repair sweeps."""
    return PaymentOrder.objects.filter(
        subject_kind=subject_kind,
        paid_at__gte=since,
        status__in=[OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED],
    ).values_list("subject_public_id", flat=True)


def open_attempt(order_id: int) -> PaymentAttempt | None:
    """Return the attempt of an order that may still bring money, with its merchant."""
    return (
        PaymentAttempt.objects.select_related("merchant", "order")
        .filter(order_id=order_id, status__in=OPEN_ATTEMPT)
        .first()
    )


def get_attempt(attempt_id: int) -> PaymentAttempt:
    """Return an attempt with its order and merchant."""
    return PaymentAttempt.objects.select_related("merchant", "order").get(pk=attempt_id)


def applied_attempt(order_id: int) -> PaymentAttempt | None:
    """Return the attempt that paid an order."""
    return (
        PaymentAttempt.objects.select_related("merchant")
        .filter(order_id=order_id, disposition=Disposition.APPLIED)
        .first()
    )


def refunds_of(order: PaymentOrder) -> QuerySet[Refund]:
    """Return the refunds of an order, oldest first."""
    return Refund.objects.filter(order=order).select_related("balance_offer").order_by("pk")


def refunds_at_origin(order_id: int) -> QuerySet[Refund]:
    """Return refunds of an order's own money that are back where it came from, not on a balance."""
    rows = Refund.objects.filter(
        order_id=order_id,
        status=RefundStatus.SUCCEEDED,
        destination=RefundDestination.ORIGIN,
        amount_fen__gt=0,
    )
    return rows.exclude(source__in=(RefundSource.AUTO_LATE, RefundSource.AUTO_DUPLICATE))


def offered_refund(order: PaymentOrder) -> Refund | None:
    """Return the oldest stuck refund of an order that is offered to its payer's balance."""
    rows = Refund.objects.filter(
        order=order, status=RefundStatus.NEEDS_STAFF, balance_offer__isnull=False
    )
    return rows.order_by(F("balance_offer__consented_at").asc(nulls_first=True), "pk").first()


def requests_of(order: PaymentOrder) -> QuerySet[RefundRequest]:
    """Return what was asked for of an order, oldest first."""
    return RefundRequest.objects.filter(order=order).order_by("pk")


def odd_payments() -> Q:
    """Return what makes an attempt worth a look by staff: it does not match or stays open."""
    stays_open = Q(status__in=OPEN_ATTEMPT, poll_count__gt=ODD_AFTER_QUERIES)
    return Q(disposition=Disposition.MISMATCH) | stays_open
