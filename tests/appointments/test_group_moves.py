"""Moving somebody of a group to another group of the same type."""

import pytest

from appointments.models import Appointment, AppointmentType
from clinic.core.invariants import all_invariants
from doctors.models import Branch
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.appointments.waiting_room import fill_up
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """A course for two."""
    return make_type(capacity=2, duration_minutes=60, step_minutes=60)


@pytest.fixture
def shen(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    return doctor


def _seat(row: Appointment) -> int:
    row.refresh_from_db()
    assert row.seats is not None
    return int(row.seats.lower)


def test_somebody_of_a_group_takes_the_free_seat_of_another(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    later = in_hours(26).isoformat()
    first = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    other = row_of(post(ge, "appointments", wish(ge, kind, branch, starts_at=later)))

    answer = step(lin, str(first.public_id), "move", {"starts_at": later})

    assert answer.status_code == 200, answer.json()
    assert {_seat(first), _seat(other)} == {0, 1}
    assert first.starts_at == other.starts_at
    assert [line for promise in all_invariants() for line in promise.breaches()] == []


def test_a_full_group_takes_nobody_and_nothing_moves(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    row = row_of(
        post(lin, "appointments", wish(lin, kind, branch, starts_at=in_hours(40).isoformat()))
    )
    fill_up(shen, kind, branch, hours=1, people=2)

    answer = step(lin, str(row.public_id), "move", {"starts_at": in_hours().isoformat()})

    assert (answer.status_code, answer.json()["code"]) == (409, "capacity_full")
    assert answer.json()["nearest"]
    row.refresh_from_db()
    assert row.starts_at == in_hours(40)
