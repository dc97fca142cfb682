"""What finance staff do about a payment by hand; refunds are in ``refunds``."""

from datetime import datetime

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.money import CURRENCY
from payments.enums import EventOutcome
from payments.errors import MethodNotPossibleError
from payments.gateways.types import TradeSnapshot, TradeState
from payments.selectors.orders import get_attempt
from payments.services.provider_calls import query_attempt
from payments.services.snapshots import apply_snapshot


def query_by_staff(attempt_id: int, *, actor: Actor) -> EventOutcome:
    """Ask the provider now. Never in a transaction. Raises AdapterError."""
    outcome = query_attempt(attempt_id, actor=actor, moment=now())
    attempt = get_attempt(attempt_id)
    audit.record(actor, "payment.query", "attempt", attempt.public_id, outcome=outcome.value)
    return outcome


def confirm_by_staff(
    attempt_id: int, *, actor: Actor, transaction_id: str, paid_at: datetime
) -> EventOutcome:
    """Apply a payment that staff saw at the provider, under the provider's number.

    Raises MethodNotPossibleError for payments that never leave the house.
    """
    attempt = get_attempt(attempt_id)
    if attempt.merchant is None:
        raise MethodNotPossibleError
    seen = TradeSnapshot(
        state=TradeState.PAID,
        out_trade_no=attempt.out_trade_no,
        merchant_number=attempt.merchant.merchant_number,
        app_id=attempt.merchant.app_id,
        amount_fen=attempt.amount_fen,
        currency=CURRENCY,
        transaction_id=transaction_id[:40],
        paid_at=paid_at,
    )
    outcome = apply_snapshot(attempt_id, seen, actor=actor, moment=now())
    audit.record(
        actor,
        "payment.confirm",
        "attempt",
        attempt.public_id,
        transaction_id=seen.transaction_id,
        outcome=outcome.value,
    )
    return outcome
