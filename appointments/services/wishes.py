"""From what the patient told to what is booked: ids become rows, or a field error."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from appointments.enums import DESK_SOURCES, Mode, OutsideHours, Source
from appointments.errors import NotGivenThereError, SelfBookingError
from appointments.models import AppointmentType
from appointments.rules import Terms
from appointments.selectors.choosing import by_load
from appointments.selectors.facts import Facts
from appointments.selectors.named import Ahead, Named, Naming, doctors_for, read_named
from appointments.selectors.slots import terms_of
from appointments.services.papers import check_papers
from appointments.services.sides import desk_terms, is_desk
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day
from clinic.core.errors import ForbiddenError, InvalidInputError
from clinic.patients.models import VisitPerson
from clinic.relations.enums import Side
from clinic.relations.errors import BlockedError
from clinic.relations.selectors.relations import blocking_side
from doctors.models import Branch, Doctor


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What somebody wants to book; codes of type and branch, public ids of people.

    A visit at a branch names it; video and phone name none. Without a doctor the one with the
    least to do is taken. Only the desk may be the ``source`` of other people's appointments and
    go ``outside_hours``. Of whom an old client told only name and phone ``is_by_name``.
    """

    kind: str
    person_id: UUID
    starts_at: datetime
    branch: str = ""
    doctor_id: UUID | None = None
    requirements: str = ""
    source: Source = Source.PATIENT
    outside_hours: OutsideHours | None = None
    is_by_name: bool = False

    @property
    def is_from_desk(self) -> bool:
        """Whether staff book for somebody."""
        return self.source in DESK_SOURCES


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A wish with its rows. ``doctors`` stand in the order in which they are asked.

    For one who was named there are the ``facts`` that his time is judged by.
    """

    wish: Wish
    kind: AppointmentType
    branch: Branch | None
    person: VisitPerson
    doctors: list[Doctor]
    facts: Facts | None = None

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


def plan_of(wish: Wish, *, actor: Actor, now: datetime, ahead: Ahead | None = None) -> Plan:
    """Return the wish with its rows. Raises InvalidInputError for what the patient cannot use.

    Raises RealNameNeededError and ConsentNeededError for a person whose papers are missing,
    ForbiddenError for a wish of the desk by somebody who does not work there.
    """
    if wish.is_from_desk and not is_desk(actor):
        raise ForbiddenError
    named = _named(wish, actor, now, ahead)
    if named.kind is None:
        raise InvalidInputError("type", _("Choose an appointment type from the list."))
    if named.person is None:
        raise InvalidInputError("person_id", _("Choose one of your visit persons."))
    plan = Plan(
        wish=wish,
        kind=named.kind,
        branch=_branch(named.kind, wish.branch, named.branch),
        person=named.person,
        doctors=_doctors(named.kind, wish, named, named.person.account_id, now),
        facts=named.facts,
    )
    are_shown = wish.is_from_desk or wish.is_by_name
    check_papers(plan.kind, plan.person, named.texts, are_shown=are_shown, now=now)
    return plan


def _named(wish: Wish, actor: Actor, now: datetime, ahead: Ahead | None) -> Named:
    naming = Naming(
        kind=wish.kind,
        branch=wish.branch,
        person_id=wish.person_id,
        doctor_id=wish.doctor_id,
        starts_at=wish.starts_at,
    )
    account_id = None if wish.is_from_desk else actor.user_id or 0
    return read_named(naming, account_id=account_id, moment=now, ahead=ahead)


def _branch(kind: AppointmentType, code: str, branch: Branch | None) -> Branch | None:
    if kind.mode != Mode.CLINIC:
        if code:
            raise InvalidInputError("branch", _("This service is online. Leave the branch out."))
        return None
    if branch is None and Branch.objects.filter(code=code, is_active=True).exists():
        raise NotGivenThereError
    if branch is None:
        raise InvalidInputError("branch", _("Choose a branch from the list."))
    return branch


def _doctors(
    kind: AppointmentType, wish: Wish, named: Named, patient_id: int, now: datetime
) -> list[Doctor]:
    if wish.doctor_id is None:
        return by_load(doctors_for(kind.pk, patient_id, clinic_day(now)), wish.starts_at, now)
    doctor = named.doctor
    if doctor is not None and doctor.user_id == patient_id:
        raise SelfBookingError
    blocks = blocking_side(named.relation)
    if blocks is Side.PATIENT:
        raise BlockedError
    if doctor is None or blocks:  # whom a doctor blocks learns no more than that he is not there
        raise InvalidInputError("doctor_id", _("Choose a doctor from the list."))
    return [doctor]
