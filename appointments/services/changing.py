"""Details of an appointment that keep its place: what the patient wishes."""

from django.db import transaction

from appointments.enums import OPEN_STATES, Act, State
from appointments.errors import ChangeTooLateError
from appointments.models import Appointment
from appointments.services.state import locked, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import NotFoundError
from clinic.core.transitions import check_move


def change(appointment_id: int, *, actor: Actor, requirements: str) -> Appointment:
    """Store new wishes for the patient's own appointment, before it begins.

    Nothing is written when they are the same. Raises NotFoundError, ChangeTooLateError,
    IllegalTransitionError for one that has ended.
    """
    now = current_moment()
    with transaction.atomic():
        appointment = locked(appointment_id)
        if appointment.patient_id != actor.account_id:
            raise NotFoundError
        if appointment.state not in OPEN_STATES:
            check_move({}, appointment.state, State.IN_PROGRESS)
        has_begun = appointment.starts_at is not None and appointment.starts_at <= now
        if has_begun or appointment.state == State.IN_PROGRESS:
            raise ChangeTooLateError
        if appointment.requirements != requirements:
            appointment.requirements = requirements
            note = {"fields": ["requirements"]}
            stay(appointment, actor=actor, act=Act.CHANGED, now=now, note=note)
    return appointment
