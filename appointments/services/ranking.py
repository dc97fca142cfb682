"""Who is served first of those who wait."""

from django.db import transaction

from appointments.enums import Act, State
from appointments.models import Appointment
from appointments.services.sides import is_desk
from appointments.services.state import locked_with_order, stay
from clinic.core.actor import Actor
from clinic.core.clock import now as current_moment
from clinic.core.errors import ForbiddenError
from clinic.core.transitions import check_move


def rank(appointment_id: int, *, priority: int, actor: Actor) -> Appointment:
    """Give somebody on the waiting list another priority; higher ones are served first.

    Raises ForbiddenError, NotFoundError, IllegalTransitionError for who does not wait.
    """
    if not is_desk(actor):
        raise ForbiddenError
    with transaction.atomic():
        appointment = locked_with_order(appointment_id)
        if appointment.state != State.QUEUED:
            check_move({}, appointment.state, State.QUEUED)
        appointment.priority = priority
        note = {"priority": priority}
        stay(appointment, actor=actor, act=Act.CHANGED, now=current_moment(), note=note)
    return appointment
