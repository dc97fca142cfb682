"""Moves of the three state machines: one function each, under the lock of the order."""

from typing import Any

from django.db import connection

from clinic.core.actor import Actor
from clinic.core.transitions import check_move
from payments.enums import ATTEMPT_MOVES, ORDER_MOVES, REFUND_MOVES
from payments.models import PaymentAttempt, PaymentHistory, PaymentOrder, Refund


def lock_order(order_id: int) -> PaymentOrder:
    """Return the order, locked until the end of the caller's transaction.

    Every change of an order, its attempts and refunds begins here.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lock_order needs a transaction")
    return PaymentOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def lock_attempt(attempt_id: int) -> tuple[PaymentOrder, PaymentAttempt]:
    """Return an attempt and its order, both locked, the order first."""
    order_id = PaymentAttempt.objects.values_list("order_id", flat=True).get(pk=attempt_id)
    order = lock_order(order_id)
    attempt = (
        PaymentAttempt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("merchant")
        .get(pk=attempt_id)
    )
    attempt.order = order
    return order, attempt


def lock_refund(refund_id: int) -> tuple[PaymentOrder, Refund]:
    """Return a refund and its order, both locked, the order first."""
    order_id = Refund.objects.values_list("order_id", flat=True).get(pk=refund_id)
    order = lock_order(order_id)
    refund = (
        Refund.objects.select_for_update(of=("self",), no_key=True)
        .select_related("attempt", "attempt__merchant")
        .get(pk=refund_id)
    )
    refund.order = order
    refund.attempt.order = order
    return order, refund


def move_order(
    order: PaymentOrder, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> None:
    """Move a locked order and write its history. Raises IllegalTransitionError."""
    check_move(ORDER_MOVES, order.status, to)
    _remember(order, order.status, to, actor=actor, reason=reason)
    _save(order, status=to, **changes)


def move_attempt(
    attempt: PaymentAttempt, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> None:
    """Move an attempt of a locked order and write its history. Raises IllegalTransitionError."""
    check_move(ATTEMPT_MOVES, attempt.status, to)
    _remember(attempt.order, attempt.status, to, actor=actor, reason=reason, attempt_id=attempt.pk)
    _save(attempt, status=to, **changes)


def move_refund(refund: Refund, to: str, *, actor: Actor, reason: str = "", **changes: Any) -> None:
    """Move a refund of a locked order and write its history. Raises IllegalTransitionError."""
    check_move(REFUND_MOVES, refund.status, to)
    _remember(refund.order, refund.status, to, actor=actor, reason=reason, refund_id=refund.pk)
    _save(refund, status=to, **changes)


def note(order: PaymentOrder, *, actor: Actor, reason: str, attempt_id: int | None = None) -> None:
    """Write into the history of a locked order what did not move it."""
    _remember(order, order.status, order.status, actor=actor, reason=reason, attempt_id=attempt_id)


def _save(row: PaymentOrder | PaymentAttempt | Refund, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


def _remember(
    order: PaymentOrder,
    before: str,
    after: str,
    *,
    actor: Actor,
    reason: str,
    attempt_id: int | None = None,
    refund_id: int | None = None,
) -> None:
    PaymentHistory.objects.create(
        order=order,
        attempt_id=attempt_id,
        refund_id=refund_id,
        from_status=before,
        to_status=after,
        actor=actor.label[:80],
        reason=reason[:120],
    )
