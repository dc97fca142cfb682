"""Booking, paying, and holds that end, through HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from pytest_django import DjangoAssertNumQueries

from appointments.api.shapes import AppointmentDetail
from appointments.enums import State
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.services.sweeping import sweep
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.core.roles import Role
from doctors.models import Branch, DoctorPresence, Leave
from payments.enums import RefundReason, RefundSource
from payments.models import PaymentOrder, PriceRule, Refund
from payments.services.refunds import request_refund
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
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember, make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """The type, free of charge."""
    return make_type()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _acts(row: Appointment) -> list[str]:
    rows = AppointmentStep.objects.filter(appointment=row).order_by("id")
    return list(rows.values_list("act", flat=True))


def _pay(member: Member, row: Appointment) -> Any:
    give_balance(member, PRICE_FEN)
    assert row.order is not None
    return post(member, f"orders/{row.order.public_id}/pay", {"method": "balance"})


def test_a_booking_with_a_named_doctor_makes_few_round_trips(
    lin: Member,
    kind: AppointmentType,
    branch: Branch,
    doctor: DoctorMember,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    body = wish(lin, kind, branch, doctor_id=str(doctor.doctor.public_id))

    # Who calls, the key, all that the booking is judged by, the place with its facts, the answer;
    # begin and end of the transaction.
    with django_assert_max_num_queries(7):
        told = post(lin, "appointments", body)

    assert told.status_code == 201


def test_the_answer_has_every_field_of_its_shape_and_asks_once(
    lin: Member,
    kind: AppointmentType,
    branch: Branch,
    doctor: DoctorMember,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    told = post(lin, "appointments", wish(lin, kind, branch)).json()

    with django_assert_num_queries(1):  # who calls together with all of the appointment
        english = {"Accept-Language": "en"}
        seen = lin.client.get(f"/api/v1/appointments/{told['id']}", headers=english).json()

    assert seen.keys() == told.keys() == AppointmentDetail().fields.keys()
    assert seen["type"]["name"] == "First visit"


@pytest.mark.parametrize("price", [0, PRICE_FEN])
def test_the_answer_is_what_is_read_afterwards(
    lin: Member, branch: Branch, doctor: DoctorMember, price: int
) -> None:
    kind = make_type(price_fen=price, capacity=2)

    told = post(lin, "appointments", wish(lin, kind, branch, requirements="怕针")).json()

    assert told == lin.client.get(f"/api/v1/appointments/{told['id']}").json()
    assert bool(told["order"]) == bool(price)


def test_a_free_slot_is_booked_at_once_and_seen_by_both(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    answer = post(lin, "appointments", wish(lin, kind, branch, requirements="怕针"))

    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["state"], told["order"], told["price_fen"]) == ("confirmed", None, 0)
    assert told["doctor"]["id"] == str(doctor.doctor.public_id)
    assert len(told["code"]) == 6
    assert told["code"].isdigit()
    for member in (lin, doctor.member):
        assert member.client.get(f"/api/v1/appointments/{told['id']}").status_code == 200
        assert member.client.get("/api/v1/appointments").json()["count"] == 1
    assert _acts(row_of(answer)) == ["booked"]
    assert _breaches() == []


def test_the_same_key_books_once(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    answers = [post(lin, "appointments", wish(lin, kind, branch), key="once") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Appointment.objects.count() == 1


def test_a_taken_time_is_refused_with_the_nearest_free_ones(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    start = in_hours()
    row_of(post(lin, "appointments", wish(lin, kind, branch)))

    answer = post(ge, "appointments", wish(ge, kind, branch))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    nearest = [datetime.fromisoformat(one["starts_at"]) for one in answer.json()["nearest"]]
    beside = [start - timedelta(minutes=30), start + timedelta(minutes=30)]
    assert set(beside) <= set(nearest)
    again = post(ge, "appointments", wish(ge, kind, branch, starts_at=nearest[0].isoformat()))
    assert again.status_code == 201
    assert _breaches() == []


def test_a_person_cannot_be_with_two_doctors_at_once(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    give_hours(make_doctor("吴静"), branch)
    row_of(post(lin, "appointments", wish(lin, kind, branch)))

    answer = post(lin, "appointments", wish(lin, kind, branch))

    assert (answer.status_code, answer.json()["code"]) == (409, "person_booked")
    nearest = {datetime.fromisoformat(one["starts_at"]) for one in answer.json()["nearest"]}
    half = timedelta(minutes=30)
    assert {in_hours() - half, in_hours() + half} <= nearest
    assert in_hours() not in nearest


def test_a_minute_at_which_nothing_begins_is_refused_with_the_nearest_free_ones(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    beside = in_hours() + timedelta(minutes=1)

    answer = post(lin, "appointments", wish(lin, kind, branch, starts_at=beside.isoformat()))

    assert (answer.status_code, answer.json()["code"]) == (400, "off_grid")
    starts = [datetime.fromisoformat(one["starts_at"]) for one in answer.json()["nearest"]]
    assert in_hours() in starts


@pytest.mark.parametrize("path", ["appointments", "appointments/waiting"])
def test_a_field_that_is_not_known_is_refused_and_not_left_out(
    path: str, lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    body = wish(lin, kind, branch) | {"until": in_hours(30).isoformat(), "docter_id": "x"}
    if path == "appointments":
        del body["until"]
    else:
        del body["starts_at"]

    answer = post(lin, path, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [(one["attr"], one["code"]) for one in answer.json()["errors"]] == [
        ("docter_id", "unknown")
    ]
    assert not Appointment.objects.exists()


def test_a_date_that_no_calendar_has_is_told_as_such(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    body = wish(lin, kind, branch, starts_at="2027-02-29T10:00:00+08:00")

    answer = post(lin, "appointments", body)

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["attr"], error["code"]) == ("starts_at", "no_such_date")


def test_a_paid_type_is_held_until_it_is_paid_and_then_waits_for_the_doctor(
    lin: Member,
    branch: Branch,
    doctor: DoctorMember,
    run_events: Callable[[], int],
) -> None:
    kind = make_type(price_fen=PRICE_FEN, needs_acceptance=True)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))

    assert (row.state, row.order and row.order.amount_fen) == ("held", PRICE_FEN)
    assert row.expires_at is not None
    assert timedelta(minutes=9) < row.expires_at - now() <= timedelta(minutes=10)
    assert doctor.client.get(f"/api/v1/appointments/{row.public_id}").status_code == 404
    assert _pay(lin, row).status_code == 200
    run_events()
    row.refresh_from_db()
    assert row.state == "pending"
    assert step(doctor.member, str(row.public_id), "accept").json()["state"] == "confirmed"
    assert _acts(row) == ["held", "paid", "accepted"]
    assert _breaches() == []


def test_the_price_rule_of_the_type_goes_before_its_own_price(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(price_fen=PRICE_FEN)
    PriceRule.objects.create(
        service=f"appointment_{kind.code}", scope="global", amount_fen=123, valid_from=now()
    )

    assert row_of(post(lin, "appointments", wish(lin, kind, branch))).price_fen == 123


def _expire(row: Appointment) -> None:
    Appointment.objects.filter(pk=row.pk).update(expires_at=now() - timedelta(seconds=1))


def test_an_unpaid_hold_ends_and_its_order_with_it(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))
    _expire(row)

    assert sweep() == 1

    row.refresh_from_db()
    assert row.state == "expired"
    assert PaymentOrder.objects.get(pk=row.order_id).status == "closed"
    run_events()
    assert sweep() == 0
    assert _acts(row) == ["held", "hold_expired"]
    assert _breaches() == []


def test_an_expired_hold_that_no_sweep_has_met_stands_in_nobodys_way(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(price_fen=PRICE_FEN)
    first = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    assert post(ge, "appointments", wish(ge, kind, branch)).json()["code"] == "slot_taken"
    _expire(first)

    second = post(ge, "appointments", wish(ge, kind, branch))

    assert second.status_code == 201
    first.refresh_from_db()
    assert first.state == "expired"


def test_money_that_comes_after_the_hold_goes_back(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))
    assert _pay(lin, row).status_code == 200
    Appointment.objects.filter(pk=row.pk).update(state="expired", ended_at=now())
    AppointmentStep.objects.create(
        appointment=row, act="hold_expired", before="held", after="expired", actor="system:test"
    )

    run_events()
    sweep()

    assert Refund.objects.get().amount_fen == PRICE_FEN
    row.refresh_from_db()
    assert row.state == "expired"
    assert _breaches() == []


def test_a_hold_whose_payment_event_was_lost_is_given_to_its_patient(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))
    assert _pay(lin, row).status_code == 200
    _expire(row)

    assert sweep() == 1

    row.refresh_from_db()
    assert (row.state, row.expires_at) == ("confirmed", None)


def test_a_booking_that_the_doctor_does_not_answer_ends_with_all_money_back(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Callable[[], int]
) -> None:
    kind = make_type(price_fen=PRICE_FEN, needs_acceptance=True)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    _pay(lin, row)
    run_events()
    _expire(row)

    assert sweep() == 1
    run_events()

    row.refresh_from_db()
    assert row.state == "expired"
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert _breaches() == []


def test_a_full_refund_cancels_what_still_stands(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Callable[[], int]
) -> None:

    row = row_of(post(lin, "appointments", wish(lin, make_type(price_fen=PRICE_FEN), branch)))
    _pay(lin, row)
    run_events()
    request_refund(
        order_id=row.order_id or 0,
        amount_fen=None,
        reason=RefundReason.STAFF,
        source=RefundSource.SYSTEM,
        actor=lin.actor,
    )
    run_events()

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_group_takes_as_many_as_it_has_places(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember, bao: Member
) -> None:
    kind, other = make_type(capacity=2), make_type()
    third = make_member_patient("第三")
    rows = [row_of(post(who, "appointments", wish(who, kind, branch))) for who in (lin, ge)]

    full = post(third, "appointments", wish(third, kind, branch))
    alone = post(third, "appointments", wish(third, other, branch))

    assert sorted(row.seats.lower for row in rows) == [0, 1]
    assert full.json()["code"] == "capacity_full"
    assert alone.json()["code"] == "slot_taken"
    assert _breaches() == []


def make_member_patient(name: str) -> Member:
    """Return one more patient."""

    return make_member(name, Role.PATIENT)


def test_buffers_keep_the_doctor_free_around_a_visit(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    kind = make_type(buffer_after_minutes=15)
    start = in_hours()
    row_of(post(lin, "appointments", wish(lin, kind, branch)))

    later = wish(ge, kind, branch, starts_at=(start + timedelta(minutes=30)).isoformat())

    assert post(ge, "appointments", later).json()["code"] == "slot_taken"


def test_without_a_wish_the_doctor_with_the_least_to_do_that_day_is_taken(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    asked = wish(lin, kind, branch, doctor_id=str(doctor.doctor.public_id))
    row_of(post(lin, "appointments", asked))
    at_three = wish(ge, kind, branch, starts_at=in_hours(25).isoformat())

    first = row_of(post(ge, "appointments", at_three))

    assert first.doctor_id == wu.doctor.pk
    assert first.is_doctor_chosen is False


def test_of_equally_loaded_doctors_the_one_who_is_active_is_taken(
    lin: Member, ge: Member, branch: Branch
) -> None:
    away, gone = make_doctor("离线", online=False), make_doctor("久未上线")
    silent, here = make_doctor("短暂静默", online=False), make_doctor("在线")
    for one in (away, gone, silent, here):
        give_hours(one, branch)
    long_ago = now() - timedelta(minutes=31)
    DoctorPresence.objects.filter(doctor=gone.doctor).update(heartbeat_at=long_ago)
    DoctorPresence.objects.filter(doctor=silent.doctor).update(resumes_as="online")

    first = post(lin, "appointments", wish(lin, make_type(), branch)).json()
    second = post(ge, "appointments", wish(ge, make_type(), branch)).json()

    assert {one["doctor"]["name"] for one in (first, second)} == {"短暂静默", "在线"}


def test_a_limit_of_his_own_weighs_the_load_of_a_doctor(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    wu = make_doctor("吴静", max_appointments=1)
    give_hours(wu, branch)
    for hour, who in ((24, doctor), (26, wu)):
        told = {"doctor_id": str(who.doctor.public_id), "starts_at": in_hours(hour).isoformat()}
        row_of(post(lin, "appointments", wish(lin, kind, branch, **told)))

    got = row_of(post(ge, "appointments", wish(ge, kind, branch, starts_at=in_hours(28))))

    assert got.doctor_id == doctor.doctor.pk  # 1 of 3 is less than 1 of 1


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown type": ({"type": "nothing"}, "invalid_input"),
    "no branch": ({"branch": ""}, "invalid_input"),
    "past": ({"starts_at": "2020-01-01T10:00:00Z"}, "in_past"),
    "too far": ({"starts_at": "2099-01-01T10:00:00Z"}, "too_far"),
    "no time at all": ({"starts_at": "soon"}, "invalid_input"),
    "no offset": ({"starts_at": "2026-12-01T09:00:00"}, "invalid_input"),
    "end of time": ({"starts_at": "9999-12-31T23:59:59Z"}, "invalid_input"),
    "dawn of time": ({"starts_at": "0001-01-01T00:00:00Z"}, "invalid_input"),
    "stranger's person": ({"person_id": "00000000-0000-7000-8000-000000000000"}, "invalid_input"),
    "unknown doctor": ({"doctor_id": "00000000-0000-7000-8000-000000000000"}, "invalid_input"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_booked_is_refused_by_name(
    case: str, lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    told, code = BAD[case]

    answer = post(lin, "appointments", wish(lin, kind, branch) | told)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Appointment.objects.exists()


def test_nobody_is_booked_into_leave_or_outside_hours(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    start = in_hours()
    Leave.objects.create(
        doctor=doctor.doctor,
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        entered_by="test",
    )

    away = post(lin, "appointments", wish(lin, kind, branch))
    elsewhere = post(lin, "appointments", wish(lin, kind, make_branch()))

    assert (away.status_code, away.json()["code"]) == (400, "outside_hours")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "outside_hours")


def test_a_doctor_cannot_book_himself(
    kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:

    doctor.user.groups.add(Group.objects.get_or_create(name="patient")[0])
    asked = wish(doctor.member, kind, branch, doctor_id=str(doctor.doctor.public_id))

    assert post(doctor.member, "appointments", asked).json()["code"] == "self_booking"


def test_an_online_type_has_no_branch(lin: Member, doctor: DoctorMember, branch: Branch) -> None:
    kind = make_type(mode="video")
    shen = make_doctor("罗成")
    give_hours(shen, None)

    row = row_of(post(lin, "appointments", wish(lin, kind, None)))

    assert (row.branch_id, row.doctor_id) == (None, shen.doctor.pk)
    assert post(lin, "appointments", wish(lin, kind, branch)).status_code == 400


def test_the_state_is_never_written_past_its_history(
    lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    Appointment.objects.filter(pk=row.pk).update(state=State.IN_PROGRESS)

    assert any(str(row.public_id) in line for line in _breaches())
