"""A free place of a named doctor is booked by one statement, which keeps the answer as well."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from rest_framework.exceptions import ValidationError

from appointments.api.serializers import BookInput
from appointments.api.wished import named_by, plain_wish
from appointments.models import Appointment, AppointmentStep, AppointmentType
from appointments.selectors.due import IN_THE_WAY
from appointments.selectors.named import Naming, looking_ahead
from appointments.selectors.practices import practice_of
from appointments.services import codes
from appointments.services.booking import book
from appointments.services.wishes import Wish
from clinic.core.clock import now
from clinic.core.models import IdempotencyRecord, OutboxEvent
from clinic.core.roles import Role
from clinic.core.statements import rows_of
from doctors.models import Branch
from tests.appointments.front_desk import (
    give_hours,
    in_hours,
    make_branch,
    make_type,
    post,
    row_of,
    wish,
)
from tests.cast import Member, make_member
from tests.consultations.conftest import person_of
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

PERSON = "0190a000-0000-7000-8000-000000000001"
DOCTOR = "0190a000-0000-7000-8000-000000000002"
PLAIN = {"type": "first-visit", "person_id": PERSON, "starts_at": "2026-12-01T09:00:00+08:00"}


@pytest.fixture
def branch(db: None) -> Branch:
    """The branch."""
    return make_branch()


@pytest.fixture
def kind(db: None) -> AppointmentType:
    """The type, free of charge."""
    return make_type()


@pytest.fixture
def doctor(branch: Branch) -> DoctorMember:
    """The only doctor at the branch."""
    shen = make_doctor("沈一鸣")
    give_hours(shen, branch)
    return shen


@pytest.fixture
def body(lin: Member, kind: AppointmentType, branch: Branch, doctor: DoctorMember) -> Any:
    """The wish for a place of the doctor."""
    return wish(lin, kind, branch, doctor_id=str(doctor.doctor.public_id))


@pytest.mark.django_db(transaction=True)
def test_it_is_a_read_and_a_write_and_a_notice_of_it(
    lin: Member, body: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(lin, "appointments", body | {"starts_at": in_hours(48).isoformat()})  # prepares both

    with django_assert_num_queries(3):  # what it is judged by; all that is stored; the NOTIFY
        told = post(lin, "appointments", body)

    row = row_of(told)
    assert told.json() == lin.client.get(f"/api/v1/appointments/{row.public_id}").json()
    assert [step.act for step in row.steps.all()] == ["booked"]
    assert IdempotencyRecord.objects.get(body__id=str(row.public_id)).status == 201
    facts = OutboxEvent.objects.filter(payload__appointment_id=row.pk)
    assert {fact.kind for fact in facts} == {
        "appointments.AppointmentStepped", "appointments.AppointmentConfirmed",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"price_fen": 5000}, {"state": "held"}),
        ({"capacity": 3}, {"state": "confirmed"}),
        ({"needs_acceptance": True}, {"state": "pending"}),
    ],
)
def test_what_needs_more_than_one_statement_is_booked_as_ever(
    fields: Any, told: Any, lin: Member, branch: Branch, doctor: DoctorMember
) -> None:
    told |= {"doctor_id": str(doctor.doctor.public_id)}
    body = wish(lin, make_type(**fields), branch, doctor_id=told.pop("doctor_id"))

    answers = [post(lin, "appointments", body, key="once") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == told["state"]
    assert Appointment.objects.count() == AppointmentStep.objects.count() == 1


@pytest.mark.django_db
def test_six_digits_that_are_in_use_are_drawn_again(
    lin: Member, ge: Member, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["111111", "111111", "111111", "222222"])
    monkeypatch.setattr(codes, "random_digits", lambda _length: next(drawn))
    first = post(lin, "appointments", body | {"starts_at": in_hours(48).isoformat()})

    second = post(lin, "appointments", body)

    assert (first.json()["code"], second.json()["code"]) == ("111111", "222222")


@pytest.mark.django_db
def test_a_repeat_is_answered_by_what_was_kept_though_the_time_is_taken_now(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, body: Any
) -> None:
    first = post(lin, "appointments", body, key="once")

    again = post(lin, "appointments", body, key="once")
    other = post(lin, "appointments", body | {"requirements": "怕针"}, key="once")
    late = post(ge, "appointments", wish(ge, kind, branch, doctor_id=body["doctor_id"]))

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")
    assert late.json()["nearest"]
    assert IdempotencyRecord.objects.filter(operation="POST /api/v1/appointments").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_person_of_somebody_else_is_not_found_though_his_row_was_read_ahead(
    lin: Member, ge: Member, kind: AppointmentType, branch: Branch, body: Any
) -> None:
    _keep_practice(body)

    told = post(ge, "appointments", body)

    assert (told.status_code, told.json()["code"]) == (400, "invalid_input")
    assert [one["attr"] for one in told.json()["errors"]] == ["person_id"]
    assert not Appointment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_read_for_something_else_are_read_again(
    lin: Member, body: Any, doctor: DoctorMember
) -> None:
    wanted = Wish(
        kind=body["type"], branch=body["branch"], person_id=UUID(body["person_id"]),
        doctor_id=doctor.doctor.public_id, starts_at=in_hours(),
    )  # fmt: skip
    named = _keep_practice(body | {"starts_at": in_hours(48).isoformat()})
    ahead = looking_ahead(named, moment=now())
    assert ahead is not None
    elsewhere = ahead.answered(rows_of(ahead.read.statement, *ahead.read.values))

    made = book(actor=lin.actor, wish=wanted, ahead=elsewhere)

    assert made.starts_at == wanted.starts_at


def _keep_practice(body: Any) -> Naming:
    named = named_by(body)
    assert named is not None
    practice_of(named.practice, now())
    return named


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_same", [True, False])
def test_one_key_books_once_however_many_ask_at_the_same_moment(
    lin: Member, body: Any, *, is_same: bool
) -> None:
    answers = together(4, lambda n: _ask(lin, body, 0 if is_same else n))

    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == Appointment.objects.count() == 1
    refused = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    allowed = {"idempotency_in_progress"}
    assert refused <= (allowed if is_same else {*allowed, "idempotency_key_reused"})


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_of_keys_one_key_books_twice(lin: Member, body: Any) -> None:
    table, rule = "core_idempotencyrecord", "idempotency_once_per_key"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {rule}")
    try:
        answers = together(2, lambda number: _ask(lin, body, number))
    finally:
        IdempotencyRecord.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {rule} UNIQUE (user_id, operation, key)"
            )

    assert [answer.status_code for answer in answers] == [201, 201]
    assert Appointment.objects.count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_rivals_for_one_place_get_it_once_with_one_kept_answer(
    kind: AppointmentType, branch: Branch, doctor: DoctorMember
) -> None:
    rivals = [make_member(f"患者{number}", Role.PATIENT) for number in range(12)]
    chosen = {"doctor_id": str(doctor.doctor.public_id)}
    bodies = [wish(member, kind, branch, **chosen) for member in rivals]

    answers = together(12, lambda n: post(rivals[n], "appointments", bodies[n]))

    heard = Counter(answer.json().get("code", "") for answer in answers)
    assert heard["slot_taken"] == 11
    assert Appointment.objects.count() == AppointmentStep.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 1


def _ask(member: Member, body: Any, number: int) -> Any:
    starts_at = in_hours(24 + number).isoformat()
    return post(member, "appointments", body | {"starts_at": starts_at}, key="once")


@pytest.mark.django_db
def test_holds_that_are_over_are_found_without_reading_what_is_taken(
    lin: Member, kind: AppointmentType, doctor: DoctorMember
) -> None:
    moment, person = in_hours(), person_of(lin)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO appointments_appointment
              (public_id, created_at, code, is_code_taken, kind_id, doctor_id, is_doctor_chosen,
               patient_id, person_id, source, state, state_since, starts_at, ends_at, busy_from,
               busy_until, seats, requirements, priority, price_fen, cancelled_by, cancel_reason,
               moves, hops, sequence)
            SELECT gen_random_uuid(), now(), '000000', false, %s, %s, true, %s, %s, 'patient',
              'confirmed', now(), at, at + interval '1 minute', at, at + interval '1 minute',
              '[0,256)', '', 0, 0, '', '', 0, 0, 0
            FROM (SELECT now() + n * interval '2 minutes' AS at FROM generate_series(1, 3000) n) t
            """,
            [kind.pk, doctor.doctor.pk, lin.user.pk, person.pk],
        )
        cursor.execute("ANALYZE appointments_appointment")
        asked = [doctor.doctor.pk], person.pk, moment, moment + timedelta(hours=1), now()
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {IN_THE_WAY.plain}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    pages = int(re.findall(r"shared hit=(\d+)", plan)[0])
    assert pages < 20, plan


BODIES: list[Any] = [
    PLAIN,
    PLAIN | {"branch": "west", "doctor_id": DOCTOR},
    PLAIN | {"doctor_id": None},
    PLAIN | {"starts_at": "2026-12-01T01:00:00Z"},
    PLAIN | {"starts_at": "20261201T090000.5+0800"},
    PLAIN | {"person_id": PERSON.replace("-", "").upper()},
    PLAIN | {"person_id": f"urn:uuid:{PERSON}"},
    PLAIN | {"starts_at": "2026-12-01T09:00:00+16:00"},
    PLAIN | {"starts_at": "2026-12-01T09:00:00-23:59"},
    PLAIN | {"starts_at": "2026-12-01T09:00:00+08:00:30.5"},
    # Judged by the serializer alone:
    PLAIN | {"requirements": "怕针"},
    PLAIN | {"requirements": ""},
    PLAIN | {"branch": ""},
    PLAIN | {"branch": None},
    PLAIN | {"doctor_id": ""},
    PLAIN | {"doctor_id": 0},
    PLAIN | {"doctor_id": False},
    PLAIN | {"type": " first-visit "},
    PLAIN | {"type": "first visit"},
    PLAIN | {"type": "x" * 31},
    PLAIN | {"type": 7},
    PLAIN | {"type": "first-visit\n"},
    PLAIN | {"type": "初诊"},
    PLAIN | {"type": "a\x00b"},
    PLAIN | {"branch": "x" * 21},
    PLAIN | {"person_id": 7},
    PLAIN | {"person_id": "nobody"},
    PLAIN | {"starts_at": "2026-12-01T09:00:00"},
    PLAIN | {"starts_at": "2026-12-01"},
    PLAIN | {"starts_at": "1999-12-31T23:59:59Z"},
    PLAIN | {"starts_at": "3000-01-01T00:00:00Z"},
    PLAIN | {"starts_at": "0001-01-01T00:00:00+23:59"},
    PLAIN | {"starts_at": 1764550800},
    PLAIN | {"unknown": 1},
    {},
]
PLAIN_ONES = 10


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_plain_body_is_read_as_the_serializer_reads_it(number: int) -> None:
    body = BODIES[number]

    told = plain_wish(body, named_by(body))

    assert (told is not None) == (number < PLAIN_ONES)
    if told is not None:
        assert told == _judged(body)


def _judged(body: Any) -> Any:
    serializer = BookInput(data=body)
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError:
        return None
    return dict(serializer.validated_data)
