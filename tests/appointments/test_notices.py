"""Who is told of which step of an appointment, in his language."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from appointments.enums import MOVES, Act, State
from appointments.models import Appointment
from appointments.services.sweeping import sweep
from appointments.services.telling import TOLD
from clinic.core.clock import clinic_time, now
from clinic.notifications.models import Notice
from doctors.models import Branch
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


def book(member: Member, branch: Branch | None, **fields: Any) -> Appointment:
    """Book a visit of a new type."""
    return row_of(post(member, "appointments", wish(member, make_type(**fields), branch)))


def told(member: Member, events: Events) -> list[str]:
    """Return the kinds of what somebody was told of appointments, oldest first."""
    events()
    rows = Notice.objects.filter(user=member.user, subject_kind="appointment").order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_each_told_step_is_a_move_that_can_happen() -> None:
    reached = {to for row in MOVES.values() for to in row}

    assert {after for _act, after in TOLD} <= reached | {State.OFFERED, State.QUEUED}
    assert {act for act, _after in TOLD} <= set(Act)


def test_a_confirmed_booking_is_told_to_both(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch)

    assert told(lin, run_events) == ["appointment_confirmed"]
    assert told(doctor.member, run_events) == ["appointment_booked"]
    notice = Notice.objects.get(user=lin.user)
    assert notice.subject_public_id == row.public_id


@pytest.mark.parametrize(
    ("language", "title", "part"),
    [("en", "Appointment confirmed", "doctor 沈一鸣"), ("zh-hans", "预约已确认", "沈一鸣医生")],
)
def test_the_notice_says_when_on_the_clock_of_the_branch(
    lin: Member,
    doctor: DoctorMember,
    branch: Branch,
    run_events: Events,
    language: str,
    title: str,
    part: str,
) -> None:
    Branch.objects.filter(pk=branch.pk).update(time_zone="Europe/Berlin")
    row = book(lin, branch)
    run_events()

    shown = lin.client.get("/api/v1/notices", headers={"accept-language": language}).json()

    (notice,) = shown["results"]
    assert notice["title"] == title
    assert part in notice["body"]
    assert row.code in notice["body"]
    starts_at = Notice.objects.get(user=lin.user).params["starts_at"]
    assert starts_at.endswith(("+01:00", "+02:00"))
    assert starts_at[11:16] in notice["body"]


def test_what_is_paid_and_accepted_by_the_doctor(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch, price_fen=PRICE_FEN, needs_acceptance=True)
    assert told(lin, run_events) == []
    give_balance(lin, PRICE_FEN)
    assert row.order is not None
    post(lin, f"orders/{row.order.public_id}/pay", {"method": "balance"})

    assert told(doctor.member, run_events) == ["appointment_asked"]
    step(doctor.member, str(row.public_id), "accept")

    assert told(lin, run_events) == ["appointment_confirmed"]
    assert told(doctor.member, run_events) == ["appointment_asked"]


def test_who_cancels_is_not_told_and_the_other_is(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    mine = book(lin, branch)
    hers = row_of(
        post(
            ge,
            "appointments",
            wish(ge, make_type(), branch, starts_at=in_hours(30).isoformat()),
        )
    )
    run_events()
    Notice.objects.all().delete()

    step(lin, str(mine.public_id), "cancel", {"reason": "怀孕了"})
    step(doctor.member, str(hers.public_id), "cancel")

    assert told(lin, run_events) == []
    assert told(doctor.member, run_events) == ["appointment_cancelled"]
    assert told(ge, run_events) == ["appointment_called_off_near"]
    notice = Notice.objects.get(user=ge.user)
    assert 1 <= len(notice.params["nearest_at"]) <= 3
    shown = ge.client.get("/api/v1/notices", headers={"accept-language": "en"}).json()
    assert "also with other doctors" in shown["results"][0]["body"]
    assert "payment" not in shown["results"][0]["body"]
    assert "怀孕了" not in str(list(Notice.objects.values_list("params", flat=True)))


def test_the_money_is_spoken_of_to_who_paid(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch, price_fen=PRICE_FEN)
    give_balance(lin, PRICE_FEN)
    assert row.order is not None
    post(lin, f"orders/{row.order.public_id}/pay", {"method": "balance"})
    run_events()

    step(doctor.member, str(row.public_id), "cancel")
    run_events()

    notices = lin.client.get("/api/v1/notices", headers={"accept-language": "en"}).json()
    bodies = [one["body"] for one in notices["results"] if "cannot take place" in one["body"]]
    assert [body.endswith("Your payment goes back to you.") for body in bodies] == [True]


def test_moved_by_the_patient_the_doctor_is_told(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch)
    assert told(doctor.member, run_events) == ["appointment_booked"]

    step(lin, str(row.public_id), "move", {"starts_at": in_hours(48).isoformat()})

    assert told(doctor.member, run_events) == ["appointment_booked", "appointment_moved"]
    assert told(lin, run_events) == ["appointment_confirmed"]


def test_moved_to_another_doctor_both_doctors_are_told(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch)
    wu = make_doctor("吴静")
    give_hours(wu, branch)
    assert row.doctor is not None
    other = wu if row.doctor.pk == doctor.doctor.pk else doctor
    run_events()
    Notice.objects.all().delete()
    old_time = row.starts_at

    body = {"starts_at": in_hours(48).isoformat(), "doctor_id": str(other.doctor.public_id)}
    assert step(lin, str(row.public_id), "move", body).status_code == 200

    assert told(other.member, run_events) == ["appointment_moved"]
    assert told(doctor.member, run_events) == ["appointment_withdrawn"]
    params = Notice.objects.get(user=doctor.user).params
    assert old_time is not None
    assert params == {"starts_at": clinic_time(old_time).isoformat()}


def test_unanswered_and_unpaid_ones_are_told(
    lin: Member, ge: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    asked = book(lin, branch, needs_acceptance=True)
    held = wish(ge, make_type(price_fen=PRICE_FEN), branch, starts_at=in_hours(30).isoformat())
    row_of(post(ge, "appointments", held))
    run_events()
    Notice.objects.all().delete()
    Appointment.objects.all().update(expires_at=now() - timedelta(seconds=1))

    sweep()

    assert told(lin, run_events) == ["appointment_not_accepted"]
    assert told(doctor.member, run_events) == ["appointment_withdrawn"]
    assert told(ge, run_events) == ["appointment_not_paid"]
    asked.refresh_from_db()
    assert asked.state == "expired"


def test_a_missed_and_a_finished_visit_are_told_to_the_patient(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch)
    run_events()
    Notice.objects.all().delete()
    start = now() - timedelta(minutes=20)
    Appointment.objects.filter(pk=row.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=30), busy_from=start,
        busy_until=start + timedelta(minutes=30),
    )  # fmt: skip

    step(doctor.member, str(row.public_id), "no-show")
    assert told(lin, run_events) == ["appointment_missed"]
    step(doctor.member, str(row.public_id), "start")
    step(doctor.member, str(row.public_id), "finish")

    assert told(lin, run_events) == ["appointment_missed", "appointment_completed"]
    assert told(doctor.member, run_events) == []


def test_nothing_is_told_of_what_is_no_longer_so(
    lin: Member, branch: Branch, doctor: DoctorMember, run_events: Events
) -> None:
    row = book(lin, branch)
    step(lin, str(row.public_id), "cancel")

    assert told(lin, run_events) == []
    assert told(doctor.member, run_events) == ["appointment_cancelled"]
