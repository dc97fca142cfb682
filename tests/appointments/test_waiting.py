"""The waiting list: joining it, where one stands, and how long it takes, through HTTP."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from appointments.enums import State
from appointments.models import Appointment, AppointmentType
from appointments.selectors.waiting import standings
from clinic.core.clock import clinic_day, now
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from doctors.models import Branch, WorkRule
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.appointments.waiting_room import fill_up, join, wait_body, waiting_people
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """An hour, free of charge."""
    return make_type(duration_minutes=60, step_minutes=60, waiting_timeout=timedelta(days=3))


@pytest.fixture
def shen(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    doctor = make_doctor("沈一鸣")
    give_hours(doctor, branch)
    return doctor


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _likely(minutes: int) -> set[int]:
    """Return the wait that may be told: until tomorrow's window opens, and so many minutes."""
    opens_in = (in_hours() - now()) // timedelta(minutes=1)
    return {-(-(opens_in + passed + minutes) // 5) * 5 for passed in (0, 1)}


def _place(member: Member, appointment_id: str) -> Any:
    return member.client.get(f"/api/v1/appointments/{appointment_id}/waiting").json()


def test_who_finds_nothing_free_waits_with_a_place_and_a_likely_wait(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)

    answer = join(lin, kind, branch, requirements="上午最好")

    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["state"], told["position"], told["offer"]) == ("queued", 1, None)
    assert told["eta_minutes"] in _likely(60)
    assert told["eta_reason"] == ""
    row = Appointment.objects.get(public_id=told["id"])
    assert (row.doctor, row.starts_at, row.source) == (None, None, "waiting_list")
    assert row.waits_until == row.expires_at
    assert list(row.steps.values_list("act", "after")) == [("queued", "queued")]
    assert _breaches() == []


def test_nobody_waits_while_a_place_is_free(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    answer = join(lin, kind, branch)

    assert (answer.status_code, answer.json()["code"]) == (409, "places_free")
    assert answer.json()["nearest"][0]["doctor_id"] == str(shen.doctor.public_id)
    assert not Appointment.objects.exists()


def test_a_place_is_not_free_for_who_is_elsewhere_at_that_time(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    row_of(post(lin, "appointments", wish(lin, kind, branch)))
    body = wait_body(lin, kind, branch, hours=1)

    assert post(lin, "appointments/waiting", body).status_code == 201
    refused = post(ge, "appointments/waiting", wait_body(ge, kind, branch, hours=1))
    assert refused.json()["code"] == "places_free"


def test_the_line_is_by_priority_then_by_time(
    kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    people = waiting_people(3, kind, branch)
    Appointment.objects.filter(public_id=people[2][1]).update(priority=1)

    told = [_place(member, key) for member, key in people]

    assert [one["position"] for one in told] == [2, 3, 1]
    for one, minutes in zip(told, (120, 180, 60), strict=True):
        assert one["eta_minutes"] in _likely(minutes)


def test_only_wishes_that_overlap_stand_ahead(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    for doctor in (shen, wu):
        fill_up(doctor, kind, branch)
    soon = {"until": in_hours(27).isoformat()}
    wants = [
        {"doctor_id": str(shen.doctor.public_id)} | soon,
        {"doctor_id": str(wu.doctor.public_id)} | soon,
        soon,
        {"from": in_hours(28).isoformat(), "until": in_hours(30).isoformat()},
    ]
    members = [make_member(f"患者{number}", Role.PATIENT) for number in range(4)]
    told = [join(member, kind, branch, **want) for member, want in zip(members, wants, strict=True)]

    assert [one.json()["position"] for one in told] == [1, 1, 3, 1]
    other = make_branch()
    give_hours(make_doctor("罗成"), other)
    assert join(lin, kind, other).json()["code"] == "places_free"


def test_leaving_moves_everybody_up_and_writes_no_other_row(
    kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    people = waiting_people(3, kind, branch)
    before = list(Appointment.objects.filter(state=State.QUEUED).order_by("id").values())[1:]

    answer = step(people[0][0], people[0][1], "cancel")

    assert answer.json()["appointment"]["state"] == "cancelled"
    assert [_place(member, key)["position"] for member, key in people] == [None, 1, 2]
    assert list(Appointment.objects.filter(state=State.QUEUED).order_by("id").values()) == before
    assert _breaches() == []


def test_the_likely_wait_follows_measured_visits(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    ended = now() - timedelta(days=1)
    rows = Appointment.objects.filter(state=State.CONFIRMED)
    rows.exclude(starts_at=in_hours()).update(
        state=State.COMPLETED, started_at=ended - timedelta(minutes=20),
        finished_at=ended, ended_at=ended,
    )  # fmt: skip

    told = join(lin, kind, branch, until=in_hours(25).isoformat()).json()

    # Five visits of twenty minutes, and five of an hour as the type says.
    assert told["eta_minutes"] in _likely(40)


def test_the_likely_wait_begins_when_somebody_works(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    back = in_hours() + timedelta(hours=3)
    away = {"starts_at": in_hours(20).isoformat(), "ends_at": back.isoformat()}
    assert post(shen.member, "doctor/leaves", away).status_code == 201
    row_of(post(ge, "appointments", wish(ge, kind, branch, starts_at=back.isoformat())))

    told = join(lin, kind, branch, until=in_hours(28).isoformat()).json()

    assert (told["position"], told["eta_reason"]) == (1, "")
    assert told["eta_minutes"] in _likely(180 + 60)


def test_without_anybody_at_work_no_wait_is_told(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    WorkRule.objects.update(valid_from=clinic_day(now()) + timedelta(days=20))
    told = join(lin, kind, branch).json()

    assert (told["position"], told["eta_minutes"]) == (1, None)
    assert told["eta_reason"] == "nobody_works"


def test_nobody_waits_for_what_is_never_given_there(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    other, elsewhere = make_doctor("吴静"), make_branch()
    named = make_type()
    named.branches.add(branch)
    chosen = {"doctor_id": str(other.doctor.public_id)}

    told = [
        join(lin, kind, elsewhere),  # no doctor has hours there
        join(lin, named, elsewhere),  # the type is for other branches
        join(lin, make_type(mode="video"), None),
        join(lin, kind, branch, **chosen),
    ]
    WorkRule.objects.update(valid_until=clinic_day(now()) - timedelta(days=2))
    told.append(join(lin, kind, branch))

    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (400, "not_given_there")
    ] * len(told)
    wrong = [one.json()["errors"][0]["attr"] for one in told]
    assert wrong == ["branch", "branch", "type", "doctor_id", "branch"]


def test_a_wait_beyond_its_end_is_not_promised(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    AppointmentType.objects.filter(pk=kind.pk).update(waiting_timeout=timedelta(hours=2))
    fill_up(shen, kind, branch)

    told = join(lin, kind, branch).json()

    assert (told["position"], told["eta_minutes"]) == (1, None)
    assert told["eta_reason"] == "ends_before"
    left = datetime.fromisoformat(told["waits_until"]) - now()
    assert timedelta(minutes=119) < left <= timedelta(hours=2)


def test_a_person_waits_once_for_one_time(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    assert join(lin, kind, branch, until=in_hours(27).isoformat()).status_code == 201

    again = join(lin, kind, branch)
    later = join(lin, kind, branch, **{"from": in_hours(29).isoformat(),
                                       "until": in_hours(30).isoformat()})  # fmt: skip

    assert (again.status_code, again.json()["code"]) == (409, "already_waiting")
    assert later.status_code == 201


def _moment(value: Any) -> Any:
    """Return the moment so many hours ahead; words stay as they are."""
    if not isinstance(value, float | int):
        return value
    return (in_hours(0) + timedelta(hours=value)).isoformat()


@pytest.mark.parametrize(
    ("window", "status", "code"),
    [
        ({"from": 25, "until": 24}, 400, "until"),
        ({"from": -9, "until": -8}, 400, "in_past"),
        ({"from": 24, "until": 24.5}, 400, "until"),
        ({"from": 216, "until": 240}, 400, "too_far"),
        ({"from": "2026-12-01T09:00:00"}, 400, "from"),
        ({"until": "9999-12-31T00:00:00Z"}, 400, "until"),
        ({"until": None}, 400, "until"),
        ({"doctor_id": "0190d4c8-0000-7000-8000-000000000000"}, 400, "doctor_id"),
        ({"type": "nothing"}, 400, "type"),
        ({"branch": ""}, 400, "branch"),
    ],
)
def test_wishes_that_nobody_can_fulfil_are_refused(
    lin: Member,
    kind: AppointmentType,
    branch: Branch,
    shen: DoctorMember,
    window: dict[str, Any],
    status: int,
    code: str,
) -> None:
    fill_up(shen, kind, branch)
    before = Appointment.objects.count()
    told = {name: _moment(value) for name, value in window.items()}

    answer = post(lin, "appointments/waiting", wait_body(lin, kind, branch) | told)

    assert answer.status_code == status, answer.json()
    body = answer.json()
    assert code == body["code"] or code in {one["attr"] for one in body["errors"]}
    assert Appointment.objects.count() == before


def test_a_window_that_ends_too_soon_is_refused(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    soon: datetime = now() + timedelta(minutes=80)

    answer = join(lin, kind, branch, **{"from": now().isoformat(), "until": soon.isoformat()})

    assert (answer.status_code, answer.json()["code"]) == (400, "too_soon")


def test_a_sent_again_wish_waits_once(
    lin: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    body = wait_body(lin, kind, branch)

    answers = [post(lin, "appointments/waiting", body, key="the-same-key") for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert Appointment.objects.filter(state=State.QUEUED).count() == 1


def test_strangers_see_no_place(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, shen: DoctorMember
) -> None:
    fill_up(shen, kind, branch)
    key = join(lin, kind, branch).json()["id"]

    for member in (ge, shen.member):
        answer = member.client.get(f"/api/v1/appointments/{key}/waiting")
        assert answer.status_code in {403, 404}


def test_a_long_line_takes_no_more_queries(
    kind: AppointmentType,
    branch: Branch,
    shen: DoctorMember,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill_up(shen, kind, branch)

    for count in (2, 6):
        waiting_people(count, kind, branch)
        with django_assert_num_queries(3):
            found = standings(kind, branch, moment=now())
    assert [one.position for one in found] == list(range(1, 9))
