"""Every failed search has a reason that people can act on."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from doctors.enums import Level, NoDoctorReason
from doctors.models import Doctor
from doctors.rules import Wanted
from doctors.selectors import why_nobody
from tests.doctors_cast import DoctorMember, make_department, make_doctor

pytestmark = pytest.mark.django_db


def test_nobody_at_all(db: None) -> None:
    assert why_nobody(Wanted(), now()) == NoDoctorReason.NOBODY_ONLINE


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"online": False}, NoDoctorReason.NOBODY_ONLINE),
        ({"is_service_open": False}, NoDoctorReason.NOBODY_ONLINE),
        ({"is_on_duty": False}, NoDoctorReason.OUTSIDE_HOURS),
        ({"duty_ends_at": now() - timedelta(minutes=1)}, NoDoctorReason.OUTSIDE_HOURS),
        ({"current_consultation_count": 5}, NoDoctorReason.ALL_FULL),
        ({}, NoDoctorReason.ALL_FULL),
    ],
)
def test_the_state_of_the_only_doctor_is_the_reason(
    profile: dict[str, Any], reason: NoDoctorReason
) -> None:
    make_doctor(**profile)

    assert why_nobody(Wanted(), now()) == reason


def test_the_wish_is_the_reason_when_others_are_there() -> None:
    shen = make_doctor(level=Level.ATTENDING, current_consultation_count=5)
    skin = make_department("skin", "皮肤科")
    other = make_doctor("外科", online=False, department=skin).doctor
    moment = now()

    assert why_nobody(Wanted(department_id=skin.pk), moment) == NoDoctorReason.NONE_OF_DEPARTMENT
    assert why_nobody(Wanted(min_level_rank=4), moment) == NoDoctorReason.NONE_OF_LEVEL
    excluded = Wanted(excluded_doctor_ids=frozenset({shen.doctor.pk}))
    assert why_nobody(excluded, moment) == NoDoctorReason.BLOCKED
    assert why_nobody(Wanted(doctor_id=shen.doctor.pk), moment) == NoDoctorReason.ALL_FULL
    assert why_nobody(Wanted(doctor_id=other.pk), moment) == NoDoctorReason.NOBODY_ONLINE


def test_a_reason_is_one_query(shen: DoctorMember) -> None:
    with CaptureQueriesContext(connection) as queries:
        why_nobody(Wanted(department_id=1, min_level_rank=2), now())

    assert len(queries) == 1


def test_a_count_beyond_the_limit_is_reported(shen: DoctorMember) -> None:
    breaches = [one.breaches for one in all_invariants() if one.code == "I4"]
    assert [check() for check in breaches] == [[]] * len(breaches)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE doctors_doctor DROP CONSTRAINT doctor_load_within_limit")
    Doctor.objects.update(current_consultation_count=9)

    found = [line for check in breaches for line in check()]
    assert f"doctor {shen.doctor.public_id}: 9 of 5" in found
