"""The clock of a running case stands still for a while: time on hold counts for nobody."""

from datetime import datetime, timedelta

from django.db import transaction

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_time
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import HoldBy, HoldEnd, HoldReason, State
from consultations.errors import AnswerFirstError, HoldLimitError, NotOnHoldError, OnHoldError
from consultations.models import Consultation, Hold
from consultations.rules import hold_until
from consultations.services import announcing
from consultations.services.ending import stop_clocks
from consultations.services.replies import is_waiting_for_reply
from consultations.services.state import due_and_free, locked

CLOCKS = ["held_since", "held_until", "service_until", "unanswered_since", "reply_due_at"]


def hold(
    consultation_id: int, *, actor: Actor, reason: HoldReason, wanted: timedelta
) -> Consultation:
    """Let the clock of a running case stand still, as long as wanted and the limits leave.

    Raises NotFoundError, IllegalTransitionError, OnHoldError, HoldLimitError, AnswerFirstError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        by = _side(consultation, actor)
        if consultation.state != State.IN_PROGRESS:
            check_move({}, consultation.state, State.IN_PROGRESS)
        if consultation.held_since is not None:
            raise OnHoldError
        if by is HoldBy.DOCTOR and is_waiting_for_reply(consultation):
            raise AnswerFirstError
        _begin(consultation, by=by, reason=reason, wanted=wanted, now=current_moment())
    return consultation


def resume(consultation_id: int, *, actor: Actor) -> Consultation:
    """Let the clock run again; who stopped it may. Raises NotFoundError, NotOnHoldError."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        side = _side(consultation, actor)
        current = Hold.objects.filter(consultation=consultation, ended_at=None).first()
        if current is None or current.by != side:
            raise NotOnHoldError
        _end(consultation, why=HoldEnd.RESUMED, now=current_moment())
    return consultation


def resume_for_staff(consultation_id: int, *, actor: Actor) -> None:
    """Let the clock of a case run again; harmless when it does."""
    with transaction.atomic():
        consultation = locked(consultation_id)
        if consultation.held_since is None:
            return
        _end(consultation, why=HoldEnd.STAFF, now=current_moment())
        audit.record(actor, "resume", "consultation", consultation.public_id)


def end_due_hold(consultation_id: int, now: datetime) -> bool:
    """Let the clock run again when the time on hold is over; a late sweep adds nothing to it."""
    consultation = due_and_free(consultation_id, state=State.IN_PROGRESS)
    if consultation is None or consultation.held_until is None or consultation.held_until > now:
        return False
    _end(consultation, why=HoldEnd.TIME_OVER, now=consultation.held_until)
    return True


def _side(consultation: Consultation, actor: Actor) -> HoldBy:
    if consultation.patient_id == actor.user_id:
        return HoldBy.PATIENT
    if consultation.doctor is not None and consultation.doctor.user_id == actor.user_id:
        return HoldBy.DOCTOR
    raise NotFoundError


def _begin(
    consultation: Consultation,
    *,
    by: HoldBy,
    reason: HoldReason,
    wanted: timedelta,
    now: datetime,
) -> None:
    past = consultation.holds.values_list("started_at", "ended_at")
    used = [(ended or now) - started for started, ended in past]
    until = hold_until(now=now, wanted=wanted, used=used)
    if until is None:
        raise HoldLimitError
    Hold.objects.create(
        consultation=consultation, by=by, reason=reason, started_at=now, until=until
    )
    consultation.held_since, consultation.held_until = now, until
    if not is_waiting_for_reply(consultation):
        stop_clocks(consultation)
    consultation.save(update_fields=CLOCKS)
    announcing.say(consultation, "consultation_held")
    tell = announcing.tell_doctor if by is HoldBy.PATIENT else announcing.tell_patient
    tell(consultation, NoticeKind.CONSULTATION_HELD, until_at=clinic_time(until).isoformat())
    announcing.push_state(consultation)


def _end(consultation: Consultation, *, why: HoldEnd, now: datetime) -> None:
    since = consultation.held_since or now
    Hold.objects.filter(consultation=consultation, ended_at=None).update(
        ended_at=now, ended_why=why
    )
    if consultation.service_until is not None:
        consultation.service_until += now - since
    _move_reply_clock(consultation, since, now)
    consultation.held_since = consultation.held_until = None
    consultation.save(update_fields=CLOCKS)
    announcing.say(consultation, "consultation_resumed")
    announcing.tell_patient(consultation, NoticeKind.CONSULTATION_RESUMED)
    announcing.tell_doctor(consultation, NoticeKind.CONSULTATION_RESUMED)
    announcing.push_state(consultation)


def _move_reply_clock(consultation: Consultation, since: datetime, now: datetime) -> None:
    """Take the time on hold out of the patient's wait; what was asked meanwhile waits from now."""
    if not is_waiting_for_reply(consultation):
        stop_clocks(consultation)
        return
    asked = consultation.unanswered_since or now
    moved = max(now - max(asked, since), timedelta(0))
    consultation.unanswered_since = asked + moved
    due = consultation.reply_due_at or asked + numbers.NO_REPLY_REVIEW_AFTER
    consultation.reply_due_at = due + moved
