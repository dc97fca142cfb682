"""Staff finds appointments by code, reads every step of them, and edits nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from appointments.models import Appointment
from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
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
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
LIST = "admin:appointments_appointment_changelist"


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


def book(member: Member, branch: Branch, **told: Any) -> Appointment:
    """Book a visit that the doctor accepts by hand."""
    kind = make_type(needs_acceptance=True)
    return row_of(post(member, "appointments", wish(member, kind, branch, **told)))


def page_of(client: Client, row: Appointment) -> str:
    """Return the page of an appointment."""
    answer = client.get(reverse("admin:appointments_appointment_change", args=[row.pk]))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_staff_finds_an_appointment_by_its_code(
    desk: Client, lin: Member, ge: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = book(lin, branch)
    other = book(ge, branch, starts_at=in_hours(30).isoformat())

    page = desk.get(reverse(LIST), {"q": f" {row.code} "}).content.decode()

    assert row.code in page
    assert other.code not in page


def test_the_operation_log_names_the_sides(
    desk: Client, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = book(lin, branch, requirements="想看失眠")
    assert step(doctor.member, str(row.public_id), "accept").status_code == 200
    assert step(lin, str(row.public_id), "cancel").status_code == 200

    page = page_of(desk, row)

    for word in ("Booked", "Accepted by the doctor", "The patient", "The doctor", "想看失眠"):
        assert word in page
    assert lin.user.name not in page
    assert AuditEntry.objects.filter(verb="appointment.read", actor__contains="user:").count() == 1
    log = desk.get(reverse("admin:appointments_appointmentstep_changelist"), {"q": row.code})
    assert log.content.decode().count("The doctor<") == 1


def test_the_operation_log_tells_moves_and_doctors_in_words(
    desk: Client, bao: Member, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = book(lin, branch)
    other = make_doctor("吴静")
    give_hours(other, branch)
    wall = in_hours(30).astimezone(CLINIC_ZONE).replace(minute=7)
    told = {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}"}
    told |= {"doctor_id": str(other.doctor.public_id)}
    path = f"front-desk/appointments/{row.public_id}/move"
    assert post(bao, path, told).status_code == 200

    for page in (
        page_of(desk, row),
        desk.get(reverse("admin:appointments_appointmentstep_changelist")).content.decode(),
    ):
        assert "沈一鸣 → 吴静" in page
        assert f" → {date_format(wall, 'DATETIME_FORMAT')}" in page
        assert "The clinic" in page
        assert str(doctor.doctor.public_id) not in page


def test_finance_sees_the_appointment_without_the_words_of_the_patient(
    lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = book(lin, branch, requirements="想看失眠")
    finance = make_member("周", Role.FINANCE, is_staff=True)

    page = page_of(browser(finance.user), row)

    assert row.code in page
    assert "想看失眠" not in page
    assert not AuditEntry.objects.filter(verb="appointment.read").exists()


def test_nobody_edits_an_appointment_by_form(
    desk: Client, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    row = book(lin, branch)

    answer = desk.post(
        reverse("admin:appointments_appointment_change", args=[row.pk]), {"state": "completed"}
    )

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.state == "pending"


def test_the_list_and_the_log_cost_the_same_however_long(
    desk: Client,
    lin: Member,
    branch: Branch,
    doctor: DoctorMember,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    book(lin, branch)
    addresses = (reverse(LIST), reverse("admin:appointments_appointmentstep_changelist"))
    queries = [_count(desk, address) for address in addresses]
    for number in range(3):
        book(lin, branch, starts_at=(in_hours(30) + timedelta(hours=number)).isoformat())

    for address, expected in zip(addresses, queries, strict=True):
        with django_assert_num_queries(expected):
            assert desk.get(address).status_code == 200
    assert Appointment.objects.filter(starts_at__gt=now()).count() == 4


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)
