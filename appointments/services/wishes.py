"""From what the patient told to what is booked: ids become rows, or a field error."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from appointments.enums import Mode, Source
from appointments.errors import SelfBookingError
from appointments.models import AppointmentType
from appointments.selectors.choosing import by_load, doctors_of
from clinic.core.actor import Actor
from clinic.core.errors import InvalidInputError
from clinic.patients import selectors as patients
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants to book; codes of type and branch, public ids of people.

    A visit at a branch names it; video and phone name none. Without a doctor the one with the
    least to do is taken.
    """

    kind: str
    person_id: UUID
    starts_at: datetime
    branch: str = ""
    doctor_id: UUID | None = None
    requirements: str = ""
    source: Source = Source.PATIENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A wish with its rows. ``doctors`` stand in the order in which they are asked."""

    wish: Wish
    kind: AppointmentType
    branch: Branch | None
    person: VisitPerson
    doctors: list[Doctor]

    @property
    def ends_at(self) -> datetime:
        """End of the visit itself."""
        return self.wish.starts_at + timedelta(minutes=self.kind.duration_minutes)


def plan_of(wish: Wish, *, actor: Actor, now: datetime) -> Plan:
    """Return the wish with its rows. Raises InvalidInputError for what the patient cannot use."""
    kind = AppointmentType.objects.filter(code=wish.kind, is_active=True).first()
    if kind is None:
        raise InvalidInputError("type", _("Choose an appointment type from the list."))
    return Plan(
        wish=wish,
        kind=kind,
        branch=_branch(kind, wish.branch),
        person=_person(actor, wish.person_id),
        doctors=_doctors(kind, wish, actor, now),
    )


def _branch(kind: AppointmentType, code: str) -> Branch | None:
    if kind.mode != Mode.CLINIC:
        if code:
            raise InvalidInputError("branch", _("This service is online. Leave the branch out."))
        return None
    rows = Branch.objects.filter(code=code, is_active=True)
    if kind.branches.exists():
        rows = rows.filter(appointment_types=kind)
    branch = rows.first()
    if branch is None:
        raise InvalidInputError("branch", _("Choose a branch from the list."))
    return branch


def _person(actor: Actor, public_id: UUID) -> VisitPerson:
    person = patients.visible_to(actor).filter(public_id=public_id).first()
    if person is None:
        raise InvalidInputError("person_id", _("Choose one of your visit persons."))
    return person


def _doctors(kind: AppointmentType, wish: Wish, actor: Actor, now: datetime) -> list[Doctor]:
    rows = doctors_of(kind, now)
    if wish.doctor_id is None:
        return by_load(rows.exclude(user_id=actor.account_id), wish.starts_at)
    doctor = rows.filter(public_id=wish.doctor_id).first()
    if doctor is None:
        raise InvalidInputError("doctor_id", _("Choose a doctor from the list."))
    if doctor.user_id == actor.user_id:
        raise SelfBookingError
    return [doctor]
