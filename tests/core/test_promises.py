"""A broken promise is found, named, and ends the command with an exit code."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from clinic.core.clock import now
from clinic.core.invariants import all_invariants
from clinic.core.models import OutboxEvent
from clinic.core.promises import facts_left_lying, triggers_switched_off

pytestmark = pytest.mark.django_db


def test_a_fresh_database_keeps_every_promise() -> None:
    out = StringIO()

    with translation.override("en"):
        call_command("check_invariants", stdout=out)

    assert "I6" in out.getvalue()
    assert "BROKEN" not in out.getvalue()


def test_every_promise_is_said_in_the_language_of_the_house() -> None:
    out = StringIO()

    with translation.override("zh-hans"):
        call_command("check_invariants", stdout=out)

    lines = out.getvalue().splitlines()
    assert len(lines) == len(all_invariants())
    assert [line for line in lines if not re.search("[一-鿿].*[一-鿿]。?$", line)] == []


def test_a_fact_that_nobody_fetched_is_a_breach() -> None:
    OutboxEvent.objects.create(
        kind="x.Y", payload={}, pending=["h"], next_at=now() - timedelta(minutes=6)
    )

    assert len(facts_left_lying()) == 1
    with pytest.raises(CommandError):
        call_command("check_invariants", stdout=StringIO())


def test_a_fact_that_waits_for_its_next_try_is_none() -> None:
    OutboxEvent.objects.create(
        kind="x.Y", payload={}, pending=["h"], attempts=3, next_at=now() + timedelta(minutes=1)
    )

    assert facts_left_lying() == []


def test_a_switched_off_audit_trigger_is_a_breach() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")

    assert any("core_auditentry" in line for line in triggers_switched_off())
