"""From what the patient told to what is booked: ids become rows, or a field error."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from appointments.enums import Mode, OutsideHours, Source
from appointments.errors import SelfBookingError
from appointments.models import AppointmentType
from appointments.rules import Terms
from appointments.selectors.choosing import branches_of, by_load, doctors_of
from appointments.selectors.slots import terms_of
from appointments.services.sides import DESK_SOURCES, desk_terms, is_desk
from clinic.core.actor import Actor
from clinic.core.errors import ForbiddenError, InvalidInputError
from clinic.patients import selectors as patients
from clinic.patients.models import VisitPerson
from clinic.relations.enums import Side
from clinic.relations.errors import BlockedError
from clinic.relations.selectors.relations import blocked_doctor_ids, who_blocks
from doctors.models import Branch, Doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants to book; codes of type and branch, public ids of people.

    A visit at a branch names it; video and phone name none. Without a doctor the one with the
    least to do is taken. Only the desk may be the ``source`` of other people's appointments and
    go ``outside_hours``.
    """

    kind: str
    person_id: UUID
    starts_at: datetime
    branch: str = ""
    doctor_id: UUID | None = None
    requirements: str = ""
    source: Source = Source.PATIENT
    outside_hours: OutsideHours | None = None

    @property
    def is_from_desk(self) -> bool:
        """Whether staff book for somebody."""
        return self.source in DESK_SOURCES


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

    @property
    def terms(self) -> Terms:
        """What is asked of the time."""
        if self.wish.is_from_desk:
            return desk_terms(self.kind, self.wish.outside_hours)
        return terms_of(self.kind)


def plan_of(wish: Wish, *, actor: Actor, now: datetime) -> Plan:
    """Return the wish with its rows. Raises InvalidInputError for what the patient cannot use.

    Raises ForbiddenError for a wish of the desk by somebody who does not work there.
    """
    if wish.is_from_desk and not is_desk(actor):
        raise ForbiddenError
    kind = AppointmentType.objects.filter(code=wish.kind, is_active=True).first()
    if kind is None:
        raise InvalidInputError("type", _("Choose an appointment type from the list."))
    person = _person(actor, wish)
    return Plan(
        wish=wish,
        kind=kind,
        branch=_branch(kind, wish.branch),
        person=person,
        doctors=_doctors(kind, wish, person.account_id, now),
    )


def _branch(kind: AppointmentType, code: str) -> Branch | None:
    if kind.mode != Mode.CLINIC:
        if code:
            raise InvalidInputError("branch", _("This service is online. Leave the branch out."))
        return None
    branch = branches_of(kind).filter(code=code).first()
    if branch is None:
        raise InvalidInputError("branch", _("Choose a branch from the list."))
    return branch


def _person(actor: Actor, wish: Wish) -> VisitPerson:
    rows = patients.everybody() if wish.is_from_desk else patients.visible_to(actor)
    person = rows.select_related("account").filter(public_id=wish.person_id).first()
    if person is None:
        raise InvalidInputError("person_id", _("Choose one of your visit persons."))
    return person


def _doctors(kind: AppointmentType, wish: Wish, patient_id: int, now: datetime) -> list[Doctor]:
    rows = doctors_of(kind, now)
    if wish.doctor_id is None:
        blocked = blocked_doctor_ids(patient_id)
        others = rows.exclude(user_id=patient_id).exclude(pk__in=blocked)
        return by_load(others, wish.starts_at, now)
    doctor = rows.filter(public_id=wish.doctor_id).first()
    if doctor is not None and doctor.user_id == patient_id:
        raise SelfBookingError
    blocks = doctor and who_blocks(doctor_id=doctor.pk, patient_id=patient_id)
    if blocks is Side.PATIENT:
        raise BlockedError
    if doctor is None or blocks:  # whom a doctor blocks learns no more than that he is not there
        raise InvalidInputError("doctor_id", _("Choose a doctor from the list."))
    return [doctor]
