"""Money on its way back when a case ends without service."""

from datetime import datetime

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.notifications.selectors import notices_of
from clinic.settings import rules as numbers
from consultations.enums import OPEN_STATES, Reason, RefundBy, RefundMode, StaffTask, State
from consultations.models import Consultation
from consultations.rules import RefundDecision, refund_for
from consultations.services import announcing
from consultations.services.ending import end_without_service
from consultations.services.state import locked, locked_with_order
from payments.enums import REFUNDABLE, OrderStatus, RefundReason, RefundSource
from payments.models import Refund
from payments.selectors.orders import refunds_at_origin
from payments.services.income import recognise
from payments.services.refunds import request_refund


def settle_money(
    consultation: Consultation,
    *,
    by: RefundBy,
    actor: Actor,
    reason: RefundReason,
    now: datetime,
    provider_fault: bool = False,
) -> RefundDecision:
    """Apply the refund rule to a locked case that is about to end, before it moves.

    Money paid but not noticed yet counts as waiting. A decision for review is left to staff as a
    task on the case; the caller's move stores it.
    """
    order = consultation.order
    left = order.left_fen if order is not None and order.status in REFUNDABLE else 0
    state = consultation.state
    if state == State.PENDING_PAYMENT and left:
        state = State.WAITING_ASSIGNMENT
    decision = refund_for(
        actor=by,
        state=state,
        elapsed=now - consultation.state_since,
        amount_fen=left,
        provider_fault=provider_fault,
    )
    if decision.mode is RefundMode.REVIEW:
        consultation.staff_task = StaffTask.REFUND_REVIEW
    if decision.mode is RefundMode.AUTOMATIC:
        _refund(consultation, decision.amount_fen, reason, actor)
    return decision


def close_with_refund(
    consultation: Consultation,
    *,
    actor: Actor,
    reason: Reason,
    refund_reason: RefundReason,
    now: datetime,
) -> None:
    """End a locked case whose service the clinic could not give; all money goes back."""
    settle_money(
        consultation,
        by=RefundBy.SYSTEM,
        actor=actor,
        reason=refund_reason,
        now=now,
        provider_fault=True,
    )
    consultation.staff_task = StaffTask.NONE
    announcing.say(consultation, "refund_started")
    end_without_service(consultation, State.REFUNDED_CLOSED, actor=actor, reason=reason, now=now)
    if refund_reason is RefundReason.NOBODY_FOUND:
        announcing.tell_patient(consultation, NoticeKind.NOBODY_FOUND)


def send_back_late_money(consultation: Consultation, *, actor: Actor) -> None:
    """Refund money that came for a case that had ended unpaid. Repeatable."""
    order = consultation.order
    if order is not None and order.left_fen > 0:
        _refund(consultation, order.left_fen, RefundReason.LATE_PAYMENT, actor)


def note_full_refund(consultation_id: int, *, actor: Actor) -> None:
    """Close a case that still goes on though all its money went back; clear the staff's task."""
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        now = current_moment()
        if consultation.state in OPEN_STATES and _is_refunded(consultation):
            consultation.staff_task = StaffTask.NONE
            end_without_service(
                consultation, State.REFUNDED_CLOSED, actor=actor, reason=Reason.REFUNDED, now=now
            )
        elif consultation.staff_task == StaffTask.REFUND_REVIEW:
            consultation.staff_task = StaffTask.NONE
            consultation.save(update_fields=["staff_task"])


def tell_arrived(consultation_id: int, *, refund_id: int) -> None:
    """Tell the patient, once for each, that a refund is back where he paid from.

    Of what went to his balance, and of money that was never the order's, payments tell him.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        refund = Refund.objects.get(pk=refund_id)
        arrived = refunds_at_origin(refund.order_id)
        if not arrived.filter(pk=refund.pk).exists():
            return
        told = notices_of(consultation.patient_id).filter(
            kind=NoticeKind.REFUND_SUCCEEDED, subject_public_id=consultation.public_id
        )
        if told.count() < arrived.count():
            announcing.tell_patient(
                consultation, NoticeKind.REFUND_SUCCEEDED, amount_fen=refund.amount_fen
            )


def _is_refunded(consultation: Consultation) -> bool:
    return consultation.order is not None and consultation.order.status == OrderStatus.REFUNDED


def decide_refund(consultation_id: int, *, refund_fen: int, why: str, actor: Actor) -> None:
    """Carry out what staff decided about an ended case: refund so much, the rest is earned.

    Zero refuses. ``why`` stays in the audit log. Raises RefundTooLargeError, and InvalidInputError
    for a refund without ``why``.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        order = consultation.order
        if order is None or consultation.staff_task != StaffTask.REFUND_REVIEW:
            return
        if refund_fen > 0:
            request_refund(
                order_id=order.pk,
                amount_fen=refund_fen,
                reason=RefundReason.STAFF,
                source=RefundSource.STAFF,
                actor=actor,
                why=why,
            )
        else:
            announcing.tell_patient(
                consultation, NoticeKind.REFUND_REFUSED, amount_fen=order.left_fen
            )
        earn(consultation)
        consultation.staff_task = StaffTask.NONE
        consultation.save(update_fields=["staff_task"])
        audit.record(
            actor, "refund.decide", "consultation", consultation.public_id,
            amount_fen=refund_fen, why=why[:120],
        )  # fmt: skip


def earn(consultation: Consultation) -> None:
    """Turn what the order holds into income of the doctor and the clinic. Repeatable."""
    if consultation.order_id is None or consultation.doctor is None:
        return
    recognise(
        order_id=consultation.order_id,
        doctor_user_public_id=consultation.doctor.user.public_id,
        share=numbers.DOCTOR_SHARE,
    )


def _refund(
    consultation: Consultation, amount_fen: int, reason: RefundReason, actor: Actor
) -> None:
    if consultation.order_id is None:
        return
    request_refund(
        order_id=consultation.order_id,
        amount_fen=None,
        reason=reason,
        source=RefundSource.SYSTEM,
        actor=actor,
    )
    announcing.tell_patient(consultation, NoticeKind.REFUND_STARTED, amount_fen=amount_fen)
