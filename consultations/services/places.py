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
from consultations.models import Assignment, Consultation, Hold, PhoneCall, Transfer
from consultations.rules import is_phone
from consultations.services.statements import STORE_ASSIGNMENT
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
    return bool(ended)


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
