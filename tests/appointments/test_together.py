"""What comes at one moment is read and stored by one statement, and nobody suffers for another."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

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
from tests.companions import Watched, ask_together, until
from tests.consultations.conftest import person_of
from tests.doctors_cast import make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CROWD = 6


@pytest.fixture
def takers(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """See which bookings are stored together."""
    watched = Watched(state.TAKERS)
    monkeypatch.setattr(state, "TAKERS", watched)
    return watched


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


def _together(ask: Callable[[int], Any]) -> list[Any]:
    return ask_together(CROWD, ask, anew=lambda again: again())


def test_each_gets_his_own_time_step_facts_and_answer(
    takers: Watched, members: list[Member], wishes: list[Any]
) -> None:
    answers = _together(lambda n: post(members[n], "appointments", wishes[n]))

    assert (takers.sent, takers.alone) == ([CROWD], 0)
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
    takers: Watched, members: list[Member], wishes: list[Any]
) -> None:
    for wanted in wishes:
        wanted["starts_at"] = wishes[0]["starts_at"]

    answers = _together(lambda n: post(members[n], "appointments", wishes[n]))

    assert takers.sent == [CROWD]
    assert [answer.status_code for answer in answers] == [201] + [409] * (CROWD - 1)
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert [told["code"] for told in refused] == ["slot_taken"] * (CROWD - 1)
    assert all(told["nearest"] for told in refused)
    assert Appointment.objects.count() == AppointmentStep.objects.count() == 1
    assert _breaches() == []


def test_a_key_that_is_used_already_undoes_no_others_booking(
    takers: Watched, members: list[Member], wishes: list[Any]
) -> None:
    keys = [f"key-{number}" for number in range(CROWD)]
    IdempotencyRecord.objects.create(  # of a request that the door did not see
        user_id=members[3].user.pk, operation="POST /api/v1/appointments", key=keys[3],
        request_hash="0" * 64, status=201, body={},
    )  # fmt: skip

    answers = _together(lambda n: post(members[n], "appointments", wishes[n], keys[n]))

    assert [answer.status_code for answer in answers] == [201, 201, 201, 422, 201, 201]
    assert (takers.sent, takers.alone) == ([CROWD, *[1] * CROWD], 1)
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
    answers: dict[int, int] = {}

    def ask(number: int) -> None:
        answers[number] = post(members[number], "appointments", wishes[number]).status_code

    def closing(work: Callable[[], Any]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1 + CROWD) as pool:
        alone: list[Future[None]] = []
        with transaction.atomic():
            book(actor=stranger.actor, wish=wanted)
            company = pool.submit(
                closing,
                lambda: ask_together(
                    CROWD, ask, anew=lambda again: alone.append(pool.submit(closing, again))
                ),
            )
            wait([company], timeout=seconds)
            wait(alone[:-1], timeout=seconds)
            seen = set(answers)
        wait([company])
        wait(alone)
    assert Counter(answers.values()) == {201: CROWD - 1, 409: 1}
    return seen


def test_one_who_has_to_wait_for_a_time_keeps_nobody_waiting(
    takers: Watched, members: list[Member], wishes: list[Any]
) -> None:
    assert _while_somebody_holds_a_time(members, wishes, seconds=4) == set(range(CROWD - 1))
    assert takers.sent[0] == CROWD
    assert _breaches() == []


def test_with_more_patience_all_would_wait(
    takers: Watched, members: list[Member], wishes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = Write(Statement("", (), "SET LOCAL lock_timeout = '10s'", is_kept=False), ())
    monkeypatch.setattr(state, "WAIT_NO_LONGER", patient)

    assert _while_somebody_holds_a_time(members, wishes, seconds=0.5) == set()
    assert takers.sent[0] == CROWD


def test_a_connection_that_ends_under_a_company_is_mended_for_all(
    takers: Watched, members: list[Member], wishes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = state._given

    def end_the_connection(*told: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        return given(*told)

    pids: list[int] = []
    monkeypatch.setattr(state, "_given", end_the_connection)
    whole = takers._real._together

    def cross(values: Any) -> Any:
        if len(values) == CROWD:
            _end_from_outside(pids[0])
        return whole(values)

    monkeypatch.setattr(takers._real, "_together", cross)

    answers = _together(lambda n: post(members[n], "appointments", wishes[n]))

    assert [answer.status_code for answer in answers] == [201] * CROWD
    assert takers.sent == [CROWD, *[1] * CROWD]
    assert _breaches() == []


def _end_from_outside(pid: int) -> None:
    def end() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
                until(lambda: not _is_there(pid))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(end).result()


def _is_there(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone() is not None


@pytest.mark.parametrize("prepares", [True, False])
def test_who_read_together_are_each_answered_as_who_they_are(
    prepares: bool,
    members: list[Member],
    wishes: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = zip(members, wishes, strict=True)
    ids = [post(member, "appointments", told).json()["id"] for member, told in pairs]
    seen: dict[str, Watched] = {}
    real = statements._readers_of
    monkeypatch.setattr(
        statements,
        "_readers_of",
        lambda one: seen.setdefault(one.name, Watched(real(one))),
    )

    def read(number: int) -> Any:
        """Ask for the own one, or every other time for that of the one before."""
        return members[number].client.get(f"/api/v1/appointments/{ids[number - number % 2]}")

    with override_settings(PREPARES_STATEMENTS=prepares):
        answers = _together(read)

    assert [answer.status_code for answer in answers] == [200, 404] * (CROWD // 2)
    assert [answer.json()["id"] for answer in answers[::2]] == ids[::2]
    ((name, readers),) = seen.items()
    assert name.startswith("actor_of_session__")
    assert (readers.sent, readers.alone) == ([CROWD], 0)


def test_one_dead_connection_fails_none_of_those_who_read_by_it(
    members: list[Member], wishes: list[Any]
) -> None:
    one = post(members[0], "appointments", wishes[0]).json()["id"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        _end_from_outside(cursor.fetchone()[0])

    def ask(number: int) -> Any:
        if number < 2:
            return members[0].client.get(f"/api/v1/appointments/{one}")
        return Client().get("/api/v1/doctors")

    answers = ask_together(3, ask, anew=lambda again: again())

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_one_whose_connection_is_closed_already_is_told_to_come_again(
    takers: Watched, members: list[Member], wishes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = state._given

    def close(*told: Any) -> Any:
        if not takers.sent:
            connection.connection.close()
        return given(*told)

    monkeypatch.setattr(state, "_given", close)

    answer = post(members[0], "appointments", wishes[0])

    assert answer.status_code in {201, 503}
    assert post(members[1], "appointments", wishes[1]).status_code == 201
