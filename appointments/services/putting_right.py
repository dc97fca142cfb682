"""Visits that the doctor's clicks left open: ended a day later, as what is known suggests."""

from datetime import datetime

from django.db import transaction

from appointments.enums import Act, CancelledBy, State
from appointments.models import Appointment
from appointments.services import flow
from appointments.services.ending import end, settle_money
from appointments.services.state import locked_with_order
from clinic.core.actor import Actor, system_actor
from clinic.core.clock import now as current_moment
from clinic.settings import rules as numbers

PUTTING_RIGHT = system_actor("appointment sweep")


def end_never_begun(appointment_id: int, *, actor: Actor = PUTTING_RIGHT) -> bool:
    """Cancel for the doctor what he did not begin though the patient was there; all money goes
    back. Say whether it ended now. Repeatable.
    """
    with transaction.atomic():
        appointment, now = locked_with_order(appointment_id), current_moment()
        is_open = appointment.state == State.CONFIRMED and appointment.checked_in_at is not None
        if not is_open or not _is_long_over(appointment, now):
            return False
        settle_money(appointment, by=CancelledBy.DOCTOR, actor=actor, now=now)
        appointment.cancelled_by = CancelledBy.DOCTOR
        end(appointment, State.CANCELLED, actor=actor, act=Act.CANCELLED, now=now)
    return True


def finish_forgotten(appointment_id: int, *, actor: Actor = PUTTING_RIGHT) -> bool:
    """Finish a visit whose end was never told; say whether it ended now. Repeatable."""
    with transaction.atomic():
        appointment, now = locked_with_order(appointment_id), current_moment()
        if appointment.state != State.IN_PROGRESS or not _is_long_over(appointment, now):
            return False
        flow.complete(appointment, actor, now)
    return True


def _is_long_over(appointment: Appointment, now: datetime) -> bool:
    ends_at = appointment.ends_at
    return ends_at is not None and ends_at + numbers.APPOINTMENT_PUT_RIGHT_WITHIN <= now
