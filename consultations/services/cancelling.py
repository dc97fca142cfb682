"""The patient steps back."""

from datetime import datetime

from django.db import transaction

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.patients.selectors.consents import revoked_uses
from clinic.settings import rules as numbers
from consultations.enums import MOVES, NOT_ACCEPTED, OPEN_STATES, Reason, RefundBy, State
from consultations.models import Consultation
from consultations.rules import RefundDecision
from consultations.selectors.repairs import without_consent_of
from consultations.services import announcing
from consultations.services.ending import end_without_service
from consultations.services.refunding import settle_money
from consultations.services.state import locked_with_order
from payments.enums import REFUNDABLE, EndedBy, RefundReason
from payments.selectors.orders import who_ended
from payments.services.orders import cancel_order

EXPIRY = system_actor("order expiry")
DELETION = system_actor("account deletion")
REVOCATION = system_actor("revoked consent")


def cancel(consultation_id: int, *, actor: Actor) -> tuple[Consultation, RefundDecision]:
    """End the patient's own case at his wish and say what happens to the money.

    Before acceptance all of it goes back; afterwards staff decide, unless the doctor kept him
    waiting too long for a reply. Raises NotFoundError, IllegalTransitionError.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        if consultation.patient_id != actor.user_id:
            raise NotFoundError
        decision = _cancel(consultation, actor)
    return consultation, decision


def cancel_without_patient(consultation_id: int) -> bool:
    """End an open case whose patient deleted his account, as if he cancelled it; say whether."""
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        if consultation.state not in OPEN_STATES or not consultation.patient.anonymised_at:
            return False
        _cancel(consultation, DELETION)
    return True


def cancel_without_consent(consultation_id: int) -> bool:
    """End a case whose patient took a consent back before a doctor accepted; say whether.

    All money goes back. What is in service goes on: its record is kept by law.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        if consultation.state not in NOT_ACCEPTED or not _lacks_consent(consultation):
            return False
        _cancel(consultation, REVOCATION)
    return True


def respect_revocation(person_id: int) -> None:
    """End the person's cases that lack a consent and have no doctor yet; say it in the others."""
    for consultation in without_consent_of(person_id):
        if not cancel_without_consent(consultation.pk):
            announcing.say(consultation, "consent_revoked")


def expire(consultation_id: int, *, actor: Actor = EXPIRY) -> bool:
    """End a case whose order was not paid; say whether it ended now. Repeatable.

    It expires when time ran out; it is cancelled when a person ended the order. Leaves a case
    alone whose order turns out to hold money.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        if consultation.state != State.PENDING_PAYMENT or _is_paid(consultation):
            return False
        _drop_unpaid_order(consultation, actor, Reason.UNPAID)
        to, reason = _unpaid_end(consultation)
        end_without_service(consultation, to, actor=actor, reason=reason, now=current_moment())
    return True


def _lacks_consent(consultation: Consultation) -> bool:
    return revoked_uses().filter(consultation_public_id=consultation.public_id).exists()


def _unpaid_end(consultation: Consultation) -> tuple[State, Reason]:
    ended_by = who_ended(consultation.order) if consultation.order else None
    if ended_by is None:
        return State.EXPIRED, Reason.UNPAID
    is_own = ended_by is EndedBy.PATIENT
    return State.CANCELLED, Reason.PATIENT_CANCELLED if is_own else Reason.ORDER_CLOSED


def _cancel(consultation: Consultation, actor: Actor) -> RefundDecision:
    check_move(MOVES, consultation.state, State.CANCELLED)
    now = current_moment()
    _drop_unpaid_order(consultation, actor, Reason.PATIENT_CANCELLED)
    decision = settle_money(
        consultation,
        by=RefundBy.PATIENT,
        actor=actor,
        reason=RefundReason.PATIENT_CANCELLED,
        now=now,
        provider_fault=_is_reply_overdue(consultation, now),
    )
    _end(consultation, actor, now)
    return decision


def _end(consultation: Consultation, actor: Actor, now: datetime) -> None:
    announcing.say(consultation, "consultation_cancelled")
    end_without_service(
        consultation, State.CANCELLED, actor=actor, reason=Reason.PATIENT_CANCELLED, now=now
    )
    if consultation.conversation_id is not None:
        announcing.tell_doctor(consultation, NoticeKind.CONSULTATION_CANCELLED)


def _drop_unpaid_order(consultation: Consultation, actor: Actor, reason: Reason) -> None:
    order = consultation.order
    if consultation.state == State.PENDING_PAYMENT and order is not None and order.paid_at is None:
        cancel_order(order.pk, actor=actor, reason=reason)


def _is_paid(consultation: Consultation) -> bool:
    return consultation.order is not None and consultation.order.status in REFUNDABLE


def _is_reply_overdue(consultation: Consultation, now: datetime) -> bool:
    since = consultation.unanswered_since
    counted_to = consultation.held_since or now  # time on hold does not count
    return since is not None and counted_to - since >= numbers.NO_REPLY_REVIEW_AFTER
