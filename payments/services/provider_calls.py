"""Questions to providers about one attempt. Never inside a transaction, never under a lock."""

from datetime import datetime, timedelta

from django.db import transaction

from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.settings import rules
from payments.enums import OPEN_ATTEMPT, AttemptStatus, EventOutcome
from payments.errors import PaymentInProgressError, ProviderUnavailableError
from payments.gateways.registry import gateway_of
from payments.gateways.types import CloseOutcome, TradeSnapshot, TradeState
from payments.models import PaymentAttempt
from payments.selectors.orders import get_attempt
from payments.services.snapshots import apply_snapshot


def outside_transaction() -> None:
    """Raise RuntimeError when a transaction is open: a provider's pause must not hold locks."""
    with transaction.atomic(durable=True):
        pass


def query_attempt(attempt_id: int, *, actor: Actor, moment: datetime) -> EventOutcome:
    """Ask the provider about an attempt and apply the answer. Raises AdapterError."""
    outside_transaction()
    attempt = get_attempt(attempt_id)
    snapshot = gateway_of(attempt.provider).query(attempt)
    outcome = apply_snapshot(attempt_id, snapshot, actor=actor, moment=moment)
    schedule_next_query(attempt_id, moment=moment)
    return outcome


def end_attempt(attempt_id: int, *, actor: Actor, moment: datetime) -> bool:
    """Ask first, then close what is still open; say whether the attempt is over now.

    One whose create call may still run is left alone. Raises AdapterError.
    """
    attempt = get_attempt(attempt_id)
    if attempt.status == AttemptStatus.CREATED and _may_still_run(attempt, moment):
        return False
    query_attempt(attempt_id, actor=actor, moment=moment)
    attempt = get_attempt(attempt_id)
    if attempt.status not in OPEN_ATTEMPT:
        return True
    if attempt.status != AttemptStatus.SUBMITTED:
        return False
    return _close(attempt, actor=actor, moment=moment)


def _close(attempt: PaymentAttempt, *, actor: Actor, moment: datetime) -> bool:
    gateway = gateway_of(attempt.provider)
    outcome = gateway.close(attempt)
    if outcome == CloseOutcome.RETRY:
        return False
    if outcome == CloseOutcome.NOT_EXIST and gateway.capabilities.is_unseen_payable:
        return False  # whoever has the QR code can still pay: its time ends it, or nobody
    if outcome == CloseOutcome.PAID:
        query_attempt(attempt.pk, actor=actor, moment=moment)
        return True
    _write_closed(attempt, actor=actor, moment=moment)
    return True


def _write_closed(attempt: PaymentAttempt, *, actor: Actor, moment: datetime) -> None:
    closed = TradeSnapshot(state=TradeState.CLOSED, out_trade_no=attempt.out_trade_no)
    apply_snapshot(attempt.pk, closed, actor=actor, moment=moment)
    schedule_next_query(attempt.pk, moment=moment)


def make_room(attempt: PaymentAttempt, *, actor: Actor, moment: datetime) -> None:
    """End an earlier attempt before a new one may begin.

    One that nobody has opened yet, and that cannot be ended there, is given up here: should it be
    paid all the same, that money goes back by itself. Raises PaymentInProgressError while it
    cannot be ended, ProviderUnavailableError.
    """
    try:
        is_over = end_attempt(attempt.pk, actor=actor, moment=moment)
    except AdapterError:
        raise ProviderUnavailableError from None
    if is_over:
        return
    attempt = get_attempt(attempt.pk)
    unseen = gateway_of(attempt.provider).capabilities.is_unseen_payable
    if not unseen or attempt.status != AttemptStatus.SUBMITTED:
        raise PaymentInProgressError
    _write_closed(attempt, actor=actor, moment=moment)


def schedule_next_query(attempt_id: int, *, moment: datetime) -> None:
    """Set when the provider is asked about an attempt again; never once its money is here."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    rows = PaymentAttempt.objects.filter(pk=attempt_id).exclude(status=AttemptStatus.SUCCEEDED)
    rows.update(next_poll_at=_next_query(attempt, moment), poll_count=attempt.poll_count + 1)


def _next_query(attempt: PaymentAttempt, moment: datetime) -> datetime | None:
    if moment > attempt.time_expire + rules.LATE_MONEY_WATCH:
        return None
    if attempt.status not in OPEN_ATTEMPT:
        return moment + rules.POLL_EVERY_WHEN_CLOSED
    step = min(attempt.poll_count, len(rules.POLL_LADDER_SECONDS) - 1)
    return moment + timedelta(seconds=rules.POLL_LADDER_SECONDS[step])


def _may_still_run(attempt: PaymentAttempt, moment: datetime) -> bool:
    return moment - attempt.created_at < rules.ATTEMPT_CALL_BUDGET
