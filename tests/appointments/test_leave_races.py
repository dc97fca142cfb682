"""Leave and bookings that meet: one of both wins, never both."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from appointments.enums import BLOCKING, Displacement
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.selectors.hits import in_time_of
from appointments.services.displacing import displace
from appointments.services.sweeping import sweep
from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from doctors.models import Branch, Doctor, Leave
from doctors.services.leaves import enter_leave
from doctors.services.standing import suspend
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    wish,
)
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors.rivals import together, wait_until_blocking
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
STAFF = system_actor("test")
Stage = tuple[DoctorMember, Callable[[], str]]


def _patients(count: int) -> list[Member]:
    members = [make_member(f"患者{number}", Role.PATIENT) for number in range(count)]
    for member in members:
        person_of(member)
    return members


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _book(member: Member, told: Any) -> str:
    """Return what became of a try, by its code."""
    answer = post(member, "appointments", told)
    return "booked" if answer.status_code == 201 else str(answer.json()["code"])


def _wish(member: Member, kind: AppointmentType, branch: Branch, hours: float = 24) -> Any:
    """Return the wish for a place; of the only doctor, which one statement gives or refuses."""
    told = wish(member, kind, branch, starts_at=in_hours(hours).isoformat())
    doctors = list(Doctor.objects.values_list("public_id", flat=True))
    return told | ({"doctor_id": str(doctors[0])} if len(doctors) == 1 else {})


def _enter(doctor: DoctorMember) -> int:
    """Enter a leave over the whole test and return how many bookings it knows of."""
    start, end = in_hours(20), in_hours(60)
    enter_leave(doctor_id=doctor.doctor.pk, starts_at=start, ends_at=end, by=STAFF)
    return in_time_of(doctor.doctor.pk, start, end, now()).count()


def _one_after_the_other(doctor: DoctorMember, wish: Callable[[], str], leads: str) -> Any:
    """Let one transaction stay open until the other runs into it; return bookings and hits."""
    has_begun, is_over = threading.Event(), threading.Event()
    works: dict[str, Callable[[], Any]] = {"book": wish, "leave": lambda: _enter(doctor)}
    follows = "leave" if leads == "book" else "book"

    def rival(number: int) -> Any:
        try:
            if number == 1:
                has_begun.wait(20)
                with transaction.atomic():
                    return works[follows]()
            with transaction.atomic():
                told = works[leads]()
                has_begun.set()
                wait_until_blocking(is_over)
                return told
        finally:
            is_over.set()

    told = dict(zip((leads, follows), together(2, rival), strict=True))
    return told["book"], told["leave"]


@pytest.fixture
def stage() -> tuple[DoctorMember, Callable[[], str]]:
    """A doctor, and a booking of him."""
    branch, kind = make_branch(), make_type()
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    (patient,) = _patients(1)
    wish = _wish(patient, kind, branch)
    return doctor, lambda: _book(patient, wish)


def test_a_leave_waits_for_a_booking_under_way_and_knows_of_it(stage: Stage) -> None:
    assert _one_after_the_other(*stage, leads="book") == ("booked", 1)


def test_a_booking_waits_for_a_leave_under_way_and_is_refused(stage: Stage) -> None:
    assert _one_after_the_other(*stage, leads="leave") == ("outside_hours", 0)
    assert not Appointment.objects.exists()


@pytest.fixture
def no_promise() -> Iterator[None]:
    """A database that forgot that a doctor must be there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_doctor_is_there%'"
        )
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) == 2  # of rows that are made and of rows that change
        _switch(names, "DISABLE")
    yield
    _switch(names, "ENABLE")


def _switch(names: list[str], way: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"ALTER TABLE appointments_appointment {way} TRIGGER {name}")


def test_without_the_promise_both_win(no_promise: None, stage: Stage) -> None:
    assert _one_after_the_other(*stage, leads="leave") == ("booked", 0)


def test_a_leave_knows_of_every_booking_that_many_rivals_got() -> None:
    branch, kind = make_branch(), make_type()
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    patients = _patients(8)
    wishes = [_wish(one, kind, branch, 24 + number) for number, one in enumerate(patients)]

    def rival(number: int) -> Any:
        if number < 8:
            return _book(patients[number], wishes[number])
        with transaction.atomic():
            return _enter(doctor)

    *told, hits = together(9, rival)

    assert set(told) <= {"booked", "outside_hours"}
    assert hits == told.count("booked") == Appointment.objects.count()


def test_a_booking_of_a_doctor_who_is_being_suspended_is_refused(stage: Stage) -> None:
    doctor, wish = stage

    def rival(number: int) -> Any:
        if number == 0:
            return wish()
        with transaction.atomic():
            suspend(doctor_id=doctor.doctor.pk, reason="quality", by=STAFF)
            return in_time_of(doctor.doctor.pk, in_hours(0), in_hours(60), now()).count()

    booked, hits = together(2, rival)

    # He is not found any more by who looks after the suspension.
    assert (booked, hits) in {("booked", 1), ("outside_hours", 0), ("invalid_input", 0)}


def test_event_and_sweep_displace_once_and_rivals_never_share_the_new_doctor() -> None:
    branch, kind = make_branch(), make_type()
    away = [make_doctor(name) for name in ("沈一鸣", "吴静")]
    for one in away:
        give_hours(one, branch)
    patients = _patients(4)
    for one in patients[:2]:
        assert _book(one, _wish(one, kind, branch)) == "booked"
    rows = list(Appointment.objects.all())
    give_hours(make_doctor("罗成"), branch)
    Leave.objects.bulk_create(
        Leave(doctor=one.doctor, starts_at=in_hours(20), ends_at=in_hours(60), entered_by="test")
        for one in away
    )
    wishes = [_wish(one, kind, branch) for one in patients[2:]]

    def rival(number: int) -> Any:
        if number < 2:
            return _book(patients[2 + number], wishes[number])
        if number < 6:
            return displace(rows[number % 2].pk, why=Displacement.LEAVE)
        return sweep()

    told = together(8, rival)

    taken = Appointment.objects.filter(state__in=BLOCKING)
    assert taken.count() == 1
    assert told[:2].count("booked") <= 1
    ended = Appointment.objects.filter(pk__in=[row.pk for row in rows], state="cancelled")
    assert ended.count() == 2 - AppointmentStep.objects.filter(act="reassigned").count()
    assert AppointmentStep.objects.filter(act__in=["reassigned", "displaced"]).count() == 2
    assert _breaches() == []
