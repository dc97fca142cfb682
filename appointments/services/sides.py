"""Whose word counts for an appointment: its patient's, its doctor's, the desk's; on which terms."""

from appointments.enums import CancelledBy, OutsideHours
from appointments.models import Appointment, AppointmentType
from appointments.rules import Terms
from appointments.selectors.appointments import DESK_ROLES
from appointments.selectors.slots import terms_of
from clinic.core.actor import Actor
from clinic.core.errors import NotFoundError


def is_desk(actor: Actor) -> bool:
    """Say whether the actor works at the front desk."""
    return bool(actor.roles & DESK_ROLES)


def side_of(appointment: Appointment, actor: Actor) -> CancelledBy:
    """Return whose word the actor's is; his own appointment is his as patient, staff or not.

    Raises NotFoundError for strangers.
    """
    if appointment.patient_id == actor.user_id:
        return CancelledBy.PATIENT
    if appointment.doctor is not None and appointment.doctor.user_id == actor.user_id:
        return CancelledBy.DOCTOR
    if is_desk(actor):
        return CancelledBy.STAFF
    raise NotFoundError


def desk_terms(kind: AppointmentType, outside_hours: OutsideHours | None) -> Terms:
    """Return on which terms the desk books a type: any minute of the hours, or beyond them."""
    terms = terms_of(kind)
    return terms.at_the_desk() if outside_hours is None else terms.outside_hours()
