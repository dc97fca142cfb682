"""Moves of the three state machines: one function each, under the lock of the order."""

import json
from typing import Any, Final

from django.db import connection

from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.statements import Statement, Write, rows_of, run
from clinic.core.transitions import check_move
from payments.enums import ATTEMPT_MOVES, ORDER_MOVES, REFUND_MOVES
from payments.models import (
    MerchantConfig,
    PaymentAttempt,
    PaymentHistory,
    PaymentOrder,
    Refund,
)
from payments.services.statements import (
    ATTEMPT,
    LOCK_ATTEMPT,
    LOCK_TRADE,
    MERCHANT,
    ORDER,
    moving,
)

_TABLES: Final = {
    PaymentOrder: "paymentorder",
    PaymentAttempt: "paymentattempt",
    Refund: "refund",
}


def lock_order(order_id: int) -> PaymentOrder:
    """Return the order, locked until the end of the caller's transaction.

    Every change of an order, its attempts and refunds begins here.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lock_order needs a transaction")
    return PaymentOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)


def lock_attempt(attempt_id: int) -> tuple[PaymentOrder, PaymentAttempt]:
    """Return an attempt and its order, both locked, the order first."""
    found = _locked(LOCK_ATTEMPT, attempt_id)
    if found is None:
        raise PaymentAttempt.DoesNotExist
    return found


def lock_trade(
    merchant: MerchantConfig, out_trade_no: str
) -> tuple[PaymentOrder, PaymentAttempt] | None:
    """Do the same for the attempt that a merchant's provider knows by this number, if any."""
    return _locked(LOCK_TRADE, merchant.pk, out_trade_no)


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


def _locked(statement: Statement, *values: Any) -> tuple[PaymentOrder, PaymentAttempt] | None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock needs a transaction")
    for row in rows_of(statement, *values):
        columns = iter(row)  # each zip takes as many as it has names
        order = PaymentOrder.known(**dict(zip(ORDER, columns, strict=False)))
        attempt = PaymentAttempt.known(**dict(zip(ATTEMPT, columns, strict=False)))
        merchant = dict(zip(MERCHANT, columns, strict=False))
        attempt.order = order
        attempt.merchant = MerchantConfig.known(**merchant) if merchant["id"] else None
        return order, attempt
    return None


def move_order(
    order: PaymentOrder, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> None:
    """Move a locked order and write its history. Raises IllegalTransitionError."""
    run(moving_order(order, to, actor=actor, reason=reason, **changes))


def moving_order(
    order: PaymentOrder, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> Write:
    """Do the same, but leave the write to a round trip with others."""
    check_move(ORDER_MOVES, order.status, to)
    return _move(order, order.pk, to, actor=actor, reason=reason, **changes)


def move_attempt(
    attempt: PaymentAttempt, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> None:
    """Move an attempt of a locked order and write its history. Raises IllegalTransitionError."""
    run(moving_attempt(attempt, to, actor=actor, reason=reason, **changes))


def moving_attempt(
    attempt: PaymentAttempt, to: str, *, actor: Actor, reason: str = "", **changes: Any
) -> Write:
    """Do the same, but leave the write to a round trip with others."""
    check_move(ATTEMPT_MOVES, attempt.status, to)
    return _move(attempt, attempt.order_id, to, actor=actor, reason=reason, **changes)


def move_refund(refund: Refund, to: str, *, actor: Actor, reason: str = "", **changes: Any) -> None:
    """Move a refund of a locked order and write its history. Raises IllegalTransitionError."""
    check_move(REFUND_MOVES, refund.status, to)
    run(_move(refund, refund.order_id, to, actor=actor, reason=reason, **changes))


def note(order: PaymentOrder, *, actor: Actor, reason: str, attempt_id: int | None = None) -> None:
    """Write into the history of a locked order what did not move it."""
    PaymentHistory.objects.create(
        order=order,
        attempt_id=attempt_id,
        from_status=order.status,
        to_status=order.status,
        actor=actor.label[:80],
        reason=reason[:120],
    )


def _move(
    row: PaymentOrder | PaymentAttempt | Refund,
    order_id: int,
    to: str,
    *,
    actor: Actor,
    reason: str,
    **changes: Any,
) -> Write:
    """Give the row its new state and return the write of state and history."""
    before, changes = row.status, {"status": to, **changes}
    for name, value in changes.items():
        setattr(row, name, value)
    values = (
        *(json.dumps(value) if isinstance(value, dict) else value for value in changes.values()),
        row.pk,
        order_id,
        row.pk if isinstance(row, PaymentAttempt) else None,
        row.pk if isinstance(row, Refund) else None,
        before,
        to,
        actor.label[:80],
        reason[:120],
        now(),
    )
    return Write(moving(_TABLES[type(row)], tuple(changes)), values)
