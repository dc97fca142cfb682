"""Paying an order: what the payer's device needs, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from clinic.adapters.errors import AdapterError, DefiniteError, UnknownOutcomeError
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.settings import rules
from payments.enums import METHODS, OPEN_ATTEMPT, AttemptStatus, Channel, PayMethod, Provider
from payments.errors import ProviderRefusedError, ProviderUnavailableError
from payments.gateways.registry import gateway_of
from payments.gateways.types import NewPayment
from payments.models import PaymentAttempt, PaymentOrder
from payments.selectors.merchants import provider_for
from payments.selectors.orders import get_attempt, open_attempt
from payments.services.attempts import check_payable, open_outside_attempt, pay_from_balance
from payments.services.provider_calls import make_room, outside_transaction
from payments.services.states import lock_attempt, move_attempt


@dataclass(frozen=True, kw_only=True)
class Payable:
    """An order with what its payer needs to pay it: ``params`` is empty when it is paid."""

    order: PaymentOrder
    method: str
    params: dict[str, Any]
    payable_until: datetime


def pay(
    order_id: int, *, method: PayMethod, actor: Actor, openid: str = "", payer_ip: str = ""
) -> Payable:
    """Prepare the payment of an order, or pay it from the balance at once.

    The same way again returns the same prepared payment while it is valid; another way first ends
    the earlier try at the provider. Talks to the provider: never call it in a transaction. Raises
    OrderAlreadyPaidError, OrderNotPayableError, MethodNotPossibleError, PaymentInProgressError,
    InsufficientBalanceError, ProviderUnavailableError, ProviderRefusedError.
    """
    outside_transaction()
    moment = now()
    providers, channel = METHODS[method]
    order = PaymentOrder.objects.get(pk=order_id)
    check_payable(order, moment=moment)
    attempt = open_attempt(order_id)
    if attempt is not None and _is_reusable(attempt, providers, channel, moment):
        return _payable(attempt, method)
    if attempt is not None:
        make_room(attempt, actor=actor, moment=moment)
    provider = provider_for(providers, now=moment)
    if provider == Provider.BALANCE:
        return _payable(pay_from_balance(order_id, actor=actor), method)
    attempt = open_outside_attempt(order_id, provider=provider, channel=channel, moment=moment)
    return _payable(_announce(attempt, openid=openid, payer_ip=payer_ip, actor=actor), method)


def _is_reusable(
    attempt: PaymentAttempt, providers: Sequence[Provider], channel: Channel, moment: datetime
) -> bool:
    if attempt.provider not in providers or attempt.channel != channel or not attempt.prepay:
        return False
    return attempt.status == AttemptStatus.SUBMITTED and moment < _payable_until(attempt)


def _payable_until(attempt: PaymentAttempt) -> datetime:
    able = gateway_of(attempt.provider).capabilities
    valid = able.prepay_valid_of.get(Channel(attempt.channel), able.prepay_valid)
    return min(attempt.created_at + valid, attempt.time_expire)


def _announce(
    attempt: PaymentAttempt, *, openid: str, payer_ip: str, actor: Actor
) -> PaymentAttempt:
    """Make the payment at the provider and keep what shows it; every outcome is written down."""
    gateway = gateway_of(attempt.provider)
    payment = NewPayment(
        attempt=attempt, title=attempt.order.title, openid=openid, payer_ip=payer_ip
    )
    try:
        prepay = gateway.create(payment)
    except UnknownOutcomeError as error:
        _write(attempt, AttemptStatus.UNKNOWN, actor=actor, failure=error.code[:60])
        raise ProviderUnavailableError from None
    except DefiniteError as error:
        _write(attempt, AttemptStatus.FAILED, actor=actor, failure=error.code[:60])
        raise ProviderRefusedError from None
    except AdapterError:
        _write(attempt, AttemptStatus.FAILED, actor=actor, failure="not reached")
        raise ProviderUnavailableError from None
    _write(attempt, AttemptStatus.SUBMITTED, actor=actor, prepay=prepay)
    return get_attempt(attempt.pk)


def _write(attempt: PaymentAttempt, to: AttemptStatus, *, actor: Actor, **changes: Any) -> None:
    """Write the outcome of the create call, unless a callback was faster."""
    first_query = now() + timedelta(seconds=rules.POLL_LADDER_SECONDS[0])
    with transaction.atomic():
        _order, locked = lock_attempt(attempt.pk)
        if locked.status not in {AttemptStatus.CREATED, AttemptStatus.UNKNOWN}:
            return
        watch = first_query if to in OPEN_ATTEMPT else None
        move_attempt(locked, to, actor=actor, next_poll_at=watch, **changes)


def _payable(attempt: PaymentAttempt, method: str) -> Payable:
    order = PaymentOrder.objects.get(pk=attempt.order_id)
    gateway = gateway_of(attempt.provider)
    is_open = attempt.status == AttemptStatus.SUBMITTED and bool(attempt.prepay)
    return Payable(
        order=order,
        method=method,
        params=gateway.client_params(attempt) if is_open else {},
        payable_until=_payable_until(attempt),
    )
