"""Deciding on refunds. Sending them is in ``refund_steps``."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import InvalidInputError
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules
from payments.enums import (
    REFUNDABLE,
    RefundReason,
    RefundSource,
    RefundStatus,
)
from payments.errors import (
    NothingToRefundError,
    RefundTooLargeError,
    SecondPersonRequiredError,
    TooManyRefundsError,
)
from payments.gateways.registry import gateway_of
from payments.models import PaymentAttempt, PaymentOrder, Refund
from payments.selectors.orders import applied_attempt
from payments.services.payers import tell_payer
from payments.services.refund_bookings import (
    approve,
    complete,
    release,
    reserve,
)
from payments.services.states import lock_order, lock_refund


def refund_by_staff(
    order_id: int, *, amount_fen: int | None, is_all: bool, why: str, actor: Actor
) -> Refund:
    """Refund what staff ask for: so much, or all that is left; never all by leaving something out.

    Raises InvalidInputError unless exactly one is given, and what ``request_refund`` raises.
    """
    if (amount_fen is None) != is_all:
        message = _("Give the amount or choose all that is left; one of them.")
        raise InvalidInputError("amount_fen", message, code="required")
    return request_refund(
        order_id=order_id,
        amount_fen=amount_fen,
        reason=RefundReason.STAFF,
        source=RefundSource.STAFF,
        actor=actor,
        why=why,
    )


def request_refund(
    *,
    order_id: int,
    amount_fen: int | None,
    reason: RefundReason,
    source: str,
    actor: Actor,
    why: str = "",
) -> Refund:
    """Reserve money of a paid order to go back; None means all that is left.

    ``why`` is what staff say about it, for the audit log; theirs (source "staff") needs it.

    A refund by rule (source "system") exists once per order and reason: asking again returns it.
    Money paid inside is back when this returns; money paid outside follows within minutes. Staff
    refunds above the limit wait for a second person. Raises InvalidInputError without ``why``,
    NothingToRefundError, RefundTooLargeError, TooManyRefundsError.
    """
    if source == RefundSource.STAFF and not why.strip():
        raise InvalidInputError("reason", _("Say why."), code="required")
    with transaction.atomic():
        order = lock_order(order_id)
        known = _same_by_rule(order, reason, source)
        if known is not None:
            return known
        attempt = applied_attempt(order_id)
        if attempt is None:
            raise NothingToRefundError
        amount = order.left_fen if amount_fen is None else amount_fen
        _check(order, attempt, amount)
        refund = reserve(
            order,
            attempt,
            amount,
            reason=reason,
            source=source,
            requested_by_id=actor.user_id,
        )
        told = {"why": why[:120]} if why else {}
        audit.record(
            actor,
            "refund.request",
            "order",
            order.public_id,
            amount_fen=amount,
            reason=reason,
            **told,
        )
        if not _needs_second_person(refund):
            approve(refund, actor=actor)
    return refund


def approve_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Let a waiting refund go on its way.

    Raises SecondPersonRequiredError for who asked for it and for who gets the money.
    """
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        check_second_person(refund, actor)
        refund.approved_by_id = actor.user_id
        refund.save(update_fields=["approved_by"])
        approve(refund, actor=actor)
        audit.record(actor, "refund.approve", "refund", refund.public_id)
    return refund


def reject_refund(refund_id: int, *, actor: Actor, reason: str) -> Refund:
    """Give up a refund that waits for approval or for staff; its money returns to the order.

    A payer who asked for it is told.
    """
    with transaction.atomic():
        order, refund = lock_refund(refund_id)
        release(refund, actor=actor, reason=reason)
        if refund.source == RefundSource.PATIENT:
            tell_payer(order, refund.amount_fen, NoticeKind.REFUND_REFUSED)
        audit.record(actor, "refund.reject", "refund", refund.public_id)
    return refund


def retry_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Send a refund that needs staff again, under the same number."""
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        approve(refund, actor=actor, reason="sent again by staff")
        audit.record(actor, "refund.retry", "refund", refund.public_id)
    return refund


def settle_refund_by_staff(refund_id: int, *, actor: Actor, evidence: str) -> Refund:
    """Record that staff saw the money returned outside (``evidence`` is a reference number).

    Above the limit it is not who asked for the refund. Raises SecondPersonRequiredError.
    """
    with transaction.atomic():
        _order, refund = lock_refund(refund_id)
        check_second_person(refund, actor)
        complete(refund, actor=actor, gateway_refund_id=evidence)
        audit.record(actor, "refund.settle", "refund", refund.public_id, evidence=evidence[:40])
    return refund


def check_second_person(refund: Refund, actor: Actor) -> None:
    """Raise SecondPersonRequiredError when who asked for it, or its payer, acts on a large refund.

    One that staff ask for on an order of their own needs two people whatever its size.
    """
    if not is_second_person(refund, actor):
        raise SecondPersonRequiredError


def is_second_person(refund: Refund, actor: Actor) -> bool:
    """Say whether an actor may let the refund go: neither who asked for a large one nor payer."""
    own = {refund.requested_by_id, refund.order.payer_id}
    return not _needs_second_person(refund) or actor.user_id not in own


def _same_by_rule(order: PaymentOrder, reason: str, source: str) -> Refund | None:
    if source != RefundSource.SYSTEM:
        return None
    rows = Refund.objects.filter(order=order, reason=reason, source=source)
    return rows.exclude(status=RefundStatus.FAILED).first()


def _check(order: PaymentOrder, attempt: PaymentAttempt, amount_fen: int) -> None:
    if order.status not in REFUNDABLE:
        raise NothingToRefundError
    if order.left_fen == 0 and order.amount_fen > 0:
        raise NothingToRefundError
    if amount_fen > order.left_fen or (amount_fen <= 0 < order.amount_fen):
        raise RefundTooLargeError
    able = gateway_of(attempt.provider).capabilities
    done = Refund.objects.filter(attempt=attempt).exclude(status=RefundStatus.FAILED).count()
    if done >= able.max_refunds or _is_too_old(attempt, now()):
        raise TooManyRefundsError


def _is_too_old(attempt: PaymentAttempt, moment: datetime) -> bool:
    able = gateway_of(attempt.provider).capabilities
    if able.is_internal or attempt.succeeded_at is None:
        return False
    return moment - attempt.succeeded_at > able.refund_within


def _needs_second_person(refund: Refund) -> bool:
    is_by_hand = refund.source in {RefundSource.STAFF, RefundSource.PATIENT}
    is_own = refund.requested_by_id == refund.order.payer_id
    return is_by_hand and (is_own or refund.amount_fen > rules.STAFF_REFUND_LIMIT_FEN)
