"""Doctors who are away are asked again and again for a patient who waits; then staff is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from clinic.core.clock import clinic_time, now
from clinic.notifications.models import Notice
from clinic.settings import rules
from consultations.models import Consultation, Nudge
from consultations.services.timers import run_timers
from doctors.models import ServiceHours
from tests.cast import Member
from tests.consultations.conftest import waiting_case
from tests.doctors_cast import DoctorMember, make_doctor

pytestmark = pytest.mark.django_db


@pytest.fixture
def since(lin: Member) -> datetime:
    """When Lin's case was paid; nobody is online."""
    moment = now()
    case = waiting_case(lin)
    Consultation.objects.filter(pk=case.pk).update(
        paid_at=moment, assign_by=moment + timedelta(days=1)
    )
    return moment


def asked(doctor: DoctorMember | Member) -> int:
    """Return how often a person was told that somebody waits."""
    kinds = ["patient_waits", "staff_attention"]
    return Notice.objects.filter(user=doctor.user, kind__in=kinds).count()


def test_a_free_doctor_who_is_away_is_asked_every_ten_minutes(since: datetime) -> None:
    away = make_doctor("沈一鸣", online=False)
    full = make_doctor("吴静", online=False, max_consultations=1, current_consultation_count=1)
    closed = make_doctor("罗成", online=False, is_service_open=False)

    counts = []
    for minutes in (4, 5, 6, 14, 15, 16, 25):
        run_timers(since + timedelta(minutes=minutes, seconds=5))
        counts.append(asked(away))

    assert counts == [0, 1, 1, 1, 2, 2, 3]
    assert asked(full) + asked(closed) == 0


def test_hours_and_earlier_refusals_are_respected(since: datetime) -> None:
    doctor = make_doctor("沈一鸣", online=False)
    local = clinic_time(since)
    ServiceHours.objects.create(
        doctor=doctor.doctor, weekday=(local.weekday() + 3) % 7, start="09:00", end="10:00"
    )

    run_timers(since + rules.NUDGE_AFTER)

    assert asked(doctor) == 0
    assert Nudge.objects.get().doctor is None


def test_after_an_hour_staff_is_told_and_nobody_is_asked_any_more(
    since: datetime, bao: Member, breaches: Callable[[], list[str]]
) -> None:
    doctor = make_doctor("沈一鸣", online=False)
    Consultation.objects.update(escalation=3)

    for number in range(rules.NUDGE_ROUNDS + 3):
        run_timers(
            since + rules.NUDGE_AFTER + number * rules.NUDGE_EVERY + timedelta(seconds=number)
        )

    assert asked(doctor) == rules.NUDGE_ROUNDS
    assert asked(bao) == 1
    assert Consultation.objects.get().staff_task == "long_wait"
    assert Nudge.objects.filter(doctor=None).count() == 1
