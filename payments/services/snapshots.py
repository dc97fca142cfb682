"""What a payment looked like, applied to the order: the one door for callback, query and staff.

Money that arrived is a fact: it always counts. It pays the order, or it is late (order closed) or
duplicate (order paid), is kept apart and goes back by itself. Nothing happens twice.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.events import publish, publishing
from clinic.core.money import CURRENCY
from clinic.core.statements import Write, rows_of, run
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules
from payments.enums import (
    OPEN_ATTEMPT,
    TOP_UP,
    UNPAID,
    AccountKind,
    AttemptStatus,
    Disposition,
    EventOutcome,
    OrderStatus,
    RefundReason,
    RefundSource,
    TransactionKind,
)
from payments.events import OrderPaid, PaymentMismatched, StrayMoneyArrived
from payments.gateways.registry import gateway_of
from payments.gateways.types import TradeSnapshot, TradeState
from payments.models import PaymentAttempt, PaymentOrder
from payments.services.ledger import CLINIC, Leg, book, booking
from payments.services.payers import tell_payer
from payments.services.refund_bookings import reserve_stray_money
from payments.services.statements import OTHER_ATTEMPT_OF
from payments.services.states import lock_attempt, move_attempt, moving_attempt, moving_order, note

log = logging.getLogger(__name__)


def apply_snapshot(
    attempt_id: int, snapshot: TradeSnapshot, *, actor: Actor, moment: datetime
) -> EventOutcome:
    """Make the attempt and its order agree with what was seen; say what that meant.

    Runs in one transaction; safe to repeat, in any order, at the same time.
    """
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        return apply_to_locked(order, attempt, snapshot, actor=actor, moment=moment)


def apply_to_locked(
    order: PaymentOrder,
    attempt: PaymentAttempt,
    snapshot: TradeSnapshot,
    *,
    actor: Actor,
    moment: datetime,
) -> EventOutcome:
    """Do the same for an attempt that the caller has locked after its order."""
    if snapshot.state == TradeState.PAID:
        return _take_money(order, attempt, snapshot, actor=actor, moment=moment)
    if attempt.status not in OPEN_ATTEMPT:
        return EventOutcome.UNCHANGED
    if snapshot.state == TradeState.UNPAID:
        return _known_but_unpaid(attempt, actor=actor)
    if snapshot.state == TradeState.NOT_EXIST and not _is_gone(attempt, moment):
        return EventOutcome.UNCHANGED
    gone = snapshot.state == TradeState.NOT_EXIST and attempt.status != AttemptStatus.SUBMITTED
    to = AttemptStatus.FAILED if gone else AttemptStatus.CLOSED
    move_attempt(attempt, to, actor=actor, reason=snapshot.state.value)
    return EventOutcome.APPLIED


def _is_gone(attempt: PaymentAttempt, moment: datetime) -> bool:
    """Say whether "no such payment" can be believed: not while the create call may be under way."""
    if attempt.status == AttemptStatus.SUBMITTED:
        return moment > attempt.time_expire + rules.CLOSED_BY_EXPIRY_AFTER
    return moment > attempt.created_at + rules.ATTEMPT_CALL_BUDGET


def _known_but_unpaid(attempt: PaymentAttempt, *, actor: Actor) -> EventOutcome:
    if attempt.status == AttemptStatus.SUBMITTED:
        return EventOutcome.UNCHANGED
    move_attempt(attempt, AttemptStatus.SUBMITTED, actor=actor, reason="found by query")
    return EventOutcome.APPLIED


def _take_money(
    order: PaymentOrder,
    attempt: PaymentAttempt,
    snapshot: TradeSnapshot,
    *,
    actor: Actor,
    moment: datetime,
) -> EventOutcome:
    if _mismatch(attempt, snapshot):
        return _quarantine(order, attempt, actor=actor)
    if attempt.status == AttemptStatus.SUCCEEDED:
        return EventOutcome.REPEATED
    disposition = _disposition(order)
    arrived = moving_attempt(
        attempt,
        AttemptStatus.SUCCEEDED,
        actor=actor,
        reason=disposition.value,
        disposition=disposition,
        gateway_transaction_id=snapshot.transaction_id,
        succeeded_at=snapshot.paid_at or moment,
        next_poll_at=None,
    )
    if disposition == Disposition.APPLIED:
        run(arrived, *_paying(order, attempt, actor=actor, moment=moment))
        if order.subject_kind == TOP_UP:
            tell_payer(order, attempt.amount_fen, NoticeKind.TOP_UP_PAID)
    else:
        run(arrived)
        _keep_apart(order, attempt, disposition)
    return EventOutcome(disposition.value)


def _disposition(order: PaymentOrder) -> Disposition:
    if order.status in UNPAID:
        return Disposition.APPLIED
    if order.status == OrderStatus.CLOSED:
        return Disposition.LATE
    return Disposition.DUPLICATE


def _mismatch(attempt: PaymentAttempt, snapshot: TradeSnapshot) -> str:
    """Return the name of the first thing that differs from the attempt; empty when all agrees."""
    merchant = attempt.merchant
    if snapshot.out_trade_no != attempt.out_trade_no:
        return "trade number"
    if merchant and snapshot.merchant_number != merchant.merchant_number:
        return "merchant"
    if merchant and snapshot.app_id != merchant.app_id:
        return "app"
    if (snapshot.amount_fen, snapshot.currency) != (attempt.amount_fen, CURRENCY):
        return "amount"
    if not snapshot.transaction_id:
        return "transaction"
    known = attempt.gateway_transaction_id
    if known and known != snapshot.transaction_id:
        return "transaction"
    return "transaction" if _number_taken(attempt, snapshot.transaction_id) else ""


def _number_taken(attempt: PaymentAttempt, transaction_id: str) -> bool:
    """Say whether another attempt at the same merchant has this number."""
    if attempt.merchant_id is None:
        return False
    return bool(rows_of(OTHER_ATTEMPT_OF, attempt.merchant_id, transaction_id, attempt.pk))


def _quarantine(order: PaymentOrder, attempt: PaymentAttempt, *, actor: Actor) -> EventOutcome:
    """Change nothing but the mark; staff must look, the provider need not try again."""
    log.error("payment does not match", extra={"attempt_id": attempt.pk})
    if attempt.disposition == Disposition.NONE:
        attempt.disposition = Disposition.MISMATCH
        attempt.save(update_fields=["disposition"])
        note(order, actor=actor, reason="mismatch", attempt_id=attempt.pk)
        publish(PaymentMismatched(attempt_id=attempt.pk, order_id=order.pk))
    return EventOutcome.MISMATCH


def _paying(
    order: PaymentOrder, attempt: PaymentAttempt, *, actor: Actor, moment: datetime
) -> Iterator[Write]:
    """Yield what makes an order paid: its move, the booking where money moves, the fact."""
    yield moving_order(
        order, OrderStatus.PAID, actor=actor, paid_fen=attempt.amount_fen, paid_at=moment
    )
    funds = gateway_of(attempt.provider).funds(attempt)
    if funds is not None:
        is_top_up = order.subject_kind == TOP_UP
        target = (
            Leg(AccountKind.WALLET, order.payer.public_id, attempt.amount_fen)
            if is_top_up
            else Leg(AccountKind.HELD, order.subject_kind, attempt.amount_fen)
        )
        yield booking(
            key=f"payment:{attempt.pk}",
            kind=TransactionKind.TOP_UP if is_top_up else TransactionKind.PAYMENT,
            order=order,
            legs=[Leg(*funds, -attempt.amount_fen), target],
        )
    yield from publishing(
        OrderPaid(
            order_id=order.pk,
            subject_kind=order.subject_kind,
            subject_public_id=order.subject_public_id,
        )
    )


def _keep_apart(order: PaymentOrder, attempt: PaymentAttempt, disposition: Disposition) -> None:
    funds = gateway_of(attempt.provider).funds(attempt)
    if funds is not None:
        book(
            key=f"payment:{attempt.pk}",
            kind=TransactionKind.STRAY_MONEY,
            order=order,
            legs=[
                Leg(*funds, -attempt.amount_fen),
                Leg(AccountKind.SUSPENSE, CLINIC, attempt.amount_fen),
            ],
        )
    is_late = disposition == Disposition.LATE
    reserve_stray_money(
        attempt,
        source=RefundSource.AUTO_LATE if is_late else RefundSource.AUTO_DUPLICATE,
        reason=RefundReason.LATE_PAYMENT if is_late else RefundReason.DUPLICATE_PAYMENT,
    )
    publish(
        StrayMoneyArrived(attempt_id=attempt.pk, order_id=order.pk, disposition=disposition.value)
    )
