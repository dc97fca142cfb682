"""How a call ended: decided by its legs, whatever the order in which they are reported."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from clinic.adapters.aliyun_calls import CallReport
from clinic.core.actor import system_actor
from clinic.core.clock import clinic_time
from clinic.core.clock import now as current_moment
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import (
    NEVER_REACHED,
    CallOutcome,
    CallSide,
    CallState,
    Reason,
    StaffTask,
    State,
)
from consultations.models import CallLeg, Consultation, PhoneCall
from consultations.rules import call_outcome
from consultations.services import announcing
from consultations.services.ending import stop_clocks
from consultations.services.refunding import close_with_refund
from consultations.services.state import locked_with_order
from payments.enums import RefundReason

log = logging.getLogger(__name__)
CALLS = system_actor("calls")


def take_report(report: CallReport) -> bool:
    """Keep one leg and what follows from it; say whether its call is known. Repeatable.

    Legs may come twice, late, and in any order. Locks order and case.
    """
    found = PhoneCall.objects.filter(provider_ref=report.sub_id).first()
    if found is None:
        log.warning("report of an unknown binding")
        return False
    with transaction.atomic():
        consultation = locked_with_order(found.consultation_id)
        call = PhoneCall.objects.select_for_update(no_key=True).get(pk=found.pk)
        CallLeg.objects.bulk_create([_leg(call, report)], ignore_conflicts=True)
        _follow_legs(consultation, call, current_moment())
    return True


def settle_window(pk: int, now: datetime) -> None:
    """End a call whose window is over by what its legs say; the next try follows, or the rule."""
    with transaction.atomic():
        case_id = PhoneCall.objects.values_list("consultation_id", flat=True).get(pk=pk)
        consultation = locked_with_order(case_id)
        call = PhoneCall.objects.select_for_update(no_key=True).get(pk=pk)
        if call.state == CallState.BOUND:
            settle(consultation, call, _outcome(call), now=now)


def settle(
    consultation: Consultation, call: PhoneCall, outcome: CallOutcome, *, now: datetime
) -> None:
    """End a call of a locked case. One that did not come about is tried again within the limits.

    After them the money goes back when the doctor was never reached, else staff look at the case.
    """
    end_call(call, outcome, now=now)
    is_his = consultation.doctor_id == call.doctor_id
    if consultation.state != State.IN_PROGRESS or not is_his:
        return
    if outcome is CallOutcome.TALKED:
        _note_talk(consultation)
        return
    tried = list(
        consultation.calls.filter(doctor_id=call.doctor_id, state=CallState.ENDED)
        .exclude(outcome=CallOutcome.CANCELLED)
        .values_list("outcome", flat=True)
    )
    if len(tried) < numbers.CALL_TRIES_MAX:
        again_at = now + numbers.CALL_RETRY_AFTER
        add_call(consultation, due_at=again_at, wants_recording=call.wants_recording)
    elif NEVER_REACHED.issuperset(tried):
        close_with_refund(
            consultation,
            actor=CALLS,
            reason=Reason.CALL_MISSED,
            refund_reason=RefundReason.NO_REPLY,
            now=now,
        )
    else:
        _call_staff(consultation)


def add_call(consultation: Consultation, *, due_at: datetime, wants_recording: bool) -> PhoneCall:
    """Store one more call of a locked case and tell both."""
    made = PhoneCall.objects.create(
        consultation=consultation,
        doctor_id=consultation.doctor_id or 0,
        try_number=consultation.calls.count() + 1,
        due_at=due_at,
        wants_recording=wants_recording,
    )
    at = clinic_time(due_at).isoformat()
    announcing.tell_patient(consultation, NoticeKind.CALL_PLANNED, starts_at=at)
    announcing.tell_doctor(consultation, NoticeKind.CALL_PLANNED, starts_at=at)
    return made


def end_call(call: PhoneCall, outcome: CallOutcome, *, now: datetime) -> None:
    """Store how a locked call ended."""
    call.state, call.outcome, call.ended_at = CallState.ENDED, outcome, now
    call.save(update_fields=["state", "outcome", "ended_at"])


def _follow_legs(consultation: Consultation, call: PhoneCall, now: datetime) -> None:
    legs = list(call.legs.all())
    answered = [leg for leg in legs if leg.answered_at is not None]
    call.talk_seconds = int(sum((_talked(leg) for leg in answered), timedelta(0)).total_seconds())
    call.answered_at = min((leg.answered_at for leg in answered if leg.answered_at), default=None)
    call.save(update_fields=["talk_seconds", "answered_at"])
    outcome = _outcome(call)
    if call.state == CallState.BOUND and outcome is CallOutcome.TALKED:
        settle(consultation, call, outcome, now=now)
    elif call.state == CallState.ENDED and _is_better(call, outcome):
        call.outcome = outcome
        call.save(update_fields=["outcome"])
        if outcome is CallOutcome.TALKED:
            _undo_retry(consultation, call, now)


def _is_better(call: PhoneCall, outcome: CallOutcome) -> bool:
    """Say whether a late leg changes how the call ended; one that was called off only by talk."""
    if call.outcome in {CallOutcome.CANCELLED, CallOutcome.FAILED}:
        return outcome is CallOutcome.TALKED
    return outcome != call.outcome


def _undo_retry(consultation: Consultation, call: PhoneCall, now: datetime) -> None:
    """They have talked after all: the next try and the task of staff fall away."""
    if consultation.state != State.IN_PROGRESS or consultation.doctor_id != call.doctor_id:
        return
    for retry in consultation.calls.filter(state=CallState.PLANNED, pk__gt=call.pk):
        end_call(retry, CallOutcome.CANCELLED, now=now)
    _note_talk(consultation)


def _note_talk(consultation: Consultation) -> None:
    stop_clocks(consultation)
    if consultation.staff_task in {StaffTask.CALL_MISSED, StaffTask.NO_REPLY}:
        consultation.staff_task = StaffTask.NONE
    consultation.save(update_fields=["unanswered_since", "reply_due_at", "staff_task"])


def _call_staff(consultation: Consultation) -> None:
    consultation.staff_task = StaffTask.CALL_MISSED
    consultation.save(update_fields=["staff_task"])
    announcing.tell_staff(consultation)


def _outcome(call: PhoneCall) -> CallOutcome:
    legs = call.legs.all()
    return call_outcome(
        talked=sum((_talked(leg) for leg in legs), timedelta(0)),
        has_doctor_dialled=any(leg.by == CallSide.DOCTOR for leg in legs),
    )


def _talked(leg: CallLeg) -> timedelta:
    return leg.ended_at - leg.answered_at if leg.answered_at is not None else timedelta(0)


def _leg(call: PhoneCall, report: CallReport) -> CallLeg:
    return CallLeg(
        call=call,
        provider_call=report.call_id,
        by=CallSide.DOCTOR if report.is_from_a else CallSide.PATIENT,
        started_at=report.started_at,
        answered_at=report.answered_at,
        ended_at=report.ended_at,
        cause=report.cause,
        recording_ref=report.recording_url if call.is_recorded else "",
    )
