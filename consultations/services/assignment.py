"""Finding a doctor for a paid case: one transaction, or nothing at all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ClinicError
from clinic.core.events import publish
from clinic.core.metrics import ASSIGNMENT_SECONDS, ASSIGNMENTS
from clinic.settings import rules as numbers
from consultations.enums import How, Outcome, Reason, State, Trigger
from consultations.events import ConsultationAssigned, DoctorHasRoom
from consultations.models import AssignmentAttempt, Consultation
from consultations.rules import accept_by
from consultations.selectors.queue import waiting_ids, waiting_ids_for
from consultations.services import announcing, places, pushing
from consultations.services.cases import locked_with_past
from consultations.services.state import advance
from consultations.services.statements import STORE_FRUITLESS
from consultations.services.strategies import Step, steps_for
from doctors.enums import NoDoctorReason
from doctors.selectors import why_nobody
from doctors.services.load import TakenPlace, take_first

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """How a try ended: ``reason`` is the step that found the doctor, or why there is none."""

    consultation_id: int
    public_id: UUID
    outcome: Outcome
    reason: str
    doctor_id: int | None = None
    is_full: bool = False


def assign_doctor(
    consultation_id: int,
    *,
    trigger: Trigger = Trigger.SWEEP,
    strategy: str = numbers.ASSIGNMENT_STRATEGY,
    actor: Actor | None = None,
) -> Attempt:
    """Give a waiting case the best doctor and open their conversation, or leave it waiting.

    Locks the case, then takes a place; every try is logged. A case that does not wait (any more)
    is left alone, so any number of callers may ask at once.
    """
    with transaction.atomic():
        consultation, past = locked_with_past(consultation_id)
        if consultation.state != State.WAITING_ASSIGNMENT:
            return Attempt(
                consultation_id=consultation_id,
                public_id=consultation.public_id,
                outcome=Outcome.NOT_WAITING,
                reason=consultation.state,
            )
        now = current_moment()
        steps = steps_for(consultation, name=strategy, past=past)
        place = take_first([step.wanted for step in steps], now=now)
        if place is None:
            reason = why_nobody(steps[-1].wanted, now)
            return wait_on(consultation, reason, trigger=trigger, strategy=strategy, now=now)
        return hand_over(
            consultation,
            place,
            steps[place.wish],
            trigger=trigger,
            strategy=strategy,
            actor=actor or system_actor("assignment"),
            now=now,
        )


def try_assign(consultation_id: int, *, trigger: Trigger, actor: Actor | None = None) -> Attempt:
    """Assign like assign_doctor; a failure rolls this case back, is logged, and does not spread."""
    try:
        return assign_doctor(consultation_id, trigger=trigger, actor=actor)
    except (DatabaseError, ClinicError) as error:
        fields = {"consultation_id": consultation_id, "trigger": str(trigger)}
        log.error("assignment failed", exc_info=error, extra=fields)
    return _note_failure(consultation_id, trigger)


def assign_each(
    consultation_ids: Iterable[int], *, trigger: Trigger, actor: Actor | None = None
) -> list[Attempt]:
    """Try every case, each in a transaction of its own, in the given order."""
    return [try_assign(pk, trigger=trigger, actor=actor) for pk in consultation_ids]


def assign_waiting(
    *,
    trigger: Trigger = Trigger.SWEEP,
    limit: int = numbers.ASSIGNMENT_SWEEP_BATCH,
    actor: Actor | None = None,
) -> list[Attempt]:
    """Try the cases that wait longest (seed 000: 20 at a time)."""
    return assign_each(waiting_ids(limit), trigger=trigger, actor=actor)


def assign_next_to(doctor_id: int, *, trigger: Trigger) -> Attempt | None:
    """Offer the longest waiting case that fits a doctor who may have room; None without one.

    One case in one transaction keeps locks short; while there may be more, DoctorHasRoom goes on.
    """
    waiting = waiting_ids_for(doctor_id, numbers.ASSIGNMENT_SWEEP_BATCH)
    for number, pk in enumerate(waiting, start=1):
        attempt = try_assign(pk, trigger=trigger)
        if attempt.outcome == Outcome.WAITING and attempt.reason != NoDoctorReason.BLOCKED:
            return attempt
        if attempt.outcome == Outcome.ASSIGNED:
            is_served = attempt.doctor_id == doctor_id and attempt.is_full
            if number < len(waiting) and not is_served:
                publish(DoctorHasRoom(doctor_id=doctor_id))
            return attempt
    return None


def hand_over(
    consultation: Consultation,
    place: TakenPlace,
    step: Step,
    *,
    trigger: Trigger,
    strategy: str,
    actor: Actor,
    now: datetime,
) -> Attempt:
    """Give a locked, waiting case to the doctor whose place was taken; the try is logged."""
    places.occupy(
        consultation,
        place,
        how=step.how,
        strategy=strategy,
        step=step.name,
        trigger=trigger,
        now=now,
    )
    consultation.doctor = place.doctor
    consultation.tried_at = now
    consultation.accept_by = accept_by(assigned_at=now, is_chosen=step.how is How.CHOSEN)
    if step.wanted.may_be_away:
        pushing.bring_together(consultation, now=now)
    else:
        announcing.bring_together(consultation)
    advance(consultation, State.WAITING_ACCEPT, actor=actor, reason=Reason.ASSIGNED, now=now)
    announcing.push_assigned(consultation)
    publish(ConsultationAssigned(consultation_id=consultation.pk, doctor_id=place.doctor_id))
    if consultation.paid_at:
        ASSIGNMENT_SECONDS.observe(max(0.0, (now - consultation.paid_at).total_seconds()))
    attempt = Attempt(
        consultation_id=consultation.pk,
        public_id=consultation.public_id,
        outcome=Outcome.ASSIGNED,
        reason=step.name,
        doctor_id=place.doctor_id,
        is_full=place.load >= place.limit,
    )
    _report(attempt, trigger)
    return attempt


def wait_on(
    consultation: Consultation,
    reason: NoDoctorReason,
    *,
    trigger: Trigger,
    strategy: str,
    now: datetime,
) -> Attempt:
    """Leave a locked case in the queue; the try is logged with its reason."""
    attempt = Attempt(
        consultation_id=consultation.pk,
        public_id=consultation.public_id,
        outcome=Outcome.WAITING,
        reason=str(reason),
    )
    values: dict[str, Any] = {
        "id": consultation.pk,
        "now": now,
        "trigger": trigger,
        "strategy": strategy,
        "outcome": attempt.outcome,
        "reason": attempt.reason,
        "doctor_id": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE_FRUITLESS, values)
    _report(attempt, trigger)
    return attempt


def _report(attempt: Attempt, trigger: Trigger) -> None:
    ASSIGNMENTS.labels(outcome=attempt.outcome, trigger=trigger).inc()
    fields = {
        "consultation": str(attempt.public_id),
        "outcome": str(attempt.outcome),
        "reason": attempt.reason,
        "trigger": str(trigger),
    }
    log.info("assignment tried", extra=fields)


def _note_failure(consultation_id: int, trigger: Trigger) -> Attempt:
    ASSIGNMENTS.labels(outcome=Outcome.FAILED, trigger=trigger).inc()
    consultation = Consultation.objects.get(pk=consultation_id)
    row = AssignmentAttempt.objects.create(
        consultation=consultation,
        trigger=trigger,
        strategy=numbers.ASSIGNMENT_STRATEGY,
        outcome=Outcome.FAILED,
        reason="internal_error",
    )
    return Attempt(
        consultation_id=consultation_id,
        public_id=consultation.public_id,
        outcome=Outcome.FAILED,
        reason=row.reason,
    )
