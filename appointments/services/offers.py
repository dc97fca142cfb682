"""Offered places that nobody takes, and waiting that ends: the appointment is locked already."""

from datetime import datetime

from appointments.enums import Act, State
from appointments.events import PlaceFreed
from appointments.models import Appointment
from appointments.selectors.due import unanswered_offers
from appointments.services import places
from appointments.services.ending import end
from appointments.services.state import advance
from clinic.core.actor import Actor
from clinic.core.events import publish
from clinic.settings import rules as numbers


def run_out(appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """End what is over of an appointment on the waiting list: its offer, or its waiting.

    Who leaves one offer unanswered waits on where he stood, with the second the waiting ends. The
    step says which of both it was: his own silence, or the time of the waiting.
    """
    if appointment.state == State.QUEUED:
        _end(appointment, Act.TIMED_OUT, actor=actor, now=now)
        return
    give_back(appointment)
    unanswered = unanswered_offers(appointment) + 1
    if unanswered >= numbers.APPOINTMENT_OFFERS_UNANSWERED:
        _end(appointment, Act.OFFER_EXPIRED, actor=actor, now=now)
    elif _is_over(appointment, now):
        _end(appointment, Act.TIMED_OUT, actor=actor, now=now)
    else:
        _wait_on(appointment, Act.OFFER_EXPIRED, actor=actor, now=now)


def send_back(appointment: Appointment, *, act: Act, actor: Actor, now: datetime) -> None:
    """Let somebody wait on where he stood; the place that he was offered goes to the next."""
    give_back(appointment)
    _wait_on(appointment, act, actor=actor, now=now)


def stop_waiting(appointment: Appointment, *, actor: Actor, now: datetime) -> None:
    """End the waiting for what is no longer given; an offered place is free for others."""
    if appointment.state == State.OFFERED:
        give_back(appointment)
    _end(appointment, Act.TIMED_OUT, actor=actor, now=now)


def give_back(appointment: Appointment) -> None:
    """Take the offered place from an appointment, for the next; the caller moves the state."""
    doctor_id = appointment.doctor_id
    places.clear(appointment)
    if doctor_id is not None:
        publish(PlaceFreed(doctor_id=doctor_id))


def _wait_on(appointment: Appointment, act: Act, *, actor: Actor, now: datetime) -> None:
    """Put him back where he stood, or end the waiting when its own time is over."""
    if _is_over(appointment, now):
        _end(appointment, act, actor=actor, now=now)
        return
    appointment.expires_at = appointment.waits_until
    advance(appointment, State.QUEUED, actor=actor, act=act, now=now)


def _is_over(appointment: Appointment, now: datetime) -> bool:
    return appointment.waits_until is None or appointment.waits_until <= now


def _end(appointment: Appointment, act: Act, *, actor: Actor, now: datetime) -> None:
    end(appointment, State.EXPIRED, actor=actor, act=act, now=now)
