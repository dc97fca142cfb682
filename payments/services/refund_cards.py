"""Refunds whose way back is dead: to the payer's bank card, by the provider."""

import logging
from datetime import timedelta

from django.db import transaction

from clinic.adapters.errors import AdapterError, DefiniteError
from clinic.adapters.wechatpay.types import BankCard
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.settings import rules
from payments.enums import RefundStatus
from payments.errors import RefundNotStuckError, RefundNotToCardError
from payments.gateways.registry import card_gateway_of
from payments.gateways.types import RefundSnapshot
from payments.gateways.wechat_v3 import WeChatGateway
from payments.models import Refund
from payments.services.provider_calls import outside_transaction
from payments.services.refund_steps import apply_refund_snapshot, give_to_staff
from payments.services.refunds import check_second_person
from payments.services.states import lock_refund, move_refund

log = logging.getLogger(__name__)


def send_to_card(refund_id: int, *, card: BankCard, actor: Actor) -> None:
    """Have the provider send a stuck refund to the payer's card; the card is kept nowhere.

    Never in a transaction. When the answer is lost, the refund is asked about like any other.
    Raises RefundNotStuckError, RefundNotToCardError when the provider cannot or will not, and
    above the limit SecondPersonRequiredError for who asked for the refund.
    """
    outside_transaction()
    refund, gateway = _begin(refund_id, actor=actor)
    snapshot = _ask(gateway, refund, card)
    if snapshot is not None:
        apply_refund_snapshot(refund_id, snapshot, actor=actor, moment=now())


def _begin(refund_id: int, *, actor: Actor) -> tuple[Refund, WeChatGateway]:
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        if refund.status != RefundStatus.NEEDS_STAFF:
            raise RefundNotStuckError
        gateway = card_gateway_of(refund.attempt.provider)
        if gateway is None:
            raise RefundNotToCardError
        check_second_person(refund, actor)
        move_refund(
            refund,
            RefundStatus.PROCESSING,
            actor=actor,
            reason="to a card",
            tries=0,
            next_try_at=now() + timedelta(seconds=rules.REFUND_POLL_SECONDS[0]),
        )
        audit.record(actor, "refund.to_card", "refund", refund.public_id)
    return refund, gateway


def _ask(gateway: WeChatGateway, refund: Refund, card: BankCard) -> RefundSnapshot | None:
    try:
        return gateway.refund_to_card(refund, card)
    except DefiniteError as error:
        give_to_staff(refund.pk, failure=error.code or "refused")
        raise RefundNotToCardError from None
    except AdapterError as error:
        log.warning("refund waits", extra={"refund_id": refund.pk, "why": type(error).__name__})
        return None
