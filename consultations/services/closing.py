"""The good ends of a case, and the referral to a hospital."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import (
    MOVES,
    WITH_DOCTOR,
    CallOutcome,
    Reason,
    RefundBy,
    StaffTask,
    State,
)
from consultations.errors import CallMissingError
from consultations.events import ConsultationCompleted
from consultations.models import Consultation
from consultations.rules import is_phone
from consultations.selectors.intakes import latest_check
from consultations.services import announcing, places
from consultations.services.acceptance import check_doctor, check_may_begin
from consultations.services.ending import end_without_service, stop_clocks
from consultations.services.recording import sign_record
from consultations.services.refunding import earn, settle_money
from consultations.services.revisit import check_confirmed, note_check
from consultations.services.state import advance, locked, locked_with_order
from payments.enums import RefundReason


def complete(
    consultation_id: int, *, actor: Actor, told: dict[str, Any], fits_revisit: bool = False
) -> Consultation:
    """Sign the record, its draft and what is told now, and end the service.

    Raises NotFoundError, IllegalTransitionError, RecordIncompleteError, CallMissingError for a
    phone case in which nobody talked; RevisitNotConfirmedError unless the doctor confirms with
    ``fits_revisit`` or has confirmed the re-visit before.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_doctor(consultation, actor)
        check_move(MOVES, consultation.state, State.COMPLETED)
        if is_phone(consultation.kind) and not _has_talked(consultation):
            raise CallMissingError
        now = current_moment()
        if fits_revisit:
            note_check(consultation, fits=True, now=now)
        check_confirmed(consultation)
        sign_record(consultation, told=told, now=now)
        finish(consultation, actor=actor, reason=Reason.RECORD_SIGNED, now=now)
    return consultation


def _has_talked(consultation: Consultation) -> bool:
    return consultation.calls.filter(outcome=CallOutcome.TALKED).exists()


def end_by_patient(consultation_id: int, *, actor: Actor) -> Consultation:
    """End a running service because the patient has what he needs.

    Of a phone case in which nobody talked staff decide where the money goes.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        if consultation.patient_id != actor.user_id:
            raise NotFoundError
        now = current_moment()
        is_served = not is_phone(consultation.kind) or _has_talked(consultation)
        finish(consultation, actor=actor, reason=Reason.PATIENT_ENDED, now=now, is_served=is_served)
    return consultation


def finish(
    consultation: Consultation,
    *,
    actor: Actor,
    reason: Reason,
    now: datetime,
    is_served: bool = True,
) -> None:
    """Move a locked, running case to its good end: place free, income earned, follow-up open.

    Without the service that was paid for nothing is earned: the money waits for staff.
    """
    check_move(MOVES, consultation.state, State.COMPLETED)
    places.vacate(consultation, why=reason, now=now)
    stop_clocks(consultation)
    consultation.ended_at = now
    consultation.follow_up_until = now + numbers.FOLLOW_UP_WITHIN
    consultation.staff_task = StaffTask.NONE if is_served else StaffTask.REFUND_REVIEW
    advance(consultation, State.COMPLETED, actor=actor, reason=reason, now=now)
    if is_served:
        earn(consultation)
    announcing.say(consultation, "consultation_completed")
    announcing.allow_follow_up(consultation)
    announcing.tell_patient(consultation, NoticeKind.CONSULTATION_COMPLETED)
    publish(
        ConsultationCompleted(
            consultation_id=consultation.pk, doctor_id=consultation.doctor_id or 0
        )
    )


def refer_offline(consultation_id: int, *, actor: Actor) -> Consultation:
    """End a case that needs a hospital.

    Before acceptance all money goes back, of a running case staff decide.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_doctor(consultation, actor)
        check_move(MOVES, consultation.state, State.REFERRED_OFFLINE)
        _refer(consultation, actor=actor, reason=Reason.REFERRED, now=current_moment())
    return consultation


def confirm_revisit(consultation_id: int, *, actor: Actor) -> Consultation:
    """Note that the doctor of a case finds it a re-visit, also when it has ended well.

    Raises NotFoundError, IllegalTransitionError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        if consultation.state not in {*WITH_DOCTOR, State.COMPLETED}:
            check_move({}, consultation.state, State.COMPLETED)
        note_check(consultation, fits=True, now=current_moment())
    return consultation


def refuse_revisit(consultation_id: int, *, actor: Actor) -> Consultation:
    """End a case that is no re-visit: the patient is told to be seen in person.

    The money goes by the rule of refer_offline. Repeating changes nothing. Raises NotFoundError,
    IllegalTransitionError; before acceptance also what refuses an acceptance.
    """
    with transaction.atomic():
        consultation = locked_with_order(consultation_id)
        check_doctor(consultation, actor)
        former = latest_check(consultation)
        if consultation.state == State.REFERRED_OFFLINE and former and not former.fits:
            return consultation
        check_move(MOVES, consultation.state, State.REFERRED_OFFLINE)
        now = current_moment()
        if consultation.state == State.WAITING_ACCEPT:
            check_may_begin(consultation, now)
        note_check(consultation, fits=False, now=now)
        _refer(consultation, actor=actor, reason=Reason.NOT_A_REVISIT, now=now)
    return consultation


def _refer(consultation: Consultation, *, actor: Actor, reason: Reason, now: datetime) -> None:
    settle_money(consultation, by=RefundBy.DOCTOR, actor=actor, reason=RefundReason.STAFF, now=now)
    is_first_visit = reason is Reason.NOT_A_REVISIT
    announcing.say(consultation, "not_a_revisit" if is_first_visit else "referred_offline")
    end_without_service(consultation, State.REFERRED_OFFLINE, actor=actor, reason=reason, now=now)
    kind = NoticeKind.NOT_A_REVISIT if is_first_visit else NoticeKind.REFERRED_OFFLINE
    announcing.tell_patient(consultation, kind)
