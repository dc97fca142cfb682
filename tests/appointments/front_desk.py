"""A branch with a type to book, doctors with hours, and patients at the door."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from appointments.models import Appointment, AppointmentType
from clinic.core.clock import now
from clinic.core.ids import uuid7
from doctors.models import Branch, WorkRule
from tests.cast import Member
from tests.consultations.conftest import person_of
from tests.doctors_cast import DoctorMember

PRICE_FEN = 8000
_codes = itertools.count(1)


def make_branch(**fields: Any) -> Branch:
    """Return a branch that is always open."""
    code = f"b{next(_codes)}"
    return Branch.objects.create(**({"code": code, "name": f"香草{code}店"} | fields))


def make_type(**fields: Any) -> AppointmentType:
    """Return a type of half an hour, free of charge and accepted by itself."""
    values: dict[str, Any] = {
        "code": f"t{next(_codes)}",
        "name_zh": "中医初诊",
        "name_en": "First visit",
        "duration_minutes": 30,
        "step_minutes": 30,
        "needs_acceptance": False,
    }
    return AppointmentType.objects.create(**(values | fields))


def give_hours(doctor: DoctorMember, branch: Branch | None) -> None:
    """Let the doctor see people all day, every day."""
    WorkRule.objects.bulk_create(
        WorkRule(
            doctor=doctor.doctor,
            branch=branch,
            weekday=weekday,
            start_minute=0,
            end_minute=1440,
            valid_from=(now() - timedelta(days=60)).date(),
        )
        for weekday in range(7)
    )


def in_hours(hours: float = 24) -> datetime:
    """Return the first full hour that is so far away."""
    wanted = now().astimezone(UTC) + timedelta(hours=hours)
    return wanted.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def wish(member: Member, kind: AppointmentType, branch: Branch | None, **told: Any) -> Any:
    """Return the body of a booking."""
    body = {
        "type": kind.code,
        "person_id": str(person_of(member).public_id),
        "starts_at": in_hours().isoformat(),
        "branch": branch.code if branch else "",
    }
    return body | told


def post(member: Member, path: str, body: Any = None, key: str | None = None) -> Any:
    """Send a POST with an Idempotency-Key."""
    headers = {"Idempotency-Key": key or str(uuid7())}
    return member.client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def step(member: Member, appointment_id: str, verb: str, body: Any = None) -> Any:
    """Send one of the verbs of an appointment."""
    return post(member, f"appointments/{appointment_id}/{verb}", body)


def row_of(answer: Any) -> Appointment:
    """Return the stored row of an answer."""
    assert answer.status_code < 300, answer.json()
    return Appointment.objects.get(public_id=answer.json()["id"])


def queue(member: Member, kind: AppointmentType, branch: Branch) -> Appointment:
    """Let a patient wait for tomorrow, with the step that says so."""
    moment = now()
    row = Appointment.objects.create(
        code=f"9{Appointment.objects.count():05d}", kind=kind, branch=branch, patient=member.user,
        person=person_of(member), state="queued", queued_at=moment, wanted_from=moment,
        wanted_until=moment + timedelta(days=1), expires_at=moment + timedelta(hours=2),
        waits_until=moment + timedelta(hours=2),
    )  # fmt: skip
    row.steps.create(act="queued", after="queued", actor="test")
    return row
