"""A doctor's place belongs to the open assignment: both begin and end together, once."""

from datetime import datetime
from typing import Any

from django.db import connection

from consultations.enums import (
    CALL_OPEN,
    CallOutcome,
    CallState,
    HoldEnd,
    How,
    Outcome,
    TransferState,
    Trigger,
)
from consultations.models import (
    Assignment,
    Consultation,
    ExtraPlace,
    Hold,
    PhoneCall,
    Transfer,
)
from consultations.rules import is_phone
from consultations.services.statements import STORE_ASSIGNMENT
from doctors.services.limits import Raised, take_room_back
from doctors.services.load import TakenPlace, release_place


def occupy(
    consultation: Consultation,
    place: TakenPlace,
    *,
    how: How,
    strategy: str,
    step: str,
    trigger: Trigger,
    now: datetime,
) -> None:
    """Record that the taken place serves this case, and the try that brought them together."""
    values: dict[str, Any] = {
        "id": consultation.pk,
        "now": now,
        "trigger": trigger,
        "strategy": strategy,
        "outcome": Outcome.ASSIGNED,
        "reason": step,
        "doctor_id": place.doctor_id,
        "how": how,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE_ASSIGNMENT, values)


def vacate(consultation: Consultation, *, why: str, now: datetime) -> bool:
    """End the open assignment and give its place back. False when there is none (any more).

    An open offer of transfer, an open call and a hold end with it; the caller's move stores the
    latter.
    """
    _drop_what_is_open(consultation, now)
    current = Assignment.objects.filter(consultation=consultation, ended_at=None).first()
    if current is None:
        return False
    ended = Assignment.objects.filter(pk=current.pk, ended_at=None).update(
        ended_at=now, ended_why=why
    )
    if ended:
        release_place(current.doctor_id)
        _end_lent_place(current.doctor_id, now)
    return bool(ended)


def lend_place(consultation_id: int, *, doctor_id: int, raised: Raised) -> None:
    """Note for which case a doctor's limit was raised, in the transaction that raised it."""
    ExtraPlace.objects.create(
        consultation_id=consultation_id,
        doctor_id=doctor_id,
        limit=raised.limit,
        own_limit=raised.own_limit,
    )


def _end_lent_place(doctor_id: int, now: datetime) -> None:
    """Take the last extra place of a doctor back who has one free; his row is locked already."""
    lent = ExtraPlace.objects.filter(doctor_id=doctor_id, ended_at=None).order_by("-limit").first()
    if lent is not None:
        ExtraPlace.objects.filter(pk=lent.pk).update(ended_at=max(now, lent.started_at))
        raised = Raised(limit=lent.limit, own_limit=lent.own_limit)
        take_room_back(doctor_id=doctor_id, raised=raised)


def _drop_what_is_open(consultation: Consultation, now: datetime) -> None:
    Transfer.objects.filter(consultation=consultation, state=TransferState.OFFERED).update(
        state=TransferState.DROPPED, ended_at=now
    )
    if is_phone(consultation.kind):
        PhoneCall.objects.filter(consultation=consultation, state__in=CALL_OPEN).update(
            state=CallState.ENDED, outcome=CallOutcome.CANCELLED, ended_at=now
        )
    if consultation.held_since is None:
        return
    Hold.objects.filter(consultation=consultation, ended_at=None).update(
        ended_at=now, ended_why=HoldEnd.CASE_MOVED
    )
    consultation.held_since = consultation.held_until = None


def current_start(consultation: Consultation) -> datetime | None:
    """Return when the present doctor got the case."""
    return (
        Assignment.objects.filter(consultation=consultation, ended_at=None)
        .values_list("started_at", flat=True)
        .first()
    )
