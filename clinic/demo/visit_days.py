"""One day of the demo's calendars: what visitors book, and how days behind went."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from appointments.enums import Act, CancelledBy, Source, State
from appointments.models import Appointment, AppointmentType
from appointments.selectors.appointments import midnight_of
from appointments.selectors.slots import place_of, starts_by_doctor, terms_of
from appointments.services.booking import book
from appointments.services.codes import CODE_DIGITS
from appointments.services.state import advance, take
from appointments.services.wishes import Wish
from clinic.core.actor import Actor
from clinic.core.errors import ClinicError
from clinic.core.ids import random_digits
from clinic.core.roles import Role
from clinic.demo.actors import actor_of
from clinic.demo.visit_people import WISHES
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor
from doctors.rules.wall_clock import moment_of

Kinds = Sequence[tuple[AppointmentType, float]]
People = Sequence[VisitPerson]
BOOKED_AHEAD: Final = timedelta(days=2)  # of days behind
CAME, CANCELLED = 0.78, 0.92  # beyond it: nobody came


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody wants to see a doctor at a free time."""

    kind: AppointmentType
    branch: Branch
    doctor: Doctor
    starts_at: datetime
    person: VisitPerson

    @property
    def actor(self) -> Actor:
        """The account behind the person."""
        return account_of(self.person)


def account_of(person: VisitPerson) -> Actor:
    """Return the account behind a visit person, as it calls."""
    return actor_of(person.account, Role.PATIENT)


def book_day(day: date, kinds: Kinds, people: People, *, now: datetime) -> None:
    """Book a share of the free times of a date through the service, unless that was done."""
    if _has_visits(day, people):
        return
    dice = random.Random(day.toordinal())  # noqa: S311 the same people come again
    for visit in _visits(day, kinds, people, dice, now):
        wish = Wish(
            kind=visit.kind.code,
            person_id=visit.person.public_id,
            starts_at=visit.starts_at,
            branch=visit.branch.code,
            doctor_id=visit.doctor.public_id,
            requirements=dice.choice(WISHES),
        )
        try:
            with transaction.atomic():
                book(actor=visit.actor, wish=wish)
        except ClinicError:
            continue  # the person is elsewhere at that time


def live_through_day(day: date, kinds: Kinds, people: People) -> None:
    """Store the visits of a date that is over, with all their steps, unless that was done."""
    if _has_visits(day, people):
        return
    dice = random.Random(day.toordinal())  # noqa: S311 the same people come again
    booked_at = midnight_of(day) - BOOKED_AHEAD
    for visit in _visits(day, kinds, people, dice, booked_at):
        appointment = _draft(visit, booked_at)
        if take(appointment, State.CONFIRMED, actor=visit.actor, act=Act.BOOKED, now=booked_at):
            _end(appointment, visit, dice)


def _has_visits(day: date, people: People) -> bool:
    start = midnight_of(day)
    rows = Appointment.objects.filter(person__in=people, starts_at__gte=start)
    return rows.filter(starts_at__lt=start + timedelta(days=1)).exists()


def _visits(
    day: date, kinds: Kinds, people: People, dice: random.Random, moment: datetime
) -> Iterator[Visit]:
    """Yield visits that do not overlap at their doctor, in order of type, branch and doctor.

    The first group that a doctor can have on a date always meets: there is one on any week.
    """
    taken_until: dict[int, datetime] = {}
    for kind, share in kinds:
        for branch in Branch.objects.filter(is_active=True).order_by("pk") if share else ():
            place, terms = place_of(kind, branch), terms_of(kind)
            free = starts_by_doctor(place, terms, day, 1, moment)
            for doctor in Doctor.objects.filter(pk__in=free).select_related("user").order_by("pk"):
                meets = kind.capacity > 1
                for slot in free[doctor.pk]:
                    starts_at = moment_of(slot.starts_at)
                    if starts_at < taken_until.get(doctor.pk, starts_at):
                        continue
                    if dice.random() >= share and not meets:
                        continue
                    meets = False
                    for person in dice.sample(people, min(kind.capacity, 4)):
                        yield Visit(kind, branch, doctor, starts_at, person)
                    length = kind.duration_minutes + kind.buffer_after_minutes
                    taken_until[doctor.pk] = starts_at + timedelta(minutes=length)


def _draft(visit: Visit, booked_at: datetime) -> Appointment:
    kind, starts_at = visit.kind, visit.starts_at
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    return Appointment(
        code=random_digits(CODE_DIGITS),
        kind=kind,
        branch=visit.branch,
        doctor=visit.doctor,
        patient=visit.person.account,
        person=visit.person,
        source=Source.PATIENT,
        created_at=booked_at,
        starts_at=starts_at,
        ends_at=ends_at,
        busy_from=starts_at - timedelta(minutes=kind.buffer_before_minutes),
        busy_until=ends_at + timedelta(minutes=kind.buffer_after_minutes),
    )


def _end(appointment: Appointment, visit: Visit, dice: random.Random) -> None:
    doctor = Actor(kind="user", public_id=visit.doctor.user.public_id)
    came = dice.random()
    if came < CAME:
        _visit(appointment, doctor, visit.starts_at + timedelta(minutes=dice.randrange(-5, 25)))
    elif came < CANCELLED:
        at = visit.starts_at - timedelta(hours=dice.randrange(3, 40))
        appointment.ended_at, appointment.cancelled_by = at, CancelledBy.PATIENT
        advance(appointment, State.CANCELLED, actor=visit.actor, act=Act.CANCELLED, now=at)
    else:
        at = visit.starts_at + timedelta(minutes=20)
        appointment.ended_at = at
        advance(appointment, State.NO_SHOW, actor=doctor, act=Act.MISSED, now=at)


def _visit(appointment: Appointment, doctor: Actor, begun_at: datetime) -> None:
    ended_at = begun_at + timedelta(minutes=appointment.kind.duration_minutes)
    appointment.started_at = begun_at
    advance(appointment, State.IN_PROGRESS, actor=doctor, act=Act.STARTED, now=begun_at)
    appointment.finished_at = appointment.ended_at = ended_at
    advance(appointment, State.COMPLETED, actor=doctor, act=Act.FINISHED, now=ended_at)
