"""Which appointments an actor may see, and lookups by what others know."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments.enums import NOT_YET_HIS
from appointments.models import Appointment
from clinic.core.actor import Actor
from clinic.core.clock import CLINIC_ZONE
from clinic.core.roles import Role

SUBJECT_KIND = "appointment"
DESK_ROLES = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
PEOPLE = ("kind", "branch", "doctor__department", "patient", "person", "order")


def own(actor: Actor) -> QuerySet[Appointment]:
    """Return the appointments of the actor as patient."""
    return Appointment.objects.filter(patient_id=actor.user_id or 0)


def visits_of(patient_id: int) -> QuerySet[Appointment]:
    """Return the appointments of an account as patient, newest first, for rooms above."""
    rows = Appointment.objects.filter(patient_id=patient_id).order_by("-id")
    return rows.select_related("kind", "branch", "doctor")


def assigned(actor: Actor) -> QuerySet[Appointment]:
    """Return the appointments of the actor as doctor."""
    rows = Appointment.objects.filter(doctor__user_id=actor.user_id or 0)
    return rows.exclude(state__in=NOT_YET_HIS)


def visible_to(actor: Actor) -> QuerySet[Appointment]:
    """Return the actor's own appointments as patient and those he has as doctor."""
    reach = Q(pk=None)
    if actor.has_role(Role.PATIENT):
        reach |= Q(patient_id=actor.user_id or 0)
    if actor.has_role(Role.DOCTOR):
        reach |= Q(doctor__user_id=actor.user_id or 0) & ~Q(state__in=NOT_YET_HIS)
    return Appointment.objects.filter(reach)


def at_the_desk(actor: Actor) -> QuerySet[Appointment]:
    """Return whom the actor may receive: staff of the desk everybody, a doctor his patients."""
    if actor.roles & DESK_ROLES:
        return Appointment.objects.all()
    return assigned(actor) if actor.has_role(Role.DOCTOR) else Appointment.objects.none()


def list_for(actor: Actor, *, state: str | None, day: date | None) -> QuerySet[Appointment]:
    """Return the rows of a list, newest booking first, with the people they show.

    ``day`` is a date on the clinic's wall clock.
    """
    rows = visible_to(actor).select_related(*PEOPLE).order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if day is not None:
        start = midnight_of(day)
        rows = rows.filter(starts_at__gte=start, starts_at__lt=midnight_of(day + DAY))
    return rows


DAY = timedelta(days=1)


def midnight_of(day: date) -> datetime:
    """Return when a day begins on the clinic's wall clock."""
    return datetime.combine(day, time(), CLINIC_ZONE)


def by_public_id(public_id: UUID) -> Appointment | None:
    """Return an appointment by the id that orders carry."""
    return Appointment.objects.filter(public_id=public_id).first()
