"""Rivals for places, on real connections, and a control that shows what the constraint stops."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection

from appointments.enums import BLOCKING
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.selectors.openings import nearest_free
from appointments.services import booking, checking_in, holding, moving
from appointments.services.booking import book
from appointments.services.sweeping import sweep
from appointments.services.wishes import Wish
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from doctors.models import Branch
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors.rivals import together
from tests.doctors_cast import make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RIVALS = 25
ROUNDS = 8  # 200 tries, over HTTP


def _patients(count: int) -> list[Member]:
    members = [make_member(f"患者{number}", Role.PATIENT) for number in range(count)]
    for member in members:
        person_of(member)
    return members


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _book(member: Member, kind: AppointmentType, branch: Branch, hours: int) -> str:
    """Return what became of a try, by its code; a fault of the database by its class."""
    told = Wish(
        kind=kind.code,
        person_id=person_of(member).public_id,
        starts_at=in_hours(hours),
        branch=branch.code,
    )
    try:
        book(actor=member.actor, wish=told)
    except ClinicError as error:
        return error.code
    except DatabaseError as error:
        return type(error).__name__
    return "booked"


@pytest.mark.parametrize(("capacity", "doctors"), [(1, 1), (5, 1), (1, 3)])
def test_rivals_get_exactly_the_places_there_are(capacity: int, doctors: int) -> None:
    branch, kind = make_branch(), make_type(capacity=capacity, price_fen=100)
    for number in range(doctors):
        give_hours(make_doctor(f"医生{number}"), branch)
    patients = _patients(RIVALS)

    for number in range(2):
        hours = 24 + 2 * number
        told = Counter(together(RIVALS, lambda n, h=hours: _book(patients[n], kind, branch, h)))  # type: ignore[misc]
        places = capacity * doctors
        refused = "capacity_full" if capacity > 1 else "slot_taken"
        assert told == {"booked": places, refused: RIVALS - places}

    assert Appointment.objects.filter(state__in=BLOCKING).count() == 2 * capacity * doctors
    assert AppointmentStep.objects.count() == Appointment.objects.count()
    assert _breaches() == []


def test_two_hundred_rivals_over_http_get_every_place_once_and_the_rest_a_reason() -> None:
    branch, kind = make_branch(), make_type(capacity=2)
    give_hours(make_doctor("沈一鸣"), branch)
    patients = _patients(RIVALS)
    heard: Counter[str] = Counter()

    for number in range(ROUNDS):
        start = in_hours(24 + 2 * number).isoformat()
        bodies = [wish(member, kind, branch, starts_at=start) for member in patients]
        answers = together(RIVALS, lambda n, b=bodies: post(patients[n], "appointments", b[n]))  # type: ignore[misc]
        refused = [answer.json() for answer in answers if answer.status_code != 201]
        heard.update(told["code"] for told in refused)
        assert all(told["nearest"] for told in refused), refused

    assert heard == {"capacity_full": ROUNDS * (RIVALS - 2)}
    assert Appointment.objects.filter(state__in=BLOCKING).count() == ROUNDS * 2
    assert _breaches() == []


def test_who_is_refused_by_a_group_lets_the_next_one_in_before_looking_for_other_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    branch, kind, doctor = make_branch(), make_type(capacity=2), make_doctor("沈一鸣")
    give_hours(doctor, branch)
    patients = _patients(4)
    assert {_book(one, kind, branch, 24) for one in patients[:2]} == {"booked"}
    tried: list[str] = []

    def another_asks(*about: Any, **more: Any) -> list[dict[str, Any]]:
        monkeypatch.setattr(booking, "nearest_free", nearest_free)
        tried.extend(together(1, lambda _n: _book(patients[3], kind, branch, 48)))
        return nearest_free(*about, **more)

    monkeypatch.setattr(booking, "nearest_free", another_asks)

    assert (_book(patients[2], kind, branch, 24), tried) == ("capacity_full", ["booked"])


def test_one_person_at_many_doors_gets_one_appointment_at_a_time(lin: Member) -> None:
    branch, kind = make_branch(), make_type()
    for number in range(8):
        give_hours(make_doctor(f"医生{number}"), branch)
    person_of(lin)

    told = Counter(together(8, lambda _n: _book(lin, kind, branch, 24)))

    assert told == {"booked": 1, "person_booked": 7}


def test_rivals_for_a_place_whose_hold_is_over_get_it_once(lin: Member) -> None:
    branch, kind = make_branch(), make_type(price_fen=100)
    give_hours(make_doctor("沈一鸣"), branch)
    first = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    Appointment.objects.filter(pk=first.pk).update(expires_at=now() - timedelta(seconds=1))
    patients = _patients(12)

    def rival(number: int) -> Any:
        return sweep() if number == 12 else _book(patients[number], kind, branch, 24)

    told = together(13, rival)

    assert Counter(told[:12]) == {"booked": 1, "slot_taken": 11}
    first.refresh_from_db()
    assert first.state == "expired"
    assert _breaches() == []


def test_moves_into_one_time_and_bookings_of_it_never_deadlock() -> None:
    branch, kind = make_branch(), make_type()
    give_hours(make_doctor("沈一鸣"), branch)
    patients = _patients(16)
    rows = [
        row_of(
            post(patients[n], "appointments",
                 wish(patients[n], kind, branch, starts_at=in_hours(24 + n).isoformat()))
        )
        for n in range(8)
    ]  # fmt: skip

    def rival(number: int) -> str:
        if number >= 8:
            return _book(patients[number], kind, branch, 40)
        actor = patients[number].actor
        try:
            moving.move(rows[number].pk, actor=actor, starts_at=in_hours(40))
        except ClinicError as error:
            return error.code
        return "booked"

    told = Counter(together(16, rival))

    assert told == {"booked": 1, "slot_taken": 15}
    assert Appointment.objects.filter(starts_at=in_hours(40), state__in=BLOCKING).count() == 1
    assert _breaches() == []


@pytest.fixture
def no_promise() -> Iterator[None]:
    """A database that forgot its promise about doctors."""
    name = "doctor_is_not_double_booked"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
        )
        (definition,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE appointments_appointment DROP CONSTRAINT {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE appointments_appointment CASCADE")
        cursor.execute(f"ALTER TABLE appointments_appointment ADD CONSTRAINT {name} {definition}")


def test_without_the_constraint_looking_first_books_a_doctor_twice(no_promise: None) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(make_doctor("沈一鸣"), branch)
    patients = _patients(RIVALS)

    told = Counter(together(RIVALS, lambda n: _book(patients[n], kind, branch, 24)))

    assert told["booked"] > 1
    assert any("appointments" in line for line in _breaches())


def test_arrival_and_no_show_at_one_moment_leave_one_of_them(lin: Member) -> None:
    branch, kind = make_branch(), make_type()
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    rows = []
    for number in range(6):
        start = in_hours(24 + number).isoformat()
        rows.append(row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start))))
        _begin(rows[-1], now() - timedelta(hours=1, minutes=number * 40))

    def rival(number: int) -> str:
        row = rows[number // 2]
        try:
            if number % 2:
                checking_in.check_in_at_desk(row.pk, actor=shen.member.actor)
            elif not holding.mark_missed(row.pk):
                return "late"
        except ClinicError as error:
            return error.code
        return "done"

    told = together(12, rival)

    for number, row in enumerate(rows):
        row.refresh_from_db()
        has_come = row.checked_in_at is not None
        assert (row.state == "no_show") is not has_come
        assert min(told[2 * number : 2 * number + 2]) == "done"
    assert _breaches() == []


def test_two_first_no_shows_at_one_moment_are_one(lin: Member) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(make_doctor("沈一鸣"), branch)
    rows = []
    for number in range(4):
        start = in_hours(24 + number).isoformat()
        rows.append(row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start))))
        _begin(rows[-1], now() - timedelta(hours=1, minutes=number * 40))

    assert together(4, lambda number: holding.mark_missed(rows[number].pk)) == [True] * 4

    notes = AppointmentStep.objects.filter(act="missed").values_list("note", flat=True)
    assert sorted(note["forgiven"] for note in notes) == [False, False, False, True]


def _begin(row: Appointment, start: datetime) -> None:
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=end, busy_from=start, busy_until=end
    )
