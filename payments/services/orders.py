"""Making and ending orders."""

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from clinic.core.actor import Actor, system_actor
from clinic.core.batches import each_alone
from clinic.core.clock import clinic_day, now
from clinic.core.events import publish
from clinic.core.ids import random_digits, uuid7
from clinic.core.statements import rows_of
from payments.enums import OPEN_ATTEMPT, OrderStatus
from payments.errors import OrderNotCancellableError
from payments.events import OrderClosed, OrderClosing
from payments.models import PaymentOrder
from payments.selectors.orders import order_of
from payments.selectors.prices import Price
from payments.services.attempts import settle_free_order
from payments.services.statements import INSERT_ORDER
from payments.services.states import lock_order, move_order

EXPIRY = system_actor("order expiry")
_NEW: Final = {
    "paid_fen": 0,
    "refund_reserved_fen": 0,
    "refunded_fen": 0,
    "status": OrderStatus.PENDING.value,
    "paid_at": None,
    "closed_at": None,
}


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
    wanted: dict[str, Any] = {
        "public_id": uuid7(),
        "created_at": now(),
        "number": _new_number(),
        "payer_id": payer_id,
        "subject_kind": subject_kind,
        "subject_public_id": subject_public_id,
        "title": title[:120],
        "amount_fen": price.amount_fen,
        "price_snapshot": {
            "amount_fen": price.amount_fen,
            "source": price.source,
            "rule_id": price.rule_id,
        },
        "expires_at": expires_at,
    }
    made = _insert(wanted) if price.amount_fen else _insert_free(wanted, actor=actor)
    found = made or order_of(subject_kind, subject_public_id)
    if found is None:
        raise RuntimeError("orders are never removed")
    return found


def _insert(wanted: dict[str, Any]) -> PaymentOrder | None:
    """Store the order; None when the subject has a live one."""
    snapshot = json.dumps(wanted["price_snapshot"])
    for row in rows_of(INSERT_ORDER, *(wanted | {"price_snapshot": snapshot}).values()):
        return PaymentOrder.known(**wanted, **_NEW, id=row[0])
    return None


def _insert_free(wanted: dict[str, Any], *, actor: Actor) -> PaymentOrder | None:
    with transaction.atomic():
        made = _insert(wanted)
        if made is not None:
            settle_free_order(made.pk, actor=actor)
            made.refresh_from_db()
    return made


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
    return each_alone(keys, _expire)


def _expire(order_id: int) -> None:
    with transaction.atomic():
        order = lock_order(order_id)
        if order.status == OrderStatus.PENDING:
            _begin_closing(order, actor=EXPIRY, reason="expired")


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
