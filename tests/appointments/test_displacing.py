"""Appointments whose doctor cannot or will not have them go to another, or are paid back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from appointments.enums import State
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.services.sweeping import sweep
from clinic.accounts.services.accounts import anonymise_account
from clinic.core.actor import system_actor
from clinic.core.clock import clinic_day, now
from clinic.core.invariants import all_invariants
from clinic.core.models import OutboxEvent
from doctors.models import Branch, CalendarDay, Doctor, Leave, WorkRule
from doctors.services.special_days import announce_day
from doctors.services.standing import suspend
from payments.models import PaymentOrder, Refund
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
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember, make_doctor
from tests.payments.conftest import give_balance

pytestmark = pytest.mark.django_db
Events = Callable[[], int]
STAFF = system_actor("test")


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def shen(branch: Branch) -> DoctorMember:
    """The doctor who has the appointments."""
    return _doctor("沈一鸣", branch)


def _doctor(name: str, branch: Branch) -> DoctorMember:
    doctor = make_doctor(name)
    give_hours(doctor, branch)
    return doctor


def _booked(
    member: Member, doctor: DoctorMember | None, branch: Branch, run: Events, **fields: Any
) -> Appointment:
    """Return a paid appointment of tomorrow, with a doctor chosen by name or with anybody."""
    kind = fields.pop("kind", None) or make_type(price_fen=PRICE_FEN, **fields)
    chosen = {"doctor_id": str(doctor.doctor.public_id)} if doctor else {}
    row = row_of(post(member, "appointments", wish(member, kind, branch, **chosen)))
    if row.order is not None:
        give_balance(member, PRICE_FEN)
        post(member, f"orders/{row.order.public_id}/pay", {"method": "balance"})
        run()
    row.refresh_from_db()
    assert row.state in {State.CONFIRMED, State.PENDING}
    return row


def _away(doctor: DoctorMember, run: Events) -> Any:
    told = {"starts_at": in_hours(20).isoformat(), "ends_at": in_hours(40).isoformat()}
    answer = post(doctor.member, "doctor/leaves", told)
    assert answer.status_code == 201, answer.json()
    run()
    return answer


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def _acts(row: Appointment) -> list[str]:
    rows = AppointmentStep.objects.filter(appointment=row).order_by("id")
    return list(rows.values_list("act", flat=True))


def test_leave_gives_a_booking_to_a_doctor_who_is_free_at_the_same_time(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    wu = _doctor("吴静", branch)

    _away(shen, run_events)

    told = lin.client.get(f"/api/v1/appointments/{row.public_id}").json()
    assert (told["state"], told["doctor"]["name"]) == ("confirmed", "吴静")
    before = row.starts_at
    row.refresh_from_db()
    assert (row.starts_at, row.is_doctor_chosen) == (before, False)
    assert _acts(row)[-1] == "reassigned"
    assert shen.client.get(f"/api/v1/appointments/{row.public_id}").status_code == 404
    assert wu.client.get(f"/api/v1/appointments/{row.public_id}").status_code == 200
    assert not Refund.objects.exists()
    assert _breaches() == []


def test_who_was_given_to_another_doctor_may_cancel_late_with_all_money_back(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events, free_cancel_before=timedelta(days=3))
    _doctor("吴静", branch)
    _away(shen, run_events)

    told = step(lin, str(row.public_id), "cancel").json()

    assert told["refund"] == {"mode": "automatic", "amount_fen": PRICE_FEN}
    assert told["appointment"]["cancelled_by"] == "patient"


def test_without_another_doctor_leave_cancels_with_all_money_back(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events, free_cancel_before=timedelta(days=3))

    _away(shen, run_events)

    told = lin.client.get(f"/api/v1/appointments/{row.public_id}").json()
    assert (told["state"], told["cancelled_by"]) == ("cancelled", "doctor")
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert _acts(row)[-1] == "displaced"
    assert _breaches() == []


def test_a_dearer_doctor_a_busy_one_and_the_patient_himself_do_not_get_it(
    lin: Member, ge: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    wu = _doctor("吴静", branch)
    other = make_type()
    chosen = {"doctor_id": str(wu.doctor.public_id)}
    row_of(post(ge, "appointments", wish(ge, other, branch, **chosen)))

    _away(shen, run_events)

    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("cancelled", shen.doctor.pk)


def test_a_place_held_for_payment_moves_too_and_an_unpaid_one_ends_with_its_order(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    kind = make_type(price_fen=PRICE_FEN)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch)))
    wu = _doctor("吴静", branch)
    _away(shen, run_events)
    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("held", wu.doctor.pk)

    _away(wu, run_events)

    row.refresh_from_db()
    assert row.state == "cancelled"
    assert PaymentOrder.objects.get(pk=row.order_id).status == "closed"
    assert _breaches() == []


def test_a_group_finds_seats_with_another_doctor(
    lin: Member, ge: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    kind = make_type(capacity=2)
    rows = [_booked(who, None, branch, run_events, kind=kind) for who in (lin, ge)]
    wu = _doctor("吴静", branch)

    _away(shen, run_events)

    moved = Appointment.objects.filter(doctor=wu.doctor)
    assert sorted(row.seats.lower for row in moved) == [0, 1]
    assert {row.pk for row in moved} == {row.pk for row in rows}
    assert _breaches() == []


def test_what_is_booked_outside_the_leave_or_was_cancelled_stays(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    kind = make_type()
    later = wish(lin, kind, branch, starts_at=in_hours(41).isoformat())
    row = row_of(post(lin, "appointments", later))
    _doctor("吴静", branch)

    leave = _away(shen, run_events).json()
    sweep()

    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("confirmed", shen.doctor.pk)
    assert shen.client.delete(f"/api/v1/doctor/leaves/{leave['id']}").status_code == 204
    run_events()
    chosen = wish(lin, kind, branch, doctor_id=str(shen.doctor.public_id))
    assert post(lin, "appointments", chosen).status_code == 201


def test_a_doctor_sees_what_a_leave_would_hit_before_he_enters_it(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    address = "/api/v1/doctor/leaves/hits"
    span = {"starts_at": in_hours(20).isoformat(), "ends_at": in_hours(40).isoformat()}

    told = shen.client.get(address, span).json()

    assert (told["count"], told["results"][0]["id"]) == (1, str(row.public_id))
    nothing = span | {"starts_at": in_hours(39).isoformat()}
    assert shen.client.get(address, nothing).json()["count"] == 0
    assert shen.client.get(address, span | {"ends_at": "never"}).status_code == 400
    assert shen.client.get(address).json()["count"] == 1
    assert lin.client.get(address, span).status_code == 403
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_a_doctor_sees_what_other_hours_leave_outside_and_it_stays(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    address = "/api/v1/doctor/calendar/outside"
    before = shen.client.get(address).json()

    shen.client.put("/api/v1/doctor/calendar", {"hours": []}, format="json")
    run_events()
    sweep()
    after = shen.client.get(address).json()

    assert before == {"count": 0, "results": []}
    assert (after["count"], after["results"][0]["id"]) == (1, str(row.public_id))
    assert lin.client.get(address).status_code == 403
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_a_suspended_doctor_loses_what_is_ahead_and_nobody_books_him(
    lin: Member, ge: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)

    suspend(doctor_id=shen.doctor.pk, reason="quality", by=STAFF)
    run_events()

    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "staff")
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert post(ge, "appointments", wish(ge, make_type(), branch)).status_code == 400
    assert _breaches() == []


STOPS: dict[str, dict[str, Any]] = {
    "suspended": {"status": "suspended"},
    "no longer certified": {"certification": "rejected"},
    "licence ended": {"licence_valid_until": clinic_day(now()) - timedelta(days=1)},
}


@pytest.mark.parametrize("case", STOPS)
def test_the_sweep_finds_what_no_event_told(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events, case: str
) -> None:
    row = _booked(lin, shen, branch, run_events)
    wu = _doctor("吴静", branch)
    Doctor.objects.filter(pk=shen.doctor.pk).update(**STOPS[case])

    assert sweep() == 1
    assert sweep() == 0

    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("confirmed", wu.doctor.pk)


def test_a_leave_whose_event_was_lost_is_found_by_the_sweep(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    Leave.objects.create(
        doctor=shen.doctor, starts_at=in_hours(20), ends_at=in_hours(40), entered_by="test"
    )

    assert sweep() == 1

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_day_that_the_doctor_closes_is_cleared(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    assert row.starts_at is not None
    days = [{"date": clinic_day(row.starts_at).isoformat(), "kind": "closed"}]

    answer = shen.client.put("/api/v1/doctor/calendar/days", {"days": days}, format="json")
    run_events()

    assert answer.status_code == 200, answer.json()
    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "staff")


def test_other_hours_of_a_branch_hit_only_what_lies_outside_them(
    lin: Member, ge: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    assert row.starts_at is not None
    local = row.starts_at + timedelta(hours=8)
    minute = local.hour * 60 + local.minute
    other = make_branch()
    for owner, start, end in ((branch, minute, minute + 30), (other, 0, 1)):
        CalendarDay.objects.create(
            branch=owner, date=local.date(), kind="hours", start_minute=start, end_minute=end
        )
        announce_day(local.date(), branch_id=owner.pk)
    run_events()
    row.refresh_from_db()
    assert row.state == "confirmed"

    CalendarDay.objects.filter(branch=branch).update(end_minute=minute + 29)
    assert sweep() == 1

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_special_days_that_staff_moves_or_removes_are_announced(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events, an: Member
) -> None:
    row = _booked(lin, shen, branch, run_events)
    assert row.starts_at is not None
    day, later = clinic_day(row.starts_at), clinic_day(now()) + timedelta(days=30)
    WorkRule.objects.filter(weekday=day.weekday()).delete()  # the special day alone lets him work
    hours = {"kind": "hours", "start_minute": 0, "end_minute": 1440}
    own = CalendarDay.objects.create(doctor=shen.doctor, date=day, **hours)
    moved = CalendarDay.objects.create(doctor=shen.doctor, date=later, kind="closed")
    assert sweep() == 0
    console = browser(an.user)

    after = later + timedelta(days=1)
    address = reverse("admin:doctors_calendarday_change", args=[moved.pk])
    body = {"date": after, "name": "", "kind": "closed", "doctor": shen.doctor.pk}
    console.post(address, {**body, "start_minute": "00:00", "end_minute": "24:00"})
    assert _announced() == [later, after]
    console.post(
        reverse("admin:doctors_calendarday_changelist"),
        {"action": "delete_selected", "_selected_action": [moved.pk], "post": "yes"},
    )
    assert _announced() == [later, after, after]
    console.post(reverse("admin:doctors_calendarday_delete", args=[own.pk]), {"post": "yes"})
    run_events()

    assert not CalendarDay.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "staff")


def _announced() -> list[date]:
    told = OutboxEvent.objects.filter(kind="doctors.SpecialDayEntered")
    return sorted(date.fromisoformat(one.payload["date"]) for one in told)


def _pending(lin: Member, branch: Branch, run: Events, doctor: DoctorMember | None) -> Appointment:
    return _booked(lin, doctor, branch, run, needs_acceptance=True)


def _decline(doctor: DoctorMember, row: Appointment) -> Any:
    return step(doctor.member, str(row.public_id), "decline", {"reason": "busy"})


def test_a_declined_booking_goes_to_another_doctor_who_accepts_it(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _pending(lin, branch, run_events, None)
    wu = _doctor("吴静", branch)

    assert _decline(shen, row).status_code == 204

    row.refresh_from_db()
    assert (row.state, row.doctor_id, row.hops) == ("pending", wu.doctor.pk, 1)
    assert step(shen.member, str(row.public_id), "accept").status_code == 404
    assert step(wu.member, str(row.public_id), "accept").json()["state"] == "confirmed"
    note = AppointmentStep.objects.get(appointment=row, act="reassigned").note
    assert note == {
        "why": "declined", "reason": "busy", "from_doctor": str(shen.doctor.public_id),
        "to_doctor": str(wu.doctor.public_id),
    }  # fmt: skip
    assert _breaches() == []


def test_nobody_gets_a_booking_twice_and_three_doctors_are_enough(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _pending(lin, branch, run_events, None)
    others = [_doctor(f"医生{number}", branch) for number in range(4)]
    known = {one.doctor.pk: one for one in (shen, *others)}
    had = []
    for _turn in range(3):
        row.refresh_from_db()
        had.append(row.doctor_id or 0)
        assert _decline(known[had[-1]], row).status_code == 204
    run_events()

    row.refresh_from_db()
    assert len(set(had)) == 3
    assert (row.state, row.cancelled_by, row.hops) == ("cancelled", "doctor", 3)
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert _breaches() == []


def test_who_chose_his_doctor_gets_all_money_back_when_that_one_declines(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _pending(lin, branch, run_events, shen)
    _doctor("吴静", branch)

    assert _decline(shen, row).status_code == 204
    run_events()

    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("cancelled", shen.doctor.pk)
    assert Refund.objects.get().amount_fen == PRICE_FEN


def test_only_a_pending_booking_is_declined_and_only_with_a_reason(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _pending(lin, branch, run_events, None)
    assert step(shen.member, str(row.public_id), "decline").status_code == 400
    assert _decline(make_doctor("吴静"), row).status_code == 404
    assert step(lin, str(row.public_id), "decline", {"reason": "busy"}).status_code == 403
    step(shen.member, str(row.public_id), "accept")

    late = _decline(shen, row)

    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_an_unanswered_booking_goes_to_another_doctor(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _pending(lin, branch, run_events, None)
    wu = _doctor("吴静", branch)
    Appointment.objects.filter(pk=row.pk).update(expires_at=now() - timedelta(seconds=1))

    assert sweep() == 1
    assert sweep() == 0

    row.refresh_from_db()
    assert (row.state, row.doctor_id, row.hops) == ("pending", wu.doctor.pk, 1)
    assert row.expires_at is not None
    assert row.expires_at > now()
    assert _breaches() == []


def test_a_deleted_account_leaves_no_appointment_behind(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)

    anonymise_account(user_id=lin.user.pk, by=lin.actor, now=now())
    run_events()

    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "patient")
    assert Refund.objects.get().amount_fen == PRICE_FEN
    assert sweep() == 0
    assert _breaches() == []


def test_the_sweep_cancels_for_deleted_accounts_whose_event_was_lost(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    anonymise_account(user_id=lin.user.pk, by=lin.actor, now=now())
    OutboxEvent.objects.all().delete()

    assert sweep() == 1

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_doctor_who_deletes_his_account_leaves_his_appointments_to_others(
    lin: Member, shen: DoctorMember, branch: Branch, run_events: Events
) -> None:
    row = _booked(lin, shen, branch, run_events)
    wu = _doctor("吴静", branch)
    refused = shen.client.delete("/api/v1/auth/account", format="json")
    assert refused.status_code >= 400
    shen.user.groups.clear()

    anonymise_account(user_id=shen.user.pk, by=shen.actor, now=now())
    run_events()

    row.refresh_from_db()
    assert (row.state, row.doctor_id) == ("confirmed", wu.doctor.pk)
    assert AppointmentType.objects.count() == 1
