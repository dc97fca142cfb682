"""Two forms, or a form and an acceptance, at once: every version counts once, frozen is frozen."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection

from clinic.core.errors import ClinicError
from consultations.errors import IntakeFrozenError
from consultations.models import Consultation, IntakeSheet, RevisitCheck
from consultations.services import acceptance, intake
from consultations.services.assignment import assign_doctor
from consultations.services.intake import Form, give_intake
from tests.cast import Member
from tests.consultations.conftest import waiting_case
from tests.doctors.rivals import together
from tests.doctors_cast import DoctorMember

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RIVALS = 6


def _tell(lin: Member, case: Consultation) -> Callable[[int], Any]:
    def work(number: int) -> Any:
        try:
            form = Form(complaint=f"胃痛 {number}")
            return give_intake(case.pk, actor=lin.actor, form=form).version
        except (ClinicError, DatabaseError) as error:
            return error

    return work


def _read_only(consultation_id: int) -> Consultation:
    """What a service without the lock would do: read, and take its time."""
    row = Consultation.objects.get(pk=consultation_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
    return row


def test_forms_sent_at_once_are_versions_one_after_the_other(lin: Member) -> None:
    case = waiting_case(lin)

    versions = together(RIVALS, _tell(lin, case))

    assert sorted(versions) == list(range(2, RIVALS + 2))
    newest = IntakeSheet.objects.filter(consultation=case).latest("version")
    assert Consultation.objects.get(pk=case.pk).complaint == newest.complaint


def test_without_the_lock_forms_fall_over_each_other(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = waiting_case(lin)
    monkeypatch.setattr(intake, "locked", _read_only)

    versions = together(RIVALS, _tell(lin, case))

    assert any(isinstance(version, Exception) for version in versions)


def _accept_beside_a_form(
    lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, int, int]:
    """Let a form come while the doctor confirms what he has read.

    Return what came of the form, the version he confirmed, and the newest one.
    """
    case = waiting_case(lin)
    assert assign_doctor(case.pk).outcome == "assigned"
    has_read = Event()
    note_check = acceptance.note_check

    def read_and_take_time(*args: Any, **told: Any) -> None:
        note_check(*args, **told)
        has_read.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")

    def work(number: int) -> Any:
        if number == 0:
            return acceptance.accept(case.pk, actor=shen.actor, fits_revisit=True)
        has_read.wait(timeout=20)
        return _tell(lin, case)(number)

    monkeypatch.setattr(acceptance, "note_check", read_and_take_time)
    _accepted, told = together(2, work)
    confirmed = RevisitCheck.objects.get().sheet
    newest = IntakeSheet.objects.filter(consultation=case).latest("version")
    assert confirmed is not None
    return told, confirmed.version, newest.version


def test_a_form_beside_the_acceptance_is_refused_when_the_doctor_did_not_see_it(
    lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, confirmed, newest = _accept_beside_a_form(lin, shen, monkeypatch)

    assert isinstance(told, IntakeFrozenError)
    assert (confirmed, newest) == (1, 1)


def test_without_the_lock_the_doctor_confirms_what_he_did_not_see(
    lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acceptance, "locked", lambda pk: Consultation.objects.get(pk=pk))

    told, confirmed, newest = _accept_beside_a_form(lin, shen, monkeypatch)

    assert (told, confirmed, newest) == (2, 1, 2)
