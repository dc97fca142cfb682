"""Phone calls of a case: appointed by its doctor, put through at their time, settled by rule."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from clinic.adapters.aliyun_calls import Binding
from clinic.adapters.errors import AdapterError
from clinic.core.actor import Actor
from clinic.core.batches import each_alone
from clinic.core.clock import clinic_time
from clinic.core.clock import now as current_moment
from clinic.core.errors import InvalidInputError, NotFoundError
from clinic.core.transitions import check_move
from clinic.notifications.enums import NoticeKind
from clinic.settings import rules as numbers
from consultations.enums import CALL_OPEN, CallOutcome, CallState, State
from consultations.errors import CallClosedError, CallOpenError, NoPhoneCaseError
from consultations.gateways.calls import Pair, call_gateway
from consultations.models import Consultation, PhoneCall
from consultations.rules import is_phone, why_not_call_at
from consultations.services import announcing
from consultations.services.acceptance import check_doctor
from consultations.services.call_outcomes import (
    add_call,
    end_call,
    settle,
    settle_window,
)
from consultations.services.state import locked, locked_with_order

log = logging.getLogger(__name__)
CLAIM_DIES_AFTER = timedelta(minutes=2)  # its process was killed: try again


def plan_call(
    consultation_id: int, *, actor: Actor, due_at: datetime | None, wants_recording: bool
) -> PhoneCall:
    """Appoint a call of a running phone case, now or later; the patient is told.

    Raises NotFoundError, NoPhoneCaseError, IllegalTransitionError, CallOpenError,
    InvalidInputError.
    """
    with transaction.atomic():
        consultation = locked(consultation_id)
        check_doctor(consultation, actor)
        if not is_phone(consultation.kind):
            raise NoPhoneCaseError
        if consultation.state != State.IN_PROGRESS:
            check_move({}, consultation.state, State.IN_PROGRESS)
        now = current_moment()
        wrong = why_not_call_at(due_at or now, now=now, until=consultation.service_until or now)
        if wrong is not None:
            raise InvalidInputError("due_at", wrong)
        if consultation.calls.filter(state__in=CALL_OPEN).exists():
            raise CallOpenError
        return add_call(consultation, due_at=due_at or now, wants_recording=wants_recording)


def cancel_call(call: PhoneCall, *, actor: Actor) -> None:
    """Call an appointed call off before it is put through. Raises CallClosedError."""
    with transaction.atomic():
        consultation, row = _locked(call)
        check_doctor(consultation, actor)
        if row.state != CallState.PLANNED:
            raise CallClosedError
        end_call(row, CallOutcome.CANCELLED, now=current_moment())
        announcing.tell_patient(
            consultation,
            NoticeKind.CALL_CANCELLED,
            starts_at=clinic_time(row.due_at).isoformat(),
        )


def agree_to_recording(call: PhoneCall, *, actor: Actor, agrees: bool) -> PhoneCall:
    """Note whether the patient agrees to a recording of an appointed call.

    Raises NotFoundError, CallClosedError once it is put through.
    """
    with transaction.atomic():
        consultation, row = _locked(call)
        if consultation.patient_id != actor.user_id:
            raise NotFoundError
        if row.state != CallState.PLANNED:
            raise CallClosedError
        row.recording_agreed_at = current_moment() if agrees else None
        row.save(update_fields=["recording_agreed_at"])
    return row


def connect_due(now: datetime | None = None) -> int:
    """Put every call through whose time has come; return how many were tried. Repeatable."""
    moment = now or current_moment()
    dead = Q(state=CallState.BINDING, claimed_at__lte=moment - CLAIM_DIES_AFTER)
    due = PhoneCall.objects.filter(Q(state=CallState.PLANNED, due_at__lte=moment) | dead)
    keys = list(due.order_by("due_at").values_list("pk", flat=True)[: numbers.TIMERS_BATCH])
    return each_alone(keys, lambda pk: _connect(pk, moment))


def _connect(pk: int, now: datetime) -> None:
    """Bind outside any transaction: the claim before and the check after it hold the order."""
    if not _claim(pk, now):
        return
    call = PhoneCall.objects.select_related("doctor__user", "consultation__patient").get(pk=pk)
    pair = Pair(
        doctor_phone=call.doctor.user.phone or "",
        patient_phone=call.consultation.patient.phone or "",
        out_id=str(call.public_id),
        expires_at=now + numbers.CALL_WINDOW,
        is_recorded=call.is_recorded,
    )
    try:
        binding = call_gateway().bind(pair)
    except AdapterError as error:
        log.warning("call not bound", extra={"call": str(call.public_id), "why": error.message})
        _give_up_or_wait(pk, now, permanent=error.permanent)
        return
    if not _store(pk, binding, now):
        release(binding)


def _claim(pk: int, now: datetime) -> bool:
    dead = Q(state=CallState.BINDING, claimed_at__lte=now - CLAIM_DIES_AFTER)
    rows = PhoneCall.objects.filter(Q(state=CallState.PLANNED, due_at__lte=now) | dead, pk=pk)
    return bool(rows.update(state=CallState.BINDING, claimed_at=now))


def _store(pk: int, binding: Binding, now: datetime) -> bool:
    """Open the window of a call whose numbers are bound; False when the case went on without it."""
    with transaction.atomic():
        consultation, call = _locked(PhoneCall.objects.get(pk=pk))
        if call.state != CallState.BINDING or call.claimed_at != now:
            return False
        call.state, call.bound_at = CallState.BOUND, now
        call.window_until = now + numbers.CALL_WINDOW
        call.provider_ref, call.relay_number = binding.sub_id, binding.relay_number
        call.save(
            update_fields=["state", "bound_at", "window_until", "provider_ref", "relay_number"]
        )
        until = clinic_time(call.window_until).isoformat()
        announcing.say(consultation, "call_ready")
        announcing.tell_doctor(consultation, NoticeKind.CALL_TO_MAKE, until_at=until)
        announcing.tell_patient(consultation, NoticeKind.CALL_TO_COME, until_at=until)
    return True


def _give_up_or_wait(pk: int, now: datetime, *, permanent: bool) -> None:
    with transaction.atomic():
        case_id = PhoneCall.objects.values_list("consultation_id", flat=True).get(pk=pk)
        consultation = locked_with_order(case_id)
        call = PhoneCall.objects.select_for_update(no_key=True).get(pk=pk)
        if call.state != CallState.BINDING or call.claimed_at != now:
            return
        if permanent or now - call.due_at >= numbers.CALL_BIND_WITHIN:
            settle(consultation, call, CallOutcome.FAILED, now=now)
            return
        call.state = CallState.PLANNED
        call.save(update_fields=["state"])


def release(binding: Binding) -> None:
    """Free the relay number; a failure only leaves it to its own end."""
    try:
        call_gateway().unbind(binding)
    except AdapterError as error:
        log.info("binding not released", extra={"why": error.message})


def _locked(call: PhoneCall) -> tuple[Consultation, PhoneCall]:
    consultation = locked(call.consultation_id)
    return consultation, PhoneCall.objects.select_for_update(no_key=True).get(pk=call.pk)


def settle_due(now: datetime | None = None) -> int:
    """End every call whose window is over, once its reports had their time; return how many."""
    moment = now or current_moment()
    due = PhoneCall.objects.filter(
        state=CallState.BOUND, window_until__lte=moment - numbers.CALL_REPORT_GRACE
    )
    keys = list(due.order_by("window_until").values_list("pk", flat=True)[: numbers.TIMERS_BATCH])
    return each_alone(keys, lambda pk: settle_window(pk, moment))
