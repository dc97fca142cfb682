"""The front desk over HTTP: whom staff lets wait, puts forward and answers for."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from appointments.models import Appointment, AppointmentType
from appointments.services.filling import fill
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.roles import Role
from doctors.models import Branch, WorkRule
from tests.appointments.desk_acts import (
    DESK,
    WAITING,
    act,
    at,
    booking,
    branch,
    breaches,
    doctor,
    kind,
    visit,
)
from tests.appointments.front_desk import (
    PRICE_FEN,
    in_hours,
    make_type,
    post,
    queue,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember

__all__ = ["branch", "doctor", "kind", "visit"]
pytestmark = pytest.mark.django_db


def test_the_desk_puts_somebody_forward_in_the_line(
    bao: Member, lin: Member, ge: Member, branch: Branch, visit: Appointment, kind: AppointmentType
) -> None:
    first, second = (queue(member, kind, branch) for member in (lin, ge))
    path, query = "/api/v1/front-desk/waiting", {"branch": branch.code}
    before = [one["person"] for one in bao.client.get(path, query).json()["results"]]

    assert act(bao, second, "priority", {"priority": 2}).status_code == 200
    after = bao.client.get(path, query).json()["results"]

    assert before == ["林小月", "葛明"]
    assert [(one["position"], one["person"], one["priority"]) for one in after] == [
        (1, "葛明", 2),
        (2, "林小月", 0),
    ]
    assert act(bao, visit, "priority", {"priority": 1}).json()["code"] == "illegal_transition"
    assert act(bao, first, "priority", {"priority": 10}).status_code == 400


def test_the_desk_sees_the_place_and_the_likely_wait_that_patients_are_told(
    bao: Member, lin: Member, ge: Member, branch: Branch, doctor: DoctorMember,
    kind: AppointmentType,
) -> None:  # fmt: skip
    other = make_type(duration_minutes=60)
    waits = [(lin, queue(lin, kind, branch)), (ge, queue(ge, other, branch))]
    offered = queue(make_member("何青", Role.PATIENT), kind, branch)
    Appointment.objects.filter(pk=offered.pk).update(
        state="offered", doctor=doctor.doctor, seats=(0, 256), starts_at=in_hours(),
        ends_at=in_hours(25), busy_from=in_hours(), busy_until=in_hours(25),
    )  # fmt: skip

    query = {"branch": branch.code}
    shown = bao.client.get("/api/v1/front-desk/waiting", query).json()["results"]

    for (member, row), at_desk in zip(waits, shown, strict=False):
        told = member.client.get(f"/api/v1/appointments/{row.public_id}/waiting").json()
        assert (told["position"], told["eta_minutes"]) == (1, at_desk["eta_minutes"])
        assert (at_desk["position"], at_desk["eta_minutes"] > 0) == (1, True)
    assert (shown[2]["state"], shown[2]["position"]) == ("offered", None)


def test_the_desk_lets_somebody_wait_and_answers_the_offer_for_him(
    bao: Member, lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(price_fen=PRICE_FEN, needs_acceptance=True)
    WorkRule.objects.filter(doctor=doctor.doctor).update(start_minute=600, end_minute=630)
    day = (now().astimezone(CLINIC_ZONE) + timedelta(days=2)).date()
    asked = booking(lin, kind, branch, date=f"{day}")
    free = post(bao, WAITING, asked)
    only = datetime.combine(day, time(10), CLINIC_ZONE)
    theirs = booking(ge, kind, branch, **at(only))
    taken = row_of(post(bao, DESK, theirs))

    told = post(bao, WAITING, asked)

    assert (free.status_code, free.json()["code"]) == (409, "places_free")
    assert free.json()["nearest"][0]["doctor_id"] == str(doctor.doctor.public_id)
    row = row_of(told)
    assert (row.state, row.source, row.patient) == ("queued", "walk_in", lin.user)
    assert (row.wanted_from, row.wanted_until) == (
        datetime.combine(day, time(), CLINIC_ZONE),
        datetime.combine(day + timedelta(days=1), time(), CLINIC_ZONE),
    )
    assert told.json()["steps"][-1]["actor"] == "staff"
    assert post(bao, WAITING, asked).json()["code"] == "already_waiting"

    act(bao, taken, "cancel", {"reason": "医生有事"})
    fill(doctor.doctor.pk)
    shown = bao.client.get(f"/api/v1/{DESK}/{row.public_id}").json()
    answer = act(bao, row, "offer/accept")

    assert shown["acts"] == ["offer/accept", "offer/decline", "cancel"]
    row.refresh_from_db()
    assert (answer.status_code, row.state, row.starts_at) == (200, "held", only)
    assert row.expires_at
    assert row.expires_at - now() > timedelta(minutes=110)  # as long as the desk's own bookings
    assert act(bao, row, "offer/decline").json()["code"] == "place_is_yours"
    assert breaches() == []


@pytest.fixture
def at_ten() -> Iterator[None]:
    """Ten in the morning of a day, before anybody comes."""
    with time_machine.travel(datetime(2026, 11, 30, 10, tzinfo=CLINIC_ZONE), tick=False):
        yield


def test_who_stands_at_the_desk_gets_the_first_place_of_the_day_without_an_offer(
    at_ten: None, bao: Member, lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(needs_acceptance=True, min_notice=timedelta(hours=1))
    WorkRule.objects.filter(doctor=doctor.doctor).update(start_minute=605, end_minute=635)
    soon = now() + timedelta(minutes=5)
    taken = row_of(post(bao, DESK, booking(ge, kind, branch, **at(soon))))
    waiting = row_of(post(bao, WAITING, booking(lin, kind, branch)))
    assert waiting.state == "queued"

    act(bao, taken, "cancel", {"reason": "医生有事"})
    fill(doctor.doctor.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.starts_at) == ("confirmed", soon)
    assert breaches() == []


@pytest.fixture
def late_in_london() -> Iterator[None]:
    """The clinic's next date has begun, the branch's has not."""
    with time_machine.travel(datetime(2030, 11, 30, 20, 0, tzinfo=UTC), tick=True):
        yield


def test_tomorrow_at_the_branch_is_not_today_though_the_clinic_has_one_date(
    late_in_london: None, bao: Member, lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    Branch.objects.update(time_zone="Europe/London")
    WorkRule.objects.filter(doctor=doctor.doctor).update(start_minute=540, end_minute=570)
    kind, tomorrow = make_type(min_notice=timedelta(hours=1)), {"date": "2030-12-01"}
    first = tomorrow | {"time": "09:00"}
    taken = row_of(post(bao, DESK, booking(ge, kind, branch, **first)))
    waiting = post(bao, WAITING, booking(lin, kind, branch, **tomorrow))

    act(bao, taken, "cancel", {"reason": "医生有事"})
    fill(doctor.doctor.pk)

    assert row_of(waiting).state == "offered"


def test_the_desk_lets_nobody_wait_for_what_cannot_be(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    today = now().astimezone(CLINIC_ZONE).date()
    told = [
        post(bao, WAITING, booking(lin, kind, branch, date=f"{today + timedelta(days=days)}"))
        for days in (-1, 40)
    ]
    online = post(bao, WAITING, booking(lin, make_type(mode="video"), branch))
    stranger = post(lin, WAITING, booking(lin, kind, branch))

    assert [answer.json()["code"] for answer in told] == ["in_past", "too_far"]
    assert online.json()["errors"][0]["attr"] == "branch"
    assert stranger.status_code == 403
    assert not Appointment.objects.exists()


def test_somebody_of_a_group_is_moved_at_the_desk(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    group = make_type(capacity=3)
    row = row_of(post(lin, "appointments", wish(lin, group, branch)))

    shown = bao.client.get(f"/api/v1/{DESK}/{row.public_id}").json()
    moved = act(bao, row, "move", at(in_hours(26)))

    assert shown["acts"] == ["move", "cancel"]
    assert moved.json()["steps"][-1]["act"] == "moved"


def test_the_waiting_list_costs_as_much_with_many(
    bao: Member, branch: Branch, kind: AppointmentType,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    path, query = "/api/v1/front-desk/waiting", {"branch": branch.code}
    bao.client.get(path, query)
    for number in range(3):
        queue(make_member(f"患者{number}", Role.PATIENT), kind, branch)
        with django_assert_num_queries(6):
            bao.client.get(path, query)
