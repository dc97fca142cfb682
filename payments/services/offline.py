"""Payments at the desk or by bank transfer: staff confirm them with a proof."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import translate
from payments.enums import Channel, ProofKind, Provider
from payments.errors import MethodNotPossibleError
from payments.models import OfflineProof, PaymentAttempt
from payments.selectors.orders import open_attempt
from payments.services.attempts import check_payable, settle_now
from payments.services.provider_calls import make_room, outside_transaction
from payments.services.states import lock_order


def take_offline_payment(
    order_id: int, *, kind: ProofKind, reference: str, received_at: datetime, actor: Actor
) -> PaymentAttempt:
    """Mark an order as paid with money that staff received, under a proof that pays once.

    An open try at a provider is ended first, so never call it in a transaction. Raises
    OrderAlreadyPaidError, OrderNotPayableError, PaymentInProgressError, ProofUsedError,
    ProviderUnavailableError, MethodNotPossibleError for an order of nothing.
    """
    outside_transaction()
    moment = now()
    attempt = open_attempt(order_id)
    if attempt is not None:
        make_room(attempt, actor=actor, moment=moment)
    try:
        with transaction.atomic():
            order = lock_order(order_id)
            check_payable(order, moment=moment)
            if order.amount_fen == 0:
                raise MethodNotPossibleError
            attempt = settle_now(
                order, Provider.OFFLINE, Channel.COUNTER, actor=actor, moment=moment
            )
            proof = OfflineProof.objects.create(
                attempt=attempt,
                kind=kind,
                reference=reference.strip()[:60],
                received_at=received_at,
                confirmed_by_id=actor.account_id,
            )
            audit.record(
                actor, "payment.offline", "order", order.public_id, proof=str(proof.public_id)
            )
    except IntegrityError as error:
        raise translate(error) from None
    return attempt
