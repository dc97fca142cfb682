"""Cancelling, moving, and the visit itself, through HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import InternalError, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from appointments.models import Appointment, AppointmentStep
from appointments.services.sweeping import sweep
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.invariants import all_invariants
from doctors.models import Branch
from payments.models import PaymentOrder, RecognisedIncome, Refund
from tests.appointments.front_desk import (
    PRICE_FEN,
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    step,
    wish,
)
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db
Events = Callable[[], int]


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


@pytest.fixture
def paid(lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events) -> Appointment:
    """A confirmed appointment of tomorrow that was paid for."""
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))
    return _pay(lin, row, run_events)


def _pay(member: Member, row: Appointment, run_events: Events) -> Appointment:
    give_balance(member, PRICE_FEN)
    assert row.order is not None
    answer = post(member, f"orders/{row.order.public_id}/pay", {"method": "balance"})
    assert answer.status_code == 200
    run_events()
    row.refresh_from_db()
    assert row.state == "confirmed"
    return row


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _shift(row: Appointment, start: datetime) -> None:
    """Let an appointment be at another time, as if it had been booked long ago."""
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        busy_from=start,
        busy_until=start + timedelta(minutes=30),
    )
    row.refresh_from_db()


def test_cancelled_in_time_all_money_goes_back_and_the_place_is_free(
    lin: Member, ge: Member, paid: Appointment, branch: Branch, run_events: Events
) -> None:
    told = step(lin, str(paid.public_id), "cancel", {"reason": "临时有事"}).json()
    run_events()

    assert told["refund"] == {"mode": "automatic", "amount_fen": PRICE_FEN}
    shown = told["appointment"]
    assert (shown["state"], shown["cancelled_by"]) == ("cancelled", "patient")
    assert shown["cancel_reason"] == "临时有事"
    assert Refund.objects.get().amount_fen == PRICE_FEN
    again = wish(ge, make_type(), branch, starts_at=in_hours().isoformat())
    assert post(ge, "appointments", again).status_code == 201
    assert _breaches() == []


def test_cancelled_late_a_share_goes_back_and_the_rest_is_earned(
    lin: Member, paid: Appointment, run_events: Events
) -> None:
    _shift(paid, now() + timedelta(hours=1))

    told = step(lin, str(paid.public_id), "cancel").json()
    run_events()

    assert told["refund"] == {"mode": "automatic", "amount_fen": PRICE_FEN // 2}
    income = RecognisedIncome.objects.get()
    assert income.doctor_fen + income.clinic_fen == PRICE_FEN // 2
    assert _breaches() == []


def test_who_takes_another_doctor_himself_cancels_on_his_own_terms(
    lin: Member, paid: Appointment, branch: Branch, run_events: Events
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    other = {"starts_at": in_hours().isoformat(), "doctor_id": str(wu.doctor.public_id)}
    assert step(lin, str(paid.public_id), "move", other).status_code == 200
    _shift(paid, now() + timedelta(hours=1))

    told = step(lin, str(paid.public_id), "cancel").json()

    assert told["refund"] == {"mode": "automatic", "amount_fen": PRICE_FEN // 2}


def test_the_doctor_cancels_and_all_money_goes_back(
    doctor: DoctorMember, paid: Appointment, run_events: Events
) -> None:
    _shift(paid, now() + timedelta(hours=1))

    told = step(doctor.member, str(paid.public_id), "cancel", {"reason": "急诊"}).json()
    run_events()

    assert told["refund"]["amount_fen"] == PRICE_FEN
    assert told["appointment"]["cancelled_by"] == "doctor"
    assert told["appointment"]["order"] is None
    assert _breaches() == []


def test_an_order_says_which_visit_it_pays_for_and_nothing_of_whom(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    Branch.objects.filter(pk=branch.pk).update(time_zone="Asia/Urumqi")
    kind = make_type(price_fen=PRICE_FEN)
    told = wish(lin, kind, branch)

    row = row_of(post(lin, "appointments", told))

    there = datetime.fromisoformat(told["starts_at"]).astimezone(ZoneInfo("Asia/Urumqi"))
    order = PaymentOrder.objects.get(pk=row.order_id)
    assert order.title == f"预约 · {kind.name_zh} · {there:%Y-%m-%d %H:%M}"


def test_an_unpaid_hold_is_cancelled_with_its_order(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))

    told = step(lin, str(row.public_id), "cancel").json()
    run_events()

    assert told["refund"] == {"mode": "none", "amount_fen": 0}
    assert PaymentOrder.objects.get(pk=row.order_id).status == "closed"
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_what_has_begun_or_ended_is_not_cancelled(
    lin: Member, doctor: DoctorMember, paid: Appointment
) -> None:
    _shift(paid, now() - timedelta(minutes=1))
    late = step(lin, str(paid.public_id), "cancel")
    assert step(doctor.member, str(paid.public_id), "start").status_code == 200
    running = step(doctor.member, str(paid.public_id), "cancel")
    assert step(doctor.member, str(paid.public_id), "finish").status_code == 200
    over = step(lin, str(paid.public_id), "cancel")

    assert [answer.json()["code"] for answer in (late, running, over)] == [
        "cancel_too_late", "cancel_too_late", "illegal_transition",
    ]  # fmt: skip


def test_a_visit_begins_ends_and_is_earned(
    lin: Member, doctor: DoctorMember, paid: Appointment, run_events: Events
) -> None:
    address = str(paid.public_id)
    early = step(doctor.member, address, "start")
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    assert datetime.fromisoformat(early.json()["opens_at"]) == in_hours() - timedelta(hours=1)
    _shift(paid, now() + timedelta(minutes=30))

    assert step(doctor.member, address, "start").json()["state"] == "in_progress"
    assert step(doctor.member, address, "finish").json()["state"] == "completed"
    run_events()

    income = RecognisedIncome.objects.get()
    assert (income.doctor_fen, income.clinic_fen) == (5600, 2400)
    log = lin.client.get(f"/api/v1/appointments/{address}/log").json()["results"]
    assert [(one["act"], one["actor"]) for one in log] == [
        ("held", "patient"), ("paid", "system"), ("started", "doctor"), ("finished", "doctor"),
    ]  # fmt: skip
    assert _breaches() == []


def test_who_does_not_come_is_marked_and_may_still_be_seen(
    doctor: DoctorMember, paid: Appointment
) -> None:
    _shift(paid, now() - timedelta(minutes=10))
    assert step(doctor.member, str(paid.public_id), "no-show").json()["code"] == "too_early"
    _shift(paid, now() - timedelta(minutes=20))

    assert sweep() == 1

    paid.refresh_from_db()
    assert paid.state == "no_show"
    assert step(doctor.member, str(paid.public_id), "start").json()["state"] == "in_progress"
    assert step(doctor.member, str(paid.public_id), "finish").json()["state"] == "completed"
    assert _breaches() == []


def test_the_doctor_says_that_nobody_came(doctor: DoctorMember, paid: Appointment) -> None:
    _shift(paid, now() - timedelta(minutes=16))

    assert step(doctor.member, str(paid.public_id), "no-show").json()["state"] == "no_show"


def test_a_move_takes_the_new_time_and_frees_the_old_one(
    lin: Member, ge: Member, paid: Appointment, branch: Branch
) -> None:
    start = in_hours(48)

    told = step(lin, str(paid.public_id), "move", {"starts_at": start.isoformat()}).json()

    assert datetime.fromisoformat(told["starts_at"]) == start
    assert (told["state"], told["moves"]) == ("confirmed", 1)
    paid.refresh_from_db()
    assert paid.sequence == 2  # paid, moved
    row_of(post(ge, "appointments", wish(ge, make_type(), branch)))  # the old time
    assert list(AppointmentStep.objects.filter(appointment=paid).values_list("act", flat=True)) == [
        "held", "paid", "moved",
    ]  # fmt: skip
    assert _breaches() == []


def test_a_move_to_a_taken_time_changes_nothing(
    lin: Member, ge: Member, paid: Appointment, branch: Branch
) -> None:
    start = in_hours(48).isoformat()
    row_of(post(ge, "appointments", wish(ge, make_type(), branch, starts_at=start)))
    before = Appointment.objects.filter(pk=paid.pk).values().get()

    answer = step(lin, str(paid.public_id), "move", {"starts_at": start})

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert answer.json()["nearest"]
    assert Appointment.objects.filter(pk=paid.pk).values().get() == before
    assert _breaches() == []


def test_a_moved_appointment_is_accepted_anew(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(needs_acceptance=True)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    assert step(doctor.member, str(row.public_id), "accept").status_code == 200

    told = step(lin, str(row.public_id), "move", {"starts_at": in_hours(30).isoformat()}).json()

    assert told["state"] == "pending"
    assert step(doctor.member, str(row.public_id), "accept").json()["state"] == "confirmed"


def test_a_move_to_another_doctor_wants_the_same_price(
    lin: Member, paid: Appointment, branch: Branch
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    told = {"starts_at": in_hours().isoformat(), "doctor_id": str(wu.doctor.public_id)}

    moved = step(lin, str(paid.public_id), "move", told).json()
    assert moved["doctor"]["name"] == "吴静"
    Appointment.objects.filter(pk=paid.pk).update(price_fen=1)
    back = told | {"doctor_id": str(Appointment.objects.get(pk=paid.pk).kind.public_id)}

    assert step(lin, str(paid.public_id), "move", back).status_code == 400


def test_the_log_tells_from_where_to_where_it_moved(
    lin: Member, doctor: DoctorMember, paid: Appointment, branch: Branch
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    address, chosen = str(paid.public_id), {"doctor_id": str(wu.doctor.public_id)}
    times = [in_hours(), in_hours(48)]
    later = {"starts_at": times[1].isoformat()}
    assert step(lin, address, "move", later).status_code == 200
    assert step(lin, address, "move", later | chosen).status_code == 200

    for reader in (lin, wu.member):
        log = reader.client.get(f"/api/v1/appointments/{address}/log").json()["results"]
        held, _paid, moved, given = log
        names = ("from_time", "to_time", "from_doctor", "to_doctor")
        assert [held[name] for name in names] == [None] * 4
        assert [datetime.fromisoformat(moved[name]) for name in names[:2]] == times
        assert [moved[name] for name in names[2:]] == [None, None]
        assert [given[name] for name in names] == [None, None, "沈一鸣", "吴静"]
        assert "user:" not in str(log)


def test_moves_end_with_the_free_time_and_after_three(
    lin: Member, paid: Appointment, branch: Branch
) -> None:
    for number in range(3):
        start = in_hours(30 + number).isoformat()
        assert step(lin, str(paid.public_id), "move", {"starts_at": start}).status_code == 200
    often = step(lin, str(paid.public_id), "move", {"starts_at": in_hours(50).isoformat()})
    Appointment.objects.filter(pk=paid.pk).update(moves=0)
    _shift(paid, now() + timedelta(hours=1))
    late = step(lin, str(paid.public_id), "move", {"starts_at": in_hours(50).isoformat()})

    assert [answer.json()["code"] for answer in (often, late)] == [
        "moved_too_often",
        "move_too_late",
    ]


def test_nothing_is_moved_to_where_it_is(
    lin: Member, bao: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(needs_acceptance=True)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    assert step(doctor.member, str(row.public_id), "accept").status_code == 200
    here, wall = in_hours(), in_hours().astimezone(CLINIC_ZONE)
    desk = f"front-desk/appointments/{row.public_id}/move"

    answers = [
        step(lin, str(row.public_id), "move", {"starts_at": here.isoformat()}),
        step(lin, str(row.public_id), "move", {
            "starts_at": here.isoformat(), "doctor_id": str(doctor.doctor.public_id)
        }),
        post(bao, desk, {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}"}),
    ]  # fmt: skip

    told = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert told == [(409, "same_time")] * 3
    row.refresh_from_db()
    assert (row.state, row.moves) == ("confirmed", 0)


def test_a_time_of_another_doctor_alone_is_refused_with_the_own_ones_next(
    lin: Member, ge: Member, branch: Branch
) -> None:
    shen, wu = make_doctor("沈一鸣"), make_doctor("吴静")
    give_hours(wu, branch)
    give_hours(shen, branch)
    shen.doctor.work_rules.update(end_minute=12 * 60)
    kind = make_type()
    morning = in_hours(48).astimezone(CLINIC_ZONE).replace(hour=9)
    body = wish(lin, kind, branch, starts_at=morning.isoformat())
    row = row_of(post(lin, "appointments", body | {"doctor_id": str(shen.doctor.public_id)}))

    evening = morning.replace(hour=18).isoformat()
    answer = step(lin, str(row.public_id), "move", {"starts_at": evening})

    assert (answer.status_code, answer.json()["code"]) == (400, "outside_hours")
    near = answer.json()["nearest"]
    assert {one["doctor_id"] for one in near} == {str(shen.doctor.public_id)}
    assert morning not in [datetime.fromisoformat(one["starts_at"]) for one in near]
    odd = step(lin, str(row.public_id), "move", {"starts_at": evening, "doctor": "x"})
    assert odd.json()["errors"][0]["code"] == "unknown"


VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "cancel": ("both", {}),
    "move": ("patient", {"starts_at": "2099-01-01T10:00:00Z"}),
    "accept": ("doctor", {}),
    "start": ("doctor", {}),
    "finish": ("doctor", {}),
    "no-show": ("doctor", {}),
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_the_two_of_an_appointment_touch_it(
    verb: str, lin: Member, ge: Member, bao: Member, doctor: DoctorMember, paid: Appointment,
    anonymous: APIClient,
) -> None:  # fmt: skip
    side, body = VERBS[verb]
    wu = make_doctor("吴静")
    path = f"appointments/{paid.public_id}/{verb}"
    patient, other = (404, 404) if side == "both" else (404, 403)
    if side == "doctor":
        patient, other = 403, 404

    assert anonymous.post(f"/api/v1/{path}", body, format="json").status_code == 401
    assert post(bao, path, body).status_code == 403
    assert post(ge, path, body).status_code == patient
    assert post(wu.member, path, body).status_code == other
    paid.refresh_from_db()
    assert paid.state == "confirmed"


def test_strangers_see_nothing(
    ge: Member, bao: Member, paid: Appointment, anonymous: APIClient
) -> None:
    wu = make_doctor("吴静")
    for path in (
        f"/api/v1/appointments/{paid.public_id}",
        f"/api/v1/appointments/{paid.public_id}/log",
    ):
        assert [m.client.get(path).status_code for m in (ge, wu.member)] == [404, 404]
        assert bao.client.get(path).status_code == 403
        assert anonymous.get(path).status_code == 401
    assert ge.client.get("/api/v1/appointments").json()["count"] == 0


def test_the_list_is_filtered_by_state_and_day(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type()
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    assert row.starts_at is not None
    day = row.starts_at + timedelta(hours=8)  # the clinic's wall clock

    def count(query: str) -> int:
        return int(lin.client.get(f"/api/v1/appointments?{query}").json()["count"])

    assert count("state=confirmed") == 1
    assert count("state=cancelled") == 0
    assert count(f"date={day:%Y-%m-%d}") == 1
    assert count("date=2026-01-01") == 0
    for wrong in ("soon", "9999-12-31", "0001-01-01"):
        assert lin.client.get(f"/api/v1/appointments?date={wrong}").status_code == 400


def test_the_list_asks_as_often_for_many_as_for_few(
    lin: Member,
    branch: Branch,
    doctor: DoctorMember,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kind = make_type(price_fen=100)
    for number in range(2):
        start = in_hours(24 + number).isoformat()
        row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start)))
    lin.client.get("/api/v1/appointments")
    with django_assert_num_queries(2):
        lin.client.get("/api/v1/appointments")
    for number in range(5):
        start = in_hours(30 + number).isoformat()
        row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start)))
    with django_assert_num_queries(2):
        assert lin.client.get("/api/v1/appointments").json()["count"] == 7


def test_steps_are_never_changed(paid: Appointment) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        AppointmentStep.objects.filter(appointment=paid).update(act="rated")
