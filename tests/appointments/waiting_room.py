"""Full calendars, and people who wait for what becomes free."""

from datetime import timedelta
from typing import Any

from appointments.enums import Act, State
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.services import cancelling
from clinic.core.roles import Role
from doctors.models import Branch
from tests.appointments.calendars import take
from tests.appointments.front_desk import in_hours, post
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors_cast import DoctorMember

HOURS = 6


def fill_up(
    doctor: DoctorMember,
    kind: AppointmentType,
    branch: Branch | None,
    hours: int = HOURS,
    people: int = 1,
) -> list[Appointment]:
    """Book a doctor's hours from tomorrow on, each by somebody else; return them in order."""
    rows = []
    for number in range(hours * people):
        holder = make_member(f"先来{number}", Role.PATIENT)
        starts_at = in_hours() + timedelta(hours=number // people)
        seats = (0, 256) if people == 1 else (number % people, number % people + 1)
        rows.append(take(doctor, kind, person_of(holder), starts_at, branch=branch, seats=seats))
    AppointmentStep.objects.bulk_create(
        AppointmentStep(appointment=row, act=Act.BOOKED, after=row.state, actor="system:test")
        for row in rows
    )
    return rows


def wait_body(
    member: Member, kind: AppointmentType, branch: Branch | None, *, hours: int = HOURS, **told: Any
) -> dict[str, Any]:
    """Return the body that waits for any place in the hours that ``fill_up`` fills."""
    body = {
        "type": kind.code,
        "person_id": str(person_of(member).public_id),
        "branch": branch.code if branch else "",
        "from": in_hours().isoformat(),
        "until": (in_hours() + timedelta(hours=hours)).isoformat(),
    }
    return body | told


def join(member: Member, kind: AppointmentType, branch: Branch | None, **told: Any) -> Any:
    """Join the waiting list."""
    return post(member, "appointments/waiting", wait_body(member, kind, branch, **told))


def waiting_people(
    count: int, kind: AppointmentType, branch: Branch | None, **told: Any
) -> list[tuple[Member, str]]:
    """Let patients join one after the other; return each with the id of the appointment."""
    people = []
    for number in range(count):
        member = make_member(f"等候{number}", Role.PATIENT)
        answer = join(member, kind, branch, **told)
        assert answer.status_code == 201, answer.json()
        people.append((member, answer.json()["id"]))
    return people


def free(doctor: DoctorMember, hours: int = 0) -> None:
    """Cancel what the doctor has so many hours after the first."""
    starts_at = in_hours() + timedelta(hours=hours)
    row = Appointment.objects.get(
        doctor=doctor.doctor, starts_at=starts_at, state=State.CONFIRMED, queued_at=None
    )
    cancelling.cancel(row.pk, actor=doctor.member.actor)
