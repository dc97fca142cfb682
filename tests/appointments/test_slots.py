"""Patients see when somebody is free: at a branch, of a doctor, of a service."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from appointments.enums import Mode, Refusal, State
from appointments.models import AppointmentType
from appointments.selectors.slots import place_of, starts_by_doctor, terms_of, why_not
from clinic.core.ids import uuid7
from doctors.enums import DayKind
from doctors.models import Branch, BranchHours, CalendarDay, Leave
from tests.appointments.calendars import LONG_AGO, make_branch, make_person, make_type, take, work
from tests.cast import Member
from tests.doctors_cast import DoctorMember

SUNDAY = datetime(2026, 11, 15, 2, tzinfo=UTC)  # ten in the morning in Shanghai
MONDAY = date(2026, 11, 16)
MORNING = ["09:00", "09:30", "10:00", "10:30", "11:00"]
AFTERNOON = ["13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00"]


@pytest.fixture(autouse=True)
def _sunday() -> Any:
    with time_machine.travel(SUNDAY, tick=False):
        yield


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch("1")


@pytest.fixture
def visit(db: None) -> AppointmentType:
    return make_type("visit")


def ask(client: APIClient, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1/{path}", {"start_date": "2026-11-16", "days": 1, **query})


def times(answer: Any, day: int = 0) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [slot["time"] for slot in answer.json()["days"][day]["slots"]]


def at(hour: int, minute: int = 0) -> datetime:
    """A time of that Monday in Shanghai."""
    return datetime(2026, 11, 16, hour - 8, minute, tzinfo=UTC)


def test_a_branch_lists_the_free_slots_of_its_doctors(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember,
    wu: DoctorMember,
) -> None:  # fmt: skip
    work(shen, branch)
    work(wu, branch, [(540, 660)])

    answer = ask(anonymous, "branches/1/slots")

    assert times(answer) == MORNING + AFTERNOON
    places = {slot["time"]: slot["places"] for slot in answer.json()["days"][0]["slots"]}
    assert (places["09:00"], places["10:30"]) == (2, 1)
    assert answer.json()["days"][0]["slots"][0] == {
        "starts_at": "2026-11-16T09:00:00+08:00", "ends_at": "2026-11-16T10:00:00+08:00",
        "time": "09:00", "places": 2,
    }  # fmt: skip


def test_the_address_of_the_source_document_answers_the_same(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, branch)

    seed = ask(anonymous, "appointment/stores/1/slots", days=7)

    assert seed.json() == ask(anonymous, "branches/1/slots", days=7).json()
    assert len(seed.json()["days"]) == 7


def test_leave_and_appointments_take_time_and_free_states_do_not(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember, lin: Member
) -> None:
    work(shen, branch)
    take(shen, visit, make_person(lin), at(9, 30))
    take(
        shen, visit, make_person(lin), at(11), state=State.CANCELLED, cancelled_by="patient",
        ended_at=SUNDAY,
    )  # fmt: skip
    take(shen, visit, make_person(lin), at(13), state=State.HELD, expires_at=SUNDAY)
    Leave.objects.create(doctor=shen.doctor, starts_at=at(14, 30), ends_at=at(20), entered_by="x")

    found = times(ask(anonymous, f"doctors/{shen.doctor.public_id}/slots", branch="1"))

    assert found == ["10:30", "11:00", "13:00", "13:30"]


def test_buffers_keep_their_distance(
    anonymous: APIClient, branch: Branch, shen: DoctorMember, lin: Member
) -> None:
    kind = make_type(buffer_after_minutes=15)
    work(shen, branch, [(540, 780)])
    take(shen, kind, make_person(lin), at(10), busy_until=at(11, 15))

    assert times(ask(anonymous, "branches/1/slots")) == ["11:30", "12:00"]


def test_a_group_fills_up(
    anonymous: APIClient, branch: Branch, shen: DoctorMember, lin: Member
) -> None:
    group = make_type("class", capacity=2, step_minutes=60)
    work(shen, branch, [(540, 720)])
    take(shen, group, make_person(lin), at(9), seats=(0, 1))
    take(shen, group, make_person(lin), at(10), seats=(0, 1))
    take(shen, group, make_person(lin, "林大"), at(10), seats=(1, 2))

    answer = ask(anonymous, "appointment-types/class/slots", branch="1")

    assert [(s["time"], s["places"]) for s in answer.json()["days"][0]["slots"]] == [
        ("09:00", 1), ("11:00", 2),
    ]  # fmt: skip


def test_special_days_of_house_branch_and_doctor(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember,
    wu: DoctorMember,
) -> None:  # fmt: skip
    work(shen, branch, [(540, 720)])
    tuesday, saturday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
    CalendarDay.objects.create(date=MONDAY, kind=DayKind.CLOSED)
    CalendarDay.objects.create(date=tuesday, kind=DayKind.CLOSED)
    CalendarDay.objects.create(
        date=tuesday, branch=branch, kind=DayKind.HOURS, start_minute=600, end_minute=660
    )
    CalendarDay.objects.create(date=saturday, kind=DayKind.WORKDAY, works_as=0)
    CalendarDay.objects.create(
        date=MONDAY + timedelta(days=2), doctor=shen.doctor, kind=DayKind.CLOSED
    )

    answer = ask(anonymous, "branches/1/slots", days=7)

    assert [times(answer, day) for day in range(7)] == [
        [], ["10:00"], [], MORNING, MORNING, MORNING, [],
    ]  # fmt: skip


def test_hours_of_the_branch_end_the_day(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, branch)
    BranchHours.objects.create(
        branch=branch, weekday=0, start_minute=600, end_minute=840, valid_from=LONG_AGO
    )

    assert times(ask(anonymous, "branches/1/slots")) == ["10:00", "10:30", "11:00", "13:00"]


def test_a_branch_abroad_lives_by_its_own_clock(
    anonymous: APIClient, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, make_branch("ny", time_zone="America/New_York"), [(60, 240)], range(7))

    with time_machine.travel(datetime(2027, 3, 13, tzinfo=UTC), tick=False):
        answer = ask(anonymous, "branches/ny/slots", start_date="2027-03-14")

    assert times(answer) == ["01:00", "01:30", "03:00"]
    assert answer.json()["days"][0]["slots"][2]["starts_at"] == "2027-03-14T15:00:00+08:00"


def test_online_services_have_their_own_hours(
    anonymous: APIClient, branch: Branch, shen: DoctorMember
) -> None:
    make_type("video", mode=Mode.VIDEO)
    work(shen, branch)
    work(shen, None, [(1200, 1320)])

    found = ask(anonymous, "appointment-types/video/slots")
    refused = ask(anonymous, "branches/1/slots", type="video")

    assert times(found) == ["20:00", "20:30", "21:00"]
    assert found.json()["branch"] is None
    assert refused.status_code == 400


def test_only_doctors_of_the_type_who_may_work_are_free(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember,
    wu: DoctorMember,
) -> None:  # fmt: skip
    work(shen, branch)
    work(wu, branch)
    visit.doctors.add(wu.doctor)

    asked = f"doctors/{shen.doctor.public_id}/slots"
    assert times(ask(anonymous, asked, branch="1")) == []
    wu.doctor.licence_valid_until = MONDAY
    wu.doctor.save()
    two_days = ask(anonymous, "branches/1/slots", days=2)
    assert (times(two_days), times(two_days, 1)) == (MORNING + AFTERNOON, [])
    wu.doctor.is_appointment_open = False
    wu.doctor.save()
    assert times(ask(anonymous, "branches/1/slots")) == []


def test_notice_and_horizon_bound_the_list(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, branch, [(540, 1020)], range(7))

    answer = ask(anonymous, "branches/1/slots", start_date="2026-11-14", days=10)

    assert times(answer, 0) == []
    assert times(answer, 1)[0] == "10:30"
    assert times(answer, 8) == ["09:00", "09:30", "10:00"]
    assert times(answer, 9) == []


def test_heat_counts_places_by_hour(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember,
    wu: DoctorMember,
) -> None:  # fmt: skip
    work(shen, branch, [(540, 660)])
    work(wu, branch, [(540, 720)])

    answer = ask(anonymous, "appointment-types/visit/slots/heat", branch="1")

    assert answer.json()["days"] == [
        {
            "date": "2026-11-16",
            "places": 8,
            "hours": [
                {"hour": 9, "places": 4}, {"hour": 10, "places": 3}, {"hour": 11, "places": 1},
            ],
        }
    ]  # fmt: skip


def test_who_has_the_same_list_gets_no_body(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember, lin: Member
) -> None:
    work(shen, branch)
    for path in ("branches/1/slots", "appointment-types"):
        first = anonymous.get(f"/api/v1/{path}")

        again = anonymous.get(f"/api/v1/{path}", headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]

    first = ask(anonymous, "branches/1/slots")
    take(shen, visit, make_person(lin), at(9))
    changed = anonymous.get(
        "/api/v1/branches/1/slots?start_date=2026-11-16&days=1",
        headers={"If-None-Match": first["ETag"]},
    )
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ({"days": 10_000}, "days"),
        ({"days": 0}, "days"),
        ({"start_date": "2026-02-30"}, "start_date"),
        ({"start_date": "9999-12-31"}, "start_date"),
        ({"start_date": "0001-01-01"}, "start_date"),
        ({"type": "none"}, "type"),
        ({"doctor": str(uuid7())}, "doctor"),
        ({"doctor": "x"}, "doctor"),
        ({"place": "1"}, "place"),
    ],
)
def test_bad_questions_get_a_field_error(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, query: dict[str, Any], attr: str
) -> None:
    answer = ask(anonymous, "branches/1/slots", **query)

    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [attr]


def test_what_is_not_there_is_not_found(
    anonymous: APIClient, branch: Branch, visit: AppointmentType
) -> None:
    Branch.objects.create(code="old", name="旧店", is_active=False)
    make_type("gone", is_active=False)

    for path in (
        "branches/none/slots", "branches/old/slots", f"doctors/{uuid7()}/slots",
        "appointment-types/none/slots", "appointment-types/gone/slots/heat",
        "appointment/stores/none/slots",
    ):  # fmt: skip
        assert ask(anonymous, path).status_code == 404, path


def test_without_a_branch_it_is_the_only_one_or_the_doctors_own(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, branch)
    asked = f"doctors/{shen.doctor.public_id}/slots"

    assert times(ask(anonymous, asked)) == MORNING + AFTERNOON
    assert times(ask(anonymous, "appointment-types/visit/slots")) == MORNING + AFTERNOON
    make_branch("2")
    for path in (asked, "appointment-types/visit/slots"):
        assert ask(anonymous, path).json()["errors"][0]["attr"] == "branch"
    shen.doctor.branch = branch
    shen.doctor.save()
    assert times(ask(anonymous, asked)) == MORNING + AFTERNOON


def test_a_type_is_given_where_it_is_given(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember
) -> None:
    work(shen, branch)
    visit.branches.add(make_branch("2"))

    assert ask(anonymous, "branches/1/slots").status_code == 400
    assert ask(anonymous, "branches/1/slots", type="visit").status_code == 400
    other = make_type("other", position=200)
    assert ask(anonymous, "branches/1/slots").json()["type"] == other.code


def test_types_are_listed_in_the_readers_language(
    anonymous: APIClient, visit: AppointmentType, shen: DoctorMember
) -> None:
    visit.doctors.add(shen.doctor)

    def first(language: str) -> dict[str, Any]:
        headers = {"Accept-Language": language}
        answer = anonymous.get("/api/v1/appointment-types", headers=headers)
        return dict(answer.json()["results"][0])

    row = first("zh-hans")

    assert (row["code"], row["name"], row["branches"]) == ("visit", "面诊", [])
    assert row["doctors"] == [str(shen.doctor.public_id)]
    assert first("en")["name"] == "Visit"


def test_the_list_and_the_booking_agree(
    branch: Branch, visit: AppointmentType, shen: DoctorMember, lin: Member
) -> None:
    work(shen, branch)
    take(shen, visit, make_person(lin), at(9, 30))
    place, terms = place_of(visit, branch, shen.doctor.pk), terms_of(visit)
    listed = {
        slot.starts_at for slot in starts_by_doctor(place, terms, MONDAY, 1, SUNDAY)[shen.doctor.pk]
    }

    for minute in range(0, 1440, 15):
        start = at(8) + timedelta(minutes=minute - 480)
        refusal = why_not(place, terms, start, start + timedelta(hours=1), SUNDAY)
        assert (refusal is None) == (start.timestamp() in listed)
    far = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert why_not(place, terms, far, far + timedelta(minutes=59), SUNDAY) == Refusal.BAD_DURATION


def test_reading_slots_costs_two_queries_whatever_the_data(
    anonymous: APIClient, branch: Branch, visit: AppointmentType, shen: DoctorMember,
    wu: DoctorMember, lin: Member,
) -> None:  # fmt: skip
    def count(days: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask(anonymous, "branches/1/slots", days=days)
        return len([one for one in asked.captured_queries if "ratelimit" not in one["sql"]])

    work(shen, branch)
    count(1)
    few = count(1)
    work(wu, branch)
    for hour in (9, 10, 13, 14):
        take(wu, visit, make_person(lin), at(hour))
    Leave.objects.create(doctor=wu.doctor, starts_at=at(15), ends_at=at(20), entered_by="x")
    many = count(31)

    assert few == many == 2
