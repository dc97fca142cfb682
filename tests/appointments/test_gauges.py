"""Appointments in the metrics, under the names of the source."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.test import Client

from appointments.enums import Source, State
from clinic.core.clock import CLINIC_ZONE, clinic_day, now
from clinic.core.exporter import GAUGES
from tests.appointments.calendars import make_branch, make_type, work
from tests.appointments.past import make_patients, visit
from tests.cast import Member
from tests.doctors_cast import DoctorMember


@pytest.fixture
def metrics(db: None) -> Iterator[Client]:
    """A scraper that reads the database."""
    GAUGES.forget()
    yield Client()
    GAUGES.forget()


def _lines(client: Client) -> set[str]:
    return set(client.get("/metrics").content.decode().splitlines())


def test_what_was_made_what_took_place_and_how_busy_doctors_are(
    metrics: Client, lin: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    moment = now()
    noon = datetime.combine(clinic_day(moment), time(12), CLINIC_ZONE)
    branch, kind = make_branch(), make_type()
    work(shen, branch, [(540, 780)], range(7))
    work(wu, branch, [(540, 780)], range(7))
    one, two = make_patients(lin, 2)
    ended = {"created_at": moment, "ended_at": moment}
    visit(shen, branch, kind, one, noon, **ended)
    visit(shen, branch, kind, two, noon + timedelta(hours=1), State.NO_SHOW, **ended)
    visit(wu, branch, kind, one, noon + timedelta(hours=2), State.CONFIRMED, created_at=moment,
          source=Source.WALK_IN)  # fmt: skip

    lines = _lines(metrics)

    assert 'appointment_created_total{source="patient",type="visit"} 2.0' in lines
    assert 'appointment_created_total{source="walk_in",type="visit"} 1.0' in lines
    assert 'appointments_open{state="confirmed"} 1.0' in lines
    assert "appointment_success_rate 0.5" in lines
    for name in ("doctor_utilization", "realtor_utilization"):
        assert f'{name}{{doctor="{shen.doctor.public_id}"}} 0.25' in lines
        assert f'{name}{{doctor="{wu.doctor.public_id}"}} 0.125' in lines
    assert any(line.startswith("queue_wait_time_count") for line in lines)


def test_nothing_ended_is_not_a_number(metrics: Client) -> None:
    assert "appointment_success_rate NaN" in _lines(metrics)
