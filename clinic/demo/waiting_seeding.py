"""People of the demo who wait for a place with the chief physician."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from appointments.models import Appointment, AppointmentType
from appointments.selectors.slots import place_of, starts_by_doctor, terms_of
from appointments.services.booking import book
from appointments.services.waiting import WaitingWish, join
from appointments.services.wishes import Wish
from clinic.core.clock import CLINIC_ZONE
from clinic.core.errors import ClinicError
from clinic.demo.visit_days import Visit, account_of
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor, WorkRule
from doctors.rules.wall_clock import moment_of

WAITED_FOR: Final = "expert"  # one doctor, two mornings a week
WAITING: Final = 4
People = Sequence[VisitPerson]


def seed_waiting(people: People, days: Sequence[date], *, now: datetime) -> None:
    """Let some people wait for the first of the dates on which that doctor works.

    What is free of it is booked before. Nothing happens once anybody has waited.
    """
    kind = AppointmentType.objects.get(code=WAITED_FOR)
    doctor = kind.doctors.select_related("branch").first()
    if doctor is None or doctor.branch is None:
        return
    if Appointment.objects.filter(kind=kind, person__in=people).exclude(queued_at=None).exists():
        return
    weekdays = WorkRule.objects.filter(doctor=doctor).values_list("weekday", flat=True)
    day = next((day for day in days if day.weekday() in set(weekdays)), None)
    if day is not None:
        free = starts_by_doctor(
            place_of(kind, doctor.branch, doctor.pk), terms_of(kind), day, 1, now
        )
        for slot in free.get(doctor.pk, ()):
            _fill(kind, doctor, moment_of(slot.starts_at), people)
        _wait(kind, doctor.branch, day, people)


def _fill(kind: AppointmentType, doctor: Doctor, starts_at: datetime, people: People) -> None:
    """Give a free time to the first who is not elsewhere then."""
    branch = doctor.branch
    if branch is not None:
        any(_booked(Visit(kind, branch, doctor, starts_at, person)) for person in people)


def _booked(visit: Visit) -> bool:
    wish = Wish(
        kind=visit.kind.code,
        person_id=visit.person.public_id,
        starts_at=visit.starts_at,
        branch=visit.branch.code,
        doctor_id=visit.doctor.public_id,
    )
    try:
        with transaction.atomic():
            book(actor=visit.actor, wish=wish)
    except ClinicError:
        return False  # the person is elsewhere at that time
    return True


def _wait(kind: AppointmentType, branch: Branch, day: date, people: People) -> None:
    begins = datetime.combine(day, time(), CLINIC_ZONE)
    for person in people[:WAITING]:
        wish = WaitingWish(
            kind=kind.code,
            person_id=person.public_id,
            wanted_from=begins,
            wanted_until=begins + timedelta(days=1),
            branch=branch.code,
        )
        join(actor=account_of(person), wish=wish)
