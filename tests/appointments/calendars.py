"""Calendars for tests: branches, types, hours and what is taken."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from appointments.enums import State
from appointments.models import Appointment, AppointmentType
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Doctor, WorkRule
from tests.cast import Member
from tests.doctors_cast import DoctorMember

LONG_AGO = date(2020, 1, 1)
WEEKDAYS = range(5)
OFFICE = ((540, 720), (780, 1020))  # 9:00-12:00 and 13:00-17:00


def make_branch(code: str = "1", **fields: Any) -> Branch:
    """Store a branch that is always open."""
    return Branch.objects.create(code=code, name=fields.pop("name", f"{code} 店"), **fields)


def make_type(code: str = "visit", **fields: Any) -> AppointmentType:
    """Store a service of an hour, on the half hour, for one person."""
    names = {"name_zh": "面诊", "name_en": "Visit"}
    return AppointmentType.objects.create(code=code, **{**names, **fields})


def work(
    doctor: DoctorMember | Doctor,
    branch: Branch | None,
    spans: Iterable[tuple[int, int]] = OFFICE,
    weekdays: Iterable[int] = WEEKDAYS,
) -> None:
    """Give a doctor hours at a branch, or online."""
    row = doctor.doctor if isinstance(doctor, DoctorMember) else doctor
    WorkRule.objects.bulk_create(
        WorkRule(
            doctor=row, branch=branch, weekday=weekday, start_minute=start, end_minute=end,
            valid_from=LONG_AGO,
        )
        for weekday in weekdays
        for start, end in spans
    )  # fmt: skip


def take(
    doctor: DoctorMember,
    kind: AppointmentType,
    person: VisitPerson,
    starts_at: datetime,
    **fields: Any,
) -> Appointment:
    """Store an appointment that takes the doctor's time."""
    ends_at = starts_at + timedelta(minutes=kind.duration_minutes)
    values: dict[str, Any] = {
        "code": f"{Appointment.objects.count():06d}", "state": State.CONFIRMED, "seats": (0, 256),
        "busy_from": starts_at, "busy_until": ends_at, "patient": person.account,
        **fields,
    }  # fmt: skip
    return Appointment.objects.create(
        kind=kind, doctor=doctor.doctor, person=person, starts_at=starts_at, ends_at=ends_at,
        **values,
    )  # fmt: skip


def make_person(member: Member, name: str = "林小雨") -> VisitPerson:
    """Store a visit person of an account."""
    return VisitPerson.objects.create(
        account=member.user, name=name, gender="female", birthday=date(1990, 3, 7), relation="other"
    )
