"""A doctor enters the time he is away, and his special days."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from clinic.core.clock import clinic_day, now
from clinic.core.models import AuditEntry
from doctors.models import CalendarDay, Leave
from tests.appointments.front_desk import in_hours, post
from tests.cast import Member
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
LEAVES = "/api/v1/doctor/leaves"
DAYS = "/api/v1/doctor/calendar/days"


def enter(doctor: DoctorMember, start: datetime, end: datetime, **told: Any) -> Any:
    body = {"starts_at": start.isoformat(), "ends_at": end.isoformat(), **told}
    return post(doctor.member, "doctor/leaves", body)


def test_leave_is_entered_listed_and_cancelled(shen: DoctorMember) -> None:
    start = in_hours(48)
    made = enter(shen, start, start + timedelta(days=2), remark="年假")

    assert made.status_code == 201, made.json()
    address = f"{LEAVES}/{made.json()['id']}"
    listed = shen.client.get(LEAVES).json()["results"]
    assert [(one["remark"], one["cancelled_at"]) for one in listed] == [("年假", None)]
    assert shen.client.delete(address).status_code == 204
    assert shen.client.delete(address).json()["code"] == "leave_over"
    assert shen.client.get(LEAVES).json()["results"][0]["cancelled_at"]
    verbs = AuditEntry.objects.filter(verb__startswith="leave.").values_list("verb", flat=True)
    assert sorted(verbs) == ["leave.cancel", "leave.enter"]
    again = enter(shen, start, start + timedelta(days=2))
    assert again.status_code == 201


def test_a_remark_by_another_name_is_refused_rather_than_lost(shen: DoctorMember) -> None:
    start = in_hours(48)

    answer = enter(shen, start, start + timedelta(days=2), reason="年假")

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "reason")
    assert not Leave.objects.exists()


def test_two_leaves_never_cover_the_same_time(shen: DoctorMember, wu: DoctorMember) -> None:
    start = in_hours(48)
    assert enter(shen, start, start + timedelta(days=2)).status_code == 201

    over = enter(shen, start + timedelta(days=1), start + timedelta(days=3))
    after = enter(shen, start + timedelta(days=2), start + timedelta(days=3))

    assert (over.status_code, over.json()["code"]) == (409, "leave_overlap")
    assert after.status_code == 201
    assert enter(wu, start, start + timedelta(days=2)).status_code == 201


BAD = {
    "end before start": (48, 47),
    "no length": (48, 48),
    "over": (-48, -24),
    "ten thousand days": (48, 48 + 24 * 10_000),
    "a year and more": (24, 24 + 24 * 367),
    "far away": (24 * 800, 24 * 801),
}


@pytest.mark.parametrize("case", BAD)
def test_leave_that_makes_no_sense_is_refused(shen: DoctorMember, case: str) -> None:
    first, last = BAD[case]

    answer = enter(shen, in_hours(first), in_hours(last))

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert not Leave.objects.exists()


@pytest.mark.parametrize(
    "start",
    [
        "soon", "", None, 7, "2026-12-01T09:00:00", "9999-12-31T23:59:59Z", "2027-02-29T09:00:00Z",
        "0001-01-01T00:00:00+14:00", "2027-01-01T24:30:00Z",
    ],
)  # fmt: skip
def test_what_is_no_moment_is_refused(shen: DoctorMember, start: Any) -> None:
    body = {"starts_at": start, "ends_at": in_hours(72).isoformat()}

    answer = post(shen.member, "doctor/leaves", body)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "starts_at")


def test_a_leave_of_others_is_not_there(
    shen: DoctorMember, wu: DoctorMember, lin: Member, anonymous: APIClient
) -> None:
    made = enter(shen, in_hours(48), in_hours(72)).json()
    address = f"{LEAVES}/{made['id']}"

    assert wu.client.delete(address).status_code == 404
    assert wu.client.get(LEAVES).json()["count"] == 0
    assert lin.client.delete(address).status_code == 403
    assert anonymous.get(LEAVES).status_code == 401
    assert Leave.objects.filter(cancelled_at=None).count() == 1


def test_the_list_asks_as_often_for_many_as_for_few(
    shen: DoctorMember, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        if number == 1:
            shen.client.get(LEAVES)
            with django_assert_num_queries(3):
                shen.client.get(LEAVES)
        start = in_hours(48 + 24 * number)
        enter(shen, start, start + timedelta(hours=4))
    with django_assert_num_queries(3):
        assert shen.client.get(LEAVES).json()["count"] == 6


def day(number: int, kind: str = "closed", **fields: Any) -> dict[str, Any]:
    date = (clinic_day(now()) + timedelta(days=number)).isoformat()
    row = {"date": date, "kind": kind, "start_minute": 0, "end_minute": 1440, "works_as": None}
    return row | {"name": ""} | fields


def put(doctor: DoctorMember, *days: dict[str, Any]) -> Any:
    return doctor.client.put(DAYS, {"days": list(days)}, format="json")


def test_special_days_replace_those_from_today_on(shen: DoctorMember, wu: DoctorMember) -> None:
    past = CalendarDay.objects.create(
        doctor=shen.doctor, date=clinic_day(now()) - timedelta(days=1), kind="closed"
    )
    put(wu, day(1))
    put(shen, day(1), day(2))
    wanted = [
        day(2, "hours", start_minute=540, end_minute=720, name="义诊"),
        day(2, "hours", start_minute=1380, end_minute=1440),
        day(3, "workday", works_as=0),
    ]

    assert put(shen, *wanted).json() == {"days": wanted}
    assert shen.client.get(DAYS).json() == {"days": wanted}
    assert CalendarDay.objects.filter(pk=past.pk).exists()
    assert wu.client.get(DAYS).json() == {"days": [day(1)]}


@pytest.mark.parametrize(
    "bad",
    [
        [day(-1)],
        [day(800)],
        [day(1), day(1)],
        [day(1, "hours", start_minute=540, end_minute=720),
         day(1, "hours", start_minute=719, end_minute=800)],
        [day(1, "hours", start_minute=720, end_minute=540)],
        [day(1, "hours", start_minute=0, end_minute=1441)],
        [day(1, start_minute=60)],
        [day(1, "workday")],
        [day(1, "workday", works_as=7)],
        [day(1, works_as=1)],
        [day(1, "never")],
        [day(1, date="2027-02-29")],
        [day(1, date="9999-12-31")],
        [day(1, name="x" * 61)],
        [day(number) for number in range(401)],
    ],
)  # fmt: skip
def test_special_days_that_cannot_be_change_nothing(
    shen: DoctorMember, bad: list[dict[str, Any]]
) -> None:
    kept = put(shen, day(5)).json()

    answer = put(shen, *bad)

    assert (answer.status_code, answer.json()["code"] in {"invalid_input", "hours_overlap"}) == (
        400, True,
    )  # fmt: skip
    assert shen.client.get(DAYS).json() == kept


def test_only_doctors_have_special_days(lin: Member, anonymous: APIClient) -> None:
    assert lin.client.get(DAYS).status_code == 403
    assert anonymous.get(DAYS).status_code == 401
