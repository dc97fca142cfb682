"""Staff enters leave, sees what it hits first, and cancels it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import Appointment
from appointments.services.sweeping import sweep
from clinic.accounts.models import User
from clinic.core.clock import clinic_day, clinic_time, now
from clinic.core.models import OutboxEvent
from clinic.core.roles import Role
from doctors.models import Branch, CalendarDay, Leave
from doctors.services.leaves import enter_leave
from tests.appointments.front_desk import (
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
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
ADD = "admin:doctors_leave_add"


def enter(desk: Client, doctor: DoctorMember, start: datetime, end: datetime, **told: Any) -> Any:
    first, last = clinic_time(start), clinic_time(end)
    body = {
        "doctor": doctor.doctor.pk, "remark": "培训", "agreed": "",
        "starts_at_0": f"{first:%Y-%m-%d}", "starts_at_1": f"{first:%H:%M:%S}",
        "ends_at_0": f"{last:%Y-%m-%d}", "ends_at_1": f"{last:%H:%M:%S}",
    }  # fmt: skip
    return desk.post(reverse(ADD), body | told, follow=True)


def book(member: Member, doctor: DoctorMember) -> Appointment:
    branch = make_branch()
    give_hours(doctor, branch)
    return row_of(post(member, "appointments", wish(member, make_type(), branch)))


def test_leave_that_hits_nothing_is_stored_at_once(desk: Client, shen: DoctorMember) -> None:
    enter(desk, shen, in_hours(24), in_hours(48))

    leave = Leave.objects.get()
    assert (leave.starts_at, leave.ends_at, leave.remark) == (in_hours(24), in_hours(48), "培训")
    assert leave.entered_by.startswith("user:")
    page = desk.get(reverse("admin:doctors_leave_changelist")).content.decode()
    assert "to come" in page
    one = desk.get(reverse("admin:doctors_leave_change", args=[leave.pk])).content.decode()
    assert "user:" not in one


def test_who_enters_leave_is_told_what_it_hits_and_asked_again(
    desk: Client, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = book(lin, shen)
    asked = enter(desk, shen, in_hours(20), in_hours(40))
    assert "hits 1 appointment." in asked.content.decode()
    assert not Leave.objects.exists()
    agreed = asked.context["adminform"].form["agreed"].value()

    enter(desk, shen, in_hours(20), in_hours(40), agreed=agreed)
    run_events()

    assert Leave.objects.count() == 1
    row.refresh_from_db()
    assert row.state == "cancelled"


@pytest.mark.parametrize(("start", "end"), [(48, 24), (-48, -24), (24, 24 * 10_000)])
def test_leave_that_makes_no_sense_comes_back(
    desk: Client, shen: DoctorMember, start: int, end: int
) -> None:
    answer = enter(desk, shen, in_hours(start), in_hours(end))

    assert answer.context["adminform"].form.errors["ends_at"]
    assert not Leave.objects.exists()


def test_leave_beside_another_is_told_in_a_sentence(desk: Client, shen: DoctorMember) -> None:
    enter(desk, shen, in_hours(24), in_hours(48))

    answer = enter(desk, shen, in_hours(30), in_hours(60))

    assert "Another leave covers a part of this time" in answer.content.decode()
    assert Leave.objects.count() == 1


def test_leave_is_cancelled_by_a_step_and_never_changed(
    desk: Client, chief: User, shen: DoctorMember
) -> None:
    actor = make_member("行政", Role.ADMIN).actor
    leave = enter_leave(
        doctor_id=shen.doctor.pk, starts_at=in_hours(24), ends_at=in_hours(48), by=actor
    )
    page = desk.get(reverse("admin:doctors_leave_change", args=[leave.pk])).content.decode()
    assert "/step/cancel/" in page
    assert 'name="_save"' not in page

    desk.post(reverse("admin:doctors_leave_step", args=[leave.pk, "cancel"]))

    leave.refresh_from_db()
    assert leave.cancelled_at is not None
    again = desk.get(reverse("admin:doctors_leave_change", args=[leave.pk])).content.decode()
    assert "/step/cancel/" not in again


def test_who_only_looks_enters_and_cancels_nothing(shen: DoctorMember, chief: User) -> None:
    auditor = make_member("审计", Role.AUDITOR)
    auditor.user.is_staff = True
    auditor.user.save()
    looking = browser(auditor.user)

    assert looking.get(reverse("admin:doctors_leave_changelist")).status_code == 200
    assert looking.get(reverse(ADD)).status_code == 403


def test_new_hours_hold_from_today(desk: Client, shen: DoctorMember) -> None:
    page = desk.get(reverse("admin:doctors_doctor_change", args=[shen.doctor.pk]))

    empty = [one.formset.empty_form for one in page.context["inline_admin_formsets"]]
    first = [form["valid_from"].value() for form in empty if "valid_from" in form.fields]
    assert first == [clinic_day(now())]


def test_a_day_tells_what_it_hits_and_clears_it_when_saved_again(
    desk: Client, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = book(lin, shen)
    assert row.starts_at is not None
    day = clinic_day(row.starts_at)
    body = {"date": day.isoformat(), "name": "停诊", "kind": "closed", "start_minute": "00:00"}
    body |= {"end_minute": "24:00", "agreed": ""}
    address = reverse("admin:doctors_calendarday_add")

    asked = desk.post(address, body, headers={"Accept-Language": "en"})
    before = CalendarDay.objects.count()
    other = desk.post(address, body | {"date": f"{day + timedelta(days=3)}"})
    desk.post(address, body | {"agreed": "1"})
    run_events()

    assert "This day hits 1 appointment." in asked.content.decode()
    assert (before, other.status_code) == (0, 302)
    assert CalendarDay.objects.filter(date=day).exists()
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_who_suspends_a_doctor_is_told_first_how_many_appointments_lose_him(
    desk: Client, lin: Member, shen: DoctorMember
) -> None:
    address = reverse("admin:doctors_doctor_change", args=[shen.doctor.pk])
    before = desk.get(address).content.decode()
    row = book(lin, shen)

    one = desk.get(address).content.decode()
    assert row.starts_at is not None
    post(lin, "appointments", wish(lin, row.kind, row.branch, starts_at=in_hours(30).isoformat()))
    two = desk.get(address).content.decode()

    assert "The doctor has no appointments ahead." in before
    assert "1 appointment ahead goes to another doctor" in one
    assert "2 appointments ahead go to other doctors" in two


def test_a_list_of_holidays_tells_what_it_hits_and_is_stored_when_that_is_agreed_to(
    desk: Client, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = book(lin, shen)
    assert row.starts_at is not None
    body = {"text": f"{clinic_day(row.starts_at)},holiday,,,店庆\n", "agreed": ""}
    address = reverse("import-holidays")

    asked = desk.post(address, body)
    before = CalendarDay.objects.count()
    again = asked.context["form"]["agreed"].value()
    desk.post(address, body | {"agreed": again})
    run_events()

    assert "This list hits 1 appointment." in asked.content.decode()
    assert (before, again) == (0, "1")
    assert CalendarDay.objects.count() == 1
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_branch_tells_what_it_loses_and_loses_it_when_saved_again(
    desk: Client, lin: Member, ge: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = book(lin, shen)
    branch = row.branch
    assert branch is not None
    give_hours(make_doctor("吴静"), branch)
    waits = queue(ge, row.kind, branch)
    address = reverse("admin:doctors_branch_change", args=[branch.pk])
    body = {name: getattr(branch, name) for name in ("code", "name", "time_zone")}
    body |= {f"hours-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}

    asked = desk.post(address, body, headers={"Accept-Language": "en"})
    branch.refresh_from_db()
    still = branch.is_active
    desk.post(address, body | {"agreed": "2"})
    run_events()

    assert "2 appointments and waits at this branch end" in asked.content.decode()
    branch.refresh_from_db()
    assert (still, branch.is_active) == (True, False)
    row.refresh_from_db()
    waits.refresh_from_db()
    step = row.steps.latest("id")
    assert (row.state, row.cancelled_by, step.note["why"]) == (
        "cancelled",
        "staff",
        "branch_closed",
    )
    assert waits.state == "expired"


def test_what_was_booked_while_its_branch_closed_is_found_by_the_sweep(
    lin: Member, shen: DoctorMember
) -> None:
    row = book(lin, shen)
    Branch.objects.update(is_active=False)

    sweep()

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_a_type_that_is_off_is_withdrawn_on_demand(
    desk: Client, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    row = book(lin, shen)
    address = reverse("admin:appointments_appointmenttype_step", args=[row.kind_id, "withdraw"])
    desk.post(address)
    assert not OutboxEvent.objects.filter(kind__endswith="AppointmentHit").exists()
    row.kind.is_active = False
    row.kind.save()

    desk.post(address)
    run_events()

    row.refresh_from_db()
    assert (row.state, row.cancelled_by) == ("cancelled", "staff")
    assert row.ended_at is not None
    assert row.ended_at - now() < timedelta(minutes=1)
