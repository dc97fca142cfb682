"""Refunds and the ledger: reserving, paying out, putting back."""

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now
from clinic.core.events import publish
from clinic.core.ids import random_code
from clinic.notifications.enums import NoticeKind
from payments.enums import (
    TOP_UP,
    AccountKind,
    OrderStatus,
    RefundDestination,
    RefundReason,
    RefundSource,
    RefundStatus,
    TransactionKind,
)
from payments.events import RefundApproved, RefundSucceeded
from payments.gateways.registry import gateway_of
from payments.models import PaymentAttempt, PaymentOrder, RecognisedIncome, Refund
from payments.services.ledger import CLINIC, Leg, book
from payments.services.payers import tell_payer
from payments.services.states import move_order, move_refund

STRAY = system_actor("stray money")


def new_refund_number() -> str:
    """Return a refund number; it stays with the refund for ever."""
    return f"XR{random_code(28)}"


def reserve_stray_money(
    attempt: PaymentAttempt, *, source: RefundSource, reason: RefundReason
) -> Refund:
    """Send back late or duplicate money of an attempt of a locked order."""
    refund = Refund.objects.create(
        order=attempt.order,
        attempt=attempt,
        out_refund_no=new_refund_number(),
        amount_fen=attempt.amount_fen,
        reason=reason,
        source=source,
    )
    book_reservation(refund)
    tell_payer(refund.order, refund.amount_fen, NoticeKind.REFUND_STARTED)
    approve(refund, actor=STRAY)
    return refund


def approve(refund: Refund, *, actor: Actor, reason: str = "") -> None:
    """Let a refund of a locked order go on its way; inside money is back at once."""
    move_refund(refund, RefundStatus.APPROVED, actor=actor, reason=reason, next_try_at=now())
    if gateway_of(refund.attempt.provider).capabilities.is_internal:
        complete(refund, actor=actor)
        return
    publish(RefundApproved(refund_id=refund.pk))


def complete(refund: Refund, *, actor: Actor, gateway_refund_id: str = "") -> None:
    """Book that the payer has the money back, and tell. The order is locked by the caller."""
    move_refund(
        refund,
        RefundStatus.SUCCEEDED,
        actor=actor,
        completed_at=now(),
        next_try_at=None,
        failure="",
        gateway_refund_id=gateway_refund_id[:40],
    )
    funds = _destination(refund)
    if funds is not None:
        legs = [
            Leg(AccountKind.REFUND_PENDING, CLINIC, -refund.amount_fen),
            Leg(*funds, refund.amount_fen),
        ]
        _book(refund, "done", TransactionKind.REFUND_DONE, legs)
    if not refund.is_stray_money:
        _count_on_order(refund, actor=actor)
    if refund.destination == RefundDestination.BALANCE:
        tell_payer(refund.order, refund.amount_fen, NoticeKind.REFUND_TO_BALANCE)
    elif refund.is_stray_money or refund.order.subject_kind == TOP_UP:
        tell_payer(refund.order, refund.amount_fen, NoticeKind.REFUND_SUCCEEDED)


def release(refund: Refund, *, actor: Actor, reason: str) -> None:
    """Give a refund up and put its money back where it was. The order is locked by the caller."""
    move_refund(refund, RefundStatus.FAILED, actor=actor, reason=reason, next_try_at=None)
    legs = [Leg(leg.kind, leg.owner, -leg.amount_fen) for leg in _reservation(refund)]
    if refund.amount_fen:
        _book(refund, "released", TransactionKind.REFUND_RELEASED, legs)
    if not refund.is_stray_money:
        order = refund.order
        order.refund_reserved_fen -= refund.amount_fen
        order.save(update_fields=["refund_reserved_fen"])


def book_reservation(refund: Refund) -> None:
    """Move the refund's money out of reach. Raises IntegrityError when a balance is too small."""
    if refund.amount_fen:
        _book(refund, "reserved", TransactionKind.REFUND_RESERVED, _reservation(refund))


def shares_of_refund(order: PaymentOrder, amount_fen: int) -> tuple[int, int]:
    """Return what a refund takes from doctor and clinic; zeros while the money is still held."""
    income = RecognisedIncome.objects.filter(order=order).first()
    earned = income.doctor_fen + income.clinic_fen if income else 0
    if income is None or not earned:
        return 0, 0
    doctor = amount_fen * income.doctor_fen // earned
    return doctor, amount_fen - doctor


def reserve(
    order: PaymentOrder,
    attempt: PaymentAttempt,
    amount_fen: int,
    *,
    reason: str,
    source: str,
    requested_by_id: int | None,
    number: str = "",
) -> Refund:
    """Take money of a locked order out of reach and return the refund that waits for approval."""
    from_doctor, from_income = shares_of_refund(order, amount_fen)
    order.refund_reserved_fen += amount_fen
    order.save(update_fields=["refund_reserved_fen"])
    attempt.order = order
    refund = Refund.objects.create(
        order=order,
        attempt=attempt,
        out_refund_no=number or new_refund_number(),
        amount_fen=amount_fen,
        from_doctor_fen=from_doctor,
        from_income_fen=from_income,
        reason=reason,
        source=source,
        requested_by_id=requested_by_id,
    )
    book_reservation(refund)
    return refund


def _destination(refund: Refund) -> tuple[AccountKind, object] | None:
    if refund.destination == RefundDestination.BALANCE:
        return AccountKind.WALLET, refund.order.payer.public_id
    return gateway_of(refund.attempt.provider).funds(refund.attempt)


def _reservation(refund: Refund) -> list[Leg]:
    pending = Leg(AccountKind.REFUND_PENDING, CLINIC, refund.amount_fen)
    order = refund.order
    if refund.is_stray_money:
        return [Leg(AccountKind.SUSPENSE, CLINIC, -refund.amount_fen), pending]
    if order.subject_kind == TOP_UP:
        return [Leg(AccountKind.WALLET, order.payer.public_id, -refund.amount_fen), pending]
    earned = refund.from_doctor_fen + refund.from_income_fen
    if not earned:
        return [Leg(AccountKind.HELD, order.subject_kind, -refund.amount_fen), pending]
    doctor = RecognisedIncome.objects.get(order=order).doctor_user_public_id
    return [
        Leg(AccountKind.DOCTOR, doctor, -refund.from_doctor_fen),
        Leg(AccountKind.INCOME, CLINIC, -refund.from_income_fen),
        pending,
    ]


def _book(refund: Refund, step: str, kind: TransactionKind, legs: list[Leg]) -> None:
    key = f"refund:{refund.pk}:{step}"
    book(key=key, kind=kind, order=refund.order, refund=refund, legs=legs)


def _count_on_order(refund: Refund, *, actor: Actor) -> None:
    order = refund.order
    refunded = order.refunded_fen + refund.amount_fen
    is_full = refunded == order.paid_fen
    to = OrderStatus.REFUNDED if is_full else OrderStatus.PARTIALLY_REFUNDED
    move_order(order, to, actor=actor, reason=refund.reason, refunded_fen=refunded)
    publish(
        RefundSucceeded(
            refund_id=refund.pk,
            order_id=order.pk,
            subject_kind=order.subject_kind,
            subject_public_id=order.subject_public_id,
            amount_fen=refund.amount_fen,
            is_full=is_full,
        )
    )
