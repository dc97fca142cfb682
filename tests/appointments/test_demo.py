"""The demo's calendars are full of life, keep every promise, and loading them again is safe."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from appointments.models import Appointment, AppointmentStep, AppointmentType
from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.demo.visit_people import FIRST_VISITOR_PHONE
from clinic.phrases.models import Phrase
from doctors.models import BranchHours, WorkRule
from tests.cast import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings: Any, tmp_path: Path) -> Path:
    """A sandbox with the demo data."""
    settings.IS_SANDBOX, settings.DATA_DIR = True, tmp_path
    call_command("seed_demo")
    return tmp_path


def test_the_week_behind_and_ahead_is_booked_and_keeps_every_promise(
    seeded: Path, lin: Member, bao: Member
) -> None:
    moment = now()
    behind = Appointment.objects.filter(starts_at__lt=moment - timedelta(days=1))
    ahead = Appointment.objects.filter(starts_at__gt=moment, state__in=["pending", "confirmed"])

    assert set(behind.values_list("state", flat=True)) == {"completed", "cancelled", "no_show"}
    assert len(set(ahead.values_list("starts_at__date", flat=True))) >= 5
    assert ahead.filter(kind__capacity__gt=1).exists()
    assert [line for promise in all_invariants() for line in promise.breaches()] == []
    path = "/api/v1/appointment-types/first-visit/slots"
    days = lin.client.get(path, {"branch": "1"}).json()["days"]
    assert len([day for day in days if day["slots"]]) >= 5
    line = bao.client.get("/api/v1/front-desk/waiting", {"branch": "2"}).json()["results"]
    assert [one["position"] for one in line] == [1, 2, 3, 4]
    assert all(one["eta_minutes"] for one in line)
    assert len(set(Phrase.objects.filter(doctor=None).values_list("type", flat=True))) == 7


def test_loading_it_again_adds_nothing_and_keeps_what_staff_changed(seeded: Path) -> None:
    models = (Appointment, AppointmentStep, AppointmentType, BranchHours, WorkRule, Phrase)
    AppointmentType.objects.filter(code="expert").update(duration_minutes=40)
    counted = [model.objects.count() for model in models]

    call_command("seed_demo")

    assert [model.objects.count() for model in models] == counted
    assert AppointmentType.objects.get(code="expert").duration_minutes == 40
    assert str(FIRST_VISITOR_PHONE) not in (seeded / "demo_logins.json").read_text()
