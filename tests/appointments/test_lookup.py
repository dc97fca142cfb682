"""The six digits: whom they open an appointment to, and what is shown."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from appointments.models import Appointment
from doctors.models import Branch
from tests.appointments.front_desk import give_hours, make_branch, make_type, post, row_of, wish
from tests.cast import Member
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/appointments/lookup"
LAST4 = "1111"  # of the visit person's phone


@pytest.fixture
def doctor() -> DoctorMember:
    """The doctor."""
    return make_doctor("沈一鸣")


@pytest.fixture
def booked(lin: Member, doctor: DoctorMember) -> Appointment:
    """Lin's appointment."""
    branch: Branch = make_branch(address="东城区一号")
    give_hours(doctor, branch)
    return row_of(post(lin, "appointments", wish(lin, make_type(), branch)))


def _ask(client: APIClient, code: str, last4: str | None = None, address: str = "10.0.0.1") -> Any:
    body = {"code": code} | ({} if last4 is None else {"phone_last4": last4})
    return client.post(ADDRESS, body, format="json", REMOTE_ADDR=address)


def test_code_and_last_four_digits_show_it_masked(
    anonymous: APIClient, lin: Member, booked: Appointment
) -> None:
    told = _ask(anonymous, booked.code, LAST4).json()

    assert told["id"] is None
    assert (told["code"], told["state"]) == (booked.code, "confirmed")
    assert (told["person"], told["phone"]) == ("林*月", "139****1111")
    assert told["branch"]["address"] == "东城区一号"
    assert lin.user.name not in str(told)


def test_its_patient_and_its_doctor_need_no_phone(
    lin: Member, doctor: DoctorMember, booked: Appointment
) -> None:
    for member in (lin, doctor.member):
        told = _ask(member.client, booked.code).json()
        assert told["id"] == str(booked.public_id)


def test_who_does_not_know_the_phone_learns_nothing(
    anonymous: APIClient, ge: Member, booked: Appointment
) -> None:
    unused = f"{(int(booked.code) + 1) % 10**6:06d}"
    answers = [
        _ask(anonymous, unused, LAST4),
        _ask(anonymous, booked.code, "9999"),
        _ask(ge.client, booked.code),
        _ask(ge.client, booked.code, ""),
    ]

    bodies = [answer.json() for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(body | {"request_id": ""}) for body in bodies}) == 1


def test_without_a_phone_of_the_person_that_of_the_account_counts(
    anonymous: APIClient, lin: Member, booked: Appointment
) -> None:
    booked.person.phone = ""
    booked.person.save()

    assert _ask(anonymous, booked.code, str(lin.user.phone)[-4:]).status_code == 200


def test_without_a_login_the_phone_is_asked_for(anonymous: APIClient, booked: Appointment) -> None:
    answer = _ask(anonymous, booked.code)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"][0]["attr"] == "phone_last4"


def test_what_the_own_login_opens_is_no_try(lin: Member, ge: Member, booked: Appointment) -> None:
    for _again in range(6):
        assert _ask(lin.client, booked.code).status_code == 200

    tries = [_ask(lin.client, f"{number:06d}").status_code for number in range(5)]

    assert tries == [404] * 5
    assert _ask(ge.client, booked.code).status_code == 429
    assert _ask(lin.client, booked.code).status_code == 200


def test_a_code_that_is_too_short_is_told_how_long_it_is(anonymous: APIClient) -> None:
    body = {"code": "12", "phone_last4": LAST4}
    answer = anonymous.post(ADDRESS, body, format="json", headers={"Accept-Language": "en"})

    assert answer.json()["errors"][0]["detail"] == "Write exactly 6 digits."


def test_the_sixth_try_of_an_address_waits_a_minute(
    anonymous: APIClient, booked: Appointment
) -> None:
    for number in range(5):
        assert _ask(anonymous, f"{number:06d}", LAST4).status_code in {200, 404}

    answer = _ask(anonymous, booked.code, LAST4)

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert 0 < int(answer["Retry-After"]) <= 61
    assert _ask(anonymous, booked.code, LAST4, address="10.0.0.2").status_code == 200


def test_a_code_is_tried_five_times_a_minute_from_wherever(
    anonymous: APIClient, booked: Appointment
) -> None:
    for number in range(5):
        assert _ask(anonymous, booked.code, "0000", address=f"10.0.1.{number}").status_code == 404

    assert _ask(anonymous, booked.code, LAST4, address="10.0.1.9").status_code == 429


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６", "", None, 123456.5])
def test_what_is_no_code_is_refused(anonymous: APIClient, code: Any) -> None:
    answer = anonymous.post(ADDRESS, {"code": code, "phone_last4": "1111"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_a_code_that_was_released_opens_nothing(anonymous: APIClient, booked: Appointment) -> None:
    Appointment.objects.filter(pk=booked.pk).update(is_code_taken=False)

    assert _ask(anonymous, booked.code, LAST4).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"code": "000000"}, 404),
        ({"code": "000000", "phone_last4": ""}, 404),
        ({"code": "000000", "more": 1}, 404),
        ({"code": "00000"}, 400),
        ({"code": "0000000"}, 400),
        ({"code": "000000\n"}, 404),
        ({"code": "００００００"}, 400),
        ({"code": 100000}, 404),
        ({"code": True}, 400),
        ({"code": None}, 400),
        ({}, 400),
        (["000000"], 400),
        ("000000", 400),
    ],
)
def test_six_digits_alone_are_read_as_the_serializer_reads_them(
    lin: Member, body: Any, status: int
) -> None:
    assert lin.client.post(ADDRESS, body, format="json").status_code == status


@pytest.mark.parametrize(
    "content", ['{"code": "000000", "code": "000001"}', '{"code": "000000"', '{"code": "\\u0000"}']
)
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_body_that_the_parser_refuses_is_refused_by_it_though_it_was_looked_into(
    lin: Member, content: str, kind: str
) -> None:
    told = lin.client.post(ADDRESS, content, content_type=kind)

    assert (told.status_code, told.json()["code"]) == (400, "malformed_request")


def test_other_kinds_of_bodies_are_not_looked_into(lin: Member) -> None:
    told = lin.client.post(ADDRESS, '{"code": "000000"}', content_type="text/plain")

    assert told.status_code == 415
