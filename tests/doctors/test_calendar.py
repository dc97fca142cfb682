"""A doctor keeps his own working hours."""

from typing import Any

import pytest

from clinic.core.models import AuditEntry
from doctors.models import Branch
from tests.cast import Member
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
CALENDAR = "/api/v1/doctor/calendar"


def row(weekday: int, start: int, end: int, **fields: Any) -> dict[str, Any]:
    return {
        "branch": "", "weekday": weekday, "start_minute": start, "end_minute": end,
        "valid_from": "2026-01-01", "valid_until": None, **fields,
    }  # fmt: skip


def put(doctor: DoctorMember, *hours: dict[str, Any]) -> Any:
    return doctor.client.put(CALENDAR, {"hours": list(hours)}, format="json")


def test_new_hours_replace_the_old_ones(shen: DoctorMember) -> None:
    Branch.objects.create(code="east", name="东城店")
    put(shen, row(0, 0, 1440))
    wanted = [row(1, 540, 720, branch="east"), row(1, 1200, 1320)]

    assert put(shen, *wanted).json() == {"hours": wanted}
    assert shen.client.get(CALENDAR).json() == {"hours": wanted}
    assert AuditEntry.objects.filter(verb="set_work_rules").count() == 2


@pytest.mark.parametrize(
    "bad",
    [
        [row(0, 540, 720), row(0, 700, 800)],
        [row(0, 720, 540)],
        [row(0, 0, 1441)],
        [row(7, 0, 60)],
        [row(0, 0, 60, branch="none")],
        [row(0, 0, 60, valid_until="2025-12-31")],
    ],
)
def test_bad_hours_change_nothing(shen: DoctorMember, bad: list[dict[str, Any]]) -> None:
    kept = put(shen, row(2, 540, 720)).json()

    assert put(shen, *bad).status_code == 400
    assert shen.client.get(CALENDAR).json() == kept


def test_only_doctors_have_a_calendar(lin: Member) -> None:
    assert lin.client.get(CALENDAR).status_code == 403
