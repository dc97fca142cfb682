"""The front desk over HTTP: the book of the day, the week of a doctor, the next free times."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from appointments.models import Appointment, AppointmentType
from clinic.core.clock import CLINIC_ZONE, now
from doctors.models import Branch, Leave, WorkRule
from tests.appointments.desk_acts import (
    DESK,
    act,
    at,
    booking,
    branch,
    doctor,
    kind,
    visit,
)
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    post,
    row_of,
    wish,
)
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

__all__ = ["branch", "doctor", "kind", "visit"]
pytestmark = pytest.mark.django_db


def test_the_next_free_times_need_no_notice(
    bao: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    query = {"type": kind.code, "branch": branch.code}

    times = bao.client.get("/api/v1/front-desk/free-times", query).json()["results"]

    assert len(times) == 12
    assert datetime.fromisoformat(times[0]["starts_at"]) - now() <= timedelta(minutes=30)
    assert times[0]["doctor"] == "沈一鸣"


def test_whether_somebody_can_be_seen_now_is_asked_of_the_calendars(
    bao: Member, ge: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    query = {"type": kind.code, "branch": branch.code}

    def works_now() -> bool:
        return bool(bao.client.get("/api/v1/front-desk/free-times", query).json()["works_now"])

    free = works_now()
    row_of(post(bao, DESK, booking(ge, kind, branch)))
    busy = works_now()
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    other = works_now()
    Leave.objects.create(
        doctor=wu.doctor, starts_at=now() - timedelta(hours=1), ends_at=in_hours(), entered_by="x"
    )

    assert [free, busy, other, works_now()] == [True, False, True, False]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"date": "2020-01-01", "time": "10:00"}, "in_past"),
        ({"date": "2400-02-29", "time": "10:00"}, "too_far"),
        ({"date": "2027-02-29", "time": "10:00"}, "invalid_input"),
        ({"date": "2027-02-28", "time": "24:00"}, "invalid_input"),
        ({"date": "2027-02-28"}, "invalid_input"),
        ({"date": "2027-02-28", "time": "10:00", "outside_hours": "because"}, "invalid_input"),
        ({"date": "0001-01-01", "time": "00:00"}, "invalid_input"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    bao: Member, visit: Appointment, told: dict[str, str], code: str
) -> None:
    answer = act(bao, visit, "move", told)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_book_shows_hours_leave_special_days_and_who_comes(
    bao: Member, visit: Appointment, branch: Branch, doctor: DoctorMember
) -> None:
    assert visit.starts_at
    wall = visit.starts_at.astimezone(CLINIC_ZONE)
    branch.calendar_days.create(date=wall.date(), kind="hours", start_minute=0, end_minute=1440,
                                name="开放日")  # fmt: skip
    noon = wall.replace(hour=12, minute=0)
    Leave.objects.create(
        doctor=doctor.doctor, starts_at=noon, ends_at=noon + timedelta(hours=1), entered_by="test"
    )
    query = {"branch": branch.code, "date": f"{wall:%Y-%m-%d}"}

    book = bao.client.get("/api/v1/front-desk/schedule", query).json()

    (day,), (lane,), (shown,) = book["days"], book["doctors"], book["visits"]
    assert day["special"] == [{"kind": "hours", "name": "开放日"}]
    assert lane["name"] == "沈一鸣"
    assert lane["days"] == [
        {"hours": [[0, 1440]], "away": [[720, 780]], "open_minutes": 1380, "booked_minutes": 30}
    ]
    minute = wall.hour * 60 + wall.minute
    assert (shown["begins"], shown["ends"]) == (minute, minute + 30)
    assert (shown["person"], shown["elsewhere"]) == ("林小月", None)


def test_visits_that_are_over_still_fill_the_day(
    bao: Member, ge: Member, visit: Appointment, branch: Branch, kind: AppointmentType
) -> None:
    later = in_hours(30)
    other = row_of(post(ge, "appointments", wish(ge, kind, branch, starts_at=later.isoformat())))
    ended = {"state": "completed", "started_at": now(), "finished_at": now(), "ended_at": now()}
    Appointment.objects.filter(pk=visit.pk).update(**ended)
    Appointment.objects.filter(pk=other.pk).update(state="in_progress", started_at=now())
    day = in_hours().astimezone(CLINIC_ZONE).date()
    query = {"branch": branch.code, "date": f"{day}", "days": 2}

    (lane,) = bao.client.get("/api/v1/front-desk/schedule", query).json()["doctors"]

    assert sum(one["booked_minutes"] for one in lane["days"]) == 60


def test_a_week_of_a_doctor_shows_where_else_he_is(
    bao: Member, visit: Appointment, branch: Branch, doctor: DoctorMember
) -> None:
    other = make_branch()
    WorkRule.objects.filter(weekday=0, doctor=doctor.doctor).update(branch=other)
    assert visit.starts_at
    wall = visit.starts_at.astimezone(CLINIC_ZONE)
    query = {"branch": other.code, "doctor": str(doctor.doctor.public_id), "days": 7,
             "date": f"{wall:%Y-%m-%d}"}  # fmt: skip

    book = bao.client.get("/api/v1/front-desk/schedule", query).json()

    assert len(book["days"]) == 7
    assert [one["elsewhere"] for one in book["visits"]] == [branch.name]
    assert sum(day["open_minutes"] for day in book["doctors"][0]["days"]) == 1440


def test_the_same_page_is_not_sent_twice(bao: Member, visit: Appointment, branch: Branch) -> None:
    path, query = "/api/v1/front-desk/schedule", {"branch": branch.code}
    etag = bao.client.get(path, query)["ETag"]

    assert bao.client.get(path, query, headers={"If-None-Match": etag}).status_code == 304


def test_the_book_costs_as_much_with_many_doctors(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    path, query = "/api/v1/front-desk/schedule", {"branch": branch.code, "days": 7}
    bao.client.get(path, query)
    for number in range(4):
        if number:
            give_hours(make_doctor(f"医生{number}"), branch)
        row_of(post(bao, DESK, booking(lin, kind, branch, **at(in_hours(2 + 2 * number)))))

        with django_assert_num_queries(6):
            bao.client.get(path, query)


def test_patients_doctors_and_strangers_stay_outside(
    lin: Member, doctor: DoctorMember, visit: Appointment
) -> None:
    for member in (lin, doctor.member):
        assert act(member, visit, "cancel", {"reason": "x"}).status_code == 403
        assert member.client.get("/api/v1/front-desk/schedule").status_code == 403
