"""What staff does with a case from the console: name a doctor, take back, close, look after."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError
from clinic.core.transitions import check_move
from consultations.enums import MOVES, OPEN_STATES, How, Reason, StaffTask, State, Trigger
from consultations.errors import DoctorHasNoRoomError
from consultations.models import Consultation
from consultations.rules import is_phone
from consultations.services import announcing
from consultations.services.acceptance import give_back
from consultations.services.assignment import Attempt, hand_over
from consultations.services.cases import locked_with_past
from consultations.services.places import lend_place
from consultations.services.refunding import close_with_refund
from consultations.services.state import locked, locked_with_order
from consultations.services.strategies import Step
from doctors.services.limits import make_room
from doctors.services.load import Wanted, take_first
from payments.enums import RefundReason

BY_HAND = "by_hand"
STEP = "named_by_staff"


def assign_beyond_limit(
    consultation_id: int, *, doctor_id: int, actor: Actor, reason: str
) -> Attempt:
    """Give a waiting case to a named doctor even when he is full: he has one place more for it.

    The extra place ends as soon as a place of his is free again, so that nobody else comes beyond
    his limit. Raises like ``assign_to_named``.
    """
    _want_reason(reason, _("Say why the limit is exceeded."))
    with transaction.atomic():
        locked(consultation_id)  # the case before the doctor, as the house's order of locks wants
        raised = make_room(doctor_id=doctor_id, by=actor, reason=reason)
        if raised is not None:
            lend_place(consultation_id, doctor_id=doctor_id, raised=raised)
        return assign_to_named(consultation_id, doctor_id=doctor_id, actor=actor, reason=reason)


def assign_to_named(consultation_id: int, *, doctor_id: int, actor: Actor, reason: str) -> Attempt:
    """Give a waiting case to the doctor whom staff named, online or not; the reason is audited.

    Raises InvalidInputError without a reason, IllegalTransitionError when the case does not wait,
    DoctorHasNoRoomError when he is full, may not work, had the case before or has another open case
    of the patient.
    """
    _want_reason(reason, _("Say why it is this doctor."))
    with transaction.atomic():
        consultation, past = locked_with_past(consultation_id)
        check_move(MOVES, consultation.state, State.WAITING_ACCEPT)
        now = current_moment()
        wanted = Wanted(
            doctor_id=doctor_id,
            may_be_away=True,
            by_phone=is_phone(consultation.kind),
            excluded_doctor_ids=past.excluded_doctor_ids,
        )
        place = take_first([wanted], now=now)
        if place is None:
            raise DoctorHasNoRoomError
        attempt = hand_over(
            consultation,
            place,
            Step(name=STEP, wanted=wanted, how=How.STAFF),
            trigger=Trigger.STAFF,
            strategy=BY_HAND,
            actor=actor,
            now=now,
        )
        audit.record(actor, "assign", "consultation", consultation.public_id, reason=reason)
    return attempt


def take_back(consultation_id: int, *, actor: Actor) -> None:
    """Take a case from its doctor and look for another one at once.

    Raises IllegalTransitionError when no doctor has it.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_move(MOVES, consultation.state, State.WAITING_ASSIGNMENT)
        give_back(consultation, actor=actor, reason=Reason.STAFF)
        audit.record(actor, "take_back", "consultation", consultation.public_id)


def close_and_refund(consultation_id: int, *, actor: Actor) -> None:
    """End an open case; whatever was paid goes back. Raises IllegalTransitionError."""
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_move(MOVES, consultation.state, State.REFUNDED_CLOSED)
        close_with_refund(
            consultation,
            actor=actor,
            reason=Reason.STAFF,
            refund_reason=RefundReason.STAFF,
            now=current_moment(),
        )
        audit.record(actor, "close", "consultation", consultation.public_id)


def call_staff(consultation_id: int, *, actor: Actor) -> None:
    """Put an open case on the work list of staff and tell them; harmless when it is there."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        if consultation.state not in OPEN_STATES or consultation.staff_task:
            return
        _set_task(consultation, StaffTask.LONG_WAIT)
        announcing.tell_staff(consultation)
        audit.record(actor, "escalate", "consultation", consultation.public_id)


def task_done(consultation_id: int, *, actor: Actor) -> None:
    """Take a case off the work list; a refund to decide stays until it is decided."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        if consultation.staff_task in {StaffTask.NONE, StaffTask.REFUND_REVIEW}:
            return
        _set_task(consultation, StaffTask.NONE)
        audit.record(actor, "task_done", "consultation", consultation.public_id)


def _want_reason(reason: str, told: str | Promise) -> None:
    if not reason:
        raise InvalidInputError("reason", told, code="required")


def _set_task(consultation: Consultation, task: StaffTask) -> None:
    consultation.staff_task = task
    consultation.save(update_fields=["staff_task"])
