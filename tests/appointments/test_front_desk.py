"""The front desk over HTTP: staff move, cancel, book, take money and lead the visit."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from appointments.models import Appointment, AppointmentType
from appointments.services.passes import pass_of
from clinic.accounts.models import User
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.roles import Role
from clinic.patients.models import VisitPerson
from doctors.models import Branch, Leave, WorkRule
from payments.models import Refund
from tests.appointments.desk_acts import (
    DESK,
    act,
    at,
    booking,
    branch,
    breaches,
    doctor,
    kind,
    shift,
    visit,
)
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_type,
    post,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember, make_doctor

__all__ = ["branch", "doctor", "kind", "visit"]
pytestmark = pytest.mark.django_db


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


def test_what_the_desk_did_not_understand_is_never_booked_for_now(
    bao: Member, lin: Member, branch: Branch, doctor: DoctorMember, kind: AppointmentType
) -> None:
    later = at(in_hours(30))
    told = {
        "starts_at": {"starts_at": in_hours(30).isoformat()},
        "time": {"date": later["date"]},
        "date": {"time": later["time"]},
    }

    answers = {
        attr: post(bao, DESK, booking(lin, kind, branch, **half)) for attr, half in told.items()
    }

    assert {answer.status_code for answer in answers.values()} == {400}
    for attr, answer in answers.items():
        assert [one["attr"] for one in answer.json()["errors"]] == [attr]
    assert not Appointment.objects.exists()


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
