"""A past of visits told row by row: statistics are about what happened, whoever did it."""

from datetime import datetime, timedelta
from typing import Any

from appointments.enums import Act, CancelledBy, State
from appointments.models import Appointment, AppointmentStep, AppointmentType
from clinic.patients.models import VisitPerson
from doctors.models import Branch
from tests.appointments.calendars import make_person
from tests.cast import Member
from tests.doctors_cast import DoctorMember

LENGTH = timedelta(minutes=30)


def visit(
    doctor: DoctorMember,
    branch: Branch | None,
    kind: AppointmentType,
    person: VisitPerson,
    starts_at: datetime,
    state: State = State.COMPLETED,
    **fields: Any,
) -> Appointment:
    """Store a visit of half an hour with what became of it."""
    over = {State.COMPLETED, State.CANCELLED, State.NO_SHOW, State.EXPIRED}
    values: dict[str, Any] = {
        "code": f"{Appointment.objects.count() % 1_000_000:06d}",
        "is_code_taken": False,
        "state": state,
        "seats": (0, 256),
        "starts_at": starts_at,
        "ends_at": starts_at + LENGTH,
        "busy_from": starts_at,
        "busy_until": starts_at + LENGTH,
        "ended_at": starts_at + LENGTH if state in over else None,
        "started_at": starts_at if state == State.COMPLETED else None,
        "cancelled_by": CancelledBy.PATIENT if state == State.CANCELLED else "",
        "created_at": starts_at - timedelta(days=1),
        **fields,
    }
    return Appointment.objects.create(
        doctor=doctor.doctor, branch=branch, kind=kind, person=person, patient=person.account,
        **values,
    )  # fmt: skip


def waited(row: Appointment, minutes: float) -> None:
    """Tell that a visit got its place after so many minutes on the waiting list."""
    moment = row.created_at + timedelta(minutes=minutes)
    Appointment.objects.filter(pk=row.pk).update(queued_at=row.created_at)
    AppointmentStep.objects.create(
        appointment=row, act=Act.BOOKED, before=State.QUEUED, after=State.CONFIRMED,
        actor="system:test", at=moment,
    )  # fmt: skip


def make_patients(member: Member, count: int) -> list[VisitPerson]:
    """Return so many visit persons of an account."""
    return [make_person(member, f"林{number}") for number in range(count)]
