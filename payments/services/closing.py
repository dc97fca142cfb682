"""Ending orders at the provider, and asking about attempts: the sweeps over outside state."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from clinic.adapters.errors import AdapterError
from clinic.core.actor import system_actor
from clinic.core.batches import each_alone
from clinic.core.clock import now
from payments.enums import OrderStatus
from payments.models import PaymentAttempt, PaymentOrder
from payments.selectors.orders import open_attempt
from payments.services.orders import begin_expired, close_when_nothing_open
from payments.services.provider_calls import end_attempt, query_attempt, schedule_next_query
from payments.services.states import lock_order

log = logging.getLogger(__name__)
CLOSING = system_actor("order closing")
POLLING = system_actor("payment query")
LEASE = timedelta(seconds=60)  # longer than one query: two sweeps do not ask at once


def expire_orders(*, moment: datetime | None = None) -> int:
    """End unpaid orders whose time is over, as far as their providers let it happen now."""
    moment = moment or now()
    begun = begin_expired(moment=moment)
    settle_closing_orders(moment=moment)
    return begun


def settle_closing_orders(*, moment: datetime, limit: int = 200) -> None:
    """Carry every closing order on, oldest first; one that fails does not stop the others."""
    rows = PaymentOrder.objects.filter(status=OrderStatus.CLOSING).order_by("expires_at")
    keys = list(rows.values_list("pk", flat=True)[:limit])
    each_alone(keys, lambda key: settle_closing(key, moment=moment))


def settle_closing(order_id: int, *, moment: datetime | None = None) -> bool:
    """Ask about, then close, the open attempt of a closing order; close the order after it.

    Money found on the way pays the order. Returns whether the order is closed now.
    """
    moment = moment or now()
    attempt = open_attempt(order_id)
    try:
        if attempt is not None:
            end_attempt(attempt.pk, actor=CLOSING, moment=moment)
    except AdapterError as error:
        log.warning("closing waits for the provider", extra={"reason": type(error).__name__})
        return False
    with transaction.atomic():
        return close_when_nothing_open(lock_order(order_id), actor=CLOSING)


def poll_attempts(*, moment: datetime | None = None, limit: int = 100) -> int:
    """Ask the providers about attempts whose time has come; return how many were asked."""
    moment = moment or now()
    keys = _lease_due(moment, limit)
    each_alone(keys, lambda key: _poll(key, moment=moment))
    return len(keys)


def _poll(key: int, *, moment: datetime) -> None:
    try:
        query_attempt(key, actor=POLLING, moment=moment)
    except AdapterError as error:
        log.warning("query failed", extra={"attempt_id": key, "reason": type(error).__name__})
        schedule_next_query(key, moment=moment)


def _lease_due(moment: datetime, limit: int) -> list[int]:
    with transaction.atomic():
        due = PaymentAttempt.objects.select_for_update(skip_locked=True, no_key=True)
        keys = list(
            due.filter(next_poll_at__lte=moment)
            .order_by("next_poll_at")
            .values_list("pk", flat=True)[:limit]
        )
        PaymentAttempt.objects.filter(pk__in=keys).update(next_poll_at=moment + LEASE)
    return keys
