"""Real names through HTTP against the provider's door: verified, refused, away, limited, stale."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import InternalError, connection, transaction

from clinic.core.clock import CLINIC_ZONE, now
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.embedded.simulator.state import FaultKind
from clinic.patients.enums import CheckResult
from clinic.patients.gateways.register import Answer
from clinic.patients.models import RealNameCheck, VisitPerson
from clinic.patients.services import real_name
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember
from tests.patients.people import ready
from tests.simulator.support import Sim, gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]
PERSONS = "/api/v1/visit-persons"
NAME, NUMBER = "王秀英", "11010519491231002X"
OTHER_NUMBER, THIRD_NUMBER = "110101199003072623", "110101199005202022"


@pytest.fixture
def register(sim: Sim, settings: LazySettings) -> Sim:
    """The register of names and numbers, near."""
    settings.IDENTITY_BASE_URL = sim.base_url
    settings.IDENTITY_ACCESS_KEY_ID = sim.keys.identity_access_key_id
    settings.IDENTITY_ACCESS_KEY_SECRET = sim.keys.identity_access_key_secret
    return sim


def _add(member: Member, **told: str) -> str:
    body = {"name": NAME, "relation": "family", "id_number": NUMBER} | told
    answer = member.client.post(PERSONS, body, format="json")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def _check(member: Member, person: str) -> Any:
    return member.client.post(f"{PERSONS}/{person}/real-name-check")


def _change(member: Member, person: str, **told: str) -> Any:
    return member.client.patch(f"{PERSONS}/{person}", told, format="json").json()


def _outcome(answer: Any) -> tuple[int, str]:
    told = answer.json()
    return answer.status_code, told.get("state") or told["code"]


@pytest.mark.django_db
def test_a_person_is_verified_once_and_stale_when_the_name_changes(
    register: Sim, lin: Member
) -> None:
    person = _add(lin)
    before = lin.client.get(f"{PERSONS}/{person}/real-name-check").json()

    first, again = _check(lin, person), _check(lin, person)

    assert (before["state"], before["tries_left"]) == ("none", rules.REAL_NAME_TRIES_A_DAY)
    assert [_outcome(one) for one in (first, again)] == [(200, "verified")] * 2
    assert first.json()["checked_at"].endswith("+08:00")
    assert RealNameCheck.objects.count() == 1
    assert _change(lin, person, city="杭州")["real_name_state"] == "verified"
    assert _change(lin, person, name="王英")["real_name_state"] == "stale"
    assert _outcome(_check(lin, person)) == (200, "failed")
    assert _change(lin, person, name=NAME)["real_name_state"] == "stale"
    assert _outcome(_check(lin, person)) == (200, "verified")
    rows = RealNameCheck.objects.order_by("id").values_list("try_number", "result")
    assert list(rows) == [(1, "same"), (2, "different"), (3, "same")]


@pytest.mark.django_db
def test_a_verified_person_is_checked_again_after_two_years(register: Sim, lin: Member) -> None:
    person = _add(lin)
    _check(lin, person)

    VisitPerson.objects.update(real_name_at=now() - rules.REAL_NAME_VALID_FOR)

    assert lin.client.get(f"{PERSONS}/{person}").json()["real_name_state"] == "stale"
    assert _outcome(_check(lin, person)) == (200, "verified")


@pytest.mark.django_db
def test_a_register_that_is_away_uses_no_try_and_says_so(register: Sim, lin: Member) -> None:
    person = _add(lin)
    register.state.inject(FaultKind.IDENTITY_AWAY, times=1)

    away = _check(lin, person)

    assert _outcome(away) == (503, "real_name_away")
    assert away.json()["retry_after"] == 60
    shown = lin.client.get(f"{PERSONS}/{person}/real-name-check").json()
    assert (shown["state"], shown["tries_left"]) == ("none", rules.REAL_NAME_TRIES_A_DAY)
    assert _outcome(_check(lin, person)) == (200, "verified")


@pytest.mark.django_db
def test_answers_are_limited_by_person_account_and_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_name, "ask_register", lambda **_told: Answer(CheckResult.DIFFERENT))
    evening = datetime(2026, 11, 26, 23, 55, tzinfo=CLINIC_ZONE)
    with time_machine.travel(evening, tick=False):
        member = make_member("林小月", Role.PATIENT)
        person, other = _add(member), _add(member, id_number=OTHER_NUMBER)
        answers = [_check(member, person) for _ in range(rules.REAL_NAME_TRIES_A_DAY + 1)]
        monkeypatch.setattr(rules, "REAL_NAME_TRIES_OF_ACCOUNT_A_DAY", len(answers))
        others = [_check(member, other) for _ in range(2)]

    assert {_outcome(one) for one in answers[:-1]} == {(200, "failed")}
    assert _outcome(answers[-1]) == (429, "real_name_tries_used")
    assert answers[-1].json()["retry_after"] == 301
    assert [_outcome(one)[0] for one in others] == [200, 429]
    with time_machine.travel(evening + timedelta(minutes=6), tick=False):
        assert _outcome(_check(member, person)) == (200, "failed")


@pytest.mark.django_db
def test_without_a_number_or_a_name_of_a_card_nobody_is_asked(lin: Member) -> None:
    born = {"gender": "female", "birthday": "1990-03-07"}
    people = [_add(lin, id_number="", **born), _add(lin, name="Wang Xiuying")]

    answers = {_outcome(_check(lin, person)) for person in people}

    assert answers == {(409, "real_name_incomplete")}
    assert not RealNameCheck.objects.exists()


@pytest.mark.django_db
def test_stranger_other_patient_and_doctor_are_refused(
    anonymous: Any, lin: Member, ge: Member, shen: DoctorMember
) -> None:
    person = _add(lin)

    for method in ("get", "post"):
        asked = [
            getattr(client, method)(f"{PERSONS}/{person}/real-name-check").status_code
            for client in (anonymous, ge.client, shen.client)
        ]
        assert asked == [401, 404, 403]
    assert not RealNameCheck.objects.exists()


@pytest.mark.django_db
def test_name_and_number_stay_out_of_checks_audit_and_logs(
    register: Sim, lin: Member, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = _add(lin)
    register.state.inject(FaultKind.IDENTITY_AWAY, times=1)
    _check(lin, person)
    _check(lin, person)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '') FROM patients_realnamecheck c")
        kept = cursor.fetchone()[0]
    notes = str(list(AuditEntry.objects.values_list("note", flat=True)))
    for text in (kept, notes, caplog.text):
        assert NAME not in text
        assert NUMBER[6:14] not in text


@pytest.mark.django_db
def test_the_database_keeps_results_and_no_verified_name_changes(lin: Member) -> None:
    person = ready(VisitPerson.objects.get(public_id=_add(lin)))
    check = RealNameCheck.objects.create(
        person=person, day=now().date(), try_number=1, result=CheckResult.SAME, finished_at=now()
    )
    deeds: list[Callable[[], object]] = [
        lambda: VisitPerson.objects.update(name="王英"),
        lambda: RealNameCheck.objects.update(result=CheckResult.DIFFERENT),
        check.delete,
    ]

    for deed in deeds:
        with pytest.raises(InternalError), transaction.atomic():
            deed()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_taps_ask_the_register_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _slow_register(monkeypatch)
    member = make_member("林小月", Role.PATIENT)
    person = _add(member)

    answers = {_outcome(one) for one in together(4, lambda _n: _check(member, person))}

    assert answers <= {(200, "verified"), (409, "real_name_running")}
    assert len(asked) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_locked", "count"), [(True, 1), (False, 3)])
def test_persons_of_one_account_cannot_share_its_last_try_but_without_the_lock(
    monkeypatch: pytest.MonkeyPatch, *, is_locked: bool, count: int
) -> None:
    asked = _slow_register(monkeypatch)
    member = make_member("林小月", Role.PATIENT)
    people = [_add(member, id_number=number) for number in (NUMBER, OTHER_NUMBER, THIRD_NUMBER)]
    monkeypatch.setattr(rules, "REAL_NAME_TRIES_OF_ACCOUNT_A_DAY", 1)
    looked = real_name.tries_left

    def look(person: VisitPerson, day: date) -> int:
        """Look, and take one's time before acting on it."""
        left = looked(person, day)
        _sleep()
        return left

    monkeypatch.setattr(real_name, "tries_left", look)
    if not is_locked:
        monkeypatch.setattr(
            real_name, "locked_person", lambda _account, key: VisitPerson.objects.get(pk=key)
        )

    together(3, lambda number: _check(member, people[number]))

    assert len(asked) == count


def _slow_register(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    asked = []

    def ask(**_told: str) -> Answer:
        asked.append(1)
        _sleep()
        return Answer(CheckResult.SAME)

    monkeypatch.setattr(real_name, "ask_register", ask)
    return asked


def _sleep() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.2)")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_name_changed_while_the_register_is_asked_is_not_verified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = make_member("林小月", Role.PATIENT)
    person = _add(member)

    def ask(**_told: str) -> Answer:
        _change(member, person, name="王英")
        return Answer(CheckResult.SAME)

    monkeypatch.setattr(real_name, "ask_register", ask)

    assert _outcome(_check(member, person)) == (200, "none")
