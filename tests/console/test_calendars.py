"""Staff says when branches are open and doctors see people; what cannot be is refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.models import AppointmentType
from clinic.core.clock import clinic_time
from doctors.models import Branch, BranchHours, CalendarDay, WorkRule
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.cast import Member
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
BRANCH = {
    "code": "east", "name": "东城店", "description": "", "address": "", "phone": "",
    "time_zone": "Europe/Berlin", "is_active": "on",
}  # fmt: skip


def rows(prefix: str, *hours: tuple[int, str, str], initial: int = 0) -> dict[str, Any]:
    """The fields of an inline as the page sends them."""
    sent: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(hours), f"{prefix}-INITIAL_FORMS": initial,
    }  # fmt: skip
    for index, (weekday, start, end) in enumerate(hours):
        sent |= {
            f"{prefix}-{index}-weekday": weekday,
            f"{prefix}-{index}-start_minute": start,
            f"{prefix}-{index}-end_minute": end,
            f"{prefix}-{index}-valid_from": "2026-01-01",
        }
    return sent


def add_branch(desk: Client, *hours: tuple[int, str, str], **fields: str) -> Any:
    body = {**BRANCH, **rows("hours", *hours), **fields}
    return desk.post(reverse("admin:doctors_branch_add"), body, follow=True)


def test_hours_are_typed_as_on_a_clock(desk: Client) -> None:
    add_branch(desk, (0, "9:00", "12:30"), (5, "18:00", "24:00"))

    branch = Branch.objects.get(code="east")
    stored = branch.hours.values_list("weekday", "start_minute", "end_minute")
    assert list(stored) == [(0, 540, 750), (5, 1080, 1440)]
    assert branch.time_zone == "Europe/Berlin"
    page = desk.get(reverse("admin:doctors_branch_change", args=[branch.pk])).content.decode()
    assert 'value="09:00"' in page
    assert 'value="24:00"' in page


def test_hours_that_overlap_are_told_and_nothing_is_stored(desk: Client) -> None:
    answer = add_branch(desk, (0, "09:00", "12:00"), (0, "11:00", "13:00"))

    assert "Two of the hours overlap" in answer.content.decode()
    assert not Branch.objects.exists()


@pytest.mark.parametrize(
    ("hours", "fields"),
    [
        ([(0, "25:00", "26:00")], {}),
        ([(0, "9", "12:00")], {}),
        ([(0, "12:00", "09:00")], {}),
        ([(0, "24:01", "24:02")], {}),
        ([], {"time_zone": "Mars/Olympus"}),
        ([], {"code": ""}),
    ],
)
def test_what_cannot_be_is_refused(
    desk: Client, hours: list[tuple[int, str, str]], fields: dict[str, str]
) -> None:
    answer = add_branch(desk, *hours, **fields)

    assert answer.status_code == 200
    assert not Branch.objects.exists()
    assert not BranchHours.objects.exists()


def test_working_hours_stand_on_the_doctors_screen(desk: Client, shen: DoctorMember) -> None:
    address = reverse("admin:doctors_doctor_change", args=[shen.doctor.pk])
    page = desk.get(address)
    form = page.context["adminform"].form
    body = {name: form.initial.get(name) or "" for name in form.fields}
    body |= {**rows("hours"), **rows("work_rules", (1, "08:30", "11:30"))}

    desk.post(address, {key: value for key, value in body.items() if value is not False})

    rule = WorkRule.objects.get(doctor=shen.doctor)
    assert (rule.weekday, rule.start_minute, rule.end_minute) == (1, 510, 690)
    assert rule.branch is None


def add_day(desk: Client, **fields: Any) -> Any:
    body = {"date": "2026-10-01", "name": "国庆节", "kind": "closed", "start_minute": "00:00"}
    body |= {"end_minute": "24:00", **fields}
    return desk.post(reverse("admin:doctors_calendarday_add"), body, follow=True)


def test_special_days_of_the_house(desk: Client) -> None:
    add_day(desk, start_minute="09:00", works_as="3")
    add_day(desk, date="2026-10-10", kind="workday", works_as="3")
    add_day(desk, date="2026-10-11", kind="hours", start_minute="09:00", end_minute="12:00")

    stored = CalendarDay.objects.order_by("date")
    assert list(stored.values_list("kind", "start_minute", "end_minute", "works_as")) == [
        ("closed", 0, 1440, None), ("workday", 0, 1440, 3), ("hours", 540, 720, None),
    ]  # fmt: skip


def test_special_days_that_say_too_little_or_too_much_are_refused(
    desk: Client, shen: DoctorMember
) -> None:
    branch = Branch.objects.create(code="east", name="东城店")
    both = {"branch": branch.pk, "doctor": shen.doctor.pk}

    for fields in ({"kind": "workday"}, {"kind": "never"}, {"date": "2026-02-30"}, both):
        assert add_day(desk, **fields).status_code == 200
    assert not CalendarDay.objects.exists()

    add_day(desk)
    assert "Two of the hours overlap" in add_day(desk).content.decode()
    assert CalendarDay.objects.count() == 1


TYPE = {
    "code": "first", "mode": "clinic", "name_zh": "初诊", "name_en": "First visit",
    "description_zh": "请带病历", "description_en": "Bring records", "duration_minutes": "30",
    "step_minutes": "30", "capacity": "1",
    "buffer_before_minutes": "0", "buffer_after_minutes": "10", "min_notice": "00:30:00",
    "max_advance": "7 00:00:00", "free_cancel_before": "02:00:00", "price_fen": "8000",
    "waiting_way": "offer", "waiting_timeout": "02:00:00", "reminders": "1440,60",
    "position": "1", "is_active": "on",
}  # fmt: skip


def add_type(desk: Client, **fields: str) -> Any:
    return desk.post(reverse("admin:appointments_appointmenttype_add"), {**TYPE, **fields})


def test_what_staff_offers_can_be_booked(desk: Client) -> None:
    assert add_type(desk).status_code == 302

    listed = desk.get("/api/v1/appointment-types").json()["results"]
    assert [(row["code"], row["price_fen"]) for row in listed] == [("first", 8000)]


def test_a_type_is_described_in_the_language_asked_for(desk: Client) -> None:
    add_type(desk)
    add_type(desk, code="second", description_en="")

    told = {
        language: [
            row["description"]
            for row in desk.get(
                "/api/v1/appointment-types", headers={"accept-language": language}
            ).json()["results"]
        ]
        for language in ("zh-hans", "en")
    }

    assert told == {"zh-hans": ["请带病历"] * 2, "en": ["Bring records", "请带病历"]}


@pytest.mark.parametrize(
    "fields",
    [
        {"duration_minutes": "0"},
        {"duration_minutes": "721"},
        {"step_minutes": "1"},
        {"buffer_after_minutes": "241"},
        {"capacity": "0"},
        {"price_fen": "-1"},
        {"min_notice": "-1 00:00:00"},
        {"max_advance": "3660 00:00:00"},
        {"code": "has space"},
    ],
)
def test_types_that_cannot_work_are_refused(desk: Client, fields: dict[str, str]) -> None:
    assert add_type(desk, **fields).status_code == 200
    assert not AppointmentType.objects.exists()


def change_hours(
    desk: Client, address: str, prefix: str, stored: list[Any], *hours: tuple[int, str, str]
) -> Any:
    """Save the page of a doctor or branch with other hours instead of the stored ones."""
    form = desk.get(address).context["adminform"].form
    body = {name: form.initial.get(name) for name in form.fields}
    body = {name: value for name, value in body.items() if value not in (None, False)}
    sent = rows(prefix, *[(0, "09:00", "10:00") for _one in stored], *hours, initial=len(stored))
    for index, one in enumerate(stored):
        sent |= {f"{prefix}-{index}-id": one.pk, f"{prefix}-{index}-DELETE": "on"}
        if getattr(one, "branch_id", None):
            sent[f"{prefix}-{index}-branch"] = one.branch_id
    empty = rows("hours") if prefix != "hours" else {}
    return desk.post(address, {**body, **empty, **sent}, follow=True)


def test_hours_that_leave_appointments_outside_say_how_many_and_which(
    desk: Client, lin: Member, shen: DoctorMember
) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(shen, branch)
    starts = [in_hours(hours) for hours in (48, 50)]
    kept, left = (
        row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start.isoformat())))
        for start in starts
    )
    address = reverse("admin:doctors_doctor_change", args=[shen.doctor.pk])
    local = clinic_time(starts[0])
    hours = (local.weekday(), f"{local:%H}:00", f"{local:%H}:30")

    page = change_hours(desk, address, "work_rules", list(shen.doctor.work_rules.all()), hours)
    WorkRule.objects.update(branch=branch)
    told = page.content.decode()
    again = change_hours(desk, address, "work_rules", [], (local.weekday(), "23:00", "24:00"))

    assert "2 appointments lie outside the new hours. They stay booked" in told
    assert "outside the new hours" not in again.content.decode()
    query = f"doctor__id__exact={shen.doctor.pk}&amp;hours=outside"
    listed = reverse("admin:appointments_appointment_changelist")
    assert f'href="{listed}?{query}"' in told
    shown = desk.get(listed, {"doctor__id__exact": shen.doctor.pk, "hours": "outside"})
    assert [row.pk for row in shown.context["cl"].result_list] == [left.pk]
    for row in (kept, left):
        row.refresh_from_db()
        assert row.state == "confirmed"


def test_a_branch_that_opens_later_says_which_appointments_lie_before_that(
    desk: Client, lin: Member, shen: DoctorMember
) -> None:
    branch, kind = make_branch(), make_type()
    give_hours(shen, branch)
    start = in_hours(48)
    row = row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start.isoformat())))
    other_day = (clinic_time(start).weekday() + 3) % 7
    address = reverse("admin:doctors_branch_change", args=[branch.pk])

    told = change_hours(desk, address, "hours", [], (other_day, "09:00", "12:00"))

    assert "1 appointment lies outside the new hours. It stays booked" in told.content.decode()
    shown = desk.get(
        reverse("admin:appointments_appointment_changelist"),
        {"branch__id__exact": branch.pk, "hours": "outside"},
    )
    assert [one.pk for one in shown.context["cl"].result_list] == [row.pk]
