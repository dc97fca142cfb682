"""Steps of a visit, by the doctor or the desk: accept, start, finish, did not come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from appointments.enums import MOVES, Act, CancelledBy, State
from appointments.errors import PatientIsHereError, TooEarlyError
from appointments.events import (
    AppointmentCompleted,
    AppointmentStarted,
    PlaceFreed,
)
from appointments.models import Appointment
from appointments.selectors.walls import on_the_clock
from appointments.services.ending import earn
from appointments.services.no_show import miss
from appointments.services.sides import side_of
from appointments.services.state import advance, locked_with_order
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.events import publish
from clinic.core.transitions import check_move
from clinic.settings import rules as numbers

Step = Callable[[Appointment, Actor, datetime], None]


def accept(appointment_id: int, *, actor: Actor) -> Appointment:
    """Confirm a pending appointment. Raises NotFoundError, IllegalTransitionError."""
    return _step(appointment_id, actor, State.CONFIRMED, _accept)


def start(appointment_id: int, *, actor: Actor) -> Appointment:
    """Begin the visit, an hour before its time at the earliest; also of who came late after all.

    Raises TooEarlyError, NotFoundError, IllegalTransitionError.
    """
    return _step(appointment_id, actor, State.IN_PROGRESS, _start)


def finish(appointment_id: int, *, actor: Actor) -> Appointment:
    """End the visit; what was paid is earned and the rest of the time is free again."""
    return _step(appointment_id, actor, State.COMPLETED, complete)


def mark_no_show(appointment_id: int, *, actor: Actor) -> Appointment:
    """Say that nobody came, a quarter of an hour after the start at the earliest.

    What was paid is earned, but for the first time in a year. Raises TooEarlyError,
    PatientIsHereError for who checked in, NotFoundError, IllegalTransitionError.
    """
    return _step(appointment_id, actor, State.NO_SHOW, _miss)


def _step(appointment_id: int, actor: Actor, to: State, step: Step) -> Appointment:
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        if appointment.doctor is None or side_of(appointment, actor) is CancelledBy.PATIENT:
            raise NotFoundError
        check_move(MOVES, appointment.state, to)
        step(appointment, actor, current_moment())
    return appointment


def _accept(appointment: Appointment, actor: Actor, now: datetime) -> None:
    check_move({State.PENDING: MOVES[State.PENDING]}, appointment.state, State.CONFIRMED)
    appointment.expires_at = None
    advance(appointment, State.CONFIRMED, actor=actor, act=Act.ACCEPTED, now=now)


def _start(appointment: Appointment, actor: Actor, now: datetime) -> None:
    _check_due(appointment, -EARLY, now)
    appointment.started_at, appointment.ended_at = now, None
    advance(appointment, State.IN_PROGRESS, actor=actor, act=Act.STARTED, now=now)
    publish(AppointmentStarted(appointment_id=appointment.pk))


EARLY = numbers.APPOINTMENT_CHECK_IN_FROM


def complete(appointment: Appointment, actor: Actor, now: datetime) -> None:
    """End a locked visit; what was paid is earned and the rest of the time is free."""
    appointment.finished_at = appointment.ended_at = now
    advance(appointment, State.COMPLETED, actor=actor, act=Act.FINISHED, now=now)
    earn(appointment)
    doctor_id = appointment.doctor_id or 0
    publish(AppointmentCompleted(appointment_id=appointment.pk, doctor_id=doctor_id))
    publish(PlaceFreed(doctor_id=doctor_id))


def _miss(appointment: Appointment, actor: Actor, now: datetime) -> None:
    _check_due(appointment, numbers.APPOINTMENT_NO_SHOW_AFTER, now)
    if appointment.checked_in_at is not None:
        raise PatientIsHereError
    miss(appointment, actor=actor, now=now)


def _check_due(appointment: Appointment, after: timedelta, now: datetime) -> None:
    """Refuse what comes before a time that is counted from the start."""
    if appointment.starts_at is None:
        raise TooEarlyError
    opens_at = appointment.starts_at + after
    if now < opens_at:
        raise TooEarlyError(on_the_clock(appointment, opens_at))
