"""Making and ending orders."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import clinic_day, now
from clinic.core.constraints import constraint_of
from clinic.core.events import publish
from clinic.core.ids import random_digits
from payments.enums import OPEN_ATTEMPT, OrderStatus
from payments.errors import OrderNotCancellableError
from payments.events import OrderClosed, OrderClosing
from payments.models import PaymentOrder
from payments.selectors.orders import order_of
from payments.selectors.prices import Price
from payments.services.attempts import settle_free_order
from payments.services.states import lock_order, move_order

_ENDED = frozenset({OrderStatus.CLOSED, OrderStatus.REFUNDED})
EXPIRY = system_actor("order expiry")


def create_order(
    *,
    payer_id: int,
    subject_kind: str,
    subject_public_id: UUID,
    price: Price,
    title: str,
    expires_at: datetime,
    actor: Actor,
) -> PaymentOrder:
    """Return the live order of the subject, made now if there is none.

    The price is frozen on it. An order of nothing is paid at once. ``title`` is shown by the
    provider to the payer: no personal data.
    """
    found = order_of(subject_kind, subject_public_id)
    if found is not None and found.status not in _ENDED:
        return found
    draft = PaymentOrder(
        number=_new_number(),
        payer_id=payer_id,
        subject_kind=subject_kind,
        subject_public_id=subject_public_id,
        title=title[:120],
        amount_fen=price.amount_fen,
        price_snapshot={
            "amount_fen": price.amount_fen,
            "source": price.source,
            "rule_id": price.rule_id,
        },
        expires_at=expires_at,
    )
    with transaction.atomic():
        if not _inserted(draft):
            return order_of(subject_kind, subject_public_id) or draft
        if price.amount_fen == 0:
            settle_free_order(draft.pk, actor=actor)
            draft.refresh_from_db()
    return draft


def _inserted(draft: PaymentOrder) -> bool:
    """Store the order; False when another request was faster."""
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) != "order_one_live_per_subject":
            raise
        return False
    return True


def cancel_order(order_id: int, *, actor: Actor, reason: str) -> PaymentOrder:
    """Begin to end an unpaid order; with no attempt open it is closed at once. Repeatable.

    Raises OrderNotCancellableError once it is paid.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status in {OrderStatus.CLOSING, OrderStatus.CLOSED}:
            return order
        if order.status != OrderStatus.PENDING:
            raise OrderNotCancellableError
        _begin_closing(order, actor=actor, reason=reason)
    return order


def begin_expired(*, moment: datetime, limit: int = 200) -> int:
    """Begin to end orders whose time is over; return how many."""
    due = PaymentOrder.objects.filter(status=OrderStatus.PENDING, expires_at__lte=moment)
    keys = list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])
    for key in keys:
        with transaction.atomic():
            order = lock_order(key)
            if order.status == OrderStatus.PENDING:
                _begin_closing(order, actor=EXPIRY, reason="expired")
    return len(keys)


def _begin_closing(order: PaymentOrder, *, actor: Actor, reason: str) -> None:
    move_order(order, OrderStatus.CLOSING, actor=actor, reason=reason)
    if not close_when_nothing_open(order, actor=actor):
        publish(OrderClosing(order_id=order.pk))


def close_when_nothing_open(order: PaymentOrder, *, actor: Actor) -> bool:
    """Close a locked, closing order that has no open attempt; say whether it is closed now."""
    if order.status != OrderStatus.CLOSING:
        return False
    if order.attempts.filter(status__in=OPEN_ATTEMPT).exists():
        return False
    move_order(order, OrderStatus.CLOSED, actor=actor, closed_at=now())
    publish(
        OrderClosed(
            order_id=order.pk,
            subject_kind=order.subject_kind,
            subject_public_id=order.subject_public_id,
        )
    )
    return True


def _new_number() -> str:
    return f"{clinic_day(now()):%Y%m%d}{random_digits(12)}"
