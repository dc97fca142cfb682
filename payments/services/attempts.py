"""Tries to pay: opening them, and those that settle in our own database."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.ids import random_code
from payments.enums import (
    TOP_UP,
    UNPAID,
    Channel,
    OrderStatus,
    Provider,
)
from payments.errors import (
    InsufficientBalanceError,
    MethodNotPossibleError,
    OrderAlreadyPaidError,
    OrderNotPayableError,
)
from payments.gateways.registry import gateway_of
from payments.models import PaymentAttempt, PaymentOrder
from payments.selectors.ledger import balance_of
from payments.selectors.merchants import merchant_for
from payments.services.snapshots import apply_to_locked
from payments.services.states import lock_order


def check_payable(order: PaymentOrder, *, moment: datetime) -> None:
    """Let a payable order pass. Raises OrderAlreadyPaidError or OrderNotPayableError."""
    if order.status not in UNPAID and order.status != OrderStatus.CLOSED:
        raise OrderAlreadyPaidError
    if order.status != OrderStatus.PENDING or order.expires_at <= moment:
        raise OrderNotPayableError


def open_outside_attempt(
    order_id: int, *, provider: Provider, channel: Channel, moment: datetime
) -> PaymentAttempt:
    """Store a new attempt before the provider hears of it.

    A second open one is refused by ``attempt_one_open_per_order``. Raises MethodNotPossibleError
    when no merchant is set up.
    """
    with transaction.atomic():
        order = lock_order(order_id)
        check_payable(order, moment=moment)
        merchant = merchant_for(provider, now=moment)
        if merchant is None or order.amount_fen == 0:
            raise MethodNotPossibleError
        return PaymentAttempt.objects.create(
            order=order,
            provider=provider,
            channel=channel,
            merchant=merchant,
            out_trade_no=_new_trade_number(),
            amount_fen=order.amount_fen,
            time_expire=order.expires_at,
        )


def pay_from_balance(order_id: int, *, actor: Actor) -> PaymentAttempt:
    """Pay an order from its payer's balance, all or nothing.

    Raises InsufficientBalanceError, MethodNotPossibleError for a top-up.
    """
    moment = now()
    with transaction.atomic():
        order = lock_order(order_id)
        check_payable(order, moment=moment)
        if order.subject_kind == TOP_UP:
            raise MethodNotPossibleError
        # Only for the kind answer: two spenders at once are stopped by the database.
        if balance_of(order.payer.public_id) < order.amount_fen:
            raise InsufficientBalanceError
        return settle_now(order, Provider.BALANCE, Channel.INTERNAL, actor=actor, moment=moment)


def settle_free_order(order_id: int, *, actor: Actor) -> PaymentAttempt:
    """Mark an order of nothing as paid, in the caller's transaction."""
    order = lock_order(order_id)
    return settle_now(order, Provider.FREE, Channel.INTERNAL, actor=actor, moment=now())


def settle_now(
    order: PaymentOrder, provider: Provider, channel: Channel, *, actor: Actor, moment: datetime
) -> PaymentAttempt:
    """Store an attempt of a locked order that is paid as it is made; no network."""
    attempt = PaymentAttempt.objects.create(
        order=order,
        provider=provider,
        channel=channel,
        out_trade_no=_new_trade_number(),
        amount_fen=order.amount_fen,
        time_expire=order.expires_at,
    )
    snapshot = gateway_of(provider).query(attempt)
    apply_to_locked(order, attempt, snapshot, actor=actor, moment=moment)
    return attempt


def _new_trade_number() -> str:
    return f"XC{random_code(26)}"
