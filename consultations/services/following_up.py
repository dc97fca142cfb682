"""The follow-up plan of a case: dates with a question, reminders, and the patient's answer."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from chat.enums import MemberRole
from chat.services.conversations import limit_writing
from chat.services.messages import send_message
from clinic.core.actor import Actor
from clinic.core.batches import each_alone
from clinic.core.clock import clinic_time
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import INVALID_STATES, FollowUpState, State
from consultations.errors import FollowUpClosedError, FollowUpLimitError, FollowUpNotDueError
from consultations.models import Consultation, FollowUp
from consultations.rules import why_not_due_at
from consultations.services import announcing
from consultations.services.acceptance import check_doctor
from consultations.services.state import locked

PLANNED_IN = frozenset({State.IN_PROGRESS, State.COMPLETED})


def plan(consultation_id: int, *, actor: Actor, due_at: datetime, text: str) -> FollowUp:
    """Add a date to the plan of a running or completed case; the patient is told.

    Raises NotFoundError, IllegalTransitionError, InvalidInputError, FollowUpLimitError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        if consultation.state not in PLANNED_IN:
            check_move({}, consultation.state, State.COMPLETED)
        _check_due(due_at)
        if consultation.follow_ups.count() >= numbers.FOLLOW_UPS_MAX:
            raise FollowUpLimitError
        made = FollowUp.objects.create(consultation=consultation, due_at=due_at, text=text)
        _tell_date(consultation, made)
    return made


def change(
    follow_up: FollowUp, *, actor: Actor, due_at: datetime | None, text: str | None
) -> FollowUp:
    """Move a planned date or reword its question. Raises like plan, FollowUpClosedError."""
    with transaction.atomic():
        consultation, row = _locked(follow_up)
        check_doctor(consultation, actor)
        if row.state != FollowUpState.PLANNED:
            raise FollowUpClosedError
        if text is not None:
            row.text = text
        if due_at is not None and due_at != row.due_at:
            _check_due(due_at)
            row.due_at = due_at
            _tell_date(consultation, row)
        row.save(update_fields=["due_at", "text"])
    return row


def cancel(follow_up: FollowUp, *, actor: Actor) -> None:
    """Take a date off the plan; repeating changes nothing. Raises FollowUpClosedError."""
    with transaction.atomic():
        consultation, row = _locked(follow_up)
        check_doctor(consultation, actor)
        if row.state == FollowUpState.CANCELLED:
            return
        if row.state not in {FollowUpState.PLANNED, FollowUpState.REMINDED}:
            raise FollowUpClosedError
        _end(row, FollowUpState.CANCELLED, current_moment())
        announcing.tell_patient(
            consultation,
            NoticeKind.FOLLOW_UP_CANCELLED,
            starts_at=clinic_time(row.due_at).isoformat(),
        )


def answer(follow_up: FollowUp, *, actor: Actor, text: str) -> FollowUp:
    """Send the patient's answer and let him write on for a while; the doctor is told.

    Raises NotFoundError, FollowUpNotDueError, FollowUpClosedError, and what sending raises.
    """
    with transaction.atomic():
        consultation, row = _locked(follow_up)
        if consultation.patient_id != actor.user_id or consultation.conversation is None:
            raise NotFoundError
        if row.state == FollowUpState.PLANNED and consultation.state == State.COMPLETED:
            raise FollowUpNotDueError(row.due_at)
        if row.state != FollowUpState.REMINDED or consultation.state != State.COMPLETED:
            raise FollowUpClosedError
        now = current_moment()
        _end(row, FollowUpState.ANSWERED, now)
        until = now + numbers.FOLLOW_UP_TALK_WITHIN
        limit_writing(
            consultation.topic,
            role=MemberRole.PATIENT,
            messages=numbers.FOLLOW_UP_TALK_MESSAGES,
            until=max(until, consultation.follow_up_until or until),
        )
        send_message(
            actor=actor,
            conversation_public_id=consultation.conversation.public_id,
            client_id=f"follow-up-{row.public_id}",
            kind="text",
            body=text,
        )
        announcing.tell_doctor(consultation, NoticeKind.FOLLOW_UP_ANSWERED)
    return row


def remind_due(now: datetime | None = None) -> int:
    """Remind of every date that has come, once, and note what nobody answered; return how many."""
    moment = now or current_moment()
    _drop_of_ended_cases(moment)
    done = each_alone(_keys(_due(moment)), lambda pk: _remind(pk, moment))
    return done + each_alone(_keys(_unanswered(moment)), lambda pk: _miss(pk, moment))


def _due(now: datetime) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(
        state=FollowUpState.PLANNED,
        due_at__lte=now,
        consultation__state=State.COMPLETED,
        consultation__patient__anonymised_at=None,
    )


def _unanswered(now: datetime) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(
        state=FollowUpState.REMINDED, reminded_at__lte=now - numbers.FOLLOW_UP_ANSWER_WITHIN
    )


def _drop_of_ended_cases(now: datetime) -> None:
    FollowUp.objects.filter(
        state=FollowUpState.PLANNED,
        consultation__state__in=[*INVALID_STATES, State.REFERRED_OFFLINE],
    ).update(state=FollowUpState.CANCELLED, ended_at=now)


def _keys(rows: QuerySet[FollowUp]) -> list[int]:
    return list(rows.order_by("id").values_list("pk", flat=True)[: numbers.TIMERS_BATCH])


def _remind(pk: int, now: datetime) -> None:
    """Act only when one row changed: two sweeps at once remind once."""
    with transaction.atomic():
        changed = FollowUp.objects.filter(pk=pk, state=FollowUpState.PLANNED).update(
            state=FollowUpState.REMINDED, reminded_at=now
        )
        if not changed:
            return
        consultation = FollowUp.objects.get(pk=pk).consultation
        doctor = consultation.doctor
        announcing.say(consultation, "follow_up_due")
        announcing.tell_patient(
            consultation, NoticeKind.FOLLOW_UP_DUE, doctor=doctor.name if doctor else ""
        )
        announcing.tell_doctor(consultation, NoticeKind.FOLLOW_UP_SENT)


def _miss(pk: int, now: datetime) -> None:
    FollowUp.objects.filter(pk=pk, state=FollowUpState.REMINDED).update(
        state=FollowUpState.MISSED, ended_at=now
    )


def _locked(follow_up: FollowUp) -> tuple[Consultation, FollowUp]:
    consultation = locked(follow_up.consultation_id)
    return consultation, FollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)


def _check_due(due_at: datetime) -> None:
    wrong = why_not_due_at(due_at, now=current_moment())
    if wrong is not None:
        raise InvalidInputError("due_at", wrong)


def _end(row: FollowUp, state: FollowUpState, now: datetime) -> None:
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at"])


def _tell_date(consultation: Consultation, row: FollowUp) -> None:
    announcing.tell_patient(
        consultation,
        NoticeKind.FOLLOW_UP_PLANNED,
        starts_at=clinic_time(row.due_at).isoformat(),
    )
