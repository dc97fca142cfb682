"""Payers who ask for their money: staff decide, and only then money moves."""

from datetime import datetime

from django.db import IntegrityError, transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.constraints import translate
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules
from payments.enums import REFUNDABLE, RefundReason, RefundSource, RequestState
from payments.errors import (
    NothingToRefundError,
    RefundTooLargeError,
    RefundTooLateError,
    RequestDecidedError,
)
from payments.models import PaymentOrder, Refund, RefundRequest
from payments.services.payers import tell_payer
from payments.services.refunds import request_refund
from payments.services.states import lock_order


def ask_for_refund(
    order_id: int, *, amount_fen: int | None, actor: Actor, reason: str = ""
) -> RefundRequest:
    """Write down what a payer asks for; None means all that is left. No money moves yet.

    ``reason`` is what the payer says about it; it may name an illness and is for staff alone.

    Raises NothingToRefundError, RefundTooLargeError, RefundTooLateError, RefundAskedError.
    """
    try:
        with transaction.atomic():
            order = lock_order(order_id)
            amount = order.left_fen if amount_fen is None else amount_fen
            _check(order, amount, moment=now())
            request = RefundRequest.objects.create(order=order, amount_fen=amount, reason=reason)
            audit.record(
                actor, "refund.ask", "order", order.public_id, request=str(request.public_id)
            )
    except IntegrityError as error:
        raise translate(error) from None
    return request


def grant_request(request_id: int, *, actor: Actor) -> Refund:
    """Refund what was asked for; above the limit a second person approves that refund.

    Raises RequestDecidedError, and what ``request_refund`` raises.
    """
    request = RefundRequest.objects.get(pk=request_id)
    with transaction.atomic():
        lock_order(request.order_id)
        if RefundRequest.objects.get(pk=request_id).state != RequestState.WAITING:
            raise RequestDecidedError
        refund = request_refund(
            order_id=request.order_id,
            amount_fen=request.amount_fen,
            reason=RefundReason.ASKED_FOR,
            source=RefundSource.PATIENT,
            actor=actor,
        )
        _decide(request, RequestState.GRANTED, actor=actor, refund=refund)
    return refund


def refuse_request(request_id: int, *, actor: Actor, reason: str) -> None:
    """Refuse a request and tell the payer; the reason stays in the audit log.

    Raises RequestDecidedError.
    """
    request = RefundRequest.objects.select_related("order").get(pk=request_id)
    with transaction.atomic():
        _decide(request, RequestState.REFUSED, actor=actor)
        tell_payer(request.order, request.amount_fen, NoticeKind.REFUND_REFUSED)
        audit.record(
            actor, "refund.refuse", "refund_request", request.public_id, reason=reason[:120]
        )


def _check(order: PaymentOrder, amount_fen: int, *, moment: datetime) -> None:
    if order.status not in REFUNDABLE or order.left_fen == 0 or order.paid_at is None:
        raise NothingToRefundError
    if amount_fen > order.left_fen:
        raise RefundTooLargeError
    if moment - order.paid_at > rules.REFUND_ASK_WITHIN:
        raise RefundTooLateError


def _decide(
    request: RefundRequest, state: RequestState, *, actor: Actor, refund: Refund | None = None
) -> None:
    waiting = RefundRequest.objects.filter(pk=request.pk, state=RequestState.WAITING)
    decided = waiting.update(
        state=state, decided_by_id=actor.account_id, decided_at=now(), refund=refund
    )
    if decided != 1:
        raise RequestDecidedError
