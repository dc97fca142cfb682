"""Two forms, or a form and an acceptance, at once: every version counts once, frozen is frozen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error as DatabaseError
from django.db import connection

from clinic.core.errors import ClinicError
from consultations.models import Consultation, IntakeSheet
from consultations.services import intake
from consultations.services.intake import Form, give_intake
from tests.cast import Member
from tests.consultations.conftest import waiting_case
from tests.doctors.rivals import together

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
