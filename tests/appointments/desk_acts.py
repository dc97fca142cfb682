"""A branch with a doctor and a visit of tomorrow, and what staff does at the front desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from appointments.models import Appointment, AppointmentType
from clinic.core.clock import CLINIC_ZONE
from clinic.core.invariants import all_invariants
from doctors.models import Branch
from tests.appointments.front_desk import (
    give_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.cast import Member
from tests.consultations.conftest import person_of
from tests.doctors_cast import DoctorMember, make_doctor

DESK = "front-desk/appointments"
WAITING = "front-desk/waiting"


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """A doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """Half an hour, free of charge, changed by patients up to two hours ahead."""
    return make_type()


@pytest.fixture
def visit(lin: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType) -> Appointment:
    """Lin's confirmed appointment of tomorrow."""
    return row_of(post(lin, "appointments", wish(lin, kind, branch)))


def at(moment: datetime, **more: Any) -> dict[str, Any]:
    """Return a time as the desk tells it: on the wall clock of the branch."""
    wall = moment.astimezone(CLINIC_ZONE)
    return {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", **more}


def act(member: Member, row: Appointment, verb: str, body: Any = None) -> Any:
    """Do one of the desk's acts."""
    return post(member, f"{DESK}/{row.public_id}/{verb}", body)


def shift(row: Appointment, start: datetime) -> None:
    """Let an appointment be at another time, as if it had been booked long ago."""
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=end, busy_from=start, busy_until=end
    )


def booking(member: Member, kind: AppointmentType, branch: Branch, **told: Any) -> dict[str, Any]:
    """Return the body of a booking for a patient."""
    person = str(person_of(member).public_id)
    return {"type": kind.code, "branch": branch.code, "person_id": person, **told}


def breaches() -> list[str]:
    """Return broken promises of the house."""
    return [line for promise in all_invariants() for line in promise.breaches()]
