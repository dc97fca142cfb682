"""The statistics of appointments tell what happened, to those who may read them."""

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments.enums import State
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.roles import Role
from clinic.reviews.models import Review
from doctors.models import Branch
from tests.appointments.calendars import make_branch, make_type, work
from tests.appointments.past import make_patients, visit, waited
from tests.cast import Member, make_member
from tests.console.conftest import browser
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db
PAGE = "appointment-statistics"


def at(days_ago: int, hour: int) -> datetime:
    """Return an hour of a clinic day."""
    day = clinic_day(now()) - timedelta(days=days_ago)
    return datetime.combine(day, time(hour), CLINIC_ZONE)


@pytest.fixture
def past(lin: Member, shen: DoctorMember, wu: DoctorMember) -> None:
    """Yesterday at two branches and online: three visits, a no-show, a cancellation."""
    east, west = make_branch("east", name="东店"), make_branch("west", name="西店")
    kind = make_type(name_en="Visit")
    work(shen, east, [(540, 1020)], range(7))
    work(wu, west, [(540, 780)], range(7))
    one, two, three = make_patients(lin, 3)
    done = visit(shen, east, kind, one, at(1, 9), started_at=at(1, 9) + timedelta(minutes=10))
    waited(done, 40)
    visit(shen, east, kind, two, at(1, 10))
    visit(shen, east, kind, three, at(1, 11), State.NO_SHOW)
    visit(shen, east, kind, one, at(1, 14), State.CANCELLED)
    visit(wu, west, kind, two, at(1, 11))
    visit(wu, west, kind, three, at(1, 15), State.OFFERED, expires_at=now())  # nobody's yet
    visit(wu, west, kind, two, at(40, 11))
    Review.objects.create(
        author=lin.user, about_user=shen.user, target_kind="appointment",
        target_public_id=done.public_id, stars=4,
    )  # fmt: skip


def table(client: Client, **query: str) -> dict[tuple[str, str], dict[str, str]]:
    """Return the file by its first two columns."""
    answer = client.get(reverse(PAGE), {"format": "csv", **query})
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")  # type: ignore[attr-defined]
    return {(row["by"], row["what"]): row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.usefixtures("past")
def test_the_file_counts_what_happened(desk: Client) -> None:
    found = table(desk)

    total = found["total", ""]
    names = ("booked", "completed", "cancelled", "no_show", "success_percent", "no_show_percent")
    assert [total[name] for name in names] == ["5", "3", "1", "1", "60.0", "25.0"]
    assert (total["ratings"], total["stars"]) == ("1", "4.0")
    yesterday = found["day", f"{clinic_day(now()) - timedelta(days=1)}"]
    assert (yesterday["booked"], yesterday["no_show"]) == ("5", "1")
    hours = {key[1]: row["booked"] for key, row in found.items() if key[0] == "hour"}
    assert {hour for hour, count in hours.items() if count != "0"} == {"9", "10", "11", "14"}
    weekday = str((clinic_day(now()) - timedelta(days=1)).isoweekday())
    assert found["weekday", weekday]["booked"] == "5"
    assert found["doctor", "沈一鸣"]["booked"] == "4"
    assert found["branch", "西店"]["completed"] == "1"
    assert found["waiting list", "p50 minutes"]["value"] == "40.0"


@pytest.mark.usefixtures("past")
def test_utilisation_is_the_booked_part_of_the_hours(desk: Client) -> None:
    day = f"{clinic_day(now()) - timedelta(days=1)}"

    found = table(desk, since=day, until=day)

    shen = found["doctor use", "沈一鸣"]
    # Three visits of half an hour; a cancelled one takes no time.
    assert (shen["working_hours"], shen["booked_hours"], shen["use_percent"]) == (
        "8.0",
        "1.5",
        "18.8",
    )
    assert found["branch use", "西店"]["use_percent"] == "12.5"
    assert found["total", ""]["use_percent"] == "16.7"


@pytest.mark.usefixtures("past")
def test_one_branch_alone(desk: Client) -> None:
    west = Branch.objects.get(code="west")

    found = table(desk, branch=str(west.pk))

    assert found["total", ""]["booked"] == "1"
    assert ("doctor", "沈一鸣") not in found


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "query", [{}, {"since": "0001-01-01"}, {"branch": "x", "since": "9999-12-31", "until": "y"}]
)
@pytest.mark.usefixtures("past")
def test_the_page_opens_whatever_is_asked(chief: Any, language: str, query: dict[str, str]) -> None:
    page = browser(chief, language).get(reverse(PAGE), query)

    assert page.status_code == 200
    title = "Utilisation of doctors" if language == "en" else "医生利用率"
    assert title in page.content.decode()


def test_nothing_to_count_is_no_fault(desk: Client) -> None:
    assert desk.get(reverse(PAGE)).status_code == 200
    assert table(desk)["total", ""]["success_percent"] == ""


def test_who_may_read_and_who_may_not(db: None) -> None:
    answers = {
        role: browser(make_member("员工", role, is_staff=True).user).get(reverse(PAGE)).status_code
        for role in (Role.FINANCE, Role.AUDITOR, Role.CUSTOMER_SERVICE, Role.CONTENT_OPERATOR)
    }

    assert list(answers.values()) == [200, 200, 200, 403]


def test_more_visits_cost_no_more_queries(
    desk: Client, past: None, lin: Member, shen: DoctorMember
) -> None:
    desk.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse(PAGE))
    kind = make_type("more")
    (person,) = make_patients(lin, 1)
    for number in range(6):
        visit(shen, None, kind, person, at(2, 9 + number))

    with CaptureQueriesContext(connection) as many:
        desk.get(reverse(PAGE))

    assert len(many) == len(few)
