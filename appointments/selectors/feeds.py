"""Reads of private calendars."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from appointments.enums import State
from appointments.models import Appointment, CalendarFeed
from doctors.enums import DoctorStatus
from doctors.models import Doctor

SINCE: Final = timedelta(days=30)  # what lies further back has left the feed
MOST: Final = 2000
SHOWN: Final = (
    State.PENDING, State.CONFIRMED, State.IN_PROGRESS, State.COMPLETED, State.CANCELLED,
    State.NO_SHOW,
)  # fmt: skip


def hash_of_secret(secret: str) -> str:
    """Return what is stored of a secret: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_behind(secret: str) -> CalendarFeed | None:
    """Return the open feed of a secret, of a doctor who may work; None for every other word."""
    rows = CalendarFeed.objects.select_related("doctor__user").filter(
        secret_hash=hash_of_secret(secret),
        revoked_at=None,
        doctor__status=DoctorStatus.ACTIVE,
        doctor__user__is_active=True,
    )
    return rows.first()


def open_feed_of(doctor: Doctor) -> CalendarFeed | None:
    """Return the doctor's feed, None when he has none."""
    return CalendarFeed.objects.filter(doctor=doctor, revoked_at=None).first()


def appointments_in_feed(doctor_id: int, moment: datetime) -> list[tuple[Appointment, datetime]]:
    """Return a doctor's appointments by time, each with the moment of its last step; one query."""
    rows = Appointment.objects.filter(
        doctor_id=doctor_id, state__in=SHOWN, starts_at__gte=moment - SINCE
    )
    rows = rows.select_related("kind", "branch").annotate(changed_at=Max("steps__at"))
    return [(row, row.changed_at or row.state_since) for row in rows.order_by("starts_at")[:MOST]]


def last_change_of(appointment: Appointment) -> datetime:
    """Return when the last step of an appointment was."""
    last = appointment.steps.aggregate(at=Max("at"))["at"]
    return last or appointment.state_since
