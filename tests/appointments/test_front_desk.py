"""The front desk over HTTP: staff move, cancel, book, take money and lead the visit."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from appointments.models import Appointment, AppointmentType
from appointments.services.filling import fill
from appointments.services.passes import pass_of
from clinic.accounts.models import User
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Leave, WorkRule
from payments.models import Refund
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    queue,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
DESK = "front-desk/appointments"
WAITING = "front-desk/waiting"


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """A doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """Half an hour, free of charge, changed by patients up to two hours ahead."""
    return make_type()


@pytest.fixture
def visit(lin: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType) -> Appointment:
    """Lin's confirmed appointment of tomorrow."""
    return row_of(post(lin, "appointments", wish(lin, kind, branch)))


def at(moment: datetime, **more: Any) -> dict[str, Any]:
    """Return a time as the desk tells it: on the wall clock of the branch."""
    wall = moment.astimezone(CLINIC_ZONE)
    return {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", **more}


def act(member: Member, row: Appointment, verb: str, body: Any = None) -> Any:
    """Do one of the desk's acts."""
    return post(member, f"{DESK}/{row.public_id}/{verb}", body)


def shift(row: Appointment, start: datetime) -> None:
    """Let an appointment be at another time, as if it had been booked long ago."""
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=end, busy_from=start, busy_until=end
    )


def booking(member: Member, kind: AppointmentType, branch: Branch, **told: Any) -> dict[str, Any]:
    """Return the body of a booking for a patient."""
    person = str(person_of(member).public_id)
    return {"type": kind.code, "branch": branch.code, "person_id": person, **told}


def breaches() -> list[str]:
    """Return broken promises of the house."""
    return [line for promise in all_invariants() for line in promise.breaches()]


def test_the_desk_moves_to_any_minute_at_short_notice_and_as_often_as_needed(
    bao: Member, visit: Appointment
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(moves=3)
    shift(visit, now() + timedelta(minutes=20))
    wanted = in_hours(26).replace(minute=7)

    answer = act(bao, visit, "move", at(wanted))

    assert answer.status_code == 200, answer.json()
    visit.refresh_from_db()
    assert (visit.starts_at, visit.state, visit.moves) == (wanted, "confirmed", 3)
    step = answer.json()["steps"][-1]
    assert (step["act"], step["actor"]) == ("moved", "staff")
    assert re.search(r"\d+:\d\d → .*\D\d+:07", step["change"])
    assert breaches() == []


def test_a_taken_time_is_refused_with_the_nearest_and_nothing_changes(
    bao: Member, ge: Member, visit: Appointment, branch: Branch, kind: AppointmentType
) -> None:
    other = in_hours(30)
    row_of(post(ge, "appointments", wish(ge, kind, branch, starts_at=other.isoformat())))

    answer = act(bao, visit, "move", at(other))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert len(answer.json()["nearest"]) == 6
    before = visit.starts_at
    visit.refresh_from_db()
    assert visit.starts_at == before


def test_another_doctor_at_the_same_time_takes_it_over(
    bao: Member, visit: Appointment, branch: Branch
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    assert visit.starts_at

    body = at(visit.starts_at, doctor_id=str(wu.doctor.public_id))
    answer = act(bao, visit, "move", body)

    assert answer.status_code == 200
    assert answer.json()["doctor"]["name"] == "吴静"
    assert answer.json()["steps"][-1]["act"] == "reassigned"


def test_beyond_the_hours_the_desk_says_why_and_leave_still_holds(
    bao: Member, visit: Appointment, doctor: DoctorMember
) -> None:
    WorkRule.objects.update(start_minute=540, end_minute=720)
    evening = in_hours(48).astimezone(CLINIC_ZONE).replace(hour=20)

    refused = act(bao, visit, "move", at(evening))
    taken = act(bao, visit, "move", at(evening, outside_hours="emergency"))

    assert (refused.status_code, refused.json()["code"]) == (400, "outside_hours")
    assert refused.json()["nearest"]
    assert taken.status_code == 200
    assert taken.json()["steps"][-1]["note"]["outside_hours"] == "emergency"
    Leave.objects.create(
        doctor=doctor.doctor,
        starts_at=evening + timedelta(days=1),
        ends_at=evening + timedelta(days=2),
        entered_by="test",
    )
    away = act(bao, visit, "move", at(evening + timedelta(days=1), outside_hours="agreed"))
    assert away.json()["code"] == "outside_hours"


@pytest.mark.parametrize("capacity", [1, 3])
def test_beyond_the_hours_the_desk_books_with_a_reason(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember, capacity: int
) -> None:
    WorkRule.objects.update(start_minute=540, end_minute=720)
    evening = in_hours(48).astimezone(CLINIC_ZONE).replace(hour=20)
    told = booking(lin, make_type(capacity=capacity), branch, **at(evening))

    refused = post(bao, DESK, told)
    taken = post(bao, DESK, told | {"outside_hours": "emergency"})

    assert refused.json()["code"] == "outside_hours"
    assert taken.status_code == 201, taken.json()
    assert taken.json()["steps"][-1]["note"]["outside_hours"] == "emergency"
    assert breaches() == []


def test_the_clinic_cancels_late_and_all_money_goes_back(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember, run_events: Callable[[], int]
) -> None:
    kind = make_type(price_fen=PRICE_FEN)
    row = row_of(post(bao, DESK, booking(lin, kind, branch, **at(in_hours(3)))))
    paid = act(bao, row, "pay", {"kind": "cash", "reference": "R-1"})
    assert (paid.json()["is_paid"], paid.json()["appointment"]["state"]) == (True, "confirmed")

    answer = act(bao, row, "cancel", {"reason": "医生急诊手术"})
    run_events()

    assert answer.json()["cancelled_by"] == "staff"
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert breaches() == []


def test_a_walk_in_is_seen_at_once(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(needs_acceptance=True)

    answer = post(bao, DESK, booking(lin, kind, branch))

    row = row_of(answer)
    assert (row.state, row.source, row.patient_id) == ("confirmed", "walk_in", lin.user.pk)
    assert row.starts_at is not None
    assert row.starts_at - now() < timedelta(minutes=1)
    assert act(bao, row, "start").json()["state"] == "in_progress"
    assert act(bao, row, "finish").json()["state"] == "completed"
    assert breaches() == []


def test_the_desk_holds_a_paid_type_for_two_hours(
    an: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(price_fen=PRICE_FEN, needs_acceptance=True)

    row = row_of(post(an, DESK, booking(lin, kind, branch, **at(in_hours(3)), is_walk_in=False)))

    assert (row.state, row.source) == ("held", "staff")
    assert row.expires_at is not None
    assert timedelta(minutes=119) < row.expires_at - now() <= timedelta(hours=2)


def test_a_large_sum_waits_for_a_second_person(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = row_of(post(bao, DESK, booking(lin, make_type(price_fen=60_000), branch)))

    answer = act(bao, row, "pay", {"kind": "terminal", "reference": "T-1"})

    assert answer.json()["is_paid"] is False
    assert answer.json()["appointment"]["state"] == "held"


def test_an_accepted_and_a_missed_visit(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(needs_acceptance=True)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))

    accepted = act(bao, row, "accept").json()
    early = act(bao, row, "no-show")
    shift(row, now() - timedelta(minutes=20))
    missed = act(bao, row, "no-show").json()

    assert (accepted["state"], early.json()["code"]) == ("confirmed", "too_early")
    assert (missed["state"], missed["steps"][-1]["actor"]) == ("no_show", "staff")


def test_what_may_be_done_is_told_and_nothing_to_who_only_watches(
    bao: Member, visit: Appointment
) -> None:
    watcher = make_member("审计", Role.AUDITOR, is_staff=True)
    path = f"/api/v1/{DESK}/{visit.public_id}"

    mine, theirs = bao.client.get(path).json(), watcher.client.get(path).json()

    assert mine["acts"] == ["move", "cancel"]
    assert (theirs["acts"], theirs["person"]["name"]) == ([], "林*月")
    assert mine["phone"] == "139****1111"


def test_staff_are_no_staff_for_their_own_appointment(
    branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    both = make_member("包青", Role.CUSTOMER_SERVICE, Role.PATIENT, is_staff=True)
    row = row_of(post(both, "appointments", wish(both, kind, branch)))
    shift(row, now() + timedelta(hours=1))

    assert act(both, row, "move", at(in_hours(26))).json()["code"] == "move_too_late"
    assert act(both, row, "accept").status_code == 404
    assert act(both, row, "cancel", {"reason": "有事"}).json()["cancelled_by"] == "patient"


def test_a_newcomer_gets_an_account_and_a_known_phone_another_person(
    bao: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    told = {"phone": "138 0013 8000", "name": "赵云", "gender": "male", "birthday": "1980-02-29"}

    first = post(bao, "front-desk/persons", told)
    second = post(bao, "front-desk/persons", told | {"name": "赵统", "birthday": "2010-01-01"})
    found = post(bao, "front-desk/callers", {"phone": "+86 13800138000"}).json()

    assert (first.status_code, second.status_code) == (201, 201)
    assert [one["name"] for one in found["persons"]] == ["赵云", "赵统"]
    account = User.objects.get(phone="+8613800138000")
    assert not account.has_usable_password()
    row = post(bao, DESK, {"type": kind.code, "branch": branch.code,
                           "person_id": first.json()["id"]})  # fmt: skip
    assert row_of(row).patient_id == account.pk
    assert VisitPerson.objects.filter(account=account, relation="self").count() == 1
    nobody = post(bao, "front-desk/callers", {"phone": "13800138001"}).json()
    assert nobody == {"is_known": False, "persons": []}


def test_a_code_or_a_whole_phone_finds_and_halves_do_not(bao: Member, visit: Appointment) -> None:
    for wanted in (visit.code, visit.patient.phone, "139 0000 1111"):
        found = post(bao, "front-desk/search", {"q": wanted}).json()["results"]
        assert [one["code"] for one in found] == [visit.code], wanted
    assert post(bao, "front-desk/search", {"q": "1111"}).status_code == 400


def test_who_is_there_is_checked_in_and_found_by_his_pass(bao: Member, visit: Appointment) -> None:
    early = act(bao, visit, "check-in")
    shift(visit, now() + timedelta(minutes=20))

    found = post(bao, "front-desk/search", {"q": pass_of(visit)}).json()["results"]
    there = act(bao, visit, "check-in").json()

    assert early.json()["code"] == "too_early"
    assert [one["code"] for one in found] == [visit.code]
    assert there["checked_in_at"] is not None
    assert (there["steps"][-1]["act"], there["steps"][-1]["actor"]) == ("checked_in", "staff")
    assert there["acts"] == ["move", "start", "cancel"]


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
    assert act(bao, row, "offer/decline").json()["code"] == "offer_gone"
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
