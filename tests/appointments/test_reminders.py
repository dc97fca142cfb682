"""Reminders are made with the booking, follow it, and reach everybody whatever fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from appointments.models import Appointment, AppointmentType, Reminder
from appointments.services.reminding import send_due_reminders
from clinic.notifications.models import Notice
from doctors.models import Branch
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
from tests.cast import Member
from tests.doctors.rivals import together
from tests.doctors_cast import make_doctor

pytestmark = pytest.mark.django_db
Events = Callable[[], int]


@pytest.fixture
def branch(db: None) -> Branch:
    """A branch with one doctor."""
    found = make_branch()
    give_hours(make_doctor("沈一鸣"), found)
    return found


def book(member: Member, branch: Branch, hours: float = 48, **fields: Any) -> Appointment:
    """Book a visit of a new type, so many hours ahead."""
    body = wish(member, make_type(**fields), branch, starts_at=in_hours(hours).isoformat())
    return row_of(post(member, "appointments", body))


def planned(row: Appointment) -> list[int]:
    """Return the minutes ahead of the reminders that are still to come."""
    rows = Reminder.objects.filter(appointment=row, sent_at=None).order_by("due_at")
    assert all(row.starts_at == one.due_at + one.before for one in rows)
    return [int(one.before.total_seconds() // 60) for one in rows]


def reminded(member: Member) -> int:
    """Return how often somebody was reminded."""
    kinds = ["appointment_reminder", "appointment_reminder_online"]
    return Notice.objects.filter(user=member.user, kind__in=kinds).count()


def send_at(row: Appointment, minutes: float) -> int:
    """Return how many reminders go out when the visit is so many minutes ahead."""
    assert row.starts_at is not None
    with time_machine.travel(row.starts_at - timedelta(minutes=minutes), tick=False):
        return send_due_reminders()


def test_a_confirmed_visit_is_reminded_of_a_day_and_an_hour_ahead(
    lin: Member, branch: Branch, run_events: Events
) -> None:
    row = book(lin, branch)
    run_events()
    assert planned(row) == [1440, 60]

    assert [send_at(row, minutes) for minutes in (1441, 1440, 1439, 60, 59)] == [0, 1, 0, 1, 0]

    assert reminded(lin) == 2
    shown = lin.client.get("/api/v1/notices", headers={"accept-language": "en"}).json()
    assert f"at {branch.name}" in shown["results"][0]["body"]


def test_each_type_reminds_at_its_own_times_and_never_late(
    lin: Member, ge: Member, branch: Branch, run_events: Events
) -> None:
    own = book(lin, branch, reminders=[2880 + 1440, 120, 30])
    none = book(ge, branch, hours=50, reminders=[])
    run_events()

    assert planned(own) == [120, 30]
    assert planned(none) == []


def test_what_waits_for_the_doctor_is_not_reminded_of(
    lin: Member, branch: Branch, run_events: Events
) -> None:
    row = book(lin, branch, needs_acceptance=True)
    run_events()

    assert planned(row) == []


def test_reminders_move_with_the_visit_and_go_with_it(
    lin: Member, branch: Branch, run_events: Events
) -> None:
    row = book(lin, branch)
    run_events()
    assert send_at(row, 1440) == 1

    moved = step(lin, str(row.public_id), "move", {"starts_at": in_hours(72).isoformat()})
    assert moved.status_code == 200, moved.json()
    run_events()
    row.refresh_from_db()
    assert planned(row) == [1440, 60]

    step(lin, str(row.public_id), "cancel")
    run_events()
    assert planned(row) == []


def test_nobody_is_reminded_of_what_was_cancelled_meanwhile(
    lin: Member, branch: Branch, run_events: Events
) -> None:
    row = book(lin, branch)
    run_events()
    step(lin, str(row.public_id), "cancel")

    assert send_at(row, 60) == 0
    assert reminded(lin) == 0


def test_the_sweep_plans_what_a_lost_event_should_have_planned(lin: Member, branch: Branch) -> None:
    row = book(lin, branch)
    assert planned(row) == []

    send_due_reminders()

    assert planned(row) == [1440, 60]


def test_other_times_of_a_type_hold_for_what_is_booked(
    lin: Member, branch: Branch, run_events: Events
) -> None:
    row = book(lin, branch)
    run_events()
    AppointmentType.objects.update(reminders=[180])

    send_due_reminders()

    assert planned(row) == [180]


def test_a_reminder_that_fails_stops_nobody_else(
    lin: Member, ge: Member, branch: Branch, run_events: Events
) -> None:
    bad, good = book(lin, branch, hours=40), book(ge, branch, hours=48)
    run_events()
    elsewhere = make_branch(time_zone="Mars/Olympus")
    Appointment.objects.filter(pk=bad.pk).update(branch=elsewhere)

    assert send_at(good, 1440) == 1

    assert (reminded(lin), reminded(ge)) == (0, 1)
    assert Reminder.objects.exclude(failed_at=None).get().appointment == bad


def test_a_batch_costs_a_few_queries_each(
    lin: Member, branch: Branch, run_events: Events, django_assert_max_num_queries: Any
) -> None:
    rows = [book(lin, branch, hours=40 + number) for number in range(3)]
    run_events()

    with django_assert_max_num_queries(8 + 4 * 3):
        assert send_at(rows[-1], 1440) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_sweeps_remind_once(lin: Member, branch: Branch) -> None:
    rows = [book(lin, branch, hours=40 + number) for number in range(4)]
    send_due_reminders()
    late = rows[-1].starts_at
    assert late is not None

    with time_machine.travel(late - timedelta(days=1), tick=False):
        sent = together(4, lambda _number: send_due_reminders())

    assert sum(sent) == 4
    assert reminded(lin) == 4
