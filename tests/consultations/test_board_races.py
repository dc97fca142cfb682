"""Two at the board at once: a case in one hand, a round once, a doctor asked once."""

from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from clinic.core import audit
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.notifications.models import Notice
from clinic.settings import rules
from consultations.errors import CareTakenError
from consultations.models import Consultation, Nudge, StaffCare
from consultations.services import caring, nudging
from consultations.services.cases import Past
from tests.cast import Member
from tests.consultations.conftest import waiting_case
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _pause() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.2)")


def _row(consultation_id: int) -> Consultation:
    """What a service without the lock would read."""
    return Consultation.objects.get(pk=consultation_id)


def _taken_twice(lin: Member, bao: Member, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let one of staff press the button in two windows at once."""
    case, record = waiting_case(lin), audit.record

    def slow_record(*args: Any, **note: Any) -> None:
        _pause()
        record(*args, **note)

    def work(_number: int) -> Any:
        try:
            return caring.take_in_hand(case.pk, actor=bao.actor, now=now())
        except ClinicError as error:
            return error

    monkeypatch.setattr(audit, "record", slow_record)
    outcomes = together(2, work)
    assert StaffCare.objects.filter(consultation=case, ended_at=None).count() == 1
    return outcomes


def test_who_takes_a_case_in_hand_twice_at_once_has_it_once(
    lin: Member, bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _taken_twice(lin, bao, monkeypatch) == [None, None]


def test_without_the_lock_he_is_told_that_somebody_else_has_it(
    lin: Member, bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caring, "locked", _row)

    outcomes = _taken_twice(lin, bao, monkeypatch)

    assert any(isinstance(one, CareTakenError) for one in outcomes)


def _overdue(patient: Member) -> Consultation:
    case = waiting_case(patient)
    paid = now() - rules.NUDGE_AFTER
    Consultation.objects.filter(pk=case.pk).update(paid_at=paid, assign_by=paid + timedelta(days=1))
    return case


def _nudge(case: Consultation, moment: datetime) -> Any:
    try:
        with transaction.atomic():
            return nudging.nudge(case.pk, moment)
    except DatabaseError as error:
        return error


def _asked(doctor: DoctorMember) -> int:
    return Notice.objects.filter(user=doctor.user, kind="patient_waits").count()


def _sweep_twice(lin: Member, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let two workers come to one case at once."""
    case, moment, store = _overdue(lin), now(), nudging._store

    def slow_store(*args: Any) -> None:
        _pause()
        store(*args)

    monkeypatch.setattr(nudging, "_store", slow_store)
    return together(2, lambda _number: _nudge(case, moment))


def test_two_workers_begin_a_round_once(lin: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    away = make_doctor("沈一鸣", online=False)

    outcomes = _sweep_twice(lin, monkeypatch)

    assert sorted(outcomes) == [False, True]
    assert (_asked(away), Nudge.objects.count()) == (1, 1)


def test_without_the_lock_two_workers_fall_over_each_other(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_doctor("沈一鸣", online=False)
    nobody = Past(excluded_doctor_ids=frozenset(), last_doctor_id=None)
    monkeypatch.setattr(nudging, "locked_if_free", _row)
    monkeypatch.setattr(nudging, "locked_with_past", lambda pk: (_row(pk), nobody))
    monkeypatch.setattr(nudging, "lock_doctors", lambda _keys: None)

    outcomes = _sweep_twice(lin, monkeypatch)

    assert any(isinstance(one, DatabaseError) for one in outcomes)


def _two_cases_at_once(lin: Member, ge: Member) -> DoctorMember:
    """Let two workers look for the same doctor, each for a patient of his own."""
    away = make_doctor("沈一鸣", online=False)
    cases, moment = [_overdue(lin), _overdue(ge)], now()
    assert together(2, lambda number: _nudge(cases[number], moment)) == [True, True]
    return away


def test_a_doctor_whom_two_patients_need_is_asked_once(
    lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = nudging.lock_doctors

    def lock_slowly(keys: list[int]) -> None:
        _pause()
        lock(keys)

    monkeypatch.setattr(nudging, "lock_doctors", lock_slowly)

    assert _asked(_two_cases_at_once(lin, ge)) == 1


def test_without_the_lock_of_the_doctor_he_is_asked_twice(
    lin: Member, ge: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked, store = Barrier(2, timeout=20), nudging._store

    def store_together(*args: Any) -> None:
        both_have_looked.wait()
        store(*args)

    monkeypatch.setattr(nudging, "lock_doctors", lambda _keys: None)
    monkeypatch.setattr(nudging, "_store", store_together)

    assert _asked(_two_cases_at_once(lin, ge)) == 2
