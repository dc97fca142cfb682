"""A doctor keeps his own working hours."""

from typing import Any

import pytest

from clinic.core.clock import clinic_day, now
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
        [row(0, 0, 60, valid_from="2027-02-29")],
        [row(0, 0, 60, valid_from="0000-01-01")],
        [row(0, 0, 60, valid_from="10000-01-01")],
        [row(0, 1440, 1440)],
        [row(0, -1, 60)],
        [row(0, 0, 0)],
        [row(0, 0, 60), row(0, 59, 120, valid_from="2026-06-01")],
        [row(0, 0, 60, valid_until="2026-06-01"), row(0, 0, 60, valid_from="2026-06-01")],
        [row(number % 7, number // 7, number // 7 + 1) for number in range(43)],
    ],
)
def test_bad_hours_change_nothing(shen: DoctorMember, bad: list[dict[str, Any]]) -> None:
    kept = put(shen, row(2, 540, 720)).json()

    assert put(shen, *bad).status_code == 400
    assert shen.client.get(CALENDAR).json() == kept


def test_the_edges_of_days_and_of_templates_fit(shen: DoctorMember) -> None:
    wanted = [
        row(0, 0, 1, valid_from="2028-02-29", valid_until="2028-02-29"),
        row(0, 0, 1439, valid_from="2028-03-01"),
        row(0, 1439, 1440, valid_from="2000-01-01", valid_until="2999-12-31"),
        row(6, 0, 1440),
    ]

    answer = put(shen, *wanted)

    assert answer.status_code == 200, answer.json()
    assert answer.json()["hours"] == wanted


def test_only_doctors_have_a_calendar(lin: Member) -> None:
    assert lin.client.get(CALENDAR).status_code == 403


def test_a_field_that_is_not_known_in_a_row_is_refused_and_nothing_is_stored(
    shen: DoctorMember,
) -> None:
    own = row(0, 540, 720)
    put(shen, own)

    hours = put(shen, own, row(1, 540, 720) | {"start": "09:00"})
    day = {"date": f"{clinic_day(now())}", "kind": "closed", "reason": "holiday"}
    days = shen.client.put(f"{CALENDAR}/days", {"days": [day]}, format="json")

    for answer, where in ((hours, "hours.1.start"), (days, "days.0.reason")):
        assert answer.status_code == 400
        (fault,) = answer.json()["errors"]
        assert (fault["attr"], fault["code"]) == (where, "unknown")
    assert shen.client.get(CALENDAR).json() == {"hours": [own]}
