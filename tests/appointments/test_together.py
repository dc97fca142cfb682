"""What comes at one moment is read and stored by one statement, and nobody suffers for another."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from appointments.models import Appointment, AppointmentStep
from appointments.services import state
from appointments.services.booking import book
from appointments.services.wishes import Wish
from clinic.core import statements
from clinic.core.invariants import all_invariants
from clinic.core.models import IdempotencyRecord, OutboxEvent
from clinic.core.roles import Role
from clinic.core.statements import Statement, Write
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
from tests.doctors_cast import make_doctor
from tests.doorway import Doorway, be_patient

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD = 6  # the first goes by himself, the others together


@pytest.fixture
def doorway(monkeypatch: pytest.MonkeyPatch) -> Doorway:
    """Let the bookings of a test meet."""
    be_patient(monkeypatch)
    door = Doorway(state.TAKERS, CROWD)
    monkeypatch.setattr(state, "TAKERS", door)
    return door


@pytest.fixture
def members() -> list[Member]:
    """Patients with a visit person each."""
    found = [make_member(f"患者{number}", Role.PATIENT) for number in range(CROWD)]
    for member in found:
        person_of(member)
    return found


@pytest.fixture
def wishes(members: list[Member]) -> list[Any]:
    """What each wants: the doctor's hours of a day, one after the other."""
    kind, branch, shen = make_type(), make_branch(), make_doctor("沈一鸣")
    give_hours(shen, branch)
    return [
        wish(
            member, kind, branch, doctor_id=str(shen.doctor.public_id),
            starts_at=in_hours(24 + hour).isoformat(),
        )
        for hour, member in enumerate(members)
    ]  # fmt: skip


def _breaches() -> list[str]:
    return [line for promise in all_invariants() for line in promise.breaches()]


def test_each_gets_his_own_time_step_facts_and_answer(
    doorway: Doorway, members: list[Member], wishes: list[Any]
) -> None:
    answers = together(CROWD, lambda n: post(members[n], "appointments", wishes[n]))

    assert (doorway.passed, doorway.alone) == ([1, CROWD - 1], 0)
    for member, wanted, answer in zip(members, wishes, answers, strict=True):
        row = row_of(answer)
        assert (row.patient_id, row.starts_at.isoformat()) == (member.user.pk, wanted["starts_at"])
        assert answer.json() == member.client.get(f"/api/v1/appointments/{row.public_id}").json()
        assert [step.act for step in row.steps.all()] == ["booked"]
        kept = IdempotencyRecord.objects.get(user_id=member.user.pk)
        assert (kept.status, kept.body["id"]) == (201, str(row.public_id))
        facts = OutboxEvent.objects.filter(payload__appointment_id=row.pk)
        assert {fact.kind for fact in facts} == {
            "appointments.AppointmentStepped", "appointments.AppointmentConfirmed",
        }  # fmt: skip
    assert _breaches() == []


def test_of_those_who_want_one_time_the_first_gets_it_and_the_others_a_reason(
    doorway: Doorway, members: list[Member], wishes: list[Any]
) -> None:
    for wanted in wishes:
        wanted["starts_at"] = wishes[0]["starts_at"]

    answers = together(CROWD, lambda n: post(members[n], "appointments", wishes[n]))

    assert doorway.passed[:2] == [1, CROWD - 1]
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert [told["code"] for told in refused] == ["slot_taken"] * (CROWD - 1)
    assert all(told["nearest"] for told in refused)
    assert Appointment.objects.count() == AppointmentStep.objects.count() == 1
    assert _breaches() == []


def test_a_key_that_is_used_already_undoes_no_others_booking(
    doorway: Doorway, members: list[Member], wishes: list[Any]
) -> None:
    keys = [f"key-{number}" for number in range(CROWD)]
    IdempotencyRecord.objects.create(  # of a request that the door did not see
        user_id=members[3].user.pk, operation="POST /api/v1/appointments", key=keys[3],
        request_hash="0" * 64, status=201, body={},
    )  # fmt: skip

    answers = together(CROWD, lambda n: post(members[n], "appointments", wishes[n], keys[n]))

    assert [answer.status_code for answer in answers] == [201, 201, 201, 422, 201, 201]
    assert doorway.alone > 0
    assert Appointment.objects.count() == AppointmentStep.objects.count() == CROWD - 1


def _while_somebody_holds_a_time(
    members: list[Member], wishes: list[Any], *, seconds: float
) -> set[int]:
    """Return who is answered while another transaction holds the time of the last of them."""
    stranger = make_member("外人", Role.PATIENT)
    wanted = Wish(
        kind=wishes[-1]["type"],
        person_id=person_of(stranger).public_id,
        starts_at=datetime.fromisoformat(wishes[-1]["starts_at"]),
        branch=wishes[-1]["branch"],
    )
    gate = threading.Barrier(CROWD)

    def ask(number: int) -> Any:
        try:
            gate.wait(10)
            return post(members[number], "appointments", wishes[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        with transaction.atomic():
            book(actor=stranger.actor, wish=wanted)
            asked = [pool.submit(ask, number) for number in range(CROWD)]
            answered = wait(asked[:-1], timeout=seconds).done
            seen = {n for n, one in enumerate(asked) if one in answered or one.done()}
        told = Counter(one.result().status_code for one in asked)
    assert told == {201: CROWD - 1, 409: 1}
    return seen


def test_one_who_has_to_wait_for_a_time_keeps_nobody_waiting(
    doorway: Doorway, members: list[Member], wishes: list[Any]
) -> None:
    assert _while_somebody_holds_a_time(members, wishes, seconds=4) == set(range(CROWD - 1))
    assert doorway.passed[0] == 1
    assert _breaches() == []


def test_with_more_patience_all_would_wait(
    doorway: Doorway, members: list[Member], wishes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Write(Statement("", (), "SET LOCAL lock_timeout = '10s'", is_kept=False), ())
    monkeypatch.setattr(state, "WAIT_NO_LONGER", patient)

    assert len(_while_somebody_holds_a_time(members, wishes, seconds=0.5)) <= 1
    assert doorway.passed[0] == 1


@pytest.mark.parametrize("prepares", [True, False])
def test_who_read_together_are_each_answered_as_who_they_are(
    prepares: bool,
    members: list[Member],
    wishes: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = zip(members, wishes, strict=True)
    ids = [post(member, "appointments", told).json()["id"] for member, told in pairs]
    be_patient(monkeypatch)
    doors: dict[str, Doorway] = {}
    real = statements._readers_of
    monkeypatch.setattr(
        statements,
        "_readers_of",
        lambda one: doors.setdefault(one.name, Doorway(real(one), CROWD)),
    )

    def read(number: int) -> Any:
        """Ask for the own one, or every other time for that of the one before."""
        return members[number].client.get(f"/api/v1/appointments/{ids[number - number % 2]}")

    with override_settings(PREPARES_STATEMENTS=prepares):
        answers = together(CROWD, read)

    assert [answer.status_code for answer in answers] == [200, 404] * (CROWD // 2)
    assert [answer.json()["id"] for answer in answers[::2]] == ids[::2]
    ((name, door),) = doors.items()
    assert name.startswith("actor_of_session__")
    assert (door.passed, door.alone) == ([1, CROWD - 1], 0)
