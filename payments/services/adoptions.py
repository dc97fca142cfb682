"""Refunds that somebody began at the provider, past us: they are facts, so they are taken over."""

import logging

from django.db import IntegrityError, transaction

from clinic.core.actor import Actor
from payments.enums import (
    REFUNDABLE,
    Disposition,
    EventOutcome,
    RefundReason,
    RefundSource,
    RefundStatus,
)
from payments.gateways.types import RefundSnapshot, RefundState
from payments.models import MerchantConfig, PaymentAttempt, Refund
from payments.selectors.merchants import same_account
from payments.services.refund_bookings import complete, reserve
from payments.services.states import lock_attempt, move_refund

log = logging.getLogger(__name__)


def adopt_refund(
    merchant: MerchantConfig, snapshot: RefundSnapshot, *, actor: Actor
) -> EventOutcome:
    """Book a finished refund that is not ours on the order it belongs to, once.

    What cannot be booked (nothing left of the order, a spent top-up, a payment we do not know)
    changes nothing: the reconciliation of its day shows it to staff.
    """
    if snapshot.state != RefundState.SUCCEEDED:
        return EventOutcome.UNCHANGED
    attempts = PaymentAttempt.objects.filter(
        merchant__in=same_account(merchant),
        out_trade_no=snapshot.out_trade_no,
        disposition=Disposition.APPLIED,
    )
    attempt_id = attempts.values_list("pk", flat=True).first()
    if attempt_id is None:
        log.error("refund of an unknown payment")
        return EventOutcome.UNKNOWN_NUMBER
    try:
        return _adopt(attempt_id, snapshot, actor=actor)
    except IntegrityError as error:  # a top-up that was spent
        log.error("refund cannot be booked", extra={"why": type(error).__name__})
        return EventOutcome.MISMATCH


def _adopt(attempt_id: int, snapshot: RefundSnapshot, *, actor: Actor) -> EventOutcome:
    with transaction.atomic():
        order, attempt = lock_attempt(attempt_id)
        if Refund.objects.filter(out_refund_no=snapshot.out_refund_no).exists():
            return EventOutcome.REPEATED
        if order.status not in REFUNDABLE or not 0 < snapshot.amount_fen <= order.left_fen:
            return EventOutcome.MISMATCH
        refund = reserve(
            order,
            attempt,
            snapshot.amount_fen,
            reason=RefundReason.STAFF,
            source=RefundSource.GATEWAY,
            requested_by_id=None,
            number=snapshot.out_refund_no,
        )
        move_refund(refund, RefundStatus.APPROVED, actor=actor, reason="begun at the provider")
        complete(refund, actor=actor, gateway_refund_id=snapshot.refund_id)
    return EventOutcome.ADOPTED
