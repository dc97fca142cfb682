"""Appointments in other calendars: the patient's file, the doctor's private feed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from rest_framework.test import APIClient

from appointments.models import Appointment, CalendarFeed
from clinic.core.clock import now
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
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
OWN = "/api/v1/doctor/calendar-feed"


@pytest.fixture
def branch(db: None) -> Branch:
    """A branch far away."""
    return make_branch(time_zone="Europe/Berlin", address="东城区一号")


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


@pytest.fixture
def booked(lin: Member, branch: Branch, doctor: DoctorMember) -> Appointment:
    """Lin's visit tomorrow."""
    return row_of(post(lin, "appointments", wish(lin, make_type(), branch)))


def _file(member: Member, row: Appointment, **headers: str) -> Any:
    address = f"/api/v1/appointments/{row.public_id}/calendar.ics"
    return member.client.get(address, headers={"Accept": "text/calendar"} | headers)


def _only(content: bytes) -> Any:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def _address(doctor: DoctorMember) -> str:
    told = doctor.member.client.post(OWN)
    assert told.status_code == 201
    return str(told.json()["address"])


def test_the_patient_takes_it_into_his_calendar(lin: Member, booked: Appointment) -> None:
    answer = _file(lin, booked)
    calendar, event = Calendar.from_ical(answer.content), _only(answer.content)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == f"{booked.public_id}@appointments.xiangcao"
    assert (event["SEQUENCE"], event["STATUS"]) == (booked.sequence, "CONFIRMED")
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event.decoded("DTSTART") == booked.starts_at
    assert event.decoded("DTSTAMP").tzinfo in {UTC, ZoneInfo("UTC")}
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Berlin"
    assert booked.code in event["DESCRIPTION"]
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_a_move_and_a_cancellation_replace_the_last_file(lin: Member, booked: Appointment) -> None:
    first = _only(_file(lin, booked).content)
    step(lin, str(booked.public_id), "move", {"starts_at": in_hours(48).isoformat()})
    second = _only(_file(lin, booked).content)
    step(lin, str(booked.public_id), "cancel")
    answer = _file(lin, booked)
    third = _only(answer.content)

    assert first["UID"] == second["UID"] == third["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]
    assert second.decoded("DTSTART") == in_hours(48)
    assert Calendar.from_ical(answer.content)["METHOD"] == "CANCEL"
    assert third["STATUS"] == "CANCELLED"


def test_the_file_is_the_patient_s(
    lin: Member, ge: Member, doctor: DoctorMember, booked: Appointment
) -> None:
    assert _file(ge, booked).status_code == 404
    assert _file(doctor.member, booked).status_code == 403


def test_who_has_the_file_already_gets_nothing_twice(lin: Member, booked: Appointment) -> None:
    first = _file(lin, booked)

    again = _file(lin, booked, **{"If-None-Match": first["ETag"]})
    step(lin, str(booked.public_id), "cancel")
    changed = _file(lin, booked, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_a_feed_shows_the_doctor_s_time_and_no_patient(
    lin: Member, doctor: DoctorMember, booked: Appointment, anonymous: APIClient
) -> None:
    address = _address(doctor)
    step(lin, str(booked.public_id), "move", {"starts_at": in_hours(30).isoformat()})

    answer = anonymous.get(address)
    event = _only(answer.content)

    assert event["SUMMARY"] == f"中医初诊 {booked.code}"
    assert event.decoded("DTSTART") == in_hours(30)
    text = answer.content.decode()
    for personal in (lin.user.name, str(lin.user.phone), str(lin.public_id)):
        assert personal not in text
    assert anonymous.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert CalendarFeed.objects.get().read_at is not None


def test_a_cancelled_appointment_is_cancelled_in_the_feed(
    lin: Member, doctor: DoctorMember, booked: Appointment, anonymous: APIClient
) -> None:
    address = _address(doctor)
    step(lin, str(booked.public_id), "cancel")

    assert _only(anonymous.get(address).content)["STATUS"] == "CANCELLED"


def test_the_secret_is_told_once_and_can_be_taken_back(
    doctor: DoctorMember, anonymous: APIClient
) -> None:
    first, second = _address(doctor), _address(doctor)
    secret = second.rpartition("/")[2].removesuffix(".ics")
    assert (anonymous.get(first).status_code, anonymous.get(second).status_code) == (404, 200)
    assert secret not in str(list(CalendarFeed.objects.values()))
    shown = doctor.member.client.get(OWN).json()
    assert shown["is_open"]
    assert secret not in str(shown)

    assert doctor.member.client.delete(OWN).status_code == 204
    assert doctor.member.client.delete(OWN).status_code == 204

    assert anonymous.get(second).status_code == 404
    assert not doctor.member.client.get(OWN).json()["is_open"]


def test_a_suspended_doctor_s_feed_is_gone(doctor: DoctorMember, anonymous: APIClient) -> None:
    address = _address(doctor)
    doctor.doctor.status = "suspended"
    doctor.doctor.save(update_fields=["status"])

    assert anonymous.get(address).status_code == 404


def test_patients_have_no_feed(lin: Member) -> None:
    assert [lin.client.get(OWN).status_code, lin.client.post(OWN).status_code] == [403, 403]


def test_a_longer_feed_asks_no_more(
    lin: Member, branch: Branch, doctor: DoctorMember, anonymous: APIClient
) -> None:
    address, kind = _address(doctor), make_type()
    counts = []
    for number in range(4):
        start = in_hours(24 + 2 * number).isoformat()
        row_of(post(lin, "appointments", wish(lin, kind, branch, starts_at=start)))
        CalendarFeed.objects.update(read_at=now() - timedelta(hours=2))
        with CaptureQueriesContext(connection) as seen:
            anonymous.get(address)
        counts.append(len(seen))

    assert len(set(counts)) == 1


def test_other_seasons_keep_the_wall_clock(
    lin: Member, booked: Appointment, branch: Branch
) -> None:
    winter = datetime(2027, 1, 15, 9, 0, tzinfo=ZoneInfo(branch.time_zone))
    Appointment.objects.filter(pk=booked.pk).update(
        starts_at=winter, ends_at=winter + timedelta(minutes=30), busy_from=winter,
        busy_until=winter + timedelta(minutes=30),
    )  # fmt: skip

    event = _only(_file(lin, booked).content)

    assert event["DTSTART"].to_ical() == b"20270115T090000"
