"""The addresses of seed 002, word for word."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from appointments.models import Appointment, AppointmentType
from appointments.services.filling import fill
from clinic.core.clock import CLINIC_ZONE, now
from clinic.patients.models import VisitPerson
from tests.appointments.front_desk import give_hours, in_hours, make_branch, make_type, post
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
BASE = "/api/v1/appointment"


@pytest.fixture
def doctor() -> DoctorMember:
    """The only doctor at store 1, where an hour that he accepts can be booked."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, make_branch(code="1", name="一号店"))
    make_type(duration_minutes=60, step_minutes=60, needs_acceptance=True)
    return shen


def _body(**told: Any) -> dict[str, Any]:
    start = in_hours().astimezone(CLINIC_ZONE)
    body = {
        "store_id": "1",
        "customer_name": "张三",
        "customer_phone": "13800138000",
        "appointment_date": f"{start:%Y-%m-%d}",
        "start_time": f"{start:%H:%M}",
        "duration_minutes": 60,
        "requirements": "需要了解二手房购买流程",
    }
    return body | told


def _book(member: Member, **told: Any) -> Any:
    return member.client.post(f"{BASE}/appointments", _body(**told), format="json")


def test_a_booking_is_made_found_accepted_and_cancelled(
    lin: Member, anonymous: APIClient, doctor: DoctorMember
) -> None:
    answer = _book(lin)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    code = told["appointment_code"]

    assert (len(code), told["status"], told["store_id"]) == (6, "pending", "1")
    assert datetime.fromisoformat(told["start_time"]) == in_hours()
    assert told["realtor_id"] == str(doctor.doctor.public_id)
    row = Appointment.objects.get(code=code)
    assert (row.person.name, row.person.phone) == ("张三", "+8613800138000")
    assert row.requirements == "需要了解二手房购买流程"

    seen = anonymous.get(f"{BASE}/appointments/{code}", headers={"X-Phone-Last4": "8000"}).json()
    assert (seen["customer_name"], seen["customer_phone"]) == ("张*", "138****8000")
    assert (seen["appointment_id"], seen["order_id"]) == (None, None)

    accept = f"{BASE}/appointments/{told['appointment_id']}/accept"
    other = doctor.member.client.post(accept, {"realtor_id": str(row.public_id)}, format="json")
    assert other.json()["errors"][0]["attr"] == "realtor_id"
    own = {"realtor_id": str(doctor.doctor.public_id)}
    assert doctor.member.client.post(accept, own, format="json").json()["status"] == "confirmed"

    cancel = f"{BASE}/appointments/{code}/cancel"
    reason = {"reason": "临时有事，需要取消"}
    assert lin.client.post(cancel, reason, format="json").json()["status"] == "cancelled"
    row.refresh_from_db()
    assert (row.cancel_reason, row.cancelled_by) == ("临时有事，需要取消", "patient")
    again = lin.client.post(cancel, reason, format="json").json()
    assert again["code"] == "illegal_transition"


def test_a_full_time_is_waited_for_with_place_and_estimate(
    lin: Member, ge: Member, anonymous: APIClient, doctor: DoctorMember
) -> None:
    first = _book(lin).json()
    assert (first["queue_position"], first["estimated_wait_minutes"]) == (0, 0)

    answers = [_book(ge, customer_name=name).json() for name in ("李四", "王五")]

    assert [told["status"] for told in answers] == ["queued", "queued"]
    assert [told["queue_position"] for told in answers] == [1, 2]
    assert 0 < answers[0]["estimated_wait_minutes"] < answers[1]["estimated_wait_minutes"]
    assert answers[0]["start_time"] == first["start_time"]
    assert answers[0]["appointment_date"] == first["appointment_date"]
    one = f"{BASE}/appointments/{answers[1]['appointment_code']}"
    ge.client.post(f"{BASE}/appointments/{answers[0]['appointment_code']}/cancel")
    seen = anonymous.get(one, headers={"X-Phone-Last4": "8000"}).json()
    assert (seen["queue_position"], seen["appointment_id"]) == (1, None)
    again = _book(ge, customer_name="王五")
    assert (again.status_code, again.json()["code"]) == (409, "already_waiting")

    lin.client.post(f"{BASE}/appointments/{first['appointment_code']}/cancel")
    assert fill() == 1
    offered = ge.client.get(one).json()
    assert (offered["status"], offered["start_time"]) == ("offered", first["start_time"])
    accept = f"{BASE}/appointments/{offered['appointment_id']}/accept"
    wrong = ge.client.post(accept, {"realtor_id": offered["appointment_id"]}, format="json")
    taken = ge.client.post(accept, {"realtor_id": offered["realtor_id"]}, format="json").json()
    assert wrong.json()["errors"][0]["attr"] == "realtor_id"
    assert (taken["status"], taken["queue_position"]) == ("pending", 0)
    assert ge.client.post(accept).json()["code"] == "place_is_yours"
    assert lin.client.post(accept).status_code == 404


def test_a_full_time_that_is_too_near_to_wait_for_is_refused(
    lin: Member, ge: Member, doctor: DoctorMember
) -> None:
    first = _book(lin)
    AppointmentType.objects.update(min_notice=in_hours() - now() - timedelta(minutes=1))

    answer = _book(ge)

    assert first.status_code == 201
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert not VisitPerson.objects.filter(account=ge.user).exists()


def test_the_same_name_and_phone_are_the_same_person(lin: Member, doctor: DoctorMember) -> None:
    later = in_hours(30).astimezone(CLINIC_ZONE)
    first = _book(lin)
    second = _book(lin, appointment_date=f"{later:%Y-%m-%d}", start_time=f"{later:%H:%M}")

    assert (first.status_code, second.status_code) == (201, 201)
    person = VisitPerson.objects.get(account=lin.user)
    assert (person.birthday, person.is_default) == (None, True)
    shown = lin.client.get("/api/v1/visit-persons").json()["results"][0]
    assert (shown["name"], shown["birthday"]) == ("张三", None)


def test_the_same_booking_twice_is_one(lin: Member, doctor: DoctorMember) -> None:
    _book(lin)
    again = _book(lin)
    keyed = [
        lin.client.post(
            f"{BASE}/appointments",
            _body(customer_name="李四", start_time=f"{in_hours(26).astimezone(CLINIC_ZONE):%H:%M}"),
            format="json",
            headers={"Idempotency-Key": "once"},
        )
        for _ in range(2)
    ]

    assert (again.status_code, again.json()["code"]) == (409, "person_booked")
    assert keyed[0].json() == keyed[1].json()
    assert Appointment.objects.count() == 2


def test_of_two_services_as_long_the_one_that_somebody_gives_here_is_booked(
    lin: Member, doctor: DoctorMember
) -> None:
    elsewhere = make_doctor("吴静")
    give_hours(elsewhere, make_branch(code="2", name="二号店"))
    for minutes in (60, 45):
        make_type(duration_minutes=minutes, position=1).doctors.add(elsewhere.doctor)

    booked, refused = _book(lin), _book(lin, customer_name="李四", duration_minutes=45)

    assert booked.json()["realtor_id"] == str(doctor.doctor.public_id)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_duration")


@pytest.mark.parametrize(
    ("told", "code", "attr"),
    [
        ({"store_id": "9"}, "invalid_input", "store_id"),
        ({"duration_minutes": 45}, "bad_duration", ""),
        ({"duration_minutes": 0}, "invalid_input", "duration_minutes"),
        ({"start_time": "23:59"}, "off_grid", ""),
        ({"start_time": "24:00"}, "invalid_input", "start_time"),
        ({"appointment_date": "2026-02-30"}, "invalid_input", "appointment_date"),
        ({"appointment_date": "2020-01-01"}, "in_past", ""),
        ({"appointment_date": "2999-12-31"}, "too_far", ""),
        ({"customer_phone": "12"}, "invalid_input", "customer_phone"),
        ({"customer_name": ""}, "invalid_input", "customer_name"),
    ],
)
def test_bad_input_is_refused_and_adds_nobody(
    lin: Member, doctor: DoctorMember, told: dict[str, Any], code: str, attr: str
) -> None:
    answer = _book(lin, **told)

    assert 400 <= answer.status_code < 500
    body = answer.json()
    assert body["code"] == code
    assert [error["attr"] for error in body.get("errors", [])] == ([attr] if attr else [])
    assert not VisitPerson.objects.exists()
    assert not Appointment.objects.exists()


def test_strangers_neither_see_nor_cancel_nor_accept(
    lin: Member, ge: Member, anonymous: APIClient, doctor: DoctorMember
) -> None:
    told = _book(lin).json()
    one = f"{BASE}/appointments/{told['appointment_code']}"
    wu = make_doctor("吴静").member

    assert anonymous.get(one).status_code == 404
    assert ge.client.get(one).status_code == 404
    assert ge.client.post(f"{one}/cancel", {}, format="json").status_code == 404
    assert anonymous.post(f"{one}/cancel", {}, format="json").status_code == 401
    accept = f"{BASE}/appointments/{told['appointment_id']}/accept"
    assert wu.client.post(accept, {}, format="json").status_code == 404
    assert ge.client.post(accept, {}, format="json").status_code == 404


def test_a_doctor_says_whether_he_is_there(doctor: DoctorMember, lin: Member) -> None:
    address, client = f"{BASE}/realtor/status", doctor.member.client
    own = str(doctor.doctor.public_id)
    _book(lin)

    for status in ("busy", "offline", "online"):
        told = client.post(address, {"realtor_id": own, "status": status}, format="json").json()
        assert (told["realtor_id"], told["status"]) == (own, status)
        assert (told["expires_at"] is None) == (status == "offline")

    shown = client.get(address).json()
    assert (shown["status"], shown["max_load"]) == ("online", 3)
    other = {"realtor_id": str(UUID(int=1)), "status": "online"}
    assert client.post(address, other, format="json").status_code == 400
    assert client.post(address, {"status": "asleep"}, format="json").status_code == 400
    assert lin.client.get(address).status_code == 403


def test_slots_of_the_store_and_the_booking_agree(lin: Member, doctor: DoctorMember) -> None:
    start = in_hours().astimezone(CLINIC_ZONE)
    query = f"start_date={start:%Y-%m-%d}&days=1"
    slots = lin.client.get(f"{BASE}/stores/1/slots?{query}").json()["days"][0]["slots"]
    assert f"{start:%H:%M}" in [slot["time"] for slot in slots]

    post(lin, "appointment/appointments", _body())

    slots = lin.client.get(f"{BASE}/stores/1/slots?{query}").json()["days"][0]["slots"]
    assert f"{start:%H:%M}" not in [slot["time"] for slot in slots]
