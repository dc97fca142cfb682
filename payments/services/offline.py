"""Payments at the desk or by bank transfer: staff confirm them with a proof."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import translate
from clinic.settings import rules
from payments.enums import Channel, ProofKind, Provider
from payments.errors import MethodNotPossibleError, PaymentNeedsSecondPersonError
from payments.models import OfflineProof, PaymentAttempt, PaymentOrder
from payments.selectors.orders import open_attempt
from payments.services.attempts import check_payable, settle_now
from payments.services.provider_calls import make_room, outside_transaction
from payments.services.states import lock_order


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What a person saw of a payment outside; above the limit a second one has approved it."""

    kind: str
    reference: str
    received_at: datetime
    confirmed_by_id: int
    approved_by_id: int | None = None


def needs_second_person(order: PaymentOrder) -> bool:
    """Say whether a payment outside of this order is confirmed by two people."""
    return order.amount_fen > rules.STAFF_REFUND_LIMIT_FEN


def take_offline_payment(
    order_id: int, *, kind: ProofKind, reference: str, received_at: datetime, actor: Actor
) -> PaymentAttempt:
    """Mark an order as paid with money that staff received, under a proof that pays once.

    An open try at a provider is ended first, so never call it in a transaction. Raises
    OrderAlreadyPaidError, OrderNotPayableError, PaymentInProgressError, ProofUsedError,
    ProviderUnavailableError, MethodNotPossibleError for an order of nothing,
    PaymentNeedsSecondPersonError above the limit: see ``offline_claims``.
    """
    receipt = Receipt(
        kind=kind,
        reference=reference.strip()[:60],
        received_at=received_at,
        confirmed_by_id=actor.account_id,
    )
    moment = end_open_try(order_id, actor=actor)
    try:
        with transaction.atomic():
            return settle_by_receipt(order_id, receipt, actor=actor, moment=moment)
    except IntegrityError as error:
        raise translate(error) from None


def end_open_try(order_id: int, *, actor: Actor) -> datetime:
    """End what may still be paid at a provider; return the moment. Never in a transaction."""
    outside_transaction()
    moment = now()
    attempt = open_attempt(order_id)
    if attempt is not None:
        make_room(attempt, actor=actor, moment=moment)
    return moment


def settle_by_receipt(
    order_id: int, receipt: Receipt, *, actor: Actor, moment: datetime
) -> PaymentAttempt:
    """Pay an order by a receipt, in the caller's transaction."""
    order = lock_payable(order_id, moment=moment)
    if needs_second_person(order) and receipt.approved_by_id in {None, receipt.confirmed_by_id}:
        raise PaymentNeedsSecondPersonError
    attempt = settle_now(order, Provider.OFFLINE, Channel.COUNTER, actor=actor, moment=moment)
    proof = OfflineProof.objects.create(
        attempt=attempt,
        kind=receipt.kind,
        reference=receipt.reference,
        received_at=receipt.received_at,
        confirmed_by_id=receipt.confirmed_by_id,
        approved_by_id=receipt.approved_by_id,
    )
    audit.record(actor, "payment.offline", "order", order.public_id, proof=str(proof.public_id))
    return attempt


def lock_payable(order_id: int, *, moment: datetime) -> PaymentOrder:
    """Return a locked order that money outside can pay. Raises MethodNotPossibleError."""
    order = lock_order(order_id)
    check_payable(order, moment=moment)
    if order.amount_fen == 0:
        raise MethodNotPossibleError
    return order
